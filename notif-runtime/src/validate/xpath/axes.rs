//! Steps of location paths (XPath 1.0 sections 2.1 to 2.3).

use super::object::{Nodes, Ref};
use super::{Evaluation, Stop};
use crate::schema::xpath::{Axis, Expr, Function, Step, Test};
use crate::validate::accessible::{Content, Item, ROOT, State};

/// With more nodes than this below a node, the results of a step from it are kept.
pub(super) const MANY: usize = 64;

impl<'a> Evaluation<'_, 'a> {
    /// The nodes that a step leads to from any of `from`; if `any` will do, perhaps not all.
    pub(super) fn step(&self, from: &Nodes, step: &'a Step<'a>, any: bool) -> Result<Nodes, Stop> {
        if let [one] = **from {
            return self.step_from(one, step);
        }
        let mut found = Vec::new();
        for node in from.iter() {
            let nodes = self.step_from(*node, step)?;
            self.spend(nodes.len())?;
            found.extend_from_slice(&nodes);
            if any && !found.is_empty() {
                break;
            }
        }
        Ok(Nodes::sorted(found))
    }

    /// The nodes that a step leads to from one node.
    fn step_from(&self, from: Ref, step: &'a Step<'a>) -> Result<Nodes, Stop> {
        if self.tree.end(from.at) - from.at <= MANY || !step.predicates.iter().all(is_pure) {
            return self.find(from, step);
        }
        let key = (std::ptr::from_ref(step).addr(), from.at, self.config);
        if let Some(nodes) = self.tree.caches.step(key) {
            return Ok(Nodes::Kept(nodes));
        }
        let nodes = self.find(from, step)?;
        // An absent node is there for its own conditions alone.
        let is_absent = |item: &Item<'_>| item.state == State::Absent;
        if !self.eager && !self.tree.get(self.current).is_some_and(is_absent) {
            self.tree.caches.keep_step(key, nodes.as_ref().into());
        }
        Ok(nodes)
    }

    fn find(&self, from: Ref, step: &'a Step<'a>) -> Result<Nodes, Stop> {
        if let Some(nodes) = self.look_up(from, step)? {
            return Ok(Nodes::Own(nodes));
        }
        let mut found = Vec::new();
        self.axis(from, step.axis, &step.test, &mut found)?;
        let found = self.holding(found, step.predicates)?;
        Ok(Nodes::sorted(found))
    }

    /// Adds the nodes on the axis that pass the test, the nearest first.
    fn axis(
        &self,
        from: Ref,
        axis: Axis,
        test: &'a Test<'a>,
        found: &mut Vec<Ref>,
    ) -> Result<(), Stop> {
        let at = from.at;
        let end = self.tree.end(at);
        let parent = if from.is_text {
            Some(at)
        } else {
            (at != ROOT).then(|| self.tree.parent(at))
        };
        if from.is_text {
            // A text has neither children nor siblings.
            return match axis {
                Axis::Itself | Axis::DescendantOrSelf => self.add_text(at, test, found),
                Axis::Parent => self.add(at, test, found),
                Axis::Ancestor => self.ancestors(Some(at), test, found),
                Axis::AncestorOrSelf => {
                    self.add_text(at, test, found)?;
                    self.ancestors(Some(at), test, found)
                }
                _ => Ok(()),
            };
        }
        match axis {
            Axis::Itself => self.add(at, test, found),
            Axis::Parent => parent.map_or(Ok(()), |parent| self.add(parent, test, found)),
            Axis::Ancestor => self.ancestors(parent, test, found),
            Axis::AncestorOrSelf => self.ancestors(Some(at), test, found),
            Axis::Child => match test {
                Test::Text => self.add_text(at, test, found),
                _ => self.add_all(self.tree.children(at), test, found),
            },
            Axis::Descendant => self.descendants(at, at + 1..end, test, found),
            Axis::DescendantOrSelf => self.descendants(at, at..end, test, found),
            Axis::Following => self.add_all(end..self.tree.len(), test, found),
            Axis::Preceding => {
                let before = (ROOT + 1..at).rev();
                self.add_all(before.filter(|it| self.tree.end(*it) <= at), test, found)
            }
            Axis::FollowingSibling => {
                let after = parent.map_or(end, |parent| self.tree.end(parent));
                self.add_all(self.tree.siblings(end, after), test, found)
            }
            Axis::PrecedingSibling => {
                let siblings = parent.into_iter().flat_map(|it| self.tree.children(it));
                let mut before: Vec<usize> = siblings.take_while(|it| *it < at).collect();
                before.reverse();
                self.add_all(before.into_iter(), test, found)
            }
            Axis::Attribute => Ok(()),
        }
    }

    fn ancestors(
        &self,
        from: Option<usize>,
        test: &'a Test<'a>,
        found: &mut Vec<Ref>,
    ) -> Result<(), Stop> {
        let next = |at: &usize| (*at != ROOT).then(|| self.tree.parent(*at));
        self.add_all(std::iter::successors(from, next), test, found)
    }

    fn descendants(
        &self,
        from: usize,
        range: std::ops::Range<usize>,
        test: &'a Test<'a>,
        found: &mut Vec<Ref>,
    ) -> Result<(), Stop> {
        let Test::Text = test else {
            return self.add_all(range, test, found);
        };
        // Below a node are the texts of the leafs below it.
        self.spend(range.len())?;
        (from..range.end).try_for_each(|at| self.add_text(at, test, found))
    }

    fn add_all(
        &self,
        nodes: impl Iterator<Item = usize>,
        test: &'a Test<'a>,
        found: &mut Vec<Ref>,
    ) -> Result<(), Stop> {
        for at in nodes {
            self.spend(1)?;
            self.add(at, test, found)?;
        }
        Ok(())
    }

    /// Adds a node that passes the test.
    fn add(&self, at: usize, test: &'a Test<'a>, found: &mut Vec<Ref>) -> Result<(), Stop> {
        if self.passes(at, test)? {
            found.push(Ref::node(at));
        }
        Ok(())
    }

    fn passes(&self, at: usize, test: &'a Test<'a>) -> Result<bool, Stop> {
        let Some(item) = self.tree.get(at) else {
            return Ok(false);
        };
        let (Some(schema), false) = (item.schema, at == ROOT) else {
            return Ok(matches!(test, Test::Node));
        };
        let is_it = match test {
            Test::Name { module, name } => schema.name == *name && schema.module.name == *module,
            Test::Module(module) => schema.module.name == *module,
            Test::Any | Test::Node => true,
            Test::Text | Test::Nothing => false,
        };
        if !is_it || (self.config && !schema.config) {
            return Ok(false);
        }
        match item.state {
            State::There | State::Refused => Ok(true),
            State::Removed => Ok(false),
            State::Absent => Ok(at == self.current),
            State::Unresolved if self.eager || at == self.current => Ok(true),
            State::Unresolved => Err(Stop::Unresolved),
        }
    }

    /// Adds the text of a leaf.
    fn add_text(&self, at: usize, test: &'a Test<'a>, found: &mut Vec<Ref>) -> Result<(), Stop> {
        let is_leaf = self
            .tree
            .get(at)
            .is_some_and(|item| matches!(item.content, Content::Value(_) | Content::Default(_)));
        if is_leaf && matches!(test, Test::Text | Test::Node) && self.passes(at, &Test::Any)? {
            found.push(Ref::text(at));
        }
        Ok(())
    }
}

/// Returns true if a predicate holds or not regardless of the node whose expression it is part of.
fn is_pure(expr: &Expr<'_>) -> bool {
    let all_pure = |exprs: &[Expr<'_>]| exprs.iter().all(is_pure);
    let steps_pure = |steps: &[Step<'_>]| steps.iter().all(|step| all_pure(step.predicates));
    match expr {
        Expr::Path(path) => steps_pure(path.steps),
        Expr::Filter {
            of,
            predicates,
            steps,
        } => is_pure(of) && all_pure(predicates) && steps_pure(steps),
        Expr::Union(left, right)
        | Expr::Or(left, right)
        | Expr::And(left, right)
        | Expr::Compare(_, left, right)
        | Expr::Arithmetic(_, left, right) => is_pure(left) && is_pure(right),
        Expr::Negate(of) => is_pure(of),
        Expr::Literal(_) | Expr::Number(_) => true,
        Expr::Call(Function::Current, _) => false,
        Expr::Call(_, arguments) => all_pure(arguments),
    }
}
