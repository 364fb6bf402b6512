//! The leafs of data: all of them, or those that a path names.

use std::iter;

use super::{Path, PathError, StepTest, Test};
use crate::fault::{InstancePath, Predicate, Step};
use crate::schema;
use crate::tree::{Child, Entries, Node, Value};

/// The value of the first leaf that `path` names in the data of `node`; `None` if it names none.
///
/// `node` counts as the top-level node, unless it is whole data, which has any number of them.
/// A path that names a container or a list means all leafs in it.
///
/// ```
/// # use examples::yang::acme_power::PowerReport;
/// # use notif_runtime::{Options, json};
/// # let body = br#"{"acme-power:power-report":{"eventTime":"2026-11-24T05:00:00Z",
/// #     "supply":[{"slot":1,"state":"ok","output-power":412500},{"slot":2,"state":"failed"}]}}"#;
/// let report: PowerReport = json::from_slice(body, &Options::default())?;
///
/// use notif_runtime::path;
///
/// let state = path::get(&report, "supply[slot='2']/state")?;
/// assert_eq!(state.and_then(|value| value.as_str()), Some("failed"));
/// assert_eq!(path::get(&report, "supply[slot='3']/state"), Ok(None));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// `path` is not a valid path; the error has the place.
pub fn get<'a>(node: &'a dyn Node, path: &str) -> Result<Option<Value<'a>>, PathError> {
    let path: Path = path.parse()?;
    let first = path.leafs(node).next();
    Ok(first.map(|leaf| leaf.value()))
}

/// All leafs in the data of `node`, in the order of the schema, with each value of a leaf-list as a
/// leaf of its own. Anydata and anyxml have none.
///
/// ```
/// # use examples::yang::acme_power::PowerReport;
/// # use notif_runtime::{Options, json};
/// # let body = br#"{"acme-power:power-report":{"eventTime":"2026-11-24T05:00:00Z",
/// #     "supply":[{"slot":1,"state":"ok","output-power":412500},{"slot":2,"state":"failed"}]}}"#;
/// let report: PowerReport = json::from_slice(body, &Options::default())?;
///
/// let paths: Vec<String> = notif_runtime::path::leafs(&report)
///     .map(|leaf| leaf.path().to_string())
///     .collect();
/// assert_eq!(paths[2], "/acme-power:power-report/supply[slot='1']/state");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn leafs(node: &dyn Node) -> Leafs<'static, '_> {
    Leafs::new(None, node)
}

impl Path {
    /// The leafs in the data of `node` that the path names, or that are in a node that it names, in
    /// the order of the schema. `node` is the top-level node, or whole data.
    ///
    /// ```
    /// # use examples::yang::acme_power::PowerReport;
    /// # use notif_runtime::{Options, json};
    /// # let body = br#"{"acme-power:power-report":{"eventTime":"2026-11-24T05:00:00Z",
    /// #     "supply":[{"slot":1,"state":"ok","output-power":412500},{"slot":2,"state":"failed"}]}}"#;
    /// let report: PowerReport = json::from_slice(body, &Options::default())?;
    ///
    /// use notif_runtime::path::Path;
    ///
    /// let path: Path = "supply[state='ok']/*".parse()?;
    /// let values: Vec<String> = path.leafs(&report).map(|leaf| leaf.value().to_string()).collect();
    /// assert_eq!(values, ["1", "ok", "412500"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn leafs<'p, 'a>(&'p self, node: &'a dyn Node) -> Leafs<'p, 'a> {
        Leafs::new(Some(self), node)
    }
}

/// Looking entries up.
impl dyn Entries + '_ {
    /// The entry with these values of its keys, in the order of the `key` statement. A value may be
    /// written in any form that its type takes.
    ///
    /// ```
    /// # use examples::yang::acme_power::PowerReport;
    /// # use notif_runtime::{Options, json};
    /// # let body = br#"{"acme-power:power-report":{"eventTime":"2026-11-24T05:00:00Z",
    /// #     "supply":[{"slot":1,"state":"ok","output-power":412500},{"slot":2,"state":"failed"}]}}"#;
    /// let report: PowerReport = json::from_slice(body, &Options::default())?;
    ///
    /// use notif_runtime::path;
    /// use notif_runtime::tree::{Child, Node};
    ///
    /// let node: &dyn Node = &report;
    /// if let Some((_, Child::Entries(supplies))) = node.get("supply") {
    ///     let second = supplies.by_keys(&["2"]).ok_or("is not there")?;
    ///     assert_eq!(path::get(second, "state")?.and_then(|value| value.as_str()), Some("failed"));
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn by_keys(&self, keys: &[&str]) -> Option<&dyn Node> {
        self.iter().find(|entry| {
            entry.schema().keys().len() == keys.len()
                && entry
                    .keys()
                    .zip(keys)
                    .all(|((schema, value), key)| schema.is_text_of(key, value))
        })
    }
}

