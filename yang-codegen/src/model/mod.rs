//! The schema of a set of modules as the generator sees it: plain, owned, ordered data that does
//! not depend on the front end that read it.

mod canonical;
mod walk;
pub mod xpath;

/// The modules to generate code for, sorted by name.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// The implemented modules and their imports.
    pub modules: Vec<Module>,
}

/// A YANG module (RFC 7950 section 7.1).
#[derive(Debug, Clone, PartialEq)]
pub struct Module {
    /// Its name.
    pub name: String,
    /// The revision that was compiled.
    pub revision: Option<String>,
    /// Its XML namespace.
    pub namespace: String,
    /// The prefix that it gives itself.
    pub prefix: String,
    /// True if its data nodes are generated; otherwise only its typedefs are.
    pub implemented: bool,
    /// True if its data may be a part of a datastore.
    pub partial: bool,
    /// Its submodules.
    pub submodules: Vec<Submodule>,
    /// The modules that deviate it.
    pub deviated_by: Vec<String>,
    /// Description and reference.
    pub docs: Docs,
    /// Its features, those that are off included.
    pub features: Vec<Feature>,
    /// Its identities.
    pub identities: Vec<Identity>,
    /// The names of all typedefs at its top, so that those that are not used keep theirs free.
    pub typedef_names: Vec<String>,
    /// The typedefs that are generated, in the order of the module's text: those that nodes use.
    pub typedefs: Vec<Typedef>,
    /// Its top-level data nodes.
    pub roots: Vec<Node>,
    /// Its top-level rpcs and notifications.
    pub operations: Vec<Operation>,
    /// Data outside every datastore: the nodes of its data templates (RFC 8040) and its structures
    /// (RFC 8791), as containers.
    pub structures: Vec<Node>,
    /// The annotations that it defines (RFC 7952).
    pub annotations: Vec<Annotation>,
    /// The other extensions at its top.
    pub extensions: Vec<Extension>,
}

/// A metadata annotation (RFC 7952).
#[derive(Debug, Clone, PartialEq)]
pub struct Annotation {
    /// Its name.
    pub name: String,
    /// The type of its values.
    pub ty: TypeUse,
}

/// An instance of an extension (RFC 7950 section 6.3.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// The extension.
    pub name: QName,
    /// The argument.
    pub argument: Option<String>,
}

/// A submodule (RFC 7950 section 7.2).
#[derive(Debug, Clone, PartialEq)]
pub struct Submodule {
    /// Its name.
    pub name: String,
    /// The revision that was compiled.
    pub revision: Option<String>,
}

/// A name in a module.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct QName {
    /// The module's name.
    pub module: String,
    /// The name in it.
    pub name: String,
}

/// The statements that document a definition.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Docs {
    /// The `description` statement.
    pub description: Option<String>,
    /// The `reference` statement.
    pub reference: Option<String>,
    /// The `status` statement.
    pub status: Status,
}

/// The values of `status` (RFC 7950 section 7.21.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
#[expect(missing_docs, reason = "the names are YANG's own")]
pub enum Status {
    #[default]
    Current,
    Deprecated,
    Obsolete,
}

/// A feature (RFC 7950 section 7.20.1).
#[derive(Debug, Clone, PartialEq)]
pub struct Feature {
    /// Its name.
    pub name: String,
    /// True if it is on.
    pub enabled: bool,
    /// Description and reference.
    pub docs: Docs,
}

/// An identity (RFC 7950 section 7.18).
#[derive(Debug, Clone, PartialEq)]
pub struct Identity {
    /// Its name.
    pub name: String,
    /// Its direct bases.
    pub bases: Vec<QName>,
    /// Description and reference.
    pub docs: Docs,
}

/// A typedef (RFC 7950 section 7.3).
#[derive(Debug, Clone, PartialEq)]
pub struct Typedef {
    /// Its name.
    pub name: String,
    /// Description and reference.
    pub docs: Docs,
    /// The `units` statement.
    pub units: Option<String>,
    /// The `default` statement.
    pub default: Option<String>,
    /// The type that it names.
    pub ty: TypeUse,
}

/// A compiled node: groupings are expanded, augments and deviations applied.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// The module that defines it.
    pub module: String,
    /// Description and reference.
    pub docs: Docs,
    /// False for state data, and in operations.
    pub config: bool,
    /// True if it may be absent although it is mandatory, since its module is generated for parts
    /// of a datastore. Never true for keys of lists.
    pub partial: bool,
    /// The constraints between it and other nodes.
    pub rules: Rules,
    /// The extensions in its statement.
    pub extensions: Vec<Extension>,
    /// Of a container or list: its actions and notifications.
    pub operations: Vec<Operation>,
    /// The kind of node.
    pub kind: NodeKind,
}

