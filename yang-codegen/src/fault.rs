//! Faults in the texts of modules.

use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;

use crate::error::suggestion;
use crate::parse::Statement;

/// A fault in a module's text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Fault {
    /// The file, or another name for the origin of the text.
    pub file: Option<PathBuf>,
    /// The line of the statement, from 1.
    pub line: Option<u32>,
    /// The column of the statement in characters, from 1.
    pub column: Option<u32>,
    /// The statement, cut where it is long.
    pub statement: Option<String>,
    /// The schema path of the compiled node, if the fault shows only there.
    pub path: Option<String>,
    /// The reason, and what to do.
    pub message: String,
    /// The section that demands it, such as "RFC 7950 section 7.6.5".
    pub section: Option<&'static str>,
    /// The most similar of the names that would have been right.
    pub nearest: Option<String>,
}

impl Fault {
    /// A fault of a statement. `section` names the RFC and the section that demand it.
    pub(crate) fn of(
        statement: Statement<'_>,
        section: &'static str,
        message: impl Into<String>,
    ) -> Self {
        let position = statement.position();
        Self {
            file: Some(statement.file().to_path_buf()),
            line: Some(position.line),
            column: Some(position.column),
            statement: Some(statement.to_string()),
            message: message.into(),
            section: Some(section),
            ..Self::default()
        }
    }

    fn place(&self) -> Place {
        (self.file.clone(), self.line, self.column)
    }

    /// The same with the name that was likely meant.
    #[must_use]
    pub(crate) fn nearest(mut self, name: Option<String>) -> Self {
        self.nearest = name;
        self
    }

    /// The same with the schema path of the node at fault.
    #[must_use]
    pub(crate) fn at_path(mut self, path: String) -> Self {
        self.path = Some(path);
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{}", file.display())?;
            for number in [self.line, self.column].into_iter().flatten() {
                write!(f, ":{number}")?;
            }
            f.write_str(": ")?;
        }
        for part in [&self.path, &self.statement].into_iter().flatten() {
            write!(f, "{part}: ")?;
        }
        f.write_str(&self.message)?;
        f.write_str(&suggestion(self.nearest.as_deref()))?;
        match self.section {
            Some(section) => write!(f, " ({section})"),
            None => Ok(()),
        }
    }
}

/// A file, and a line and column in it.
type Place = (Option<PathBuf>, Option<u32>, Option<u32>);

/// The faults of a set of modules, up to a bound.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    /// True if what vendors ship against the RFC's word is a warning.
    lenient: bool,
    found: Vec<Fault>,
    /// The number of those beyond the bound.
    more: usize,
    /// The faults that are taken all the same.
    tolerated: Vec<Fault>,
    /// The places of statements whose argument is malformed.
    malformed: BTreeSet<Place>,
}

impl Faults {
    /// The faults that are told; of further ones only the number is.
    pub(crate) const MOST: usize = 100;

    pub(crate) fn new(lenient: bool) -> Self {
        Self {
            lenient,
            ..Self::default()
        }
    }

    /// True if there are more faults than are told, so that a text of faults alone takes no long time.
    pub(crate) fn are_full(&self) -> bool {
        self.more > 0
    }

    /// Adds the fault of a statement whose argument is malformed. Other faults of that statement,
    /// which follow from it, are not told.
    pub(crate) fn malformed(&mut self, fault: Fault) {
        let place = fault.place();
        self.add(fault);
        if self.malformed.len() < Self::MOST {
            self.malformed.insert(place);
        }
    }

    /// Adds a fault. The same fault at the same place is told once.
    pub(crate) fn add(&mut self, fault: Fault) {
        if self.found.contains(&fault) || self.malformed.contains(&fault.place()) {
            return;
        }
        if self.found.len() < Self::MOST {
            self.found.push(fault);
        } else {
            self.more += 1;
        }
    }

    /// Adds a fault of a statement.
    pub(crate) fn at(
        &mut self,
        statement: Statement<'_>,
        section: &'static str,
        message: impl Into<String>,
    ) {
        self.add(Fault::of(statement, section, message));
    }

    /// Adds a fault that lenient reading takes for a warning, since vendors ship it and libyang
    /// takes it.
    pub(crate) fn tolerable(&mut self, fault: Fault) {
        if self.lenient {
            self.warn(fault);
        } else {
            self.add(fault);
        }
    }

    /// Adds a warning: what is odd, but not forbidden.
    pub(crate) fn warn(&mut self, fault: Fault) {
        if self.tolerated.len() < Self::MOST && !self.tolerated.contains(&fault) {
            self.tolerated.push(fault);
        }
    }

    /// None yet, read as leniently as these.
    pub(crate) fn fresh(&self) -> Self {
        Self::new(self.lenient)
    }

    /// Adds the faults of another step.
    pub(crate) fn absorb(&mut self, other: Self) {
        for fault in other.found {
            self.add(fault);
        }
        for fault in other.tolerated {
            self.warn(fault);
        }
        self.more += other.more;
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The number of faults so far, to see whether a step has found any.
    pub(crate) fn count(&self) -> usize {
        self.found.len() + self.more
    }

    /// The faults by file and place, the number of those that are not told, and the warnings.
    pub(crate) fn finish(mut self) -> (Vec<Fault>, usize, Vec<Fault>) {
        self.found.sort_by_key(Fault::place);
        self.tolerated.sort_by_key(Fault::place);
        (self.found, self.more, self.tolerated)
    }
}
