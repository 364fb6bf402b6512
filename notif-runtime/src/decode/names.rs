//! Finds nodes by the names in a message, and reports unknown ones.

use std::borrow::Cow;

use super::{Abort, Context};
use crate::fault::FaultKind;
use crate::schema::{Form, Module, Node, Operation};
use crate::text::{SHOWN, listed, shortened};
use crate::types::is_yang_text;

/// The operation in `node` that a member name means.
#[cold]
pub(crate) fn operation_by_name(
    node: &Node<'_>,
    modules: &[&'static Module],
    name: &str,
    cx: &Context,
) -> Option<&'static Node<'static>> {
    operation(node, modules, cx, |operation| operation.has_name(name))
}

/// The operation in `node` that `is_it`, if the document is to have one.
#[cold]
pub(crate) fn operation(
    node: &Node<'_>,
    modules: &[&'static Module],
    cx: &Context,
    is_it: impl Fn(&Node<'_>) -> bool,
) -> Option<&'static Node<'static>> {
    let form = cx.form()?;
    let find = |operations: &'static [Operation]| {
        let of_form = |operation: &'static Operation| operation.of_form(form);
        let mut operations = operations.iter().filter_map(of_form);
        operations.find(|operation| is_it(operation))
    };
    if node.is_data() {
        modules.iter().find_map(|module| find(module.operations))
    } else {
        find(node.operations)
    }
}

/// Records a member that the schema does not have in `node`, with its likely cause.
#[cold]
pub(crate) fn unknown_member(
    node: &Node<'_>,
    name: &str,
    cause: &str,
    offset: usize,
    cx: &mut Context,
) -> Result<(), Abort> {
    let expected = match cx.form() {
        Some(form) if node.is_data() => {
            format!(
                "a {} that a module has, or what is around one{cause}",
                form.described()
            )
        }
        form => {
            let operations = node.operations.iter();
            let operations = operations.map(|operation| -> &Node<'_> { operation.node() });
            let operations = operations.filter(|_| form.is_some());
            let members = node.children().iter().chain(operations);
            let with_module = members.clone().find(|member| member.is_named(name));
            with_module.map_or_else(
                || {
                    let members = listed(members.map(Node::qualified_name));
                    format!("a member of {}: {members}{cause}", node.described())
                },
                |member| {
                    format!(
                        "\"{}\" without its module, which is that of the member around it",
                        member.name
                    )
                },
            )
        }
    };
    cx.fault_at(name, FaultKind::UnknownElement, offset, None, expected)
}

/// The node with this name, `module:name`, that a document can start with.
pub(crate) fn root_by_name(
    modules: &[&'static Module],
    form: Form,
    name: &str,
    cx: &Context,
) -> Option<&'static Node<'static>> {
    let (module, local) = name.split_once(':')?;
    let module = modules.iter().find(|known| known.name == module)?;
    root_of(module, form, local, cx)
}

/// The node of `module` with this name that a document can start with. A structure is one if it is
/// what is to be read.
pub(crate) fn root_of(
    module: &'static Module,
    form: Form,
    name: &str,
    cx: &Context,
) -> Option<&'static Node<'static>> {
    let is_wanted = |node: &&Node<'_>| {
        cx.document
            .root
            .is_some_and(|wanted| std::ptr::eq(wanted, *node))
    };
    let mut structures = module.structures.iter().map(|node| node());
    let structure = structures.find(|node| is_wanted(node) && node.name == name);
    structure.or_else(|| module.roots(form).find(|node| node.name == name))
}

/// The node with this SID that a document can start with.
pub(crate) fn root_by_sid(
    modules: &[&'static Module],
    form: Form,
    sid: u64,
) -> Option<&'static Node<'static>> {
    let mut roots = modules.iter().flat_map(|module| module.roots(form));
    roots.find(|root| root.sid == Some(sid))
}

/// The operation in `node` with this SID.
#[cold]
pub(crate) fn operation_by_sid(
    node: &Node<'_>,
    modules: &[&'static Module],
    sid: u64,
    cx: &Context,
) -> Option<&'static Node<'static>> {
    operation(node, modules, cx, |operation| operation.sid == Some(sid))
}

/// Records a top-level node that no module has.
#[cold]
pub(crate) fn unknown_root(
    modules: &[&'static Module],
    form: Form,
    name: &str,
    offset: usize,
    cx: &mut Context,
) -> Abort {
    let structures = || modules.iter().flat_map(|module| module.structures);
    let is_structure =
        |wanted: &&'static Node<'static>| structures().any(|node| std::ptr::eq(*wanted, node()));
    let structure = cx.document.root.filter(is_structure);
    let roots = modules.iter().flat_map(|module| module.roots(form));
    let expected = structure.map_or_else(
        || {
            let names = listed(roots.map(Node::qualified_name));
            format!("one of {names}{}", not_compiled_in(modules, name))
        },
        |structure| format!("the structure \"{}\"", structure.qualified_name()),
    );
    match cx.fault_at(name, FaultKind::UnknownElement, offset, None, expected) {
        Ok(()) | Err(Abort) => Abort,
    }
}

/// The note that the module in a name is not known, and how it would be; empty if it is known.
#[cold]
pub(crate) fn not_compiled_in(modules: &[&'static Module], name: &str) -> String {
    match name.split_once(':') {
        Some((module, _)) if modules.iter().all(|known| known.name != module) => format!(
            "; the module \"{}\" is not compiled in: generate the types from it too",
            shortened(module, SHOWN)
        ),
        _ => String::new(),
    }
}

/// `text` if YANG takes all its characters; else that is recorded.
pub(crate) fn yang_text<'de>(
    text: Cow<'de, str>,
    offset: usize,
    cx: &mut Context,
) -> Result<Option<Cow<'de, str>>, Abort> {
    if is_yang_text(&text) {
        return Ok(Some(text));
    }
    let shown: String = shortened(&text, SHOWN).escape_debug().collect();
    let expected = "only characters that YANG's string has: no controls but tab, line feed and \
                    carriage return, and no noncharacters";
    cx.fault(
        FaultKind::Lexical,
        offset,
        Some(&format!("\"{shown}\"")),
        expected,
    )?;
    Ok(None)
}
