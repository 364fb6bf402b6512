//! The syntax of query paths.

use std::str::FromStr;

use super::{NameTest, Path, PathError, StepTest, Test};

/// The text of a path, and how far it is read.
struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn expected(&self, expected: &'static str) -> PathError {
        let read = self.text.get(..self.at).unwrap_or_default();
        PathError::Syntax {
            text: self.text.to_owned(),
            at: read.chars().count() + 1,
            expected,
        }
    }

    fn take(&mut self, symbol: &str) -> bool {
        let found = self.rest().starts_with(symbol);
        if found {
            self.at += symbol.len();
        }
        found
    }

    fn take_while(&mut self, accept: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| !accept(c)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    fn identifier(&mut self) -> Result<String, PathError> {
        let start = |c: char| c.is_ascii_alphabetic() || c == '_';
        if !self.rest().starts_with(start) {
            return Err(self.expected("a name, *, or module:name"));
        }
        let more = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
        Ok(self.take_while(more).to_owned())
    }

    fn name(&mut self) -> Result<NameTest, PathError> {
        if self.take("*") {
            return Ok(NameTest {
                module: None,
                local: None,
            });
        }
        let first = self.identifier()?;
        if !self.take(":") {
            return Ok(NameTest {
                module: None,
                local: Some(first),
            });
        }
        let local = if self.take("*") {
            None
        } else {
            Some(self.identifier()?)
        };
        Ok(NameTest {
            module: Some(first),
            local,
        })
    }

    fn step(&mut self) -> Result<StepTest, PathError> {
        let name = self.name()?;
        let mut predicates = Vec::new();
        while self.take("[") {
            predicates.push(self.predicate()?);
            if !self.take("]") {
                return Err(self.expected("]"));
            }
        }
        Ok(StepTest { name, predicates })
    }

    fn predicate(&mut self) -> Result<Test, PathError> {
        let digits = self.take_while(|c| c.is_ascii_digit());
        if !digits.is_empty() {
            let position = digits.parse().ok().filter(|&position| position > 0);
            return position
                .map(Test::Position)
                .ok_or_else(|| self.expected("a place from 1"));
        }
        if self.take(".") {
            return Ok(Test::Value(self.value()?));
        }
        let name = self.name()?;
        Ok(Test::Leaf(name, self.value()?))
    }

    /// `='value'`.
    fn value(&mut self) -> Result<String, PathError> {
        if !self.take("=") {
            return Err(self.expected("="));
        }
        if !self.take("concat(") {
            return self.quoted();
        }
        let mut value = self.quoted()?;
        while self.take(",") {
            self.take_while(|c| c == ' ');
            value.push_str(&self.quoted()?);
        }
        if self.take(")") {
            Ok(value)
        } else {
            Err(self.expected(", or )"))
        }
    }

    fn quoted(&mut self) -> Result<String, PathError> {
        for quote in ["'", "\""] {
            if self.take(quote) {
                let value = self.take_while(|c| !quote.contains(c));
                return if self.take(quote) {
                    Ok(value.to_owned())
                } else {
                    Err(self.expected("the closing quote"))
                };
            }
        }
        Err(self.expected("a value in quotes"))
    }
}

impl FromStr for Path {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        let mut cursor = Cursor { text, at: 0 };
        let absolute = cursor.take("/");
        let mut steps = vec![cursor.step()?];
        while cursor.take("/") {
            steps.push(cursor.step()?);
        }
        if !cursor.rest().is_empty() {
            return Err(cursor.expected("/, [ or the end"));
        }
        Ok(Self {
            text: text.to_owned(),
            absolute,
            steps,
        })
    }
}
