//! Reads everything readable in a damaged journal.

use std::collections::BTreeSet;
use std::sync::Arc;

use rusqlite::types::Value;
use rusqlite::{Connection, ErrorCode, Transaction, params, params_from_iter};

use super::orphans::{Orphans, Search};
use super::report::{Repair, RepairError};
use crate::journal::check::Damage;
use crate::journal::error::{AppendError, ReadError, is_damage};
use crate::journal::read::filter::Filter;
use crate::journal::read::numbers::Numbers;
use crate::journal::read::reader::Reader;
use crate::journal::read::rows::{ACCEPTED, REJECTED, Table};
use crate::journal::tables::layout;
use crate::journal::write::commit::{restore, restore_rejected};
use crate::notification::Source;

/// The number of rows read at a time, and written in one transaction.
const BATCH: usize = 256;

/// Reads everything readable, and writes it into the new file, if there is one.
pub(crate) fn salvage(
    reader: &Reader,
    mut new: Option<&mut Connection>,
    progress: &mut impl FnMut(u64, u64),
) -> Result<Repair, RepairError> {
    let (mut repair, mut damage) = (Repair::default(), Damage::default());
    reader.find_newest()?;
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
    // In a dry run, this finds the rows that could be written.
    let mut scratch = layout::in_memory().map_err(written)?;
    let new = new.unwrap_or(&mut scratch);
    let transaction = new.transaction().map_err(written)?;
    let mut small = |table, columns: &str, key| {
        let copied = copy(reader, &transaction, (table, columns, key))?;
        damage.parts.extend(copied.problems(table));
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
    for source in [Source::Notifications, Source::Rejected] {
        go_on_after(&transaction, source, newest(source)).map_err(written)?;
    }
    transaction.commit().map_err(written)?;
    Ok(Repair {
        lost: damage.accepted,
        lost_rejected: damage.rejected,
        lost_parts: damage.parts,
        ..repair
    })
}

/// Saves the rows that no page leads to any more.
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
    // If these include the oldest, those before it were removed long ago.
    let oldest = |reached: Option<u64>, found: &BTreeSet<u64>| {
        let found = found.first().copied().unwrap_or(0);
        reached.map_or(found, |reached| if reached < found { 0 } else { found })
    };
    let accepted = match reader.oldest_indexed(ACCEPTED.name) {
        0 => oldest(reached.accepted, &found),
        // It is known for certain.
        _ => 0,
    };
    let rejected = oldest(reached.rejected, &found_rejected);
    damage.accepted = damage.accepted.without(&found, accepted);
    damage.rejected = damage.rejected.without(&found_rejected, rejected);
    Ok(())
}

/// The first rows that can be reached from the tables.
struct Reached {
    accepted: Option<u64>,
    rejected: Option<u64>,
}

fn written(error: rusqlite::Error) -> RepairError {
    AppendError::Write(Arc::new(error)).into()
}

/// Reads the rows of a table and restores them; returns their number, and that of the first.
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
                let Some(newest) = rows.last() else {
                    return Ok((saved, first));
                };
                first = first.or(rows.first().map(table.seq));
                after = (table.seq)(newest);
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

/// The outcome of copying a table.
#[derive(Default)]
struct Copied {
    rows: u64,
    /// The error that keeps it from being read to its end.
    damage: Option<rusqlite::Error>,
    /// The number of rows with values that the server does not write, and the error of the first.
    skipped: u64,
    odd: Option<rusqlite::Error>,
}

impl Copied {
    fn skip(&mut self, error: rusqlite::Error) {
        self.skipped += 1;
        self.odd.get_or_insert(error);
    }

    /// The reasons for losses in the table.
    fn problems(&self, table: &str) -> impl Iterator<Item = String> + use<> {
        let damage = self.damage.as_ref();
        let damage = damage.map(|error| format!("{table}: {error}"));
        let (odd, skipped) = (self.odd.as_ref(), self.skipped);
        let odd = odd.map(|error| format!("{table}: rows that are damaged: {skipped} ({error})"));
        damage.into_iter().chain(odd)
    }
}

/// Copies the rows of a small table, whose first columns are its key: from the start, and past an
/// unreadable row, from the end. Rows with values that the server does not write are left out.
fn copy(
    reader: &Reader,
    new: &Transaction<'_>,
    (table, columns, key): (&str, &str, &str),
) -> Result<Copied, RepairError> {
    let width = columns.split(", ").count();
    let keys = key.split(", ").count();
    let places = |count: usize| vec!["?"; count].join(", ");
    let insert = format!(
        "INSERT OR REPLACE INTO {table} ({columns}) VALUES ({})",
        places(width)
    );
    let mut insert = new.prepare_cached(&insert).map_err(written)?;
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
        let mut read = || -> rusqlite::Result<Result<(), RepairError>> {
            let mut statement = reader.connection.prepare(&sql)?;
            let mut rows = statement.query(params_from_iter(&from))?;
            while let Some(row) = rows.next()? {
                let values = (0..width).map(|at| row.get(at));
                match values.collect::<rusqlite::Result<Vec<Value>>>() {
                    Ok(mut values) => {
                        match insert.execute(params_from_iter(&values)) {
                            Ok(_) => copied.rows += 1,
                            Err(error) if is_refused(&error) => copied.skip(error),
                            Err(error) => return Ok(Err(written(error))),
                        }
                        values.truncate(keys);
                        last = values;
                    }
                    Err(error) => copied.skip(error),
                }
            }
            Ok(Ok(()))
        };
        match read() {
            Ok(done) => {
                done?;
                break;
            }
            Err(error) if is_damage(&error) => copied.damage = Some(error),
            Err(error) => return Err(ReadError::from(error).into()),
        }
    }
    Ok(copied)
}

/// True if the values do not fit the table, rather than that it cannot be written.
fn is_refused(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::ConstraintViolation | ErrorCode::TypeMismatch)
    )
}

/// Makes the table continue its numbers, so that none is given twice.
fn go_on_after(transaction: &Transaction<'_>, source: Source, newest: u64) -> rusqlite::Result<()> {
    let (table, newest) = (source.table(), i64::try_from(newest).unwrap_or(i64::MAX));
    // The numbers that a sink has settled were given, too.
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
