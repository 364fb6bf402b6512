//! The names of enumerations and bits (RFC 7950 sections 9.6.4 and 9.7.4).

use std::collections::HashMap;

use crate::error::most_similar;
use crate::fault::{Fault, Faults};
use crate::modules::Modules;
use crate::parse::{Keyword, Statement};

/// An `enum` or `bit` statement with its value or position.
#[derive(Debug, Clone)]
pub(crate) struct Item<'m> {
    pub(super) statement: Statement<'m>,
    pub(super) number: i64,
    /// False if a feature that it depends on is off.
    pub(super) enabled: bool,
    /// True if it depends on a feature.
    pub(super) conditional: bool,
}

impl<'m> Item<'m> {
    pub(super) fn name(&self) -> &'m str {
        self.statement.argument()
    }
}

/// The facts that tell enumerations and bits apart.
struct Kind {
    /// `enum` or `bit`.
    item: Keyword,
    /// `value` or `position`.
    number: Keyword,
    least: i64,
    greatest: i64,
    section: &'static str,
    number_section: &'static str,
    restriction_section: &'static str,
}

impl Kind {
    const fn of(item: Keyword) -> Self {
        match item {
            Keyword::Bit => Self {
                item,
                number: Keyword::Position,
                least: 0,
                greatest: u32::MAX as i64,
                section: "RFC 7950 section 9.7.4",
                number_section: "RFC 7950 section 9.7.4.2",
                restriction_section: "RFC 7950 section 9.7.1",
            },
            _ => Self {
                item,
                number: Keyword::Value,
                least: i32::MIN as i64,
                greatest: i32::MAX as i64,
                section: "RFC 7950 section 9.6.4",
                number_section: "RFC 7950 section 9.6.4.2",
                restriction_section: "RFC 7950 section 9.6.3",
            },
        }
    }
}

/// Reads the `enum` or `bit` statements of a `type` statement, in their order. `outer` has those of
/// the type that it restricts.
pub(super) fn items<'m>(
    modules: &Modules,
    ty: Statement<'m>,
    keyword: Keyword,
    outer: Option<&[Item<'m>]>,
    faults: &mut Faults,
) -> Option<Vec<Item<'m>>> {
    let kind = Kind::of(keyword);
    let outer = outer.map(|items| Outer {
        items,
        by_name: items.iter().map(|item| (item.name(), item)).collect(),
    });
    let mut reading = Reading {
        modules,
        kind,
        outer,
        names: HashMap::new(),
        numbers: HashMap::new(),
        highest: None,
    };
    let before = faults.count();
    let mut items = Vec::new();
    for statement in ty.all(keyword) {
        match reading.item(statement) {
            Ok(item) => items.push(item),
            Err(fault) => faults.add(*fault),
        }
    }
    (faults.count() == before).then_some(items)
}

/// The items of the type that is restricted.
struct Outer<'o, 'm> {
    items: &'o [Item<'m>],
    by_name: HashMap<&'m str, &'o Item<'m>>,
}

struct Reading<'o, 'm> {
    modules: &'o Modules,
    kind: Kind,
    outer: Option<Outer<'o, 'm>>,
    names: HashMap<&'m str, Statement<'m>>,
    numbers: HashMap<i64, &'m str>,
    highest: Option<i64>,
}

impl<'m> Reading<'_, 'm> {
    fn item(&mut self, statement: Statement<'m>) -> Result<Item<'m>, Box<Fault>> {
        let (name, kind) = (statement.argument(), &self.kind);
        if kind.item == Keyword::Enum && (name.is_empty() || name.trim() != name) {
            let message = "the name is empty or has white space at an end; give it a name without";
            return Err(Box::new(Fault::of(statement, kind.section, message)));
        }
        if let Some(first) = self.names.insert(name, statement) {
            let line = first.position().line;
            let message = format!("line {line} has this name too; give each a name of its own");
            return Err(Box::new(Fault::of(statement, kind.section, message)));
        }
        let own = self.stated(statement)?;
        let restricted = match &self.outer {
            Some(outer) => Some(outer.find(&self.kind, statement, own)?),
            None => None,
        };
        let number = match restricted.map(|item| item.number).or(own) {
            Some(number) => number,
            None => self.next(statement)?,
        };
        if let Some(other) = self.numbers.insert(number, name) {
            let keyword = self.kind.number;
            let message =
                format!("it has the {keyword} {number} of \"{other}\"; give it one of its own");
            return Err(Box::new(Fault::of(
                statement,
                self.kind.number_section,
                message,
            )));
        }
        self.highest = self.highest.max(Some(number));
        let depends = statement.child(Keyword::IfFeature).is_some();
        Ok(Item {
            statement,
            number,
            enabled: self.modules.is_enabled(statement)
                && restricted.is_none_or(|item| item.enabled),
            conditional: depends || restricted.is_some_and(|item| item.conditional),
        })
    }

    /// The number that the statement states.
    fn stated(&self, statement: Statement<'m>) -> Result<Option<i64>, Box<Fault>> {
        let kind = &self.kind;
        let Some(stated) = statement.child(kind.number) else {
            return Ok(None);
        };
        let number = stated.argument().parse().ok();
        let number = number.filter(|number| (kind.least..=kind.greatest).contains(number));
        if number.is_some() {
            return Ok(number);
        }
        let (least, greatest) = (kind.least, kind.greatest);
        let message = format!("it is no number; write a whole one from {least} to {greatest}");
        Err(Box::new(Fault::of(stated, kind.number_section, message)))
    }

    /// The number of an item that states none: one above the highest so far.
    fn next(&self, statement: Statement<'m>) -> Result<i64, Box<Fault>> {
        let next = self.highest.map_or(0, |highest| highest + 1);
        if next <= self.kind.greatest {
            return Ok(next);
        }
        let (keyword, greatest) = (self.kind.number, self.kind.greatest);
        let message = format!(
            "no {keyword} can follow the greatest, {greatest}, which is taken; state a {keyword}"
        );
        Err(Box::new(Fault::of(
            statement,
            self.kind.number_section,
            message,
        )))
    }
}

impl<'o, 'm> Outer<'o, 'm> {
    /// The item that a statement keeps, unchanged but for its features.
    fn find(
        &self,
        kind: &Kind,
        statement: Statement<'m>,
        stated: Option<i64>,
    ) -> Result<&'o Item<'m>, Box<Fault>> {
        let (item, section) = (kind.item, kind.restriction_section);
        let Some(known) = self.by_name.get(statement.argument()) else {
            let message =
                format!("the type that is restricted has no such {item}; a restriction adds none");
            let names = self.items.iter().map(Item::name);
            let nearest = most_similar(statement.argument(), names);
            let fault = Fault::of(statement, section, message).nearest(nearest);
            return Err(Box::new(fault));
        };
        match stated {
            Some(number) if number != known.number => {
                let message = format!(
                    "the type that is restricted gives it the {} {}; keep that",
                    kind.number, known.number
                );
                Err(Box::new(Fault::of(statement, section, message)))
            }
            _ => Ok(known),
        }
    }
}
