//! Plans which columns of which measurements to select for the paths of a user.

use std::collections::BTreeSet;

use notif_runtime::path::{Path, StepTest, Test};
use notif_runtime::schema::{Kind, Node};

use super::ask::{literal, name};
use crate::sink::influxdb::layout::{Column, Layout, Table};
use crate::sink::influxdb::names::PUBLISHER;
use crate::sink::influxdb::text;

/// With more columns than this, all are selected: a query has to fit into a URL.
const MAX_COLUMNS: usize = 100;

/// The query of one measurement.
#[derive(Debug)]
pub(super) struct Ask<'l> {
    pub(super) table: &'l Table,
    /// The columns to select.
    pub(super) columns: String,
    /// The condition on entries; without one, all are read.
    pub(super) condition: Option<String>,
}

/// The part of a measurement that a path needs.
enum Need {
    Nothing,
    /// These fields, of the entries that meet the condition, or of all.
    Fields(BTreeSet<String>, Option<String>),
    /// All fields, of the same.
    All(Option<String>),
}

/// The queries that answer the paths, one for each measurement; without a path, everything.
///
/// # Errors
/// If a path asks for data that is not in InfluxDB.
pub(super) fn plan<'l>(layout: &'l Layout, paths: &[Path]) -> Result<Vec<Ask<'l>>, String> {
    let tables = layout.tables();
    for table in &tables {
        for path in paths {
            check(path, table)?;
        }
    }
    Ok(tables
        .into_iter()
        .filter_map(|table| ask(table, paths))
        .collect())
}

/// Refuses positions in a list with keys: points have no order.
fn check(path: &Path, table: &Table) -> Result<(), String> {
    let columns = table.fields.iter().chain(&table.tags);
    let starts = |column| starts(path, column).map(move |start| (column, start));
    for (column, start) in columns.flat_map(starts) {
        for (node, step) in column.trail.iter().skip(start).zip(path.steps()) {
            let keyed = matches!(node.kind, Kind::List { keys: [_, ..], .. });
            if keyed
                && step
                    .predicates()
                    .iter()
                    .any(|test| matches!(test, Test::Position(_)))
            {
                return Err(format!(
                    "{path}: InfluxDB does not keep the places of the entries of {}: name them by \
                     their keys",
                    node.name
                ));
            }
        }
    }
    Ok(())
}

fn ask<'l>(table: &'l Table, paths: &[Path]) -> Option<Ask<'l>> {
    let mut fields = BTreeSet::new();
    let mut conditions = BTreeSet::new();
    let (mut all, mut everywhere) = (paths.is_empty(), paths.is_empty());
    for path in paths {
        let condition = match need(path, table) {
            Need::Nothing => continue,
            Need::All(condition) => {
                all = true;
                condition
            }
            Need::Fields(more, condition) => {
                fields.extend(more);
                condition
            }
        };
        everywhere |= condition.is_none();
        conditions.extend(condition);
    }
    if !all && fields.is_empty() {
        return None;
    }
    let columns = if all || fields.len() + table.tags.len() > MAX_COLUMNS {
        "*".to_owned()
    } else {
        let tags = table.tags.iter().map(|tag| tag.name.clone());
        let columns = fields.into_iter().chain(tags).chain([PUBLISHER.to_owned()]);
        columns
            .map(|column| name(&column))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let conditions: Vec<_> = conditions.into_iter().collect();
    Some(Ask {
        table,
        columns,
        condition: (!everywhere).then(|| format!("({})", conditions.join(" OR "))),
    })
}

/// The positions in the column's trail at which the path can start to end at it or above it.
fn starts<'a>(path: &'a Path, column: &'a Column) -> impl Iterator<Item = usize> + 'a {
    let ends = path.steps().len()..=column.trail.len();
    let ends = ends.filter(|&end| {
        let trail = column.trail.get(..end);
        trail.is_some_and(|trail| path.names(trail))
    });
    ends.map(|end| end - path.steps().len())
}

fn need(path: &Path, table: &Table) -> Need {
    let mut fields = BTreeSet::new();
    let mut conditions = BTreeSet::new();
    let mut all = false;
    for (column, is_field) in columns(table) {
        let mut starts = starts(path, column).peekable();
        if starts.peek().is_none() {
            continue;
        }
        conditions.extend(starts.map(|start| condition(path, start, table)));
        if is_field {
            fields.insert(column.name.clone());
        } else {
            all = true;
        }
    }
    // A path may lead to the columns from several nodes.
    let mut conditions = conditions.into_iter();
    let condition = match (conditions.next(), conditions.next()) {
        (Some(only), None) => only,
        _ => None,
    };
    let tested = table.fields.iter().filter(|field| is_tested(path, field));
    fields.extend(tested.map(|field| field.name.clone()));
    match (all, fields.is_empty()) {
        (true, _) => Need::All(condition),
        (false, true) => Need::Nothing,
        (false, false) => Need::Fields(fields, condition),
    }
}

/// The columns of the table's own node; true for a field, false for a tag.
fn columns(table: &Table) -> impl Iterator<Item = (&Column, bool)> {
    let is_own = |tag: &&Column| {
        let above = tag.trail.iter().zip(&table.trail);
        tag.trail.len() >= table.trail.len() && above.into_iter().all(|(a, b)| std::ptr::eq(*a, *b))
    };
    let tags = table.tags.iter().filter(is_own).map(|tag| (tag, false));
    table.fields.iter().map(|field| (field, true)).chain(tags)
}

/// True if a predicate of the path may test the field.
fn is_tested(path: &Path, field: &Column) -> bool {
    let Some(leaf) = field.trail.last() else {
        return false;
    };
    let tests = path.steps().iter().flat_map(StepTest::predicates);
    tests
        .into_iter()
        .any(|test| matches!(test, Test::Leaf(name, _) if name.matches(leaf)))
}

/// The path's predicates on keys, as a condition on tags.
fn condition(path: &Path, start: usize, table: &Table) -> Option<String> {
    let mut tests = Vec::new();
    for (depth, step) in (start..table.trail.len()).zip(path.steps()) {
        for test in step.predicates() {
            let Test::Leaf(wanted, value) = test else {
                continue;
            };
            let is_meant = |tag: &&Column| {
                let list = tag.trail.get(depth).zip(table.trail.get(depth));
                tag.trail.len() == depth + 2
                    && list.is_some_and(|(a, b)| std::ptr::eq(*a, *b))
                    && tag
                        .trail
                        .last()
                        .is_some_and(|leaf: &&Node<'_>| wanted.matches(leaf))
            };
            // A name without its module may mean another leaf.
            let list = table.trail.get(depth);
            let children = list.map_or(&[][..], |list| list.children());
            if children.iter().filter(|leaf| wanted.matches(leaf)).count() > 1 {
                continue;
            }
            let tag = table.tags.iter().find(is_meant);
            tests.extend(
                tag.map(|tag| format!("{} = {}", name(&tag.name), literal(&text::encode(value)))),
            );
        }
    }
    (!tests.is_empty()).then(|| format!("({})", tests.join(" AND ")))
}
