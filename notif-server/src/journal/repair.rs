//! A new file with all that can be read of a damaged one.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Connection, Transaction, params, params_from_iter};

use super::backup::{create_private, sync, sync_parent};
use super::commit::{restore, restore_rejected};
use super::error::is_damage;
use super::first_page::Copy;
use super::orphans::{Orphans, Search};
use super::paths::{remove_if_there, remove_journal, with_suffix};
use super::rows::{ACCEPTED, REJECTED, Table, number};
use super::soundness::Damage;
use super::{
    AppendError, FILE, Filter, Numbers, OpenError, ReadError, Reader, Source, lock, schema,
};

/// The new file, until it takes the place of the old one.
const NEW: &str = "journal.db.repair";

/// How many rows are read at a time, and written in one transaction.
const BATCH: usize = 256;

/// What a repair saves, or would.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Repair {
    /// How many notifications there are in the new file.
    pub accepted: u64,
    /// How many rejected ones.
    pub rejected: u64,
    /// How many sinks' accounts.
    pub sinks: u64,
    /// How much is in quarantine.
    pub quarantined: u64,
    /// Notifications that are lost.
    pub lost: Numbers,
    /// Rejected ones that are lost.
    pub lost_rejected: Numbers,
    /// Other parts of which something is lost, and why.
    pub lost_parts: Vec<String>,
    /// Where the damaged file is kept; none if nothing was written.
    pub kept: Option<PathBuf>,
}

impl Repair {
    /// Whether all is saved.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.lost.is_empty() && self.lost_rejected.is_empty() && self.lost_parts.is_empty()
    }
}

/// Why there is no repair. The journal is as it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RepairError {
    /// The journal cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The journal cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// There is no room for a second file.
    #[error("a new file needs up to {needed} bytes, and the disk of {} has {free} free", dir.display())]
    Room {
        /// The data directory.
        dir: PathBuf,
        /// Bytes that are needed.
        needed: u64,
        /// Bytes that are there.
        free: u64,
    },
    /// The new file cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The new file cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: rusqlite::Error,
    },
    /// A row cannot be written into the new file.
    #[error("cannot write a new file: {0}")]
    Row(#[from] AppendError),
}

/// Saves all that can be read of the journal in `dir` into a new file, which takes the place of the
/// old one when it is on the disk; the old one is kept beside. With `dry_run` nothing is written.
/// `progress` is told how many rows were looked at, and of how many.
///
/// None if nothing is damaged: then nothing is done.
///
/// # Errors
/// If a server has the journal, there is none, or the new file cannot be written.
pub fn repair(
    dir: &Path,
    dry_run: bool,
    mut progress: impl FnMut(u64, u64),
) -> Result<Option<Repair>, RepairError> {
    let _lock = lock(dir)?;
    if !dry_run {
        // What waits in the write-ahead log goes into the file; where it cannot, it is read from there.
        let path = dir.join(FILE);
        if let Err(error) = path.is_file().then(|| fold(&path)).transpose() {
            tracing::debug!(%error, "the write-ahead log is kept");
        }
    }
    let (reader, _copy) = open(dir)?;
    if dry_run {
        let repair = salvage(&reader, None, &mut progress)?;
        return Ok((!repair.is_whole() || !is_sound(&reader)).then_some(repair));
    }
    if is_sound(&reader) && salvage(&reader, None, &mut progress)?.is_whole() {
        return Ok(None);
    }
    room(dir, &reader)?;
    let new = dir.join(NEW);
    let io = |source| io_error(&new, source);
    // What an earlier repair left that did not come to its end.
    remove_journal(&new).map_err(io)?;
    create_private(&new).map_err(io)?;
    let written = write(&reader, &new, &mut progress);
    drop(reader);
    let installed = written.and_then(|mut repair| {
        repair.kept = Some(install(dir, &new)?);
        Ok(Some(repair))
    });
    if installed.is_err() {
        // The next repair removes it otherwise.
        let _ = remove_journal(&new);
    }
    installed
}

/// Whether the structure is sound, and it is the journal itself that is read.
fn is_sound(reader: &Reader) -> bool {
    let own = reader.connection.path();
    let own = own.is_some_and(|path| Path::new(path).file_name() == Some(FILE.as_ref()));
    own && reader.integrity().is_ok_and(|problems| problems.is_empty())
}

