//! Generates a set, and reports the obstacle if that fails.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};
use yang_codegen::Error;

use super::vectors::Set;

/// The reason that a set has no code.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Obstacle {
    /// The part that other sets may share.
    pub(super) reason: String,
    /// The whole text: file, line, statement.
    pub(super) text: String,
}

/// The source of a set, made by another process of this `program`: libyang may end its own.
///
/// # Errors
/// The process cannot be started.
pub(super) fn generate_apart(
    program: &Path,
    vectors: &Path,
    set: &Set,
) -> io::Result<Result<String, Obstacle>> {
    let output = Command::new(program)
        .arg("--generate")
        .arg("--vectors")
        .arg(vectors)
        .arg(&set.name)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()?;
    let outcome = serde_json::from_slice(&output.stdout);
    Ok(outcome.unwrap_or_else(|_| {
        Err(Obstacle {
            reason: "the generator ended its process".to_owned(),
            text: format!(
                "not generated: the generator ended its process: {}",
                output.status
            ),
        })
    }))
}

/// The source of a set.
///
/// # Errors
/// The set has no code, for the reason given.
pub(super) fn generate(set: &Set) -> Result<String, Obstacle> {
    let generator = set.generator();
    // A generator that panics is a bug of its own, and no reason to look at no other set.
    let Ok(result) = catch_unwind(AssertUnwindSafe(|| generator.generate())) else {
        return Err(Obstacle {
            reason: "the generator panicked".to_owned(),
            text: "not generated: the generator panicked, see above".to_owned(),
        });
    };
    result.map(|output| output.source).map_err(|error| {
        // Every file is in the set's folder.
        let folder = format!("{}/", set.folder.display());
        Obstacle {
            reason: reason(&error),
            text: format!("not generated: {}", text(&error)).replace(&folder, ""),
        }
    })
}

/// The error without what it tells the user of a module to do.
fn text(error: &Error) -> String {
    match error {
        Error::Unsupported {
            place,
            path,
            statement,
        } if path.is_empty() => format!("{place}: {statement}"),
        Error::Unsupported {
            place,
            path,
            statement,
        } => format!("{place}: {path}: {statement}"),
        other => other.to_string(),
    }
}

fn reason(error: &Error) -> String {
    match error {
        Error::Unsupported { statement, .. } => kind(statement),
        Error::Load(_) => "a module is not valid".to_owned(),
        Error::Source(_) => "the generated source does not parse".to_owned(),
        other => other.to_string(),
    }
}

/// The kind of a statement: without the name or the expression that only this one has.
fn kind(statement: &str) -> String {
    match statement.split_once(' ') {
        Some((keyword @ ("leaf" | "leaf-list"), _)) => format!("{keyword} at the top"),
        // `type bits`, `list without a key`, and phrases.
        Some(("type" | "list" | "error-message" | "error-app-tag", _)) | None => {
            statement.to_owned()
        }
        Some((keyword, _)) => keyword.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_set_that_ends_the_process_is_told() {
        use std::fs;
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().unwrap();
        let program = |name: &str, script: &str| {
            let program = folder.path().join(name);
            fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
            fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
            program
        };
        let set = Set {
            name: "one".to_owned(),
            folder: folder.path().to_path_buf(),
            manifest: serde_json::from_str(r#"{"implement":[],"features":"all"}"#).unwrap(),
            documents: Vec::new(),
        };
        let generated = |program: &Path| generate_apart(program, folder.path(), &set).unwrap();
        let fine = program("fine", r#"[ "$4" = one ] && echo '{"Ok":"mod a {}"}'"#);
        assert_eq!(generated(&fine), Ok("mod a {}".to_owned()));
        // Output before the end is no source.
        let ended =
            generated(&program("ends", r#"printf '{"Ok":"mod'; kill -SEGV $$"#)).unwrap_err();
        assert_eq!(ended.reason, "the generator ended its process");
        assert!(ended.text.contains("signal: 11"), "{}", ended.text);
    }

    #[test]
    fn statements_of_a_kind_are_counted_together() {
        for (statement, expected) in [
            ("choice c", "choice"),
            ("rpc get", "rpc"),
            ("leaf x at the top", "leaf at the top"),
            ("leaf-list x at the top", "leaf-list at the top"),
            ("pattern a+ (no)", "pattern"),
            ("path ../a[b=current()/c]", "path"),
            ("type bits", "type bits"),
            ("list without a key", "list without a key"),
            (
                "error-message or error-app-tag of a range",
                "error-message or error-app-tag of a range",
            ),
            ("must", "must"),
            ("md:annotation", "md:annotation"),
        ] {
            assert_eq!(kind(statement), expected);
        }
    }
}
