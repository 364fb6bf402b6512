//! Generates the server's types from every module in `yang_modules/`, all features on.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;

use yang_codegen::{Features, Generator};

const MODULES: &str = "../yang_modules";

fn main() -> Result<(), Box<dyn Error>> {
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(MODULES)? {
        let file = entry?.file_name();
        let Some(stem) = file.to_str().and_then(|name| name.strip_suffix(".yang")) else {
            continue;
        };
        names.insert(stem.split('@').next().unwrap_or(stem).to_owned());
    }
    let generator = Generator::new()
        .search_path(MODULES)
        .features(Features::EVERY_MODULE, Features::All);
    let generator = names
        .iter()
        .fold(generator, |generator, name| generator.module(name));
    generator.compile("yang.rs")?;
    Ok(())
}
