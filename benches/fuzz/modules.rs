//! The check of the compiler of modules: it does not panic.

use std::path::Path;
use std::{fs, io, str};

use yang_codegen::{Compiler, Features, Sources};

/// Compiles the modules in `input`, with all their features. Several texts have a NUL character
/// between them, which no text has.
pub fn compile(input: &[u8]) {
    let Ok(texts) = str::from_utf8(input) else {
        return;
    };
    let mut sources = Sources::new();
    for text in texts.split('\0') {
        sources.add("a text of the input", text);
    }
    let compiler = Compiler::new(sources.clone())
        .features(Features::EVERY_MODULE, Features::All)
        .lenient(true);
    let names = sources.names().into_iter();
    let compiler = names.fold(compiler, |compiler, name| compiler.module(name));
    // What is compiled is held against libyang elsewhere; here, it ends without a panic.
    let _ = compiler.compile();
}

/// Modules from which changes start.
///
/// # Errors
/// The modules of the tests cannot be read.
pub fn seeds() -> io::Result<Vec<Vec<u8>>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../yang-codegen/fixtures/yang");
    let mut seeds = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "yang")
        {
            seeds.push(fs::read(path)?);
        }
    }
    Ok(seeds)
}
