//! Random documents of a schema.
//!
//! Rules within one node are met by construction: types, mandatory nodes, keys, choices, numbers of
//! entries. References are settled afterwards, from the data there is. `when`, `must` and `unique`
//! are not looked at here; libyang tells whether a document is valid.

mod draft;
mod references;
mod strings;
mod values;

use notif_runtime::schema::{Choice, Kind, Node};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};

use crate::document::{Document, Text};
use draft::{Cell, Data, Member};
use strings::Strings;

/// A source of random documents. The same seed gives the same documents.
#[derive(Debug)]
pub struct Random {
    rng: StdRng,
    careless: f64,
    strings: Strings,
    /// The number of optional nodes that the document may still have.
    budget: usize,
}

/// The most optional nodes of a document.
const BUDGET: usize = 150;

/// The most entries of a list beyond its minimum.
const MORE_ENTRIES: u32 = 3;

impl Random {
    /// A source of documents that are valid as far as the schema's statics tell.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            rng: StdRng::seed_from_u64(seed),
            careless: 0.0,
            strings: Strings::default(),
            budget: 0,
        }
    }

    /// Starts anew with another seed.
    pub fn reseed(&mut self, seed: u64) {
        self.rng = StdRng::seed_from_u64(seed);
    }

    /// Each rule is broken with this probability where it applies: a key or mandatory node left out,
    /// nodes of two cases, too few or too many entries, equal keys, a value of another type.
    pub const fn set_careless(&mut self, probability: f64) {
        self.careless = probability;
    }

    /// Random choices of the caller's own.
    pub const fn rng(&mut self) -> &mut StdRng {
        &mut self.rng
    }

    /// A document with these top-level nodes.
    pub fn document(&mut self, roots: &[&'static Node<'static>]) -> Document {
        self.budget = BUDGET;
        // Documents differ in size.
        let density = self.rng.random_range(0.1..0.9);
        let mut members: Vec<Member> = roots
            .iter()
            .filter_map(|root| self.member(root, density))
            .collect();
        references::settle(&mut members, &mut self.rng);
        draft::document(members, None)
    }

    /// A document with an operation, behind the data nodes around it.
    pub fn operation(&mut self, way: &[&'static Node<'static>]) -> Document {
        self.budget = BUDGET;
        let density = self.rng.random_range(0.1..0.9);
        let mut members: Vec<Member> = self.around(way, density).into_iter().collect();
        references::settle(&mut members, &mut self.rng);
        draft::document(members, None)
    }

    /// The first node of the way with the others in it, and the keys of the lists.
    fn around(&mut self, way: &[&'static Node<'static>], density: f64) -> Option<Member> {
        let (node, below) = way.split_first()?;
        if below.is_empty() {
            return self.member(node, density);
        }
        let keys = node.keys().iter().filter_map(|at| node.children().get(*at));
        let mut members: Vec<Member> = keys.filter_map(|key| self.member(key, density)).collect();
        members.extend(self.around(below, density));
        let data = match node.kind {
            Kind::List { .. } => Data::Entries(vec![members]),
            _ => Data::Object(members),
        };
        Some(Member { node, data })
    }

    fn slips(&mut self) -> bool {
        self.careless > 0.0 && self.rng.random_bool(self.careless)
    }

    /// The members of a container or entry. `density` is the chance of an optional one.
    fn members(&mut self, node: &'static Node<'static>, density: f64) -> Vec<Member> {
        let children = node.children();
        let mut chosen = vec![Presence::Free; children.len()];
        for choice in node.rules.choices {
            self.choose(choice, density, &mut chosen);
        }
        let mut members = Vec::new();
        for (at, child) in children.iter().enumerate() {
            let presence = chosen.get(at).copied().unwrap_or(Presence::Free);
            let key = node.keys().contains(&at);
            let needed = presence == Presence::Needed
                || presence == Presence::Free && (key || is_needed(child));
            let optional = presence != Presence::Out && self.takes(density);
            let wanted = needed || optional;
            if wanted != self.slips() {
                members.extend(self.member(child, density));
            }
        }
        members
    }

    /// Returns true if an optional node is to be present.
    fn takes(&mut self, density: f64) -> bool {
        let taken = self.budget > 0 && self.rng.random_bool(density);
        self.budget = self.budget.saturating_sub(usize::from(taken));
        taken
    }

    /// Decides which case of a choice is present, and which of its nodes are needed.
    fn choose(&mut self, choice: &'static Choice<'_>, density: f64, chosen: &mut [Presence]) {
        let taken = choice.mandatory || self.rng.random_bool(density);
        let case = taken.then(|| choice.cases.choose(&mut self.rng)).flatten();
        for other in choice.cases {
            let is_chosen = case.is_some_and(|case| std::ptr::eq(case, other));
            if is_chosen {
                continue;
            }
            leave_out(other.nodes, chosen);
            for inner in other.choices {
                leave_out_choice(inner, chosen);
            }
        }
        let Some(case) = case else {
            return;
        };
        let own: Vec<usize> = (case.nodes.iter().copied())
            .filter(|at| !in_choices(case.choices, *at))
            .collect();
        if let Some(at) = own.choose(&mut self.rng)
            && let Some(presence) = chosen.get_mut(*at)
        {
            *presence = Presence::Needed;
        }
        for inner in case.choices {
            self.choose(inner, density, chosen);
        }
    }

    fn member(&mut self, node: &'static Node<'static>, density: f64) -> Option<Member> {
        // Deeper nodes are rarer, so that recursion in groupings does not make documents endless.
        let below = (density * 0.9).max(0.05);
        let data = match &node.kind {
            Kind::Container { .. }
            | Kind::Notification { .. }
            | Kind::Input { .. }
            | Kind::Output { .. } => Data::Object(self.members(node, below)),
            Kind::List { .. } => Data::Entries(self.entries(node, below)),
            Kind::Leaf(leaf) => Data::Leaf(self.cell(leaf.ty)?),
            Kind::LeafList(leaf) => {
                let count = self.count(node);
                let cells = (0..count).filter_map(|_| self.cell(leaf.ty)).collect();
                Data::Leaves(cells)
            }
            Kind::AnyData | Kind::AnyXml => Data::Any(self.content(node, 0)),
            _ => return None,
        };
        Some(Member { node, data })
    }

    /// The content of anydata: objects, and strings, of which both encodings tell the same.
    fn content(&mut self, node: &'static Node<'static>, depth: usize) -> Document {
        // XML does not tell an object without members from an empty string.
        let count = self.rng.random_range(1..4);
        let members = (0..count).map(|at| {
            let name = match depth {
                0 => format!("{}:node-{at}", node.module.name),
                _ => format!("node-{at}"),
            };
            let is_object = depth < 3 && self.rng.random_bool(0.3);
            let below = if is_object {
                self.content(node, depth + 1)
            } else {
                Document::Value(Text::string(
                    ["", "a", "1 & 2"].choose(&mut self.rng).unwrap_or(&""),
                ))
            };
            (name, below)
        });
        Document::Object(members.collect())
    }

    fn cell(&mut self, ty: &'static notif_runtime::schema::Type<'_>) -> Option<Cell> {
        if self.slips() {
            return Some(Cell::Text(values::any(&mut self.rng)));
        }
        values::value(ty, &mut self.rng, &mut self.strings)
    }

    /// A number of entries for a list or leaf-list.
    fn count(&mut self, node: &'static Node<'static>) -> u32 {
        let (min, max) = (node.rules.min_elements, node.rules.max_elements);
        let max = max.unwrap_or(u32::MAX);
        if self.slips() {
            return if self.rng.random_bool(0.5) {
                min.saturating_sub(1)
            } else {
                max.min(20).saturating_add(1)
            };
        }
        let most = max.min(min.saturating_add(MORE_ENTRIES));
        self.rng.random_range(min.max(1).min(most)..=most)
    }

    fn entries(&mut self, node: &'static Node<'static>, density: f64) -> Vec<Vec<Member>> {
        let count = self.count(node);
        let mut entries: Vec<Vec<Member>> =
            (0..count).map(|_| self.members(node, density)).collect();
        if self.slips() {
            entries.extend(entries.first().cloned());
        }
        entries
    }
}

/// The presence of a child, as far as choices tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Presence {
    Free,
    Needed,
    /// In a case that is absent.
    Out,
}

fn is_needed(node: &Node<'_>) -> bool {
    node.mandatory || node.rules.mandatory || node.rules.min_elements > 0
}

fn leave_out(nodes: &[usize], chosen: &mut [Presence]) {
    for at in nodes {
        if let Some(presence) = chosen.get_mut(*at) {
            *presence = Presence::Out;
        }
    }
}

fn leave_out_choice(choice: &Choice<'_>, chosen: &mut [Presence]) {
    for case in choice.cases {
        leave_out(case.nodes, chosen);
        for inner in case.choices {
            leave_out_choice(inner, chosen);
        }
    }
}

fn in_choices(choices: &[&Choice<'_>], at: usize) -> bool {
    choices.iter().any(|choice| {
        let mut cases = choice.cases.iter();
        cases.any(|case| case.nodes.contains(&at) || in_choices(case.choices, at))
    })
}
