//! Checks between nodes, over the finished data. Only where the schema has such constraints is the
//! data walked: for keys of list entries, values of configuration leaf-lists, and what values refer
//! to. Where the walk meets a node with rules, or a reference that a default may satisfy, the
//! accessible tree is made, and the rules are checked over that.

use std::collections::{HashMap, HashSet};

use foldhash::quality::RandomState;

use super::accessible::Tree;
use super::instances::TargetKey;
use super::references::{Targets, Values};
use super::report::Report;
pub(crate) use super::report::{Locate, Place};
use super::rules::{self, dangling, has_rules, has_rules_if_absent};
use super::unions::Retries;
use super::values::fits;
use super::when;
use crate::fault::{Abort, FaultKind, Faults, InstancePath, Position, Predicate, Recorder, Step};
use crate::options::Options;
use crate::schema::{self, Kind, Type};
use crate::tree::{Child, Entries, Leaves, Node, Value};

/// Validates data that was built rather than decoded: the values against their types, and the
/// constraints between nodes. Mandatory nodes without conditions are there by construction, or checked
/// in types that were generated for parts of a datastore; no choice has two cases.
///
/// ```
/// use examples::yang::acme_power::power_report::{Supply, supply::State};
/// use examples::yang::acme_power::{PowerReport, Slot};
/// use notif_runtime::fault::FaultKind;
/// use notif_runtime::validate::validate;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut report = PowerReport::new("2026-11-24T05:00:00Z".parse()?);
/// report.supply.push(Supply::new(Slot::new(1)?, State::Ok));
/// validate(&report)?;
///
/// // Two supplies in one slot, which is the key of the list.
/// report.supply.push(Supply::new(Slot::new(1)?, State::Failed));
/// let faults = validate(&report).unwrap_err();
/// assert_eq!(faults.list[0].kind, FaultKind::DuplicateEntry);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// All faults, up to the bound of [`Options::default`], without positions.
pub fn validate(root: &dyn Node) -> Result<(), Faults> {
    validate_with(root, &Options::default())
}

/// As [`validate`], with options: other limits, or [`Options::partial`] for a part of a datastore.
///
/// # Errors
/// All faults, up to the bound of the options, without positions.
pub fn validate_with(root: &dyn Node, options: &Options) -> Result<(), Faults> {
    let mut faults = Recorder::new(options.faults);
    let report = Report {
        faults: &mut faults,
        options: *options,
        locate: None,
    };
    // An abort means that there are enough faults.
    let _ = Walk::new(root, report, None).all(root, true);
    faults.finish(Position::in_bytes)
}

/// Checks the constraints between the nodes of decoded data: those of `node` and below. `around` are
/// the nodes that it stands in, from the top and each with its ordinal.
pub(crate) fn constraints<'a>(
    around: Vec<(&'a dyn Node, usize)>,
    node: &'a dyn Node,
    (faults, options): (&mut Recorder, &Options),
    locate: Locate<'_>,
    retries: &mut Retries,
) -> Result<(), Abort> {
    let root = around.first().map_or(node, |(top, _)| *top);
    let report = Report {
        faults,
        options: *options,
        locate: Some(locate),
    };
    let mut walk = Walk::new(root, report, Some(retries));
    walk.stack = around;
    let result = walk.all(node, false);
    let left = walk.tree.map(|tree| tree.caches.left());
    if let (Some(left), Some(retries)) = (left, walk.retries) {
        retries.spend_all_but(left, options.work);
    }
    result
}

/// Returns true if a type can lack a mandatory child. The mandatory nodes at the top of whole data
/// are demanded when it is read.
const fn can_lack(parent: &schema::Node<'_>, child: &schema::Node<'_>) -> bool {
    child.mandatory && child.module.partial && !matches!(parent.kind, Kind::Data { .. })
}

/// Comparing more instances one by one costs more than the accessible tree, which has indexes.
const MOST_LOOKS: usize = 100_000;

pub(super) struct Walk<'a, 'c> {
    pub(super) root: &'a dyn Node,
    /// The nodes from the root to where the walk is, with their ordinals.
    pub(super) stack: Vec<(&'a dyn Node, usize)>,
    report: Report<'c>,
    /// `None` for data that was not decoded.
    pub(super) retries: Option<&'c mut Retries>,
    /// The values that leafref paths lead to, gathered once for each node that they start from.
    pub(super) targets: HashMap<TargetKey, Targets<'a>, RandomState>,
    /// The number of instances that identifiers' predicates may still be compared with.
    pub(super) looks: usize,
    /// Made once a message, if it is needed.
    tree: Option<Tree<'a>>,
    /// True if there are rules to check over the tree.
    has_rules: bool,
}

impl<'a, 'c> Walk<'a, 'c> {
    fn new(root: &'a dyn Node, report: Report<'c>, retries: Option<&'c mut Retries>) -> Self {
        Self {
            root,
            retries,
            stack: Vec::new(),
            report,
            targets: HashMap::default(),
            looks: MOST_LOOKS,
            tree: None,
            has_rules: false,
        }
    }

    /// Checks `node` and all below it, and then the rules of these; with `values`, each leaf's value
    /// too.
    fn all(&mut self, node: &'a dyn Node, values: bool) -> Result<(), Abort> {
        self.has_rules = has_rules(node.schema());
        self.node(node, 0, values)?;
        let is_read_again = |retries: &Retries| retries.is_pending();
        if !self.has_rules || self.retries.as_deref().is_some_and(is_read_again) {
            return Ok(());
        }
        self.tree()?;
        let Some(tree) = &self.tree else {
            return Ok(());
        };
        rules::check(tree, &mut self.report)
    }

