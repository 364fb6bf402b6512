//! XPath 1.0 expressions (RFC 7950 section 6.4), parsed and with every name resolved.

use super::{Pattern, QName};

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// A location path.
    Path(Path),
    /// The nodes of `of` that satisfy the predicates, and the steps from there.
    Filter {
        /// The expression that gives the nodes.
        of: Box<Expr>,
        /// The predicates, in their order.
        predicates: Vec<Expr>,
        /// The way from there.
        steps: Vec<Step>,
    },
    /// The nodes of both.
    Union(Box<Expr>, Box<Expr>),
    /// `or`
    Or(Box<Expr>, Box<Expr>),
    /// `and`
    And(Box<Expr>, Box<Expr>),
    /// `=` and the other comparisons.
    Compare(Comparison, Box<Expr>, Box<Expr>),
    /// `+` and the other operators on numbers.
    Arithmetic(Arithmetic, Box<Expr>, Box<Expr>),
    /// A minus sign in front.
    Negate(Box<Expr>),
    /// A literal.
    Literal {
        /// The text as it stands.
        text: String,
        /// The identity that it names if it is compared with one: a name with a known prefix, or
        /// without a prefix.
        name: Option<QName>,
    },
    /// A number.
    Number(f64),
    /// A function call.
    Call(Function, Vec<Expr>),
}

/// A location path.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// True if it starts at the root rather than at the context node.
    pub absolute: bool,
    /// Its steps.
    pub steps: Vec<Step>,
}

/// A step of a location path.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The axis.
    pub axis: Axis,
    /// The nodes on the axis that are taken.
    pub test: Test,
    /// The conditions that they must satisfy.
    pub predicates: Vec<Expr>,
}

/// The axes (XPath 1.0 section 2.2). The `namespace` axis is empty in YANG's data model, and so is
/// `attribute`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are XPath's own")]
pub enum Axis {
    Child,
    Parent,
    Itself,
    Descendant,
    DescendantOrSelf,
    Ancestor,
    AncestorOrSelf,
    Following,
    FollowingSibling,
    Preceding,
    PrecedingSibling,
    Attribute,
}

/// A node test (XPath 1.0 section 2.3).
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// The nodes of this name.
    Name(QName),
    /// `prefix:*`: the nodes of a module.
    Module(String),
    /// `*`: every node with a name.
    Any,
    /// `node()`: every node, the root included.
    Node,
    /// `text()`: the texts of leafs.
    Text,
    /// `comment()` and `processing-instruction()`: none, in YANG's data model.
    Nothing,
}

/// The comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// The operations on numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

/// The functions of XPath 1.0 section 4 and RFC 7950 section 10.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the names are the functions' own")]
pub enum Function {
    Last,
    Position,
    Count,
    LocalName,
    NamespaceUri,
    Name,
    String,
    Concat,
    StartsWith,
    Contains,
    SubstringBefore,
    SubstringAfter,
    Substring,
    StringLength,
    NormalizeSpace,
    Translate,
    Boolean,
    Not,
    True,
    False,
    Lang,
    Number,
    Sum,
    Floor,
    Ceiling,
    Round,
    Id,
    Current,
    Deref,
    EnumValue,
    BitIsSet,
    /// `re-match` with its pattern; the one argument left is the text.
    ReMatch(Pattern),
    /// `derived-from` and `derived-from-or-self`: the identities that count, sorted; the one
    /// argument left gives the nodes.
    DerivedFrom(Vec<QName>),
    /// The same with an identity that its module does not define: always false.
    DerivedFromNothing(QName),
}
