//! XML for people: an element a line.

/// `text`, which is XML as this crate writes it, with a line for each element, by two spaces a level.
/// The content of an element with text of its own stays as it is: there white space has a meaning.
pub(super) fn indented(text: &str) -> String {
    let tokens: Vec<&str> = tokens(text).collect();
    let mut out = String::with_capacity(text.len() * 2);
    let mut depth = 0;
    // The depth of the element around whose content nothing may be added.
    let mut kept = None;
    let mut after_start = false;
    for (token, has_text) in tokens.iter().zip(with_text(&tokens)) {
        let is_start = kind(token) == Kind::Start;
        if kind(token) == Kind::End {
            depth -= 1;
        }
        let follows_start = after_start && kind(token) == Kind::End;
        if kept.is_none() && !follows_start && !out.is_empty() {
            out.push('\n');
            out.extend(std::iter::repeat_n("  ", depth));
        }
        out.push_str(token);
        if kept == Some(depth) {
            kept = None;
        }
        if is_start {
            kept = kept.or_else(|| has_text.then_some(depth));
            depth += 1;
        }
        after_start = is_start;
    }
    out
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Start,
    End,
    /// A tag that is both.
    Empty,
    Text,
}

fn kind(token: &str) -> Kind {
    match token {
        tag if tag.starts_with("</") => Kind::End,
        tag if tag.starts_with('<') && tag.ends_with("/>") => Kind::Empty,
        tag if tag.starts_with('<') => Kind::Start,
        _ => Kind::Text,
    }
}

/// The tags and the texts between them. A `>` in a text or an attribute is written as a reference.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive('>').flat_map(|piece| {
        let (text, tag) = piece.split_at(piece.find('<').unwrap_or(piece.len()));
        [text, tag].into_iter().filter(|token| !token.is_empty())
    })
}

/// Of each token, whether it starts an element that has text of its own.
fn with_text(tokens: &[&str]) -> Vec<bool> {
    let mut found = vec![false; tokens.len()];
    let mut open = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match kind(token) {
            Kind::Start => open.push(at),
            Kind::End => drop(open.pop()),
            Kind::Empty => {}
            Kind::Text => {
                if let Some(found) = open.last().and_then(|start: &usize| found.get_mut(*start)) {
                    *found = true;
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_have_lines_and_texts_stay() {
        let text = r#"<a xmlns="u"><b></b><c> </c><d x="1&gt;"><e>1</e><f/></d><g>x<h><i></i></h>y</g></a><j></j>"#;
        let expected = r#"<a xmlns="u">
  <b></b>
  <c> </c>
  <d x="1&gt;">
    <e>1</e>
    <f/>
  </d>
  <g>x<h><i></i></h>y</g>
</a>
<j></j>"#;
        assert_eq!(indented(text), expected);
        assert_eq!(indented(""), "");
    }
}