    /// The accessible tree, of which all conditions are known.
    pub(super) fn tree(&mut self) -> Result<&Tree<'a>, Abort> {
        if self.tree.is_none() {
            let spent = self.retries.as_deref().map_or(0, Retries::spent);
            let work = self.report.options.work.saturating_sub(spent);
            let tree = Tree::new(self.root, work);
            let mut tree = tree.map_err(|_| self.report.too_costly())?;
            when::resolve(&mut tree, &mut self.report)?;
            self.tree = Some(tree);
        }
        self.tree.as_ref().ok_or(Abort)
    }

    /// Records that the message takes more work than is allowed.
    pub(super) fn too_costly(&mut self) -> Abort {
        self.report.too_costly()
    }

    /// The places from the root to where the walk is.
    pub(super) fn places(&self) -> impl Iterator<Item = Place<'a>> {
        let levels = self.stack.iter();
        levels.map(|(node, ordinal)| (node.schema(), *ordinal))
    }

    /// Checks `node` and all below it; with `values`, each leaf's value too.
    fn node(&mut self, node: &'a dyn Node, ordinal: usize, values: bool) -> Result<(), Abort> {
        self.stack.push((node, ordinal));
        for (at, schema) in node.schema().children().iter().enumerate() {
            if schema.constrained || values {
                let child = node.child(at);
                if values && child.is_none() && can_lack(node.schema(), schema) {
                    self.absent(schema)?;
                }
                self.child(schema, child, values)?;
            }
        }
        if let Some(operation) = node.operation() {
            self.node(operation, 0, values)?;
        }
        self.stack.pop();
        Ok(())
    }

    /// Data that was built with a type for parts of a datastore can lack mandatory nodes.
    #[cold]
    fn absent(&mut self, schema: &'a schema::Node<'a>) -> Result<(), Abort> {
        if self.report.options.takes_part_of(schema) {
            return Ok(());
        }
        let expected = format!("the mandatory {} \"{}\"", schema.keyword(), schema.name);
        let step = Step::plain(schema.qualified_name());
        self.fault(
            FaultKind::MissingMandatory,
            (schema, 0),
            step,
            None,
            expected,
        )
    }

    fn child(
        &mut self,
        schema: &'a schema::Node<'a>,
        child: Child<'a>,
        values: bool,
    ) -> Result<(), Abort> {
        self.has_rules = self.has_rules
            || if child.is_none() {
                has_rules_if_absent(schema)
            } else {
                has_rules(schema)
            };
        match child {
            Child::None | Child::Any(_) => Ok(()),
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
        schema: &'a schema::Node<'a>,
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
        schema: &'a schema::Node<'a>,
        entry: &dyn Node,
        at: usize,
    ) -> Result<(), Abort> {
        let expected = format!("each entry of the list \"{}\" with other keys", schema.name);
        self.fault(
            FaultKind::DuplicateEntry,
            (schema, at),
            entry.shown_step(at + 1),
            None,
            expected,
        )
    }

    /// RFC 7950 section 7.7: the values of a configuration leaf-list are distinct.
    fn distinct(
        &mut self,
        schema: &'a schema::Node<'a>,
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
        schema: &'a schema::Node<'a>,
        at: usize,
        value: Value<'a>,
        values: bool,
    ) -> Result<(), Abort> {
        let Some(leaf) = schema.leaf() else {
            return Ok(());
        };
        if values && let Err(error) = fits(value, leaf.ty) {
            let before = self.report.faults.len();
            let result = self.fault(
                error.kind(),
                (schema, at),
                step(schema, value),
                Some(value),
                error.expected(leaf.ty),
            );
            let on_error = error.on_error(leaf.ty);
            (self.report.faults).tag(before, on_error.message, on_error.app_tag);
            result?;
        }
        if self.report.options.takes_part_of(schema) {
            return Ok(());
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
            && !self.target_exists((schema, at), path, value)?
        {
            let kind = FaultKind::DanglingLeafref;
            let step = step(schema, value);
            self.fault(kind, (schema, at), step, Some(value), dangling(path))?;
        }
        Ok(())
    }

    #[cold]
    pub(super) fn fault(
        &mut self,
        kind: FaultKind,
        at: Place<'a>,
        step: Step,
        value: Option<Value<'_>>,
        expected: String,
    ) -> Result<(), Abort> {
        let mut path = InstancePath::default();
        path.push_outer(step);
        let around = self.stack.iter().rev();
        for (node, ordinal) in around.filter(|(node, _)| !node.schema().is_data()) {
            path.push_outer(node.shown_step(ordinal + 1));
        }
        let places: Vec<Place<'a>> = self.places().chain([at]).collect();
        self.report.fault(kind, path, &places, value, expected)
    }
}

fn step(schema: &schema::Node<'_>, value: Value<'_>) -> Step {
    match schema.kind {
        Kind::LeafList(_) => value_step(schema, value),
        _ => Step::plain(schema.qualified_name()),
    }
}

fn value_step(schema: &schema::Node<'_>, value: Value<'_>) -> Step {
    Step {
        name: schema.qualified_name().into(),
        predicate: Predicate::Value(value.shown()),
    }
}

/// Of an instance-identifier, or a leafref to one: true if the node must exist.
fn required(ty: &Type<'_>) -> Option<bool> {
    match ty.value_type() {
        Type::InstanceIdentifier { require_instance } => Some(*require_instance),
        _ => None,
    }
}
