//! Leafrefs and instance-identifiers: values are picked from what the document has.

use notif_runtime::schema::{Kind, LeafPath, LeafrefPath, Node};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;

use super::draft::{Cell, Data, Member};
use crate::document::Text;

/// The longest chain of leafrefs that is followed.
const ROUNDS: usize = 4;

/// Settles what can be.
pub(super) fn settle(members: &mut [Member], rng: &mut StdRng) {
    for _ in 0..ROUNDS {
        let mut found = Vec::new();
        Search {
            rng: &mut *rng,
            found: &mut found,
        }
        .walk(members, &mut Vec::new());
        if found.iter().all(Option::is_none) {
            return;
        }
        replace(members, &mut found.into_iter());
    }
}

/// The search for a value of each cell that has none, in the order of the document.
struct Search<'s> {
    rng: &'s mut StdRng,
    found: &'s mut Vec<Option<Text>>,
}

impl Search<'_> {
    /// `around` are the objects around `members`, outermost first.
    fn walk<'m>(&mut self, members: &'m [Member], around: &mut Vec<&'m [Member]>) {
        around.push(members);
        for member in members {
            match &member.data {
                Data::Object(members) => self.walk(members, around),
                Data::Entries(entries) => {
                    for entry in entries {
                        self.walk(entry, around);
                    }
                }
                Data::Leaf(cell) => self.cell(cell, around),
                Data::Leaves(cells) => cells.iter().for_each(|cell| self.cell(cell, around)),
                Data::Any(_) => {}
            }
        }
        around.pop();
    }

    fn cell(&mut self, cell: &Cell, around: &[&[Member]]) {
        match cell {
            Cell::Text(_) => {}
            Cell::Reference(path) => {
                let texts = referred(path, around);
                self.found
                    .push(texts.choose(self.rng).map(|text| (*text).clone()));
            }
            Cell::Instance => {
                let mut paths = Vec::new();
                instances(
                    around.first().copied().unwrap_or_default(),
                    &mut Vec::new(),
                    &mut paths,
                );
                self.found
                    .push(paths.choose(self.rng).map(|path| path_text(path)));
            }
        }
    }
}

/// The values where a leafref leads. What predicates choose is not known here: of such a path all
/// leafs are taken that have the name at its end.
fn referred<'m>(path: &LeafrefPath<'_>, around: &[&'m [Member]]) -> Vec<&'m Text> {
    match path {
        LeafrefPath::Plain(path) => at_path(path, around),
        LeafrefPath::Expr { source, .. } => {
            let end = source.rsplit(['/', ':']).next().unwrap_or_default();
            let mut found = Vec::new();
            named(
                around.first().copied().unwrap_or_default(),
                end.trim(),
                &mut found,
            );
            found
        }
    }
}

fn named<'m>(members: &'m [Member], name: &str, found: &mut Vec<&'m Text>) {
    for member in members {
        match &member.data {
            Data::Object(members) => named(members, name, found),
            Data::Entries(entries) => entries.iter().for_each(|entry| named(entry, name, found)),
            Data::Leaf(Cell::Text(text)) if member.node.name == name => found.push(text),
            Data::Leaf(_) | Data::Leaves(_) | Data::Any(_) => {}
        }
    }
}

fn at_path<'m>(path: &LeafPath<'_>, around: &[&'m [Member]]) -> Vec<&'m Text> {
    let start = match path.ups {
        None => around.first(),
        Some(ups) => (around.len().checked_sub(ups)).and_then(|at| around.get(at)),
    };
    let mut found = Vec::new();
    if let Some(start) = start {
        gather(start, path.steps, &mut found);
    }
    found
}

fn gather<'m>(members: &'m [Member], steps: &[&str], found: &mut Vec<&'m Text>) {
    let Some((step, below)) = steps.split_first() else {
        return;
    };
    for member in members {
        if *step != format!("{}:{}", member.node.module.name, member.node.name) {
            continue;
        }
        match &member.data {
            Data::Object(members) => gather(members, below, found),
            Data::Entries(entries) => entries.iter().for_each(|entry| gather(entry, below, found)),
            Data::Leaf(Cell::Text(text)) => found.push(text),
            Data::Leaf(_) | Data::Any(_) => {}
            Data::Leaves(cells) => found.extend(cells.iter().filter_map(|cell| match cell {
                Cell::Text(text) => Some(text),
                _ => None,
            })),
        }
    }
}

/// The containers and leafs that no list is around.
fn instances(
    members: &[Member],
    path: &mut Vec<&'static Node<'static>>,
    found: &mut Vec<Vec<&'static Node<'static>>>,
) {
    for member in members {
        path.push(member.node);
        if matches!(member.node.kind, Kind::Container { .. } | Kind::Leaf(_)) {
            found.push(path.clone());
        }
        if let Data::Object(members) = &member.data {
            instances(members, path, found);
        }
        path.pop();
    }
}

/// RFC 7951 section 6.11 has a module's name where it changes, RFC 7950 section 9.13 everywhere.
fn path_text(path: &[&'static Node<'static>]) -> Text {
    let (mut json, mut xml, mut prefixes) = (String::new(), String::new(), Vec::new());
    let mut parent = "";
    for node in path {
        let module = node.module.name;
        let qualified = format!("/{module}:{}", node.name);
        if module == parent {
            json.extend(["/", node.name]);
        } else {
            json.push_str(&qualified);
        }
        xml.push_str(&qualified);
        if !prefixes.contains(&module) {
            prefixes.push(module);
        }
        parent = module;
    }
    Text {
        xml,
        prefixes,
        ..Text::string(&json)
    }
}

/// Puts what was found into the cells, in the same order.
fn replace(members: &mut [Member], found: &mut dyn Iterator<Item = Option<Text>>) {
    for member in members {
        match &mut member.data {
            Data::Object(members) => replace(members, found),
            Data::Entries(entries) => entries.iter_mut().for_each(|entry| replace(entry, found)),
            Data::Leaf(cell) => settle_cell(cell, found),
            Data::Leaves(cells) => cells.iter_mut().for_each(|cell| settle_cell(cell, found)),
            Data::Any(_) => {}
        }
    }
}

fn settle_cell(cell: &mut Cell, found: &mut dyn Iterator<Item = Option<Text>>) {
    if !matches!(cell, Cell::Text(_))
        && let Some(Some(text)) = found.next()
    {
        *cell = Cell::Text(text);
    }
}
