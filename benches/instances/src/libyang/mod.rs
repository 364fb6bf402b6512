//! libyang as a peer: strict parsing and validation with the same modules.

mod operation;

use std::path::Path;

use notif_runtime::Encoding;
use notif_runtime::schema::Form;
use yang2::context::{Context, ContextFlags};
use yang2::data::{
    Data as _, DataFormat, DataParserFlags, DataPrinterFlags, DataTree, DataValidationFlags,
};

/// libyang with modules loaded.
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
    /// Loads the modules from these folders, each with these features (`*` for all).
    ///
    /// # Errors
    /// libyang's error.
    pub fn new(folders: &[&Path], modules: &[(&str, &[&str])]) -> Result<Self, yang2::Error> {
        let flags = ContextFlags::NO_YANGLIBRARY | ContextFlags::DISABLE_SEARCHDIR_CWD;
        let mut context = Context::new(flags)?;
        for folder in folders {
            context.set_searchdir(folder)?;
        }
        for (module, features) in modules {
            context.load_module(module, None, features)?;
        }
        Ok(Self { context })
    }

    /// Parses and validates a document of whole data, or of an operation without a datastore beside
    /// it, which must end in a NUL byte: the binding hands libyang a
    /// bare pointer.
    ///
    /// # Errors
    /// libyang's first complaint; or the NUL is missing.
    pub fn parse(
        &self,
        form: Option<Form>,
        encoding: Encoding,
        document: &str,
    ) -> Result<DataTree<'_>, String> {
        if !document.ends_with('\0') {
            return Err("the document must end in NUL".to_owned());
        }
        if let Some(form) = form {
            return operation::parse(&self.context, form, format(encoding), document);
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
