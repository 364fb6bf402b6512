//! Statements of YANG as they are written.

use std::fmt;

/// A statement with those inside of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Statement {
    keyword: String,
    argument: String,
    children: Vec<Statement>,
}

impl Statement {
    /// Without an argument if that is empty, but for a default.
    pub(crate) fn new(keyword: &str, argument: impl Into<String>) -> Self {
        Self {
            keyword: keyword.to_owned(),
            argument: argument.into(),
            children: Vec::new(),
        }
    }

    /// Adds one inside.
    pub(crate) fn with(mut self, child: Self) -> Self {
        self.children.push(child);
        self
    }

    /// Adds one inside, if there is one.
    pub(crate) fn with_all(mut self, children: impl IntoIterator<Item = Self>) -> Self {
        self.children.extend(children);
        self
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
        let argument = self.argument.replace('\\', "\\\\").replace('"', "\\\"");
        write!(f, "{:depth$}{}", "", self.keyword)?;
        if !argument.is_empty() || self.keyword == "default" {
            write!(f, " \"{argument}\"")?;
        }
        if self.children.is_empty() {
            return writeln!(f, ";");
        }
        writeln!(f, " {{")?;
        for child in &self.children {
            child.write(f, depth + 2)?;
        }
        writeln!(f, "{:depth$}}}", "")
    }
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, 0)
    }
}
