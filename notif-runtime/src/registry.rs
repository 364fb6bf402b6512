//! The modules that a program was built with, and decoding of messages whose root is not known
//! beforehand.

use crate::Encoding;
use crate::cbor::{CborReader, Mapping};
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
        let mapping = match encoding {
            Encoding::JsonCbor => Mapping::Json,
            _ => Mapping::Yang,
        };
        let root = match encoding {
            Encoding::Json => decode_any::<_, JsonReader<'_>>(
                input,
                options,
                &self.modules,
                &JsonReader::new,
                |root, reader, cx| (root.from_json)(reader, cx),
            ),
            Encoding::Xml => decode_any::<_, XmlReader<'_>>(
                input,
                options,
                &self.modules,
                &XmlReader::new,
                |root, reader, cx| (root.from_any)(reader, cx),
            ),
            Encoding::Cbor | Encoding::JsonCbor => decode_any::<_, CborReader<'_>>(
                input,
                options,
                &self.modules,
                &move |message, modules| CborReader::new(message, modules, mapping),
                |root, reader, cx| (root.from_any)(reader, cx),
            ),
        }?;
        Ok(Notification::new(root))
    }
}
