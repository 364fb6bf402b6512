//! Shared by the tests of this room: sets of modules from texts in memory.

mod features;
mod identities;
mod imports;
mod includes;
mod references;
mod scopes;

use super::{ModuleId, Modules, Request};
use crate::Features;
use crate::error::Error;
use crate::fault::Faults;
use crate::parse::{Keyword, Statement};
use crate::sources::Sources;

/// A module of YANG 1.1 whose body starts on line 2.
fn module(name: &str, body: &str) -> String {
    format!("module {name} {{ yang-version 1.1; namespace urn:{name}; prefix {name};\n{body}\n}}\n")
}

/// A module of YANG 1 whose body starts on line 2.
fn module1(name: &str, body: &str) -> String {
    format!("module {name} {{ namespace urn:{name}; prefix {name};\n{body}\n}}\n")
}

/// A submodule of YANG 1.1 whose body starts on line 2.
fn submodule(name: &str, of: &str, body: &str) -> String {
    format!(
        "submodule {name} {{ yang-version 1.1; belongs-to {of} {{ prefix {of}; }}\n{body}\n}}\n"
    )
}

/// A submodule of YANG 1 whose body starts on line 2.
fn submodule1(name: &str, of: &str, body: &str) -> String {
    format!("submodule {name} {{ belongs-to {of} {{ prefix {of}; }}\n{body}\n}}\n")
}

fn sources(texts: &[String]) -> Sources {
    let mut sources = Sources::new();
    for (number, text) in texts.iter().enumerate() {
        let name = text.split_whitespace().nth(1).unwrap();
        let same = texts[..number]
            .iter()
            .filter(|other| other.split_whitespace().nth(1) == Some(name))
            .count();
        let path = match same {
            0 => format!("{name}.yang"),
            same => format!("{name}-{same}.yang"),
        };
        sources.add(path, text.as_str());
    }
    sources
}

/// The modules that are wanted, each `name` or `name@revision`, and the faults.
fn load_with(
    texts: &[String],
    wanted: &[&str],
    features: &[(&str, Features)],
    implement_imports: bool,
) -> Result<(Modules, Vec<String>), Error> {
    let sources = sources(texts);
    let wanted: Vec<(String, Option<String>)> = wanted
        .iter()
        .map(|wanted| match wanted.split_once('@') {
            Some((name, revision)) => (name.to_owned(), Some(revision.to_owned())),
            None => ((*wanted).to_owned(), None),
        })
        .collect();
    let features: Vec<(String, Features)> = features
        .iter()
        .map(|(module, features)| ((*module).to_owned(), features.clone()))
        .collect();
    let request = Request {
        sources: &sources,
        modules: &wanted,
        features: &features,
        implement_imports,
    };
    let mut faults = Faults::new(false);
    let modules = Modules::load(&request, &mut faults)?;
    let (faults, _, _) = faults.finish();
    Ok((modules, faults.iter().map(ToString::to_string).collect()))
}

/// The modules, which have no fault.
fn load(texts: &[String], wanted: &[&str]) -> Modules {
    let (modules, faults) = load_with(texts, wanted, &[], false).unwrap();
    assert_eq!(faults, Vec::<String>::new());
    modules
}

fn faults(texts: &[String], wanted: &[&str]) -> Vec<String> {
    load_with(texts, wanted, &[], false).unwrap().1
}

/// A module by `name`, or by `name@revision` where there are several.
fn id(modules: &Modules, name: &str) -> ModuleId {
    let Some((name, revision)) = name.split_once('@') else {
        return modules.by_name(name).unwrap();
    };
    let mut ids = modules.ids();
    ids.find(|id| {
        let module = modules.module(*id).unwrap();
        module.name == name && module.revision.as_deref() == Some(revision)
    })
    .unwrap()
}

/// The first statement with this keyword and argument in a module or its submodules.
fn find<'m>(modules: &'m Modules, keyword: Keyword, argument: &str) -> Statement<'m> {
    modules
        .roots()
        .flat_map(Statement::descendants)
        .find(|statement| statement.keyword() == keyword && statement.argument() == argument)
        .unwrap()
}

/// All modules, each with its revision, and with `!` if it is implemented.
fn shown(modules: &Modules) -> Vec<String> {
    let shown = modules.ids().map(|id| {
        let module = modules.module(id).unwrap();
        let revision = module.revision.as_ref();
        let revision = revision.map_or(String::new(), |revision| format!("@{revision}"));
        let implemented = if module.implemented { "!" } else { "" };
        format!("{}{revision}{implemented}", module.name)
    });
    shown.collect()
}
