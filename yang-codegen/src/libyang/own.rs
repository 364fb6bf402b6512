//! Modules that the generator writes itself and gives to libyang beside the user's, so that YANG
//! does the work, such as leaving out a node.

use std::fmt::Write as _;

use super::raw::{Context, Logged, Module, Node, OWN, TypeStatement, Typedef};
use super::types;
use crate::error::{Error, most_similar, suggestion};
use crate::model::QName;

/// Takes the nodes at the schema paths, and all nodes of the modules that are named instead, out of
/// the schema: with deviations (RFC 7950 section 7.20.3), so that libyang decides what depends on
/// them.
pub(super) fn leave_out(context: &mut Context, paths: &[String]) -> Result<(), Error> {
    if paths.is_empty() {
        return Ok(());
    }
    let mut nodes = Vec::new();
    for path in paths {
        nodes.extend(if path.starts_with('/') {
            vec![find(context, path)?]
        } else {
            nodes_of(context, path)?
        });
    }
    let mut steps: Vec<Vec<(&str, &str)>> = nodes.into_iter().map(schema_path).collect();
    steps.sort_unstable();
    // Nodes below a node go with it.
    steps.dedup_by(|below, above| below.starts_with(above));
    let mut modules: Vec<&str> = steps.iter().flatten().map(|(module, _)| *module).collect();
    modules.sort_unstable();
    modules.dedup();
    let mut body = imports(&modules);
    for steps in &steps {
        let steps: Vec<String> = steps
            .iter()
            .map(|(module, name)| format!("{module}:{name}"))
            .collect();
        let path = steps.join("/");
        let _ = writeln!(body, "deviation /{path} {{ deviate not-supported; }}");
    }
    context
        .load_own(&module("left-out", &body))
        .map_err(|logged| refused(&format!("leave_out of {}", paths.join(" and ")), &logged))
}

/// The typedefs at the top of the modules, made ready to be generated whether a node uses them or
/// not: libyang compiles those alone that are used. Leafrefs are not among them: what they refer to
/// depends on where they are used.
pub(super) fn use_typedefs(context: &mut Context, modules: &[String]) -> Result<Vec<QName>, Error> {
    let mut names = Vec::new();
    let mut body = imports(&modules.iter().map(String::as_str).collect::<Vec<_>>());
    for name in modules {
        let of = named(context, name, "typedefs")?;
        let _ = writeln!(body, "container {name} {{");
        for typedef in of
            .typedefs()
            .into_iter()
            .filter(|typedef| !refers(*typedef))
        {
            let typedef = typedef.name();
            let _ = writeln!(body, "leaf {typedef} {{ type {name}:{typedef}; }}");
            names.push(QName {
                module: name.clone(),
                name: typedef.to_owned(),
            });
        }
        body.push_str("}\n");
    }
    if names.is_empty() {
        return Ok(names);
    }
    context
        .load_own(&module("typedefs", &body))
        .map_err(|logged| refused(&format!("typedefs of {}", modules.join(" and ")), &logged))?;
    Ok(names)
}

/// Returns true for a leafref, and for a union with one.
fn refers(typedef: Typedef<'_>) -> bool {
    fn in_statement(statement: TypeStatement<'_>) -> bool {
        statement.name() == "leafref"
            || statement.members().into_iter().any(in_statement)
            || types::find_typedef(statement).is_some_and(|(_, typedef)| refers(typedef))
    }
    in_statement(typedef.type_statement())
}

fn module(name: &str, body: &str) -> String {
    format!(
        "module {OWN}{name} {{ yang-version 1.1; namespace \"urn:{OWN}{name}\"; prefix {OWN}own;\n{body}}}"
    )
}

fn imports(modules: &[&str]) -> String {
    modules.iter().fold(String::new(), |mut text, name| {
        let _ = writeln!(text, "import {name} {{ prefix {name}; }}");
        text
    })
}

fn refused(path: &str, logged: &[Logged]) -> Error {
    let reasons: Vec<&str> = logged.iter().map(|entry| entry.message.as_str()).collect();
    Error::Setting {
        path: path.to_owned(),
        reason: format!("libyang refuses it: {}", reasons.join(" ")),
    }
}

fn named<'c>(context: &'c Context, name: &str, setting: &str) -> Result<Module<'c>, Error> {
    let modules = context.modules();
    let of_name = modules.iter().filter(|module| module.name() == name);
    let found = of_name.copied().find(|module| context.holds(*module));
    found.ok_or_else(|| {
        let nearest = most_similar(name, modules.iter().map(|module| module.name()));
        Error::Setting {
            path: format!("{setting} of {name}"),
            reason: format!(
                "the module is neither asked for nor imported{}",
                suggestion(nearest.as_deref())
            ),
        }
    })
}

