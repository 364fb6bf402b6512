//! The journal's tables.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::minute;
use crate::journal::error::OpenError;

/// Marks the file as a journal (`PRAGMA application_id`): "YNJ1".
const APPLICATION_ID: i32 = 0x594E_4A31;

/// The newest layout of the tables (`PRAGMA user_version`).
pub(crate) const LAYOUT: i32 = 3;

/// The wait for another process that has the file locked for a moment.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// The migration to each layout from the one before. Times are microseconds since 1970-01-01 UTC.
///
/// A `sink` has settled everything up to and with `seq`; its account begins after `first`, and
/// `seq - first = delivered + quarantined + missed`; `source` is the table that it reads.
/// Notifications that it could not deliver are in `quarantine`.
///
/// A row of `notification` is one message. `notifications` is the number of notifications in it;
/// `reading` the rules by which its body was read, none in rows from before layout 3; `hostname`,
/// `process`, `subscription` and `sequence` come from its envelope, if it has them. `minute` counts
/// the notifications received in each minute since 1970, see [`minute`]. `clock` has the last time
/// that retention believed.
///
/// Layout 3 adds its columns by editing the schema's text: rows that lack the last columns have
/// their defaults (<https://sqlite.org/lang_altertable.html>, section 8). `ALTER TABLE` does the
/// same, but then scans the whole table for each column, since it is STRICT.
const STEPS: [(i32, &str); 3] = [
    (
        1,
        "CREATE TABLE notification (
            seq        INTEGER PRIMARY KEY AUTOINCREMENT,
            id         TEXT    NOT NULL,
            received   INTEGER NOT NULL,
            event_time TEXT,
            publisher  TEXT    NOT NULL,
            encoding   TEXT    NOT NULL,
            name       TEXT    NOT NULL,
            size       INTEGER NOT NULL,
            body       BLOB    NOT NULL
        ) STRICT;
        CREATE INDEX notification_received ON notification (received);
        CREATE INDEX notification_publisher ON notification (publisher);
        CREATE TABLE cursor (
            sink TEXT    PRIMARY KEY,
            seq  INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;",
    ),
    (
        2,
        "DROP TABLE cursor;
        CREATE TABLE sink (
            name        TEXT    PRIMARY KEY,
            source      TEXT    NOT NULL,
            first       INTEGER NOT NULL,
            seq         INTEGER NOT NULL,
            delivered   INTEGER NOT NULL,
            quarantined INTEGER NOT NULL,
            missed      INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE quarantine (
            sink   TEXT    NOT NULL,
            seq    INTEGER NOT NULL,
            at     INTEGER NOT NULL,
            reason TEXT    NOT NULL,
            PRIMARY KEY (sink, seq)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX quarantine_seq ON quarantine (seq);
        CREATE TABLE rejected (
            seq        INTEGER PRIMARY KEY AUTOINCREMENT,
            id         TEXT    NOT NULL,
            received   INTEGER NOT NULL,
            publisher  TEXT    NOT NULL,
            encoding   TEXT    NOT NULL,
            faults     TEXT    NOT NULL,
            size       INTEGER NOT NULL,
            body       BLOB    NOT NULL
        ) STRICT;",
    ),
    (
        3,
        "PRAGMA writable_schema = ON;
        UPDATE sqlite_schema SET sql = replace(sql, ') STRICT', ',
            notifications INTEGER NOT NULL DEFAULT 1,
            reading       INTEGER,
            hostname      TEXT,
            process       INTEGER,
            subscription  INTEGER,
            sequence      INTEGER
        ) STRICT') WHERE name = 'notification';
        CREATE TABLE reading (
            number  INTEGER PRIMARY KEY,
            policy  TEXT NOT NULL,
            schemas TEXT NOT NULL,
            UNIQUE (policy, schemas)
        ) STRICT;
        CREATE TABLE minute (
            minute    INTEGER NOT NULL,
            publisher TEXT    NOT NULL,
            accepted  INTEGER NOT NULL,
            rejected  INTEGER NOT NULL,
            bytes     INTEGER NOT NULL,
            PRIMARY KEY (minute, publisher)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE clock (
            id       INTEGER PRIMARY KEY CHECK (id = 1),
            believed INTEGER NOT NULL
        ) STRICT;
        PRAGMA writable_schema = RESET;",
    ),
];

/// Temporary tables and views that show each layout like the next one; the file stays unchanged.
/// Names in `temp` take precedence over those in the file.
const AS_NEW: [(i32, &str); 2] = [
    (
        2,
        "CREATE TEMP TABLE sink (name, source, first, seq, delivered, quarantined, missed);
        CREATE TEMP TABLE quarantine (sink, seq, at, reason);
        CREATE TEMP TABLE rejected (
            seq INTEGER PRIMARY KEY, id, received, publisher, encoding, faults, size, body
        );",
    ),
    (
        3,
        "CREATE TEMP VIEW notification AS SELECT seq, id, received, event_time, publisher, encoding,
            name, size, body, 1 AS notifications, NULL AS reading, NULL AS hostname,
            NULL AS process, NULL AS subscription, NULL AS sequence
            FROM main.notification NOT INDEXED;
        CREATE TEMP TABLE reading (number INTEGER PRIMARY KEY, policy, schemas);
        CREATE TEMP TABLE minute (minute, publisher, accepted, rejected, bytes);
        CREATE TEMP TABLE clock (id, believed);",
    ),
];

/// Opens the file for writing, and creates the tables if it is new.
pub(crate) fn open(path: &Path) -> Result<Connection, OpenError> {
    let open = || {
        let connection = Connection::open(path)?;
        connection.busy_timeout(PATIENCE)?;
        Ok(connection)
    };
    let mut connection = open().map_err(|error| OpenError::sqlite(path, error))?;
    let layout = check(&connection, path)?;
    configure(&connection, layout).map_err(|error| OpenError::sqlite(path, error))?;
    if layout < LAYOUT {
        let made = migrate(&mut connection, path, layout);
        made.map_err(|source| match layout {
            0 => OpenError::sqlite(path, source),
            _ => OpenError::Migrate {
                path: path.to_owned(),
                needed: minute::largest(&connection),
                source,
            },
        })?;
    }
    Ok(connection)
}

/// A journal in memory.
pub(crate) fn in_memory() -> rusqlite::Result<Connection> {
    let connection = Connection::open_in_memory()?;
    for (_, step) in STEPS {
        connection.execute_batch(step)?;
    }
    Ok(connection)
}

/// Opens the file for reading.
pub(crate) fn open_to_read(path: &Path) -> Result<Connection, OpenError> {
    match open_any_to_read(path)? {
        (connection, LAYOUT) => Ok(connection),
        _ => Err(OpenError::Older {
            path: path.to_owned(),
        }),
    }
}

/// Opens the file for reading, with the newest layout: columns that an earlier one lacks are empty.
pub(crate) fn open_as_new(path: &Path) -> Result<Connection, OpenError> {
    let (connection, layout) = open_any_to_read(path)?;
    AS_NEW
        .iter()
        .filter(|(number, _)| *number > layout)
        .try_for_each(|(_, step)| connection.execute_batch(step))
        .map_err(|error| OpenError::sqlite(path, error))?;
    Ok(connection)
}

/// Opens the file for reading, with any layout.
pub(crate) fn open_any_to_read(path: &Path) -> Result<(Connection, i32), OpenError> {
    let open = || {
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        connection.busy_timeout(PATIENCE)?;
        // Intact pages are read even if the file is shorter than it should be: nothing is written
        // here. Pages are checked more strictly than a sound file would need.
        connection.execute_batch("PRAGMA writable_schema = ON; PRAGMA cell_size_check = ON")?;
        Ok(connection)
    };
    let connection = open().map_err(|error| OpenError::sqlite(path, error))?;
    match (check(&connection, path)?, path.parent()) {
        (0, Some(dir)) => Err(OpenError::Missing {
            dir: dir.to_owned(),
        }),
        (layout, _) => Ok((connection, layout)),
    }
}

/// The file's layout, 0 if it is empty; fails if this version cannot use it.
fn check(connection: &Connection, path: &Path) -> Result<i32, OpenError> {
    let number = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    let read = || Ok((number("application_id")?, number("user_version")?));
    let (application, layout) =
        read().map_err(|error: rusqlite::Error| match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::NotADatabase) => OpenError::Foreign {
                path: path.to_owned(),
            },
            _ => OpenError::sqlite(path, error),
        })?;
    let tables = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| {
        row.get::<_, i64>(0)
    });
    let empty = tables.map_err(|error| OpenError::sqlite(path, error))? == 0;
    match (empty, application, layout) {
        (true, 0, 0) => Ok(0),
        (_, APPLICATION_ID, layout @ 1..=LAYOUT) => Ok(layout),
        (_, APPLICATION_ID, found) if found > LAYOUT => Err(OpenError::Newer {
            path: path.to_owned(),
            found,
            known: LAYOUT,
        }),
        _ => Err(OpenError::Foreign {
            path: path.to_owned(),
        }),
    }
}

