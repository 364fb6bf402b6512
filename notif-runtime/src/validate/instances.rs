//! Checks what values refer to: leafrefs, instance-identifiers, and unions of such.

use super::check::Walk;
use super::references::{Existence, Targets, exists, gather};
use super::report::Place;
use super::unions::{Key, key};
use super::values::fits;
use super::xpath::Evaluation;
use crate::fault::Step;
use crate::fault::{Abort, FaultKind};
use crate::schema::{LeafPath, LeafrefPath, Type};
use crate::tree::{Node, Value};
use crate::types::InstanceIdentifier;

/// The values that a path leads to are kept only for more nodes than this.
const FEW: usize = 8;

/// A path and the node that it starts from: by their addresses, and that of the node's schema, since
/// a node can have the address of the first one in it.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct TargetKey {
    path: usize,
    start: usize,
    schema: usize,
}

impl TargetKey {
    fn new(path: &LeafPath<'_>, start: &dyn Node) -> Self {
        Self {
            path: std::ptr::from_ref(path).addr(),
            start: std::ptr::from_ref(start).addr(),
            schema: std::ptr::from_ref(start.schema()).addr(),
        }
    }
}

impl<'a> Walk<'a, '_> {
    /// RFC 7950 section 9.12: a member that requires an instance has the value only if that exists.
    pub(super) fn union(
        &mut self,
        at: Place<'a>,
        step: Step,
        members: &[&'a Type<'a>],
        value: Value<'a>,
    ) -> Result<(), Abort> {
        let mut fitting = Vec::new();
        self.fitting(at, members, value, &mut fitting)?;
        if fitting.iter().all(|exists| *exists) {
            return Ok(());
        }
        let place: Key = self
            .places()
            .chain([at])
            .map(|(schema, ordinal)| key(schema, ordinal))
            .collect();
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

    /// For each member that the value can be of: true unless a required instance is missing.
    fn fitting(
        &mut self,
        at: Place<'a>,
        members: &[&'a Type<'a>],
        value: Value<'a>,
        found: &mut Vec<bool>,
    ) -> Result<(), Abort> {
        for member in members {
            match (member, value) {
                (Type::Union(members), _) => self.fitting(at, members, value, found)?,
                _ if fits(value, member).is_err() => {}
                (
                    Type::LeafRef {
                        path,
                        require_instance: true,
                        ..
                    },
                    _,
                ) => found.push(self.target_exists(at, path, value)?),
                (
                    Type::InstanceIdentifier {
                        require_instance: true,
                    },
                    Value::InstanceIdentifier(identifier),
                ) => found.push(self.is_there(identifier)?),
                _ => found.push(true),
            }
        }
        Ok(())
    }

    /// RFC 7950 section 9.13: the node that the identifier names exists.
    pub(super) fn instance(
        &mut self,
        at: Place<'a>,
        step: Step,
        identifier: &'a InstanceIdentifier,
    ) -> Result<(), Abort> {
        if self.is_there(identifier)? {
            return Ok(());
        }
        let value = Some(Value::InstanceIdentifier(identifier));
        let expected = "a node that is in the same message".to_owned();
        self.fault(FaultKind::MissingInstance, at, step, value, expected)
    }

    fn is_there(&mut self, identifier: &InstanceIdentifier) -> Result<bool, Abort> {
        let steps: Vec<&Step> = identifier.path().steps().collect();
        let existence = if self.root.schema().is_data() {
            exists(self.root, &steps, &mut self.looks)
        } else {
            match steps.split_first() {
                Some((first, below)) if first.name == self.root.schema().qualified_name() => {
                    exists(self.root, below, &mut self.looks)
                }
                _ => Existence::No,
            }
        };
        if existence != Existence::Perhaps {
            return Ok(existence == Existence::Yes);
        }
        let tree = self.tree()?;
        let found = Evaluation::new(tree, 0).named(identifier.path());
        let found = found.map_err(|_| self.too_costly())?;
        Ok(found.is_some())
    }

    /// RFC 7950 section 9.9.3: the leaf that the value of the leaf at `at` refers to exists.
    pub(super) fn target_exists(
        &mut self,
        at: Place<'a>,
        path: &'a LeafrefPath<'a>,
        value: Value<'a>,
    ) -> Result<bool, Abort> {
        if let LeafrefPath::Plain(plain) = path {
            let (is_there, may_be_default) = self.is_among(plain, value);
            if is_there || !may_be_default {
                return Ok(is_there);
            }
        }
        let places: Vec<Place<'a>> = self.places().chain([at]).collect();
        let tree = self.tree()?;
        let found = tree
            .at(places.into_iter())
            .and_then(|leaf| Evaluation::new(tree, leaf).targets(leaf, path, &value.to_text()));
        let found = found.map_err(|_| self.too_costly())?;
        Ok(!found.is_empty())
    }

    /// Two flags: the message has the value where the path leads; defaults may be there too.
    fn is_among(&mut self, path: &'a LeafPath<'a>, value: Value<'a>) -> (bool, bool) {
        let start = match path.ups {
            // The leaf's parent is one level up.
            Some(ups) => {
                let from = self.stack.len().checked_sub(ups);
                from.and_then(|at| self.stack.get(at))
                    .map(|(node, _)| *node)
            }
            None => Some(self.root),
        };
        let Some(start) = start else {
            return (false, false);
        };
        let verdict =
            |targets: &Targets<'a>| (targets.values.contains(&value), targets.may_be_default);
        let key = TargetKey::new(path, start);
        if let Some(targets) = self.targets.get(&key) {
            return verdict(targets);
        }
        let mut targets = Targets::default();
        match path.steps.split_first() {
            // The root of a message is a step of the path.
            Some((first, below)) if path.ups.is_none() && !start.schema().is_data() => {
                if *first == start.schema().qualified_name() {
                    gather(start, below, &mut targets);
                }
            }
            _ => gather(start, path.steps, &mut targets),
        }
        let verdict = verdict(&targets);
        if targets.looks > FEW {
            self.targets.insert(key, targets);
        }
        verdict
    }
}
