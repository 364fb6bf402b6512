//! Types as the model has them, where they are used.

use std::collections::BTreeSet;

use super::base::bounds;
use super::items::Item;
use super::leafref::MOST_LEAFREFS;
use super::pattern::Pattern as Restriction;
use super::range::{Part, Range};
use super::resolve::MOST_MEMBERS;
use super::{Base, Resolved, Types};
use crate::compile::check::check_reference;
use crate::compile::docs::docs;
use crate::compile::tree::{NodeId, Tree};
use crate::fault::{Fault, Faults};
use crate::model::{self, Bit, EnumValue, IdentityValue, OnError, Pattern, QName, TypeUse};
use crate::modules::Identity;
use crate::parse::Statement;

impl<'m> Types<'m> {
    /// The type of a leaf or leaf-list, or of an annotation, which is no node and whose typedef is
    /// not named. The typedefs that it names are added to `used`.
    pub(crate) fn type_use(
        &self,
        tree: &Tree<'m>,
        node: Option<NodeId>,
        ty: Statement<'m>,
        used: &mut BTreeSet<QName>,
        faults: &mut Faults,
    ) -> Option<TypeUse> {
        let resolved = self.of(ty, faults)?;
        if has_no_value(&resolved) {
            let message = "the features are off that all of its names depend on, so it has no value; \
                           switch one on";
            faults.at(ty, "RFC 7950 section 7.20.2", message);
            return None;
        }
        let mut conversion = Conversion::new(self, tree, used, faults);
        match node {
            Some(_) => conversion.type_use(&resolved, node),
            None => Some(TypeUse {
                ty: conversion.of(&resolved, node)?,
                typedef: None,
            }),
        }
    }
}

/// The conversion of one type, with those of the leafs that it refers to.
pub(super) struct Conversion<'c, 'm> {
    types: &'c Types<'m>,
    tree: &'c Tree<'m>,
    used: &'c mut BTreeSet<QName>,
    faults: &'c mut Faults,
    /// The leafs whose types are being converted.
    above: Vec<NodeId>,
    /// The types that may still be made: unions of leafrefs to each other would double them with
    /// each step.
    left: usize,
}

impl<'c, 'm> Conversion<'c, 'm> {
    pub(super) fn new(
        types: &'c Types<'m>,
        tree: &'c Tree<'m>,
        used: &'c mut BTreeSet<QName>,
        faults: &'c mut Faults,
    ) -> Self {
        Self {
            types,
            tree,
            used,
            faults,
            above: Vec::new(),
            left: MOST_MEMBERS,
        }
    }

    fn type_use(&mut self, ty: &Resolved<'m>, node: Option<NodeId>) -> Option<TypeUse> {
        let typedef = self.types.unrestricted(ty);
        let typedef = typedef.filter(|_| self.is_fixed(ty, node));
        self.used.extend(typedef.clone());
        Some(TypeUse {
            ty: self.of(ty, node)?,
            typedef,
        })
    }

    /// True if a type means the same wherever its typedef is used. A relative path leads elsewhere
    /// from every leaf, even to leafs of other types, and a name without a prefix is one of the leaf's
    /// module.
    fn is_fixed(&self, ty: &Resolved<'m>, node: Option<NodeId>) -> bool {
        match &ty.base {
            Base::Leafref { path, .. } => {
                let own = self.types.path(self.tree, None, *path).ok();
                path.argument().trim_start().starts_with('/')
                    && own.is_some()
                    && own == self.types.path(self.tree, node, *path).ok()
            }
            Base::Union { members, .. } => members.iter().all(|member| self.is_fixed(member, node)),
            _ => true,
        }
    }

    /// The type itself, as it is at a node.
    pub(super) fn of(&mut self, ty: &Resolved<'m>, node: Option<NodeId>) -> Option<model::Type> {
        self.spend(ty.statement)?;
        Some(match &ty.base {
            Base::Int { kind, range } => {
                let (range, on_error) = parts(range.as_ref(), Some(bounds(*kind)));
                model::Type::Int {
                    kind: *kind,
                    range,
                    on_error,
                }
            }
            Base::Decimal64 { digits, range } => {
                let all = (i64::MIN.into(), i64::MAX.into());
                let (range, on_error) = parts(range.as_ref(), Some(all));
                model::Type::Decimal64 {
                    fraction_digits: *digits,
                    range: range.into_iter().map(narrow).collect(),
                    on_error,
                }
            }
            Base::String { length, patterns } => {
                let (length, on_error) = parts(length.as_ref(), None);
                model::Type::String {
                    length: length.into_iter().map(narrow).collect(),
                    patterns: self.patterns(patterns)?,
                    on_error,
                    canonical: self.types.form_of_type(ty.statement),
                }
            }
            Base::Binary { length } => {
                let (length, on_error) = parts(length.as_ref(), None);
                model::Type::Binary {
                    length: length.into_iter().map(narrow).collect(),
                    on_error,
                }
            }
            Base::Boolean => model::Type::Boolean,
            Base::Empty => model::Type::Empty,
            Base::Enumeration(items) => model::Type::Enumeration(enabled(items, value)),
            Base::Bits(items) => model::Type::Bits(enabled(items, bit)),
            Base::Identityref(bases) => model::Type::Identityref(self.identities(bases)),
            Base::InstanceIdentifier { require_instance } => model::Type::InstanceIdentifier {
                require_instance: *require_instance,
            },
            Base::Leafref {
                path,
                require_instance,
            } => self.leafref(*path, *require_instance, node)?,
            Base::Union { members, .. } => {
                let mut found = Vec::new();
                for member in members.iter() {
                    self.member(member, node, &mut found)?;
                }
                model::Type::Union(found)
            }
        })
    }