fn configure(connection: &Connection, layout: i32) -> rusqlite::Result<()> {
    if layout == 0 {
        // Only effective before there are tables: the space of removed rows can be returned.
        connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    }
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    // A WAL that grew during a long read shrinks again, to 64 MiB.
    connection.pragma_update(None, "journal_size_limit", 64 << 20)
}

/// Migrates to the newest layout in one transaction: an interruption leaves the file unchanged.
fn migrate(connection: &mut Connection, path: &Path, layout: i32) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    for (_, step) in STEPS.iter().filter(|(number, _)| *number > layout) {
        transaction.execute_batch(step)?;
    }
    if layout > 0 {
        tracing::info!(
            from = layout,
            to = LAYOUT,
            "the journal is given a new layout"
        );
        let old = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        minute::count_all(&old, &transaction)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", LAYOUT)?;
    transaction.commit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_layout_is_made_new_and_keeps_what_is_in_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal.db");
        let old = Connection::open(&path).unwrap();
        old.execute_batch(STEPS[0].1).unwrap();
        old.pragma_update(None, "application_id", APPLICATION_ID)
            .unwrap();
        old.pragma_update(None, "user_version", 1).unwrap();
        old.execute_batch(
            "INSERT INTO notification VALUES (7, 'id', 1, NULL, 'p', 'json', 'a:b', 0, x'')",
        )
        .unwrap();
        drop(old);
        let told = open_to_read(&path).unwrap_err().to_string();
        assert!(told.contains("start `notif-server serve`"), "{told}");
        let shown = open_as_new(&path).unwrap();
        let sql = "SELECT count(*), max(notifications), (SELECT count(*) FROM sink),
             (SELECT count(*) FROM quarantine), (SELECT count(*) FROM rejected),
             (SELECT count(*) FROM minute), (SELECT count(*) FROM clock) FROM notification";
        let numbers = shown.query_row(sql, [], |row| {
            (0..7)
                .map(|at| row.get(at))
                .collect::<rusqlite::Result<Vec<i64>>>()
        });
        assert_eq!(numbers.unwrap(), [1, 1, 0, 0, 0, 0, 0]);
        drop(shown);
        let new = open(&path).unwrap();
        let seq = new.query_row("SELECT seq FROM notification", [], |row| {
            row.get::<_, i64>(0)
        });
        assert_eq!(seq.unwrap(), 7);
        new.query_row(
            "SELECT count(*) FROM sink, quarantine, rejected, minute, reading",
            [],
            |_| Ok(()),
        )
        .unwrap();
        assert_eq!(check(&new, &path).unwrap(), LAYOUT);
    }
}
