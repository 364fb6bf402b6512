//! YANG descriptions as doc comments.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{Docs, Status};

/// The doc attributes of an item: the description, `facts` a line each, and the reference.
pub(super) fn attributes(docs: &Docs, facts: &[String]) -> TokenStream {
    let mut text = String::new();
    if let Some(description) = &docs.description {
        text.push_str(&plain(description));
    }
    let mut paragraph = |line: &str| {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        text.push_str(line);
    };
    match docs.status {
        Status::Current => {}
        Status::Deprecated => paragraph("Status: deprecated."),
        Status::Obsolete => paragraph("Status: obsolete."),
    }
    for fact in facts {
        paragraph(fact);
    }
    if let Some(reference) = &docs.reference {
        paragraph(&format!("Reference: {}", plain(reference)));
    }
    lines(&text)
}

/// Doc attributes, one a line.
pub(super) fn lines(text: &str) -> TokenStream {
    let lines = text.lines().map(|line| {
        let line = if line.is_empty() {
            String::new()
        } else {
            format!(" {}", visible(line))
        };
        quote!(#[doc = #line])
    });
    quote!(#(#lines)*)
}

/// The line with those characters by number that change the direction of text: the compiler refuses
/// them in a comment.
fn visible(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    for character in line.chars() {
        match character {
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                text.extend(character.escape_unicode());
            }
            _ => text.push(character),
        }
    }
    text
}

/// The text without what Markdown would take for code: indentation, which modules use to set
/// their text, and fences. Rustdoc would run such code as tests.
fn plain(text: &str) -> String {
    let lines: Vec<String> = text
        .trim()
        .lines()
        .map(|line| line.trim().replace("```", "'''"))
        .collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::{plain, visible};

    #[test]
    fn a_comment_has_no_direction_of_its_own() {
        assert_eq!(visible("a\u{202e}b\u{2066}"), "a\\u{202e}b\\u{2066}");
    }

    #[test]
    fn indentation_makes_no_code_block() {
        assert_eq!(
            plain("  One.\n\n        x = 1\n   two ```\n"),
            "One.\n\nx = 1\ntwo '''"
        );
    }
}
