//! The texts of modules: those of folders, or texts in memory.

use std::path::PathBuf;

/// The texts of modules, from which a set of modules is made.
///
/// Nothing is read from disk but by [`folder`](Self::folder), so that a program can compile texts
/// from an archive or a connection.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    entries: Vec<Entry>,
}

/// A text, with what its first statements say.
#[derive(Debug, Clone)]
struct Entry {
    path: PathBuf,
    content: Content,
}

#[derive(Debug, Clone)]
enum Content {
    Memory(String),
    /// Read again when it is needed, so that a large folder costs no memory.
    File,
}
