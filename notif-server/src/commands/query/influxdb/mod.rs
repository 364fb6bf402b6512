//! `query --influxdb`: the same questions, asked of InfluxDB.
//!
//! The newest notifications are found by the point that each of them has for itself. Then the
//! points of their lists are read, as far as the paths need them, and put together to messages
//! again. From there on, paths work as they do for the journal.

mod ask;
mod data;
mod find;
mod plan;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::time::Duration;

use jiff::Timestamp;
use notif_runtime::path::PathError;
use notif_runtime::registry::Registry;
use notif_runtime::schema::Node;
use notif_runtime::text::visible;
use serde_json::value::RawValue;

use super::args::Args;
use super::output::{Detail, Format, Line, Printer};
use crate::config;
use crate::sink::influxdb::InfluxdbError;
use crate::sink::influxdb::layout::Layout;
use ask::{AskError, Server};
use data::Data;
use find::{Finder, Found, PAGE};
use plan::{Ask, plan};

/// The time that `--follow` waits between two looks, and gives new points to become complete.
const PAUSE: Duration = Duration::from_secs(1);

/// The span that `--follow` looks back over, in nanoseconds: an event may arrive after a later one.
const LOOK_BACK: i64 = 10_000_000_000;

/// Errors of a query to InfluxDB.
#[derive(Debug, thiserror::Error)]
pub(super) enum InfluxdbQueryError {
    /// No server is configured.
    #[error(
        "sinks.influxdb.url is not set: name the file that has it with --config, or set \
         NOTIF_SINKS__INFLUXDB__URL"
    )]
    Off,
    /// The settings of the sink are wrong.
    #[error(transparent)]
    Settings(#[from] InfluxdbError),
    /// The modules have no such path.
    #[error(transparent)]
    Path(#[from] PathError),
    /// A path asks for data that is not in InfluxDB.
    #[error("{0}")]
    NotKept(String),
    /// The server does not answer the question.
    #[error(transparent)]
    Ask(#[from] AskError),
    /// The answer cannot be printed.
    #[error("cannot print: {0}")]
    Print(#[from] io::Error),
}

/// Answers the query from InfluxDB.
pub(super) fn answer(
    args: &Args,
    config: &config::Influxdb,
    registry: &Registry,
    out: impl Write,
    notes: &mut impl Write,
) -> Result<(), InfluxdbQueryError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| AskError::Http(error.to_string()))?;
    runtime.block_on(answer_from(config, args, registry, out, notes))
}

async fn answer_from(
    config: &config::Influxdb,
    args: &Args,
    registry: &Registry,
    out: impl Write,
    notes: &mut impl Write,
) -> Result<(), InfluxdbQueryError> {
    args.paths
        .iter()
        .try_for_each(|path| path.check(registry.roots()))?;
    if !config.is_on() {
        return Err(InfluxdbQueryError::Off);
    }
    let layout = Layout::new(&config.rules, registry)?;
    let mut search = Search {
        args,
        roots: registry.roots().collect(),
        asks: plan(&layout, &args.paths).map_err(InfluxdbQueryError::NotKept)?,
        finder: Finder::new(Server::new(config)?, &layout, args),
        printer: Printer::new(out, args.style),
        known: BTreeSet::new(),
        read: 0,
        lines: 0,
    };
    let more = if args.all {
        search.print_from(None, Duration::ZERO).await?;
        false
    } else {
        search.print_newest().await?
    };
    if args.follow {
        search.follow().await?;
    }
    if search.lines == 0 {
        search.explain_nothing(notes).await?;
    } else if more {
        writeln!(
            notes,
            "these are the newest {}; --limit NUMBER or --all shows more",
            args.limit
        )?;
    }
    Ok(())
}

/// A query that is being answered.
struct Search<'a, W> {
    args: &'a Args,
    roots: Vec<&'static Node<'static>>,
    finder: Finder<'a>,
    asks: Vec<Ask<'a>>,
    printer: Printer<W>,
    /// The newest notifications found so far, which `--follow` does not print again.
    known: BTreeSet<Found>,
    /// The number of notifications found.
    read: usize,
    /// The number of lines printed.
    lines: usize,
}

