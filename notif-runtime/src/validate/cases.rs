//! The cases of choices that are in use (RFC 7950 section 7.9).

use crate::schema::{self, Choice, Module};
use crate::tree::Child;

/// Returns true if the child with an index is data of its case; the flag is true for the default
/// case.
pub(super) type IsData<'f> = &'f dyn Fn(usize, bool) -> bool;

/// The reason that a node's case is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// It is in no case.
    Always,
    /// The case has data.
    Data,
    /// It is the default case of a choice without data.
    Default,
    /// It is not: another case is in use, or the data have no node of its module.
    None,
}

/// For each child of a node, the reason that its case is in use.
#[derive(Debug)]
pub(super) struct Cases(Vec<Use>);

impl Cases {
    /// For a node with these children.
    pub(super) fn new<'a>(schema: &schema::Node<'_>, child: &dyn Fn(usize) -> Child<'a>) -> Self {
        let choices = schema.rules.choices;
        if choices.is_empty() && !schema.is_data() {
            return Self(Vec::new());
        }
        let mut uses = vec![Use::Always; schema.children().len()];
        let of_case = |at, is_default| is_data(schema, &child(at), is_default);
        mark(choices, Use::Always, &of_case, &mut uses);
        if schema.is_data() {
            leave_out_modules(schema.children(), &|at| !child(at).is_none(), &mut uses);
        }
        Self(uses)
    }

    /// For the child with this index.
    pub(super) fn of(&self, index: usize) -> Use {
        self.0.get(index).copied().unwrap_or(Use::Always)
    }
}

/// Whole data need not have anything of a module: only if they have is the rest of it looked at.
fn leave_out_modules(
    children: &[schema::Node<'_>],
    is_there: &dyn Fn(usize) -> bool,
    uses: &mut [Use],
) {
    let mut modules: Vec<&Module> = Vec::new();
    for (index, child) in children.iter().enumerate() {
        if is_there(index)
            && !modules
                .iter()
                .any(|module| std::ptr::eq(*module, child.module))
        {
            modules.push(child.module);
        }
    }
    for (own, child) in uses.iter_mut().zip(children) {
        if !modules
            .iter()
            .any(|module| std::ptr::eq(*module, child.module))
        {
            *own = Use::None;
        }
    }
}

/// Returns true if the choice of a node is looked at: that of whole data only if they have a node
/// of its module.
pub(super) fn is_looked_at(
    schema: &schema::Node<'_>,
    choice: &Choice<'_>,
    is_there: &dyn Fn(usize) -> bool,
) -> bool {
    let children = schema.children();
    let own = first_node(choice).and_then(|at| children.get(at));
    let is_of_module =
        |child: &schema::Node<'_>| own.is_none_or(|own| std::ptr::eq(own.module, child.module));
    let mut children = children.iter().enumerate();
    !schema.is_data() || children.any(|(at, child)| is_there(at) && is_of_module(child))
}

fn first_node(choice: &Choice<'_>) -> Option<usize> {
    choice.cases.iter().find_map(|case| {
        let below = || case.choices.iter().copied().find_map(first_node);
        case.nodes.first().copied().or_else(below)
    })
}

fn mark(choices: &[&Choice<'_>], around: Use, is_data: IsData<'_>, uses: &mut [Use]) {
    for choice in choices {
        let mut cases = 0..choice.cases.len();
        let with_data = cases.find(|at| case_has_data(choice, *at, is_data));
        for (at, case) in choice.cases.iter().enumerate() {
            let own = match (with_data, choice.default) {
                (Some(found), _) if found == at => Use::Data,
                (None, Some(default)) if default == at && around != Use::None => Use::Default,
                _ => Use::None,
            };
            for node in case.nodes {
                if let Some(it) = uses.get_mut(*node) {
                    *it = own;
                }
            }
            mark(case.choices, own, is_data, uses);
        }
    }
}

/// Returns true if there is data of a choice.
pub(super) fn has_data(choice: &Choice<'_>, is_data: IsData<'_>) -> bool {
    (0..choice.cases.len()).any(|at| case_has_data(choice, at, is_data))
}

/// Returns true if there is data of the case with this index.
pub(super) fn case_has_data(choice: &Choice<'_>, at: usize, is_data: IsData<'_>) -> bool {
    let is_default = choice.default == Some(at);
    choice.cases.get(at).is_some_and(|case| {
        case.nodes.iter().any(|node| is_data(*node, is_default))
            || case.choices.iter().any(|choice| has_data(choice, is_data))
    })
}

/// Returns true if a child of a node is data of its case. An empty container without presence means
/// nothing (RFC 7950 section 7.5.1); so only one of the default case counts, which would be present
/// anyway, and one right in an output, where libyang does not look for such.
pub(super) fn is_data(parent: &schema::Node<'_>, child: &Child<'_>, is_default: bool) -> bool {
    !child.is_none() && (is_default || parent.is_output() || !child.is_void())
}
