//! Finding nodes by the names that a message uses, and what is said of unknown ones.

use std::borrow::Cow;

use super::{Abort, Context, Root};
use crate::schema::{Module, Node};
use crate::types::is_yang_text;
use crate::validate::FaultKind;

/// How many known names a message lists.
const NAMES_LISTED: usize = 12;

/// The child that a member name means: `name` for a child of the same module, or `module:name`
/// for any (RFC 7951 section 4 wants the module only where it changes; libyang takes it anywhere).
pub(crate) fn child_by_name(node: &'static Node, name: &str) -> Option<usize> {
    let children = node.children();
    children
        .iter()
        .position(|child| child.qualified_name() == name)
        .or_else(|| {
            let (module, local) = name.split_once(':')?;
            children
                .iter()
                .position(|child| child.name == local && child.module.name == module)
        })
}

/// Records a member that the schema does not have in `node`.
#[cold]
pub(crate) fn unknown_member(
    node: &'static Node,
    name: &str,
    offset: usize,
    cx: &mut Context,
) -> Result<(), Abort> {
    let expected = format!(
        "a member of the {} \"{}\": {}",
        node.keyword(),
        node.name,
        listed(node.children().iter().map(Node::qualified_name)),
    );
    cx.fault_at(name, FaultKind::UnknownElement, offset, None, expected)
}

/// The top-level node with this name, `module:name`.
pub(crate) fn root_by_name(modules: &[&'static Module], name: &str) -> Option<&'static Root> {
    let (module, local) = name.split_once(':')?;
    let module = modules.iter().find(|known| known.name == module)?;
    module.roots.iter().find(|root| root.node().name == local)
}

/// The top-level node with this SID.
pub(crate) fn root_by_sid(modules: &[&'static Module], sid: u64) -> Option<&'static Root> {
    let mut roots = modules.iter().flat_map(|module| module.roots);
    roots.find(|root| root.node().sid == Some(sid))
}

/// Records a top-level node that no module has.
#[cold]
pub(crate) fn unknown_root(
    modules: &[&'static Module],
    name: &str,
    offset: usize,
    cx: &mut Context,
) -> Abort {
    let roots = modules.iter().flat_map(|module| module.roots);
    let expected = format!(
        "one of {}",
        listed(roots.map(|root| root.node().qualified_name()))
    );
    match cx.fault_at(name, FaultKind::UnknownElement, offset, None, expected) {
        Ok(()) | Err(Abort) => Abort,
    }
}

pub(crate) fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    let shown: Vec<&str> = names.iter().take(NAMES_LISTED).copied().collect();
    let more = if names.len() > NAMES_LISTED {
        ", …"
    } else {
        ""
    };
    format!("{}{more}", shown.join(", "))
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
    let shown: String = super::shorten(&text).escape_debug().collect();
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
