//! Attributes of elements that are nodes: annotations (RFC 7952 section 5.1).

use quick_xml::events::BytesStart;
use quick_xml::events::attributes::Attribute;

use super::any::attribute_value;
use super::namespaces::Space;
use super::reader::XmlReader;
use super::syntax::{attributes_of, declared_prefix};
use crate::decode::{Abort, Annotated, Context, Reader as _, Target};
use crate::fault::FaultKind;
use crate::schema::{Module, Node, yang};
use crate::value::{Names, Scalar};

impl XmlReader<'_> {
    /// Takes the annotations of the element that was entered last, which is `node`; other
    /// attributes than these and declarations are recorded. `parent` is the module of the node
    /// around it.
    #[cold]
    pub(super) fn attributes(
        &mut self,
        tag: &BytesStart<'_>,
        node: &Node<'_>,
        parent: Option<&'static Module>,
        start: usize,
        cx: &mut Context,
    ) -> Result<(), Abort> {
        let (before, first) = (cx.faults(), self.notes.len());
        let attributes = attributes_of(tag).flatten();
        let mut annotations =
            attributes.filter(|attribute| declared_prefix(attribute.key.as_ref()).is_none());
        let result = annotations
            .try_for_each(|attribute| self.attribute(&attribute, node, (start, first), cx));
        match parent {
            Some(module) if std::ptr::eq(module, node.module) => cx.leave_member(before, node.name),
            _ => cx.leave_member(before, &format!("{}:{}", node.module.name, node.name)),
        }
        result
    }

    /// Takes one attribute; the annotations of its element start at `first` in the list.
    fn attribute(
        &mut self,
        attribute: &Attribute<'_>,
        node: &Node<'_>,
        (start, first): (usize, usize),
        cx: &mut Context,
    ) -> Result<(), Abort> {
        let key = attribute.key.as_ref();
        let (space, local) = self.attribute_space(key);
        let module = match &space {
            Space::Module(module) => Some(module.name),
            Space::Unknown(namespace) if **namespace == *yang::MODULE.namespace => {
                Some(yang::MODULE.name)
            }
            Space::None if is_filter(node, local) => Some("ietf-netconf"),
            _ => None,
        };
        let declared = self.declared();
        let names = Names::new(node.module, Some(&declared));
        let known =
            module.filter(|module| yang::find_annotation(names.modules(), module, local).is_some());
        let Some(module) = known else {
            let expected = "no attribute but annotations that a module defines, and declarations \
                            of namespaces";
            return cx.fault(FaultKind::UnknownAttribute, start, Some(key), expected);
        };
        let value = attribute_value(attribute, start, cx)?;
        let Some(value) = crate::decode::yang_text(value, start, cx)? else {
            return Ok(());
        };
        let place = (Target::Entered, start);
        let met = Annotated::check((module, local), &Scalar::Text(value), &names, place, cx)?;
        let Some(met) = met else { return Ok(()) };
        // Two prefixes can stand for one namespace (Namespaces in XML 1.0 section 6.3).
        if self
            .notes
            .iter()
            .skip(first)
            .any(|known| known.is_same(&met))
        {
            let expected = "each annotation of a node only once";
            return cx.fault(FaultKind::Duplicate, start, Some(key), expected);
        }
        self.notes.push(met);
        Ok(())
    }
}

/// Returns true for an attribute of NETCONF's filter, without a prefix (RFC 6241 section 6).
fn is_filter(node: &Node<'_>, name: &str) -> bool {
    let has_them = node.module.name == "notifications"
        || node
            .extensions
            .iter()
            .any(|extension| extension.name == "ietf-netconf:get-filter-element-attributes");
    has_them && matches!(name, "type" | "select")
}
