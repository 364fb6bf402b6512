//! Extensions and their instances (RFC 7950 sections 6.3.1, 7.19).

use super::{ModuleId, Modules};
use crate::fault::{Fault, Faults};
use crate::parse::{Keyword, Statement};

impl Modules {
    /// The module and the name of an instance's extension.
    pub(crate) fn extension<'t>(&self, instance: Statement<'t>) -> Option<(ModuleId, &'t str)> {
        let (prefix, name) = instance.extension()?;
        Some((self.by_prefix(instance, prefix)?, name))
    }

    /// True if a statement is an instance of an extension: `name` of a module.
    pub(crate) fn is_instance(&self, statement: Statement<'_>, module: &str, name: &str) -> bool {
        let extension = self.extension(statement);
        extension.is_some_and(|(id, known)| known == name && self.name(id) == module)
    }

    /// Checks that the extensions of all instances are defined, and that the instances have an
    /// argument if their extensions have.
    pub(super) fn check_extensions(&self, faults: &mut Faults) {
        for root in self.roots() {
            for instance in root.descendants() {
                if let Some((prefix, name)) = instance.extension() {
                    self.check_instance(instance, &format!("{prefix}:{name}"), faults);
                }
            }
        }
    }

    fn check_instance(&self, instance: Statement<'_>, name: &str, faults: &mut Faults) {
        if self.is_unknown_prefix(instance, name, faults) {
            return;
        }
        let Some(definition) = self.definition(instance, Keyword::ExtensionDefinition, name) else {
            let message = format!("there is no extension \"{name}\"");
            let nearest = self.nearest(instance, Keyword::ExtensionDefinition, name);
            let fault = Fault::of(instance, "RFC 7950 section 6.3.1", message);
            faults.add(fault.nearest(nearest));
            return;
        };
        let section = "RFC 7950 section 7.19";
        match (
            definition.argument_of(Keyword::Argument),
            instance.argument_if_any(),
        ) {
            (Some(argument), None) => {
                let message = format!("its argument \"{argument}\" is missing; add it");
                faults.tolerable(Fault::of(instance, section, message));
            }
            (None, Some(_)) => {
                let message = "the extension has no argument; take it away";
                faults.warn(Fault::of(instance, section, message));
            }
            _ => {}
        }
    }

    /// True if the prefix of a name has no module, which is told here unless the import was.
    pub(super) fn is_unknown_prefix(
        &self,
        at: Statement<'_>,
        name: &str,
        faults: &mut Faults,
    ) -> bool {
        let Some((prefix, _)) = name.split_once(':') else {
            return false;
        };
        if self.by_prefix(at, prefix).is_some() {
            return false;
        }
        if !self.prefixes(at).any(|known| known == prefix) {
            let message = format!("no import has the prefix \"{prefix}\"; add one");
            let nearest = crate::error::most_similar(prefix, self.prefixes(at));
            faults.add(Fault::of(at, "RFC 7950 section 5.1", message).nearest(nearest));
        }
        true
    }
}
