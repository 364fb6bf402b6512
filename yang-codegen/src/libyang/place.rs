//! The files and lines of nodes and statements.

use std::collections::HashMap;
use std::path::Path;

use super::files;
use super::raw::{Context, Module};
use super::statement::{self, Statement};
use crate::error::Place;

/// Finds statements in the texts of modules; each text is read once.
pub(super) struct Places<'c> {
    context: &'c Context,
    texts: HashMap<&'c Path, Option<Statement>>,
}

impl<'c> Places<'c> {
    pub(super) fn new(context: &'c Context) -> Self {
        Self {
            context,
            texts: HashMap::new(),
        }
    }

    /// The place of the node or typedef that the names lead to in a module, or of the statement
    /// `keyword` in it.
    pub(super) fn of_node(&mut self, module: &str, names: &[&str], keyword: Option<&str>) -> Place {
        let mut modules = self.nearest_first(module);
        modules.retain(|other| other.name() == module);
        self.first(module, &modules, |text| text.locate(names, keyword))
    }

    /// The place of the statement with this argument that belongs to the node that the names lead
    /// to. An augment, a deviation or a grouping may have it in another module than the node's.
    pub(super) fn of_statement(
        &mut self,
        module: &str,
        names: &[&str],
        keyword: &str,
        argument: &str,
    ) -> Place {
        let modules = self.nearest_first(module);
        self.first(module, &modules, |text| {
            text.locate_with(names, keyword, argument)
        })
    }

    /// All modules, that of this name first: in the revision that the model has.
    fn nearest_first(&self, module: &str) -> Vec<Module<'c>> {
        let mut modules = self.context.modules();
        modules.sort_by_key(|other| (other.name() != module, !self.context.holds(*other)));
        modules
    }

    fn first(
        &mut self,
        module: &str,
        modules: &[Module<'c>],
        line_in: impl Fn(&Statement) -> Option<usize>,
    ) -> Place {
        for other in modules {
            for file in other.file().into_iter().chain(other.submodule_files()) {
                let text = self.texts.entry(file);
                let text = text.or_insert_with(|| statement::parse(&files::text(file)?));
                if let Some(line) = text.as_ref().and_then(&line_in) {
                    return Place {
                        file: Some(file.to_path_buf()),
                        line: Some(line),
                        module: other.name().to_owned(),
                    };
                }
            }
        }
        let own = modules.iter().find(|other| other.name() == module);
        Place {
            file: own.and_then(|own| own.file()).map(Path::to_path_buf),
            line: None,
            module: module.to_owned(),
        }
    }
}
