//! `journal`: verifies, counts, copies, repairs and compacts the journal.

mod error;
mod verify;

use std::fmt::Display;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use comfy_table::{CellAlignment, Table, presets};
use notif_runtime::registry::Registry;

use super::exit::{FAILED, fail};
use super::{progress, stdio};
use crate::journal::{self, Account, Reader, Repair, Stats, Volume};
use error::JournalError;
use verify::verify;

/// The number of publishers that `stats` lists.
const LISTED: usize = 20;

/// The arguments of `journal`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
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
    /// Copy the journal into a new file; also while the server runs.
    Backup {
        /// The copy: a journal of its own, under the name journal.db in a directory.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Save all that can be read of a damaged journal into a new file, which takes its place; the
    /// damaged one is kept beside it. The server must not run.
    ///
    /// Exit code 0: all is saved; 1: something is lost; 2: nothing was done.
    Repair {
        /// Only say what would be saved and lost
        #[arg(long)]
        dry_run: bool,
    },
    /// Rewrite the file without the space that is free in it; the server must not run.
    Compact,
}

/// Runs the task on the journal in this directory, and prints the result.
#[must_use]
pub(crate) fn run(args: &Args, data_dir: &Path, registry: &Registry) -> ExitCode {
    let out = &mut stdio::stdout();
    let done = match args.task {
        Task::Verify => verify(data_dir, registry, out),
        Task::Stats { json } => stats(data_dir, json, out),
        Task::Backup { ref file } => backup(data_dir, file, out),
        Task::Repair { dry_run } => repair(data_dir, dry_run, out),
        Task::Compact => compact(data_dir, out),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => fail(&error, FAILED),
    }
}

fn stats(dir: &Path, json: bool, out: &mut impl Write) -> Result<bool, JournalError> {
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

/// Prints a table with `texts` columns of text, followed by columns of numbers.
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
    let recent = stats.last_hour.iter().take(LISTED);
    table(
        &["LAST HOUR", "ACCEPTED", "REJECTED", "BYTES"],
        1,
        recent.map(|recent| {
            let publisher = match recent.publisher.as_str() {
                "" => "others",
                publisher => publisher,
            };
            cells(&[
                &publisher,
                &recent.accepted,
                &recent.rejected,
                &recent.bytes,
            ])
        }),
        out,
    )?;
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

fn backup(dir: &Path, file: &Path, out: &mut impl Write) -> Result<bool, JournalError> {
    let bar = progress::bar(0, "copying");
    let size = journal::backup(dir, file, |done, of| {
        bar.set_length(of);
        bar.set_position(done);
    })?;
    bar.finish_and_clear();
    writeln!(out, "{size} bytes in {}", file.display())?;
    Ok(true)
}

fn repair(dir: &Path, dry_run: bool, out: &mut impl Write) -> Result<bool, JournalError> {
    let bar = progress::bar(0, "reading");
    let repaired = journal::repair(dir, dry_run, |done, of| {
        bar.set_length(of);
        bar.set_position(done);
    })?;
    bar.finish_and_clear();
    let Some(repair) = repaired else {
        writeln!(out, "the journal is sound: there is nothing to repair")?;
        return Ok(true);
    };
    let would = if dry_run { "would be " } else { "" };
    let Repair {
        accepted,
        rejected,
        sinks,
        quarantined,
        ..
    } = &repair;
    writeln!(
        out,
        "{would}saved: {accepted} notifications, {rejected} rejected ones, the accounts of {sinks} \
         sinks, {quarantined} in quarantine"
    )?;
    for (numbers, what) in [
        (&repair.lost, "notifications"),
        (&repair.lost_rejected, "rejected notifications"),
    ] {
        if !numbers.is_empty() {
            writeln!(out, "lost: {} {what}: {numbers}", numbers.count())?;
        }
    }
    for part in &repair.lost_parts {
        writeln!(out, "lost: some of the table {part}")?;
    }
    if let Some(kept) = &repair.kept {
        let kept = kept.display();
        writeln!(
            out,
            "the damaged file is kept: {kept}; remove it when you want nothing more of it"
        )?;
    }
    Ok(repair.is_whole())
}

fn compact(dir: &Path, out: &mut impl Write) -> Result<bool, JournalError> {
    let done = journal::compact(dir)?;
    if let Some(need) = done.no_room_for {
        writeln!(
            out,
            "no room for a second copy, which needs {need} bytes here and in SQLite's directory \
             for temporary files (SQLITE_TMPDIR, else /var/tmp): what was free was given back in place"
        )?;
    }
    writeln!(out, "{} bytes before, {} after", done.before, done.after)?;
    Ok(true)
}
