//! The values of a message that a path asks for.

use std::io;
use std::iter;

use notif_runtime::schema;
use notif_runtime::tree::{Child, Node, Value};
use notif_runtime::validate::{InstancePath, Predicate, Step};

use crate::path::{Path, StepTest, Test};

/// A leaf that was asked for.
#[derive(Debug)]
pub(super) struct Found<'s, 'a> {
    /// Its levels from the top.
    steps: &'s [Step],
    /// How many of the levels stand above those that the path names.
    above: usize,
    pub(super) value: Value<'a>,
}

impl Found<'_, '_> {
    /// The whole path, with keys cut to a bounded length.
    pub(super) fn path(&self) -> String {
        path_of(self.steps)
    }

    /// The path from where the user's path starts.
    pub(super) fn short_path(&self) -> String {
        let path = path_of(self.steps.get(self.above..).unwrap_or_default());
        path.trim_start_matches('/').to_owned()
    }
}

fn path_of(steps: &[Step]) -> String {
    let mut path = InstancePath::default();
    steps
        .iter()
        .rev()
        .for_each(|step| path.push_outer(step.clone()));
    path.to_string()
}

/// A node or a leaf, and its place among its siblings of the same name, from 1.
#[derive(Clone, Copy)]
enum Item<'a> {
    Node(&'a dyn Node, usize),
    Leaf(&'static schema::Node, Value<'a>, usize),
}

impl<'a> Item<'a> {
    fn schema(self) -> &'static schema::Node {
        match self {
            Self::Node(node, _) => node.schema(),
            Self::Leaf(schema, ..) => schema,
        }
    }

    fn step(self) -> Step {
        match self {
            Self::Node(node, position) => node.shown_step(position),
            Self::Leaf(schema, value, _) => Step {
                name: schema.qualified_name().into(),
                predicate: if schema.repeats() {
                    Predicate::Value(value.shown())
                } else {
                    Predicate::None
                },
            },
        }
    }

    /// What is in a node, one after the other: a list can have millions of entries.
    fn children(self) -> impl Iterator<Item = Item<'a>> {
        let children = match self {
            Self::Node(node, _) => Some(node.children()),
            Self::Leaf(..) => None,
        };
        let children = children.into_iter().flatten();
        children.flat_map(|(schema, child)| instances(schema, child))
    }

    fn matches(self, test: &StepTest) -> bool {
        test.matches(self.schema()) && test.predicates.iter().all(|test| self.passes(test))
    }

    fn passes(self, test: &Test) -> bool {
        match (test, self) {
            (Test::Position(wanted), Self::Node(_, at) | Self::Leaf(.., at)) => *wanted == at,
            (Test::Value(wanted), Self::Leaf(schema, value, _)) => schema.is_text_of(wanted, value),
            (Test::Leaf(name, wanted), Self::Node(..)) => self.children().any(|child| {
                matches!(child, Self::Leaf(schema, value, _)
                    if name.matches(schema) && schema.is_text_of(wanted, value))
            }),
            _ => false,
        }
    }
}

/// What stands at a place of the schema, by instances.
fn instances<'a>(
    schema: &'static schema::Node,
    child: Child<'a>,
) -> Box<dyn Iterator<Item = Item<'a>> + 'a> {
    match child {
        Child::Leaf(value) => Box::new(iter::once(Item::Leaf(schema, value, 1))),
        Child::Leaves(leaves) => Box::new(
            (1..)
                .zip(leaves.iter())
                .map(move |(at, value)| Item::Leaf(schema, value, at)),
        ),
        Child::Node(node) => Box::new(iter::once(Item::Node(node, 1))),
        Child::Entries(entries) => Box::new(
            (1..)
                .zip(entries.iter())
                .map(|(at, entry)| Item::Node(entry, at)),
        ),
        _ => Box::new(iter::empty()),
    }
}

/// Gives `take` the leaves that `path` asks for in a message, one after the other: those that it
/// names, or all below the nodes that it names.
///
/// # Errors
/// Those of `take`.
pub(super) fn select<'a>(
    root: &'a dyn Node,
    path: &Path,
    take: &mut dyn FnMut(&Found<'_, 'a>) -> io::Result<()>,
) -> io::Result<()> {
    let mut search = Search {
        path,
        above: 0,
        trail: Vec::new(),
        take,
    };
    search.from(Item::Node(root, 1))
}

