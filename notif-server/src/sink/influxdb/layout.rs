//! The layout of points for each message of the modules, worked out once.

use std::collections::{BTreeMap, BTreeSet};

use notif_runtime::registry::Registry;
use notif_runtime::schema::{Kind, Node};

use super::error::InfluxdbError;
use super::names::{Wanted, distinct};
use super::rules::{Rules, Wish};
use crate::config::Rule;

/// The schema nodes from the top-level one down.
pub(crate) type Trail = Vec<&'static Node<'static>>;

/// The layout of all messages.
#[derive(Debug)]
pub(crate) struct Layout {
    /// By the qualified name of the top-level node. A dropped message has no table.
    messages: BTreeMap<&'static str, Option<Table>>,
}

/// The points of a list's entries, or of a message outside its lists.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) measurement: String,
    /// The list, or the top-level node.
    pub(crate) trail: Trail,
    /// The tags, beside that of the publisher; first those of the enclosing lists.
    pub(crate) tags: Vec<Column>,
    pub(crate) fields: Vec<Column>,
    /// The boolean field that stands for the entry or message itself. A message always has it; an
    /// entry only without other fields, since a point needs a field.
    pub(crate) marker: String,
    /// The place of each child of the node.
    pub(super) places: Vec<Place>,
    /// The tables of the lists in it.
    pub(crate) lists: Vec<Self>,
}

/// A tag or a field.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) name: String,
    /// Its leaf; a list if it is the position of an entry without keys; a container with presence.
    pub(crate) trail: Trail,
}

/// The place of a child, as an index into its table.
#[derive(Debug)]
pub(super) enum Place {
    Dropped,
    Tag(usize),
    Field(usize),
    List(usize),
    Container {
        presence: Option<usize>,
        places: Vec<Place>,
    },
}

impl Layout {
    /// The layout that follows from the schema and the rules.
    ///
    /// # Errors
    /// If a rule names a missing node, or rules contradict each other.
    pub(crate) fn new(rules: &[Rule], registry: &Registry) -> Result<Self, InfluxdbError> {
        let rules = Rules::new(rules, registry)?;
        let mut messages = BTreeMap::new();
        for root in registry.roots() {
            let trail = vec![root];
            let wish = rules.wish(&trail, false)?;
            let table = if wish.drop {
                None
            } else {
                Some(table(trail, wish, &rules)?)
            };
            messages.insert(root.qualified_name(), table);
        }
        let layout = Self { messages };
        layout.check_measurements()?;
        Ok(layout)
    }

    /// The layout of the message with this top-level node; none if a rule drops it.
    ///
    /// # Errors
    /// If the modules have no such message.
    pub(super) fn message(&self, name: &str) -> Result<Option<&Table>, String> {
        let known = self.messages.get(name).map(Option::as_ref);
        known.ok_or_else(|| format!("this server's modules have no message {name}"))
    }

    /// The tables of the messages themselves.
    pub(crate) fn messages(&self) -> Vec<&Table> {
        self.messages.values().flatten().collect()
    }

    /// All tables, those of a message in the order of its schema.
    pub(crate) fn tables(&self) -> Vec<&Table> {
        let mut tables = Vec::new();
        for message in self.messages.values().flatten() {
            message.collect(&mut tables);
        }
        tables
    }

    fn check_measurements(&self) -> Result<(), InfluxdbError> {
        let mut known = BTreeSet::new();
        for table in self.tables() {
            if !known.insert(&table.measurement) {
                return Err(InfluxdbError::SameMeasurement(table.measurement.clone()));
            }
        }
        Ok(())
    }
}

impl Table {
    /// True if its entries have no keys, so that their position is a tag, the first of its own.
    pub(crate) fn has_position(&self) -> bool {
        is_keyless_list(&self.trail)
    }

    fn collect<'a>(&'a self, tables: &mut Vec<&'a Self>) {
        tables.push(self);
        self.lists.iter().for_each(|list| list.collect(tables));
    }
}

fn is_keyless_list(trail: &[&'static Node<'static>]) -> bool {
    matches!(
        trail.last().map(|node| &node.kind),
        Some(Kind::List { keys: [], .. })
    )
}

/// The names of a trail's nodes, with the module at the first node and wherever it changes.
fn steps(trail: &[&'static Node<'static>]) -> Vec<&'static str> {
    trail.iter().map(|node| node.qualified_name()).collect()
}

/// A tag or field without its final name.
#[derive(Debug)]
struct Draft {
    wanted: Wanted,
    trail: Trail,
}

/// A table without names.
#[derive(Debug)]
struct Sketch {
    trail: Trail,
    measurement: String,
    /// Its own tags, without those of the enclosing lists.
    tags: Vec<Draft>,
    fields: Vec<Draft>,
    marker: Wanted,
    places: Vec<Place>,
    lists: Vec<Self>,
}

/// A table under construction.
struct Maker<'r> {
    rules: &'r Rules,
    /// The depth of the list or message.
    depth: usize,
    /// The number of tags of the enclosing lists.
    inherited: usize,
    tags: Vec<Draft>,
    fields: Vec<Draft>,
    lists: Vec<(Trail, Wish)>,
}

