//! The modules that a program was built with, and decoding of messages whose root is not known
//! beforehand.

use crate::Encoding;
use crate::decode::{Options, decode_any};
use crate::json::JsonReader;
use crate::notification::Notification;
use crate::schema::{Module, Node};
use crate::validate::Faults;
use crate::xml::XmlReader;

/// The modules that a program knows.
#[derive(Debug, Clone)]
pub struct Registry {
    modules: Box<[&'static Module]>,
}

impl Registry {
    /// A registry of these modules: `yang::MODULES` of generated code.
    #[must_use]
    pub fn new(modules: &[&'static Module]) -> Self {
        Self {
            modules: modules.into(),
        }
    }

    /// The modules.
    #[must_use]
    pub fn modules(&self) -> &[&'static Module] {
        &self.modules
    }

    /// The top-level nodes that a message can have.
    pub fn roots(&self) -> impl Iterator<Item = &'static Node> {
        self.modules
            .iter()
            .flat_map(|module| module.roots)
            .map(crate::decode::Root::node)
    }

    /// Decodes and validates one message, strictly.
    ///
    /// # Errors
    /// All that is wrong with the message, up to a bound, each with its path and position.
    pub fn decode(
        &self,
        encoding: Encoding,
        input: &[u8],
        options: &Options,
    ) -> Result<Notification, Faults> {
        let (root, annotations) = match encoding {
            Encoding::Json => decode_any::<JsonReader<'_>>(
                input,
                options,
                &self.modules,
                &JsonReader::new,
                |root, reader, cx| (root.from_json)(reader, cx),
            ),
            Encoding::Xml => decode_any::<XmlReader<'_>>(
                input,
                options,
                &self.modules,
                &XmlReader::new,
                |root, reader, cx| (root.from_any)(reader, cx),
            ),
        }?;
        Ok(Notification::new(root).with_annotations(annotations))
    }
}
