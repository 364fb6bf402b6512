//! The tokens of a text: words, quoted strings, semicolons and braces (RFC 7950 section 6.1).

use std::borrow::Cow;

use super::position::{Applies, Complaint};
use super::quoted;
use crate::fault::Faults;

/// A token. A quoted string is one with all that `+` joins to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token<'t> {
    /// A keyword, or an unquoted string.
    Word(&'t str),
    Quoted(Cow<'t, str>),
    Semicolon,
    Open,
    Close,
    /// The end of the text.
    End,
}

/// Reads the tokens of a text.
pub(super) struct Tokens<'t> {
    text: &'t str,
    at: usize,
    complaints: Vec<Complaint>,
}

/// The text cannot be read further; a complaint says why.
#[derive(Debug)]
pub(super) struct Broken;

impl<'t> Tokens<'t> {
    pub(super) const fn new(text: &'t str) -> Self {
        Self {
            text,
            at: 0,
            complaints: Vec::new(),
        }
    }

    pub(super) fn into_complaints(self) -> Vec<Complaint> {
        self.complaints
    }

    /// The next token with its offset.
    pub(super) fn next(&mut self) -> Result<(usize, Token<'t>), Broken> {
        self.skip_separators()?;
        let start = self.at;
        let single = match self.peek(0) {
            None => return Ok((start, Token::End)),
            Some(b';') => Token::Semicolon,
            Some(b'{') => Token::Open,
            Some(b'}') => Token::Close,
            Some(b'"' | b'\'') => return Ok((start, Token::Quoted(self.strings()?))),
            Some(_) => return Ok((start, Token::Word(self.word()?))),
        };
        self.at += 1;
        Ok((start, single))
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    /// The text from the place where the reader is.
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Passes over white space and comments.
    fn skip_separators(&mut self) -> Result<(), Broken> {
        loop {
            match (self.peek(0), self.peek(1)) {
                (Some(b' ' | b'\t' | b'\n'), _) => self.at += 1,
                (Some(b'\r'), Some(b'\n')) => self.at += 2,
                (Some(b'/'), Some(b'/')) => {
                    let length = self.rest().find('\n').unwrap_or(self.rest().len());
                    self.comment(length);
                }
                (Some(b'/'), Some(b'*')) => {
                    let Some(end) = self.rest().get(2..).and_then(|rest| rest.find("*/")) else {
                        let message = "the comment that begins here has no end; write */ behind it";
                        return Err(self.broken(self.at, message, "RFC 7950 section 6.1.1"));
                    };
                    self.comment(end + 4);
                }
                _ => return Ok(()),
            }
        }
    }

    fn comment(&mut self, length: usize) {
        self.check_characters(self.at, self.at + length, Applies::Tolerable);
        self.at += length;
    }

    /// A word, up to white space, a semicolon, a brace or a comment.
    fn word(&mut self) -> Result<&'t str, Broken> {
        let start = self.at;
        loop {
            match (self.peek(0), self.peek(1)) {
                (None | Some(b' ' | b'\t' | b'\n' | b'\r' | b';' | b'{' | b'}'), _)
                | (Some(b'/'), Some(b'/' | b'*')) => break,
                (Some(b'*'), Some(b'/')) => {
                    let message = "*/ ends no comment here; put a string that has it in quotes";
                    let section = "RFC 7950 section 6.1.3";
                    self.complain(self.at, Applies::Tolerable, message, section);
                }
                (Some(b'"' | b'\''), _) => {
                    let message = "an unquoted string has no quotes in it; \
                         put the whole string in quotes, or white space before the quote";
                    self.complain(self.at, Applies::Yang11, message, "RFC 7950 section 6.1.3");
                }
                _ => {}
            }
            self.at += 1;
        }
        if self.at == start {
            let message = "a carriage return stands without a line feed";
            return Err(self.broken(start, message, "RFC 7950 section 14"));
        }
        self.check_characters(start, self.at, Applies::Always);
        Ok(self.text.get(start..self.at).unwrap_or_default())
    }