/// A leaf, or one value of a leaf-list, and its place in the data.
#[derive(Debug, Clone)]
pub struct Leaf<'a> {
    /// The nodes around it, outermost first.
    around: Vec<Item<'a>>,
    item: Item<'a>,
    value: Value<'a>,
    above: usize,
}

impl<'a> Leaf<'a> {
    /// The value.
    #[must_use]
    pub const fn value(&self) -> Value<'a> {
        self.value
    }

    /// The description: its name, type and units.
    #[must_use]
    pub fn schema(&self) -> &schema::Node<'_> {
        self.item.schema()
    }

    /// The units that the module gives, such as `seconds`.
    #[must_use]
    pub fn units(&self) -> Option<&'a str> {
        self.item.schema().leaf()?.units
    }

    /// The path of this instance.
    #[must_use]
    pub fn path(&self) -> InstancePath {
        path_of(self.item, &self.around, Item::step)
    }

    /// As [`path`](Self::path), with the first [`SHOWN`](crate::text::SHOWN) characters of each key.
    #[must_use]
    pub fn shown_path(&self) -> InstancePath {
        path_of(self.item, &self.around, Item::shown_step)
    }

    /// As [`shown_path`](Self::shown_path), from the level on at which the query path starts.
    #[must_use]
    pub fn named_path(&self) -> InstancePath {
        let named = self.around.get(self.above..).unwrap_or_default();
        path_of(self.item, named, Item::shown_step)
    }
}

fn path_of<'a>(item: Item<'a>, around: &[Item<'a>], step: fn(Item<'a>) -> Step) -> InstancePath {
    let mut path = InstancePath::default();
    let outwards = iter::once(&item).chain(around.iter().rev());
    outwards.for_each(|item| path.push_outer(step(*item)));
    path
}

/// A node or a leaf, and its place among its siblings of the same name, from 1.
#[derive(Debug, Clone, Copy)]
enum Item<'a> {
    Node(&'a dyn Node, usize),
    Leaf(&'a schema::Node<'a>, Value<'a>, usize),
}

impl<'a> Item<'a> {
    fn schema(self) -> &'a schema::Node<'a> {
        match self {
            Self::Node(node, _) => node.schema(),
            Self::Leaf(schema, ..) => schema,
        }
    }

    fn step(self) -> Step {
        match self {
            Self::Node(node, position) => node.step(position),
            Self::Leaf(schema, value, _) => leaf_step(schema, || value.to_text()),
        }
    }

    fn shown_step(self) -> Step {
        match self {
            Self::Node(node, position) => node.shown_step(position),
            Self::Leaf(schema, value, _) => leaf_step(schema, || value.shown()),
        }
    }

    fn matches(self, test: &StepTest) -> bool {
        test.matches(self.schema()) && test.predicates().iter().all(|test| self.passes(test))
    }

    fn passes(self, test: &Test) -> bool {
        match (test, self) {
            (Test::Position(wanted), Self::Node(_, at) | Self::Leaf(.., at)) => *wanted == at,
            (Test::Value(wanted), Self::Leaf(schema, value, _)) => schema.is_text_of(wanted, value),
            (Test::Leaf(name, wanted), Self::Node(node, _)) => below(node).any(|child| {
                matches!(child, Self::Leaf(schema, value, _)
                    if name.matches(schema) && schema.is_text_of(wanted, value))
            }),
            _ => false,
        }
    }
}

fn leaf_step(schema: &schema::Node<'_>, text: impl FnOnce() -> compact_str::CompactString) -> Step {
    Step {
        name: schema.qualified_name().into(),
        predicate: if schema.repeats() {
            Predicate::Value(text())
        } else {
            Predicate::None
        },
    }
}

/// The children of a node and its operation, one after the other: a list can have millions of
/// entries.
fn below<'a>(node: &'a dyn Node) -> Box<dyn Iterator<Item = Item<'a>> + 'a> {
    let operation = node.operation().map(|node| Item::Node(node, 1));
    let children = node.children();
    Box::new(
        children
            .flat_map(|(schema, child)| instances(schema, child))
            .chain(operation),
    )
}

