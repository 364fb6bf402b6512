//! Instance-identifiers in defaults (RFC 7950 section 9.13).

use super::default::{Check, Wrong, wrong};
use crate::compile::names::Meaning;
use crate::compile::tree::Tree;
use crate::fault::Faults;
use crate::model::xpath::{Axis, Comparison, Expr, Path, Step, Test};
use crate::model::{LeafPath, QName};
use crate::xpath;

const SECTION: &str = "RFC 7950 section 9.13";

impl<'c, 'm> Check<'c, 'm> {
    /// The canonical form of an instance-identifier, with the names of modules where they change.
    pub(super) fn instance(&mut self, text: &str) -> Result<String, Wrong> {
        let names = Meaning::new(self.types.modules, None, self.value);
        let parsed = names.map(|names| xpath::parse(text, &names));
        let steps = match parsed {
            Some(Ok(Expr::Path(Path {
                absolute: true,
                steps,
            }))) => steps,
            Some(Err(reason)) => return wrong(SECTION, format!("it is no path: {reason}")),
            _ => {
                return wrong(
                    SECTION,
                    "it is no absolute path; write /prefix:node and so on",
                );
            }
        };
        let mut found = Instance {
            text: String::new(),
            path: LeafPath {
                ups: None,
                steps: Vec::new(),
            },
        };
        for step in &steps {
            self.step(step, &mut found)?;
        }
        Ok(found.text)
    }

    fn step(&mut self, step: &Step, found: &mut Instance) -> Result<(), Wrong> {
        let (Axis::Child, Test::Name(name)) = (step.axis, &step.test) else {
            return wrong(SECTION, "a step is no name of a node; write names alone");
        };
        let above = found.path.steps.last().map(|above| above.module.clone());
        found.text.push('/');
        if above.as_ref() != Some(&name.module) {
            found.text.extend([&*name.module, ":"]);
        }
        found.text.push_str(&name.name);
        found.path.steps.push(name.clone());
        let tree = self.place.map(|(tree, _)| tree);
        if tree.is_some_and(|tree| tree.find(None, &found.path).is_none()) {
            let message = format!("no node is at {}; name one that is there", found.text);
            return wrong(SECTION, message);
        }
        for predicate in &step.predicates {
            let text = self.predicate(predicate, tree, found)?;
            found.text.push_str(&text);
        }
        Ok(())
    }

    /// A predicate: a key with its value, the value of a leaf-list's entry, or a position.
    fn predicate(
        &mut self,
        predicate: &Expr,
        tree: Option<&'c Tree<'m>>,
        found: &Instance,
    ) -> Result<String, Wrong> {
        let (left, value) = match predicate {
            Expr::Number(position) if *position >= 1.0 && position.fract() == 0.0 => {
                return Ok(format!("[{position}]"));
            }
            Expr::Compare(Comparison::Equal, left, right) => match (&**left, &**right) {
                (Expr::Path(path), Expr::Literal { text, .. }) => (path, text),
                _ => return wrong(SECTION, NO_PREDICATE),
            },
            _ => return wrong(SECTION, NO_PREDICATE),
        };
        let (label, name) = match (left.absolute, &*left.steps) {
            (false, [step]) if step.predicates.is_empty() => match (step.axis, &step.test) {
                (Axis::Itself, Test::Node) => (".", None),
                (Axis::Child, Test::Name(name)) => (&*name.name, Some(name)),
                _ => return wrong(SECTION, NO_PREDICATE),
            },
            _ => return wrong(SECTION, NO_PREDICATE),
        };
        let value = match tree {
            Some(tree) => self.value_of(tree, name, value, found)?,
            None => value.clone(),
        };
        let quote = if value.contains('\'') { '"' } else { '\'' };
        Ok(format!("[{label}={quote}{value}{quote}]"))
    }

    /// The value of a key or entry in canonical form.
    fn value_of(
        &mut self,
        tree: &'c Tree<'m>,
        name: Option<&QName>,
        value: &str,
        found: &Instance,
    ) -> Result<String, Wrong> {
        let mut path = found.path.clone();
        path.steps.extend(name.cloned());
        let leaf = tree.find(None, &path);
        let ty = leaf.and_then(|leaf| tree.get(leaf)?.ty);
        let ty = ty.and_then(|ty| self.types.of(ty, &mut Faults::default()));
        let Some(ty) = ty else {
            let message = format!("a predicate at {} names no leaf there", found.text);
            return wrong(SECTION, message);
        };
        let before = self.place.replace((tree, leaf));
        let value = self.text(&ty, value);
        self.place = before;
        value
    }
}

const NO_PREDICATE: &str =
    "a predicate is neither a key with its value nor a position; write [prefix:key='value']";

/// The part of an identifier that was read.
struct Instance {
    /// In canonical form.
    text: String,
    path: LeafPath,
}
