//! Bounds, sinks' accounts, rejected notifications.

use std::time::Duration;

use jiff::Timestamp;
use notif_runtime::Encoding;
use rusqlite::Connection;
use tempfile::TempDir;

use crate::journal::retention::{Retention, Tidied, removal};
use crate::journal::write::commit::{RejectedRow, Row, Work, commit};
use crate::journal::*;
use crate::notification::{Envelope, Source};

const SINK: SinkName = SinkName {
    name: "sink",
    source: Source::Notifications,
};

const OTHER: SinkName = SinkName {
    name: "other",
    source: Source::Notifications,
};

/// Bytes that no compression makes smaller.
fn noise(mut seed: u64, size: usize) -> Vec<u8> {
    let next = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        seed.to_be_bytes()[0]
    };
    std::iter::repeat_with(next).take(size).collect()
}

fn entry(received: Timestamp, body: Vec<u8>) -> Entry {
    Entry {
        received,
        event_time: None,
        publisher: "p".to_owned(),
        encoding: Encoding::Json,
        name: "example:event".to_owned(),
        body,
        reading: None,
        envelope: Envelope::default(),
    }
}

fn open(bounds: Bounds, sinks: &[SinkName]) -> (TempDir, Journal) {
    let dir = tempfile::tempdir().unwrap();
    let journal = Journal::open(dir.path(), bounds, sinks).unwrap();
    (dir, journal)
}

/// Appends notifications of 20 kB until one is refused, at most `most`.
async fn fill(journal: &Journal, most: u64) -> (u64, Option<AppendError>) {
    for number in 0..most {
        let body = noise(number + 1, 20_000);
        if let Err(error) = journal.append(entry(Timestamp::now(), body)).await {
            return (number, Some(error));
        }
    }
    (most, None)
}

fn delivered(seq: u64, delivered: u64) -> Settled {
    Settled {
        seq,
        delivered,
        ..Settled::default()
    }
}

fn count(journal: &Journal) -> u64 {
    journal.reader().unwrap().summary().unwrap().extent.count
}

