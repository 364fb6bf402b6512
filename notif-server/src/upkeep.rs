//! `journal`: whether the journal is sound, what is in it, and making its file small again.

use std::fmt::Display;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use comfy_table::{CellAlignment, Table, presets};
use notif_runtime::registry::Registry;

use crate::journal::{self, Account, Filter, OpenError, ReadError, Reader, Stats, Volume};
use crate::{progress, stdio};

/// How many notifications are read at a time.
const BATCH: usize = 256;

/// How many publishers `stats` lists.
const LISTED: usize = 20;

/// What `journal` is told.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, clap::Subcommand)]
enum Task {
    /// Read everything, also while the server runs: the file's structure, each body, the numbers,
    /// the sinks' accounts.
    ///
    /// Exit code 0: all is well; 1: something is not; 2: the journal cannot be read.
    Verify,
    /// Show how much there is, from whom, and how far each sink is; also while the server runs.
    Stats {
        /// One JSON object instead of tables
        #[arg(long)]
        json: bool,
    },
    /// Rewrite the file without the space that is free in it; the server must not run.
    Compact,
}

/// Why a task is not done.
#[derive(Debug, thiserror::Error)]
enum UpkeepError {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error("cannot print: {0}")]
    Print(#[from] io::Error),
}

/// Does the task with the journal in this directory, and prints what it finds.
#[must_use]
pub fn run(args: &Args, data_dir: &Path, registry: &Registry) -> ExitCode {
    let out = &mut stdio::stdout();
    let done = match args.task {
        Task::Verify => verify(data_dir, registry, out),
        Task::Stats { json } => stats(data_dir, json, out),
        Task::Compact => compact(data_dir, out),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::from(2)
        }
    }
}

/// What is wrong with a journal.
#[derive(Debug, Default)]
struct Findings {
    read: u64,
    damaged: u64,
    unfit: u64,
    gaps: u64,
}

fn verify(dir: &Path, registry: &Registry, out: &mut impl Write) -> Result<bool, UpkeepError> {
    let reader = Reader::open(dir)?;
    let mut sound = true;
    for problem in reader.integrity()? {
        sound = false;
        writeln!(out, "error: the file: {problem}")?;
    }
    let found = read_all(&reader, registry, out)?;
    let mut accounts = reader.accounts()?;
    accounts.retain(|account| account.unaccounted() != 0);
    for account in &accounts {
        let (sink, number) = (&account.sink, account.unaccounted());
        writeln!(out, "error: sink {sink}: {number} are not accounted for")?;
    }
    let Findings {
        read,
        damaged,
        unfit,
        gaps,
    } = found;
    writeln!(
        out,
        "{read} notifications read: {damaged} damaged, {gaps} missing between others, \
         {unfit} do not fit this server's modules; {} accounts do not add up",
        accounts.len()
    )?;
    Ok(sound && damaged == 0 && gaps == 0 && accounts.is_empty())
}

/// Reads every notification and every rejected one.
fn read_all(
    reader: &Reader,
    registry: &Registry,
    out: &mut impl Write,
) -> Result<Findings, UpkeepError> {
    let (mut found, filter) = (Findings::default(), Filter::default());
    let bar = progress::bar(reader.summary()?.extent.count, "verifying");
    let mut last = None;
    while let Some(records) = whole(
        reader.batch(&filter, last.unwrap_or(0), BATCH),
        &mut last,
        &mut found,
        out,
    )? {
        for record in &records {
            let seq = record.stored.seq;
            let missing = last.map_or(0, |last| seq.saturating_sub(last + 1));
            if missing > 0 && is_there(reader, last.unwrap_or(0))? {
                found.gaps += missing;
            }
            last = Some(seq);
            found.read += 1;
            bar.inc(1);
            if let Err(faults) = record.entry.decode(registry) {
                found.unfit += 1;
                let first = faults
                    .list
                    .first()
                    .map_or_else(String::new, ToString::to_string);
                writeln!(
                    out,
                    "note: notification {seq} does not fit this server's modules: {first}"
                )?;
            }
        }
    }
    let mut last = None;
    while let Some(rejected) = whole(
        reader.rejected(&filter, last.unwrap_or(0), BATCH),
        &mut last,
        &mut found,
        out,
    )? {
        last = rejected.last().map(|rejected| rejected.seq).or(last);
    }
    bar.finish_and_clear();
    Ok(found)
}

/// Whether the notification with this number, or one before it, is still there. If none is, the
/// server removes the oldest while they are read, and what is missing after it is no gap.
fn is_there(reader: &Reader, seq: u64) -> Result<bool, ReadError> {
    let oldest = match reader.batch(&Filter::default(), 0, 1) {
        Ok(first) => first.first().map(|record| record.stored.seq),
        Err(ReadError::Damaged { seq, .. }) => Some(seq),
        Err(error) => return Err(error),
    };
    Ok(oldest.is_some_and(|oldest| oldest <= seq))
}

