//! Deviations (RFC 7950 section 7.20.3).

use super::expand::Expansion;
use super::node_id::NodeIdentifier;
use super::tree::{Kind, Node, NodeId, Unique};
use crate::fault::Faults;
use crate::modules::ModuleId;
use crate::parse::{Keyword, Statement};

const SECTION: &str = "RFC 7950 section 7.20.3.2";

impl<'m> Expansion<'m, '_> {
    /// Applies the deviations of the implemented modules.
    pub(super) fn deviations(&mut self, modules: &[ModuleId]) {
        for module in modules {
            let body = self.modules.body(*module);
            for deviation in body.filter(|statement| statement.keyword() == Keyword::Deviation) {
                let target =
                    NodeIdentifier::new(self.modules, deviation, deviation.argument(), None)
                        .and_then(|target| target.find(&self.tree, self.modules, None));
                match target {
                    Err(fault) => self.faults.add(*fault),
                    Ok(target) => {
                        for statement in deviation.all(Keyword::Deviate) {
                            self.deviate(target, statement);
                        }
                    }
                }
            }
        }
    }

    /// Applies one `deviate` statement.
    fn deviate(&mut self, target: NodeId, deviate: Statement<'m>) {
        if deviate.argument() == "not-supported" {
            self.not_supported(target);
        } else if let Some(node) = self.tree.get_mut(target) {
            change(node, deviate, self.faults);
        }
    }

    /// Takes a node away. An rpc or action has its input and output all the same, without nodes (RFC
    /// 7950 section 7.14).
    fn not_supported(&mut self, target: NodeId) {
        let kind = self.tree.get(target).map(|node| node.kind);
        let gone = match kind {
            Some(Kind::Input | Kind::Output) => self.tree.below(target),
            _ => vec![target],
        };
        for id in gone {
            if let Some(node) = self.tree.get_mut(id) {
                node.off = true;
            }
        }
    }
}

/// Changes the properties of a node.
fn change<'m>(node: &mut Node<'m>, deviate: Statement<'m>, faults: &mut Faults) {
    for property in deviate.children() {
        let keyword = property.keyword();
        if !has(node.kind, keyword) {
            let message = format!("a {} has no {keyword}; take it away", node.kind.as_str());
            faults.at(property, SECTION, message);
            continue;
        }
        match deviate.argument() {
            "add" => add(node, property, faults),
            "delete" => delete(node, property, faults),
            _ => {}
        }
    }
    if deviate.argument() == "replace" {
        replace(node, deviate, faults);
    }
}

fn add<'m>(node: &mut Node<'m>, property: Statement<'m>, faults: &mut Faults) {
    let keyword = property.keyword();
    match keyword {
        Keyword::Must => node.must.push(property),
        Keyword::Extension => node.extensions.push(property),
        Keyword::Unique => node.unique.push(Unique {
            statement: property,
            leafs: Vec::new(),
        }),
        Keyword::Default if node.kind == Kind::LeafList || node.defaults.is_empty() => {
            node.defaults.push(property);
        }
        _ => {
            if let Some(place @ None) = node.single(keyword) {
                *place = Some(property);
            } else {
                let message =
                    format!("the node has a {keyword} already; \"deviate replace\" changes it");
                faults.at(property, SECTION, message);
            }
        }
    }
}

fn replace<'m>(node: &mut Node<'m>, deviate: Statement<'m>, faults: &mut Faults) {
    let mut defaults = Vec::new();
    for property in deviate.children() {
        let keyword = property.keyword();
        if !has(node.kind, keyword) {
            continue;
        }
        // What has a default is there even if it is not written.
        let missing = match keyword {
            Keyword::Default => node.defaults.is_empty(),
            Keyword::Units => node.units.is_none(),
            _ => false,
        };
        if missing {
            let message = format!("the node has no {keyword}; \"deviate add\" gives it one");
            faults.at(property, SECTION, message);
        }
        match keyword {
            Keyword::Default => defaults.push(property),
            Keyword::Extension => node.extensions.push(property),
            keyword => {
                if let Some(place) = node.single(keyword) {
                    *place = Some(property);
                }
            }
        }
    }
    if !defaults.is_empty() {
        node.defaults = defaults;
    }
}

fn delete<'m>(node: &mut Node<'m>, property: Statement<'m>, faults: &mut Faults) {
    let is_it = |other: Statement<'_>| other.argument() == property.argument();
    let take = |list: &mut Vec<Statement<'m>>| {
        let place = list.iter().position(|other| is_it(*other));
        place.map(|place| list.remove(place)).is_some()
    };
    let found = match property.keyword() {
        Keyword::Must => take(&mut node.must),
        Keyword::Default => take(&mut node.defaults),
        Keyword::Unique => {
            let mut unique = node.unique.iter();
            let place = unique.position(|unique| is_it(unique.statement));
            place.map(|place| node.unique.remove(place)).is_some()
        }
        Keyword::Units => node.units.take_if(|units| is_it(*units)).is_some(),
        _ => true,
    };
    if !found {
        let message = format!(
            "the node has no {} with this argument; take the statement away",
            property.keyword()
        );
        faults.at(property, SECTION, message);
    }
}

/// True if a node of this kind can have the property.
const fn has(kind: Kind, keyword: Keyword) -> bool {
    match keyword {
        Keyword::Type | Keyword::Units => matches!(kind, Kind::Leaf | Kind::LeafList),
        Keyword::Unique => matches!(kind, Kind::List),
        _ => super::refine::applies(kind, keyword),
    }
}
