//! XPath 1.0 expressions (RFC 7950 section 6.4) as generated code writes them down: parsed, with
//! every name resolved to its module, when the code was generated.

mod build;

use super::pattern::Pattern;

/// An expression.
#[derive(Debug)]
#[non_exhaustive]
pub enum Expr {
    /// A location path.
    Path(Path),
    /// Of the nodes that `of` gives, those that hold the predicates, and from them along the steps.
    Filter {
        /// What gives the nodes.
        of: &'static Expr,
        /// The predicates, in their order.
        predicates: &'static [Expr],
        /// The way from there.
        steps: &'static [Step],
    },
    /// The nodes of both.
    Union(&'static Expr, &'static Expr),
    /// `or`
    Or(&'static Expr, &'static Expr),
    /// `and`
    And(&'static Expr, &'static Expr),
    /// `=` and its likes.
    Compare(Comparison, &'static Expr, &'static Expr),
    /// `+` and its likes.
    Arithmetic(Arithmetic, &'static Expr, &'static Expr),
    /// A minus sign in front.
    Negate(&'static Expr),
    /// A literal.
    Literal(Literal),
    /// A number.
    Number(f64),
    /// A function call.
    Call(Function, &'static [Expr]),
}

/// A text in an expression.
#[derive(Debug)]
pub struct Literal {
    /// The text as it stands.
    pub text: &'static str,
    /// The same as `module:name`, if it is a name whose prefix the expression's module knows, or a
    /// name without one: what it means where it is compared with an identity.
    pub name: Option<&'static str>,
}

/// A location path.
#[derive(Debug)]
pub struct Path {
    /// Whether it starts at the root rather than at the context node.
    pub absolute: bool,
    /// Its steps.
    pub steps: &'static [Step],
}

/// A step of a location path.
#[derive(Debug)]
pub struct Step {
    /// Where the step leads.
    pub axis: Axis,
    /// The nodes there that are taken.
    pub test: Test,
    /// What they must hold.
    pub predicates: &'static [Expr],
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
#[derive(Debug)]
pub enum Test {
    /// The nodes of this name.
    Name {
        /// The module that defines them.
        module: &'static str,
        /// Their name.
        name: &'static str,
    },
    /// `prefix:*`: the nodes of a module.
    Module(&'static str),
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
#[derive(Debug)]
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
    ReMatch(&'static Pattern),
    /// `derived-from` and `derived-from-or-self`: the identities that count, as `module:name`; the
    /// one argument left gives the nodes.
    DerivedFrom(&'static [&'static str]),
}
