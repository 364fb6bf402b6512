//! Decoding: the interface between generated types and the encodings.
//!
//! A generated struct has one decode function for all encodings ([`Object::read_member`]). It is
//! written against [`Reader`] and instantiated twice: for [`JsonReader`](crate::json::JsonReader),
//! where everything inlines, and for `dyn Reader`, which serves every other encoding.
//!
//! A fault is recorded in the [`Context`] with an empty path; every level that the decoder
//! returns through puts its own step around it. So the fast path keeps no path at all, and one
//! pass reports several faults, each with its exact place.

mod annotated;
mod choice;
mod context;
mod data;
mod leaf;
mod members;
mod missing;
mod names;
mod object;
mod operation;
mod seen;
#[cfg(test)]
mod tests;

pub use annotated::Annotated;
pub(crate) use annotated::Target;
pub use choice::{Choice, read_choice};
pub use context::Context;
pub(crate) use context::{Document, Met, Operations, whole};
pub(crate) use data::read_data;
pub use leaf::{read_leaf, read_optional_leaf};
pub(crate) use names::{
    not_compiled_in, operation, operation_by_name, operation_by_sid, root_by_name, root_by_sid,
    root_of, unknown_member, unknown_root, yang_text,
};
pub(crate) use object::read_boxed;
pub use object::{
    Object, ObjectReader, read_any, read_container, read_leaf_list, read_list, read_optional_any,
    read_optional_container, read_root,
};
pub(crate) use operation::{OPERATION, ReadFn, ReadNode, meet};
pub use seen::Seen;

pub use crate::fault::Abort;
use crate::schema::{Form, Module, Node};
use crate::types::AnyData;
use crate::value::{Declared, Scalar};

/// A pull parser of one encoding, which hands out members by the names of RFC 7951.
///
/// An implementation records what is wrong in the [`Context`] and goes on where it can; it
/// returns [`Abort`] where the rest of the message cannot be made sense of.
pub trait Reader<'de> {
    /// Returns true if a list's entries and a leaf-list's values are repeated members (XML), rather
    /// than elements of one array (JSON, CBOR).
    fn repeats(&self) -> bool;

    /// The offset in bytes of what is read next: a member's name, a list entry, or a value.
    fn offset(&self) -> usize;

    /// Enters the top level and finds the message's one member: the module and the name of a
    /// top-level container, or of an operation of this form. The cursor then stands at its value.
    fn open_root(
        &mut self,
        modules: &[&'static Module],
        form: Form,
        cx: &mut Context,
    ) -> Result<&'static Node<'static>, Abort>;

    /// Leaves the top level: only white space (and what else an encoding allows) may follow.
    fn close_root(&mut self, cx: &mut Context) -> Result<(), Abort>;

    /// Goes to the start of whole data, which [`open_object`](Self::open_object) then enters.
    fn open_document(&mut self, cx: &mut Context) -> Result<(), Abort>;

    /// Leaves whole data, all of whose members were read: only white space may follow.
    fn close_document(&mut self, cx: &mut Context) -> Result<(), Abort>;

    /// Enters the object at the cursor. `false` if there is no object: that has been recorded, and
    /// the value skipped.
    fn open_object(&mut self, node: &Node<'_>, cx: &mut Context) -> Result<bool, Abort>;

    /// The index in `node.children()` of the next member, with the cursor at its value; `None`
    /// after the last, with the cursor behind the object. `expected` is the index that the
    /// schema's order makes likely. Unknown members are recorded and skipped; operations, where
    /// they are to be read, are taken on the way.
    fn next_member(
        &mut self,
        node: &Node<'_>,
        expected: usize,
        cx: &mut Context,
    ) -> Result<Option<usize>, Abort>;

    /// Enters the array at the cursor, for encodings that have arrays.
    fn open_array(&mut self, node: &Node<'_>, cx: &mut Context) -> Result<bool, Abort>;

    /// Returns true if another element follows, with the cursor at it; if not, the cursor is behind
    /// the array.
    fn next_element(&mut self, first: bool, cx: &mut Context) -> Result<bool, Abort>;

    /// The leaf's value at the cursor. `None` if it is not a leaf's value: that has been
    /// recorded, and the value skipped.
    fn scalar(&mut self, cx: &mut Context) -> Result<Option<Scalar<'de>>, Abort>;

    /// The content of the anydata or anyxml `node` at the cursor. `None` if it has a fault: that
    /// has been recorded.
    fn any(&mut self, node: &Node<'_>, cx: &mut Context) -> Result<Option<AnyData>, Abort>;

    /// The possible meanings of names in the value at the cursor.
    fn declared(&self) -> Declared<'de>;

    /// The annotations (RFC 7952) that were met since this was asked last.
    #[doc(hidden)]
    fn annotations(&mut self) -> Vec<Annotated> {
        Vec::new()
    }

    /// Skips the value at the cursor, which must be well-formed.
    fn skip(&mut self, cx: &mut Context) -> Result<(), Abort>;
}
