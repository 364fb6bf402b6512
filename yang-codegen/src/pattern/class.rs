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
            // What is subtracted is so from the class with its negation.
            if let Some(rest) = self.rest.strip_prefix("-[") {
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
                '\\' => match self.escape()? {
                    Escaped::Character(first) => self.range(&mut inside, first)?,
                    Escaped::Class(class) => {
                        inside.push_str(&class);
                        self.hyphen(&mut inside);
                    }
                },
                first => self.range(&mut inside, first)?,
            }
        }
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
            Some('\\') => match self.escape()? {
                Escaped::Character(last) => last,
                Escaped::Class(_) => return untranslatable("a range that ends in a class"),
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

/// Whether an escape that stands for several characters comes first.
fn is_class_escape(text: &str) -> bool {
    let escaped = text.strip_prefix('\\').and_then(|rest| rest.chars().next());
    escaped.is_some_and(|letter| letter.is_ascii_alphabetic() && !matches!(letter, 'n' | 'r' | 't'))
}
