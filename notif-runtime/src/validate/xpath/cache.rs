//! Shared by the evaluations of one message: the work that is left, and what was found before.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use foldhash::quality::RandomState;

use super::Stop;
use super::lookup::Index;
use super::object::Ref;

type Map<K, V> = RefCell<HashMap<K, V, RandomState>>;

/// A step of an expression, the node that it starts from, and whether state data are hidden. Steps
/// are known by their addresses.
pub(super) type StepKey = (usize, usize, bool);

/// The node that holds a list, the list and the leafs of its entries; these are known by their
/// addresses.
pub(super) type IndexKey = (usize, usize, Vec<usize>);

/// The work that is left and the results, shared by the evaluations of one message.
#[derive(Debug)]
pub(in crate::validate) struct Caches {
    work: Cell<usize>,
    steps: Map<StepKey, Rc<[Ref]>>,
    indexes: Map<IndexKey, Rc<Index>>,
}

impl Caches {
    /// With so many steps of work to do at most.
    pub(in crate::validate) fn new(work: usize) -> Self {
        Self {
            work: Cell::new(work),
            steps: Map::default(),
            indexes: Map::default(),
        }
    }

    /// Counts work before it is done.
    pub(in crate::validate) fn spend(&self, steps: usize) -> Result<(), Stop> {
        let left = self.work.get().checked_sub(steps);
        self.work.set(left.unwrap_or(0));
        left.map(|_| ()).ok_or(Stop::TooCostly)
    }

    /// The work that may still be done.
    pub(in crate::validate) const fn left(&self) -> usize {
        self.work.get()
    }

    /// Forgets what was found: nodes have gone.
    pub(in crate::validate) fn clear(&mut self) {
        self.steps.get_mut().clear();
        self.indexes.get_mut().clear();
    }

    pub(super) fn step(&self, key: StepKey) -> Option<Rc<[Ref]>> {
        self.steps.borrow().get(&key).cloned()
    }

    pub(super) fn keep_step(&self, key: StepKey, nodes: Rc<[Ref]>) {
        self.steps.borrow_mut().insert(key, nodes);
    }

    pub(super) fn index(&self, key: &IndexKey) -> Option<Rc<Index>> {
        self.indexes.borrow().get(key).cloned()
    }

    pub(super) fn keep_index(&self, key: IndexKey, index: Rc<Index>) {
        self.indexes.borrow_mut().insert(key, index);
    }
}
