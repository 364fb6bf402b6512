//! Reading choices: the nodes of their cases are members of the object around them, and data of one
//! case alone can be there (RFC 7950 section 7.9).

use std::fmt::Debug;

use super::missing::absent_node;
use super::seen::{Members, Seen};
use super::{Abort, Context, ObjectReader};
use crate::fault::FaultKind;
use crate::options::Options;
use crate::schema::{Case, Choice as Schema, Kind, Node};
use crate::tree;

/// The generated enum of a choice, as the decoder sees it. Its nodes go by their indexes among the
/// children of the data node around the choice.
pub trait Choice: Debug + Sized {
    /// The case of a node, with nothing read yet: mandatory members hold any value until they are.
    #[doc(hidden)]
    fn blank(index: usize) -> Self;

    /// Returns true if a node is of this case.
    #[doc(hidden)]
    fn holds(&self, index: usize) -> bool;

    /// As [`Object::read_member`](super::Object::read_member), of a node that the case holds;
    /// `node` is the data node around the choice.
    #[doc(hidden)]
    fn read_member<'de, R: ObjectReader<'de> + ?Sized>(
        &mut self,
        node: &Node<'_>,
        index: usize,
        reader: &mut R,
        cx: &mut Context,
    ) -> Result<bool, Abort>;

    /// The child at `index`.
    #[doc(hidden)]
    fn child(&self, index: usize) -> tree::Child<'_>;
}

impl<'a> tree::Child<'a> {
    /// A node of the case that a choice has, by its index among the children of the data node
    /// around the choice.
    pub fn choice(choice: &'a Option<impl Choice>, index: usize) -> Self {
        choice.as_ref().map_or(Self::None, |case| case.child(index))
    }
}

/// Reads a node of a choice in `node`.
pub fn read_choice<'de, R: ObjectReader<'de> + ?Sized, C: Choice>(
    target: &mut Option<C>,
    node: &Node<'_>,
    index: usize,
    reader: &mut R,
    cx: &mut Context,
) -> Result<bool, Abort> {
    let is_first = target.is_none();
    let case = target.get_or_insert_with(|| C::blank(index));
    if case.holds(index) {
        if !is_first {
            return case.read_member(node, index, reader, cx);
        }
        let (is_stored, is_data) = read_first(case, node, index, reader, cx)?;
        if !is_data {
            *target = None;
        }
        return Ok(is_stored);
    }
    let offset = reader.offset();
    let mut other = C::blank(index);
    let (_, is_data) = read_first(&mut other, node, index, reader, cx)?;
    let is_container = node
        .children()
        .get(index)
        .is_some_and(Node::is_always_there);
    if !is_data && !is_container {
        return Ok(true);
    }
    second_case(node, index, &|at| case.holds(at), offset, cx)?;
    Ok(false)
}

/// Reads the first node of a case; returns whether it was stored, and whether it is data of the
/// case. An array without elements is none. Nor is an empty container without presence, if the case
/// is not the default, which is in use anyway: nothing is demanded in it then, and it is not
/// stored. (Right in an output, libyang does not look for such.)
fn read_first<'de, R: ObjectReader<'de> + ?Sized, C: Choice>(
    case: &mut C,
    node: &Node<'_>,
    index: usize,
    reader: &mut R,
    cx: &mut Context,
) -> Result<(bool, bool), Abort> {
    let may_be_void = |child: &&Node<'_>| {
        let is_kept = node.is_output() || is_of_default_case(node.rules.choices, index);
        child.is_always_there() && !is_kept
    };
    let container = node.children().get(index).filter(may_be_void);
    let absent = container.map_or(0, |container| count_demanded(container, cx.options()));
    let before = cx.faults();
    cx.faults.allow_more(absent);
    let is_stored = case.read_member(node, index, reader, cx);
    let child = case.child(index);
    let is_void = container.is_some() && is_blank(&child) && cx.faults.lacks(before, absent);
    if is_void {
        cx.faults.forget(before);
    }
    cx.faults.allow_less(absent)?;
    let is_stored = is_stored?;
    let is_data = cx.faults() != before || !(is_void || child.is_none());
    Ok((is_stored && is_data, is_data))
}

/// The number of leafs that an empty container lacks.
fn count_demanded(container: &Node<'_>, options: &Options) -> usize {
    let children = container.children().iter();
    let demanded = children.filter(|child| child.mandatory && !options.takes_part_of(child));
    let each = demanded.map(|child| match child.kind {
        Kind::Container { .. } => count_demanded(child, options),
        _ => 1,
    });
    each.sum()
}

