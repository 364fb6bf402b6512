//! Checks between nodes, over the finished data: keys of list entries, values of configuration
//! leaf-lists, leafrefs. Only where the schema has such a constraint is the data walked.

use std::collections::{HashMap, HashSet};

use foldhash::quality::RandomState;

use super::{Fault, FaultKind, Faults, InstancePath, Predicate, Step};
use crate::decode::{Abort, Context, Options, ValueError};
use crate::schema::{self, Integer, Kind, LeafPath, Type};
use crate::tree::{Child, Entries, Leaves, Node, Value};
use crate::types::{InstanceIdentifier, binary, decimal64};

/// A level of the way to a node: its description, and which of several instances (from 0).
pub(crate) type Place = (&'static schema::Node, usize);

/// Finds the offset in the message of the node at a place.
pub(crate) type Locate<'a> = &'a mut dyn FnMut(&[Place]) -> Option<usize>;

/// A place as a key: nodes are known by their addresses.
pub(crate) type Key = Vec<(usize, usize)>;

/// A level of a place as a key.
pub(crate) fn key(node: &'static schema::Node, ordinal: usize) -> (usize, usize) {
    (std::ptr::from_ref(node).addr(), ordinal)
}

/// How many members of a union are passed over for the value at a place.
pub(crate) type Places = HashMap<Key, usize>;

/// The values of unions that were taken for references to what is not there, so that the message is
/// read again with their next members (RFC 7950 section 9.12).
#[derive(Debug, Default)]
pub(crate) struct Retries {
    places: Places,
    due: bool,
    rounds: usize,
}

impl Retries {
    /// More rounds than any union has members would be a chain of references from union to union.
    const MAX_ROUNDS: usize = 64;

    /// The places, if there are any.
    pub(crate) fn places(&self) -> Option<&Places> {
        (!self.places.is_empty()).then_some(&self.places)
    }

    /// Whether the message has to be read again.
    pub(crate) const fn is_due(&mut self) -> bool {
        std::mem::replace(&mut self.due, false)
    }

    /// Passes over one more member for the value at this place; false if that was tried too often.
    fn add(&mut self, place: Key) -> bool {
        if !self.due {
            self.rounds += 1;
        }
        if self.rounds > Self::MAX_ROUNDS {
            return false;
        }
        self.due = true;
        *self.places.entry(place).or_default() += 1;
        true
    }
}

type Values<'a> = HashSet<Value<'a>, RandomState>;

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
    cx.finish(&[])
}

