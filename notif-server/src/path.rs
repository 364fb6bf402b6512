//! Paths that a user asks for: `interface[name='lo']/statistics/in-octets`.
//!
//! The syntax is that of instance identifiers (RFC 7951 section 6.11), with three freedoms: a path
//! without a leading `/` may start at any depth, a module's name may be left out, and `*` stands
//! for any name. A value with both kinds of quotes is `concat("it's", '"so"')`, as a printed path
//! has it.

use std::fmt;
use std::str::FromStr;

use notif_runtime::registry::Registry;
use notif_runtime::schema::Node;

/// A path, as a test of nodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    text: String,
    /// Whether it starts at the top-level node.
    pub(crate) absolute: bool,
    pub(crate) steps: Vec<StepTest>,
}

/// One level of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StepTest {
    name: NameTest,
    pub(crate) predicates: Vec<Test>,
}

/// A name, with its module or without, or `*`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NameTest {
    module: Option<String>,
    /// None stands for any.
    local: Option<String>,
}

/// What stands in brackets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Test {
    /// `[name='value']`: a leaf of the node.
    Leaf(NameTest, String),
    /// `[.='value']`: the value itself.
    Value(String),
    /// `[2]`: the place among its siblings of the same name, from 1.
    Position(usize),
}

/// Why a text is no path, or none that the modules have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// It cannot be read.
    #[error("at character {at} of the path {text}: expected {expected}")]
    Syntax {
        /// The path.
        text: String,
        /// Where, from 1.
        at: usize,
        /// What should stand there.
        expected: &'static str,
    },
    /// No module has it.
    #[error("no module has {text}: {problem}")]
    Unknown {
        /// The path.
        text: String,
        /// Which step, and what there is.
        problem: String,
    },
}

impl NameTest {
    pub(crate) fn matches(&self, node: &Node) -> bool {
        self.module
            .as_deref()
            .is_none_or(|module| module == node.module.name)
            && self.local.as_deref().is_none_or(|local| local == node.name)
    }
}

