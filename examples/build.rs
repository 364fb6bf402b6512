//! Generates types from a vendor's own modules.

use yang_codegen::{Error, Generator};

fn main() -> Result<(), Error> {
    Generator::new()
        .search_path("yang")
        .search_path("../yang_modules")
        .module("acme-power")
        .module("acme-door")
        .compile("yang.rs")
}
