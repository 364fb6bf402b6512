//! XPath 1.0 expressions (RFC 7950 section 6.4) as generated code writes them down: parsed, with
//! every name resolved to its module, when the code was generated.

mod build;

use super::pattern::Pattern;

/// An expression.
#[derive(Debug)]
#[non_exhaustive]
pub enum Expr<'s> {
    /// A location path.
    Path(Path<'s>),
    /// The nodes of `of` that satisfy the predicates, and the steps from there.
    Filter {
        /// The expression that gives the nodes.
        of: &'s Expr<'s>,
        /// The predicates, in their order.
        predicates: &'s [Expr<'s>],
        /// The way from there.
        steps: &'s [Step<'s>],
    },
    /// The nodes of both.
    Union(&'s Expr<'s>, &'s Expr<'s>),
    /// `or`
    Or(&'s Expr<'s>, &'s Expr<'s>),
    /// `and`
    And(&'s Expr<'s>, &'s Expr<'s>),
    /// `=` and the other comparisons.
    Compare(Comparison, &'s Expr<'s>, &'s Expr<'s>),
    /// `+` and the other operators on numbers.
    Arithmetic(Arithmetic, &'s Expr<'s>, &'s Expr<'s>),
    /// A minus sign in front.
    Negate(&'s Expr<'s>),
    /// A literal.
    Literal(Literal<'s>),
    /// A number.
    Number(f64),
    /// A function call.
    Call(Function<'s>, &'s [Expr<'s>]),
}

/// A text in an expression.
#[derive(Debug)]
pub struct Literal<'s> {
    /// The text as it stands.
    pub text: &'s str,
    /// The identity that it names if it is compared with one, as `module:name`: for a name with a
    /// prefix that the expression's module knows, or without a prefix.
    pub name: Option<&'s str>,
}

/// A location path.
#[derive(Debug)]
pub struct Path<'s> {
    /// True if it starts at the root rather than at the context node.
    pub absolute: bool,
    /// Its steps.
    pub steps: &'s [Step<'s>],
}

/// A step of a location path.
#[derive(Debug)]
pub struct Step<'s> {
    /// The axis.
    pub axis: Axis,
    /// The nodes on the axis that are taken.
    pub test: Test<'s>,
    /// The conditions that they must satisfy.
    pub predicates: &'s [Expr<'s>],
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
pub enum Test<'s> {
    /// The nodes of this name.
    Name {
        /// The module that defines them.
        module: &'s str,
        /// Their name.
        name: &'s str,
    },
    /// `prefix:*`: the nodes of a module.
    Module(&'s str),
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
pub enum Function<'s> {
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
    ReMatch(&'s Pattern<'s>),
    /// `derived-from` and `derived-from-or-self`: the identities that count, as `module:name`; the
    /// one argument left gives the nodes.
    DerivedFrom(&'s [&'s str]),
}