struct Search<'p, 'a> {
    path: &'p Path,
    above: usize,
    trail: Vec<Step>,
    take: &'p mut dyn FnMut(&Found<'_, 'a>) -> io::Result<()>,
}

impl<'a> Search<'_, 'a> {
    /// Tries the path at `item`, and at all below it if it may start anywhere.
    fn from(&mut self, item: Item<'a>) -> io::Result<()> {
        self.above = self.trail.len();
        let path = self.path;
        self.step(item, &path.steps)?;
        // What is below a node that the whole path names has been taken with it.
        let taken = matches!(&path.steps[..], [only] if item.matches(only));
        if !path.absolute && !taken {
            self.trail.push(item.step());
            item.children().try_for_each(|child| self.from(child))?;
            self.trail.pop();
        }
        Ok(())
    }

    fn step(&mut self, item: Item<'a>, tests: &[StepTest]) -> io::Result<()> {
        let Some((test, below)) = tests.split_first() else {
            return Ok(());
        };
        if !item.matches(test) {
            return Ok(());
        }
        if below.is_empty() {
            return self.take(item);
        }
        self.trail.push(item.step());
        item.children()
            .try_for_each(|child| self.step(child, below))?;
        self.trail.pop();
        Ok(())
    }

    /// Takes all leaves from `item` on.
    fn take(&mut self, item: Item<'a>) -> io::Result<()> {
        self.trail.push(item.step());
        if let Item::Leaf(_, value, _) = item {
            (self.take)(&Found {
                steps: &self.trail,
                above: self.above,
                value,
            })?;
        }
        item.children().try_for_each(|child| self.take(child))?;
        self.trail.pop();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use notif_runtime::Encoding;
    use notif_runtime::decode::Options;

    use super::*;

    const MESSAGE: &[u8] = include_bytes!("../../../../examples/data/interfaces.json");

    fn found(path: &str) -> Vec<(String, String)> {
        let registry = crate::registry();
        let message = registry
            .decode(Encoding::Json, MESSAGE, &Options::default())
            .unwrap();
        let mut all = Vec::new();
        let mut take = |found: &Found<'_, '_>| {
            all.push((found.short_path(), found.value.to_text().to_string()));
            Ok(())
        };
        select(message.root(), &path.parse().unwrap(), &mut take).unwrap();
        all
    }

    fn one(path: &str, value: &str) -> Vec<(String, String)> {
        vec![(path.to_owned(), value.to_owned())]
    }

    #[test]
    fn a_leaf_of_an_entry() {
        let path = "interface[name='lo']/statistics/in-octets";
        assert_eq!(found(path), one(path, "10222658"));
        assert_eq!(
            found(
                "/ietf-https-notif:notification/interface_data/interface[name='lo']/statistics/in-octets"
            ),
            one(
                "ietf-https-notif:notification/interface_data/interface[name='lo']/statistics/in-octets",
                "10222658"
            )
        );
        assert_eq!(found("/interface/name"), []);
    }

    #[test]
    fn leaves_of_all_entries_and_by_other_leaves() {
        let all = found("interface/statistics/in-octets");
        assert!(
            all.len() > 2
                && all
                    .iter()
                    .all(|(path, _)| path.starts_with("interface[name='"))
        );
        let up = found("interface[oper-status='up']/name");
        assert!(!up.is_empty() && up.len() < all.len(), "{up:?}");
        assert_eq!(found("interface[1]/name").len(), 1);
        assert_eq!(found("interface[99]/name"), []);
        // The value need not be written as it is kept.
        let by_address = found("interface[phys-address='3C:91:80:2B:68:23']/name");
        assert_eq!(by_address.len(), 1, "{by_address:?}");
        assert_eq!(
            found("interface[phys-address='3C:91:80:2B:68:24']/name"),
            []
        );
    }

    #[test]
    fn a_container_gives_all_its_leaves_once() {
        let statistics = found("interface[name='lo']/statistics");
        assert!(statistics.len() > 5);
        assert_eq!(found("interface[name='lo']/statistics/*"), statistics);
        let all = found("*");
        assert_eq!(all.len(), found("notification").len());
        assert_eq!(
            found("in-octets").len(),
            found("interface/statistics/in-octets").len()
        );
    }
}
