//! Perl's syntax beyond XML Schema, which libyang accepts since it gives patterns to PCRE2.
//! Constructs that only PCRE2's engine supports are refused: that of the generated code finds its
//! match in one pass over the text, so it looks at no text twice.

use regex_automata::util::syntax;

use super::{Escaped, Translation, Untranslatable, untranslatable};

/// The flags that `(?i)` and its like set, up to the end of the group around.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Flags {
    /// `i`: letters match those of the other case.
    pub(super) caseless: bool,
    /// `s`: `.` is any character.
    pub(super) dot_all: bool,
}

/// `\h`, white space in a line, as the inside of a class.
const HORIZONTAL: &str = r"\t \u{A0}\u{1680}\u{180E}\u{2000}-\u{200A}\u{202F}\u{205F}\u{3000}";

/// `\v`, white space between lines, as the inside of a class.
const VERTICAL: &str = r"\n\u{B}\u{C}\r\u{85}\u{2028}\u{2029}";

/// The classes of POSIX, as the inside of another, but for those that versions of PCRE2 disagree on.
const POSIX: &[(&str, &str)] = &[
    ("alnum", r"\p{L}\p{N}"),
    ("alpha", r"\p{L}"),
    ("ascii", r"\u{0}-\u{7F}"),
    ("blank", HORIZONTAL),
    ("cntrl", r"\p{Cc}"),
    ("digit", r"\p{Nd}"),
    ("lower", r"\p{Ll}"),
    ("upper", r"\p{Lu}"),
    ("xdigit", "0-9A-Fa-f"),
];

