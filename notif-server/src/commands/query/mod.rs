//! `query`: shows the content of the journal, also while the server runs.

mod args;
mod error;
mod harmless;
mod influxdb;
mod notes;
mod output;
mod refused;

#[cfg(test)]
mod tests;

use std::io::{self, Write};
use std::path::Path as FilePath;
use std::process::ExitCode;
use std::time::Duration;
use std::{mem, thread};

use notif_runtime::notification::Notification;
use notif_runtime::registry::Registry;
use serde_json::value::RawValue;

use super::exit::{FAILED, fail};
use super::stdio;
use crate::config::Config;
use crate::journal::{ADVICE, Extent, Filter, Numbers, ReadError, Reader, Summary};
use crate::notification::Record;
pub(crate) use args::Args;
use error::QueryError;
use notes::{explain_paths, newest};
use output::{Detail, Format, Line, Origin, Place, Printer};

/// The number of notifications read at a time.
const BATCH: usize = 256;

/// The number of lines printed at a time.
const LINES: usize = 1024;

/// The time that `--follow` waits between two looks.
const PAUSE: Duration = Duration::from_millis(200);

/// Answers the query on standard output, with notes on standard error; 0 if answered, else 2.
#[must_use]
pub(crate) fn run(args: &Args, config: &Config, registry: &Registry) -> ExitCode {
    let out = io::BufWriter::new(stdio::stdout());
    let notes = &mut stdio::stderr();
    let answered = if args.influxdb {
        let influxdb = &config.sinks.influxdb;
        influxdb::answer(args, influxdb, registry, out, notes).map_err(QueryError::from)
    } else {
        answer(args, &config.data_dir, registry, out, notes)
    };
    match answered {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error, FAILED),
    }
}

/// A query that is being answered.
struct Query<'a> {
    args: &'a Args,
    /// The directory of the journal.
    data_dir: &'a FilePath,
    registry: &'a Registry,
    filter: Filter,
    reader: Reader,
    /// The number of the last notification read.
    after: u64,
    /// The number of notifications read.
    read: usize,
    /// The number of lines printed.
    lines: usize,
    /// Unreadable notifications that have not been reported yet.
    unreadable: Numbers,
    /// Some notifications were unreadable.
    damaged: bool,
}

fn answer(
    args: &Args,
    data_dir: &FilePath,
    registry: &Registry,
    out: impl Write,
    notes: &mut impl Write,
) -> Result<(), QueryError> {
    args.paths
        .iter()
        .try_for_each(|path| path.check(registry.roots()))?;
    let filter = Filter::from(&args.filter);
    let reader = Reader::open(data_dir)?;
    if args.quarantined {
        return refused::quarantined(args, &reader, &filter, out, notes);
    }
    let (after, more) = match (args.all, args.rejected) {
        (true, _) => (0, false),
        (false, true) => reader.before_newest_rejected(&filter, args.limit.get())?,
        (false, false) => reader.before_newest(&filter, args.limit.get())?,
    };
    let mut query = Query {
        args,
        data_dir,
        registry,
        filter,
        reader,
        after,
        read: 0,
        lines: 0,
        unreadable: Numbers::default(),
        damaged: false,
    };
    let mut printer = Printer::new(out, args.style);
    query.print_new(&mut printer, notes)?;
    query.tell_unreadable(notes)?;
    if args.follow {
        loop {
            thread::sleep(PAUSE);
            query.print_new(&mut printer, notes)?;
            query.tell_unreadable(notes)?;
        }
    }
    if query.lines == 0 && !query.damaged {
        query.explain_nothing(notes)?;
    } else if more && query.lines > 0 {
        newest(args.limit.get(), notes)?;
    }
    Ok(())
}

/// Lines on their way to the printer, in batches: a message can have millions.
struct Lines<'p, W> {
    printer: &'p mut Printer<W>,
    waiting: Vec<Line>,
    count: usize,
}

impl<W: Write> Lines<'_, W> {
    fn push(&mut self, line: Line) -> io::Result<()> {
        self.waiting.push(line);
        if self.waiting.len() < LINES {
            return Ok(());
        }
        self.flush()
    }

    fn flush(&mut self) -> io::Result<()> {
        self.printer.print(&self.waiting)?;
        self.count += self.waiting.len();
        self.waiting.clear();
        Ok(())
    }
}

