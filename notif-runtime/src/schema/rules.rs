//! The constraints of nodes that go beyond a node's own value.

use super::xpath::Expr;

/// The constraints between a node and others.
#[derive(Debug)]
pub struct Rules<'s> {
    /// The conditions on which the node can be there: its own, and those of the augments, uses,
    /// cases and choices that it comes from.
    pub when: &'s [When<'s>],
    /// The conditions that must be true if the node is present.
    pub must: &'s [Must<'s>],
    /// True for a `mandatory` node with conditions, which must be present if these hold.
    /// [`Node::mandatory`](super::Node::mandatory) is for those without.
    pub mandatory: bool,
    /// The fewest entries of a list or leaf-list.
    pub min_elements: u32,
    /// The most entries of a list or leaf-list.
    pub max_elements: Option<u32>,
    /// Of a list: the leafs of each `unique` statement, each as the steps from the entry, as
    /// `module:name`.
    pub unique: &'s [&'s [&'s [&'s str]]],
    /// Of a list or leaf-list: `ordered-by user`.
    pub ordered_by_user: bool,
    /// The choices below the node, whose cases' nodes are among its children.
    pub choices: &'s [&'s Choice<'s>],
}

impl<'s> Rules<'s> {
    /// No constraint.
    pub const NONE: &'s Self = &Self::new();

    /// No constraint, to change in part.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            when: &[],
            must: &[],
            mandatory: false,
            min_elements: 0,
            max_elements: None,
            unique: &[],
            ordered_by_user: false,
            choices: &[],
        }
    }
}

impl Default for Rules<'_> {
    fn default() -> Self {
        Self::new()
    }
}

/// A choice (RFC 7950 section 7.9).
#[derive(Debug)]
pub struct Choice<'s> {
    /// Its name.
    pub name: &'s str,
    /// The conditions on which it can be there: its own, and those of the augment or uses that it
    /// comes from.
    pub when: &'s [When<'s>],
    /// True if data of one case must be present.
    pub mandatory: bool,
    /// The index in `cases` of the default case.
    pub default: Option<usize>,
    /// Its cases.
    pub cases: &'s [Case<'s>],
}

/// A case of a choice (RFC 7950 section 7.9.2).
#[derive(Debug)]
pub struct Case<'s> {
    /// Its name.
    pub name: &'s str,
    /// The conditions on which it can be there.
    pub when: &'s [When<'s>],
    /// The indexes of its nodes among the children of the node that holds the choice.
    pub nodes: &'s [usize],
    /// Those of `nodes` that must be present if the case has data.
    pub mandatory: &'s [usize],
    /// The choices in the case.
    pub choices: &'s [&'s Choice<'s>],
}

/// A `when` statement (RFC 7950 section 7.21.5).
#[derive(Debug)]
pub struct When<'s> {
    /// The expression as written.
    pub source: &'s str,
    /// The expression.
    pub expr: &'s Expr<'s>,
    /// True if the context node is the parent data node rather than the node itself, since the
    /// statement is in an augment, uses, case or choice.
    pub of_parent: bool,
}

/// A `must` statement (RFC 7950 section 7.5.3).
#[derive(Debug)]
pub struct Must<'s> {
    /// The expression as written.
    pub source: &'s str,
    /// The expression.
    pub expr: &'s Expr<'s>,
    /// Its `error-message`.
    pub message: Option<&'s str>,
    /// Its `error-app-tag`.
    pub app_tag: Option<&'s str>,
}
