//! Refinements of the nodes of a grouping (RFC 7950 section 7.13.2).

use super::tree::{Kind, Node};
use crate::fault::Faults;
use crate::parse::{Keyword, Statement};

const SECTION: &str = "RFC 7950 section 7.13.2";

/// Refines a node.
pub(super) fn refine<'m>(node: &mut Node<'m>, refine: Statement<'m>, faults: &mut Faults) {
    let mut defaults = Vec::new();
    for statement in refine.children() {
        let keyword = statement.keyword();
        if !applies(node.kind, keyword) {
            let message = format!(
                "a {} has no {keyword} to refine; take it away",
                node.kind.as_str()
            );
            faults.at(statement, SECTION, message);
            continue;
        }
        match keyword {
            Keyword::Must => node.must.push(statement),
            Keyword::Default => defaults.push(statement),
            Keyword::Extension => node.extensions.push(statement),
            Keyword::IfFeature => {
                node.if_feature.get_or_insert(statement);
            }
            keyword => {
                if let Some(place) = node.single(keyword) {
                    *place = Some(statement);
                }
            }
        }
    }
    if let Some(second) = defaults.get(1).filter(|_| node.kind != Kind::LeafList) {
        let message = format!(
            "a {} has one default; take the others away",
            node.kind.as_str()
        );
        faults.at(*second, SECTION, message);
    }
    if !defaults.is_empty() {
        node.defaults = defaults;
    }
}

/// True if a node of this kind can have the statement refined.
pub(super) const fn applies(kind: Kind, keyword: Keyword) -> bool {
    match keyword {
        Keyword::Default => matches!(kind, Kind::Leaf | Kind::LeafList | Kind::Choice),
        Keyword::Mandatory => matches!(
            kind,
            Kind::Leaf | Kind::Choice | Kind::Anydata | Kind::Anyxml
        ),
        Keyword::Presence => matches!(kind, Kind::Container),
        Keyword::MinElements | Keyword::MaxElements => matches!(kind, Kind::List | Kind::LeafList),
        Keyword::Must => matches!(
            kind,
            Kind::Container
                | Kind::List
                | Kind::Leaf
                | Kind::LeafList
                | Kind::Anydata
                | Kind::Anyxml
        ),
        Keyword::Config => !matches!(kind, Kind::Case),
        _ => true,
    }
}
