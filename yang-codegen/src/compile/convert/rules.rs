//! The constraints of nodes, with their expressions parsed.

use super::Conversion;
use crate::compile::leave_out::setting_path;
use crate::compile::names::Meaning;
use crate::compile::tree::{Node, NodeId};
use crate::error::remedy;
use crate::fault::Fault;
use crate::model::{self, Must, QName, Rules, When};
use crate::parse::{Keyword, Statement};
use crate::xpath;

impl<'m> Conversion<'_, 'm> {
    /// The constraints of a node.
    pub(super) fn rules(&mut self, id: NodeId, node: &Node<'m>) -> Rules {
        let step = |id: &NodeId| {
            let node = self.tree.get(*id)?;
            (!node.kind.is_hidden()).then(|| self.qualified(node.module, node.name))
        };
        let unique = node.unique.iter().map(|unique| {
            let steps = |leaf: &NodeId| -> Vec<QName> {
                let way = self.tree.way(*leaf);
                let inside = way.iter().skip_while(|above| **above != id).skip(1);
                inside.filter_map(step).collect()
            };
            unique.leafs.iter().map(steps).collect()
        });
        let unique = unique.collect();
        Rules {
            when: self.whens(id, node),
            must: self.musts(id, node),
            min_elements: node.fewest(),
            max_elements: node.most(),
            unique,
            ordered_by_user: node.is_ordered_by_user(),
        }
    }

    pub(super) fn whens(&mut self, id: NodeId, node: &Node<'m>) -> Vec<When> {
        let mut found = Vec::new();
        for when in &node.when {
            found.extend(self.expression(id, node, when.statement).map(|expr| When {
                source: when.statement.argument().to_owned(),
                expr,
                of_parent: when.of_parent,
            }));
        }
        found
    }

    pub(super) fn musts(&mut self, id: NodeId, node: &Node<'m>) -> Vec<Must> {
        let mut found = Vec::new();
        for must in &node.must {
            let text = |keyword| must.argument_of(keyword).map(ToOwned::to_owned);
            found.extend(self.expression(id, node, *must).map(|expr| Must {
                source: must.argument().to_owned(),
                expr,
                message: text(Keyword::ErrorMessage),
                app_tag: text(Keyword::ErrorAppTag),
            }));
        }
        found
    }

    /// The expression of a `must` or `when` statement.
    fn expression(
        &mut self,
        id: NodeId,
        node: &Node<'m>,
        statement: Statement<'m>,
    ) -> Option<model::xpath::Expr> {
        let names = Meaning::new(self.modules, Some(node.module), statement)?;
        match xpath::parse(statement.argument(), &names) {
            Ok(expr) => Some(expr),
            Err(reason) => {
                let path = setting_path(self.modules, self.tree, id);
                // A key cannot be left out without its list.
                let left_out = node.parent.filter(|_| node.is_key).unwrap_or(id);
                let left_out = setting_path(self.modules, self.tree, left_out);
                let message = format!("{reason}; {}", remedy(&left_out));
                let fault = Fault::of(statement, "RFC 7950 section 6.4", message);
                self.faults.add(fault.at_path(path));
                None
            }
        }
    }
}
