//! Generates the server's types: those of notifications from the modules in `yang_modules/`, with
//! the settings there, and those of its own answers.

use std::error::Error;

use yang_codegen::Generator;

const MODULES: &str = "../yang_modules";

/// The module that the server itself stands on: `publish` builds its notification.
const OWN: &str = "ietf-https-notif";

/// The module of the capabilities, in a folder of its own: notifications do not use it.
const CAPABILITIES: (&str, &str) = ("yang", "ietf-https-notif-transport");

fn main() -> Result<(), Box<dyn Error>> {
    let mut generator = Generator::from_folder(MODULES)?;
    if generator.is_per_module() {
        return Err(format!("{MODULES}/yang-codegen.toml: the server takes no per-module").into());
    }
    if !generator.modules().any(|module| module == OWN) {
        generator = generator.module(OWN);
    }
    generator.compile("yang.rs")?;
    let (folder, module) = CAPABILITIES;
    Generator::new()
        .search_path(folder)
        .module(module)
        .compile("capabilities.rs")?;
    Ok(())
}
