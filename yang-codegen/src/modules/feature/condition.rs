//! The expressions of `if-feature` (RFC 7950 section 7.20.2).

use crate::parse::Statement;

/// A step of an expression in postfix form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step<'t> {
    /// The name of a feature, with or without a prefix.
    Feature(&'t str),
    Not,
    And,
    Or,
}

/// An operator or parenthesis that waits for its operands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Waiting {
    Parenthesis,
    Or,
    And,
    Not,
}

/// The condition of an `if-feature` statement, or the reason why it is none. In YANG 1 it is the
/// name of one feature.
pub(super) fn postfix(condition: Statement<'_>) -> Result<Vec<Step<'_>>, String> {
    let text = condition.argument();
    if condition.text().is_yang11 {
        return parse(text);
    }
    if text.contains(|c: char| c.is_whitespace() || c == '(' || c == ')') {
        return Err(
            "YANG 1 has the name of one feature here; an expression needs yang-version 1.1"
                .to_owned(),
        );
    }
    Ok(vec![Step::Feature(text)])
}

fn parse(text: &str) -> Result<Vec<Step<'_>>, String> {
    let mut steps = Vec::new();
    let mut waiting: Vec<Waiting> = Vec::new();
    let mut wants_operand = true;
    for token in tokens(text)? {
        if wants_operand {
            match token {
                "not" => waiting.push(Waiting::Not),
                "(" => waiting.push(Waiting::Parenthesis),
                "and" | "or" | ")" => {
                    return Err(format!("a feature is missing before \"{token}\""));
                }
                name => {
                    steps.push(Step::Feature(name));
                    wants_operand = false;
                }
            }
            continue;
        }
        match token {
            ")" => {
                take_down_to(Waiting::Or, &mut waiting, &mut steps);
                if waiting.pop().is_none() {
                    return Err("a \")\" has no \"(\" before it".to_owned());
                }
            }
            "and" | "or" => {
                let operator = if token == "and" {
                    Waiting::And
                } else {
                    Waiting::Or
                };
                take_down_to(operator, &mut waiting, &mut steps);
                waiting.push(operator);
                wants_operand = true;
            }
            _ => return Err(format!("\"and\" or \"or\" is missing before \"{token}\"")),
        }
    }
    if wants_operand {
        return Err("a feature is missing at the end".to_owned());
    }
    take_down_to(Waiting::Or, &mut waiting, &mut steps);
    if waiting.is_empty() {
        Ok(steps)
    } else {
        Err("a \"(\" has no \")\" behind it".to_owned())
    }
}

/// Moves the operators that bind as tightly as `lowest`, or more, to the steps.
fn take_down_to(lowest: Waiting, waiting: &mut Vec<Waiting>, steps: &mut Vec<Step<'_>>) {
    while let Some(operator) = waiting.pop_if(|operator| *operator >= lowest) {
        steps.extend(match operator {
            Waiting::Not => Some(Step::Not),
            Waiting::And => Some(Step::And),
            Waiting::Or => Some(Step::Or),
            Waiting::Parenthesis => None,
        });
    }
}

/// The words and parentheses of an expression. Between a word and `not`, `and` or `or` there is
/// space, also if the word is in parentheses.
fn tokens(text: &str) -> Result<Vec<&str>, String> {
    let mut tokens: Vec<&str> = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let is_word = first != '(' && first != ')';
        let end = if is_word {
            rest.find(|c: char| c.is_whitespace() || c == '(' || c == ')')
                .unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (token, behind) = rest.split_at(end);
        rest = behind.trim_start();
        let is_apart = behind.len() != rest.len();
        let next = rest.chars().next();
        let needs_space = token != "(" && next.is_some_and(|next| next != ')');
        if needs_space && !is_apart {
            return Err(format!("a space is missing after \"{token}\""));
        }
        tokens.push(token);
    }
    Ok(tokens)
}

/// The features that an expression names.
pub(super) fn features<'s, 't>(
    steps: &'s [Step<'t>],
) -> impl Iterator<Item = &'t str> + use<'s, 't> {
    steps.iter().filter_map(|step| match step {
        Step::Feature(name) => Some(*name),
        Step::Not | Step::And | Step::Or => None,
    })
}

/// The value of an expression; `is_on` is that of a feature.
pub(super) fn evaluate(steps: &[Step<'_>], is_on: impl Fn(&str) -> bool) -> bool {
    let mut values: Vec<bool> = Vec::new();
    for step in steps {
        let value = match step {
            Step::Feature(name) => is_on(name),
            Step::Not => !values.pop().unwrap_or_default(),
            Step::And | Step::Or => {
                let second = values.pop().unwrap_or_default();
                let first = values.pop().unwrap_or_default();
                match step {
                    Step::And => first && second,
                    _ => first || second,
                }
            }
        };
        values.push(value);
    }
    values.pop().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{evaluate, parse};

    fn value(text: &str) -> Result<bool, String> {
        let steps = parse(text)?;
        Ok(evaluate(&steps, |name| name.ends_with("on")))
    }

    #[test]
    fn not_binds_before_and_before_or() {
        for (text, expected) in [
            ("on", true),
            ("p:off", false),
            ("not off", true),
            ("not not on", true),
            ("on or on and off", true),
            ("(on or on) and off", false),
            ("off and off or on", true),
            ("not off and off", false),
            ("not (off and off)", true),
            ("not (on) or not (on)", false),
            (" ( ( on ) )\n\tand\non ", true),
            ("notion", true),
            ("on and not (off or (off and on))", true),
        ] {
            assert_eq!(value(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_expression_is_refused_with_its_reason() {
        for (text, reason) in [
            ("", "a feature is missing at the end"),
            ("a and", "a feature is missing at the end"),
            ("and a", "a feature is missing before \"and\""),
            ("a or and b", "a feature is missing before \"and\""),
            ("()", "a feature is missing before \")\""),
            ("a b", "\"and\" or \"or\" is missing before \"b\""),
            ("a not b", "\"and\" or \"or\" is missing before \"not\""),
            ("a (b)", "\"and\" or \"or\" is missing before \"(\""),
            ("(a", "a \"(\" has no \")\" behind it"),
            ("a)", "a \")\" has no \"(\" before it"),
            ("not(a)", "a space is missing after \"not\""),
            ("(a)and b", "a space is missing after \")\""),
        ] {
            assert_eq!(value(text), Err(reason.to_owned()), "{text}");
        }
    }

    #[test]
    fn depth_needs_no_stack() {
        let deep = 200_000;
        let text = format!("{}on{}", "( not ".repeat(deep), ")".repeat(deep));
        assert_eq!(value(&text), Ok(true));
    }
}