/// The instances that stand at a place of the schema.
fn instances<'a>(
    schema: &'a schema::Node<'a>,
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

/// An iterator over leafs, from [`leafs`] or [`Path::leafs`].
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct Leafs<'p, 'a> {
    path: Option<&'p Path>,
    /// The nodes on the way to the next item, outermost first.
    levels: Vec<Level<'a>>,
}

/// A node whose children are being looked at.
struct Level<'a> {
    /// The node; `None` for whole data.
    item: Option<Item<'a>>,
    found: Found,
    below: Box<dyn Iterator<Item = Item<'a>> + 'a>,
}

/// The result of matching a node with the path.
#[derive(Debug, Clone, Default)]
struct Found {
    /// The levels from which on all nodes pass the path's steps so far, counted from 0.
    starts: Vec<usize>,
    /// The level at which the path starts that names the node or one around it.
    named: Option<usize>,
}

impl<'p, 'a> Leafs<'p, 'a> {
    fn new(path: Option<&'p Path>, node: &'a dyn Node) -> Self {
        let is_data = node.schema().is_data();
        // A level above the top-level nodes, of which there is one if it is not whole data.
        let below: Box<dyn Iterator<Item = Item<'a>> + 'a> = if is_data {
            below(node)
        } else {
            Box::new(iter::once(Item::Node(node, 1)))
        };
        let found = Found {
            starts: Vec::new(),
            named: path.is_none().then_some(0),
        };
        let top = Level {
            item: None,
            found,
            below,
        };
        Self {
            path,
            levels: vec![top],
        }
    }

    /// Matches `item`, which is a child of the last level, with the path.
    fn found(&self, item: Item<'a>) -> Found {
        let Some((path, around)) = self.path.zip(self.levels.last()) else {
            return Found {
                starts: Vec::new(),
                named: Some(0),
            };
        };
        let mut found = Found {
            named: around.found.named,
            ..Found::default()
        };
        if found.named.is_some() {
            return found;
        }
        let level = self.levels.len() - 1;
        let own = (level == 0 || !path.absolute).then_some(level);
        for start in around.found.starts.iter().copied().chain(own) {
            let step = path.steps.get(level - start);
            if step.is_some_and(|step| item.matches(step)) {
                if level - start + 1 == path.steps.len() {
                    found.named = Some(start);
                    return found;
                }
                found.starts.push(start);
            }
        }
        found
    }

    /// Returns true if the path can lead to something below a node.
    fn may_lead_on(&self, found: &Found) -> bool {
        found.named.is_some()
            || !found.starts.is_empty()
            || self.path.is_some_and(|path| !path.absolute)
    }

    fn leaf(&self, item: Item<'a>, value: Value<'a>, above: usize) -> Leaf<'a> {
        let around = self.levels.iter().filter_map(|level| level.item);
        Leaf {
            around: around.collect(),
            item,
            value,
            above,
        }
    }
}

impl<'a> Iterator for Leafs<'_, 'a> {
    type Item = Leaf<'a>;

    fn next(&mut self) -> Option<Leaf<'a>> {
        loop {
            let Some(item) = self.levels.last_mut()?.below.next() else {
                self.levels.pop();
                continue;
            };
            let found = self.found(item);
            match item {
                Item::Leaf(_, value, _) => {
                    if let Some(above) = found.named {
                        return Some(self.leaf(item, value, above));
                    }
                }
                Item::Node(node, _) if self.may_lead_on(&found) => self.levels.push(Level {
                    item: Some(item),
                    found,
                    below: below(node),
                }),
                Item::Node(..) => {}
            }
        }
    }
}

impl std::fmt::Debug for Leafs<'_, '_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Leafs")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}
