//! Query paths: values of data by paths such as `interface[name='lo']/statistics/in-octets`.
//!
//! The syntax is that of instance identifiers (RFC 7951 section 6.11), with three freedoms: a path
//! without a leading `/` may start at any depth, a module's name may be left out, and `*` stands
//! for any name. A value with both kinds of quotes is `concat("it's", '"so"')`, as a printed path
//! has it.
//!
//! ```
//! # use examples::yang::acme_power::PowerReport;
//! # use notif_runtime::{Options, json};
//! # let body = br#"{"acme-power:power-report":{"eventTime":"2026-11-24T05:00:00Z",
//! #     "supply":[{"slot":1,"state":"ok","output-power":412500},{"slot":2,"state":"failed"}]}}"#;
//! let report: PowerReport = json::from_slice(body, &Options::default())?;
//!
//! use notif_runtime::path;
//!
//! let power = path::get(&report, "supply[slot='1']/output-power")?;
//! assert_eq!(power.and_then(|value| value.as_u64()), Some(412_500));
//!
//! for leaf in path::leafs(&report) {
//!     println!("{} = {}", leaf.path(), leaf.value());
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod find;
mod parse;

use std::fmt;

pub use find::{Leaf, Leafs, get, leafs};

use crate::schema;

/// A query path: a test of the nodes on the way to a value.
///
/// ```
/// use notif_runtime::path::Path;
///
/// let path: Path = "interface[name='lo']/statistics".parse()?;
/// assert_eq!(path.steps().len(), 2);
/// assert_eq!(
///     "interface[name=lo]".parse::<Path>().unwrap_err().to_string(),
///     "at character 16 of the path interface[name=lo]: expected a value in quotes",
/// );
/// # Ok::<(), notif_runtime::path::PathError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    text: String,
    /// True if it starts at the top-level node.
    absolute: bool,
    steps: Vec<StepTest>,
}

/// One level of a path: a name, and the tests in brackets behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepTest {
    name: NameTest,
    predicates: Vec<Test>,
}

/// A name, with its module or without, or `*`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameTest {
    module: Option<String>,
    /// None stands for any.
    local: Option<String>,
}

/// A test that stands in brackets.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Test {
    /// `[name='value']`: a leaf of the node.
    Leaf(NameTest, String),
    /// `[.='value']`: the value itself.
    Value(String),
    /// `[2]`: the place among its siblings of the same name, from 1.
    Position(usize),
}

/// The error of a text that is no path, or of a path that no module has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PathError {
    /// The text cannot be parsed.
    #[error("at character {at} of the path {text}: expected {expected}")]
    Syntax {
        /// The path.
        text: String,
        /// The place in characters, from 1.
        at: usize,
        /// The symbol that should stand there.
        expected: &'static str,
    },
    /// No module has it.
    #[error("no module has {text}: {problem}")]
    Unknown {
        /// The path.
        text: String,
        /// The step at fault, and the names that are near.
        problem: String,
    },
}

impl NameTest {
    /// Returns true if the node has this name.
    #[must_use]
    pub fn matches(&self, node: &schema::Node<'_>) -> bool {
        self.module
            .as_deref()
            .is_none_or(|module| module == node.module.name)
            && self.local.as_deref().is_none_or(|local| local == node.name)
    }
}

impl StepTest {
    /// Returns true if the node has the name of this level; predicates are left aside.
    #[must_use]
    pub fn matches(&self, node: &schema::Node<'_>) -> bool {
        self.name.matches(node)
    }

    /// The tests in brackets.
    #[must_use]
    pub fn predicates(&self) -> &[Test] {
        &self.predicates
    }
}

