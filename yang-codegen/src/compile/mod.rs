//! Modules to the model: groupings expanded, augments and deviations applied, types resolved.

mod attributes;
mod augment;
mod check;
mod convert;
mod deviate;
mod docs;
mod expand;
mod grouping;
mod inherit;
mod leafref;
mod leave_out;
mod names;
mod node_id;
mod refine;
mod structure;
#[cfg(test)]
mod tests;
mod tree;
mod types;
mod uses;
mod warnings;

use std::collections::BTreeSet;

use crate::error::{Error, Warning};
use crate::fault::Faults;
use crate::model::Model;
use crate::modules::{ModuleId, Modules, Request};
use convert::Conversion;
use expand::{At, Expansion};
use grouping::Groupings;
use tree::Tree;
use types::Types;

/// The modules and settings to compile.
#[derive(Clone, Copy)]
pub(crate) struct Settings<'r> {
    pub(crate) modules: Request<'r>,
    /// Schema paths of nodes that are left out, and names of modules whose nodes are.
    pub(crate) leave_out: &'r [String],
    /// Modules whose typedefs are wanted whether they are used or not.
    pub(crate) typedefs: &'r [String],
}

/// The model, and what it was made of.
pub(crate) struct Compiled {
    /// None if there are faults.
    pub(crate) model: Option<Model>,
    pub(crate) modules: Modules,
    /// Likely mistakes in the modules.
    pub(crate) warnings: Vec<Warning>,
}

/// Compiles modules and all that they import.
///
/// # Errors
/// A module that was asked for is not there, or a setting names none.
pub(crate) fn compile(settings: &Settings<'_>, faults: &mut Faults) -> Result<Compiled, Error> {
    let mut modules = Modules::load(&settings.modules, faults)?;
    structure::check_instances(&modules, faults);
    if !modules.is_complete() {
        return Ok(Compiled {
            model: None,
            modules,
            warnings: Vec::new(),
        });
    }
    // The path of a leafref makes the modules implemented to which it leads, and these have leafrefs
    // in turn.
    let (schema, found) = loop {
        let mut found = faults.fresh();
        let schema = Schema::new(&modules, settings.leave_out, &mut found)?;
        let more = leafref::not_implemented(&schema.tree, &modules);
        if more.is_empty() {
            break (schema, found);
        }
        drop(schema);
        for module in more {
            modules.implement(module);
        }
    };
    faults.absorb(found);
    if schema.size >= expand::MOST_NODES {
        drop(schema);
        return Ok(Compiled {
            model: None,
            modules,
            warnings: Vec::new(),
        });
    }
    let (model, warnings) = schema.model(&modules, settings, faults)?;
    Ok(Compiled {
        model,
        modules,
        warnings,
    })
}

/// The expanded schema of the implemented modules.
struct Schema<'m> {
    tree: Tree<'m>,
    used: Groupings,
    /// Nodes and uses so far.
    size: usize,
}

impl<'m> Schema<'m> {
    fn new(modules: &'m Modules, leave_out: &[String], faults: &mut Faults) -> Result<Self, Error> {
        let mut expansion = Expansion::new(modules, 0, faults);
        let implemented: Vec<ModuleId> = modules.implemented().collect();
        for id in &implemented {
            expansion.definitions(modules.body(*id), &At::top(*id), &mut Vec::new());
            expansion.structures(*id);
        }
        expansion.augments(&implemented);
        expansion.deviations(&implemented);
        let mut tree = expansion.take_tree();
        let Expansion {
            faults,
            size,
            used,
            unconditional,
            ..
        } = expansion;
        if size >= expand::MOST_NODES {
            return Ok(Self { tree, used, size });
        }
        // A node that a fault took away is not missing for the setting.
        match leave_out::leave_out(&mut tree, modules, leave_out) {
            Err(error) if faults.is_empty() => return Err(error),
            _ => {}
        }
        inherit::finish(&mut tree, modules, faults);
        check::unconditional(&tree, &unconditional, faults);
        check::check(&tree, modules, faults);
        Ok(Self { tree, used, size })
    }

    /// The model and its warnings; no model if there are faults.
    fn model(
        self,
        modules: &'m Modules,
        settings: &Settings<'_>,
        faults: &mut Faults,
    ) -> Result<(Option<Model>, Vec<Warning>), Error> {
        let types = Types::new(modules);
        types.check_all(faults);
        grouping::check_unused(modules, &types, self.used, self.size, faults);
        let mut used = BTreeSet::new();
        for name in settings.typedefs {
            let module = leave_out::named(modules, name, "typedefs")?;
            used.extend(types.standing_alone(module));
        }
        let wanted: Vec<ModuleId> = modules
            .ids()
            .filter(|id| {
                let module = modules.module(*id);
                module.is_some_and(|module| {
                    module.implemented && (settings.modules.names(&module.name) || !module.built_in)
                })
            })
            .collect();
        let conversion = Conversion {
            modules,
            tree: &self.tree,
            types: &types,
            faults,
            used,
        };
        let model = conversion.model(&wanted);
        if !faults.is_empty() {
            return Ok((None, Vec::new()));
        }
        let warnings = warnings::warnings(&self.tree, &model);
        Ok((Some(model), warnings))
    }
}
