//! Ranges and lengths (RFC 7950 sections 9.2.4 and 9.4.4).

use std::rc::Rc;

use crate::fault::Faults;
use crate::model::OnError;
use crate::parse::{Keyword, Statement};

use super::number;

/// A `range` or `length` statement with its parts as numbers, of a decimal64 without the point.
#[derive(Debug, Clone)]
pub(crate) struct Range<'m> {
    pub(super) statement: Statement<'m>,
    pub(super) parts: Rc<[Part]>,
}

/// The least and the greatest value.
pub(super) type Part = (i128, i128);

impl<'m> Range<'m> {
    /// Reads a statement that narrows the `outer` parts: those of the type that it restricts, or the
    /// bounds of the built-in type. `digits` are those behind the point of its numbers.
    pub(super) fn narrowed(
        statement: Statement<'m>,
        outer: &[Part],
        digits: u8,
        faults: &mut Faults,
    ) -> Option<Self> {
        let parts = parts(statement.argument(), outer, digits);
        match parts.and_then(|parts| check(&parts, outer).map(|()| parts)) {
            Ok(parts) => Some(Self {
                statement,
                parts: parts.into(),
            }),
            Err(reason) => {
                faults.at(statement, section(statement), reason);
                None
            }
        }
    }

    pub(super) fn has(&self, value: i128) -> bool {
        let mut parts = self.parts.iter();
        parts.any(|(least, greatest)| (*least..=*greatest).contains(&value))
    }

    /// The parts as they are written.
    pub(super) fn text(&self) -> String {
        let words = self.statement.argument().split_whitespace();
        words.collect::<Vec<_>>().join(" ")
    }

    pub(super) fn section(&self) -> &'static str {
        section(self.statement)
    }

    pub(super) fn on_error(&self) -> OnError {
        on_error(self.statement)
    }
}

/// The error that a restriction states (RFC 7950 sections 7.5.4.1 and 7.5.4.2).
pub(super) fn on_error(statement: Statement<'_>) -> OnError {
    let text = |keyword| statement.argument_of(keyword).map(ToOwned::to_owned);
    OnError {
        message: text(Keyword::ErrorMessage),
        app_tag: text(Keyword::ErrorAppTag),
    }
}

fn section(statement: Statement<'_>) -> &'static str {
    match statement.keyword() {
        Keyword::Length => "RFC 7950 section 9.4.4",
        _ => "RFC 7950 section 9.2.4",
    }
}

fn parts(text: &str, outer: &[Part], digits: u8) -> Result<Vec<Part>, String> {
    text.split('|')
        .map(|part| {
            let (least, greatest) = part.split_once("..").unwrap_or((part, part));
            Ok((
                bound(least, outer, digits)?,
                bound(greatest, outer, digits)?,
            ))
        })
        .collect()
}

fn bound(text: &str, outer: &[Part], digits: u8) -> Result<i128, String> {
    let text = text.trim_matches(|character: char| character.is_ascii_whitespace());
    let ends = outer.first().zip(outer.last());
    match (text, ends) {
        ("min", Some(((least, _), _))) => return Ok(*least),
        ("max", Some((_, (_, greatest)))) => return Ok(*greatest),
        _ => {}
    }
    let plain = text.strip_prefix('-').unwrap_or(text);
    let is_plain = plain.starts_with(|first: char| first.is_ascii_digit())
        && (!plain.starts_with('0') || plain == "0" || plain.starts_with("0."));
    let number = if is_plain {
        number::decimal(text, digits)
    } else {
        None
    };
    number.ok_or_else(|| match digits {
        0 => format!("\"{text}\" is no bound; write a whole number, min or max"),
        _ => format!(
            "\"{text}\" is no bound; write a number with at most {digits} digits behind the point, \
             min or max"
        ),
    })
}

fn check(parts: &[Part], outer: &[Part]) -> Result<(), String> {
    let mut above: Option<i128> = None;
    for (least, greatest) in parts {
        if least > greatest {
            return Err(
                "a part has its greater bound first; write the lesser one first".to_owned(),
            );
        }
        if above.is_some_and(|above| above >= *least) {
            return Err(
                "its parts overlap or do not rise; write each behind those with lesser values"
                    .to_owned(),
            );
        }
        if !is_inside(outer, (*least, *greatest)) {
            return Err(
                "it allows values that the type which it restricts does not have; keep each part \
                 within one of that type's"
                    .to_owned(),
            );
        }
        above = Some(*greatest);
    }
    Ok(())
}

/// True if the outer parts, taken together where one begins behind the other's end, hold a part.
fn is_inside(outer: &[Part], (least, greatest): Part) -> bool {
    let below = outer.partition_point(|(_, to)| *to < least);
    let mut reached: Option<i128> = None;
    for (from, to) in outer.iter().skip(below) {
        let continues = match reached {
            None => *from <= least,
            Some(end) => end.checked_add(1) == Some(*from),
        };
        if !continues || greatest <= *to {
            return continues;
        }
        reached = Some(*to);
    }
    false
}
