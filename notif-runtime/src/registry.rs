//! The schemas that a program was built with, and decoding of messages whose root is not known
//! beforehand.

use crate::annotation::Annotations;
#[cfg(feature = "cbor")]
use crate::cbor::{CborReader, Mapping};
use crate::decode::{Abort, Context, Object, ReadFn, ReadNode, Reader, read_boxed};
use crate::driver::{decode_any, decode_data, decode_operation, explained};
use crate::encoding::Encoding;
use crate::fault::{Fault, FaultKind, Faults, InstancePath};
use crate::json::JsonReader;
use crate::notification::Notification;
use crate::operation::Operation;
use crate::options::Options;
use crate::schema::{Form, Module, Node, Schema};
use crate::tree;
#[cfg(feature = "xml")]
use crate::xml::XmlReader;
#[cfg(feature = "yang-library")]
use crate::yang_library;

/// A schema that was compiled in: `yang::SCHEMA` of generated code.
#[derive(Debug)]
pub struct Compiled {
    schema: Schema,
    roots: &'static [&'static [Root]],
    data: Root,
}

impl Compiled {
    /// The schema with its generated types: those of the nodes that a document can start with, and
    /// that of whole data.
    #[must_use]
    pub const fn new(schema: Schema, roots: &'static [&'static [Root]], data: Root) -> Self {
        Self {
            schema,
            roots,
            data,
        }
    }

    /// The description of whole data: its children are the top-level nodes of all modules.
    #[must_use]
    pub fn data(&self) -> &'static Node<'static> {
        self.data.node()
    }

    /// The modules and their nodes.
    #[must_use]
    pub const fn schema(&self) -> &Schema {
        &self.schema
    }
}

/// The decoder for JSON, where everything inlines.
type FromJson =
    for<'de> fn(&mut JsonReader<'de>, &mut Context) -> Result<Box<dyn tree::Node>, Abort>;

/// The decoder for any encoding.
type FromAny = for<'r, 'de> fn(
    &'r mut (dyn Reader<'de> + 'r),
    &mut Context,
) -> Result<Box<dyn tree::Node>, Abort>;

/// A node that a document can start with, with the decoders of its generated type.
#[derive(Debug)]
pub struct Root {
    /// A function, so that a static of roots does not need the values of their nodes.
    node: fn() -> &'static Node<'static>,
    from_json: FromJson,
    from_any: FromAny,
}

impl Root {
    /// The description of the node.
    #[must_use]
    pub fn node(&self) -> &'static Node<'static> {
        (self.node)()
    }
}

/// The root of the generated type `T`.
#[doc(hidden)]
#[must_use]
pub const fn root<T: Object>() -> Root {
    Root {
        node: || T::NODE,
        from_json: |reader, cx| read_boxed::<JsonReader<'_>, T>(reader, cx),
        from_any: |reader, cx| read_boxed::<dyn Reader<'_>, T>(reader, cx),
    }
}

/// Calls a decoder with a function that makes the reader of an encoding, and one that reads the node of
/// a description: JSON's reader is known beforehand, so that all inlines.
macro_rules! with_reader {
    ($registry:expr, $encoding:expr, $decode:ident $arguments:tt) => {
        match $encoding {
            Encoding::Json => with_reader!(
                $registry, $decode $arguments, JsonReader::new(), from_json
            ),
            #[cfg(feature = "xml")]
            Encoding::Xml => with_reader!(
                $registry, $decode $arguments, XmlReader::new(), from_any
            ),
            #[cfg(feature = "cbor")]
            Encoding::Cbor | Encoding::JsonCbor => with_reader!(
                $registry, $decode $arguments, CborReader::new(Mapping::of($encoding)), from_any
            ),
        }
    };
    (
        $registry:expr, $decode:ident($($argument:expr),*),
        $reader:ident::new($($mapping:expr)?), $decoder:ident
    ) => {{
        let read: &ReadFn<'_, $reader<'_>> =
            &|node, reader, cx| ($registry.root(node, cx)?.$decoder)(reader, cx);
        let new = |message, modules| {
            $reader::new(message, modules $(, $mapping)?).with_operations(ReadNode(read))
        };
        $decode($($argument,)* &new, ReadNode(read))
    }};
}

/// The schemas that a program knows.
///
/// ```
/// use examples::yang::{self, acme_power::PowerReport};
/// use notif_runtime::{Encoding, Options, Registry};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let registry = Registry::new(&yang::SCHEMA);
/// let body = br#"{"acme-power:power-report":{"eventTime":"2026-11-24T05:00:00Z"}}"#;
/// let message = registry.decode(Encoding::Json, body, &Options::default())?;
/// assert_eq!(message.name(), "acme-power:power-report");
/// assert!(message.downcast_ref::<PowerReport>().is_some());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Registry {
    modules: Vec<&'static Module>,
    /// With the addresses of their nodes, in the order of these.
    roots: Vec<(usize, &'static Root)>,
    /// Whole data.
    data: Option<&'static Root>,
}

