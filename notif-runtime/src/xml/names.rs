//! Finds the nodes that elements are, by name and namespace, and reports unknown ones.

use super::namespaces::Space;
use super::syntax::check_name;
use crate::decode::{Abort, Context};
use crate::fault::FaultKind;
use crate::schema::{Form, Module, Node};
use crate::text::{SHOWN, shortened};

/// The number of children beyond the expected one that are tried before the name is looked up.
const LOOK_AHEAD: usize = 4;

/// An element's name as written, and the meaning of its prefix.
pub(super) struct Name<'de> {
    pub(super) qualified: &'de str,
    pub(super) local: &'de str,
    pub(super) space: Space,
}

/// The operation that an element in `node` is, if the document is to have one.
#[inline]
pub(super) fn operation(
    node: &Node<'_>,
    modules: &[&'static Module],
    name: &Name<'_>,
    cx: &Context,
) -> Option<&'static Node<'static>> {
    cx.form()?;
    let Space::Module(module) = name.space else {
        return None;
    };
    crate::decode::operation(node, modules, cx, |operation| {
        operation.name == name.local && std::ptr::eq(operation.module, module)
    })
}

/// The top-level node that an element is.
pub(super) fn root(
    modules: &[&'static Module],
    form: Form,
    name: &Name<'_>,
    start: usize,
    cx: &mut Context,
) -> Result<&'static Node<'static>, Abort> {
    if let Space::Module(module) = name.space {
        return crate::decode::root_of(module, form, name.local, cx).ok_or_else(|| {
            let qualified = format!("{}:{}", module.name, shortened(name.local, SHOWN));
            crate::decode::unknown_root(modules, form, &qualified, start, cx)
        });
    }
    let roots = || {
        let modules = modules.iter();
        modules.flat_map(|module| module.roots(form))
    };
    let likely = roots()
        .find(|root| root.name == name.local)
        .or_else(|| roots().next());
    match likely {
        Some(root) => {
            let module = root.module;
            let (Ok(()) | Err(Abort)) = wrong_namespace(&name.space, name, module, start, cx);
            Err(Abort)
        }
        None => Err(crate::decode::unknown_root(
            modules, form, name.local, start, cx,
        )),
    }
}

/// The child that an element is. An unknown one is recorded.
#[inline]
pub(super) fn child(
    node: &Node<'_>,
    expected: usize,
    name: &Name<'_>,
    start: usize,
    cx: &mut Context,
) -> Result<Option<usize>, Abort> {
    let children = node.children();
    if let Space::Module(module) = name.space {
        let is_it =
            |child: &Node<'_>| child.name == name.local && std::ptr::eq(child.module, module);
        let likely = children.iter().enumerate().skip(expected).take(LOOK_AHEAD);
        for (index, child) in likely {
            if is_it(child) {
                return Ok(Some(index));
            }
        }
        if let Some(index) = children.iter().position(is_it) {
            return Ok(Some(index));
        }
    }
    unknown(node, name, start, cx).map(|()| None)
}

#[cold]
fn unknown(node: &Node<'_>, name: &Name<'_>, start: usize, cx: &mut Context) -> Result<(), Abort> {
    check_name(name.qualified, start, cx)?;
    let namesake = node
        .children()
        .iter()
        .find(|child| child.name == name.local);
    let module = namesake.unwrap_or(node).module;
    match &name.space {
        Space::Module(known) if namesake.is_none() => {
            let member = if std::ptr::eq(*known, node.module) {
                shortened(name.local, SHOWN)
            } else {
                format!("{}:{}", known.name, shortened(name.local, SHOWN)).into()
            };
            crate::decode::unknown_member(node, &member, "", start, cx)
        }
        // No one module is right at the top.
        _ if namesake.is_none() && node.is_data() => {
            crate::decode::unknown_member(node, name.qualified, "", start, cx)
        }
        space => wrong_namespace(space, name, module, start, cx),
    }
}

/// Records that an element is not in the namespace of `module`.
#[cold]
fn wrong_namespace(
    space: &Space,
    name: &Name<'_>,
    module: &Module,
    start: usize,
    cx: &mut Context,
) -> Result<(), Abort> {
    let note = match space {
        Space::Unknown(_) => {
            "; no module that is compiled in has the other: generate the types from it too"
        }
        _ => "",
    };
    let expected = format!(
        "the namespace {} of the module {}{note}",
        module.namespace, module.name
    );
    let found = match space {
        Space::Module(known) => known.namespace.to_owned(),
        Space::Unknown(namespace) => shortened(namespace, SHOWN).into_owned(),
        Space::None => "no namespace".to_owned(),
        Space::Undeclared => {
            let name = shortened(name.qualified, SHOWN);
            format!("the undeclared prefix of <{name}>")
        }
    };
    cx.fault_at(
        name.local,
        FaultKind::UnknownNamespace,
        start,
        Some(&found),
        expected,
    )
}

/// Text between elements, where only white space may be.
#[cold]
pub(super) fn stray_text(
    node: &Node<'_>,
    text: &str,
    start: usize,
    cx: &mut Context,
) -> Result<(), Abort> {
    let expected = format!("only elements in {}", node.described());
    let found = format!("\"{}\"", shortened(text.trim_ascii(), SHOWN));
    cx.fault(FaultKind::WrongKind, start, Some(&found), expected)
}