/// The node at a schema path. Choices and cases may be left out of the path.
fn find<'c>(context: &'c Context, path: &str) -> Result<Node<'c>, Error> {
    let invalid = |reason: String| Error::Setting {
        path: path.to_owned(),
        reason,
    };
    let mut found = None;
    let mut module = None;
    let mut walked = String::new();
    for step in path.split('/').skip(1) {
        let (named_module, name) = match step.split_once(':') {
            Some((module, name)) => (Some(module), name),
            None => (module, step),
        };
        let Some(of) = named_module else {
            return Err(invalid(
                "the first step needs its module: /module:node".to_owned(),
            ));
        };
        let level = match found {
            Some(node) => below(node),
            None => top(named(context, of, "leave_out")?),
        };
        let is_it =
            |node: &Node<'_>| node.name() == name && node.module().is_some_and(|m| m.name() == of);
        found = Some(search(&level, &is_it).ok_or_else(|| {
            let nearest = most_similar(name, level.iter().map(|node| node.name()));
            let nearest = nearest.map(|name| match found {
                Some(_) => format!("{walked}/{name}"),
                None => format!("/{of}:{name}"),
            });
            invalid(format!(
                "no node has this path{}",
                suggestion(nearest.as_deref())
            ))
        })?);
        module = Some(of);
        walked.extend(["/", step]);
    }
    found.ok_or_else(|| invalid("it names no node".to_owned()))
}

/// A node among siblings, or among those that choices among them hold.
fn search<'c>(level: &[Node<'c>], is_it: &dyn Fn(&Node<'_>) -> bool) -> Option<Node<'c>> {
    let direct = level.iter().copied().find(|node| is_it(node));
    direct.or_else(|| {
        let mut hidden = level.iter().filter(|node| is_hidden(**node));
        hidden.find_map(|node| search(&node.children(), is_it))
    })
}

/// Returns true for a choice or case, which are no data.
fn is_hidden(node: Node<'_>) -> bool {
    ["choice", "case"].contains(&node.keyword().as_str())
}

fn top(module: Module<'_>) -> Vec<Node<'_>> {
    let mut nodes = module.data();
    nodes.extend(module.operations());
    nodes
}

fn below(node: Node<'_>) -> Vec<Node<'_>> {
    if let Some((input, output)) = node.call() {
        return vec![input, output];
    }
    let mut nodes = node.children();
    nodes.extend(node.operations());
    nodes
}

/// The uppermost nodes that a module defines, in itself and in others.
fn nodes_of<'c>(context: &'c Context, name: &str) -> Result<Vec<Node<'c>>, Error> {
    fn gather<'c>(level: Vec<Node<'c>>, name: &str, found: &mut Vec<Node<'c>>) {
        for node in level {
            if node.module().is_some_and(|module| module.name() == name) {
                found.push(node);
            } else {
                gather(below(node), name, found);
            }
        }
    }
    named(context, name, "leave_out")?;
    let mut found = Vec::new();
    for module in context.modules() {
        gather(top(module), name, &mut found);
    }
    if found.is_empty() {
        return Err(Error::Setting {
            path: format!("leave_out of {name}"),
            reason: "the module defines no node".to_owned(),
        });
    }
    Ok(found)
}

/// The module and the name of each node from the top, choices and cases included.
fn schema_path(node: Node<'_>) -> Vec<(&str, &str)> {
    let mut steps = Vec::new();
    let mut at = Some(node);
    while let Some(node) = at {
        steps.push((node.module().map_or("", Module::name), node.name()));
        at = node.parent();
    }
    steps.reverse();
    steps
}

/// The schema path of a node as settings have it: the module where it changes, without choices and
/// cases. For the input and output of an rpc or action that is theirs.
pub(super) fn setting_path(node: Node<'_>) -> String {
    let mut nodes = Vec::new();
    let operation = node.parent().filter(|parent| parent.call().is_some());
    let mut at = operation.or(Some(node));
    while let Some(node) = at {
        if !is_hidden(node) || nodes.is_empty() {
            nodes.push(node);
        }
        at = node.parent();
    }
    let mut path = String::new();
    let mut inside = None;
    for node in nodes.into_iter().rev() {
        let module = node.module().map_or("", Module::name);
        path.push('/');
        if inside != Some(module) {
            path.push_str(module);
            path.push(':');
        }
        path.push_str(node.name());
        inside = Some(module);
    }
    path
}
