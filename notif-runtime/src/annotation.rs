//! Metadata annotations (RFC 7952), which stand beside the data: instance data that says something
//! about a node, such as where a value comes from.

use std::collections::HashMap;

use compact_str::{CompactString, format_compact};
use foldhash::quality::RandomState;

use crate::fault::{InstancePath, Predicate, Step};
use crate::schema::{self, Module, Type, yang};
use crate::tree::{self, Value};
use crate::types::InvalidValue;
use crate::types::describe;
use crate::value::{Canonical, Names, Scalar, canonical_of};

/// The annotations of one message, in its order.
///
/// Their paths share what they have in common, so that there can be many below a node with a long
/// key.
#[derive(Debug, Clone, Default)]
pub struct Annotations {
    links: Vec<Link>,
    list: Vec<Entry>,
}

/// The innermost level of a path.
#[derive(Debug, Clone)]
struct Link {
    /// The index of the level around it.
    outer: Option<usize>,
    step: Step,
}

#[derive(Debug, Clone)]
pub(crate) struct Entry {
    link: Option<usize>,
    /// `module:name`.
    pub(crate) name: CompactString,
    pub(crate) module: &'static Module,
    pub(crate) value: Canonical,
    /// The type of the value: of a union its member.
    pub(crate) ty: &'static Type<'static>,
}

/// One annotation of one node.
#[derive(Debug, Clone, Copy)]
pub struct Annotation<'a> {
    all: &'a Annotations,
    entry: &'a Entry,
}

impl Annotations {
    /// The annotations.
    pub fn iter(&self) -> impl Iterator<Item = Annotation<'_>> {
        let annotation = |entry| Annotation { all: self, entry };
        self.list.iter().map(annotation)
    }

    /// The number of annotations.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.list.len()
    }

    /// Returns true if there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Adds the annotation `name`, as `module:name`, of the node at `path`. The value is in its
    /// JSON form without quotes; names in it have the names of `modules`.
    ///
    /// A list entry is at the step of its keys, a leaf-list's value at one of the value, and where
    /// there are no keys or the data is state, at one of the position from 1.
    ///
    /// # Errors
    /// No module defines the annotation, or its type does not take the value.
    pub fn push(
        &mut self,
        path: &InstancePath,
        name: &str,
        value: &str,
        modules: &[&'static Module],
    ) -> Result<(), InvalidValue> {
        let (module, local) = name.split_once(':').unwrap_or(("", name));
        let (module, annotation) = yang::find_annotation(modules, module, local)
            .ok_or_else(|| InvalidValue::new("annotation", name, "module:name of a known one"))?;
        let names = Names::of_modules(module, modules);
        let value = canonical_of(&Scalar::Text(value.into()), annotation.ty(), &names).ok_or_else(
            || InvalidValue::new(annotation.name, value, describe::value(annotation.ty())),
        )?;
        let mut link = None;
        for step in path.steps() {
            link = Some(self.link(link, step.clone()));
        }
        self.add(link, module, annotation.name, value);
        Ok(())
    }

    /// A level of a path, inside another.
    pub(crate) fn link(&mut self, outer: Option<usize>, step: Step) -> usize {
        self.links.push(Link { outer, step });
        self.links.len() - 1
    }

    pub(crate) fn add(
        &mut self,
        link: Option<usize>,
        module: &'static Module,
        name: &str,
        (value, ty): (Canonical, &'static Type<'static>),
    ) {
        self.list.push(Entry {
            link,
            name: format_compact!("{}:{name}", module.name),
            module,
            value,
            ty,
        });
    }
}

impl<'a> Annotation<'a> {
    /// The path of the annotated node.
    #[must_use]
    pub fn path(&self) -> InstancePath {
        let mut path = InstancePath::default();
        let mut next = self.entry.link;
        while let Some(link) = next.and_then(|at| self.all.links.get(at)) {
            path.push_outer(link.step.clone());
            next = link.outer;
        }
        path
    }