/// A notification, rpc or action.
#[derive(Debug, Clone, PartialEq)]
pub enum Operation {
    /// RFC 7950 section 7.16.
    Notification(Node),
    /// RFC 7950 section 7.14, at the top.
    Rpc(Call),
    /// RFC 7950 section 7.15, in data.
    Action(Call),
}

/// An rpc or action.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The request.
    pub input: Node,
    /// The reply.
    pub output: Node,
}

/// The constraints of a node that go beyond its own value.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rules {
    /// Its `when` statements, and those of the uses and augments that it comes from; those of cases
    /// and choices stand with these.
    pub when: Vec<When>,
    /// Its `must` statements.
    pub must: Vec<Must>,
    /// The fewest entries of a list or leaf-list.
    pub min_elements: u32,
    /// The most entries of a list or leaf-list.
    pub max_elements: Option<u32>,
    /// Of a list: the leafs of each `unique` statement, each as the steps from the entry.
    pub unique: Vec<Vec<Vec<QName>>>,
    /// Of a list or leaf-list: `ordered-by user`.
    pub ordered_by_user: bool,
}

/// A `when` statement (RFC 7950 section 7.21.5).
#[derive(Debug, Clone, PartialEq)]
pub struct When {
    /// The expression as written.
    pub source: String,
    /// The expression.
    pub expr: xpath::Expr,
    /// True if the context node is the parent data node rather than the node itself, since the
    /// statement is in an augment, uses, case or choice.
    pub of_parent: bool,
}

/// A `must` statement (RFC 7950 section 7.5.3).
#[derive(Debug, Clone, PartialEq)]
pub struct Must {
    /// The expression as written.
    pub source: String,
    /// The expression.
    pub expr: xpath::Expr,
    /// Its `error-message`.
    pub message: Option<String>,
    /// Its `error-app-tag`.
    pub app_tag: Option<String>,
}

/// The kinds of nodes.
#[derive(Debug, Clone, PartialEq)]
pub enum NodeKind {
    /// RFC 7950 section 7.5.
    Container {
        /// True if its existence alone carries meaning.
        presence: bool,
        /// Its nodes in schema order.
        children: Vec<Node>,
    },
    /// RFC 7950 section 7.8.
    List {
        /// The names of the keys, in the order of the `key` statement; state data need have none.
        keys: Vec<String>,
        /// Its nodes in schema order, keys first.
        children: Vec<Node>,
    },
    /// RFC 7950 section 7.6.
    Leaf {
        /// Its type.
        ty: TypeUse,
        /// `mandatory true`, or a list's key.
        mandatory: bool,
        /// Its default or its typedef's, in canonical form.
        default: Option<String>,
        /// Its units or its typedef's.
        units: Option<String>,
    },
    /// RFC 7950 section 7.7.
    LeafList {
        /// The type of its values.
        ty: TypeUse,
        /// Its defaults or its typedef's, in canonical form.
        defaults: Vec<String>,
        /// Its units or its typedef's.
        units: Option<String>,
    },
    /// RFC 7950 section 7.9. It is no level of the data: the nodes of its cases stand in its parent.
    Choice {
        /// True if data of one case must be present.
        mandatory: bool,
        /// The place of the default case.
        default: Option<usize>,
        /// Its cases, each a [`NodeKind::Case`], those of the shorthand form too.
        cases: Vec<Node>,
    },
    /// RFC 7950 section 7.9.2.
    Case {
        /// Its nodes in schema order.
        children: Vec<Node>,
    },
    /// Anydata or anyxml (RFC 7950 sections 7.10 and 7.11).
    Any {
        /// True for anyxml.
        xml: bool,
        /// `mandatory true`.
        mandatory: bool,
    },
    /// RFC 7950 section 7.16.
    Notification {
        /// Its nodes in schema order.
        children: Vec<Node>,
    },
    /// The input of an rpc or action, under the name of that (RFC 7950 section 7.14.2).
    Input {
        /// Its nodes in schema order.
        children: Vec<Node>,
    },
    /// The output of an rpc or action, under the name of that (RFC 7950 section 7.14.3).
    Output {
        /// Its nodes in schema order.
        children: Vec<Node>,
    },
}

/// A type where it is used.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeUse {
    /// The type with all restrictions, those of its typedefs included.
    pub ty: Type,
    /// The module-level typedef that it is, if it adds no restrictions of its own.
    pub typedef: Option<QName>,
}