impl fmt::Display for NameTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(module) = &self.module {
            write!(f, "{module}:")?;
        }
        f.write_str(self.local.as_deref().unwrap_or("*"))
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Path {
    /// Checks that some data below these top-level nodes can have this path.
    ///
    /// ```
    /// use examples::yang;
    /// use notif_runtime::Registry;
    /// use notif_runtime::path::Path;
    ///
    /// let registry = Registry::new(&yang::SCHEMA);
    /// let path: Path = "supply/state".parse()?;
    /// assert_eq!(path.check(registry.roots()), Ok(()));
    /// let path: Path = "supply/sate".parse()?;
    /// assert!(path.check(registry.roots()).is_err());
    /// # Ok::<(), notif_runtime::path::PathError>(())
    /// ```
    ///
    /// # Errors
    /// The step that no module has, and the names that are near.
    pub fn check<'s>(
        &self,
        roots: impl IntoIterator<Item = &'s schema::Node<'s>>,
    ) -> Result<(), PathError> {
        let mut starts: Vec<&'s schema::Node<'s>> = roots.into_iter().collect();
        if !self.absolute {
            let mut at = 0;
            while let Some(node) = starts.get(at) {
                starts.extend(node.children());
                at += 1;
            }
        }
        let mut candidates = starts;
        for (step, above) in self
            .steps
            .iter()
            .zip(std::iter::once(None).chain(self.steps.iter().map(Some)))
        {
            let found: Vec<_> = candidates
                .iter()
                .copied()
                .filter(|node| step.matches(node))
                .collect();
            if found.is_empty() {
                return Err(self.unknown(&step.name, above, &candidates));
            }
            for test in &step.predicates {
                self.check_predicate(test, &step.name, &found)?;
            }
            candidates = found.iter().flat_map(|node| node.children()).collect();
        }
        Ok(())
    }

    /// Returns true if the path, its predicates left aside, is that of the last node of `trail`,
    /// which starts at a top-level node.
    #[must_use]
    pub fn names(&self, trail: &[&schema::Node<'_>]) -> bool {
        let Some(above) = trail.len().checked_sub(self.steps.len()) else {
            return false;
        };
        let named = trail.get(above..).unwrap_or_default();
        (above == 0 || !self.absolute)
            && named
                .iter()
                .zip(&self.steps)
                .all(|(node, step)| step.matches(node))
    }

    /// Returns true if the path starts at the top-level node, rather than at any depth.
    #[must_use]
    pub const fn is_absolute(&self) -> bool {
        self.absolute
    }

    /// The levels, outermost first.
    #[must_use]
    pub fn steps(&self) -> &[StepTest] {
        &self.steps
    }

    /// Returns true if it tells instances of a node apart.
    #[must_use]
    pub fn has_predicates(&self) -> bool {
        self.steps.iter().any(|step| !step.predicates.is_empty())
    }

    fn check_predicate(
        &self,
        test: &Test,
        step: &NameTest,
        nodes: &[&schema::Node<'_>],
    ) -> Result<(), PathError> {
        let Test::Leaf(name, _) = test else {
            return Ok(());
        };
        let mut leaves = nodes
            .iter()
            .flat_map(|node| node.children())
            .filter(|child| child.leaf().is_some());
        if leaves.any(|leaf| name.matches(leaf)) {
            return Ok(());
        }
        Err(PathError::Unknown {
            text: self.text.clone(),
            problem: format!("{step} has no leaf {name}"),
        })
    }

    /// The error for a name that no candidate has.
    fn unknown(
        &self,
        name: &NameTest,
        above: Option<&StepTest>,
        candidates: &[&schema::Node<'_>],
    ) -> PathError {
        let mut names: Vec<_> = candidates.iter().map(|node| node.name).collect();
        names.sort_unstable();
        names.dedup();
        let wanted = name.local.as_deref().unwrap_or_default();
        names.sort_by_key(|candidate| strsim::damerau_levenshtein(candidate, wanted));
        names.truncate(5);
        let place = above.map_or_else(String::new, |above| format!(" in {}", above.name));
        let problem = if names.is_empty() {
            format!("there is nothing{place}")
        } else {
            format!(
                "there is no {name}{place}; the nearest names are {}",
                names.join(", ")
            )
        };
        PathError::Unknown {
            text: self.text.clone(),
            problem,
        }
    }
}
