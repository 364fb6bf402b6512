//! Modules in memory, compiled: what is valid with what it gives, and what is not with its fault.
#![allow(clippy::indexing_slicing, reason = "a test states what must hold")]

mod amended;
mod bounds;
mod expanded;
mod field;
mod refused;

use crate::model::{Model, Node, Operation};
use crate::{Compiler, Error, Sources};

/// A module of YANG 1.1 named `name`, which is its prefix too.
fn module(name: &str, body: &str) -> String {
    format!(
        "module {name} {{ yang-version 1.1; namespace \"urn:{name}\"; prefix {name};\n{body}\n}}"
    )
}

/// A compiler of modules by their names and bodies; all are asked for.
fn compiler(modules: &[(&str, &str)]) -> Compiler {
    let mut sources = Sources::new();
    for (name, body) in modules {
        sources.add(format!("{name}.yang"), module(name, body));
    }
    let compiler = Compiler::new(sources);
    modules
        .iter()
        .fold(compiler, |all, (name, _)| all.module(name))
}

fn model(modules: &[(&str, &str)]) -> Model {
    compiler(modules).compile().unwrap().model
}

/// The faults of modules, each as its place, its statement and its section.
fn faults(compiler: &Compiler) -> Vec<String> {
    let Err(Error::Load(faults)) = compiler.compile() else {
        return Vec::new();
    };
    faults
        .iter()
        .map(|fault| {
            let file = fault
                .file
                .as_ref()
                .and_then(|file| file.file_stem()?.to_str());
            format!(
                "{}:{}: {} ({})",
                file.unwrap_or_default(),
                fault.line.unwrap_or_default(),
                fault.statement.as_deref().unwrap_or_default(),
                fault.section.unwrap_or_default()
            )
        })
        .collect()
}

/// The nodes of module `m` as words: names, `?` behind those with a `when`, and what is inside in
/// parentheses.
fn shape(model: &Model) -> String {
    let module = model.modules.iter().find(|module| module.name == "m");
    let module = module.unwrap();
    let operations = module.operations.iter().flat_map(Operation::parts);
    let structures = module.structures.iter();
    let all = module.roots.iter().chain(operations).chain(structures);
    all.map(words).collect::<Vec<_>>().join(" ")
}

fn words(node: &Node) -> String {
    let below: Vec<String> = node
        .children()
        .iter()
        .chain(node.operations.iter().flat_map(Operation::parts))
        .map(words)
        .collect();
    let mark = if node.rules.when.is_empty() { "" } else { "?" };
    let below = if below.is_empty() {
        String::new()
    } else {
        format!("({})", below.join(" "))
    };
    format!("{}{mark}{below}", node.name)
}
