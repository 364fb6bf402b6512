//! The type `instance-identifier` (RFC 7950 section 9.13, RFC 7951 section 6.11).

use std::fmt;
use std::hash::{Hash, Hasher};

use crate::fault::InstancePath;
use crate::schema::Module;

/// The path of a node in the data, checked against the schema of the compiled modules.
#[derive(Debug, Clone, Default)]
pub struct InstanceIdentifier {
    path: InstancePath,
    /// The path as XML writes it, with the names of modules as prefixes.
    xml: String,
    /// The modules whose names are prefixes in `xml`.
    modules: Vec<&'static Module>,
}

impl InstanceIdentifier {
    /// `xml` is the path as XML writes it, with the names of `modules` as prefixes.
    pub(crate) const fn new_checked(
        path: InstancePath,
        xml: String,
        modules: Vec<&'static Module>,
    ) -> Self {
        Self { path, xml, modules }
    }

    /// The identifier with this path, whether the schema of `modules` has its nodes or not.
    pub(crate) fn of_path(path: InstancePath, modules: &[&'static Module]) -> Self {
        let mut used: Vec<&'static Module> = Vec::new();
        let mut xml = String::new();
        let mut inside = None;
        for step in path.steps() {
            let (prefix, local) = match step.name.split_once(':') {
                Some((module, local)) => (Some(module), local),
                None => (inside, step.name.as_str()),
            };
            let in_xml = |name: &str| match prefix.filter(|_| !name.contains(':')) {
                Some(prefix) => format!("{prefix}:{name}"),
                None => name.to_owned(),
            };
            let known = modules
                .iter()
                .copied()
                .find(|module| prefix == Some(module.name));
            if let Some(known) = known.filter(|known| used.iter().all(|it| it.name != known.name)) {
                used.push(known);
            }
            xml.push('/');
            xml.push_str(&in_xml(local));
            xml.push_str(&step.predicate.with_names(in_xml).to_string());
            inside = prefix;
        }
        Self {
            path,
            xml,
            modules: used,
        }
    }

    /// The path.
    #[must_use]
    pub const fn path(&self) -> &InstancePath {
        &self.path
    }

    /// The text in XML, and the modules whose names it uses as prefixes.
    pub(crate) fn as_xml(&self) -> (&str, &[&'static Module]) {
        (&self.xml, &self.modules)
    }
}

impl PartialEq for InstanceIdentifier {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path
    }
}

impl Eq for InstanceIdentifier {}

impl Hash for InstanceIdentifier {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.path.hash(state);
    }
}

impl fmt::Display for InstanceIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path.fmt(f)
    }
}
