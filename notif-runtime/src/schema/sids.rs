//! The nodes of the schema by their SIDs, for instance-identifiers.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::rc::Rc;

use foldhash::quality::RandomState;

use super::{Module, Node};

/// An index that is made when it is first asked, and is then the same for a whole message.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sids(Rc<OnceCell<Index>>);

/// A node, and the number of the one above it.
type Place = (&'static Node<'static>, Option<usize>);

#[derive(Debug, Default)]
struct Index {
    places: Vec<Place>,
    by_sid: HashMap<u64, usize, RandomState>,
}

impl Sids {
    /// The node of `modules` with this SID, and those above it, outermost first.
    pub(crate) fn path(
        &self,
        sid: u64,
        modules: &[&'static Module],
    ) -> Option<Vec<&'static Node<'static>>> {
        let index = self.0.get_or_init(|| Index::new(modules));
        let mut place = index.by_sid.get(&sid).copied();
        let mut path = Vec::new();
        while let Some((node, above)) = place.and_then(|at| index.places.get(at)) {
            path.push(*node);
            place = *above;
        }
        path.reverse();
        (!path.is_empty()).then_some(path)
    }
}

impl Index {
    fn new(modules: &[&'static Module]) -> Self {
        let roots = modules.iter().flat_map(|module| (module.data)());
        let mut index = Self {
            places: roots.map(|root| (root, None)).collect(),
            by_sid: HashMap::default(),
        };
        let mut at = 0;
        while let Some((node, _)) = index.places.get(at).copied() {
            index.by_sid.extend(node.sid.map(|sid| (sid, at)));
            let below = node.children().iter().map(|child| (child, Some(at)));
            index.places.extend(below);
            at += 1;
        }
        index
    }
}
