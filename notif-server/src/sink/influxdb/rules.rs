//! The user's changes to the points that follow from the schema.

use notif_runtime::path::Path;
use notif_runtime::registry::Registry;
use notif_runtime::schema::{Kind, Node};

use super::error::InfluxdbError;
use crate::config::Rule;

/// The rules of the configuration.
#[derive(Debug)]
pub(super) struct Rules(Vec<(Path, Rule)>);

/// The changes to one node.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Wish {
    pub(super) rename: Option<String>,
    pub(super) tag: bool,
    pub(super) drop: bool,
}

impl Rules {
    /// Reads the rules, and checks that their nodes exist.
    pub(super) fn new(rules: &[Rule], registry: &Registry) -> Result<Self, InfluxdbError> {
        let read = |rule: &Rule| {
            let path: Path = rule.path.parse()?;
            path.check(registry.roots())?;
            if path.has_predicates() {
                return Err(wrong(
                    rule,
                    "a rule is for all entries of a list: leave out what is in brackets",
                ));
            }
            let asked = [rule.rename.is_some(), rule.tag, rule.drop];
            if asked.iter().filter(|&&asked| asked).count() != 1 {
                return Err(wrong(
                    rule,
                    "expected one of rename = \"...\", tag = true, drop = true",
                ));
            }
            if rule.rename.as_deref().is_some_and(|name| !is_name(name)) {
                return Err(wrong(
                    rule,
                    "expected a name that is not empty, does not start with '_' or '#', and has \
                     neither backslashes nor control characters",
                ));
            }
            Ok((path, rule.clone()))
        };
        rules.iter().map(read).collect::<Result<_, _>>().map(Self)
    }

    /// The changes to the last node of `trail`; later rules win over earlier ones. `is_key` says
    /// that the node is a key of its list.
    pub(super) fn wish(
        &self,
        trail: &[&'static Node<'static>],
        is_key: bool,
    ) -> Result<Wish, InfluxdbError> {
        let mut wish = Wish::default();
        let Some(node) = trail.last() else {
            return Ok(wish);
        };
        for (_, rule) in self.0.iter().filter(|(path, _)| path.names(trail)) {
            // A pattern may also match containers on the way to its targets.
            let is_pattern = rule.path.contains('*');
            match (rule, &node.kind) {
                (Rule { drop: true, .. }, _) if is_key => {
                    if !is_pattern {
                        return Err(wrong(
                            rule,
                            "a key tells the entries of its list apart and cannot be dropped; \
                             drop the list instead",
                        ));
                    }
                }
                (Rule { drop: true, .. }, _) => wish.drop = true,
                (Rule { tag: true, .. }, Kind::Leaf(_)) => wish.tag = true,
                (
                    Rule {
                        rename: Some(name), ..
                    },
                    kind,
                ) if !is_plain_container(kind, trail) => {
                    wish.rename = Some(name.clone());
                }
                _ if is_pattern => {}
                (Rule { tag: true, .. }, _) => {
                    return Err(wrong(
                        rule,
                        &format!("a {} cannot be a tag, only a leaf", node.keyword()),
                    ));
                }
                _ => {
                    return Err(wrong(
                        rule,
                        "a container has no name of its own: rename its leafs, or the list or \
                         message that it is in",
                    ));
                }
            }
        }
        Ok(wish)
    }
}

/// True if it is a container that is neither a point nor a field.
fn is_plain_container(kind: &Kind<'_>, trail: &[&'static Node<'static>]) -> bool {
    let plain = matches!(
        kind,
        Kind::Container {
            presence: false,
            ..
        }
    );
    plain && trail.len() > 1
}

/// True if every version of InfluxDB allows it as the name of a measurement, tag or field.
fn is_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(['_', '#'])
        && !name.chars().any(|c| c == '\\' || c.is_control())
}

fn wrong(rule: &Rule, problem: &str) -> InfluxdbError {
    InfluxdbError::Rule {
        path: rule.path.clone(),
        problem: problem.to_owned(),
    }
}
