//! Metadata annotations (RFC 7952), which stand beside the data: instance data that says something
//! about a node, such as where a value comes from.

use std::collections::HashMap;

use compact_str::{CompactString, format_compact};
use foldhash::quality::RandomState;

use crate::decode::{Canonical, Names, Scalar, canonical_of};
use crate::schema::{self, Module, Type, yang};
use crate::tree::{self, Value};
use crate::types::InvalidValue;
use crate::validate::{InstancePath, Predicate, Step, describe};

/// The annotations of one message, in its order.
#[derive(Debug, Clone, Default)]
pub struct Annotations {
    list: Vec<Annotation>,
}

/// One annotation of one node.
#[derive(Debug, Clone)]
pub struct Annotation {
    path: InstancePath,
    name: CompactString,
    module: &'static Module,
    value: Canonical,
    /// The type of the value: of a union its member.
    ty: &'static Type,
}

impl Annotations {
    /// The annotations.
    pub fn iter(&self) -> impl Iterator<Item = &Annotation> {
        self.list.iter()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Adds one.
    pub fn push(&mut self, annotation: Annotation) {
        self.list.push(annotation);
    }
}

impl Annotation {
    /// The annotation `name`, as `module:name`, of the node at `path`. The value is in the form that
    /// JSON has in quotes, and names what it names with the names of `modules`.
    ///
    /// A list entry is at the step of its keys, a leaf-list's value at one of the value, and where
    /// there are no keys or the data is state, at one of the position from 1.
    ///
    /// # Errors
    /// That no module defines the annotation, or what its value must be.
    pub fn new(
        path: InstancePath,
        name: &str,
        value: &str,
        modules: &[&'static Module],
    ) -> Result<Self, InvalidValue> {
        let (module, local) = name.split_once(':').unwrap_or(("", name));
        let (module, annotation) = yang::find_annotation(modules, module, local)
            .ok_or_else(|| InvalidValue::new("annotation", name, "module:name of a known one"))?;
        let names = Names::of_modules(module, modules);
        canonical_of(&Scalar::Text(value.into()), annotation.ty(), &names)
            .map(|value| Self::of(path, module, annotation.name, value))
            .ok_or_else(|| {
                InvalidValue::new(annotation.name, value, describe::value(annotation.ty()))
            })
    }

    pub(crate) fn of(
        path: InstancePath,
        module: &'static Module,
        name: &str,
        (value, ty): (Canonical, &'static Type),
    ) -> Self {
        Self {
            path,
            name: format_compact!("{}:{name}", module.name),
            module,
            value,
            ty,
        }
    }

    /// The node that it is about.
    #[must_use]
    pub const fn path(&self) -> &InstancePath {
        &self.path
    }

    /// Its name, `module:name`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its value in canonical form, with the names of modules in it.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value.json
    }

    pub(crate) fn local_name(&self) -> &str {
        self.name.split_once(':').map_or("", |(_, local)| local)
    }

    pub(crate) const fn module(&self) -> &'static Module {
        self.module
    }

    pub(crate) const fn canonical(&self) -> &Canonical {
        &self.value
    }

    pub(crate) const fn ty(&self) -> &'static Type {
        self.ty
    }
}

/// Two are equal if they say the same of the same node.
impl PartialEq for Annotation {
    fn eq(&self, other: &Self) -> bool {
        (&self.path, &self.name, &self.value.json) == (&other.path, &other.name, &other.value.json)
    }
}

impl Eq for Annotation {}

/// The step of the leaf, or of the value at `at` (from 0) of the leaf-list.
pub(crate) fn leaf_step(schema: &schema::Node, value: Value<'_>, at: usize) -> Step {
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
    by_path: HashMap<&'a InstancePath, Vec<&'a Annotation>, RandomState>,
    path: Vec<Step>,
}

impl<'a> Notes<'a> {
    /// `None` if there are no annotations.
    pub(crate) fn new(annotations: &'a Annotations) -> Option<Self> {
        let mut by_path: HashMap<_, Vec<_>, RandomState> = HashMap::default();
        for annotation in annotations.iter() {
            by_path
                .entry(annotation.path())
                .or_default()
                .push(annotation);
        }
        (!by_path.is_empty()).then_some(Self {
            by_path,
            path: Vec::new(),
        })
    }

    /// Goes to a node, the entry at `at` (from 0) if it is one of a list.
    pub(crate) fn enter(&mut self, node: &dyn tree::Node, at: usize) {
        self.path.push(node.step(at + 1));
    }

    /// Goes back to the node around.
    pub(crate) fn leave(&mut self) {
        self.path.pop();
    }

    /// Those of the node where the writer is.
    pub(crate) fn here(&self) -> Vec<&'a Annotation> {
        let found = self.by_path.get(&path_of(&self.path));
        found.cloned().unwrap_or_default()
    }

    /// Those of a child that is no node with children.
    pub(crate) fn of_child(&mut self, step: Step) -> Vec<&'a Annotation> {
        self.path.push(step);
        let found = self.here();
        self.path.pop();
        found
    }
}