/// Returns true for a container without presence that has nothing in it but mandatory nodes, which
/// hold any value until they are read.
fn is_blank(child: &tree::Child<'_>) -> bool {
    let tree::Child::Node(node) = child else {
        return false;
    };
    let mut below = node.schema().children().iter().zip(0..);
    node.schema().is_always_there()
        && node.operation().is_none()
        && below.all(|(schema, at)| {
            let is_leaf = !matches!(schema.kind, Kind::Container { .. });
            let child = node.child(at);
            child.is_none() || (schema.mandatory && is_leaf) || is_blank(&child)
        })
}

/// Returns true if the case of a node is its choice's default, which is in use without data as
/// well.
fn is_of_default_case(choices: &[&Schema<'_>], index: usize) -> bool {
    choices.iter().any(|choice| {
        let mut cases = choice.cases.iter().enumerate();
        cases.any(|(at, case)| {
            (choice.default == Some(at) && case.nodes.contains(&index))
                || is_of_default_case(case.choices, index)
        })
    })
}

#[cold]
fn second_case(
    node: &Node<'_>,
    index: usize,
    holds: &dyn Fn(usize) -> bool,
    offset: usize,
    cx: &mut Context,
) -> Result<(), Abort> {
    let (Some((choice, one, other)), Some(child)) = (
        clash(node.rules.choices, index, holds),
        node.children().get(index),
    ) else {
        return Ok(());
    };
    let expected = format!(
        "data of one case of the choice \"{}\", of \"{}\" or of \"{}\"",
        choice.name, one.name, other.name
    );
    let name = child.qualified_name();
    cx.fault_at(name, FaultKind::SeveralCases, offset, None, expected)
}

/// The choice of which one case has the node at `index` and another one what is held.
fn clash<'s>(
    choices: &'s [&'s Schema<'s>],
    index: usize,
    holds: &dyn Fn(usize) -> bool,
) -> Option<(&'s Schema<'s>, &'s Case<'s>, &'s Case<'s>)> {
    let case_of = |choice: &'s Schema<'s>, is_it: &dyn Fn(usize) -> bool| {
        let mut cases = choice.cases.iter();
        cases.find(|case| has_node(case, is_it))
    };
    choices.iter().find_map(|choice| {
        let other = case_of(choice, &|at| at == index)?;
        let one = case_of(choice, holds)?;
        if std::ptr::eq(one, other) {
            clash(other.choices, index, holds)
        } else {
            Some((*choice, one, other))
        }
    })
}

/// Returns true if a case has such a node.
fn has_node(case: &Case<'_>, is_it: &dyn Fn(usize) -> bool) -> bool {
    let below = || case.choices.iter().flat_map(|choice| choice.cases);
    case.nodes.iter().any(|at| is_it(*at)) || below().any(|case| has_node(case, is_it))
}

/// Records the mandatory nodes that are absent from cases with data in `value`, of which these members
/// were read, and the empty containers that stand beside another case.
pub(super) fn absent_from_cases<S: Seen>(
    value: &dyn tree::Node,
    members: &Members<S>,
    start: usize,
    cx: &mut Context,
) -> Result<(), Abort> {
    let Members { seen, void, .. } = members;
    from_cases(
        value,
        &|at| seen.contains(at),
        &|at| void.contains(at),
        start,
        cx,
    )
}

fn from_cases(
    value: &dyn tree::Node,
    is_seen: &dyn Fn(usize) -> bool,
    is_void: &dyn Fn(usize) -> bool,
    start: usize,
    cx: &mut Context,
) -> Result<(), Abort> {
    // The nodes around an operation only say where it is.
    if cx.is_around_operation() {
        return Ok(());
    }
    let is_there = |at| is_seen(at) && !value.child(at).is_none();
    let schema = value.schema();
    let is_container = |at| schema.children().get(at).is_some_and(Node::is_always_there);
    let is_empty = |at| is_void(at) && is_container(at);
    for index in (0..schema.children().len()).filter(|at| is_empty(*at)) {
        let is_before = |at| is_there(at) || (at < index && is_empty(at));
        second_case(schema, index, &is_before, start, cx)?;
    }
    let mut absent = Vec::new();
    let is_read = |at| is_seen(at) && !is_void(at);
    gather_absent(schema.rules.choices, &is_there, &is_read, &mut absent);
    let mut absent = absent.into_iter();
    absent.try_for_each(|at| match schema.children().get(at) {
        Some(child) => absent_node(child, false, start, cx),
        None => Ok(()),
    })
}

fn gather_absent(
    choices: &[&Schema<'_>],
    is_there: &dyn Fn(usize) -> bool,
    is_read: &dyn Fn(usize) -> bool,
    absent: &mut Vec<usize>,
) {
    let cases = choices.iter().flat_map(|choice| choice.cases);
    for case in cases.filter(|case| has_node(case, is_there)) {
        absent.extend(case.mandatory.iter().filter(|at| !is_read(**at)));
        gather_absent(case.choices, is_there, is_read, absent);
    }
}
