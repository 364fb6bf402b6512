//! Tokens to statements (RFC 7950 section 6.3), one after the other.

use std::borrow::Cow;

use super::Keyword;
use super::position::{Applies, Complaint};
use super::token::{Broken, Token, Tokens};
use crate::error::most_similar;

const SECTION: &str = "RFC 7950 section 6.3";

/// A part of a text.
#[derive(Debug)]
pub(super) enum Event<'t> {
    /// The beginning of a statement.
    Start(Start<'t>),
    /// The end of a statement that has a block.
    End,
}

/// The beginning of a statement.
#[derive(Debug)]
pub(super) struct Start<'t> {
    pub(super) offset: usize,
    /// The keyword, or the prefix and name of an extension's instance.
    pub(super) keyword: &'t str,
    pub(super) argument: Option<Cow<'t, str>>,
    /// True if the statements in it follow, and an [`Event::End`] behind them.
    pub(super) has_block: bool,
}

/// Reads the statements of a text.
pub(super) struct Statements<'t> {
    tokens: Tokens<'t>,
    /// A token that was read too early.
    ahead: Option<(usize, Token<'t>)>,
    /// The offsets and keywords of the statements around the place where the reader is.
    around: Vec<(usize, &'t str)>,
    begun: bool,
}

impl<'t> Statements<'t> {
    /// The statements that stand in each other at most.
    const DEEPEST: usize = 256;

    pub(super) const fn new(text: &'t str) -> Self {
        Self {
            tokens: Tokens::new(text),
            ahead: None,
            around: Vec::new(),
            begun: false,
        }
    }

    pub(super) fn into_complaints(self) -> Vec<Complaint> {
        self.tokens.into_complaints()
    }

    /// The next event; `None` behind the statement that is the whole text.
    pub(super) fn next(&mut self) -> Result<Option<Event<'t>>, Broken> {
        loop {
            let (offset, token) = self.token()?;
            match token {
                Token::Word(keyword) if !self.begun || !self.around.is_empty() => {
                    self.begun = true;
                    return self.start(offset, keyword).map(Event::Start).map(Some);
                }
                Token::Close if self.around.pop().is_some() => return Ok(Some(Event::End)),
                Token::End if self.begun && self.around.is_empty() => return Ok(None),
                Token::Semicolon if !self.around.is_empty() => {
                    let message = "a semicolon ends no statement here; remove it";
                    self.complain(offset, message);
                }
                token => return Err(self.misplaced(offset, &token)),
            }
        }
    }

    fn token(&mut self) -> Result<(usize, Token<'t>), Broken> {
        self.ahead.take().map_or_else(|| self.tokens.next(), Ok)
    }

    /// The beginning of a statement, up to its semicolon or opening brace.
    fn start(&mut self, offset: usize, keyword: &'t str) -> Result<Start<'t>, Broken> {
        let (mut at, mut token) = self.token()?;
        let argument = match token {
            Token::Word(argument) => Some(Cow::Borrowed(argument)),
            Token::Quoted(argument) => Some(argument),
            other => {
                self.ahead = Some((at, other));
                None
            }
        };
        (at, token) = self.token()?;
        if matches!(token, Token::Word(_) | Token::Quoted(_)) {
            (at, token) = self.surplus(offset, keyword, at, token)?;
        }
        let has_block = match token {
            Token::Semicolon => false,
            Token::Open if self.around.len() < Self::DEEPEST => {
                self.around.push((offset, keyword));
                true
            }
            Token::Open => {
                let message = format!("more than {} statements stand in each other", Self::DEEPEST);
                return Err(self.tokens.broken(offset, message, SECTION));
            }
            other => {
                if !matches!(other, Token::Word(_)) {
                    self.complain_of(offset, keyword, "a semicolon is missing behind it");
                }
                self.ahead = Some((at, other));
                false
            }
        };
        Ok(Start {
            offset,
            keyword,
            argument,
            has_block,
        })
    }

    /// Complains about a token behind the argument where a semicolon or a brace should be. The token
    /// to go on with is a word only if that begins the next statement.
    fn surplus(
        &mut self,
        offset: usize,
        keyword: &str,
        mut at: usize,
        mut token: Token<'t>,
    ) -> Result<(usize, Token<'t>), Broken> {
        match token {
            Token::Word(word) if word.contains(':') || Keyword::from_text(word).is_some() => {
                self.complain_of(offset, keyword, "a semicolon is missing behind it");
                return Ok((at, token));
            }
            _ => {
                let message = if matches!(token, Token::Quoted(_)) {
                    "+ is missing between two strings"
                } else {
                    "it has more than one argument; put a string with white space in quotes"
                };
                self.complain_of(offset, keyword, message);
            }
        }
        while matches!(token, Token::Word(_) | Token::Quoted(_)) {
            (at, token) = self.token()?;
        }
        Ok((at, token))
    }

    fn complain(&mut self, offset: usize, message: &str) {
        self.tokens
            .complain(offset, Applies::Always, message, SECTION);
    }

    fn complain_of(&mut self, offset: usize, keyword: &str, message: &str) {
        self.tokens.add(Applies::Always, || Complaint {
            offset,
            applies: Applies::Always,
            statement: Some(shown(keyword)),
            message: message.to_owned(),
            section: SECTION,
            nearest: None,
        });
    }

    /// Complains about a keyword that YANG does not have.
    pub(super) fn unknown(&mut self, offset: usize, keyword: &str) {
        self.tokens.add(Applies::Always, || {
            let statement = shown(keyword);
            let known = Keyword::ALL.iter().map(|keyword| keyword.as_str());
            Complaint {
                offset,
                applies: Applies::Always,
                nearest: most_similar(&statement, known),
                statement: Some(statement),
                message: "YANG has no such statement; that of an extension begins with a prefix"
                    .to_owned(),
                section: SECTION,
            }
        });
    }

    /// Ends the reading of a text that has too much of something.
    pub(super) fn refuse(&mut self, offset: usize, message: impl Into<String>) -> Broken {
        self.tokens.broken(offset, message, SECTION)
    }

    /// Ends the reading where a token has no place.
    fn misplaced(&mut self, offset: usize, token: &Token<'_>) -> Broken {
        let message = match (token, self.around.last()) {
            (Token::End, Some(&(start, keyword))) => {
                let message = format!("the closing brace of {} is missing", shown(keyword));
                return self.tokens.broken(start, message, SECTION);
            }
            (Token::End, None) => {
                "the text is empty; it must have a module or submodule".to_owned()
            }
            (_, None) if self.begun => {
                "nothing but comments may stand behind the module; remove it, or the brace that \
                 ends the module too early"
                    .to_owned()
            }
            (token, _) => format!("a keyword should stand here instead of {}", describe(token)),
        };
        self.tokens.broken(offset, message, SECTION)
    }
}

/// A word, cut where it is long.
fn shown(word: &str) -> String {
    word.chars().take(40).collect()
}

const fn describe(token: &Token<'_>) -> &'static str {
    match token {
        Token::Word(_) => "a word",
        Token::Quoted(_) => "a quoted string",
        Token::Semicolon => "a semicolon",
        Token::Open => "an opening brace",
        Token::Close => "a closing brace",
        Token::End => "the end of the text",
    }
}