    /// Its name, `module:name`.
    #[must_use]
    pub fn name(&self) -> &'a str {
        &self.entry.name
    }

    /// Its value in canonical form, with the names of modules in it.
    #[must_use]
    pub fn value(&self) -> &'a str {
        &self.entry.value.json
    }
}

/// Two are equal if they have the same path, name and value.
impl PartialEq for Annotation<'_> {
    fn eq(&self, other: &Self) -> bool {
        (self.name(), self.value()) == (other.name(), other.value()) && self.path() == other.path()
    }
}

impl Eq for Annotation<'_> {}

impl Entry {
    pub(crate) fn local_name(&self) -> &str {
        self.name.split_once(':').map_or("", |(_, local)| local)
    }
}

/// The step of the leaf, or of the value at `at` (from 0) of the leaf-list.
pub(crate) fn leaf_step(schema: &schema::Node<'_>, value: Value<'_>, at: usize) -> Step {
    let predicate = match (schema.repeats(), schema.config) {
        (false, _) => Predicate::None,
        (true, true) => Predicate::Value(value.to_text()),
        // State data can have the same value twice.
        (true, false) => Predicate::Position(at + 1),
    };
    Step {
        name: schema.qualified_name().into(),
        predicate,
    }
}

/// The path of `steps`, the outermost first.
pub(crate) fn path_of(steps: &[Step]) -> InstancePath {
    let mut path = InstancePath::default();
    for step in steps.iter().rev() {
        path.push_outer(step.clone());
    }
    path
}

/// The annotations by their nodes, for a writer that goes over the data.
pub(crate) struct Notes<'a> {
    /// The places with annotations at them or below, by the place around and the step from there;
    /// 0 is the one around all.
    places: HashMap<(usize, &'a Step), usize, RandomState>,
    entries: Vec<Vec<&'a Entry>>,
    /// The places from the outermost to where the writer is; `None` where nothing is annotated.
    way: Vec<Option<usize>>,
}

impl<'a> Notes<'a> {
    /// `None` if there are no annotations.
    pub(crate) fn new(annotations: &'a Annotations) -> Option<Self> {
        if annotations.is_empty() {
            return None;
        }
        let mut places = HashMap::default();
        let mut of_links: Vec<usize> = Vec::with_capacity(annotations.links.len());
        for link in &annotations.links {
            let outer = link.outer.and_then(|outer| of_links.get(outer).copied());
            let next = places.len() + 1;
            let key = (outer.unwrap_or(0), &link.step);
            of_links.push(*places.entry(key).or_insert(next));
        }
        let mut entries = vec![Vec::new(); places.len() + 1];
        for entry in &annotations.list {
            let place = entry.link.and_then(|link| of_links.get(link));
            if let Some(here) = place.and_then(|place| entries.get_mut(*place)) {
                here.push(entry);
            }
        }
        Some(Self {
            places,
            entries,
            way: vec![Some(0)],
        })
    }

    fn below(&self, step: &Step) -> Option<usize> {
        let place = self.way.last().copied().flatten()?;
        self.places.get(&(place, step)).copied()
    }

    fn at(&self, place: Option<usize>) -> &[&'a Entry] {
        let entries = place.and_then(|place| self.entries.get(place));
        entries.map_or(&[], Vec::as_slice)
    }

    /// Goes to a node, the entry at `at` (from 0) if it is one of a list.
    pub(crate) fn enter(&mut self, node: &dyn tree::Node, at: usize) {
        self.way.push(self.below(&node.step(at + 1)));
    }

    /// Goes back to the node around.
    pub(crate) fn leave(&mut self) {
        self.way.pop();
    }

    /// The annotations of the node where the writer is.
    pub(crate) fn here(&self) -> &[&'a Entry] {
        self.at(self.way.last().copied().flatten())
    }

    /// The annotations of a child without children of its own.
    pub(crate) fn of_child(&self, step: &Step) -> &[&'a Entry] {
        self.at(self.below(step))
    }
}