impl<W: Write> Search<'_, W> {
    /// Prints the newest notifications; returns true if there are more.
    async fn print_newest(&mut self) -> Result<bool, InfluxdbQueryError> {
        let limit = self.args.limit.get();
        let mut older = self.finder.newest(limit.saturating_add(1)).await?;
        let newest = older.split_off(older.len().saturating_sub(limit));
        self.know(&older);
        self.know(&newest);
        if let Some(last) = older.last().filter(|_| self.args.follow) {
            self.pass_over(last).await?;
        }
        for page in newest.chunks(PAGE) {
            self.print(page).await?;
        }
        Ok(!older.is_empty())
    }

    /// Prints all notifications from a time on that are not known yet, in order of time, each
    /// `pause` after it was found.
    async fn print_from(
        &mut self,
        from: Option<i64>,
        pause: Duration,
    ) -> Result<(), InfluxdbQueryError> {
        let mut from = from;
        loop {
            let (mut page, next) = self.finder.page(from).await?;
            page.retain(|found| !self.known.contains(found));
            if !page.is_empty() {
                tokio::time::sleep(pause).await;
                self.know(&page);
                self.print(&page).await?;
            }
            if next.is_none() {
                return Ok(());
            }
            from = next;
        }
    }

    /// Marks those that `--follow` would look at up to this notification as known, without printing
    /// them. Any younger one that is not known has come in since.
    async fn pass_over(&mut self, last: &Found) -> Result<(), AskError> {
        let is_older = |from: &i64| *from <= last.time;
        let mut from = self.look_back().filter(is_older);
        while from.is_some() {
            let (mut page, next) = self.finder.page(from).await?;
            page.retain(|found| found <= last);
            self.know(&page);
            from = next.filter(is_older);
        }
        Ok(())
    }

    fn know(&mut self, page: &[Found]) {
        if self.args.follow {
            self.known.extend(page.iter().cloned());
        }
        if let Some(oldest) = self.look_back() {
            self.known.retain(|found| found.time >= oldest);
        }
    }

    /// The time from which `--follow` looks for new notifications. A publisher whose clock is fast
    /// does not hide the others.
    fn look_back(&self) -> Option<i64> {
        let newest = self
            .known
            .last()?
            .time
            .min(find::nanoseconds(Timestamp::now()));
        Some(newest.saturating_sub(LOOK_BACK))
    }

    /// Prints notifications as they come in.
    async fn follow(&mut self) -> Result<(), InfluxdbQueryError> {
        loop {
            tokio::time::sleep(PAUSE).await;
            self.print_from(self.look_back(), PAUSE).await?;
        }
    }

    /// Prints notifications in the given order.
    async fn print(&mut self, page: &[Found]) -> Result<(), InfluxdbQueryError> {
        let mut lines = Vec::new();
        if self.args.paths.is_empty() && self.args.style.format != Format::Jsonl {
            lines.extend(page.iter().map(|found| line(found, message(None))));
        } else {
            let messages = self.read(page).await?;
            for (found, data) in page.iter().zip(&messages) {
                lines.extend(self.lines_of(found, data));
            }
        }
        self.read += page.len();
        self.lines += lines.len();
        Ok(self.printer.print(&lines)?)
    }

    fn lines_of(&self, found: &Found, data: &Data) -> Vec<Line> {
        let paths = &self.args.paths;
        if paths.is_empty() {
            let json = RawValue::from_string(notif_runtime::json::to_string(data));
            return vec![line(found, message(json.ok()))];
        }
        let leafs = paths.iter().flat_map(|path| path.leafs(data));
        leafs.map(|leaf| line(found, (&leaf).into())).collect()
    }

    /// The data of notifications, as far as the paths need it.
    async fn read(&self, page: &[Found]) -> Result<Vec<Data>, AskError> {
        let (Some(first), Some(last)) = (page.first(), page.last()) else {
            return Ok(Vec::new());
        };
        let times = (first.time, last.time);
        let root = |found: &Found| {
            let mut roots = self.roots.iter();
            let root = roots.find(|root| root.qualified_name() == found.name);
            root.map(|root| Data::new(root))
        };
        let mut messages: Vec<_> = page.iter().filter_map(root).collect();
        let at: BTreeMap<_, _> = page.iter().zip(0usize..).collect();
        for Ask {
            table,
            columns,
            condition,
        } in &self.asks
        {
            for row in self
                .finder
                .rows(columns, table, times, condition.clone())
                .await?
            {
                let at = Found::of(&row, table).and_then(|found| at.get(&found));
                if let Some(message) = at.and_then(|&at| messages.get_mut(at)) {
                    message.add(table, &row);
                }
            }
        }
        Ok(messages)
    }

    /// Tells why nothing was found, and what to try.
    async fn explain_nothing(&self, notes: &mut impl Write) -> Result<(), InfluxdbQueryError> {
        if self.read > 0 {
            super::notes::explain_paths(self.read, &self.args.paths, notes)?;
            return Ok(());
        }
        let summary = self.finder.summary().await?;
        if summary.is_empty() {
            writeln!(
                notes,
                "InfluxDB has no such notification: send one, or wait for one with --follow"
            )?;
        }
        for (first, last, publishers) in summary {
            let time = |found: &Found| found.timestamp().unwrap_or_default();
            writeln!(
                notes,
                "no notification matches. InfluxDB has {} from {:.0} to {:.0}; publishers: {}",
                first.name,
                time(&first),
                time(&last),
                visible(&publishers.join(", "))
            )?;
        }
        Ok(())
    }
}

const fn message(notification: Option<Box<RawValue>>) -> Detail {
    Detail::Message {
        origin: None,
        notification,
    }
}

/// The line of a notification; its time is that of its points.
fn line(found: &Found, detail: Detail) -> Line {
    Line {
        place: None,
        event_time: found.timestamp().map(|time| time.to_string()),
        publisher: found.publisher.clone(),
        name: found.name.to_owned(),
        detail,
    }
}