/// Checks the constraints between the nodes of decoded data.
pub(crate) fn constraints(
    root: &dyn Node,
    cx: &mut Context,
    locate: Locate<'_>,
    retries: &mut Retries,
) -> Result<(), Abort> {
    Walk::new(root, cx, Some(locate), Some(retries)).node(root, 0, false)
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
        if values && let Some(error) = value_error(value, leaf.ty) {
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
            .and_then(|retries| retries.places.get(&place).copied());
        // Those that were passed over are the first ones, unless the value was another's then.
        let is_there = match fitting.as_slice().get(skipped.unwrap_or(0)) {
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
        if let Some((first, below)) = path.steps.split_first()
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
        for (node, ordinal) in self.stack.iter().rev() {
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

/// Whether `steps` lead to a node below `node`.
fn exists(node: &dyn Node, steps: &[&Step]) -> bool {
    let Some((step, below)) = steps.split_first() else {
        return true;
    };
    let is_it = |entry: &dyn Node, at: usize| match &step.predicate {
        Predicate::Position(position) => at + 1 == *position,
        Predicate::Keys(keys) => entry
            .keys()
            .zip(keys)
            .all(|((_, own), (_, key))| own.to_text() == *key),
        _ => false,
    };
    let Some((schema, child)) = node.get(&step.name) else {
        return false;
    };
    match child {
        Child::None => in_use(schema, below),
        Child::Leaf(_) => true,
        Child::Node(node) => exists(node, below),
        Child::Leaves(leaves) => match &step.predicate {
            Predicate::Position(position) => *position <= leaves.len(),
            Predicate::Value(value) => leaves.iter().any(|own| own.to_text() == *value),
            _ => false,
        },
        Child::Entries(entries) => entries
            .iter()
            .enumerate()
            .any(|(at, entry)| is_it(entry, at) && exists(entry, below)),
    }
}

/// Whether `steps` lead from an absent node to one that counts as there all the same: a leaf whose
/// default is in use (RFC 7950 section 7.6.1), or a container without presence.
fn in_use(schema: &'static schema::Node, steps: &[&Step]) -> bool {
    match &schema.kind {
        Kind::Leaf(leaf) => leaf.default.is_some(),
        Kind::Container {
            presence: false,
            children,
        } => match steps.split_first() {
            None => true,
            Some((step, below)) => crate::decode::child_by_name(schema, &step.name)
                .and_then(|at| children.get(at))
                .is_some_and(|child| in_use(child, below)),
        },
        _ => false,
    }
}

/// The values that a leafref can have.
#[derive(Default)]
struct Targets<'a> {
    values: Values<'a>,
    /// Those of absent leafs, whose defaults are in use.
    defaults: Vec<&'static str>,
}

impl Targets<'_> {
    fn contains(&self, value: Value<'_>) -> bool {
        self.values.contains(&value)
            || (!self.defaults.is_empty() && self.defaults.contains(&value.to_text().as_str()))
    }
}

/// Adds the values of the leafs that `steps` lead to.
fn gather<'a>(node: &'a dyn Node, steps: &[&str], targets: &mut Targets<'a>) {
    let Some((name, below)) = steps.split_first() else {
        return;
    };
    match node.get(name) {
        Some((_, Child::Leaf(value))) => drop(targets.values.insert(value)),
        Some((_, Child::Leaves(leaves))) => targets.values.extend(leaves.iter()),
        Some((_, Child::Node(node))) => gather(node, below, targets),
        Some((_, Child::Entries(entries))) => entries
            .iter()
            .for_each(|entry| gather(entry, below, targets)),
        Some((schema, Child::None)) => targets.defaults.extend(default_in_use(schema, below)),
        None => {}
    }
}

/// The default of the absent leaf that `steps` lead to from an absent node, if it is in use
/// (RFC 7950 section 7.6.1): only containers without presence are between.
fn default_in_use(schema: &'static schema::Node, steps: &[&str]) -> Option<&'static str> {
    match (&schema.kind, steps.split_first()) {
        (Kind::Leaf(leaf), _) => leaf.default,
        (
            Kind::Container {
                presence: false,
                children,
            },
            Some((name, below)),
        ) => {
            let at = crate::decode::child_by_name(schema, name)?;
            default_in_use(children.get(at)?, below)
        }
        _ => None,
    }
}

/// The path as an instance path has it: with a module where it changes.
fn path_text(path: &LeafPath) -> String {
    let mut text = path.ups.map_or(String::new(), |ups| "../".repeat(ups));
    let mut module = "";
    for (at, step) in path.steps.iter().enumerate() {
        if at > 0 || path.ups.is_none() {
            text.push('/');
        }
        match step.split_once(':') {
            Some((same, name)) if same == module => text.push_str(name),
            Some((other, _)) => {
                module = other;
                text.push_str(step);
            }
            None => text.push_str(step),
        }
    }
    text
}

/// What is wrong with a value that need not have been decoded.
fn value_error(value: Value<'_>, ty: &'static Type) -> Option<ValueError> {
    fits(value, ty).err()
}

/// Whether a value is one of the type, which of a union's members it may be.
fn fits(value: Value<'_>, ty: &'static Type) -> Result<(), ValueError> {
    let ty = ty.value_type();
    let good = match (value, ty) {
        (_, Type::Union(members)) => members.iter().any(|member| fits(value, member).is_ok()),
        (Value::String(text), Type::String { .. }) => return crate::decode::check_text(text, ty),
        (Value::Binary(octets), Type::Binary { .. }) => return binary::check(octets, ty),
        (
            Value::Decimal64(decimal),
            Type::Decimal64 {
                fraction_digits, ..
            },
        ) => {
            if decimal.fraction_digits == *fraction_digits {
                return decimal64::check(decimal.unscaled, ty);
            }
            false
        }
        (Value::Enumeration(value), Type::Enumeration(values)) => values.contains(value),
        (Value::Identityref(value), Type::Identityref(values)) => values.contains(value),
        (Value::Bits(set), Type::Bits(bits)) => set.are_of(bits),
        (Value::Boolean(_), Type::Boolean)
        | (Value::Empty, Type::Empty)
        | (Value::InstanceIdentifier(_), Type::InstanceIdentifier { .. })
        | (Value::DateAndTime(_), Type::String { .. }) => true,
        (_, Type::Integer { kind, .. }) => match number(value) {
            Some((number, own)) if own == *kind => {
                return if ty.in_range(number) {
                    Ok(())
                } else {
                    Err(ValueError::Range)
                };
            }
            _ => false,
        },
        _ => false,
    };
    good.then_some(()).ok_or(ValueError::Lexical)
}

/// The number that a value of an integer type is.
fn number(value: Value<'_>) -> Option<(i128, Integer)> {
    Some(match value {
        Value::Int8(value) => (value.into(), Integer::Int8),
        Value::Int16(value) => (value.into(), Integer::Int16),
        Value::Int32(value) => (value.into(), Integer::Int32),
        Value::Int64(value) => (value.into(), Integer::Int64),
        Value::Uint8(value) => (value.into(), Integer::Uint8),
        Value::Uint16(value) => (value.into(), Integer::Uint16),
        Value::Uint32(value) => (value.into(), Integer::Uint32),
        Value::Uint64(value) => (value.into(), Integer::Uint64),
        _ => return None,
    })
}
