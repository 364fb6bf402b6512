//! Generates types from a vendor's own module.

use yang_codegen::{Error, Generator};

fn main() -> Result<(), Error> {
    Generator::new()
        .search_path("yang")
        .search_path("../yang_modules")
        .module("acme-power")
        .compile("yang.rs")
}