impl Query<'_> {
    /// Prints the notifications received since the last call.
    fn print_new<W: Write>(
        &mut self,
        printer: &mut Printer<W>,
        notes: &mut impl Write,
    ) -> Result<(), QueryError> {
        if self.args.rejected {
            return self.print_new_rejected(printer);
        }
        loop {
            let records = self.reader.batch(&self.filter, self.after, BATCH);
            let Some(records) = self.whole(records)? else {
                return Ok(());
            };
            let mut lines = Lines {
                printer,
                waiting: Vec::new(),
                count: 0,
            };
            for record in &records {
                self.after = record.stored.seq;
                self.show(record, &mut lines, notes)?;
            }
            lines.flush()?;
            self.lines += lines.count;
            self.read += records.len();
        }
    }

    fn print_new_rejected<W: Write>(&mut self, printer: &mut Printer<W>) -> Result<(), QueryError> {
        loop {
            let rejected = self.reader.rejected(&self.filter, self.after, BATCH);
            let Some(rejected) = self.whole(rejected)? else {
                return Ok(());
            };
            self.after = rejected.last().map_or(self.after, |last| last.stored.seq);
            self.lines += rejected.len();
            let rows: Vec<_> = rejected
                .into_iter()
                .map(refused::RejectedLine::from)
                .collect();
            printer.print(&rows)?;
        }
    }

    /// The next rows; none at the end. Damaged rows are noted and skipped.
    fn whole<T>(&mut self, rows: Result<Vec<T>, ReadError>) -> Result<Option<Vec<T>>, QueryError> {
        match rows {
            Ok(rows) => Ok((!rows.is_empty()).then_some(rows)),
            Err(ReadError::Damaged { first, last, .. }) => {
                self.unreadable.add(first, last);
                self.damaged = true;
                self.after = last;
                Ok(Some(Vec::new()))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Reports, once, the notifications that could not be read.
    fn tell_unreadable(&mut self, notes: &mut impl Write) -> io::Result<()> {
        let unreadable = mem::take(&mut self.unreadable);
        if unreadable.is_empty() {
            return Ok(());
        }
        let what = if self.args.rejected {
            "rejected notifications"
        } else {
            "notifications"
        };
        writeln!(
            notes,
            "{} {what} cannot be read, the journal is damaged there: {unreadable}; {ADVICE}",
            unreadable.count()
        )
    }

    /// The lines of one notification.
    fn show(
        &self,
        record: &Record,
        lines: &mut Lines<'_, impl Write>,
        notes: &mut impl Write,
    ) -> Result<(), QueryError> {
        let paths = &self.args.paths;
        if paths.is_empty() && self.args.style.format != Format::Jsonl {
            lines.push(line(record, message(record, None)))?;
            return Ok(());
        }
        let Some(notification) = self.decode(record, notes)? else {
            return Ok(());
        };
        if paths.is_empty() {
            let json = RawValue::from_string(notif_runtime::json::to_string(notification.root()));
            lines.push(line(record, message(record, json.ok())))?;
            return Ok(());
        }
        for path in paths {
            for leaf in path.leafs(notification.root()) {
                lines.push(line(record, (&leaf).into()))?;
            }
        }
        Ok(())
    }

    /// The data of a notification; prints a note if it no longer fits this server's modules.
    fn decode(
        &self,
        record: &Record,
        notes: &mut impl Write,
    ) -> Result<Option<Notification>, QueryError> {
        match record.entry.decode(self.registry) {
            Ok(notification) => Ok(Some(notification)),
            Err(faults) => {
                let seq = record.stored.seq;
                let first = faults.first_line();
                writeln!(
                    notes,
                    "notification {seq} does not fit this server's modules: {first}"
                )?;
                Ok(None)
            }
        }
    }

    /// Tells why nothing was found, and what to try.
    fn explain_nothing(&self, notes: &mut impl Write) -> Result<(), QueryError> {
        if self.args.rejected {
            writeln!(notes, "no rejected notification is kept, or none matches")?;
            return Ok(());
        }
        let Summary {
            extent: Extent { count, span, .. },
            publishers,
            names,
        } = self.reader.summary()?;
        let Some((first, last)) = span else {
            writeln!(
                notes,
                "the journal in {} is empty: send a notification, or wait for one with --follow",
                self.data_dir.display()
            )?;
            return Ok(());
        };
        if self.read == 0 {
            writeln!(
                notes,
                "no notification matches. There are {count}, from {first:.0} to {last:.0}; \
                 publishers: {}; names: {}",
                publishers.join(", "),
                names.join(", ")
            )?;
        } else {
            explain_paths(self.read, &self.args.paths, notes)?;
        }
        Ok(())
    }
}

fn line(record: &Record, detail: Detail) -> Line {
    let entry = &record.entry;
    Line {
        place: Some(Place {
            seq: record.stored.seq,
            received: entry.received,
        }),
        event_time: entry.event_time.clone(),
        publisher: entry.publisher.clone(),
        name: entry.name.clone(),
        detail,
    }
}

fn message(record: &Record, notification: Option<Box<RawValue>>) -> Detail {
    Detail::Message {
        origin: Some(Origin {
            id: record.stored.id,
            encoding: record.entry.encoding.as_str(),
            bytes: record.entry.body.len(),
        }),
        notification,
    }
}
