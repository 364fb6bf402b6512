//! Annotations in a message (RFC 7952): each is checked where a reader meets it; what only the
//! finished data tells is looked at afterwards, and only if there are any.

use std::collections::HashSet;

use foldhash::quality::RandomState;

use super::{Abort, Context, Reader};
use crate::annotation::{Annotations, leaf_step, path_of};
use crate::fault::{Fault, FaultKind, Step};
use crate::schema::{self, Module, Type, yang};
use crate::text::{SHOWN, excerpt};
use crate::tree::{Child, Node};
use crate::types::ValueError;
use crate::value::{Canonical, Names, Scalar, canonical_of};

/// What an annotation that a reader met is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Target {
    /// The member at whose value the reader is, or was last.
    Entered,
    /// The node whose members are being read.
    Itself,
    /// The member with this index, and of a leaf-list the value with this one.
    Child(usize, usize),
}

/// An annotation that a reader met, and checked but for its target.
#[derive(Debug)]
pub struct Annotated {
    pub(crate) target: Target,
    offset: usize,
    /// `None` for a null in its place: the value of a leaf-list has none. Boxed, since a message can
    /// have millions of nulls.
    note: Option<Box<Note>>,
}

#[derive(Debug)]
struct Note {
    module: &'static Module,
    name: &'static str,
    value: (Canonical, &'static Type),
}

impl Annotated {
    /// The annotation `name` of the module called `module`. `None` if there is none, or `scalar` is
    /// no value of it: that has been recorded, at the node that is being read.
    pub(crate) fn check(
        (module, name): (&str, &str),
        scalar: &Scalar<'_>,
        names: &Names<'_>,
        (target, offset): (Target, usize),
        cx: &mut Context,
    ) -> Result<Option<Self>, Abort> {
        let Some((module, annotation)) = yang::find_annotation(names.modules(), module, name)
        else {
            let found = excerpt(format_args!("{module}:{name}"), SHOWN);
            let expected = "an annotation that a module defines";
            cx.fault(FaultKind::UnknownAttribute, offset, Some(&found), expected)?;
            return Ok(None);
        };
        let Some(value) = canonical_of(scalar, annotation.ty(), names) else {
            let shown = scalar.shown();
            let expected = format!(
                "{} as the value of the annotation {}:{name}",
                ValueError::Lexical.expected(annotation.ty()),
                module.name
            );
            cx.fault(FaultKind::Lexical, offset, Some(&shown), expected)?;
            return Ok(None);
        };
        Ok(Some(Self {
            target,
            offset,
            note: Some(Box::new(Note {
                module,
                name: annotation.name,
                value,
            })),
        }))
    }

    /// A null in the place of annotations.
    pub(crate) const fn null(target: Target, offset: usize) -> Self {
        Self {
            target,
            offset,
            note: None,
        }
    }

    /// The module and the name.
    fn name(&self) -> Option<(&'static str, &'static str)> {
        let note = self.note.as_ref();
        note.map(|note| (note.module.name, note.name))
    }

    /// How a fault shows it.
    fn shown(&self) -> String {
        self.name().map_or_else(
            || "null".to_owned(),
            |(module, name)| format!("{module}:{name}"),
        )
    }
}

impl Annotated {
    /// Whether both are the same annotation.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

/// The annotations of a document that was read into `root`, at whose value `reader` is again. One
/// whose target is not there is recorded.
#[cold]
pub(super) fn collect(
    reader: &mut dyn Reader<'_>,
    root: &dyn Node,
    cx: &mut Context,
) -> Result<Annotations, Abort> {
    let mut walk = Walk::default();
    if !root.schema().is_data() {
        walk.enter(root.step(1));
    }
    walk.entered(reader);
    walk.node(reader, root, cx)?;
    Ok(walk.found)
}

/// The annotations of a node and its members that were met.
type Known = HashSet<(Target, Option<(&'static str, &'static str)>), RandomState>;

#[derive(Default)]
struct Walk {
    /// The steps to where the walk is, the outermost first.
    path: Vec<Step>,
    /// Those of them that annotations have used, by their indexes there.
    links: Vec<usize>,
    found: Annotations,
}

impl Walk {
    fn enter(&mut self, step: Step) {
        self.path.push(step);
    }

    fn leave(&mut self) {
        self.path.pop();
        self.links.truncate(self.path.len());
    }

    fn push(&mut self, met: Annotated) {
        let Some(note) = met.note else { return };
        for step in self.path.iter().skip(self.links.len()) {
            let outer = self.links.last().copied();
            self.links.push(self.found.link(outer, step.clone()));
        }
        let link = self.links.last().copied();
        self.found.add(link, note.module, note.name, note.value);
    }

    /// Takes the annotations of the node that was entered.
    fn entered(&mut self, reader: &mut dyn Reader<'_>) {
        for met in reader.annotations() {
            self.push(met);
        }
    }