/// Opens what there is to be read: the journal, or a copy of it where SQLite finds no tables in it.
fn open(dir: &Path) -> Result<(Reader, Option<Copy>), RepairError> {
    let path = dir.join(FILE);
    let unreadable = match Reader::open(dir) {
        Ok(reader) if has_tables(&reader) => return Ok((reader, None)),
        Ok(_) => OpenError::Foreign { path: path.clone() },
        Err(error @ (OpenError::Foreign { .. } | OpenError::Sqlite { .. })) => error,
        Err(error) => return Err(error.into()),
    };
    let copy = Copy::new(&path)?;
    for compacted in [false, true] {
        let reader = copy.open(compacted)?;
        if fits(&reader) {
            return Ok((reader, Some(copy)));
        }
    }
    // It is no journal.
    Err(unreadable.into())
}

/// Whether there are rows in the tables, and none that belongs elsewhere.
fn fits(reader: &Reader) -> bool {
    let count = |table: &str, like: &str, whether: &str| {
        let sql = format!(
            "SELECT count(*) FROM (SELECT 1 FROM {table} NOT INDEXED
             WHERE ({like}) IS {whether} LIMIT 9)"
        );
        number(&reader.connection, &sql).unwrap_or(0)
    };
    let all = |whether: &str| -> u64 {
        let tables = TABLES.iter();
        tables
            .map(|(table, like)| count(table, like, whether))
            .sum()
    };
    all("TRUE") > 0 && all("NOT TRUE") == 0
}

/// What notifications, cursors and quarantine are in,
/// and what their rows are like.
const TABLES: [(&str, &str); 4] = [
    (
        "notification",
        "typeof(id) = 'text' AND typeof(name) = 'text'",
    ),
    (
        "rejected",
        "typeof(id) = 'text' AND typeof(faults) = 'text'",
    ),
    (
        "sink",
        "typeof(source) = 'text' AND typeof(missed) = 'integer'",
    ),
    (
        "quarantine",
        "typeof(sink) = 'text' AND typeof(reason) = 'text'",
    ),
];

fn has_tables(reader: &Reader) -> bool {
    let select = |table| format!("SELECT 1 FROM {table}");
    TABLES
        .iter()
        .all(|(table, _)| reader.connection.prepare(&select(table)).is_ok())
}

fn io_error(path: &Path, source: io::Error) -> RepairError {
    RepairError::Io {
        path: path.to_owned(),
        source,
    }
}

/// Whether the disk has room for a second file.
fn room(dir: &Path, reader: &Reader) -> Result<(), RepairError> {
    let pragma = |name| number(&reader.connection, &format!("PRAGMA {name}"));
    let size = || Ok::<_, rusqlite::Error>(pragma("page_count")? * pragma("page_size")?);
    let needed = size().unwrap_or(0) + (16 << 20);
    // A disk that cannot be asked is not full for that: a write will tell.
    let free = rustix::fs::statvfs(dir)
        .map_or(u64::MAX, |disk| disk.f_bavail.saturating_mul(disk.f_frsize));
    if free < needed {
        return Err(RepairError::Room {
            dir: dir.to_owned(),
            needed,
            free,
        });
    }
    Ok(())
}

/// Writes the new file and puts it on the disk.
fn write(
    reader: &Reader,
    new: &Path,
    progress: &mut impl FnMut(u64, u64),
) -> Result<Repair, RepairError> {
    let failed = |source| RepairError::Write {
        path: new.to_owned(),
        source,
    };
    let mut connection = schema::open(new)?;
    // It is put on the disk once, at the end, and is nothing before.
    connection
        .pragma_update(None, "synchronous", "OFF")
        .map_err(failed)?;
    let repair = salvage(reader, Some(&mut connection), progress)?;
    connection
        .execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
        .map_err(failed)?;
    connection.close().map_err(|(_, error)| failed(error))?;
    sync(new).map_err(|source| io_error(new, source))?;
    Ok(repair)
}

