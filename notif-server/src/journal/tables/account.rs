//! The sinks' accounts: the cursor of each, and the outcome of its deliveries.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::sql::oldest_by_index;
use crate::journal::error::is_damage;
use crate::notification::{SinkName, Source};

impl Source {
    /// The table that holds them.
    pub(crate) const fn table(self) -> &'static str {
        match self {
            Self::Notifications => "notification",
            Self::Rejected => "rejected",
        }
    }
}

/// The outcome of delivering a run of notifications to a sink, up to and with `seq`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settled {
    /// The last of them.
    pub seq: u64,
    /// The number delivered.
    pub delivered: u64,
    /// The number removed before the sink could take them.
    pub missed: u64,
    /// Those that the destination refuses, with the reasons.
    pub quarantined: Vec<(u64, String)>,
}

impl Settled {
    /// Adds the outcome of the next ones.
    pub fn merge(&mut self, next: Self) {
        self.seq = next.seq;
        self.delivered += next.delivered;
        self.missed += next.missed;
        self.quarantined.extend(next.quarantined);
    }
}

/// A sink's account. Always, `accepted = delivered + quarantined + missed + waiting`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The sink.
    pub sink: String,
    /// The number after which the account begins.
    pub first: u64,
    /// The number of the newest notification for it.
    pub last: u64,
    /// All up to and with this number are settled.
    pub seq: u64,
    /// The number delivered.
    pub delivered: u64,
    /// The number that the destination refuses; they are in quarantine.
    pub quarantined: u64,
    /// The number removed before the sink could take them.
    pub missed: u64,
    /// The time of receipt of the oldest that waits.
    pub waiting_since: Option<Timestamp>,
}

impl Account {
    /// The number of notifications for the sink since its account began.
    #[must_use]
    pub const fn accepted(&self) -> u64 {
        self.last.saturating_sub(self.first)
    }

    /// The number that it has yet to get.
    #[must_use]
    pub const fn waiting(&self) -> u64 {
        self.last.saturating_sub(self.seq)
    }

    /// The imbalance of the account: 0 as long as nothing was lost or counted twice.
    #[must_use]
    pub fn unaccounted(&self) -> i64 {
        let known = self.delivered + self.quarantined + self.missed + self.waiting();
        let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        signed(self.accepted()) - signed(known)
    }
}

/// Opens an account for the sink if it has none, starting with the oldest notification.
pub(crate) fn open(connection: &Connection, sink: SinkName) -> rusqlite::Result<()> {
    let known = connection
        .prepare("SELECT 1 FROM sink WHERE name = ?")?
        .exists([sink.name])?;
    if known {
        return Ok(());
    }
    let table = sink.source.table();
    let start = match start(connection, table) {
        // The sink searches for the oldest itself, so that it gets everything readable; the ones
        // removed before then count as missed.
        Err(error) if is_damage(&error) => oldest_by_index(connection, table)
            .map_or(0, |oldest| oldest.saturating_sub(1).cast_signed()),
        start => start?,
    };
    connection.execute(
        "INSERT INTO sink (name, source, first, seq, delivered, quarantined, missed)
         VALUES (?1, ?2, ?3, ?3, 0, 0, 0)",
        params![sink.name, table, start],
    )?;
    Ok(())
}

/// The number before the oldest notification.
fn start(connection: &Connection, table: &str) -> rusqlite::Result<i64> {
    let sql = format!(
        "SELECT coalesce((SELECT min(seq) - 1 FROM {table}),
             (SELECT seq FROM sqlite_sequence WHERE name = '{table}'), 0)"
    );
    connection.query_row(&sql, [], |row| row.get(0))
}

/// Records the outcome of a run.
pub(crate) fn settle(
    connection: &Connection,
    sink: &str,
    settled: &Settled,
    now: i64,
) -> rusqlite::Result<()> {
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let parked = settled.quarantined.len();
    connection
        .prepare_cached(
            "UPDATE sink SET seq = ?2, delivered = delivered + ?3,
                 quarantined = quarantined + ?4, missed = missed + ?5 WHERE name = ?1",
        )?
        .execute(params![
            sink,
            number(settled.seq),
            number(settled.delivered),
            i64::try_from(parked).unwrap_or(i64::MAX),
            number(settled.missed),
        ])?;
    let mut park =
        connection.prepare_cached("INSERT OR REPLACE INTO quarantine VALUES (?, ?, ?, ?)")?;
    for (seq, reason) in &settled.quarantined {
        park.execute(params![sink, number(*seq), now, reason])?;
    }
    Ok(())
}

/// The accounts of all sinks, in one snapshot.
pub(crate) fn all(connection: &Connection) -> rusqlite::Result<Vec<Account>> {
    // One snapshot, also for the queries of each account.
    let transaction = connection.unchecked_transaction()?;
    let mut statement = transaction.prepare_cached(
        "SELECT sink.name, first, coalesce(sequence.seq, 0), sink.seq,
             delivered, quarantined, missed, source
         FROM sink LEFT JOIN sqlite_sequence AS sequence ON sequence.name = sink.source
         ORDER BY sink.name",
    )?;
    let rows = statement.query_map([], |row| {
        let number = |at: usize| row.get::<_, i64>(at).map(i64::unsigned_abs);
        Ok(Account {
            sink: row.get(0)?,
            first: number(1)?,
            last: number(2)?,
            seq: number(3)?,
            delivered: number(4)?,
            quarantined: number(5)?,
            missed: number(6)?,
            // If the oldest cannot be read, the account still can.
            waiting_since: oldest_after(&transaction, &row.get::<_, String>(7)?, row.get(3)?)
                .unwrap_or(None),
        })
    })?;
    rows.collect()
}

/// The time of receipt of the oldest after number `seq`.
fn oldest_after(
    connection: &Connection,
    source: &str,
    seq: i64,
) -> rusqlite::Result<Option<Timestamp>> {
    let sources = [Source::Notifications, Source::Rejected];
    let Some(source) = sources.iter().find(|known| known.table() == source) else {
        return Ok(None);
    };
    let received = connection
        .prepare_cached(&format!(
            "SELECT received FROM {} WHERE seq > ? ORDER BY seq LIMIT 1",
            source.table()
        ))?
        .query_row([seq], |row| row.get(0))
        .optional()?;
    Ok(received.and_then(|time| Timestamp::from_microsecond(time).ok()))
}
