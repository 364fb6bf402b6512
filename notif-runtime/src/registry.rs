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

    /// The YANG library of the modules, in JSON: the data of `ietf-yang-library` (RFC 8525), with
    /// RFC 7895's older form in it.
    #[must_use]
    pub fn yang_library(&self) -> String {
        let modules = self.modules.iter();
        let modules: Vec<yang_library::Module<'_>> = modules
            .map(|module| yang_library::Module {
                name: module.name,
                revision: module.revision,
                namespace: module.namespace,
                implemented: module.implemented,
                submodules: module
                    .submodules
                    .iter()
                    .map(|submodule| (submodule.name, submodule.revision))
                    .collect(),
                features: module.features.to_vec(),
                deviated_by: module.deviated_by.to_vec(),
            })
            .collect();
        yang_library::document(&modules).to_string()
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
        let root = match encoding {
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
        Ok(Notification::new(root))
    }
}