/// The table of the message with this top-level node, and those of its lists.
fn table(trail: Trail, wish: Wish, rules: &Rules) -> Result<Table, InfluxdbError> {
    let sketch = sketch(trail, wish, 0, rules)?;
    let mut columns = Vec::new();
    sketch.collect(&mut columns);
    let (wanted, measurements): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
    let names = distinct(wanted.into_iter().cloned().collect());
    let same = |(at, name): (usize, _)| InfluxdbError::SameName {
        measurement: measurements.get(at).map_or("", |name| name).to_owned(),
        name,
    };
    let mut names = names.map_err(same)?.into_iter();
    Ok(sketch.name(&[], &mut names))
}

/// The table of the last node of `trail`, in lists with `inherited` tags.
fn sketch(
    trail: Trail,
    wish: Wish,
    inherited: usize,
    rules: &Rules,
) -> Result<Sketch, InfluxdbError> {
    let mut maker = Maker {
        rules,
        depth: trail.len(),
        inherited,
        tags: Vec::new(),
        fields: Vec::new(),
        lists: Vec::new(),
    };
    if is_keyless_list(&trail) {
        maker.position(&trail);
    }
    let places = maker.places(&trail)?;
    let inherited = inherited + maker.tags.len();
    let list = |(trail, wish)| sketch(trail, wish, inherited, rules);
    let lists = maker.lists.into_iter().map(list);
    Ok(Sketch {
        measurement: wish.rename.unwrap_or_else(|| steps(&trail).join("/")),
        tags: maker.tags,
        fields: maker.fields,
        marker: Wanted {
            steps: steps(&trail),
            home: trail.len(),
            is_tag: false,
            short: 1,
            fixed: None,
        },
        places,
        lists: lists.collect::<Result<_, _>>()?,
        trail,
    })
}

impl Sketch {
    /// The wanted names in it and in its lists, each with its measurement.
    fn collect<'s>(&'s self, columns: &mut Vec<(&'s Wanted, &'s str)>) {
        let drafts = self.tags.iter().chain(&self.fields);
        let wanted = drafts.map(|draft| &draft.wanted).chain([&self.marker]);
        columns.extend(wanted.map(|wanted| (wanted, self.measurement.as_str())));
        self.lists.iter().for_each(|list| list.collect(columns));
    }

    /// The named table, with the tags of the enclosing lists; `names` are in the order of
    /// [`Self::collect`].
    fn name(self, inherited: &[Column], names: &mut impl Iterator<Item = String>) -> Table {
        let mut columns = |drafts: Vec<Draft>| -> Vec<Column> {
            let column = |(draft, name): (Draft, String)| Column {
                name,
                trail: draft.trail,
            };
            drafts.into_iter().zip(names.by_ref()).map(column).collect()
        };
        let tags = [inherited.to_vec(), columns(self.tags)].concat();
        let fields = columns(self.fields);
        let marker = names.next().unwrap_or_default();
        let lists = self.lists.into_iter();
        let lists = lists.map(|list| list.name(&tags, names)).collect();
        Table {
            measurement: self.measurement,
            trail: self.trail,
            tags,
            fields,
            marker,
            places: self.places,
            lists,
        }
    }
}

impl Maker<'_> {
    /// A tag for the position of an entry among its siblings, if there are no keys.
    fn position(&mut self, list: &Trail) {
        let mut steps = steps(list);
        steps.push("position");
        let wanted = Wanted {
            steps,
            home: self.depth,
            is_tag: true,
            short: 1,
            fixed: None,
        };
        self.tags.push(Draft {
            wanted,
            trail: list.clone(),
        });
    }

    /// The places of the children of the last node of `trail`.
    fn places(&mut self, trail: &Trail) -> Result<Vec<Place>, InfluxdbError> {
        let Some(node) = trail.last() else {
            return Ok(Vec::new());
        };
        let child = |(at, child): (usize, &'static Node<'static>)| {
            let mut trail = trail.clone();
            trail.push(child);
            self.place(trail, child, node.keys().contains(&at))
        };
        node.children().iter().enumerate().map(child).collect()
    }

    fn place(
        &mut self,
        trail: Trail,
        node: &'static Node<'static>,
        is_key: bool,
    ) -> Result<Place, InfluxdbError> {
        let wish = self.rules.wish(&trail, is_key)?;
        if wish.drop {
            return Ok(Place::Dropped);
        }
        Ok(match node.kind {
            Kind::List { .. } => {
                self.lists.push((trail, wish));
                Place::List(self.lists.len() - 1)
            }
            Kind::Container { presence, .. } => Place::Container {
                presence: presence.then(|| self.field(trail.clone(), wish)),
                places: self.places(&trail)?,
            },
            Kind::Leaf(_) if is_key || wish.tag => {
                let short = if is_key { 1 } else { trail.len() - self.depth };
                self.tags.push(self.draft(trail, short, true, wish));
                Place::Tag(self.inherited + self.tags.len() - 1)
            }
            // Leafs, leaf-lists, and data without a schema, which is written as JSON text.
            _ => Place::Field(self.field(trail, wish)),
        })
    }

    fn field(&mut self, trail: Trail, wish: Wish) -> usize {
        let short = trail.len() - self.depth;
        self.fields.push(self.draft(trail, short, false, wish));
        self.fields.len() - 1
    }

    fn draft(&self, trail: Trail, short: usize, is_tag: bool, wish: Wish) -> Draft {
        Draft {
            wanted: Wanted {
                steps: steps(&trail),
                home: self.depth,
                is_tag,
                short,
                fixed: wish.rename,
            },
            trail,
        }
    }
}