/// Reads all that can be read, and writes it into the new file, if there is one.
fn salvage(
    reader: &Reader,
    mut new: Option<&mut Connection>,
    progress: &mut impl FnMut(u64, u64),
) -> Result<Repair, RepairError> {
    let (mut repair, mut damage) = (Repair::default(), Damage::default());
    let newest = |source: Source| reader.newest_of(source).unwrap_or(0);
    let total = newest(Source::Notifications) + newest(Source::Rejected);
    let mut reached = Reached {
        accepted: None,
        rejected: None,
    };
    (repair.accepted, reached.accepted) = rows(
        (reader, &ACCEPTED),
        new.as_deref_mut(),
        restore,
        &mut damage.accepted,
        &mut |at| progress(at, total),
    )?;
    (repair.rejected, reached.rejected) = rows(
        (reader, &REJECTED),
        new.as_deref_mut(),
        restore_rejected,
        &mut damage.rejected,
        &mut |at| progress(newest(Source::Notifications) + at, total),
    )?;
    if !damage.accepted.is_empty() || !damage.rejected.is_empty() {
        let found = (&mut repair, &mut damage);
        orphans(reader, new.as_deref_mut(), found, &reached)?;
    }
    let transaction = new.map(Connection::transaction).transpose();
    let transaction = transaction.map_err(written)?;
    let mut small = |table, columns: &str, key| {
        let copied = copy(reader, transaction.as_ref(), (table, columns, key))?;
        damage.parts.extend(copied.problem);
        Ok::<_, RepairError>(copied.rows)
    };
    repair.sinks = small(
        "sink",
        "name, source, first, seq, delivered, quarantined, missed",
        "name",
    )?;
    repair.quarantined = small("quarantine", "sink, seq, at, reason", "sink, seq")?;
    small(
        "minute",
        "minute, publisher, accepted, rejected, bytes",
        "minute, publisher",
    )?;
    small("clock", "id, believed", "id")?;
    if let Some(transaction) = transaction {
        for source in [Source::Notifications, Source::Rejected] {
            go_on_after(&transaction, source, newest(source)).map_err(written)?;
        }
        transaction.commit().map_err(written)?;
    }
    Ok(Repair {
        lost: damage.accepted,
        lost_rejected: damage.rejected,
        lost_parts: damage.parts,
        ..repair
    })
}

/// Saves the rows to which no page leads any more.
fn orphans(
    reader: &Reader,
    new: Option<&mut Connection>,
    (repair, damage): (&mut Repair, &mut Damage),
    reached: &Reached,
) -> Result<(), RepairError> {
    let orphans = Orphans::new(reader)?;
    let mut search = Search {
        accepted: &damage.accepted,
        rejected: &damage.rejected,
        found: BTreeSet::new(),
        found_rejected: BTreeSet::new(),
    };
    let transaction = new.map(Connection::transaction).transpose();
    let transaction = transaction.map_err(written)?;
    orphans.find(
        &mut search,
        |record| {
            let restored = transaction.as_ref().map(|new| restore(new, record));
            restored.transpose().map(|_| ()).map_err(RepairError::from)
        },
        |rejected| {
            let restored = transaction
                .as_ref()
                .map(|new| restore_rejected(new, rejected));
            restored.transpose().map(|_| ()).map_err(RepairError::from)
        },
    )?;
    if let Some(transaction) = transaction {
        transaction.commit().map_err(written)?;
    }
    let Search {
        found,
        found_rejected,
        ..
    } = search;
    repair.accepted += found.len() as u64;
    repair.rejected += found_rejected.len() as u64;
    // Where the oldest are found so, what is before them was removed long ago.
    let oldest = |reached: Option<u64>, found: &BTreeSet<u64>| {
        let found = found.first().copied().unwrap_or(0);
        reached.map_or(found, |reached| if reached < found { 0 } else { found })
    };
    let (accepted, rejected) = (
        oldest(reached.accepted, &found),
        oldest(reached.rejected, &found_rejected),
    );
    damage.accepted = damage.accepted.without(&found, accepted);
    damage.rejected = damage.rejected.without(&found_rejected, rejected);
    Ok(())
}

/// The first rows that the tables lead to.
struct Reached {
    accepted: Option<u64>,
    rejected: Option<u64>,
}

fn written(error: rusqlite::Error) -> RepairError {
    AppendError::Write(Arc::new(error)).into()
}

