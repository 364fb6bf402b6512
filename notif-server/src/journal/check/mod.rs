//! Checks that the file is sound: a quick check when it is opened, then all of it in the
//! background.
//!
//! The quick check covers the schema, both ends of each table and index, and the newest rows;
//! SQLite itself compares the file's size with its header. It takes no longer for a large file. The
//! rest is read in small parts, so that no read lasts long (which would keep the write-ahead log
//! from restarting), with rests for four fifths of the time, so that it occupies neither the disk
//! nor a core.

mod soundness;

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rusqlite::{OptionalExtension, params};

use super::error::ReadError;
use crate::journal::read::filter::Filter;
use crate::journal::read::numbers::Numbers;
use crate::journal::read::reader::Reader;
use crate::journal::read::rows::{ACCEPTED, REJECTED, Table};
pub(crate) use soundness::{Damage, Soundness};

/// The time for checking the newest rows.
const LOOK: Duration = Duration::from_secs(1);

/// The number of newest rows in the quick check.
const NEWEST: usize = 100;

/// The number of rows, or of index entries, read before a rest.
const ROWS: usize = 64;
const ENTRIES: usize = 2000;

/// The length of a rest, as a multiple of the work before it.
const REST: u32 = 4;

/// The time from one complete check to the next.
const AGAIN: Duration = Duration::from_secs(24 * 3600);

/// Each table and index, with the columns that order it.
const ENDS: [(&str, &str, &str); 10] = [
    ("notification", "NOT INDEXED", "seq"),
    (
        "notification",
        "INDEXED BY notification_received",
        "received",
    ),
    (
        "notification",
        "INDEXED BY notification_publisher",
        "publisher",
    ),
    ("rejected", "", "seq"),
    ("quarantine", "", "sink, seq"),
    ("quarantine", "INDEXED BY quarantine_seq", "seq"),
    ("sink", "", "name"),
    ("minute", "", "minute"),
    ("reading", "", "number"),
    ("clock", "", "id"),
];

/// The parts that are small enough to be read at once.
const SMALL: [(&str, &str); 6] = [
    ("sqlite_sequence", "SELECT sum(seq) FROM sqlite_sequence"),
    ("sink", "SELECT sum(seq) FROM sink"),
    ("reading", "SELECT sum(length(policy)) FROM reading"),
    ("minute", "SELECT sum(bytes) FROM minute"),
    ("quarantine", "SELECT sum(length(reason)) FROM quarantine"),
    (
        "quarantine_seq",
        "SELECT sum(seq) FROM quarantine INDEXED BY quarantine_seq",
    ),
];

/// The quick check.
pub(crate) fn look(reader: &Reader) -> Damage {
    let mut damage = Damage::default();
    for (table, index, key) in ENDS {
        let name = index.rsplit(' ').next().filter(|name| name.contains('_'));
        for order in ["ASC", "DESC"] {
            let keys = key.replace(", ", &format!(" {order}, "));
            let sql = format!("SELECT {key} FROM {table} {index} ORDER BY {keys} {order} LIMIT 1");
            let statement = reader.connection.prepare(&sql);
            if let Err(error) = statement.and_then(|mut statement| statement.exists([])) {
                note(&mut damage, name.unwrap_or(table), &error.into());
            }
        }
    }
    let until = Instant::now() + LOOK;
    for newest in [
        reader.newest_are_whole(&ACCEPTED, NEWEST, until),
        reader.newest_are_whole(&REJECTED, NEWEST, until),
    ] {
        if let Err(error) = newest {
            note(&mut damage, "the newest rows", &error);
        }
    }
    damage
}

/// The thread that checks the whole file.
#[derive(Debug)]
pub(crate) struct Check {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Check {
    /// Starts checking with this reader.
    pub(crate) fn start(reader: Reader, soundness: Arc<Soundness>) -> io::Result<Self> {
        let (stop, stopped) = mpsc::channel();
        let pass = Pass {
            reader,
            soundness,
            stopped,
        };
        let all = move || while pass.all().is_some() && pass.rest(AGAIN).is_some() {};
        let thread = thread::Builder::new().name("journal-check".to_owned());
        Ok(Self {
            stop: Some(stop),
            thread: Some(thread.spawn(all)?),
        })
    }
}

/// Ends the thread after its current read.
impl Drop for Check {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the thread is in the log already.
            let _ = thread.join();
        }
    }
}

struct Pass {
    reader: Reader,
    soundness: Arc<Soundness>,
    stopped: Receiver<()>,
}