impl Translation<'_> {
    /// A group, from behind its bracket.
    pub(super) fn open_group(&mut self, regex: &mut String) -> Result<(), Untranslatable> {
        let Some(rest) = self.rest.strip_prefix('?') else {
            if self.rest.starts_with('*') {
                return untranslatable("generated code has no verbs of PCRE2's, such as (*FAIL)");
            }
            self.around.push(self.flags);
            regex.push('(');
            return Ok(());
        };
        if let Some(comment) = rest.strip_prefix('#') {
            let Some((_, behind)) = comment.split_once(')') else {
                return untranslatable("a comment without its closing bracket");
            };
            if behind.starts_with(['*', '+', '?', '{']) {
                return untranslatable("a comment between something and how often it is there");
            }
            self.rest = behind;
            return Ok(());
        }
        if ["=", "!", "<=", "<!"]
            .iter()
            .any(|look| rest.starts_with(look))
        {
            return untranslatable("generated code does not look ahead or behind");
        }
        if let Some(inside) = rest.strip_prefix([':', '|']).or_else(|| behind_name(rest)) {
            self.rest = inside;
            self.around.push(self.flags);
            regex.push_str("(?:");
            return Ok(());
        }
        self.rest = rest;
        self.turn(regex)
    }

    /// Letters that turn something on or off, for the rest of the group around or in one of their own.
    fn turn(&mut self, regex: &mut String) -> Result<(), Untranslatable> {
        let (before, mut is_on) = (self.flags, true);
        let is_group = loop {
            match self.next() {
                Some('i') => self.flags.caseless = is_on,
                Some('s') => self.flags.dot_all = is_on,
                // Line ends, captures and the order of attempts make no difference here.
                Some('m' | 'n' | 'J' | 'U') => {}
                Some('x') if !is_on => {}
                Some('-') if is_on => is_on = false,
                Some(')') => break false,
                Some(':') => break true,
                _ => {
                    return untranslatable(
                        "of groups that start with (?, generated code has (?:a), (?<n>a), (?i) and (?s)",
                    );
                }
            }
        };
        let case = if self.flags.caseless { "i" } else { "-i" };
        let is_turned = self.flags.caseless != before.caseless;
        match (is_group, is_turned) {
            (true, true) => regex.extend(["(?", case, ":"]),
            (true, false) => regex.push_str("(?:"),
            (false, true) => regex.extend(["(?", case, ")"]),
            (false, false) => {}
        }
        if is_group {
            self.around.push(before);
        }
        Ok(())
    }

    /// The end of a group.
    pub(super) fn close_group(&mut self, regex: &mut String) {
        self.flags = self.around.pop().unwrap_or_default();
        regex.push(')');
    }

    /// A quantifier, from behind its first character; or a brace that means itself.
    pub(super) fn quantifier(
        &mut self,
        first: char,
        regex: &mut String,
    ) -> Result<(), Untranslatable> {
        if first == '{' {
            let counts = self.rest.split_once('}').map_or("", |(counts, _)| counts);
            let is_count = |text: &str| text.bytes().all(|octet| octet.is_ascii_digit());
            let (least, most) = counts.split_once(',').unwrap_or((counts, ""));
            if least.is_empty() || !is_count(least) || !is_count(most) {
                let is_like = |octet: u8| matches!(octet, b' ' | b'\t' | b',' | b'0'..=b'9');
                if counts.bytes().all(is_like) && counts.bytes().any(|octet| octet.is_ascii_digit())
                {
                    return untranslatable(format!(
                        "versions of PCRE2 disagree on what {{{counts}}} is"
                    ));
                }
                regex.push_str(r"\{");
                return Ok(());
            }
            regex.extend(["{", counts, "}"]);
            self.rest = self.rest.get(counts.len() + 1..).unwrap_or_default();
        } else {
            regex.push(first);
        }
        if self.rest.starts_with('+') {
            return untranslatable(
                "generated code has no quantifiers that give nothing back, such as a*+",
            );
        }
        // The whole value has to match, so it is the same which lengths are tried first.
        self.rest = self.rest.strip_prefix('?').unwrap_or(self.rest);
        Ok(())
    }

    /// An escape that XML Schema does not have, from behind its backslash.
    pub(super) fn perl_escape(&mut self, letter: char) -> Result<Escaped, Untranslatable> {
        let assertion = match letter {
            'a' => return Ok(Escaped::Character('\u{7}')),
            'e' => return Ok(Escaped::Character('\u{1b}')),
            'f' => return Ok(Escaped::Character('\u{c}')),
            '0' => return self.octal(),
            'o' | 'x' => return self.number(letter),
            'N' if self.rest.starts_with("{U+") => return self.number(letter),
            'N' => return Ok(Escaped::Class(r"[^\n]".to_owned())),
            'h' => return Ok(Escaped::Class(format!("[{HORIZONTAL}]"))),
            'H' => return Ok(Escaped::Class(format!("[^{HORIZONTAL}]"))),
            'v' => return Ok(Escaped::Class(format!("[{VERTICAL}]"))),
            'V' => return Ok(Escaped::Class(format!("[^{VERTICAL}]"))),
            'b' => r"\b",
            'B' => r"\B",
            'A' | 'G' => r"\A",
            'z' => r"\z",
            // Before a line feed at the end too, but no value ends in front of one.
            'Z' if self.rest.bytes().all(|octet| octet == b')') => r"\z",
            '1'..='9' | 'g' | 'k' => {
                return untranslatable("generated code does not look for what a group has found");
            }
            _ if !letter.is_ascii_alphanumeric() => return Ok(Escaped::Character(letter)),
            _ => return untranslatable(format!("generated code has no escape \\{letter}")),
        };
        Ok(Escaped::Assertion(assertion))
    }

    /// `\0` with up to two digits more.
    fn octal(&mut self) -> Result<Escaped, Untranslatable> {
        let is_octal = |character: &char| matches!(character, '0'..='7');
        let count = self.rest.chars().take(2).take_while(is_octal).count();
        let (digits, rest) = self.rest.split_at_checked(count).unwrap_or_default();
        self.rest = rest;
        character(digits, 8)
    }

    /// A character by its number: `\x41`, `\x{41}`, `\o{101}` and `\N{U+41}`.
    fn number(&mut self, letter: char) -> Result<Escaped, Untranslatable> {
        let (opening, radix) = match letter {
            'o' => ("{", 8),
            'N' => ("{U+", 16),
            _ => ("{", 16),
        };
        if let Some(inside) = self.rest.strip_prefix(opening) {
            let (digits, rest) = inside.split_once('}').unwrap_or((inside, ""));
            self.rest = rest;
            return character(digits, radix);
        }
        let is_digit = |character: &char| character.is_ascii_hexdigit();
        let count = self.rest.chars().take(2).take_while(is_digit).count();
        let (digits, rest) = self.rest.split_at_checked(count).unwrap_or_default();
        self.rest = rest;
        character(digits, radix)
    }

    /// A POSIX class in another one, from behind its bracket: `[:alpha:]`; `None` if it is not.
    pub(super) fn posix(&mut self) -> Result<Option<String>, Untranslatable> {
        let class = self.rest.strip_prefix(':');
        let Some((name, rest)) = class.and_then(|class| class.split_once(":]")) else {
            return Ok(None);
        };
        let (not, name) = match name.strip_prefix('^') {
            Some(name) => ("^", name),
            None => ("", name),
        };
        if !name.bytes().all(|octet| octet.is_ascii_lowercase()) {
            return Ok(None);
        }
        self.cased("a class of POSIX's")?;
        self.rest = rest;
        match POSIX.iter().find(|(known, _)| *known == name) {
            Some((_, characters)) => Ok(Some(format!("[{not}{characters}]"))),
            None if name == "space" => Ok(Some(format!(r"[{not}{HORIZONTAL}{VERTICAL}\p{{Z}}]"))),
            None => untranslatable(format!("versions of PCRE2 disagree on what [:{name}:] is")),
        }
    }

    /// Refuses classes of one case only where case is ignored: PCRE2 keeps to that case, generated
    /// code would match the other as well.
    pub(super) fn cased(&self, what: &str) -> Result<(), Untranslatable> {
        if self.flags.caseless {
            return untranslatable(format!("{what} in brackets where (?i) holds"));
        }
        Ok(())
    }

    /// A class behind a backslash, as it stands outside brackets.
    pub(super) fn push_class(&self, regex: &mut String, class: &str) {
        if self.flags.caseless {
            regex.extend(["(?-i:", class, ")"]);
        } else {
            regex.push_str(class);
        }
    }
}