/// Reads the rows of a table and restores them; how many they are, and the number of the first.
fn rows<T>(
    (reader, table): (&Reader, &Table<T>),
    mut new: Option<&mut Connection>,
    restore: fn(&Transaction<'_>, T) -> Result<(), AppendError>,
    lost: &mut Numbers,
    progress: &mut impl FnMut(u64),
) -> Result<(u64, Option<u64>), RepairError> {
    let (mut after, mut saved, mut first) = (0, 0, None);
    loop {
        match reader.rows(table, &Filter::default(), after, BATCH) {
            Ok(rows) => {
                let Some(last) = rows.last() else {
                    return Ok((saved, first));
                };
                first = first.or(rows.first().map(table.seq));
                after = (table.seq)(last);
                saved += rows.len() as u64;
                if let Some(new) = &mut new {
                    let transaction = new.transaction().map_err(written)?;
                    rows.into_iter()
                        .try_for_each(|row| restore(&transaction, row))?;
                    transaction.commit().map_err(written)?;
                }
            }
            Err(ReadError::Damaged { first, last, .. }) => {
                lost.add(first, last);
                after = last;
            }
            Err(error) => return Err(error.into()),
        }
        progress(after);
    }
}

/// What was copied of a table.
#[derive(Default)]
struct Copied {
    rows: u64,
    /// Why something of it is lost.
    problem: Option<String>,
}

/// Copies the rows of a small table, whose first columns are its key: from its beginning, and where
/// they cannot be read further, from its end.
fn copy(
    reader: &Reader,
    new: Option<&Transaction<'_>>,
    (table, columns, key): (&str, &str, &str),
) -> Result<Copied, RepairError> {
    let width = columns.split(", ").count();
    let keys = key.split(", ").count();
    let places = |count: usize| vec!["?"; count].join(", ");
    let insert = format!(
        "INSERT OR REPLACE INTO {table} ({columns}) VALUES ({})",
        places(width)
    );
    let mut copied = Copied::default();
    let mut last: Vec<Value> = Vec::new();
    for order in ["ASC", "DESC"] {
        let condition = match last.len() {
            0 => String::new(),
            _ => format!("WHERE ({key}) > ({})", places(keys)),
        };
        let by = key.replace(", ", &format!(" {order}, "));
        let sql = format!("SELECT {columns} FROM {table} {condition} ORDER BY {by} {order}");
        let from = last.clone();
        let mut read = || -> rusqlite::Result<()> {
            let mut statement = reader.connection.prepare(&sql)?;
            let mut rows = statement.query(params_from_iter(&from))?;
            while let Some(row) = rows.next()? {
                let values = (0..width).map(|at| row.get(at));
                let mut values: Vec<Value> = values.collect::<rusqlite::Result<_>>()?;
                if let Some(new) = new {
                    let mut insert = new.prepare_cached(&insert)?;
                    insert.execute(params_from_iter(&values))?;
                }
                copied.rows += 1;
                values.truncate(keys);
                last = values;
            }
            Ok(())
        };
        match read() {
            Ok(()) => break,
            Err(error) if is_damage(&error) => copied.problem = Some(format!("{table}: {error}")),
            Err(error) => return Err(written(error)),
        }
    }
    Ok(copied)
}

/// Makes the table go on with the numbers where it was, so that none is given twice.
fn go_on_after(transaction: &Transaction<'_>, source: Source, newest: u64) -> rusqlite::Result<()> {
    let (table, newest) = (source.table(), i64::try_from(newest).unwrap_or(i64::MAX));
    // What a sink has settled was there, too.
    let settled: i64 = transaction.query_row(
        "SELECT coalesce(max(seq), 0) FROM sink WHERE source = ?",
        [table],
        |row| row.get(0),
    )?;
    let newest = newest.max(settled);
    let changed = transaction.execute(
        "UPDATE sqlite_sequence SET seq = max(seq, ?2) WHERE name = ?1",
        params![table, newest],
    )?;
    if changed == 0 {
        let insert = "INSERT INTO sqlite_sequence (name, seq) VALUES (?1, ?2)";
        transaction.execute(insert, params![table, newest])?;
    }
    Ok(())
}

fn fold(path: &Path) -> rusqlite::Result<()> {
    let connection = Connection::open(path)?;
    connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
}

/// Puts the new file in the place of the old one, which is kept under another name. Whatever ends it
/// leaves one of them there.
fn install(dir: &Path, new: &Path) -> Result<PathBuf, RepairError> {
    let old = dir.join(FILE);
    let now = Timestamp::now().strftime("%Y%m%dT%H%M%SZ");
    let kept = dir.join(format!("{FILE}.damaged-{now}"));
    let log = with_suffix(&old, "-wal");
    let waits = fs::metadata(&log).is_ok_and(|log| log.len() > 0);
    let link =
        |from: &Path, to: &Path| fs::hard_link(from, to).map_err(|source| io_error(to, source));
    link(&old, &kept)?;
    if waits {
        link(&log, &with_suffix(&kept, "-wal"))?;
    }
    let swap = || {
        sync_parent(&old)?;
        // It belongs to the old file: SQLite would read it with the new one.
        remove_if_there(&log)?;
        remove_if_there(&with_suffix(&old, "-shm"))?;
        fs::rename(new, &old)?;
        sync_parent(&old)
    };
    swap().map_err(|source| io_error(&old, source))?;
    Ok(kept)
}
