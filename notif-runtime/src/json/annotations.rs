//! Annotations in JSON (RFC 7952 section 5.2).

use super::reader::JsonReader;
use crate::decode::{Abort, Annotated, Context, Reader as _, Target};
use crate::fault::FaultKind;
use crate::schema::{Kind, Node};
use crate::value::Names;

impl JsonReader<'_> {
    /// Reads the annotations at the cursor, behind their name without `@`: those of `node` itself
    /// if it is empty, else of a member. What is wrong is recorded.
    #[cold]
    pub(super) fn annotation(
        &mut self,
        node: &Node<'_>,
        name: &str,
        start: usize,
        cx: &mut Context,
    ) -> Result<(), Abort> {
        if name.is_empty() && node.is_data() {
            let expected = "annotations of a node, which the whole document is not";
            cx.fault(FaultKind::UnknownAttribute, start, Some("@"), expected)?;
            return self.skip(cx);
        }
        if name.is_empty() {
            return self.annotation_object(node, Target::Itself, cx).map(drop);
        }
        let Some(index) = node.member_index(name) else {
            let cause = crate::decode::not_compiled_in(self.modules, name);
            crate::decode::unknown_member(node, name, &cause, start, cx)?;
            return self.skip(cx);
        };
        let Some(child) = node.children().get(index) else {
            return self.skip(cx);
        };
        let before = cx.faults();
        let result = if let Kind::LeafList(_) = child.kind {
            self.annotation_array(child, index, cx)
        } else {
            self.annotation_object(child, Target::Child(index, 0), cx)
        };
        cx.leave_member(before, name);
        result
    }

    /// One object or null for each value of a leaf-list.
    fn annotation_array(
        &mut self,
        leaf_list: &Node<'_>,
        index: usize,
        cx: &mut Context,
    ) -> Result<(), Abort> {
        let expected = format!(
            "an array with an object or null for each value of the leaf-list \"{}\"",
            leaf_list.name
        );
        let start = self.offset();
        if self.peek() != Some(b'[') {
            return self.wrong_kind(expected, cx).map(drop);
        }
        self.descend(cx)?;
        let mut at = 0;
        while self.advance(b']', "a comma or the end of the array", cx)? {
            if self.peek() == Some(b'n') {
                let null = Annotated::null(Target::Child(index, at), self.offset());
                self.word("null", cx)?;
                self.notes.push(null);
            } else {
                self.annotation_object(leaf_list, Target::Child(index, at), cx)?;
            }
            at += 1;
        }
        if at == 0 {
            cx.fault(
                FaultKind::WrongKind,
                start,
                Some("an empty array"),
                expected,
            )?;
        }
        Ok(())
    }

    /// The annotations of one instance of `node`.
    pub(super) fn annotation_object(
        &mut self,
        node: &Node<'_>,
        target: Target,
        cx: &mut Context,
    ) -> Result<(), Abort> {
        let expected = format!(
            "an object with annotations of the {} \"{}\"",
            node.keyword(),
            node.name
        );
        let start = self.offset();
        if self.peek() != Some(b'{') {
            return self.wrong_kind(expected, cx).map(drop);
        }
        self.descend(cx)?;
        let first = self.notes.len();
        let mut empty = true;
        while self.advance(b'}', "a comma or the end of the object", cx)? {
            empty = false;
            self.one_annotation(node, target, first, cx)?;
        }
        if empty {
            cx.fault(
                FaultKind::WrongKind,
                start,
                Some("an empty object"),
                expected,
            )?;
        }
        Ok(())
    }

    /// One annotation; those of its object start at `first` in the list.
    fn one_annotation(
        &mut self,
        node: &Node<'_>,
        target: Target,
        first: usize,
        cx: &mut Context,
    ) -> Result<(), Abort> {
        let start = self.offset();
        let name = self.name(cx)?;
        let Some((module, local)) = name.split_once(':') else {
            let expected = "the name of an annotation with its module, module:name";
            cx.fault(FaultKind::UnknownAttribute, start, Some(&name), expected)?;
            return self.skip(cx);
        };
        let Some(scalar) = self.scalar(cx)? else {
            return Ok(());
        };
        let declared = self.declared();
        let names = Names::new(node.module, Some(&declared));
        let place = (target, start);
        let Some(met) = Annotated::check((module, local), &scalar, &names, place, cx)? else {
            return Ok(());
        };
        let known = self.notes.iter().skip(first);
        if known.into_iter().any(|known| known.is_same(&met)) {
            let expected = "each annotation of a node only once";
            return cx.fault(FaultKind::Duplicate, start, Some(&name), expected);
        }
        self.notes.push(met);
        Ok(())
    }
}
