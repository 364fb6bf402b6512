//! The names of a measurement's tags and fields.
//!
//! They follow from the schema and the rules alone, so that they are the same in every message and
//! after every restart.

use std::collections::BTreeMap;

/// The tag that says who sent it.
pub(crate) const PUBLISHER: &str = "publisher";

/// What a tag or a field cannot be named: our own tag, and what InfluxDB and Flux have for
/// themselves.
const TAKEN: [&str; 8] = [
    PUBLISHER,
    "time",
    "_field",
    "_measurement",
    "_time",
    "_value",
    "_start",
    "_stop",
];

/// A name in the making.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    /// The whole path.
    pub(super) steps: Vec<&'static str>,
    /// How many of the last steps the name has, if it can.
    pub(super) short: usize,
    /// The name that a rule gives.
    pub(super) fixed: Option<String>,
}

impl Wanted {
    fn name(&self) -> String {
        self.fixed.clone().unwrap_or_else(|| {
            let above = self.steps.len().saturating_sub(self.short);
            self.steps.get(above..).unwrap_or_default().join("/")
        })
    }

    const fn can_grow(&self) -> bool {
        self.fixed.is_none() && self.short < self.steps.len()
    }
}

/// Names that all differ: those that are the same become longer by the names of the nodes above.
///
/// # Errors
/// The name that several have for good.
pub(super) fn distinct(mut columns: Vec<Wanted>) -> Result<Vec<String>, String> {
    loop {
        let names: Vec<_> = columns.iter().map(Wanted::name).collect();
        let mut uses: BTreeMap<&str, usize> = TAKEN.iter().map(|name| (*name, 1)).collect();
        for name in &names {
            *uses.entry(name).or_default() += 1;
        }
        let clashes = |name: &String| uses.get(name.as_str()).is_some_and(|&uses| uses > 1);
        let mut clash = None;
        let mut grown = false;
        for (column, name) in columns.iter_mut().zip(&names) {
            if !clashes(name) {
                continue;
            }
            clash = Some(name.clone());
            if column.can_grow() {
                column.short += 1;
                grown = true;
            }
        }
        match clash {
            None => return Ok(names),
            Some(name) if !grown => return Err(name),
            Some(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(path: &'static str, short: usize) -> Wanted {
        Wanted {
            steps: path.split('/').collect(),
            short,
            fixed: None,
        }
    }

    fn fixed(path: &'static str, name: &str) -> Wanted {
        Wanted {
            fixed: Some(name.to_owned()),
            ..wanted(path, 1)
        }
    }

    #[test]
    fn names_are_as_short_as_they_can_be() {
        for (columns, names) in [
            (
                vec![wanted("m:r/l/name", 1), wanted("m:r/l/c/leaf", 2)],
                vec!["name", "c/leaf"],
            ),
            (
                vec![
                    wanted("m:r/outer/name", 1),
                    wanted("m:r/outer/inner/name", 1),
                ],
                vec!["outer/name", "inner/name"],
            ),
            (
                vec![wanted("m:r/a/l/name", 1), wanted("m:r/a/l/b/l/name", 1)],
                vec!["a/l/name", "b/l/name"],
            ),
            (
                vec![wanted("m:r/l/publisher", 1), wanted("m:r/l/time", 1)],
                vec!["l/publisher", "l/time"],
            ),
            (
                vec![wanted("m:r/l/name", 1), fixed("m:r/l/x", "name")],
                vec!["l/name", "name"],
            ),
        ] {
            assert_eq!(distinct(columns).unwrap(), names);
        }
    }

    #[test]
    fn names_that_rules_give_twice_are_told() {
        let twice = vec![fixed("m:r/a", "x"), fixed("m:r/b", "x")];
        assert_eq!(distinct(twice), Err("x".to_owned()));
        let taken = vec![fixed("m:r/a", "publisher")];
        assert_eq!(distinct(taken), Err("publisher".to_owned()));
    }
}