/// The rest of a group behind its name, if it has one.
fn behind_name(group: &str) -> Option<&str> {
    let named = group.strip_prefix('P').unwrap_or(group);
    let (opening, closing) = if named.starts_with('<') {
        ('<', '>')
    } else {
        ('\'', '\'')
    };
    let (_, inside) = named.strip_prefix(opening)?.split_once(closing)?;
    Some(inside)
}

fn character(digits: &str, radix: u32) -> Result<Escaped, Untranslatable> {
    let digits = if digits.is_empty() { "0" } else { digits };
    let number = u32::from_str_radix(digits, radix).ok();
    match number.and_then(char::from_u32) {
        Some(character) => Ok(Escaped::Character(character)),
        None => untranslatable(format!("{digits} is the number of no character")),
    }
}

/// A property that XML Schema does not have: PCRE2's own, or a script, for which PCRE2 also takes
/// characters that are used with the script.
pub(super) fn property(letter: char, name: &str) -> String {
    let not = if letter == 'P' { "^" } else { "" };
    match name {
        "L&" => format!(r"[{not}\p{{Lu}}\p{{Ll}}\p{{Lt}}]"),
        "Xan" => format!(r"[{not}\p{{L}}\p{{N}}]"),
        _ => {
            let script = format!(r"\{letter}{{scx:{name}}}");
            match syntax::parse(&script) {
                Ok(_) => script,
                Err(_) => format!(r"\{letter}{{{name}}}"),
            }
        }
    }
}
