//! The annotations of a document (RFC 7952), if there are any: they are matched with their nodes
//! when all is read, in the finished data.

use std::collections::HashSet;

use foldhash::quality::RandomState;

use super::members::{Instance, each_member};
use crate::annotation::{Annotations, leaf_step, path_of};
use crate::decode::{Abort, Annotated, Context, OPERATION, Reader, Target};
use crate::fault::{Fault, FaultKind, Step};
use crate::schema;
use crate::tree::{Child, Node};

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
    /// The steps among them that annotations have used, by their indexes there.
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
        let mut known = HashSet::default();
        each_member(reader, node.schema(), cx, &mut |reader, instance, cx| {
            let met = reader.annotations().into_iter();
            let (entered, others): (Vec<_>, Vec<_>) =
                met.partition(|met| met.target == Target::Entered);
            self.others(others, node, &mut known, cx)?;
            if instance.index == OPERATION {
                return match node.operation() {
                    Some(operation) => self.below(reader, operation, 0, entered, cx),
                    None => reader.skip(cx),
                };
            }
            self.instance(reader, instance, node.child(instance.index), entered, cx)
        })?;
        let others = reader.annotations();
        self.others(others, node, &mut known, cx)
    }

    fn instance(
        &mut self,
        reader: &mut dyn Reader<'_>,
        Instance {
            schema, ordinal, ..
        }: Instance<'_>,
        child: Child<'_>,
        entered: Vec<Annotated>,
        cx: &mut Context,
    ) -> Result<(), Abort> {
        let below = match child {
            Child::Node(node) => Some(node),
            Child::Entries(entries) => entries.get(ordinal),
            _ => None,
        };
        if let Some(node) = below {
            return self.below(reader, node, ordinal, entered, cx);
        }
        let is_any = matches!(child, Child::Any(_));
        if entered.is_empty() && !is_any {
            return reader.skip(cx);
        }
        // The member was read, so it is there.
        let Some(step) = member_step(schema, child, ordinal) else {
            return reader.skip(cx);
        };
        self.enter(step);
        for met in entered {
            self.push(met);
        }
        if is_any {
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
        cx.faults.push(fault, Some(met.offset))
    }

    fn absent(
        &self,
        schema: &schema::Node<'_>,
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
        cx.faults.push(fault, Some(met.offset))
    }
}

/// The step to a member, the value or entry at `at` of several; `None` if it is not there.
fn member_step(schema: &schema::Node<'_>, child: Child<'_>, at: usize) -> Option<Step> {
    match child {
        Child::None => None,
        Child::Leaf(value) => Some(leaf_step(schema, value, 0)),
        Child::Leaves(leaves) => leaves.get(at).map(|value| leaf_step(schema, value, at)),
        Child::Node(node) => Some(node.step(1)),
        Child::Entries(entries) => entries.get(at).map(|entry| entry.step(at + 1)),
        Child::Any(_) => Some(Step::plain(schema.qualified_name())),
    }
}