    /// A quoted string, with those that `+` joins to it.
    fn strings(&mut self) -> Result<Cow<'t, str>, Broken> {
        let mut joined = self.quoted()?;
        loop {
            let end = self.at;
            self.skip_separators()?;
            if self.peek(0) != Some(b'+') {
                self.at = end;
                return Ok(joined);
            }
            self.at += 1;
            self.skip_separators()?;
            if !matches!(self.peek(0), Some(b'"' | b'\'')) {
                let message = "+ joins quoted strings only; put what stands here in quotes";
                return Err(self.broken(self.at, message, "RFC 7950 section 6.1.3"));
            }
            let next = self.quoted()?;
            joined.to_mut().push_str(&next);
        }
    }

    /// One quoted string.
    fn quoted(&mut self) -> Result<Cow<'t, str>, Broken> {
        let start = self.at;
        let is_double = self.peek(0) == Some(b'"');
        self.at += 1;
        let length = if is_double {
            quoted::length(self.rest())
        } else {
            self.rest().find('\'')
        };
        let Some(length) = length else {
            let message = "the string that begins here has no end; its closing quote is missing";
            return Err(self.broken(start, message, "RFC 7950 section 6.1.3"));
        };
        let raw = self.rest().get(..length).unwrap_or_default();
        self.check_characters(self.at, self.at + length, Applies::Always);
        let value = if is_double {
            self.double_quoted(raw, start)
        } else {
            Cow::Borrowed(raw)
        };
        self.at += length + 1;
        Ok(value)
    }

    /// The value of a double-quoted string whose opening quote is at `quote`.
    fn double_quoted(&mut self, raw: &'t str, quote: usize) -> Cow<'t, str> {
        let before = self.text.get(..quote).unwrap_or_default();
        let (value, escapes) = quoted::value(raw, before);
        for (at, character) in escapes {
            let message = format!(
                "\\{} is no escape of a double-quoted string, only \\n, \\t, \\\" and \\\\ are; \
                 write \\\\ for a backslash, or put the string in single quotes",
                character.escape_debug()
            );
            self.complain(
                quote + 1 + at,
                Applies::Yang11,
                message,
                "RFC 7950 section 6.1.3",
            );
        }
        value
    }

    /// Complains about the first character of a part of the text that no text may have.
    fn check_characters(&mut self, from: usize, to: usize, applies: Applies) {
        let part = self.text.get(from..to).unwrap_or_default();
        let plain = |byte: u8| matches!(byte, b' '..=b'~' | b'\t' | b'\n' | b'\r');
        if part.bytes().all(plain) {
            return;
        }
        let mut characters = part.char_indices();
        if let Some((at, character)) = characters.find(|(_, character)| !is_allowed(*character)) {
            let message = format!(
                "the character U+{:04X} is not allowed in a text; remove it",
                u32::from(character)
            );
            self.complain(from + at, applies, message, "RFC 7950 section 6");
        }
    }

    pub(super) fn complain(
        &mut self,
        offset: usize,
        applies: Applies,
        message: impl Into<String>,
        section: &'static str,
    ) {
        self.add(applies, || Complaint {
            offset,
            applies,
            statement: None,
            message: message.into(),
            section,
            nearest: None,
        });
    }

    /// Adds a complaint, up to the number of faults that are told. Those that may not count leave
    /// room for those that do.
    pub(super) fn add(&mut self, applies: Applies, complaint: impl FnOnce() -> Complaint) {
        let same = |other: &&Complaint| other.applies == applies;
        if self.complaints.iter().filter(same).count() < Faults::MOST {
            self.complaints.push(complaint());
        }
    }

    /// Complains about what ends the reading.
    pub(super) fn broken(
        &mut self,
        offset: usize,
        message: impl Into<String>,
        section: &'static str,
    ) -> Broken {
        self.complain(offset, Applies::Always, message, section);
        Broken
    }
}

/// Returns true for the characters of `yang-char` (RFC 7950 section 14).
fn is_allowed(character: char) -> bool {
    let code = u32::from(character);
    let is_control = code < 0x20 && !matches!(character, '\t' | '\n' | '\r');
    let is_noncharacter = matches!(code, 0xFDD0..=0xFDEF) || (code & 0xFFFE) == 0xFFFE;
    !is_control && !is_noncharacter
}