impl StepTest {
    pub(crate) fn matches(&self, node: &Node) -> bool {
        self.name.matches(node)
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

/// The text of a path, and how far it is read.
struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn expected(&self, expected: &'static str) -> PathError {
        let read = self.text.get(..self.at).unwrap_or_default();
        PathError::Syntax {
            text: self.text.to_owned(),
            at: read.chars().count() + 1,
            expected,
        }
    }

    fn take(&mut self, symbol: &str) -> bool {
        let found = self.rest().starts_with(symbol);
        if found {
            self.at += symbol.len();
        }
        found
    }

    fn take_while(&mut self, accept: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| !accept(c)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    fn identifier(&mut self) -> Result<String, PathError> {
        let start = |c: char| c.is_ascii_alphabetic() || c == '_';
        if !self.rest().starts_with(start) {
            return Err(self.expected("a name, *, or module:name"));
        }
        let more = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
        Ok(self.take_while(more).to_owned())
    }

    fn name(&mut self) -> Result<NameTest, PathError> {
        if self.take("*") {
            return Ok(NameTest {
                module: None,
                local: None,
            });
        }
        let first = self.identifier()?;
        if !self.take(":") {
            return Ok(NameTest {
                module: None,
                local: Some(first),
            });
        }
        let local = if self.take("*") {
            None
        } else {
            Some(self.identifier()?)
        };
        Ok(NameTest {
            module: Some(first),
            local,
        })
    }

    fn step(&mut self) -> Result<StepTest, PathError> {
        let name = self.name()?;
        let mut predicates = Vec::new();
        while self.take("[") {
            predicates.push(self.predicate()?);
            if !self.take("]") {
                return Err(self.expected("]"));
            }
        }
        Ok(StepTest { name, predicates })
    }

    fn predicate(&mut self) -> Result<Test, PathError> {
        let digits = self.take_while(|c| c.is_ascii_digit());
        if !digits.is_empty() {
            let position = digits.parse().ok().filter(|&position| position > 0);
            return position
                .map(Test::Position)
                .ok_or_else(|| self.expected("a place from 1"));
        }
        if self.take(".") {
            return Ok(Test::Value(self.value()?));
        }
        let name = self.name()?;
        Ok(Test::Leaf(name, self.value()?))
    }

    /// `='value'`.
    fn value(&mut self) -> Result<String, PathError> {
        if !self.take("=") {
            return Err(self.expected("="));
        }
        if !self.take("concat(") {
            return self.quoted();
        }
        let mut value = self.quoted()?;
        while self.take(",") {
            self.take_while(|c| c == ' ');
            value.push_str(&self.quoted()?);
        }
        if self.take(")") {
            Ok(value)
        } else {
            Err(self.expected(", or )"))
        }
    }

    fn quoted(&mut self) -> Result<String, PathError> {
        for quote in ["'", "\""] {
            if self.take(quote) {
                let value = self.take_while(|c| !quote.contains(c));
                return if self.take(quote) {
                    Ok(value.to_owned())
                } else {
                    Err(self.expected("the closing quote"))
                };
            }
        }
        Err(self.expected("a value in quotes"))
    }
}

impl FromStr for Path {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        let mut cursor = Cursor { text, at: 0 };
        let absolute = cursor.take("/");
        let mut steps = vec![cursor.step()?];
        while cursor.take("/") {
            steps.push(cursor.step()?);
        }
        if !cursor.rest().is_empty() {
            return Err(cursor.expected("/, [ or the end"));
        }
        Ok(Self {
            text: text.to_owned(),
            absolute,
            steps,
        })
    }
}

impl Path {
    /// Checks that some data of the registry's modules can have this path.
    ///
    /// # Errors
    /// Which step no module has, and what it has there.
    pub fn check(&self, registry: &Registry) -> Result<(), PathError> {
        let mut starts: Vec<&'static Node<'static>> = registry.roots().collect();
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

    /// Whether the path, its predicates left aside, is that of the last node of `trail`, which
    /// starts at a top-level node.
    #[must_use]
    pub fn names(&self, trail: &[&'static Node<'static>]) -> bool {
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

    /// Whether it tells instances of a node apart.
    #[must_use]
    pub fn has_predicates(&self) -> bool {
        self.steps.iter().any(|step| !step.predicates.is_empty())
    }

    fn check_predicate(
        &self,
        test: &Test,
        step: &NameTest,
        nodes: &[&'static Node<'static>],
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

    /// What there is in place of a name that there is not.
    fn unknown(
        &self,
        name: &NameTest,
        above: Option<&StepTest>,
        candidates: &[&'static Node<'static>],
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

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        let parsed = text.parse::<Path>();
        let checked = parsed.and_then(|path| path.check(&crate::registry()));
        checked.unwrap_err().to_string()
    }

    #[test]
    fn paths_of_every_form_are_read() {
        for text in [
            "interface[name='lo']/statistics/in-octets",
            "/ietf-https-notif:notification/interface_data/interface[name=\"a'b\"][2]/name",
            "/notification/*/interface/higher-layer-if[.='x']",
            "ietf-https-notif:interface[ietf-https-notif:oper-status='up']",
            "*",
        ] {
            let path: Path = text.parse().unwrap();
            assert_eq!(path.check(&crate::registry()), Ok(()), "{text}");
            assert_eq!(path.to_string(), text);
        }
    }

    #[test]
    fn values_with_both_quotes_are_read_as_they_are_printed() {
        use notif_runtime::fault::{InstancePath, Predicate, Step};

        for value in ["it's", "\"so\"", "it's \"so\"", "'\"'\"][x='1", "\"'"] {
            let mut path = InstancePath::default();
            path.push_outer(Step {
                name: "interface".into(),
                predicate: Predicate::Keys(vec![("name".into(), value.into())]),
            });
            let path: Path = path.to_string().parse().unwrap();
            let [step] = path.steps.as_slice() else {
                panic!("{path}");
            };
            let [Test::Leaf(_, read)] = step.predicates.as_slice() else {
                panic!("{path}");
            };
            assert_eq!(read, value, "{path}");
        }
    }

    #[test]
    fn what_is_no_path_is_told_with_its_place() {
        for (text, told) in [
            (
                "",
                "at character 1 of the path : expected a name, *, or module:name",
            ),
            (
                "a//b",
                "at character 3 of the path a//b: expected a name, *, or module:name",
            ),
            (
                "a[0]",
                "at character 4 of the path a[0]: expected a place from 1",
            ),
            ("a[b]", "at character 4 of the path a[b]: expected ="),
            (
                "a[b=c]",
                "at character 5 of the path a[b=c]: expected a value in quotes",
            ),
            (
                "é",
                "at character 1 of the path é: expected a name, *, or module:name",
            ),
            (
                "a[b='ü]",
                "at character 8 of the path a[b='ü]: expected the closing quote",
            ),
            (
                "a[b=concat('x' ]",
                "at character 15 of the path a[b=concat('x' ]: expected , or )",
            ),
            ("a[.='x'", "at character 8 of the path a[.='x': expected ]"),
            (
                "a b",
                "at character 2 of the path a b: expected /, [ or the end",
            ),
        ] {
            assert_eq!(error(text), told);
        }
    }

    #[test]
    fn what_no_module_has_is_told_with_what_is_near() {
        for (text, told) in [
            (
                "interface/statistics/in-octet",
                "no module has interface/statistics/in-octet: there is no in-octet in statistics; the nearest names are in-octets, ",
            ),
            (
                "/interface",
                "no module has /interface: there is no interface; the nearest names are notification",
            ),
            ("name/x", "no module has name/x: there is nothing in name"),
            (
                "interface[nam='lo']",
                "no module has interface[nam='lo']: interface has no leaf nam",
            ),
            (
                "other:interface",
                "no module has other:interface: there is no other:interface; ",
            ),
        ] {
            let error = error(text);
            assert!(error.starts_with(told), "{error}");
        }
    }
}
