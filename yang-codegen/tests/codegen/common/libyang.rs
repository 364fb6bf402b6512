//! libyang's verdict on documents of the fixtures' modules.
#![allow(clippy::expect_used, reason = "a test states what must hold")]

use notif_runtime::Encoding;
use yang2::context::{Context, ContextFlags};
use yang2::data::{
    Data as _, DataFormat, DataParserFlags, DataPrinterFlags, DataTree, DataValidationFlags,
};

/// A context of libyang's.
pub(crate) struct Libyang(Context);

impl Libyang {
    /// With these modules, each with the features that are on.
    pub(crate) fn new(modules: &[(&str, &[&str])]) -> Self {
        let mut context = Context::new(ContextFlags::NO_YANGLIBRARY).expect("makes a context");
        context
            .set_searchdir(fixtures::folder())
            .expect("is a folder");
        for (module, features) in modules {
            let loaded = context.load_module(module, None, features);
            loaded.expect("loads");
        }
        Self(context)
    }

    fn parse(&self, encoding: Encoding, document: &str) -> Option<DataTree<'_>> {
        let format = match encoding {
            Encoding::Xml => DataFormat::XML,
            _ => DataFormat::JSON,
        };
        // The binding hands libyang a bare pointer.
        let document = format!("{document}\0");
        let strict = DataParserFlags::STRICT;
        let present = DataValidationFlags::PRESENT;
        DataTree::parse_string(&self.0, &document, format, strict, present).ok()
    }

    /// Returns true if it takes the data.
    pub(crate) fn takes(&self, encoding: Encoding, document: &str) -> bool {
        self.parse(encoding, document).is_some()
    }

    /// The data in libyang's own JSON; `None` if it refuses them.
    pub(crate) fn canonical(&self, encoding: Encoding, document: &str) -> Option<String> {
        let tree = self.parse(encoding, document)?;
        let flags = DataPrinterFlags::SHRINK | DataPrinterFlags::WITH_SIBLINGS;
        tree.print_string(DataFormat::JSON, flags).expect("prints")
    }
}
