//! The rules of RFC 7950 between the nodes of a finished tree.

mod list;
mod names;
mod place;
mod status;

use super::augment::{self, Unconditional};
use super::tree::{Kind, Node, NodeId, Tree};
use super::types::Types;
use crate::error::most_similar;
use crate::fault::{Fault, Faults};
use crate::modules::Modules;
use crate::parse::Statement;

pub(super) use names::namesakes;
pub(super) use status::check_reference;

/// Checks all nodes of a tree.
pub(super) fn check(tree: &Tree<'_>, modules: &Modules, faults: &mut Faults) {
    check_nodes(tree, modules, false, faults);
}

/// Checks all nodes of a tree. In a grouping alone, nothing is known of the nodes around.
fn check_nodes(tree: &Tree<'_>, modules: &Modules, alone: bool, faults: &mut Faults) {
    let mut next = tree.roots();
    next.reverse();
    while let Some(id) = next.pop() {
        let Some(node) = tree.get(id) else { continue };
        match node.kind {
            Kind::List => list::check(tree, modules, id, alone, faults),
            Kind::Choice => choice(tree, modules, node, faults),
            _ => {}
        }
        place::check(tree, id, node, alone, faults);
        values(node, faults);
        next.extend(tree.below(id).into_iter().rev());
    }
}

/// Checks all nodes of a grouping that nothing uses. What refers to nodes outside of it is not known.
pub(super) fn check_grouping<'m>(
    tree: &Tree<'m>,
    modules: &Modules,
    types: &Types<'m>,
    faults: &mut Faults,
) {
    check_nodes(tree, modules, true, faults);
    let mut next = tree.roots();
    while let Some(id) = next.pop() {
        if let Some(ty) = tree.get(id).and_then(|node| node.ty) {
            types.of(ty, faults);
        }
        next.extend(tree.below(id));
    }
}

/// The rules between the statements of one node.
fn values(node: &Node<'_>, faults: &mut Faults) {
    let default = node.defaults.first().copied();
    if let Some(default) = default.filter(|_| node.is_mandatory()) {
        let (section, message) = match node.kind {
            Kind::Choice => (
                "RFC 7950 section 7.9.4",
                "a mandatory choice has no default case",
            ),
            _ => ("RFC 7950 section 7.6.5", "a mandatory leaf has no default"),
        };
        let place = later(default, node.mandatory);
        faults.at(
            place,
            section,
            format!("{message}; take one of the two statements away"),
        );
    }
    if let Some(default) = default.filter(|_| node.fewest() > 0) {
        let message = "a leaf-list that must have entries has no default; take one of the two \
                       statements away";
        faults.at(
            later(default, node.min_elements),
            "RFC 7950 section 7.7.4",
            message,
        );
    }
    if let (Some(min), Some(most)) = (node.min_elements, node.most())
        && node.fewest() > most
    {
        let message = format!(
            "min-elements {} is more than max-elements {most}",
            node.fewest()
        );
        faults.at(
            later(min, node.max_elements),
            "RFC 7950 section 7.7.6",
            message,
        );
    }
}

/// The statement of two that contradict each other which stands outside of the node's own definition,
/// as those of deviations and refinements do; otherwise the first.
fn later<'m>(one: Statement<'m>, other: Option<Statement<'m>>) -> Statement<'m> {
    let is_amendment = |statement: &Statement<'m>| {
        use crate::parse::Keyword;
        let around = statement.parent().map(Statement::keyword);
        matches!(around, Some(Keyword::Deviate | Keyword::Refine))
    };
    other.filter(is_amendment).unwrap_or(one)
}

/// The case that a choice's `default` statement names.
pub(super) fn default_case(
    modules: &Modules,
    tree: &Tree<'_>,
    choice: &Node<'_>,
    default: Statement<'_>,
) -> Option<NodeId> {
    let (module, name) = modules.qualify(default, default.argument())?;
    let own = Some(module) == modules.module_of(default);
    let is_it = |id: &NodeId| {
        let case = tree.get(*id);
        case.is_some_and(|case| {
            case.name == name && (case.module == module || (own && case.module == choice.module))
        })
    };
    choice.children.iter().copied().find(is_it)
}

fn choice(tree: &Tree<'_>, modules: &Modules, choice: &Node<'_>, faults: &mut Faults) {
    const SECTION: &str = "RFC 7950 section 7.9.3";
    let Some(default) = choice.defaults.first().copied() else {
        return;
    };
    let Some(case) = default_case(modules, tree, choice, default) else {
        let cases = choice.children.iter().filter_map(|id| tree.get(*id));
        let nearest = most_similar(default.argument(), cases.map(|case| case.name));
        let message = format!("choice \"{}\" has no such case", choice.name);
        faults.add(Fault::of(default, SECTION, message).nearest(nearest));
        return;
    };
    let children = tree.below(case);
    if let Some(mandatory) = children.into_iter().find(|id| is_mandatory(tree, *id)) {
        let name = tree.get(mandatory).map_or("", |node| node.name);
        let message = format!(
            "the default case may have no mandatory node, and \"{name}\" in it is mandatory"
        );
        faults.at(default, SECTION, message);
    }
}

/// True for a mandatory node (RFC 7950 section 3): also a container without presence around one.
fn is_mandatory(tree: &Tree<'_>, id: NodeId) -> bool {
    let mut next = vec![id];
    while let Some(id) = next.pop() {
        let Some(node) = tree.get(id) else { continue };
        if node.is_mandatory() || node.fewest() > 0 {
            return true;
        }
        if node.kind == Kind::Container && node.presence.is_none() {
            next.extend(&node.children);
        }
    }
    false
}

/// An augment of another module's node adds mandatory configuration under a condition alone.
pub(super) fn unconditional(tree: &Tree<'_>, added: &[Unconditional<'_>], faults: &mut Faults) {
    for Unconditional { augment, nodes } in added {
        let is_wrong = |id: &&NodeId| {
            let node = tree.get(**id);
            node.is_some_and(|node| node.config && !node.off) && is_mandatory(tree, **id)
        };
        if let Some(node) = nodes.iter().find(is_wrong).and_then(|id| tree.get(*id)) {
            let message = format!(
                "it makes \"{}\" mandatory in another module's data; give the augment a \"when\" \
                 statement, or make the node optional",
                node.name
            );
            faults.at(*augment, augment::SECTION, message);
        }
    }
}
