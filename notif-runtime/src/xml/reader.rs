//! The XML reader.

use crate::decode::{Abort, Context, Reader, Root, Scalar};
use crate::schema::{Module, Node};

/// Reads one message of XML text.
#[derive(Debug)]
pub struct XmlReader<'de> {
    text: &'de str,
}

impl<'de> XmlReader<'de> {
    /// A reader at the start of `text`, which may use the names of `modules` as prefixes.
    #[must_use]
    pub fn new(text: &'de str, _modules: &'de [&'static Module]) -> Self {
        Self { text }
    }
}

impl<'de> Reader<'de> for XmlReader<'de> {
    fn repeats(&self) -> bool {
        true
    }
    fn offset(&self) -> usize {
        self.text.len()
    }
    fn open_root(
        &mut self,
        _: &[&'static Module],
        _: &mut Context,
    ) -> Result<&'static Root, Abort> {
        Err(Abort)
    }
    fn close_root(&mut self, _: &mut Context) -> Result<(), Abort> {
        Err(Abort)
    }
    fn open_object(&mut self, _: &'static Node, _: &mut Context) -> Result<bool, Abort> {
        Err(Abort)
    }
    fn next_member(
        &mut self,
        _: &'static Node,
        _: usize,
        _: &mut Context,
    ) -> Result<Option<usize>, Abort> {
        Err(Abort)
    }
    fn open_array(&mut self, _: &'static Node, _: &mut Context) -> Result<bool, Abort> {
        Err(Abort)
    }
    fn next_element(&mut self, _: bool, _: &mut Context) -> Result<bool, Abort> {
        Err(Abort)
    }
    fn scalar(&mut self, _: &mut Context) -> Result<Option<Scalar<'de>>, Abort> {
        Err(Abort)
    }
    fn skip(&mut self, _: &mut Context) -> Result<(), Abort> {
        Err(Abort)
    }
}