/// The identity of a node: its address.
fn address(node: &'static Node<'static>) -> usize {
    std::ptr::from_ref(node).addr()
}

impl Registry {
    /// A registry of this schema: `yang::SCHEMA` of generated code.
    #[must_use]
    pub fn new(schema: &'static Compiled) -> Self {
        Self::default().with(schema)
    }

    /// Adds a schema. Whole data, and data around an operation, are those of the first one.
    #[must_use]
    pub fn with(mut self, schema: &'static Compiled) -> Self {
        for module in schema.schema.modules {
            if !self
                .modules
                .iter()
                .any(|known| std::ptr::eq(*known, *module))
            {
                self.modules.push(module);
            }
        }
        let roots = schema.roots.iter().copied().flatten();
        let roots = roots.chain([&schema.data]);
        (self.roots).extend(roots.map(|root| (address(root.node()), root)));
        self.roots.sort_by_key(|(address, _)| *address);
        self.data = self.data.or(Some(&schema.data));
        self
    }

    /// The modules.
    #[must_use]
    pub fn modules(&self) -> &[&'static Module] {
        &self.modules
    }

    /// The top-level nodes that a message can have: containers and notifications.
    pub fn roots(&self) -> impl Iterator<Item = &'static Node<'static>> {
        let modules = self.modules.iter();
        modules.flat_map(|module| module.roots(Form::Notification))
    }

    /// The decoders of a node that a document can start with.
    fn root(&self, node: &'static Node<'static>, cx: &mut Context) -> Result<&'static Root, Abort> {
        let found = (self.roots).binary_search_by_key(&address(node), |(address, _)| *address);
        let root = found.ok().and_then(|at| self.roots.get(at));
        root.map(|(_, root)| *root).ok_or_else(|| {
            let expected = format!(
                "a node with a generated type, which {} has not",
                node.described()
            );
            cx.abort(FaultKind::UnknownElement, 0, expected)
        })
    }

    /// The YANG library of the modules, in JSON: the data of `ietf-yang-library` (RFC 8525), with
    /// RFC 7895's older form in it.
    #[cfg(feature = "yang-library")]
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
    /// ```
    /// use examples::yang;
    /// use notif_runtime::{Encoding, Options, Registry};
    ///
    /// let registry = Registry::new(&yang::SCHEMA);
    /// let body = br#"{"acme-power:power-report":{"eventTime":"yesterday"}}"#;
    /// let faults = registry.decode(Encoding::Json, body, &Options::default()).unwrap_err();
    /// assert_eq!(faults.list[0].path.to_string(), "/acme-power:power-report/eventTime");
    /// ```
    ///
    /// # Errors
    /// All faults of the message, up to a bound, each with its path and position.
    pub fn decode(
        &self,
        encoding: Encoding,
        input: &[u8],
        options: &Options,
    ) -> Result<Notification, Faults> {
        let modules = self.modules();
        let decoded = explained(encoding, input, |encoding| {
            with_reader!(self, encoding, decode_any(input, options, modules))
        });
        let (root, annotations) = decoded?;
        Ok(Notification::new(root).with_annotations(annotations))
    }

    /// Decodes and validates whole data: any number of top-level nodes, even none. A module without
    /// a node in the data has no mandatory nodes. The annotations (RFC 7952) are returned beside
    /// the data.
    ///
    /// # Errors
    /// All faults of the data, up to a bound, each with its path and position.
    pub fn decode_data(
        &self,
        encoding: Encoding,
        input: &[u8],
        options: &Options,
    ) -> Result<(Box<dyn tree::Node>, Annotations), Faults> {
        let (modules, data) = (self.modules(), self.data()?);
        explained(encoding, input, |encoding| {
            with_reader!(self, encoding, decode_data(input, options, modules, data))
        })
    }

    /// Decodes and validates one operation: the notification, or the rpc or action without a level
    /// for its input or output; one that is nested in data has its parent nodes around it, with
    /// their keys. References lead to nodes of the document.
    ///
    /// # Errors
    /// All faults of the operation, up to a bound, each with its path and position.
    pub fn decode_operation(
        &self,
        form: Form,
        encoding: Encoding,
        input: &[u8],
        options: &Options,
    ) -> Result<Operation, Faults> {
        let (modules, top) = (self.modules(), (self.data()?, form));
        let decoded = explained(encoding, input, |encoding| {
            with_reader!(
                self,
                encoding,
                decode_operation(input, options, modules, top)
            )
        });
        let (operation, annotations) = decoded?;
        Ok(operation.with_annotations(annotations))
    }

    /// The description of whole data.
    fn data(&self) -> Result<&'static Node<'static>, Faults> {
        self.data.map(Root::node).ok_or_else(|| Faults {
            list: vec![Fault {
                kind: FaultKind::UnknownElement,
                path: InstancePath::default(),
                position: None,
                value: None,
                app_tag: None,
                message: None,
                expected: "a registry with a schema".to_owned(),
            }],
            truncated: false,
        })
    }
}
