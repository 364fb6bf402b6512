//! The journal's tables.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::OpenError;

/// Marks the file as ours (`PRAGMA application_id`): "YNJ1".
const APPLICATION_ID: i32 = 0x594E_4A31;

/// The layout of the tables below (`PRAGMA user_version`).
const LAYOUT: i32 = 1;

/// How long to wait for another process that holds the file for a moment.
const PATIENCE: Duration = Duration::from_secs(5);

/// Times are microseconds since 1970-01-01 UTC. A cursor is what a sink has taken, up to and with
/// `seq`.
const TABLES: &str = "
    CREATE TABLE notification (
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
    ) STRICT, WITHOUT ROWID;
";

/// Opens the file for writing and makes the tables if it is new.
pub(super) fn open(path: &Path) -> Result<Connection, OpenError> {
    let open = || {
        let connection = Connection::open(path)?;
        connection.busy_timeout(PATIENCE)?;
        Ok(connection)
    };
    let mut connection = open().map_err(|error| OpenError::sqlite(path, error))?;
    let new = check(&connection, path)?;
    prepare(&mut connection, new).map_err(|error| OpenError::sqlite(path, error))?;
    Ok(connection)
}

/// Opens the file for reading.
pub(super) fn open_to_read(path: &Path) -> Result<Connection, OpenError> {
    let open = || {
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        connection.busy_timeout(PATIENCE)?;
        Ok(connection)
    };
    let connection = open().map_err(|error| OpenError::sqlite(path, error))?;
    let new = check(&connection, path)?;
    match (new, path.parent()) {
        (true, Some(dir)) => Err(OpenError::Missing {
            dir: dir.to_owned(),
        }),
        _ => Ok(connection),
    }
}

/// Whether the file is empty; an error if it is not one that this version can use.
fn check(connection: &Connection, path: &Path) -> Result<bool, OpenError> {
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
        (true, 0, 0) => Ok(true),
        (_, APPLICATION_ID, LAYOUT) => Ok(false),
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

fn prepare(connection: &mut Connection, new: bool) -> rusqlite::Result<()> {
    if new {
        // Takes effect only before there are tables: what is removed later gives its space back.
        connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    }
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    // A WAL that a long reader let grow shrinks again, to 64 MiB.
    connection.pragma_update(None, "journal_size_limit", 64 << 20)?;
    if new {
        let transaction = connection.transaction()?;
        transaction.execute_batch(TABLES)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", LAYOUT)?;
        transaction.commit()?;
    }
    Ok(())
}
