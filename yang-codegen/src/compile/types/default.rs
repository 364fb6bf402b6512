//! Defaults: values in the texts of modules, checked and in canonical form (RFC 7950 sections
//! 7.3.4, 7.6.4 and 7.7.4).

use std::collections::{BTreeMap, HashMap};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::base::bounds;
use super::canonical::canonical;
use super::items::Item;
use super::leafref::MOST_LEAFREFS;
use super::pattern::Pattern;
use super::range::Range;
use super::{Base, Resolved, Types, number, pattern};
use crate::compile::tree::{NodeId, Tree};
use crate::error::most_similar;
use crate::fault::{Fault, Faults};
use crate::model::IntKind;
use crate::modules::Identity;
use crate::parse::{Keyword, Statement};

impl<'m> Types<'m> {
    /// The canonical form of a default of a leaf or leaf-list whose type is `ty`. `value` is the
    /// `default` statement, which may be that of a typedef.
    pub(crate) fn default(
        &self,
        tree: &Tree<'m>,
        node: Option<NodeId>,
        ty: Statement<'m>,
        value: Statement<'m>,
        faults: &mut Faults,
    ) -> Option<String> {
        self.checked_default(Some((tree, node)), ty, value, faults)
    }

    /// As [`default`](Self::default); without a tree what depends on nodes is taken for right.
    pub(super) fn checked_default(
        &self,
        place: Option<(&Tree<'m>, Option<NodeId>)>,
        ty: Statement<'m>,
        value: Statement<'m>,
        faults: &mut Faults,
    ) -> Option<String> {
        let resolved = self.of(ty, faults)?;
        let mut check = Check {
            types: self,
            place,
            value,
            conditional: None,
            left: MOST_STEPS,
            leafrefs: 0,
        };
        match check.text(&resolved, value.argument()) {
            Ok(text) => {
                if let Some(item) = check.conditional {
                    faults.tolerable(conditional(value, item));
                }
                Some(text)
            }
            Err(wrong) => {
                faults.add(self.wrong_default(place, ty, value, wrong));
                None
            }
        }
    }

    /// The fault of a default, at the type that narrows its typedef's if that is the reason.
    fn wrong_default(
        &self,
        place: Option<(&Tree<'m>, Option<NodeId>)>,
        ty: Statement<'m>,
        value: Statement<'m>,
        wrong: Wrong,
    ) -> Fault {
        let Wrong {
            message,
            section,
            nearest,
        } = wrong;
        let typedef = value.parent();
        let typedef = typedef.filter(|around| around.keyword() == Keyword::Typedef);
        let own = typedef.and_then(|typedef| typedef.child(Keyword::Type));
        if let (Some(typedef), Some(own)) = (typedef, own)
            && own != ty
            && self
                .checked_default(place, own, value, &mut Faults::default())
                .is_some()
        {
            let (text, name) = (value.argument(), typedef.argument());
            let message =
                format!("the default \"{text}\" of the typedef {name} is no value here: {message}");
            return Fault::of(ty, "RFC 7950 section 7.3.4", message);
        }
        Fault::of(value, section, message).nearest(nearest)
    }
}

/// The most types that one default is held against: those of unions and of leafs that leafrefs refer
/// to.
const MOST_STEPS: usize = 100_000;

/// A value that a type does not have.
pub(super) struct Wrong {
    pub(super) message: String,
    pub(super) section: &'static str,
    pub(super) nearest: Option<String>,
}

pub(super) fn wrong<T>(section: &'static str, message: impl Into<String>) -> Result<T, Wrong> {
    Err(Wrong {
        message: message.into(),
        section,
        nearest: None,
    })
}

/// The fault of a name that an enumeration or bits type does not have.
fn unknown(items: &[Item<'_>], name: &str, section: &'static str) -> Wrong {
    Wrong {
        message: format!("the type has no \"{name}\"; state one of its names"),
        section,
        nearest: most_similar(name, items.iter().map(Item::name)),
    }
}

fn conditional(value: Statement<'_>, item: Statement<'_>) -> Fault {
    let message = format!(
        "the default depends on a feature, by the if-feature of {item}; state one that does not"
    );
    Fault::of(value, "RFC 7950 section 7.6.4", message)
}

/// The check of one default.
pub(super) struct Check<'c, 'm> {
    pub(super) types: &'c Types<'m>,
    /// The schema, and the node that has the default.
    pub(super) place: Option<(&'c Tree<'m>, Option<NodeId>)>,
    /// The `default` statement, in whose text prefixes have their meaning.
    pub(super) value: Statement<'m>,
    /// The name in the value that depends on a feature.
    conditional: Option<Statement<'m>>,
    left: usize,
    leafrefs: usize,
}

impl<'m> Check<'_, 'm> {
    /// The canonical form of a text.
    pub(super) fn text(&mut self, ty: &Resolved<'m>, text: &str) -> Result<String, Wrong> {
        let Some(left) = self.left.checked_sub(1) else {
            let message = "to check the default takes too many steps; state the type more simply";
            return wrong("RFC 7950 section 9.12", message);
        };
        self.left = left;
        match &ty.base {
            Base::Int { kind, range } => integer(*kind, range.as_ref(), text),
            Base::Decimal64 { digits, range } => decimal(*digits, range.as_ref(), text),
            Base::String { length, patterns } => self.string(ty, (length.as_ref(), patterns), text),
            Base::Binary { length } => binary(length.as_ref(), text),
            Base::Boolean => match text {
                "true" | "false" => Ok(text.to_owned()),
                _ => wrong(
                    "RFC 7950 section 9.5.1",
                    format!("\"{text}\" is no boolean; write true or false"),
                ),
            },
            Base::Empty => wrong(
                "RFC 7950 section 9.11",
                "an empty has no default; remove the statement",
            ),
            Base::Enumeration(items) => {
                let item = items.iter().find(|item| item.name() == text);
                let item = item.ok_or_else(|| unknown(items, text, "RFC 7950 section 9.6.4"))?;
                self.usable(item)?;
                Ok(text.to_owned())
            }
            Base::Bits(items) => self.bits(items, text),
            Base::Identityref(bases) => self.identity(bases, text),
            Base::InstanceIdentifier { .. } => self.instance(text),
            Base::Leafref { path, .. } => self.leafref(*path, text),
            Base::Union { members, .. } => self.union(members, text),
        }
    }

    fn string(
        &self,
        ty: &Resolved<'m>,
        (length, patterns): (Option<&Range<'m>>, &[Pattern<'m>]),
        text: &str,
    ) -> Result<String, Wrong> {
        check_length(length, text.chars().count(), "characters")?;
        if let Some(pattern) = patterns.iter().find(|own| !self.types.takes(own, text)) {
            let not = if pattern.inverted {
                "matches"
            } else {
                "does not match"
            };
            let pattern = pattern.statement.argument();
            let message = format!("\"{text}\" {not} the pattern {pattern}; state one that fits");
            return wrong(pattern::SECTION, message);
        }
        let form = self.types.form_of_type(ty.statement);
        match form.map(|form| canonical(form, text)) {
            None => Ok(text.to_owned()),
            Some(Some(text)) => Ok(text),
            Some(None) => wrong(
                "RFC 9911",
                format!("\"{text}\" is no value of the typedef, though its patterns take it"),
            ),
        }
    }

    fn bits(&mut self, items: &[Item<'m>], text: &str) -> Result<String, Wrong> {
        let by_name: HashMap<&str, &Item<'m>> =
            items.iter().map(|item| (item.name(), item)).collect();
        let mut set = BTreeMap::new();
        for name in text.split_ascii_whitespace() {
            let item = by_name.get(name);
            let item = item.ok_or_else(|| unknown(items, name, "RFC 7950 section 9.7.4"))?;
            self.usable(item)?;
            if set.insert(item.number, item.name()).is_some() {
                let message = format!("the bit \"{name}\" is there twice; name it once");
                return wrong("RFC 7950 section 9.7.2", message);
            }
        }
        let names: Vec<&str> = set.into_values().collect();
        Ok(names.join(" "))
    }

    /// Checks that an item can be a value. Without a schema that counts which features it depends
    /// on, not whether they are on: what has the type may depend on them too.
    fn usable(&mut self, item: &Item<'m>) -> Result<(), Wrong> {
        if self.place.is_some() && !item.enabled {
            let message = format!(
                "a feature that \"{}\" depends on is off; switch it on, or state another default",
                item.name()
            );
            return wrong("RFC 7950 section 7.6.4", message);
        }
        if item.conditional {
            self.conditional = Some(item.statement);
        }
        Ok(())
    }

    fn identity(&mut self, bases: &[Identity<'m>], text: &str) -> Result<String, Wrong> {
        const SECTION: &str = "RFC 7950 section 9.10.2";
        let modules = self.types.modules;
        let Some(identity) = modules.identity(self.value, text) else {
            return Err(Wrong {
                message: format!(
                    "no identity \"{text}\" can be seen from here; name one, with its prefix"
                ),
                section: SECTION,
                nearest: modules.nearest_identity(self.value, text),
            });
        };
        let is_derived = |base: &Identity<'m>| modules.derived(*base).contains(&identity);
        if !bases.iter().all(is_derived) {
            let message =
                format!("\"{text}\" is not derived from all bases of the type; state one that is");
            return wrong(SECTION, message);
        }
        let module = modules.module(identity.module);
        let module = module.map_or("", |module| &module.name);
        if self.place.is_some() && self.types.implemented(identity).is_none() {
            let reason = if modules.is_enabled(identity.statement) {
                format!("module {module} is only imported; ask for it too")
            } else {
                "a feature that it depends on is off; switch it on".to_owned()
            };
            return wrong(SECTION, format!("\"{text}\" is no value: {reason}"));
        }
        if identity.statement.child(Keyword::IfFeature).is_some() {
            self.conditional = Some(identity.statement);
        }
        Ok(format!("{module}:{}", identity.name()))
    }

    fn leafref(&mut self, path: Statement<'m>, text: &str) -> Result<String, Wrong> {
        let Some((tree, node)) = self.place else {
            return Ok(text.to_owned());
        };
        let types = self.types;
        let target = types.path(tree, node, path);
        let target = target.and_then(|resolved| types.target(tree, node, path, &resolved));
        let ty = target.ok().and_then(|target| {
            let ty = tree.get(target)?.ty?;
            Some((target, types.of(ty, &mut Faults::default())?))
        });
        // A reference that leads nowhere is a fault of the type.
        let Some((target, ty)) = ty.filter(|_| self.leafrefs < MOST_LEAFREFS) else {
            return Ok(text.to_owned());
        };
        self.place = Some((tree, Some(target)));
        self.leafrefs += 1;
        let found = self.text(&ty, text);
        self.leafrefs -= 1;
        self.place = Some((tree, node));
        found
    }

    fn union(
        &mut self,
        members: &[std::rc::Rc<Resolved<'m>>],
        text: &str,
    ) -> Result<String, Wrong> {
        for member in members {
            self.conditional = None;
            // RFC 7950 section 9.11 has no default of an empty alone.
            let found = match &member.base {
                Base::Empty if text.is_empty() => Ok(String::new()),
                _ => self.text(member, text),
            };
            if found.is_ok() {
                return found;
            }
        }
        let message =
            format!("no member of the union has the value \"{text}\"; state one that one has");
        wrong("RFC 7950 section 9.12", message)
    }
}

fn integer(kind: IntKind, range: Option<&Range<'_>>, text: &str) -> Result<String, Wrong> {
    let Some(number) = number::integer(text) else {
        let message = format!("\"{text}\" is no whole number; write one");
        return wrong("RFC 7950 section 9.2.1", message);
    };
    let (least, greatest) = bounds(kind);
    if !(least..=greatest).contains(&number) {
        let message =
            format!("{text} is outside the type's bounds; state one from {least} to {greatest}");
        return wrong("RFC 7950 section 9.2", message);
    }
    check_range(range, number, text)?;
    Ok(number.to_string())
}

fn decimal(digits: u8, range: Option<&Range<'_>>, text: &str) -> Result<String, Wrong> {
    let number = number::decimal(text, digits);
    let Some(number) = number.filter(|number| i64::try_from(*number).is_ok()) else {
        let message = format!(
            "\"{text}\" is no decimal64 with {digits} digits behind the point; write one that is"
        );
        return wrong("RFC 7950 section 9.3", message);
    };
    check_range(range, number, text)?;
    Ok(number::decimal_text(number, digits))
}

fn check_range(range: Option<&Range<'_>>, number: i128, text: &str) -> Result<(), Wrong> {
    let Some(range) = range.filter(|range| !range.has(number)) else {
        return Ok(());
    };
    let allowed = range.text();
    let message = format!("{text} is not in the range {allowed}; state one that is");
    wrong(range.section(), message)
}

fn check_length(length: Option<&Range<'_>>, count: usize, unit: &str) -> Result<(), Wrong> {
    let number = i128::try_from(count).unwrap_or(i128::MAX);
    let Some(length) = length.filter(|length| !length.has(number)) else {
        return Ok(());
    };
    let allowed = length.text();
    let message = format!("it has {count} {unit}, and the length is to be {allowed}");
    wrong(length.section(), message)
}

fn binary(length: Option<&Range<'_>>, text: &str) -> Result<String, Wrong> {
    let text: String = text.split_ascii_whitespace().collect();
    let Ok(octets) = STANDARD.decode(&text) else {
        return wrong(
            "RFC 7950 section 9.8.2",
            "it is no base64 (RFC 4648 section 4); write it so",
        );
    };
    check_length(length, octets.len(), "octets")?;
    Ok(text)
}
