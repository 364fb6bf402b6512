//! JSON for people: a member or an element a line.

/// `text`, which is JSON without white space between its tokens, with a line for each member and
/// element, by two spaces a level.
pub(super) fn indented(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut depth = 0;
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let length = match character {
            '"' => string(rest),
            other => other.len_utf8(),
        };
        let (token, behind) = rest.split_at(length);
        match character {
            '{' | '[' if behind.starts_with(['}', ']']) => out.push(character),
            '{' | '[' => {
                depth += 1;
                out.push(character);
                line(&mut out, depth);
            }
            '}' | ']' => {
                if !out.ends_with(['{', '[']) {
                    depth -= 1;
                    line(&mut out, depth);
                }
                out.push(character);
            }
            ',' => {
                out.push(character);
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            _ => out.push_str(token),
        }
        rest = behind;
    }
    out
}

/// The length of the string that `text` starts with, quotes included.
fn string(text: &str) -> usize {
    let mut is_escaped = false;
    let end = text.char_indices().skip(1).find(|(_, character)| {
        let ends = *character == '"' && !is_escaped;
        is_escaped = *character == '\\' && !is_escaped;
        ends
    });
    end.map_or(text.len(), |(at, _)| at + 1)
}

fn line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_and_elements_have_lines() {
        let text = r#"{"m:a":{"b":[],"c":{},"d":[1,[null],"x{\"],:\\"],"e":"[{"}}"#;
        let expected = r#"{
  "m:a": {
    "b": [],
    "c": {},
    "d": [
      1,
      [
        null
      ],
      "x{\"],:\\"
    ],
    "e": "[{"
  }
}"#;
        assert_eq!(indented(text), expected);
        assert_eq!(indented("{}"), "{}");
    }
}
