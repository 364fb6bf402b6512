//! Finds notifications in InfluxDB: each has a point of its own.

use jiff::Timestamp;
use notif_runtime::schema::Node;

use super::ask::{AskError, Row, Server, literal, name};
use crate::commands::query::args::Args;
use crate::sink::influxdb::layout::{Layout, Table};
use crate::sink::influxdb::names::PUBLISHER;
use crate::sink::influxdb::text;

/// The number of notifications found, and put together, at a time.
pub(super) const PAGE: usize = 64;

/// A notification, by the values that identify it in InfluxDB. Ordered by time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Found {
    /// Nanoseconds since 1970.
    pub(super) time: i64,
    pub(super) publisher: String,
    /// The qualified name of its top-level node.
    pub(super) name: &'static str,
}

/// Asks for the notifications that match the user's filter.
#[derive(Debug)]
pub(super) struct Finder<'a> {
    args: &'a Args,
    server: Server,
    /// The messages that the filter selects.
    messages: Vec<&'a Table>,
}

impl Found {
    /// The notification that a row belongs to.
    pub(super) fn of(row: &Row, table: &Table) -> Option<Self> {
        let publisher = row.get(PUBLISHER).and_then(|publisher| publisher.as_str());
        Some(Self {
            time: row.get("time")?.as_i64()?,
            publisher: text::decode(publisher.unwrap_or_default()).into_owned(),
            name: table.trail.first()?.qualified_name(),
        })
    }

    /// The time as text.
    pub(super) fn timestamp(&self) -> Option<Timestamp> {
        Timestamp::from_nanosecond(self.time.into()).ok()
    }
}

impl<'a> Finder<'a> {
    pub(super) fn new(server: Server, layout: &'a Layout, args: &'a Args) -> Self {
        let wanted = args.filter.name.as_deref();
        let is_meant = |root: &&'static Node<'static>| {
            wanted.is_none_or(|name| name == root.qualified_name() || name == root.name)
        };
        let mut messages = layout.messages();
        messages.retain(|table| table.trail.first().is_some_and(is_meant));
        Self {
            args,
            server,
            messages,
        }
    }

    /// The newest notifications, at most `limit` of each message.
    pub(super) async fn newest(&self, limit: usize) -> Result<Vec<Found>, AskError> {
        let order = format!("ORDER BY time DESC LIMIT {limit}");
        let mut found = self.find(&self.conditions(None), &order).await?.concat();
        found.sort();
        Ok(found)
    }

    /// The next notifications from a time on, and the time to continue from if there are more.
    pub(super) async fn page(
        &self,
        from: Option<i64>,
    ) -> Result<(Vec<Found>, Option<i64>), AskError> {
        let order = format!("ORDER BY time ASC LIMIT {PAGE}");
        let found = self.find(&self.conditions(from), &order).await?;
        // A message with a full page may have more: all is complete only up to its last time.
        let full = found.iter().filter(|found| found.len() >= PAGE);
        let end = full.filter_map(|found| Some(found.last()?.time)).min();
        let mut page = found.concat();
        if let Some(end) = end {
            page.retain(|found| found.time < end);
            let mut conditions = self.conditions(None);
            conditions.push(format!("time = {end}"));
            page.extend(self.find(&conditions, "").await?.concat());
        }
        page.sort();
        Ok((page, end.and_then(|end| end.checked_add(1))))
    }

    /// Rows of a table between two times, both included.
    pub(super) async fn rows(
        &self,
        columns: &str,
        table: &Table,
        (first, last): (i64, i64),
        condition: Option<String>,
    ) -> Result<Vec<Row>, AskError> {
        let times = [format!("time >= {first}"), format!("time <= {last}")];
        let conditions = times.into_iter().chain(self.publisher()).chain(condition);
        let conditions: Vec<_> = conditions.collect();
        self.server
            .ask(&select(columns, table, &conditions, ""))
            .await
    }

    /// The first and last notification of each message and its publishers, whatever the filter.
    pub(super) async fn summary(&self) -> Result<Vec<(Found, Found, Vec<String>)>, AskError> {
        let mut summary = Vec::new();
        let first = self.find(&[], "ORDER BY time ASC LIMIT 1").await?;
        let last = self.find(&[], "ORDER BY time DESC LIMIT 1").await?;
        for ((table, first), last) in self.messages.iter().zip(first).zip(last) {
            let (Some(first), Some(last)) = (first.first(), last.first()) else {
                continue;
            };
            let (measurement, key) = (name(&table.measurement), name(PUBLISHER));
            let values = format!("SHOW TAG VALUES FROM {measurement} WITH KEY = {key}");
            let rows = self.server.ask(&values).await?;
            let publishers = rows.iter().filter_map(|row| row.get("value")?.as_str());
            let publishers = publishers.map(|value| text::decode(value).into_owned());
            summary.push((first.clone(), last.clone(), publishers.collect()));
        }
        Ok(summary)
    }

    /// The conditions of the filter, and the time to start from.
    fn conditions(&self, from: Option<i64>) -> Vec<String> {
        let from = from.max(self.args.filter.since.map(nanoseconds));
        let until = self.args.filter.until.map(nanoseconds);
        let from = from.map(|from| format!("time >= {from}"));
        let until = until.map(|until| format!("time < {until}"));
        let times = from.into_iter().chain(until);
        times.chain(self.publisher()).collect()
    }

    fn publisher(&self) -> Option<String> {
        let publisher = self.args.filter.publisher.as_deref()?;
        let publisher = literal(&text::encode(publisher));
        Some(format!("{} = {publisher}", name(PUBLISHER)))
    }

    /// The notifications of each message that meet the conditions.
    async fn find(&self, conditions: &[String], order: &str) -> Result<Vec<Vec<Found>>, AskError> {
        let mut all = Vec::new();
        for table in &self.messages {
            let columns = format!("{}, {}", name(&table.marker), name(PUBLISHER));
            let rows = self
                .server
                .ask(&select(&columns, table, conditions, order))
                .await?;
            let found = rows.iter().filter_map(|row| Found::of(row, table));
            all.push(found.collect());
        }
        Ok(all)
    }
}

/// A statement that selects points of a table.
fn select(columns: &str, table: &Table, conditions: &[String], order: &str) -> String {
    let mut statement = format!("SELECT {columns} FROM {}", name(&table.measurement));
    if !conditions.is_empty() {
        statement.push_str(" WHERE ");
        statement.push_str(&conditions.join(" AND "));
    }
    statement.push(' ');
    statement.push_str(order);
    statement
}

/// The nearest time that InfluxDB can represent.
pub(super) fn nanoseconds(time: Timestamp) -> i64 {
    let time = time.as_nanosecond();
    i64::try_from(time).unwrap_or(if time < 0 { i64::MIN } else { i64::MAX })
}