/// A resolved type (RFC 7950 section 9).
#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    /// int8 to uint64.
    Int {
        /// Width and signedness.
        kind: IntKind,
        /// The allowed intervals; empty if the kind's own bounds are the only ones.
        range: Vec<(i128, i128)>,
        /// The error of a number outside the range.
        on_error: OnError,
    },
    /// boolean.
    Boolean,
    /// string.
    String {
        /// The allowed lengths in characters; empty if any.
        length: Vec<(u64, u64)>,
        /// The patterns, all of which hold.
        patterns: Vec<Pattern>,
        /// The error of a length that is not allowed.
        on_error: OnError,
        /// The canonical form, if it is not the text itself.
        canonical: Option<CanonicalForm>,
    },
    /// enumeration, in the order of the statements.
    Enumeration(Vec<EnumValue>),
    /// decimal64.
    Decimal64 {
        /// The number of digits behind the point.
        fraction_digits: u8,
        /// The allowed intervals, without the point; empty if any.
        range: Vec<(i64, i64)>,
        /// The error of a number outside the range.
        on_error: OnError,
    },
    /// bits, in the order of their positions.
    Bits(Vec<Bit>),
    /// binary.
    Binary {
        /// The allowed lengths in octets; empty if any.
        length: Vec<(u64, u64)>,
        /// The error of a length that is not allowed.
        on_error: OnError,
    },
    /// empty.
    Empty,
    /// identityref: the identities that are derived from all its bases, sorted by module and name.
    Identityref(Vec<IdentityValue>),
    /// union: the first member that takes a value has it.
    Union(Vec<TypeUse>),
    /// instance-identifier.
    InstanceIdentifier {
        /// True if the node that it names must exist.
        require_instance: bool,
    },
    /// leafref.
    LeafRef {
        /// The path to the referred leafs.
        path: LeafrefPath,
        /// True if a referred leaf must exist.
        require_instance: bool,
        /// The type of the referred leaf.
        target: Box<TypeUse>,
    },
}

/// The built-in integer types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "Rust's own names")]
pub enum IntKind {
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
}

/// The canonical forms that typedefs of RFC 9911 define for their strings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "named after what they are for")]
pub enum CanonicalForm {
    DateAndTime,
    EmailAddress,
    SmallLetters,
    Ipv4Prefix,
    Ipv6Address,
    Ipv6AddressAndPrefix,
    Ipv6Prefix,
    UnknownOffset,
}

/// A `pattern` statement (RFC 7950 section 9.4.5).
#[derive(Debug, Clone, PartialEq)]
pub struct Pattern {
    /// The expression, in the dialect of XML Schema.
    pub regex: String,
    /// The same without anchors in the dialect of the `regex` crates.
    pub translated: String,
    /// `modifier invert-match`.
    pub inverted: bool,
    /// The error of a value that it refuses.
    pub on_error: OnError,
}

/// The error that a restriction defines (RFC 7950 sections 7.5.4.1 and 7.5.4.2).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OnError {
    /// The `error-message` statement.
    pub message: Option<String>,
    /// The `error-app-tag` statement.
    pub app_tag: Option<String>,
}

/// One value of an enumeration (RFC 7950 section 9.6.4).
#[derive(Debug, Clone, PartialEq)]
pub struct EnumValue {
    /// The assigned name.
    pub name: String,
    /// The assigned value.
    pub value: i32,
    /// Description and reference.
    pub docs: Docs,
}

/// One bit of a bits type (RFC 7950 section 9.7.4).
#[derive(Debug, Clone, PartialEq)]
pub struct Bit {
    /// The assigned name.
    pub name: String,
    /// The assigned position.
    pub position: u32,
    /// Description and reference.
    pub docs: Docs,
}

/// One identity of an identityref type (RFC 7950 section 9.10).
#[derive(Debug, Clone, PartialEq)]
pub struct IdentityValue {
    /// The identity.
    pub identity: QName,
    /// Description and reference.
    pub docs: Docs,
}

/// The path of a leafref (RFC 7950 section 9.9.2).
#[derive(Debug, Clone, PartialEq)]
pub enum LeafrefPath {
    /// One without predicates and functions.
    Plain(LeafPath),
    /// Any other, whose context node is the leaf itself.
    Expr {
        /// The path as written.
        source: String,
        /// The expression.
        expr: xpath::Expr,
    },
}

/// The path of a leafref without predicates and functions.
#[derive(Debug, Clone, PartialEq)]
pub struct LeafPath {
    /// The number of levels to go up first; `None` for an absolute path.
    pub ups: Option<usize>,
    /// The way down.
    pub steps: Vec<QName>,
}