/// Waits until `done`, for at most ten seconds.
async fn soon(what: &str, done: impl Fn() -> bool) {
    for _ in 0..1000 {
        if done() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("not in ten seconds: {what}");
}

#[tokio::test]
async fn the_oldest_make_room_when_no_sink_owes_them() {
    let bounds = Bounds {
        max_size: 1 << 20,
        ..Bounds::NONE
    };
    let (dir, journal) = open(bounds, &[]);
    let (kept, refused) = fill(&journal, 200).await;
    assert_eq!((kept, refused.map(|error| error.to_string())), (200, None));
    soon("within its size", || count(&journal) <= 52).await;
    assert!(count(&journal) >= 40, "no more goes than must");
    let newest = journal.reader().unwrap().batch(&Filter::default(), 199, 9);
    assert_eq!(newest.unwrap().len(), 1);
    let file = || std::fs::metadata(dir.path().join(FILE)).unwrap().len();
    soon("space given back", || file() < 3 << 20).await;
}

#[tokio::test]
async fn what_a_sink_owes_stays_and_the_journal_is_full_until_it_is_settled() {
    let bounds = Bounds {
        max_size: 1 << 20,
        ..Bounds::NONE
    };
    let (_dir, journal) = open(bounds, &[SINK, OTHER]);
    let (kept, refused) = fill(&journal, 200).await;
    let told = refused.unwrap().to_string();
    assert!(
        (40..60).contains(&kept) && told.contains("journal.max-size"),
        "{kept}: {told}"
    );
    assert!(journal.health().unwrap_err().contains("still owed to"));
    journal.settle("sink", delivered(kept, kept)).await.unwrap();
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert_eq!(count(&journal), kept, "the other sink owes them yet");
    assert!(fill(&journal, 1).await.1.is_some());
    journal
        .settle("other", delivered(kept, kept))
        .await
        .unwrap();
    soon("room again", || journal.health().is_ok()).await;
    assert_eq!(fill(&journal, 1).await.0, 1);
    let newest = journal.reader().unwrap().batch(&Filter::default(), kept, 9);
    assert_eq!(newest.unwrap().len(), 1);
}

#[tokio::test]
async fn the_old_are_removed_once_they_are_settled() {
    let bounds = Bounds {
        max_age: Duration::from_secs(3600),
        ..Bounds::NONE
    };
    let (_dir, journal) = open(bounds, &[SINK]);
    let old = Timestamp::now() - jiff::SignedDuration::from_hours(2);
    for received in [old, old, Timestamp::now()] {
        journal.append(entry(received, Vec::new())).await.unwrap();
    }
    let settled = Settled {
        quarantined: vec![(1, "because".to_owned())],
        ..delivered(1, 0)
    };
    journal.settle("sink", settled).await.unwrap();
    soon("the first is removed", || count(&journal) == 2).await;
    assert_eq!(
        journal
            .reader()
            .unwrap()
            .quarantined(&Filter::default(), usize::MAX)
            .unwrap(),
        []
    );
    tokio::time::sleep(Duration::from_millis(1200)).await;
    assert_eq!(count(&journal), 2, "the second is owed");
    journal.settle("sink", delivered(2, 1)).await.unwrap();
    soon("the second is removed", || count(&journal) == 1).await;
    let account = &journal.reader().unwrap().accounts().unwrap()[0];
    assert_eq!(
        (account.accepted(), account.waiting(), account.unaccounted()),
        (3, 1, 0)
    );
}

#[tokio::test]
async fn a_table_that_cannot_be_read_keeps_nothing_in_the_others() {
    for table in ["rejected", "minute"] {
        let bounds = Bounds {
            max_age: Duration::from_secs(3600),
            ..Bounds::NONE
        };
        let (dir, journal) = open(bounds, &[]);
        let file = Connection::open(dir.path().join(FILE)).unwrap();
        // Its time has come when the table is gone.
        let received = Timestamp::now() - jiff::SignedDuration::from_secs(3597);
        journal.append(entry(received, Vec::new())).await.unwrap();
        let away = format!("ALTER TABLE {table} RENAME TO away");
        file.execute_batch(&away).unwrap();
        assert_eq!(count(&journal), 1);
        soon("removed", || count(&journal) == 0).await;
    }
}

#[tokio::test]
async fn a_disk_with_too_little_space_is_full() {
    let bounds = Bounds {
        min_free: u64::MAX,
        ..Bounds::NONE
    };
    let (_dir, journal) = open(bounds, &[]);
    let refused = journal.append(entry(Timestamp::now(), Vec::new())).await;
    assert!(
        matches!(
            refused,
            Err(AppendError::Full(Full::Disk { min: u64::MAX, .. }))
        ),
        "{refused:?}"
    );
}

#[tokio::test]
async fn what_was_rejected_makes_room_for_what_is_accepted() {
    let bounds = Bounds {
        max_size: 1 << 20,
        ..Bounds::NONE
    };
    let (_dir, journal) = open(bounds, &[SINK]);
    for number in 0..100 {
        journal.reject(Rejection {
            received: Timestamp::now(),
            publisher: "p".to_owned(),
            encoding: Encoding::Xml,
            faults: String::new(),
            body: noise(number, 20_000),
        });
    }
    let reader = journal.reader().unwrap();
    let kept = || reader.rejected(&Filter::default(), 0, 200).unwrap();
    soon("rejected ones are kept", || !kept().is_empty()).await;
    soon("room", || journal.health().is_ok() && kept().len() < 60).await;
    assert_eq!(fill(&journal, 1).await.0, 1);
}

#[tokio::test]
async fn what_is_rejected_just_before_takes_no_room_from_what_is_accepted() {
    let bounds = Bounds {
        max_size: 1 << 20,
        ..Bounds::NONE
    };
    let (dir, journal) = open(bounds, &[SINK]);
    // The writer waits while they come: they are one group after the first of them.
    let file = Connection::open(dir.path().join(FILE)).unwrap();
    file.execute_batch("BEGIN IMMEDIATE").unwrap();
    for number in 0..100 {
        journal.reject(Rejection {
            received: Timestamp::now(),
            publisher: "p".to_owned(),
            encoding: Encoding::Xml,
            faults: String::new(),
            body: noise(number, 20_000),
        });
    }
    let go_on = async { file.execute_batch("ROLLBACK").unwrap() };
    let (filled, ()) = tokio::join!(fill(&journal, 1), go_on);
    assert_eq!(filled.0, 1, "{:?}", filled.1);
}

#[tokio::test]
async fn a_failure_that_is_over_is_noticed_without_a_notification() {
    let (dir, journal) = open(Bounds::NONE, &[]);
    let file = rusqlite::Connection::open(dir.path().join(FILE)).unwrap();
    let rename = |from: &str, to: &str| {
        let sql = format!("ALTER TABLE {from} RENAME TO {to}");
        file.execute_batch(&sql).unwrap();
    };
    rename("notification", "away");
    assert!(fill(&journal, 1).await.1.is_some());
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert!(journal.health().is_err(), "it is not over yet");
    rename("away", "notification");
    soon("well again", || journal.health().is_ok()).await;
}

#[tokio::test]
async fn accounts_begin_with_the_oldest_and_last_over_restarts() {
    let (dir, journal) = open(Bounds::NONE, &[]);
    assert_eq!(fill(&journal, 3).await.0, 3);
    drop(journal);
    let again = || Journal::open(dir.path(), Bounds::NONE, &[SINK]).unwrap();
    let journal = again();
    let settled = Settled {
        quarantined: vec![(2, "too large".to_owned())],
        ..delivered(2, 1)
    };
    journal.settle("sink", settled).await.unwrap();
    journal.close().await;
    drop(journal);
    let reader = again().reader().unwrap();
    let account = reader.accounts().unwrap().remove(0);
    assert_eq!((account.first, account.last, account.seq), (0, 3, 2));
    assert_eq!(
        (account.delivered, account.quarantined, account.waiting()),
        (1, 1, 1)
    );
    assert_eq!(account.unaccounted(), 0);
    assert!(account.waiting_since.is_some());
    let none = reader.quarantined(&Filter::default(), 0).unwrap();
    assert!(none.is_empty());
    let parked = reader
        .quarantined(&Filter::default(), usize::MAX)
        .unwrap()
        .remove(0);
    assert_eq!(
        (parked.sink.as_str(), parked.seq, parked.reason.as_str()),
        ("sink", 2, "too large")
    );
}

#[tokio::test]
async fn rejected_notifications_are_kept_within_their_bound() {
    let bounds = Bounds {
        max_rejected: 100_000,
        ..Bounds::NONE
    };
    let (_dir, journal) = open(bounds, &[]);
    for number in 1..=20 {
        journal.reject(Rejection {
            received: Timestamp::now(),
            publisher: "p".to_owned(),
            encoding: Encoding::Xml,
            faults: format!("fault {number}"),
            body: noise(number, 10_000),
        });
    }
    let reader = journal.reader().unwrap();
    let read = || reader.rejected(&Filter::default(), 0, 100).unwrap();
    soon("trimmed", || {
        read().last().is_some_and(|last| last.stored.seq == 20) && read().len() <= 10
    })
    .await;
    let last = read().pop().unwrap().rejection;
    assert_eq!(
        (last.faults.as_str(), last.encoding, last.body),
        ("fault 20", Encoding::Xml, noise(20, 10_000))
    );
    assert_eq!(journal.tips().borrow().rejected, 20);
    assert_eq!(count(&journal), 0);
    let (before, more) = reader
        .before_newest_rejected(&Filter::default(), 2)
        .unwrap();
    assert_eq!((before, more), (18, true));
}

/// A file with `count` notifications of 20 kB, received now, and its retention.
fn filled(count: u64, bounds: Bounds) -> (TempDir, Connection, Retention) {
    let dir = tempfile::tempdir().unwrap();
    let (_lock, mut connection, files) = open_files(dir.path()).unwrap();
    let work = |number| {
        let row = Row::new(entry(Timestamp::now(), noise(number, 20_000)));
        Work::Append(row.unwrap())
    };
    let works: Vec<_> = (1..=count).map(work).collect();
    commit(&mut connection, works.iter()).unwrap();
    let retention = Retention::new(bounds, Vec::new(), Disk::new(dir.path(), files));
    (dir, connection, retention)
}

#[test]
fn free_space_is_given_back_in_few_steps() {
    let bounds = Bounds {
        max_size: 0,
        ..Bounds::NONE
    };
    let (_dir, mut connection, retention) = filled(500, bounds);
    let mut step = || retention.tidy(&mut connection, Timestamp::now()).unwrap();
    let steps = (0..100).take_while(|_| step() != Tidied::default());
    assert!(steps.count() < 100, "a step does too little");
    let pages: i64 = connection
        .pragma_query_value(None, "page_count", |row| row.get(0))
        .unwrap();
    assert!(pages < 1000, "{pages} pages are left");
}

#[test]
fn the_oldest_make_room_on_a_disk_with_too_little_space() {
    let bounds = Bounds {
        min_free: u64::MAX,
        ..Bounds::NONE
    };
    let (_dir, mut connection, retention) = filled(3, bounds);
    let tidied = retention.tidy(&mut connection, Timestamp::now()).unwrap();
    assert_eq!(tidied.removed, 3);
}

#[test]
fn a_long_reader_removes_nothing() {
    let bounds = Bounds {
        max_size: 1 << 20,
        ..Bounds::NONE
    };
    let (dir, mut connection, retention) = filled(40, bounds);
    let reader = Connection::open(dir.path().join(FILE)).unwrap();
    let count = "BEGIN; SELECT count(*) FROM notification;";
    reader.execute_batch(count).unwrap();
    for _ in 0..3 {
        let rewrite = "UPDATE notification SET body = randomblob(20000)";
        connection.execute(rewrite, []).unwrap();
    }
    let log = || retention.disk().space(&connection).unwrap().log;
    assert!(log() > 2 << 20, "the reader keeps it");
    let made = retention.make_room(&mut connection, 1000).unwrap();
    assert_eq!(made, (retention::Made::default(), None));
    let tidied = retention.tidy(&mut connection, Timestamp::now()).unwrap();
    assert_eq!(tidied.removed, 0);
    reader.execute_batch("COMMIT").unwrap();
    retention.make_room(&mut connection, 1000).unwrap();
    assert!(retention.disk().space(&connection).unwrap().log < 1 << 16);
}

#[test]
fn rejected_notifications_are_measured_in_bytes_and_removed_a_little_at_a_time() {
    let bounds = Bounds {
        max_rejected: 0,
        ..Bounds::NONE
    };
    let (_dir, mut connection, retention) = filled(0, bounds);
    let work = |number: u64| {
        let rejection = Rejection {
            received: Timestamp::now(),
            publisher: "p".to_owned(),
            encoding: Encoding::Json,
            faults: "é".repeat(100),
            body: noise(number, 10),
        };
        Work::Reject(RejectedRow::new(rejection).unwrap())
    };
    let works: Vec<_> = (0..2000).map(work).collect();
    let mut total = commit(&mut connection, works.iter())
        .unwrap()
        .rejected_bytes;
    assert_eq!(removal::rejected_size(&connection).unwrap(), total);
    let mut steps = 0;
    while total > 0 {
        let trimmed = retention
            .trim_rejected(&mut connection, Timestamp::now(), total)
            .unwrap();
        assert!((1..=1024).contains(&trimmed.removed), "{trimmed:?}");
        total = trimmed.left;
        steps += 1;
    }
    assert!(steps > 1);
    assert_eq!(removal::rejected_size(&connection).unwrap(), 0);
}