    /// Counts a type; `None`, and a fault, if there are too many.
    fn spend(&mut self, ty: Statement<'m>) -> Option<()> {
        let left = self.left.checked_sub(1);
        if left.is_none() {
            let message =
                format!("with the leafs that it refers to it has more than {MOST_MEMBERS} types");
            self.faults.at(ty, "RFC 7950 section 9.12", message);
        }
        self.left = left?;
        Some(())
    }

    /// A member of a union; those of a union in it that has no typedef of its own stand in its place.
    fn member(
        &mut self,
        member: &Resolved<'m>,
        node: Option<NodeId>,
        found: &mut Vec<TypeUse>,
    ) -> Option<()> {
        match &member.base {
            Base::Union { members, .. } if self.types.unrestricted(member).is_none() => {
                for inner in members.iter() {
                    self.member(inner, node, found)?;
                }
            }
            _ => found.push(self.type_use(member, node)?),
        }
        Some(())
    }

    fn patterns(&mut self, patterns: &[Restriction<'m>]) -> Option<Vec<Pattern>> {
        let faults: Vec<Fault> = patterns.iter().filter_map(Restriction::fault).collect();
        for fault in faults {
            self.faults.add(fault);
        }
        patterns.iter().map(Restriction::converted).collect()
    }

    fn identities(&self, bases: &[Identity<'m>]) -> Vec<IdentityValue> {
        let mut values: Vec<IdentityValue> = self
            .types
            .identities(bases)
            .into_iter()
            .filter_map(|identity| {
                Some(IdentityValue {
                    identity: self.types.implemented(identity)?,
                    docs: docs(identity.statement),
                })
            })
            .collect();
        values.sort_by(|one, other| one.identity.cmp(&other.identity));
        values
    }

    fn leafref(
        &mut self,
        path: Statement<'m>,
        require_instance: bool,
        node: Option<NodeId>,
    ) -> Option<model::Type> {
        let found = self.types.path(self.tree, node, path).and_then(|resolved| {
            let target = self.types.target(self.tree, node, path, &resolved)?;
            self.check_target((path, require_instance), node, target)?;
            Ok((resolved, target))
        });
        let (resolved, target) = match found {
            Ok(found) => found,
            Err(fault) => {
                self.faults.add(*fault);
                return None;
            }
        };
        if let Some(leaf) = node.and_then(|node| self.tree.get(node)) {
            let target = self.tree.get(target)?;
            check_reference(self.types.modules, path, (leaf, target), self.faults);
        }
        let depth = self.above.len();
        self.above.extend(node.filter(|_| depth == 0));
        self.above.push(target);
        let leaf = self.tree.get(target)?;
        let ty = self.types.of(leaf.ty?, self.faults)?;
        let converted = self.type_use(&ty, Some(target));
        self.above.truncate(depth);
        Some(model::Type::LeafRef {
            path: resolved,
            require_instance,
            target: Box::new(converted?),
        })
    }

    /// Checks that a chain of leafrefs has an end, and that configuration does not depend on state.
    fn check_target(
        &self,
        (path, require_instance): (Statement<'m>, bool),
        node: Option<NodeId>,
        target: NodeId,
    ) -> Result<(), Box<Fault>> {
        let is_config = |node| self.tree.get(node).is_some_and(|node| node.config);
        let message = if node == Some(target) || self.above.contains(&target) {
            "the reference leads back to itself; refer to a leaf that has a value of its own"
                .to_owned()
        } else if self.above.len() > MOST_LEAFREFS {
            format!("the chain of leafrefs from here has more than {MOST_LEAFREFS} of them")
        } else if require_instance && node.is_some_and(is_config) && !is_config(target) {
            "configuration refers to state data; refer to configuration, or state require-instance \
             false"
                .to_owned()
        } else {
            return Ok(());
        };
        Err(Box::new(Fault::of(path, "RFC 7950 section 9.9", message)))
    }
}

/// The parts of a range or length, and the error of values outside; none if they are `all` values.
fn parts(range: Option<&Range<'_>>, all: Option<Part>) -> (Vec<Part>, OnError) {
    match range {
        Some(range) if !matches!((&*range.parts, all), ([part], Some(all)) if *part == all) => {
            (range.parts.to_vec(), range.on_error())
        }
        _ => Default::default(),
    }
}

/// A part in the numbers of its type, whose bounds it is within.
fn narrow<T: TryFrom<i128> + Default>((least, greatest): Part) -> (T, T) {
    let narrow = |number| T::try_from(number).unwrap_or_default();
    (narrow(least), narrow(greatest))
}

fn enabled<T>(items: &[Item<'_>], form: impl Fn(&Item<'_>) -> T) -> Vec<T> {
    items.iter().filter(|item| item.enabled).map(form).collect()
}

/// True if all names depend on features that are off. In a union the other members have values.
fn has_no_value(ty: &Resolved<'_>) -> bool {
    match &ty.base {
        Base::Enumeration(items) | Base::Bits(items) => items.iter().all(|item| !item.enabled),
        _ => false,
    }
}

fn value(item: &Item<'_>) -> EnumValue {
    EnumValue {
        name: item.name().to_owned(),
        value: i32::try_from(item.number).unwrap_or_default(),
        docs: docs(item.statement),
    }
}

fn bit(item: &Item<'_>) -> Bit {
    Bit {
        name: item.name().to_owned(),
        position: u32::try_from(item.number).unwrap_or_default(),
        docs: docs(item.statement),
    }
}
