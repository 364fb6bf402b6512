//! Where expressions stand.

use std::collections::HashMap;
use std::path::Path;

use super::files;
use super::raw::{Context, Module};
use super::statement::{self, Statement};
use crate::error::Place;

/// Finds statements in the texts of modules; each text is read once.
pub(super) struct Places<'c> {
    modules: Vec<Module<'c>>,
    texts: HashMap<&'c Path, Option<Statement>>,
}

impl<'c> Places<'c> {
    pub(super) fn new(context: &'c Context) -> Self {
        Self {
            modules: context.modules(),
            texts: HashMap::new(),
        }
    }

    /// The place of the statement with this argument that belongs to the node at `path`. An augment,
    /// a deviation or a grouping may have it in another module than the node's.
    pub(super) fn find(
        &mut self,
        module: &str,
        path: &[&str],
        keyword: &str,
        argument: &str,
    ) -> Place {
        let mut modules = self.modules.clone();
        modules.sort_by_key(|other| other.name() != module);
        for other in modules {
            let files = other.file().into_iter().chain(other.submodule_files());
            for file in files {
                let text = self
                    .texts
                    .entry(file)
                    .or_insert_with(|| statement::parse(&files::text(file)?));
                let line = text
                    .as_ref()
                    .and_then(|text| text.locate_with(path, keyword, argument));
                if line.is_some() {
                    return Place {
                        file: Some(file.to_path_buf()),
                        line,
                        module: other.name().to_owned(),
                    };
                }
            }
        }
        let own = self.modules.iter().find(|other| other.name() == module);
        Place {
            file: own
                .and_then(|own| own.file())
                .map(std::path::Path::to_path_buf),
            line: None,
            module: module.to_owned(),
        }
    }
}
