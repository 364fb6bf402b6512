//! Two opinions of a module set, compared.

use std::collections::BTreeMap;

use crate::facts::Fact;
use crate::opinion::Outcome;

/// The aspect of a difference that is about a whole set: one front end takes it.
pub(crate) const VERDICT: &str = "verdict";

/// A property that the two front ends have differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The thing, as in [`Fact`].
    pub path: String,
    /// The property; of a whole set `verdict`.
    pub aspect: String,
    /// The value of the generator's own front end, if it has one.
    pub own: Option<String>,
    /// libyang's.
    pub libyang: Option<String>,
}

/// The result of a comparison.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparison {
    /// True if both take the set.
    pub both_valid: bool,
    /// All differences, in the order of their paths. A node that one side lacks is one, without
    /// those below it.
    pub differences: Vec<Difference>,
    /// For each kind of node, the numbers of nodes that are equal and that differ.
    pub nodes: BTreeMap<String, (usize, usize)>,
}

/// Compares the opinion of the generator's own front end and that of libyang.
#[must_use]
pub fn compare(own: &Outcome, libyang: &Outcome) -> Comparison {
    match (own, libyang) {
        (Outcome::Valid(own), Outcome::Valid(libyang)) => compare_facts(own, libyang),
        (Outcome::Refused(_), Outcome::Refused(_)) => Comparison::default(),
        _ => Comparison {
            differences: vec![Difference {
                path: String::new(),
                aspect: VERDICT.to_owned(),
                own: Some(verdict(own)),
                libyang: Some(verdict(libyang)),
            }],
            ..Comparison::default()
        },
    }
}

fn verdict(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Valid(_) => "valid".to_owned(),
        Outcome::Refused(message) => format!("refused: {message}"),
        Outcome::Ended(reason) => format!("ended: {reason}"),
    }
}

/// The values of a thing, by their aspects. Things of one path, which no valid set has, are one.
type Aspects<'f> = BTreeMap<&'f str, Vec<&'f str>>;

fn by_path(facts: &[Fact]) -> BTreeMap<&str, Aspects<'_>> {
    let mut things: BTreeMap<&str, Aspects<'_>> = BTreeMap::new();
    for fact in facts {
        let thing = things.entry(&fact.path).or_default();
        thing.entry(&fact.aspect).or_default().push(&fact.value);
    }
    things
}

fn compare_facts(own: &[Fact], libyang: &[Fact]) -> Comparison {
    let (own, libyang) = (by_path(own), by_path(libyang));
    let mut comparison = Comparison {
        both_valid: true,
        ..Comparison::default()
    };
    let mut paths: Vec<&str> = own.keys().chain(libyang.keys()).copied().collect();
    paths.sort_unstable();
    paths.dedup();
    // The uppermost thing that one side lacks: what is below it lacks too.
    let mut lacking: Option<&str> = None;
    for path in paths {
        let (ours, theirs) = (own.get(path), libyang.get(path));
        let differences = match (ours, theirs) {
            (Some(ours), Some(theirs)) => in_aspects(path, ours, theirs),
            _ if lacking.is_some_and(|upper| is_below(path, upper)) => vec![],
            _ => {
                lacking = Some(path);
                vec![presence(path, ours, theirs)]
            }
        };
        let both = ours.is_some() && theirs.is_some();
        if let Some(kind) = ours.and_then(kind).or_else(|| theirs.and_then(kind)) {
            let (equal, different) = comparison.nodes.entry(kind.to_owned()).or_default();
            let count = if both && differences.is_empty() {
                equal
            } else {
                different
            };
            *count += 1;
        }
        comparison.differences.extend(differences);
    }
    comparison
}

fn is_below(path: &str, upper: &str) -> bool {
    let rest = path.strip_prefix(upper);
    rest.is_some_and(|rest| rest.starts_with(['/', ' ']))
}

fn kind<'f>(aspects: &Aspects<'f>) -> Option<&'f str> {
    aspects.get("kind")?.first().copied()
}