impl Pass {
    /// Checks the whole file once. None if the thread is to end.
    fn all(&self) -> Option<()> {
        let (start, mut damage) = (Instant::now(), look(&self.reader));
        let read = self.table(&ACCEPTED, &mut damage, |damage| &mut damage.accepted)?;
        self.table(&REJECTED, &mut damage, |damage| &mut damage.rejected)?;
        let (mut received, mut publisher) = (Some((i64::MIN, 0)), Some((String::new(), 0)));
        self.part(&mut damage, "notification_received", |reader| {
            received = next_received(reader, received.take().unwrap_or_default())?;
            Ok(received.is_some())
        })?;
        self.part(&mut damage, "notification_publisher", |reader| {
            publisher = next_publisher(reader, publisher.take().unwrap_or_default())?;
            Ok(publisher.is_some())
        })?;
        for (name, sql) in SMALL {
            self.part(&mut damage, name, |reader| {
                reader.connection.query_row(sql, [], |_| Ok(false))
            })?;
        }
        if damage.is_empty() {
            let seconds = start.elapsed().as_secs();
            tracing::info!(notifications = read, seconds, "the journal is sound");
        }
        self.soundness.found(damage);
        Some(())
    }

    /// Reads all rows that are there by now; returns the number that can be read. None if the
    /// thread is to end.
    fn table<T>(
        &self,
        table: &Table<T>,
        damage: &mut Damage,
        numbers: fn(&mut Damage) -> &mut Numbers,
    ) -> Option<u64> {
        let newest = self.reader.newest(table.name).unwrap_or(u64::MAX);
        let (mut after, mut read) = (0, 0);
        while after < newest {
            let start = Instant::now();
            match self.reader.rows(table, &Filter::default(), after, ROWS) {
                Ok(rows) => {
                    let Some(last) = rows.last() else { break };
                    read += rows.len() as u64;
                    after = (table.seq)(last);
                }
                Err(ReadError::Damaged { first, last, .. }) => {
                    numbers(damage).add(first, last);
                    after = last;
                    self.soundness.found(damage.clone());
                }
                Err(error) => {
                    note(damage, table.name, &error);
                    break;
                }
            }
            self.rest(start.elapsed() * REST)?;
        }
        Some(read)
    }

    /// Reads part of the file in small steps until its end. None if the thread is to end.
    fn part(
        &self,
        damage: &mut Damage,
        name: &str,
        mut read: impl FnMut(&Reader) -> rusqlite::Result<bool>,
    ) -> Option<()> {
        loop {
            let start = Instant::now();
            let more = match read(&self.reader) {
                Ok(more) => more,
                Err(error) => {
                    note(damage, name, &error.into());
                    false
                }
            };
            self.rest(start.elapsed() * REST)?;
            if !more {
                return Some(());
            }
        }
    }

    /// Waits. None if the thread is to end.
    fn rest(&self, time: Duration) -> Option<()> {
        match self.stopped.recv_timeout(time) {
            Err(RecvTimeoutError::Timeout) => Some(()),
            _ => None,
        }
    }
}

/// Notes damage in a part of the file, once for each.
fn note(damage: &mut Damage, name: &str, error: &ReadError) {
    if !error.is_damage() {
        tracing::warn!(%error, part = name, "a part of the journal is not checked");
        return;
    }
    let part = format!("{name}: {}", error.plain());
    if !damage.parts.contains(&part) {
        damage.parts.push(part);
    }
}

/// Reads the next entries of the index of times; none at the end.
fn next_received(
    reader: &Reader,
    (received, seq): (i64, i64),
) -> rusqlite::Result<Option<(i64, i64)>> {
    let sql = format!(
        "SELECT received, seq FROM notification INDEXED BY notification_received
         WHERE (received, seq) > (?1, ?2) ORDER BY received, seq LIMIT {ENTRIES}"
    );
    let mut statement = reader.connection.prepare_cached(&sql)?;
    let entries =
        statement.query_map(params![received, seq], |row| Ok((row.get(0)?, row.get(1)?)))?;
    entries.last().transpose()
}

/// Reads the next entries of the index of publishers; none at the end.
fn next_publisher(
    reader: &Reader,
    (publisher, seq): (String, i64),
) -> rusqlite::Result<Option<(String, i64)>> {
    let sql = format!(
        "SELECT seq FROM notification INDEXED BY notification_publisher
         WHERE publisher = ?1 AND seq > ?2 ORDER BY seq LIMIT {ENTRIES}"
    );
    let mut statement = reader.connection.prepare_cached(&sql)?;
    let entries = statement.query_map(params![publisher, seq], |row| row.get(0))?;
    if let Some(last) = entries.last().transpose()? {
        return Ok(Some((publisher, last)));
    }
    let next = reader
        .connection
        .prepare_cached(
            "SELECT publisher FROM notification INDEXED BY notification_publisher
             WHERE publisher > ?1 ORDER BY publisher LIMIT 1",
        )?
        .query_row([publisher], |row| row.get(0))
        .optional()?;
    Ok(next.map(|publisher| (publisher, 0)))
}
