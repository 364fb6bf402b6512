//! XPath expressions in schemas: parsed once, when code is generated.
//!
//! So far the paths of leafrefs without predicates.

use crate::model::{LeafPath, QName};

/// Parses the path of a leafref (RFC 7950 section 9.9.2). `module` gives the module of a prefix,
/// or of a name without one. `None` if the path has predicates or functions, or an unknown prefix.
pub(crate) fn leaf_path(
    expression: &str,
    module: impl Fn(Option<&str>) -> Option<String>,
) -> Option<LeafPath> {
    let mut rest = expression.trim();
    let mut ups = 0;
    let absolute = rest.starts_with('/');
    if let Some(below) = rest.strip_prefix('/') {
        rest = below;
    }
    while let Some(below) = rest.strip_prefix("..").filter(|_| !absolute) {
        ups += 1;
        rest = below.trim_start().strip_prefix('/')?.trim_start();
    }
    let steps = rest
        .split('/')
        .map(|step| {
            let step = step.trim();
            let (prefix, name) = match step.split_once(':') {
                Some((prefix, name)) => (Some(prefix), name),
                None => (None, step),
            };
            is_identifier(name).then_some(())?;
            Some(QName {
                module: module(prefix)?,
                name: name.to_owned(),
            })
        })
        .collect::<Option<Vec<_>>>()?;
    (absolute || ups > 0).then(|| LeafPath {
        ups: (!absolute).then_some(ups),
        steps,
    })
}

/// RFC 7950 section 14, `identifier`.
fn is_identifier(text: &str) -> bool {
    text.starts_with(|character: char| character.is_ascii_alphabetic() || character == '_')
        && text
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || "_-.".contains(character))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(expression: &str) -> Option<(Option<usize>, String)> {
        let path = leaf_path(expression, |prefix| match prefix {
            None => Some("own".to_owned()),
            Some("p") => Some("other".to_owned()),
            Some(_) => None,
        })?;
        let steps: Vec<String> = path
            .steps
            .iter()
            .map(|step| format!("{}:{}", step.module, step.name))
            .collect();
        Some((path.ups, steps.join(" ")))
    }

    #[test]
    fn absolute_and_relative_paths() {
        assert_eq!(parse("/p:a/b"), Some((None, "other:a own:b".to_owned())));
        assert_eq!(parse("../../p:a"), Some((Some(2), "other:a".to_owned())));
        assert_eq!(
            parse(" .. / a / b "),
            Some((Some(1), "own:a own:b".to_owned()))
        );
    }

    #[test]
    fn other_expressions_are_not_paths() {
        for expression in [
            "/a[b=current()/../c]/d",
            "deref(../a)/b",
            "/q:a",
            "a/b",
            "..",
            "/",
            "//a",
            "../*",
        ] {
            assert_eq!(parse(expression), None, "{expression}");
        }
    }
}
