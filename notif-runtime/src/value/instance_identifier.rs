//! Values of the type instance-identifier: paths along the schema.

use std::fmt::Write as _;

use compact_str::CompactString;

use super::canonical::{Canonical, canonical};
use super::names::Names;
use super::scalar::{FromScalar, Scalar};
use crate::fault::{InstancePath, Predicate, Quoted, Step};
use crate::schema::{Kind, Module, Node, Operation, Type};
use crate::types::{INSTANCE_IDENTIFIER, InstanceIdentifier, InvalidValue, ValueError};

impl InstanceIdentifier {
    /// Reads an identifier, in the form of RFC 7951, along the schema of `modules`.
    ///
    /// # Errors
    /// The text is no identifier, or leads to no node.
    pub fn new(text: &str, modules: &[&'static Module]) -> Result<Self, InvalidValue> {
        let names = modules
            .first()
            .map(|module| Names::of_modules(module, modules));
        names.and_then(|names| parse(text, &names)).ok_or_else(|| {
            let expected = INSTANCE_IDENTIFIER;
            InvalidValue::new("instance-identifier", text, expected)
        })
    }
}

impl FromScalar for InstanceIdentifier {
    const NAMES: bool = true;

    fn blank() -> Self {
        Self::default()
    }

    fn from_scalar(
        scalar: &Scalar<'_>,
        _: &Type<'_>,
        names: &Names<'_>,
    ) -> Result<Self, ValueError> {
        let (Scalar::String(text) | Scalar::Text(text)) = scalar else {
            return Err(ValueError::Kind);
        };
        parse(text, names).ok_or(ValueError::Lexical)
    }
}

/// Reads an identifier; `None` if `text` is not one, or leads to no node of the schema. As in
/// XPath, white space may be around its parts.
fn parse(text: &str, names: &Names<'_>) -> Option<InstanceIdentifier> {
    let mut parser = Parser {
        rest: text,
        names,
        xml: String::new(),
        modules: Vec::new(),
    };
    let mut steps = Vec::new();
    let mut parent = None;
    parser.skip_space();
    while !parser.rest.is_empty() {
        let (node, step) = parser.step(parent)?;
        steps.push(step);
        parent = Some(node);
    }
    parent?;
    let mut path = InstancePath::default();
    steps
        .into_iter()
        .rev()
        .for_each(|step| path.push_outer(step));
    Some(InstanceIdentifier::new_checked(
        path,
        parser.xml,
        parser.modules,
    ))
}

struct Parser<'p> {
    rest: &'p str,
    names: &'p Names<'p>,
    /// The path so far as XML has it.
    xml: String,
    modules: Vec<&'static Module>,
}

impl<'p> Parser<'p> {
    /// `/`, a node's name, and the predicates that tell its instances apart.
    fn step(&mut self, parent: Option<&'p Node<'p>>) -> Option<(&'p Node<'p>, Step)> {
        self.take("/")?;
        self.skip_space();
        let (prefix, name) = self.name()?;
        self.skip_space();
        let node = self.node(parent, prefix, name)?;
        self.declare(node.module);
        // Writing to a string cannot fail.
        let _ = write!(self.xml, "/{}:{}", node.module.name, node.name);
        let predicate = match &node.kind {
            Kind::Container { .. } | Kind::Leaf(_) | Kind::AnyData | Kind::AnyXml => {
                Predicate::None
            }
            Kind::List { .. } | Kind::LeafList(_) if self.is_position() => self.position(node)?,
            Kind::List { keys, children } => self.keys(node, keys, children)?,
            Kind::LeafList(leaf) => {
                self.bracket(".")?;
                let value =
                    self.value(|names, text| canonical(text, leaf.ty, names), node.module)?;
                let _ = write!(self.xml, "[.={}]", Quoted(&value.xml));
                Predicate::Value(value.json)
            }
            _ => Predicate::None,
        };
        let same = parent.is_some_and(|parent| std::ptr::eq(parent.module, node.module));
        let name = if same {
            node.name.into()
        } else {
            format!("{}:{}", node.module.name, node.name).into()
        };
        Some((node, Step { name, predicate }))
    }

    fn take(&mut self, token: &str) -> Option<()> {
        self.rest = self.rest.strip_prefix(token)?;
        Some(())
    }

    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    /// A name, with its prefix if it has one.
    fn name(&mut self) -> Option<(Option<&'p str>, &'p str)> {
        let ends = |character: char| !(character.is_alphanumeric() || "_-.:".contains(character));
        let (name, rest) = self
            .rest
            .split_at(self.rest.find(ends).unwrap_or(self.rest.len()));
        self.rest = rest;
        match name.split_once(':') {
            Some(("", _) | (_, "")) => None,
            Some((prefix, name)) => Some((Some(prefix), name)),
            None => Some((None, name)),
        }
    }

