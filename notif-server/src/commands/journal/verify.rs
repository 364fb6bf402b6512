//! `journal verify`: reads everything, and goes on past damage.

use std::io::Write;
use std::path::Path;

use notif_runtime::registry::Registry;

use super::error::JournalError;
use crate::commands::progress;
use crate::journal::{ADVICE, Filter, Numbers, ReadError, Reader};
use crate::notification::{Record, Source};

/// The number of notifications read at a time.
const BATCH: usize = 256;

/// The faults found in a journal.
#[derive(Debug, Default)]
struct Findings {
    /// The number of notifications read.
    read: u64,
    /// Rows that cannot be read.
    accepted: Numbers,
    rejected: Numbers,
    /// Numbers without a row.
    missing: Numbers,
    unfit: u64,
}

pub(super) fn verify(
    dir: &Path,
    registry: &Registry,
    out: &mut impl Write,
) -> Result<bool, JournalError> {
    let reader = Reader::open(dir)?;
    let mut sound = true;
    let structure = reader.integrity();
    for problem in structure.unwrap_or_else(|error| vec![error.to_string()]) {
        sound = false;
        writeln!(out, "error: the file: {problem}")?;
    }
    let found = read_all(&reader, registry, out)?;
    for (what, numbers) in [
        ("notifications that are damaged", &found.accepted),
        ("rejected notifications that are damaged", &found.rejected),
        ("notifications that are missing", &found.missing),
    ] {
        if !numbers.is_empty() {
            sound = false;
            writeln!(out, "error: {what}: {numbers}")?;
        }
    }
    let mut unbalanced = 0;
    match reader.accounts() {
        Ok(accounts) => {
            for account in accounts.iter().filter(|account| account.unaccounted() != 0) {
                unbalanced += 1;
                let (sink, number) = (&account.sink, account.unaccounted());
                writeln!(out, "error: sink {sink}: {number} are not accounted for")?;
            }
        }
        Err(error) => {
            sound = false;
            writeln!(out, "error: the sinks' accounts: {error}")?;
        }
    }
    writeln!(
        out,
        "{} notifications read: {} damaged, {} missing between others or at the end, \
         {} do not fit this server's modules; {unbalanced} accounts do not add up",
        found.read,
        found.accepted.count() + found.rejected.count(),
        found.missing.count(),
        found.unfit,
    )?;
    if !sound {
        writeln!(out, "{ADVICE}; with --dry-run it says what that would be")?;
    }
    Ok(sound && unbalanced == 0)
}

/// Reads every accepted and every rejected notification.
fn read_all(
    reader: &Reader,
    registry: &Registry,
    out: &mut impl Write,
) -> Result<Findings, JournalError> {
    let (mut found, filter) = (Findings::default(), Filter::default());
    reader.find_newest()?;
    // Stops here: later ones may keep coming in.
    let newest = reader.newest_of(Source::Notifications)?;
    let oldest = reader.oldest();
    let bar = progress::bar(newest.saturating_sub(oldest.saturating_sub(1)), "verifying");
    let mut last = None;
    loop {
        let records = reader.batch(&filter, last.unwrap_or(0), BATCH);
        let Some(records) = whole(records, &mut last, &mut found.accepted)? else {
            break;
        };
        for record in &records {
            let seq = record.stored.seq;
            let missing = last.map_or(0, |last| seq.saturating_sub(last + 1));
            if missing > 0 && is_there(reader, last.unwrap_or(0))? {
                found.missing.add(seq - missing, seq - 1);
            }
            last = Some(seq);
            found.read += 1;
            bar.inc(1);
            found.unfit += u64::from(!fits(record, registry, out)?);
        }
    }
    if let Some(last) = last.filter(|last| *last < newest)
        && is_there(reader, last)?
    {
        found.missing.add(last + 1, newest);
    }
    let mut last = None;
    loop {
        let rejected = reader.rejected(&filter, last.unwrap_or(0), BATCH);
        let Some(rejected) = whole(rejected, &mut last, &mut found.rejected)? else {
            break;
        };
        last = rejected.last().map(|rejected| rejected.stored.seq).or(last);
    }
    bar.finish_and_clear();
    Ok(found)
}

/// True if the notification fits this server's modules; prints a note if not.
fn fits(record: &Record, registry: &Registry, out: &mut impl Write) -> Result<bool, JournalError> {
    let Err(faults) = record.entry.decode(registry) else {
        return Ok(true);
    };
    let first = faults.first_line();
    let seq = record.stored.seq;
    writeln!(
        out,
        "note: notification {seq} does not fit this server's modules: {first}"
    )?;
    Ok(false)
}

/// True if this notification or an earlier one is still there. If none is, the server is removing
/// the oldest while they are read, and numbers missing after it are no gap.
fn is_there(reader: &Reader, seq: u64) -> Result<bool, ReadError> {
    let oldest = match reader.batch(&Filter::default(), 0, 1) {
        Ok(first) => first.first().map(|record| record.stored.seq),
        Err(ReadError::Damaged { first, .. }) => Some(first),
        Err(error) => return Err(error),
    };
    Ok(oldest.is_some_and(|oldest| oldest <= seq))
}

/// The next rows; none at the end. Damaged rows become a finding.
fn whole<T>(
    rows: Result<Vec<T>, ReadError>,
    last: &mut Option<u64>,
    damaged: &mut Numbers,
) -> Result<Option<Vec<T>>, ReadError> {
    match rows {
        Ok(rows) => Ok((!rows.is_empty()).then_some(rows)),
        Err(ReadError::Damaged {
            first, last: end, ..
        }) => {
            damaged.add(first, end);
            *last = Some(end);
            Ok(Some(Vec::new()))
        }
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{Bounds, FILE, Journal};
    use crate::notification::{Entry, Envelope};

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
                reading: None,
                envelope: Envelope::default(),
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
