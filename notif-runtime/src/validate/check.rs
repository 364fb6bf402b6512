//! Checks between nodes, over the finished data: keys of list entries, values of configuration
//! leaf-lists, leafrefs. Only where the schema has such a constraint is the data walked.

use std::collections::HashSet;

use foldhash::quality::RandomState;

use super::fits::fits;
use super::references::{Targets, Values, exists, gather, path_text};
use super::retries::{Key, Retries, key};
use super::{Fault, FaultKind, Faults, InstancePath, Position, Predicate, Step};
use crate::decode::{Abort, Context, Options};
use crate::schema::{self, Kind, LeafPath, Type};
use crate::tree::{Child, Entries, Leaves, Node, Value};
use crate::types::InstanceIdentifier;

/// A level of the way to a node: its description, and which of several instances (from 0).
pub(crate) type Place = (&'static schema::Node, usize);

/// Finds the offset in the message of the node at a place.
pub(crate) type Locate<'a> = &'a mut dyn FnMut(&[Place]) -> Option<usize>;

/// Validates data that was built rather than decoded: the values against their types, and the
/// constraints between nodes. Mandatory nodes are there by construction.
///
/// # Errors
/// All faults, up to the bound of [`Options::default`], without positions.
pub fn validate(root: &dyn Node) -> Result<(), Faults> {
    let mut cx = Context::new(Options::default());
    let mut walk = Walk::new(root, &mut cx, None, None);
    // An abort means that there are enough faults; they are in the context.
    let _ = walk.node(root, 0, true);
    cx.finish(Position::in_bytes)
}

/// Checks the constraints between the nodes of decoded data: those of `node` and below. `around` are
/// the nodes that it stands in, from the top and each with its ordinal.
pub(crate) fn constraints<'a>(
    around: Vec<(&'a dyn Node, usize)>,
    node: &'a dyn Node,
    cx: &mut Context,
    locate: Locate<'_>,
    retries: &mut Retries,
) -> Result<(), Abort> {
    let root = around.first().map_or(node, |(top, _)| *top);
    let mut walk = Walk::new(root, cx, Some(locate), Some(retries));
    walk.stack = around;
    walk.node(node, 0, false)
}

struct Walk<'a, 'c> {
    root: &'a dyn Node,
    /// The nodes from the root to where the walk is, with their ordinals.
    stack: Vec<(&'a dyn Node, usize)>,
    cx: &'c mut Context,
    locate: Option<Locate<'c>>,
    /// Of data that was decoded.
    retries: Option<&'c mut Retries>,
    /// The values that absolute leafref paths lead to, gathered once a message.
    targets: Vec<(&'static LeafPath, Targets<'a>)>,
}

impl<'a, 'c> Walk<'a, 'c> {
    fn new(
        root: &'a dyn Node,
        cx: &'c mut Context,
        locate: Option<Locate<'c>>,
        retries: Option<&'c mut Retries>,
    ) -> Self {
        Self {
            root,
            retries,
            stack: Vec::new(),
            cx,
            locate,
            targets: Vec::new(),
        }
    }

    /// Checks `node` and all below it; with `values`, each leaf's value too.
    fn node(&mut self, node: &'a dyn Node, ordinal: usize, values: bool) -> Result<(), Abort> {
        self.stack.push((node, ordinal));
        for (at, schema) in node.schema().children().iter().enumerate() {
            if schema.constrained || values {
                self.child(schema, node.child(at), values)?;
            }
        }
        if let Some(operation) = node.operation() {
            self.node(operation, 0, values)?;
        }
        self.stack.pop();
        Ok(())
    }

    fn child(
        &mut self,
        schema: &'static schema::Node,
        child: Child<'a>,
        values: bool,
    ) -> Result<(), Abort> {
        match child {
            Child::None => Ok(()),
            Child::Leaf(value) => self.leaf(schema, 0, value, values),
            Child::Node(node) => self.node(node, 0, values),
            Child::Leaves(leaves) => {
                if schema.config {
                    self.distinct(schema, leaves)?;
                }
                leaves
                    .iter()
                    .enumerate()
                    .try_for_each(|(at, value)| self.leaf(schema, at, value, values))
            }
            Child::Entries(entries) => {
                self.keys(schema, entries)?;
                entries
                    .iter()
                    .enumerate()
                    .try_for_each(|(at, entry)| self.node(entry, at, values))
            }
        }
    }

    /// RFC 7950 section 7.8.2: no two entries with the same keys.
    fn keys(
        &mut self,
        schema: &'static schema::Node,
        entries: &'a dyn Entries,
    ) -> Result<(), Abort> {
        match schema.keys() {
            [] => Ok(()),
            [key] => {
                let mut seen =
                    Values::with_capacity_and_hasher(entries.len(), RandomState::default());
                for (at, entry) in entries.iter().enumerate() {
                    if let Child::Leaf(value) = entry.child(*key)
                        && !seen.insert(value)
                    {
                        self.duplicate_entry(schema, entry, at)?;
                    }
                }
                Ok(())
            }
            _ => {
                let mut seen: HashSet<Vec<Value<'a>>, RandomState> = HashSet::default();
                for (at, entry) in entries.iter().enumerate() {
                    if !seen.insert(entry.keys().map(|(_, value)| value).collect()) {
                        self.duplicate_entry(schema, entry, at)?;
                    }
                }
                Ok(())
            }
        }
    }

    #[cold]
    fn duplicate_entry(
        &mut self,
        schema: &'static schema::Node,
        entry: &dyn Node,
        at: usize,
    ) -> Result<(), Abort> {
        let expected = format!("each entry of the list \"{}\" with other keys", schema.name);
        self.fault(
            FaultKind::DuplicateEntry,
            (schema, at),
            entry.step(at + 1),
            None,
            expected,
        )
    }

    /// RFC 7950 section 7.7: the values of a configuration leaf-list are distinct.
    fn distinct(
        &mut self,
        schema: &'static schema::Node,
        leaves: &'a dyn Leaves,
    ) -> Result<(), Abort> {
        let mut seen = Values::default();
        for (at, value) in leaves.iter().enumerate() {
            if !seen.insert(value) {
                let expected = format!("each value of the leaf-list \"{}\" once", schema.name);
                let step = value_step(schema, value);
                self.fault(
                    FaultKind::DuplicateEntry,
                    (schema, at),
                    step,
                    Some(value),
                    expected,
                )?;
            }
        }
        Ok(())
    }

    fn leaf(
        &mut self,
        schema: &'static schema::Node,
        at: usize,
        value: Value<'a>,
        values: bool,
    ) -> Result<(), Abort> {
        let Some(leaf) = schema.leaf() else {
            return Ok(());
        };
        if values && let Err(error) = fits(value, leaf.ty) {
            self.fault(
                error.kind(),
                (schema, at),
                step(schema, value),
                Some(value),
                error.expected(leaf.ty),
            )?;
        }
        if let Type::Union(members) = leaf.ty {
            self.union((schema, at), step(schema, value), members, value)?;
        }
        if let (Value::InstanceIdentifier(identifier), Some(true)) = (value, required(leaf.ty)) {
            self.instance((schema, at), step(schema, value), identifier)?;
        }
        if let Type::LeafRef {
            path,
            require_instance: true,
            ..
        } = leaf.ty
            && !self.target_exists(path, value)
        {
            let expected = format!("a value that {} has in the same message", path_text(path));
            self.fault(
                FaultKind::DanglingLeafref,
                (schema, at),
                step(schema, value),
                Some(value),
                expected,
            )?;
        }
        Ok(())
    }

    /// RFC 7950 section 9.12: a member that requires an instance has the value only if that exists.
    fn union(
        &mut self,
        at: Place,
        step: Step,
        members: &[&'static Type],
        value: Value<'a>,
    ) -> Result<(), Abort> {
        let mut fitting = Vec::new();
        self.fitting(members, value, &mut fitting);
        if fitting.iter().all(|exists| *exists) {
            return Ok(());
        }
        let stack = self.stack.iter();
        let place = stack.map(|(node, ordinal)| key(node.schema(), *ordinal));
        let place: Key = place.chain([key(at.0, at.1)]).collect();
        let skipped = self
            .retries
            .as_ref()
            .map_or(0, |retries| retries.skipped(&place));
        // Those that were passed over are the first ones, unless the value was another's then.
        let is_there = match fitting.as_slice().get(skipped) {
            Some(is_there) => *is_there,
            None => fitting.contains(&true),
        };
        let is_built = self.retries.is_none() && fitting.contains(&true);
        if is_there
            || is_built
            || self
                .retries
                .as_mut()
                .is_some_and(|retries| retries.add(place))
        {
            return Ok(());
        }
        let expected = "a value that is in the same message where the type refers to".to_owned();
        self.fault(FaultKind::MissingInstance, at, step, Some(value), expected)
    }

    /// For each member that the value can be of: whether what it refers to exists, if it requires so.
    fn fitting(&mut self, members: &[&'static Type], value: Value<'a>, found: &mut Vec<bool>) {
        for member in members {
            match (member, value) {
                (Type::Union(members), _) => self.fitting(members, value, found),
                _ if fits(value, member).is_err() => {}
                (
                    Type::LeafRef {
                        path,
                        require_instance: true,
                        ..
                    },
                    _,
                ) => found.push(self.target_exists(path, value)),
                (
                    Type::InstanceIdentifier {
                        require_instance: true,
                    },
                    Value::InstanceIdentifier(identifier),
                ) => found.push(self.is_there(identifier)),
                _ => found.push(true),
            }
        }
    }

    /// RFC 7950 section 9.13: the node that the identifier names exists.
    fn instance(
        &mut self,
        at: Place,
        step: Step,
        identifier: &'a InstanceIdentifier,
    ) -> Result<(), Abort> {
        if self.is_there(identifier) {
            return Ok(());
        }
        let value = Some(Value::InstanceIdentifier(identifier));
        let expected = "a node that is in the same message".to_owned();
        self.fault(FaultKind::MissingInstance, at, step, value, expected)
    }

    fn is_there(&self, identifier: &InstanceIdentifier) -> bool {
        let steps: Vec<&Step> = identifier.path().steps().collect();
        if self.root.schema().is_data() {
            return exists(self.root, &steps);
        }
        steps.split_first().is_some_and(|(first, below)| {
            first.name == self.root.schema().qualified_name() && exists(self.root, below)
        })
    }

    /// RFC 7950 section 9.9.3: the referred leaf exists.
    fn target_exists(&mut self, path: &'static LeafPath, value: Value<'a>) -> bool {
        if let Some(ups) = path.ups {
            // The leaf's parent is one level up.
            let from = self
                .stack
                .len()
                .checked_sub(ups)
                .and_then(|at| self.stack.get(at));
            let mut values = Targets::default();
            if let Some((node, _)) = from {
                gather(*node, path.steps, &mut values);
            }
            return values.contains(value);
        }
        if let Some((_, values)) = self
            .targets
            .iter()
            .find(|(known, _)| std::ptr::eq(*known, path))
        {
            return values.contains(value);
        }
        let mut values = Targets::default();
        if self.root.schema().is_data() {
            gather(self.root, path.steps, &mut values);
        } else if let Some((first, below)) = path.steps.split_first()
            && *first == self.root.schema().qualified_name()
        {
            gather(self.root, below, &mut values);
        }
        let exists = values.contains(value);
        self.targets.push((path, values));
        exists
    }

    #[cold]
    fn fault(
        &mut self,
        kind: FaultKind,
        at: Place,
        step: Step,
        value: Option<Value<'_>>,
        expected: String,
    ) -> Result<(), Abort> {
        let mut path = InstancePath::default();
        path.push_outer(step);
        let around = self.stack.iter().rev();
        for (node, ordinal) in around.filter(|(node, _)| !node.schema().is_data()) {
            path.push_outer(node.step(ordinal + 1));
        }
        let place: Vec<Place> = self
            .stack
            .iter()
            .map(|(node, ordinal)| (node.schema(), *ordinal))
            .chain([at])
            .collect();
        let offset = self.locate.as_mut().and_then(|locate| locate(&place));
        let value = value.map(|value| format!("\"{}\"", crate::decode::shorten(&value.to_text())));
        self.cx.fault_in_tree(
            Fault {
                kind,
                path,
                position: None,
                value,
                expected,
            },
            offset,
        )
    }
}

fn step(schema: &'static schema::Node, value: Value<'_>) -> Step {
    match schema.kind {
        Kind::LeafList(_) => value_step(schema, value),
        _ => Step {
            name: schema.qualified_name().into(),
            predicate: Predicate::None,
        },
    }
}

fn value_step(schema: &'static schema::Node, value: Value<'_>) -> Step {
    Step {
        name: schema.qualified_name().into(),
        predicate: Predicate::Value(value.to_text()),
    }
}

/// Of an instance-identifier, or a leafref to one: whether the node must exist.
fn required(ty: &'static Type) -> Option<bool> {
    match ty.value_type() {
        Type::InstanceIdentifier { require_instance } => Some(*require_instance),
        _ => None,
    }
}
