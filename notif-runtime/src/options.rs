//! The limits of decoding and validation.

use crate::schema::Node;

/// The limits of a decoding run.
///
/// ```
/// use examples::yang::acme_power::PowerReport;
/// use notif_runtime::fault::FaultKind;
/// use notif_runtime::{Options, json};
///
/// let options = Options::default().with_max_size(10);
/// let body = br#"{"acme-power:power-report":{}}"#;
/// let faults = json::from_slice::<PowerReport>(body, &options).unwrap_err();
/// assert_eq!(faults.list[0].kind, FaultKind::TooLarge);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    pub(crate) size: usize,
    pub(crate) depth: usize,
    pub(crate) faults: usize,
    pub(crate) partial: bool,
    pub(crate) work: usize,
    memory: Option<usize>,
}

impl Default for Options {
    /// 16 MiB, 128 levels, 20 faults, 20 million steps of expressions, 512 MiB of decoded data.
    fn default() -> Self {
        Self {
            size: 16 << 20,
            depth: 128,
            faults: 20,
            partial: false,
            work: 20_000_000,
            memory: None,
        }
    }
}

impl Options {
    /// Sets the largest message in bytes.
    #[must_use]
    pub const fn with_max_size(mut self, bytes: usize) -> Self {
        self.size = bytes;
        self
    }

    /// Sets the memory, in bytes, that the data of a message may take where that is out of
    /// proportion to its size: list entries, which have a place for each possible child, and names
    /// and namespaces in anydata. `{}` can be an entry of some kilobytes, which a sender could
    /// exploit. The default is 32 times the largest message, and at least 512 MiB.
    #[must_use]
    pub const fn with_max_memory(mut self, bytes: usize) -> Self {
        self.memory = Some(bytes);
        self
    }

    pub(crate) const fn memory(&self) -> usize {
        const LEAST: usize = 512 << 20;
        let for_size = self.size.saturating_mul(32);
        match self.memory {
            Some(bytes) => bytes,
            None if for_size > LEAST => for_size,
            None => LEAST,
        }
    }

    /// Sets the deepest nesting of a message; at most 1,024 levels, so that a stack of 2 MiB
    /// suffices.
    #[must_use]
    pub const fn with_max_depth(mut self, levels: usize) -> Self {
        self.depth = if levels > 1024 { 1024 } else { levels };
        self
    }

    /// Takes the data as a part of a datastore, of modules that were generated for that: only the
    /// keys of lists must be present, and constraints that look at other nodes are not checked.
    /// Names, types and duplicates are.
    #[must_use]
    pub const fn partial(mut self) -> Self {
        self.partial = true;
        self
    }

    /// Returns true if constraints between the node and others are passed over.
    pub(crate) const fn takes_part_of(&self, node: &Node<'_>) -> bool {
        self.partial && node.module.partial
    }

    /// Sets the most work for the `when` and `must` expressions of a message, in steps: about one
    /// for each node that is looked at. An expression that compares each entry of a list with every
    /// other takes the square of their number, which a sender could exploit. A step takes some tens
    /// of nanoseconds at most, and each step of the limit allows some 20 bytes of memory for the
    /// nodes that expressions see, beside the data itself.
    #[must_use]
    pub const fn with_max_work(mut self, steps: usize) -> Self {
        self.work = steps;
        self
    }

    /// Sets the most faults that are listed; at least one is.
    #[must_use]
    pub const fn with_max_faults(mut self, faults: usize) -> Self {
        self.faults = if faults == 0 { 1 } else { faults };
        self
    }
}