    fn node(
        &mut self,
        reader: &mut dyn Reader<'_>,
        node: &dyn Node,
        cx: &mut Context,
    ) -> Result<(), Abort> {
        let schema = node.schema();
        if !reader.open_object(schema, cx)? {
            return Ok(());
        }
        let mut seen = vec![0; schema.children().len()];
        let mut known = HashSet::default();
        while let Some(index) = reader.next_member(schema, 0, cx)? {
            let (entered, others): (Vec<_>, Vec<_>) = reader
                .annotations()
                .into_iter()
                .partition(|met| met.target == Target::Entered);
            self.others(others, node, &mut known, cx)?;
            let (Some(child), Some(seen)) = (schema.children().get(index), seen.get_mut(index))
            else {
                match node.operation() {
                    Some(operation) => self.below(reader, operation, 0, entered, cx)?,
                    None => reader.skip(cx)?,
                }
                continue;
            };
            let at = *seen;
            *seen += 1;
            self.child(reader, (child, at), node.child(index), entered, cx)?;
        }
        let others = reader.annotations();
        self.others(others, node, &mut known, cx)
    }

    fn child(
        &mut self,
        reader: &mut dyn Reader<'_>,
        (schema, at): (&'static schema::Node, usize),
        child: Child<'_>,
        entered: Vec<Annotated>,
        cx: &mut Context,
    ) -> Result<(), Abort> {
        if let Child::Entries(entries) = child
            && !reader.repeats()
        {
            let mut at = 0;
            reader.open_array(schema, cx)?;
            while reader.next_element(at == 0, cx)? {
                match entries.get(at) {
                    Some(entry) => self.below(reader, entry, at, Vec::new(), cx)?,
                    None => reader.skip(cx)?,
                }
                at += 1;
            }
            return Ok(());
        }
        let below = match child {
            Child::Node(node) => Some(node),
            Child::Entries(entries) => entries.get(at),
            _ => None,
        };
        if let Some(node) = below {
            return self.below(reader, node, at, entered, cx);
        }
        // What was read is there.
        let Some(step) = member_step(schema, child, at) else {
            return reader.skip(cx);
        };
        self.enter(step);
        for met in entered {
            self.push(met);
        }
        if let Child::Any(_) = child {
            reader.any(schema, cx)?;
            self.entered(reader);
        } else {
            reader.skip(cx)?;
        }
        self.leave();
        Ok(())
    }

    fn below(
        &mut self,
        reader: &mut dyn Reader<'_>,
        node: &dyn Node,
        at: usize,
        entered: Vec<Annotated>,
        cx: &mut Context,
    ) -> Result<(), Abort> {
        self.enter(node.step(at + 1));
        for met in entered {
            self.push(met);
        }
        self.node(reader, node, cx)?;
        self.leave();
        Ok(())
    }

    /// Takes the annotations of `node` and of its members.
    fn others(
        &mut self,
        met: Vec<Annotated>,
        node: &dyn Node,
        known: &mut Known,
        cx: &mut Context,
    ) -> Result<(), Abort> {
        for met in met {
            if !known.insert((met.target, met.name())) {
                self.duplicate(&met, cx)?;
                continue;
            }
            let Target::Child(index, at) = met.target else {
                self.push(met);
                continue;
            };
            let Some(schema) = node.schema().children().get(index) else {
                continue;
            };
            let step = member_step(schema, node.child(index), at);
            let absent = step.is_none();
            self.enter(step.unwrap_or_else(|| Step::plain(schema.qualified_name())));
            if absent {
                self.absent(schema, &met, cx)?;
            } else {
                self.push(met);
            }
            self.leave();
        }
        Ok(())
    }

    fn duplicate(&self, met: &Annotated, cx: &mut Context) -> Result<(), Abort> {
        let fault = Fault {
            kind: FaultKind::Duplicate,
            app_tag: None,
            message: None,
            path: path_of(&self.path).shown(),
            position: None,
            value: Some(met.shown()),
            expected: "each annotation of a node only once".to_owned(),
        };
        cx.fault_in_tree(fault, Some(met.offset))
    }

    fn absent(
        &self,
        schema: &'static schema::Node,
        met: &Annotated,
        cx: &mut Context,
    ) -> Result<(), Abort> {
        let (keyword, name) = (schema.keyword(), schema.name);
        let fault = Fault {
            kind: FaultKind::UnknownAttribute,
            app_tag: None,
            message: None,
            path: path_of(&self.path).shown(),
            position: None,
            value: Some(met.shown()),
            expected: format!("the {keyword} \"{name}\" beside its annotation"),
        };
        cx.fault_in_tree(fault, Some(met.offset))
    }
}

/// The step to a member, the value or entry at `at` of several; `None` if it is not there.
fn member_step(schema: &'static schema::Node, child: Child<'_>, at: usize) -> Option<Step> {
    match child {
        Child::None => None,
        Child::Leaf(value) => Some(leaf_step(schema, value, 0)),
        Child::Leaves(leaves) => leaves.get(at).map(|value| leaf_step(schema, value, at)),
        Child::Node(node) => Some(node.step(1)),
        Child::Entries(entries) => entries.get(at).map(|entry| entry.step(at + 1)),
        Child::Any(_) => Some(Step::plain(schema.qualified_name())),
    }
}