/// The next rows: none at the end, and no more than a finding for one that is damaged.
fn whole<T>(
    rows: Result<Vec<T>, ReadError>,
    last: &mut Option<u64>,
    found: &mut Findings,
    out: &mut impl Write,
) -> Result<Option<Vec<T>>, UpkeepError> {
    match rows {
        Ok(rows) => Ok((!rows.is_empty()).then_some(rows)),
        Err(error @ ReadError::Damaged { seq, .. }) => {
            writeln!(out, "error: {error}")?;
            found.damaged += 1;
            *last = Some(seq);
            Ok(Some(Vec::new()))
        }
        Err(error) => Err(error.into()),
    }
}

fn stats(dir: &Path, json: bool, out: &mut impl Write) -> Result<bool, UpkeepError> {
    let reader = Reader::open(dir)?;
    let (stats, accounts) = (reader.stats()?, reader.accounts()?);
    if json {
        let accounts: Vec<_> = accounts.iter().map(json_of).collect();
        let all = serde_json::json!({"journal": stats, "sinks": accounts});
        writeln!(out, "{all}")?;
        return Ok(true);
    }
    print_stats(&stats, &accounts, out)?;
    Ok(true)
}

fn json_of(account: &Account) -> serde_json::Value {
    serde_json::json!({
        "sink": account.sink,
        "accepted": account.accepted(),
        "delivered": account.delivered,
        "quarantined": account.quarantined,
        "missed": account.missed,
        "waiting": account.waiting(),
        "waiting-since": account.waiting_since,
    })
}

/// Prints a table whose first columns are texts, so many of them, and whose others are numbers.
fn table(
    head: &[&str],
    texts: usize,
    rows: impl IntoIterator<Item = Vec<String>>,
    out: &mut impl Write,
) -> io::Result<()> {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(head);
    table.add_rows(rows);
    table
        .column_iter_mut()
        .enumerate()
        .for_each(|(at, column)| {
            column.set_padding((0, 2));
            if at >= texts {
                column.set_cell_alignment(CellAlignment::Right);
            }
        });
    for line in table.lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn cells(cells: &[&dyn Display]) -> Vec<String> {
    cells.iter().map(ToString::to_string).collect()
}

fn print_stats(stats: &Stats, accounts: &[Account], out: &mut impl Write) -> io::Result<()> {
    let volume = |what: &str, volume: Volume| {
        cells(&[&what, &volume.count, &volume.bytes, &volume.compressed])
    };
    table(
        &["KEPT", "NOTIFICATIONS", "BYTES", "COMPRESSED"],
        1,
        [
            volume("accepted", stats.accepted),
            volume("rejected", stats.rejected),
        ],
        out,
    )?;
    writeln!(
        out,
        "the file has {} bytes, {} of them free\n",
        stats.file, stats.free
    )?;
    let origins = stats.by_origin.iter().take(LISTED);
    table(
        &["PUBLISHER", "NAME", "NOTIFICATIONS", "BYTES"],
        2,
        origins.map(|origin| {
            cells(&[
                &origin.publisher,
                &origin.name,
                &origin.count,
                &origin.bytes,
            ])
        }),
        out,
    )?;
    if let Some(more) = stats.by_origin.len().checked_sub(LISTED + 1) {
        writeln!(out, "and {} more; --json shows them", more + 1)?;
    }
    writeln!(out)?;
    let of_account = |account: &Account| {
        cells(&[
            &account.sink,
            &account.accepted(),
            &account.delivered,
            &account.quarantined,
            &account.missed,
            &account.waiting(),
        ])
    };
    table(
        &[
            "SINK",
            "ACCEPTED",
            "DELIVERED",
            "QUARANTINED",
            "MISSED",
            "WAITING",
        ],
        1,
        accounts.iter().map(of_account),
        out,
    )
}

fn compact(dir: &Path, out: &mut impl Write) -> Result<bool, UpkeepError> {
    let (before, after) = journal::compact(dir)?;
    writeln!(out, "{before} bytes before, {after} after")?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{Bounds, Entry, FILE, Journal};

    #[tokio::test]
    async fn what_is_removed_while_it_is_read_is_no_gap() {
        let dir = tempfile::tempdir().unwrap();
        let journal = Journal::open(dir.path(), Bounds::NONE, &[]).unwrap();
        for _ in 0..4 {
            let entry = Entry {
                received: jiff::Timestamp::now(),
                event_time: None,
                publisher: "p".to_owned(),
                encoding: notif_runtime::Encoding::Json,
                name: "a:b".to_owned(),
                body: Vec::new(),
            };
            journal.append(entry).await.unwrap();
        }
        let reader = journal.reader().unwrap();
        let file = rusqlite::Connection::open(dir.path().join(FILE)).unwrap();
        let delete = |seq: i64| file.execute("DELETE FROM notification WHERE seq = ?", [seq]);
        delete(2).unwrap();
        assert!(is_there(&reader, 1).unwrap(), "2 is missing");
        delete(1).unwrap();
        assert!(!is_there(&reader, 1).unwrap(), "all up to 2 were removed");
    }
}