/// The difference that one side alone has a thing.
fn presence(path: &str, own: Option<&Aspects<'_>>, libyang: Option<&Aspects<'_>>) -> Difference {
    let there = |aspects: &Aspects<'_>| kind(aspects).unwrap_or("there").to_owned();
    Difference {
        path: path.to_owned(),
        aspect: "presence in the model".to_owned(),
        own: own.map(there),
        libyang: libyang.map(there),
    }
}

fn in_aspects(path: &str, own: &Aspects<'_>, libyang: &Aspects<'_>) -> Vec<Difference> {
    let mut aspects: Vec<&str> = own.keys().chain(libyang.keys()).copied().collect();
    aspects.sort_unstable();
    aspects.dedup();
    let differs = |aspect: &&str| own.get(aspect) != libyang.get(aspect);
    let value = |of: &Aspects<'_>, aspect| of.get(aspect).map(|values| values.join(" "));
    aspects
        .into_iter()
        .filter(differs)
        .map(|aspect| Difference {
            path: path.to_owned(),
            aspect: aspect.to_owned(),
            own: value(own, aspect),
            libyang: value(libyang, aspect),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(facts: &[(&str, &str, &str)]) -> Outcome {
        let fact = |&(path, aspect, value): &(&str, &str, &str)| Fact {
            path: path.to_owned(),
            aspect: aspect.to_owned(),
            value: value.to_owned(),
        };
        Outcome::Valid(facts.iter().map(fact).collect())
    }

    fn lines(comparison: &Comparison) -> Vec<String> {
        let line = |difference: &Difference| {
            let side = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
            let (own, libyang) = (side(&difference.own), side(&difference.libyang));
            format!("{} {} {own} {libyang}", difference.path, difference.aspect)
        };
        comparison.differences.iter().map(line).collect()
    }

    #[test]
    fn names_what_differs_and_counts_nodes() {
        let own = model(&[
            ("/m:c", "kind", "container"),
            ("/m:c/l", "kind", "leaf"),
            ("/m:c/l", "default", "1"),
            ("/m:c/m", "kind", "leaf"),
        ]);
        let libyang = model(&[
            ("/m:c", "kind", "container"),
            ("/m:c/l", "kind", "leaf"),
            ("/m:c/l", "default", "2"),
            ("/m:c/m", "kind", "leaf"),
            ("/m:c/m", "units", "s"),
        ]);
        let comparison = compare(&own, &libyang);
        assert_eq!(
            lines(&comparison),
            ["/m:c/l default 1 2", "/m:c/m units - s"]
        );
        assert_eq!(comparison.nodes["container"], (1, 0));
        assert_eq!(comparison.nodes["leaf"], (0, 2));
    }

    #[test]
    fn a_node_that_lacks_is_one_difference() {
        let own = model(&[("/m:c", "kind", "container")]);
        let libyang = model(&[
            ("/m:c", "kind", "container"),
            ("/m:d", "kind", "list"),
            ("/m:d/k", "kind", "leaf"),
            ("/m:da", "kind", "leaf"),
        ]);
        let comparison = compare(&own, &libyang);
        assert_eq!(
            lines(&comparison),
            [
                "/m:d presence in the model - list",
                "/m:da presence in the model - leaf"
            ]
        );
        assert_eq!(comparison.nodes["leaf"], (0, 2));
    }

    #[test]
    fn a_verdict_is_a_difference_unless_both_refuse() {
        let refused = Outcome::Refused("no".to_owned());
        let ended = Outcome::Ended("signal".to_owned());
        let valid = model(&[]);
        assert_eq!(lines(&compare(&refused, &refused)), [""; 0]);
        assert_eq!(
            lines(&compare(&valid, &refused)),
            [" verdict valid refused: no"]
        );
        assert_eq!(
            lines(&compare(&refused, &ended)),
            [" verdict refused: no ended: signal"]
        );
    }
}
