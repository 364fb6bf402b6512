//! Classes of characters in brackets (XML Schema part 2, appendix F.1).

use super::{Escaped, Translation, Untranslatable, push_literal, untranslatable};

impl Translation<'_> {
    /// A class, from behind its bracket.
    pub(super) fn class(&mut self) -> Result<String, Untranslatable> {
        let not = match self.rest.strip_prefix('^') {
            Some(rest) => {
                self.rest = rest;
                "^"
            }
            None => "",
        };
        let mut inside = String::new();
        loop {
            // Negation comes before subtraction; from an empty class nothing is subtracted.
            if !inside.is_empty()
                && let Some(rest) = self.rest.strip_prefix("-[")
            {
                self.rest = rest;
                let subtracted = self.class()?;
                let Some(']') = self.next() else {
                    return untranslatable("a class goes on behind what is subtracted from it");
                };
                return Ok(format!("[[{not}{inside}]--{subtracted}]"));
            }
            let Some(character) = self.next() else {
                return untranslatable("a class without its closing bracket");
            };
            match character {
                ']' if inside.is_empty() => return untranslatable("an empty class"),
                ']' => return Ok(format!("[{not}{inside}]")),
                '[' => self.bracket(&mut inside)?,
                '\\' => match self.escape_in_class()? {
                    Escaped::Class(class) => {
                        inside.push_str(&class);
                        self.hyphen(&mut inside);
                    }
                    Escaped::Character(first) => self.range(&mut inside, first)?,
                    Escaped::Assertion(_) => return untranslatable("an assertion in a class"),
                },
                first => self.range(&mut inside, first)?,
            }
        }
    }

    /// A bracket in a class: of a class of POSIX's, or one that means itself.
    fn bracket(&mut self, inside: &mut String) -> Result<(), Untranslatable> {
        if let Some(class) = self.posix()? {
            inside.push_str(&class);
            return Ok(());
        }
        self.is_unbalanced = true;
        self.range(inside, '[')
    }

    /// An escape in a class, from behind the backslash.
    fn escape_in_class(&mut self) -> Result<Escaped, Untranslatable> {
        if let Some(rest) = self.rest.strip_prefix('b') {
            self.rest = rest;
            return Ok(Escaped::Character('\u{8}'));
        }
        if self.rest.starts_with(['p', 'P']) {
            self.cased("\\p")?;
        }
        self.escape()
    }

    /// A character, or a range from it.
    fn range(&mut self, inside: &mut String, first: char) -> Result<(), Untranslatable> {
        push_class_literal(inside, first);
        let Some(rest) = self.rest.strip_prefix('-') else {
            return Ok(());
        };
        if rest.starts_with([']', '[']) || is_class_escape(rest) {
            return Ok(());
        }
        self.rest = rest;
        let last = match self.next() {
            Some('\\') => match self.escape_in_class()? {
                Escaped::Character(last) => last,
                _ => return untranslatable("a range that ends in a class"),
            },
            Some(last) => last,
            None => return untranslatable("a class without its closing bracket"),
        };
        inside.push('-');
        push_class_literal(inside, last);
        self.hyphen(inside);
        Ok(())
    }

    /// A hyphen behind a range or an escaped class means itself.
    fn hyphen(&mut self, inside: &mut String) {
        if let Some(rest) = self.rest.strip_prefix('-')
            && !rest.starts_with('[')
        {
            self.rest = rest;
            push_class_literal(inside, '-');
        }
    }
}

/// Adds a character that means itself in a class.
fn push_class_literal(inside: &mut String, character: char) {
    match character {
        '[' | ']' | '&' | '~' | '^' | '-' | '\\' | '\n' | '\r' | '\t' => {
            push_literal(inside, character);
        }
        _ => inside.push(character),
    }
}

/// True if `text` starts with an escape that stands for several characters.
fn is_class_escape(text: &str) -> bool {
    let escaped = text.strip_prefix('\\').and_then(|rest| rest.chars().next());
    escaped.is_some_and(|letter| "dDsSwWiIcCpPhHvV".contains(letter))
}
