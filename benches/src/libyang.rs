//! libyang as a peer: strict parsing and validation of the same modules.

use std::path::Path;

use notif_runtime::Encoding;
use yang2::context::{Context, ContextFlags};
use yang2::data::{
    Data, DataFormat, DataParserFlags, DataPrinterFlags, DataTree, DataValidationFlags,
};

/// libyang with the server's modules loaded, all features on.
#[derive(Debug)]
pub struct Libyang {
    context: Context,
}

const fn format(encoding: Encoding) -> DataFormat {
    match encoding {
        Encoding::Xml => DataFormat::XML,
        _ => DataFormat::JSON,
    }
}

impl Libyang {
    /// Loads the modules.
    ///
    /// # Errors
    /// What libyang says.
    pub fn new() -> Result<Self, yang2::Error> {
        let modules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../yang_modules");
        let mut context = Context::new(ContextFlags::NO_YANGLIBRARY)?;
        context.set_searchdir(modules)?;
        context.load_module("ietf-https-notif", None, &["*"])?;
        Ok(Self { context })
    }

    /// Parses and validates a document, which must end in a NUL byte: the binding hands libyang a
    /// bare pointer.
    ///
    /// # Errors
    /// libyang's first complaint; or that the NUL is missing.
    pub fn parse(&self, encoding: Encoding, document: &str) -> Result<DataTree<'_>, String> {
        if !document.ends_with('\0') {
            return Err("the document must end in NUL".to_owned());
        }
        DataTree::parse_string(
            &self.context,
            document,
            format(encoding),
            DataParserFlags::STRICT,
            DataValidationFlags::PRESENT,
        )
        .map_err(|error| error.to_string())
    }

    /// Prints a tree without white space.
    #[must_use]
    pub fn print(&self, encoding: Encoding, tree: &DataTree<'_>) -> Option<String> {
        tree.print_string(
            format(encoding),
            DataPrinterFlags::SHRINK | DataPrinterFlags::WITH_SIBLINGS,
        )
        .ok()
        .flatten()
    }
}

/// The document with the NUL byte that [`Libyang::parse`] wants.
#[must_use]
pub fn terminated(document: &str) -> String {
    format!("{document}\0")
}
