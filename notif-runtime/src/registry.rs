//! The modules that a program was built with, and decoding of messages whose root is not known
//! beforehand.

use crate::Encoding;
use crate::Options;
use crate::annotation::Annotations;
use crate::cbor::{CborReader, Mapping};
use crate::decode::{Root, decode_any, decode_data, decode_operation, roots};
use crate::fault::Faults;
use crate::json::JsonReader;
use crate::notification::Notification;
use crate::operation::Operation;
use crate::schema::{Form, Module, Node};
use crate::tree;
use crate::xml::XmlReader;

/// Calls a decoder with the reader of an encoding: JSON's is known beforehand, so that all inlines.
macro_rules! with_reader {
    ($encoding:expr, $decode:ident($($argument:expr),*)) => {
        match $encoding {
            Encoding::Json => $decode::<_, JsonReader<'_>>(
                $($argument,)*
                &JsonReader::new,
                |root, reader, cx| (root.from_json)(reader, cx),
            ),
            Encoding::Xml => $decode::<_, XmlReader<'_>>(
                $($argument,)*
                &XmlReader::new,
                |root, reader, cx| (root.from_any)(reader, cx),
            ),
            Encoding::Cbor | Encoding::JsonCbor => $decode::<_, CborReader<'_>>(
                $($argument,)*
                &|message, modules| CborReader::new(message, modules, Mapping::of($encoding)),
                |root, reader, cx| (root.from_any)(reader, cx),
            ),
        }
    };
}

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

    /// The top-level nodes that a message can have: containers and notifications.
    pub fn roots(&self) -> impl Iterator<Item = &'static Node> {
        self.modules
            .iter()
            .flat_map(|module| roots(module, Form::Notification))
            .map(Root::node)
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

    /// Decodes and validates one message, strictly: a top-level container, or a notification that
    /// is not nested in data.
    ///
    /// # Errors
    /// All that is wrong with the message, up to a bound, each with its path and position.
    pub fn decode(
        &self,
        encoding: Encoding,
        input: &[u8],
        options: &Options,
    ) -> Result<Notification, Faults> {
        let decoded = with_reader!(encoding, decode_any(input, options, &self.modules));
        let (root, annotations) = decoded?;
        Ok(Notification::new(root).with_annotations(annotations))
    }

    /// Decodes and validates whole data: any number of top-level nodes, none included. `data` is
    /// `yang::DATA` of generated code. A module without a node in the data has no node that must
    /// be there. Beside the data are its annotations (RFC 7952).
    ///
    /// # Errors
    /// All that is wrong with the data, up to a bound, each with its path and position.
    pub fn decode_data(
        &self,
        data: &'static Root,
        encoding: Encoding,
        input: &[u8],
        options: &Options,
    ) -> Result<(Box<dyn tree::Node>, Annotations), Faults> {
        with_reader!(encoding, decode_data(input, options, &self.modules, data))
    }

    /// Decodes and validates one operation: the notification, or the rpc or action without a level
    /// for its input or output; one that is nested in data with the nodes around it and their keys.
    /// References lead to what the document has. `data` is `yang::DATA` of generated code.
    ///
    /// # Errors
    /// All that is wrong with the operation, up to a bound, each with its path and position.
    pub fn decode_operation(
        &self,
        data: &'static Root,
        form: Form,
        encoding: Encoding,
        input: &[u8],
        options: &Options,
    ) -> Result<Operation, Faults> {
        let top = (data, form);
        let decoded = with_reader!(
            encoding,
            decode_operation(input, options, &self.modules, top)
        );
        let (operation, annotations) = decoded?;
        Ok(operation.with_annotations(annotations))
    }
}
