//! Modules to the model: groupings expanded, augments and deviations applied, types resolved.

mod tree;
mod types;
