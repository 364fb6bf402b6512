//! Reads single numbers from SQLite.

use rusqlite::Connection;

/// The number that a statement returns, 0 for none.
pub(crate) fn number(connection: &Connection, sql: &str) -> rusqlite::Result<u64> {
    let number = connection.query_row(sql, [], |row| row.get::<_, Option<i64>>(0));
    number.map(|number| number.map_or(0, i64::unsigned_abs))
}

/// The number that a pragma returns.
pub(crate) fn pragma(connection: &Connection, name: &str) -> rusqlite::Result<u64> {
    let number = connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    number.map(i64::unsigned_abs)
}

/// The number of the oldest row, 0 if there is none, from an index alone, which is read completely;
/// fails if no index has it.
pub(crate) fn oldest_by_index(connection: &Connection, table: &str) -> rusqlite::Result<u64> {
    let sql = format!("SELECT min(seq) FROM {table} INDEXED BY {table}_received");
    number(connection, &sql)
}
