//! The names of a measurement's tags and fields.
//!
//! They follow from the schema and the rules alone, so that they are the same in every message and
//! after every restart.

use std::collections::BTreeMap;

/// The tag with the publisher.
pub(crate) const PUBLISHER: &str = "publisher";

/// The names that tags and fields cannot have: the server's own tag, and names reserved by InfluxDB
/// and Flux.
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

/// A name that is being worked out.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    /// The whole path.
    pub(super) steps: Vec<&'static str>,
    /// The number of steps to the list or message whose points have it.
    pub(super) home: usize,
    /// It is a tag, which the points of nested lists have too.
    pub(super) is_tag: bool,
    /// The number of last steps that make up the name, if that is unique.
    pub(super) short: usize,
    /// The name set by a rule.
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

    fn home(&self) -> &[&'static str] {
        self.steps.get(..self.home).unwrap_or_default()
    }

    /// True if some point has both.
    fn meets(&self, other: &Self) -> bool {
        let (own, others) = (self.home(), other.home());
        (self.is_tag && others.starts_with(own))
            || (other.is_tag && own.starts_with(others))
            || own == others
    }

    /// True if this name becomes longer, and not the other, when the two are the same.
    const fn gives_way_to(&self, other: &Self) -> bool {
        self.can_grow() && (self.is_tag == other.is_tag || !self.is_tag || !other.can_grow())
    }
}

/// Names for the tags and fields of a message, so that no point has the same name twice: equal
/// names are extended by the names of the nodes above. A tag has the same name in the points of all
/// lists, and other leafs give way to it.
///
/// # Errors
/// The column whose name clashes with another or a reserved one and cannot change, and that name.
pub(super) fn distinct(mut columns: Vec<Wanted>) -> Result<Vec<String>, (usize, String)> {
    // Tags first, so that their names do not depend on those of fields, unless a rule sets those.
    grow(&mut columns, |column| {
        column.is_tag || column.fixed.is_some()
    })?;
    grow(&mut columns, |_| true)?;
    Ok(columns.iter().map(Wanted::name).collect())
}

/// Extends the names of the columns meant until they differ.
fn grow(columns: &mut [Wanted], is_meant: impl Fn(&Wanted) -> bool) -> Result<(), (usize, String)> {
    loop {
        let (mut clash, mut longer) = (None, Vec::new());
        for (name, same) in by_name(columns, &is_meant) {
            let is_taken = TAKEN.contains(&name.as_str());
            for (at, column) in &same {
                let mut others = same.iter().filter(|(other, _)| other != at);
                let mut clashes = others.clone().any(|(_, other)| column.meets(other));
                clashes |= is_taken;
                let gives_way =
                    others.any(|(_, other)| column.meets(other) && column.gives_way_to(other));
                if gives_way || (is_taken && column.can_grow()) {
                    longer.push(*at);
                } else if clashes {
                    clash = Some((*at, name.clone()));
                }
            }
        }
        match (longer.is_empty(), clash) {
            (true, None) => return Ok(()),
            (true, Some(clash)) => return Err(clash),
            (false, _) => {}
        }
        for at in longer {
            if let Some(column) = columns.get_mut(at) {
                column.short += 1;
            }
        }
    }
}

/// The columns meant, by their current names, each with its index.
fn by_name(
    columns: &[Wanted],
    is_meant: impl Fn(&Wanted) -> bool,
) -> BTreeMap<String, Vec<(usize, &Wanted)>> {
    let mut names: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (at, column) in columns.iter().enumerate() {
        if is_meant(column) {
            names.entry(column.name()).or_default().push((at, column));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A column of the list or message at the path before `>`; the leaf follows it.
    fn column(path: &'static str, is_tag: bool) -> Wanted {
        let (home, leaf) = path.split_once('>').unwrap();
        let mut steps: Vec<_> = home.split('/').collect();
        let home = steps.len();
        steps.extend(leaf.split('/'));
        Wanted {
            short: steps.len() - home,
            steps,
            home,
            is_tag,
            fixed: None,
        }
    }

    fn tag(path: &'static str) -> Wanted {
        column(path, true)
    }

    fn field(path: &'static str) -> Wanted {
        column(path, false)
    }

    fn fixed(column: Wanted, name: &str) -> Wanted {
        Wanted {
            fixed: Some(name.to_owned()),
            ..column
        }
    }

    #[test]
    fn names_are_as_short_as_they_can_be() {
        for (columns, names) in [
            (
                vec![tag("m:r/l>name"), field("m:r/l>c/leaf")],
                vec!["name", "c/leaf"],
            ),
            // The same in every point, whatever its other columns.
            (
                vec![
                    tag("m:r/outer>name"),
                    tag("m:r/outer/inner>name"),
                    tag("m:r/outer/other>name"),
                    tag("m:r/sibling>name"),
                ],
                vec!["outer/name", "inner/name", "other/name", "name"],
            ),
            (
                vec![tag("m:r/a/l>name"), tag("m:r/a/l/b/l>name")],
                vec!["a/l/name", "b/l/name"],
            ),
            (
                vec![tag("m:r/l>publisher"), field("m:r/l>time")],
                vec!["l/publisher", "l/time"],
            ),
            // A key keeps its name if a leaf below its list has the same.
            (
                vec![tag("m:r/l>name"), field("m:r/l/below>name")],
                vec!["name", "below/name"],
            ),
            // Fields clash only within their own points, and make no tag longer than necessary.
            (
                vec![
                    tag("m:r/a>name"),
                    tag("m:r/a/b>name"),
                    field("m:r/a/b/c>name"),
                    field("m:r/a/b/d>name"),
                ],
                vec!["a/name", "b/name", "name", "name"],
            ),
            (
                vec![tag("m:r/l>name"), fixed(field("m:r/l/below>x"), "name")],
                vec!["l/name", "name"],
            ),
        ] {
            assert_eq!(distinct(columns).unwrap(), names);
        }
    }

    #[test]
    fn names_that_rules_give_twice_are_told() {
        let twice = vec![
            fixed(tag("m:r/a>k"), "x"),
            field("m:r/a>y"),
            fixed(field("m:r/a/b>z"), "x"),
        ];
        assert_eq!(distinct(twice), Err((2, "x".to_owned())));
        let taken = vec![fixed(field("m:r>a"), "publisher")];
        assert_eq!(distinct(taken), Err((0, "publisher".to_owned())));
        let apart = vec![fixed(tag("m:r/a>k"), "x"), fixed(tag("m:r/b>k"), "x")];
        assert_eq!(distinct(apart).unwrap(), ["x", "x"]);
    }
}
