//! Single numbers out of SQLite.

use rusqlite::Connection;

/// The number that a statement answers, 0 for none.
pub(crate) fn number(connection: &Connection, sql: &str) -> rusqlite::Result<u64> {
    let number = connection.query_row(sql, [], |row| row.get::<_, Option<i64>>(0));
    number.map(|number| number.map_or(0, i64::unsigned_abs))
}

/// The number that a pragma answers.
pub(crate) fn pragma(connection: &Connection, name: &str) -> rusqlite::Result<u64> {
    let number = connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    number.map(i64::unsigned_abs)
}

/// The number of the oldest row, 0 if there is none, without a look at the table; an error if it has
/// no index that tells. All of the index is read.
pub(crate) fn oldest_by_index(connection: &Connection, table: &str) -> rusqlite::Result<u64> {
    let sql = format!("SELECT min(seq) FROM {table} INDEXED BY {table}_received");
    number(connection, &sql)
}
