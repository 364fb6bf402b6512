//! Text from publishers, made harmless for JSON lines and CSV: it neither controls a terminal nor
//! becomes a formula in a spreadsheet.

use std::borrow::Cow;
use std::io::{self, Write};

use notif_runtime::text::{acts, visible_lines};
use serde_json::ser::Formatter;

/// The characters that start a formula in a spreadsheet, including their East Asian wide forms.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\n', '＝', '＋', '－', '＠'];

/// A CSV cell. Characters that control a terminal are escaped as in Rust, except line feeds and
/// tabs, which quotes keep in the cell. Text that a spreadsheet would take for a formula gets a
/// leading `'`, which makes it text. Numbers stay as they are.
pub(super) fn cell(text: &str) -> Cow<'_, str> {
    let shown = visible_lines(text);
    if shown.starts_with(FORMULA) && !is_number(&shown) {
        return format!("'{shown}").into();
    }
    shown
}

fn is_number(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-');
    text.chars().all(is_part) && text.parse::<f64>().is_ok()
}

/// Writes JSON on one line without characters that control a terminal: each becomes an escape,
/// which a JSON reader turns back into the character.
pub(super) struct Json;

impl Formatter for Json {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        escape(fragment, out)
    }

    /// For JSON that is written already: such characters can stand only in its strings.
    fn write_raw_fragment<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        escape(fragment, out)
    }
}

fn escape<W: ?Sized + Write>(text: &str, out: &mut W) -> io::Result<()> {
    // White space can stand between values.
    let special = |c: char| acts(c) && !matches!(c, '\n' | '\r' | '\t');
    for part in text.split_inclusive(special) {
        let mut plain = part.chars();
        match plain.next_back() {
            Some(last) if special(last) => {
                out.write_all(plain.as_str().as_bytes())?;
                // All of these are in the Basic Multilingual Plane.
                write!(out, "\\u{:04x}", u32::from(last))?;
            }
            _ => out.write_all(part.as_bytes())?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde::Serialize as _;
    use serde_json::value::RawValue;

    use super::*;

    #[test]
    fn formulas_are_text_and_numbers_are_numbers() {
        for (text, shown) in [
            ("=1+1", "'=1+1"),
            ("+1+1", "'+1+1"),
            ("-1+1", "'-1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "\\r=1"),
            ("\n=1", "'\n=1"),
            ("＝1", "'＝1"),
            ("-inf", "'-inf"),
            ("-", "'-"),
            ("--1", "'--1"),
            ("-5", "-5"),
            ("+5", "+5"),
            ("-1.25e+3", "-1.25e+3"),
            ("1=1", "1=1"),
            (
                "a\nb\u{1b}[0m\u{9b}\u{202e}",
                "a\nb\\u{1b}[0m\\u{9b}\\u{202e}",
            ),
            ("", ""),
        ] {
            assert_eq!(cell(text), shown);
        }
    }

    #[test]
    fn json_is_the_same_and_does_nothing() {
        let text = "a\u{7f}\u{9b}b\u{202e}\n\u{1b}\u{2028}ä🦀\"";
        let value = serde_json::json!({ text: [text] });
        let raw = RawValue::from_string(format!("[\"\u{9b}\", \"{}\"]", "x")).unwrap();
        let mut out = Vec::new();
        let mut writer = serde_json::Serializer::with_formatter(&mut out, Json);
        (&value, &raw).serialize(&mut writer).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert!(!out.contains(acts), "{out}");
        let read: (serde_json::Value, Vec<String>) = serde_json::from_str(&out).unwrap();
        assert_eq!(read, (value, vec!["\u{9b}".to_owned(), "x".to_owned()]));
    }
}