    /// The child of `parent`, or the top-level node, with this name: data, or an operation, which is
    /// in the accessible tree too (RFC 7950 section 6.4.1).
    fn node(
        &self,
        parent: Option<&'p Node<'p>>,
        prefix: Option<&str>,
        name: &str,
    ) -> Option<&'p Node<'p>> {
        let inherited = parent.map(|parent| parent.module.name);
        let module = match (prefix, inherited) {
            // RFC 7951 section 6.11: no prefix where the parent's module goes on.
            (None, Some(module)) if !self.names.is_xml() => module,
            (Some(prefix), inherited) => {
                let module = self.names.module(Some(prefix))?;
                (self.names.is_xml() || inherited != Some(module)).then_some(module)?
            }
            (None, _) => return None,
        };
        let is_it = |node: &&'p Node<'p>| node.name == name && node.module.name == module;
        let of = |children: &'p [Node<'p>], operations: &'static [Operation]| {
            let operations = operations.iter();
            let mut operations = operations.map(|operation| -> &'p Node<'p> { operation.node() });
            let child = children.iter().find(is_it);
            child.or_else(|| operations.find(is_it))
        };
        if let Some(parent) = parent {
            return of(parent.children(), parent.operations);
        }
        let mut modules = self.names.modules().iter();
        modules.find_map(|module| of((module.data)(), module.operations))
    }

    fn declare(&mut self, module: &'static Module) {
        if !self
            .modules
            .iter()
            .any(|known| std::ptr::eq(*known, module))
        {
            self.modules.push(module);
        }
    }

    /// Returns true if a predicate is the place of an instance.
    fn is_position(&self) -> bool {
        let inside = self.rest.strip_prefix('[').unwrap_or_default();
        inside
            .trim_start()
            .starts_with(|character: char| character.is_ascii_digit())
    }

    /// The place of an entry or value of state data, which need not have keys.
    fn position(&mut self, node: &Node<'_>) -> Option<Predicate> {
        self.take("[")?;
        self.skip_space();
        let digits = self
            .rest
            .find(|character: char| !character.is_ascii_digit())?;
        let (position, rest) = self.rest.split_at(digits);
        self.rest = rest;
        self.close_bracket()?;
        let position = position.parse().ok().filter(|position| *position > 0)?;
        let _ = write!(self.xml, "[{position}]");
        (!node.config).then_some(Predicate::Position(position))
    }

    /// All keys of a list's entry, in any order; in the order of the schema in the result.
    fn keys(
        &mut self,
        list: &Node<'_>,
        keys: &[usize],
        children: &[Node<'_>],
    ) -> Option<Predicate> {
        let mut found: Vec<Option<Canonical>> = keys.iter().map(|_| None).collect();
        while self.rest.starts_with('[') {
            self.take("[")?;
            self.skip_space();
            let (prefix, name) = self.name()?;
            let module = prefix.map_or(Some(list.module.name), |_| self.names.module(prefix))?;
            (self.names.is_xml() == prefix.is_some() && module == list.module.name).then_some(())?;
            let is_key = |at: &usize| children.get(*at).is_some_and(|key| key.name == name);
            let at = keys.iter().position(is_key)?;
            let leaf = children.get(*keys.get(at)?)?.leaf()?;
            let value = self.value(|names, text| canonical(text, leaf.ty, names), list.module)?;
            let slot = found.get_mut(at)?;
            slot.is_none().then_some(())?;
            *slot = Some(value);
        }
        let mut predicates = Vec::new();
        for (at, value) in keys.iter().zip(found) {
            let (key, value) = (children.get(*at)?, value?);
            let (module, quoted) = (list.module.name, Quoted(&value.xml));
            let _ = write!(self.xml, "[{module}:{}={quoted}]", key.name);
            predicates.push((CompactString::from(key.name), value.json));
        }
        (!predicates.is_empty()).then_some(Predicate::Keys(predicates))
    }

    fn bracket(&mut self, what: &str) -> Option<()> {
        self.take("[")?;
        self.skip_space();
        self.take(what)
    }

    fn close_bracket(&mut self) -> Option<()> {
        self.skip_space();
        self.take("]")?;
        self.skip_space();
        Some(())
    }

    /// `=`, a string in quotes, and the end of the predicate.
    fn value(
        &mut self,
        read: impl FnOnce(&Names<'_>, &str) -> Option<Canonical>,
        module: &'static Module,
    ) -> Option<Canonical> {
        self.skip_space();
        self.take("=")?;
        self.skip_space();
        let quote = self
            .rest
            .chars()
            .next()
            .filter(|quote| matches!(quote, '\'' | '"'))?;
        let (text, rest) = self.rest.get(1..)?.split_once(quote)?;
        self.rest = rest;
        self.close_bracket()?;
        let value = read(&self.names.in_module(module), text)?;
        value.modules.iter().for_each(|module| self.declare(module));
        Some(value)
    }
}
