mod bounds;
mod damage;
mod faults;

use std::path::Path;

use jiff::Timestamp;
use notif_runtime::Encoding;
use rusqlite::Connection;
use tempfile::TempDir;

use crate::journal::tables::layout;
use crate::journal::write::commit::{Row, Work, commit};
use crate::journal::*;
use crate::notification::{Envelope, Reading};

fn entry(publisher: &str, second: i64, body: &[u8]) -> Entry {
    Entry {
        received: Timestamp::from_second(second).unwrap(),
        event_time: Some("2025-03-17T19:43:27.972894Z".to_owned()),
        publisher: publisher.to_owned(),
        encoding: Encoding::Json,
        name: "example:event".to_owned(),
        body: body.to_vec(),
        reading: None,
        envelope: Envelope::default(),
    }
}

fn open(dir: &Path) -> Result<Journal, OpenError> {
    Journal::open(dir, Bounds::NONE, &[])
}

async fn filled(count: i64) -> (TempDir, Journal) {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(dir.path()).unwrap();
    for second in 1..=count {
        let publisher = if second % 2 == 0 { "even" } else { "odd" };
        let body = format!("body {second}");
        let stored = journal
            .append(entry(publisher, second, body.as_bytes()))
            .await;
        assert_eq!(stored.unwrap().seq, second.unsigned_abs());
    }
    (dir, journal)
}

fn seqs(dir: &Path, filter: &Filter) -> Vec<u64> {
    let records = Reader::open(dir).unwrap().batch(filter, 0, 100).unwrap();
    records.iter().map(|record| record.stored.seq).collect()
}

#[tokio::test]
async fn what_is_appended_is_read_back_while_the_journal_is_open() {
    let (dir, journal) = filled(2).await;
    let records = Reader::open(dir.path()).unwrap();
    let records = records.batch(&Filter::default(), 0, 10).unwrap();
    let bodies: Vec<_> = records
        .iter()
        .map(|record| &record.entry.body[..])
        .collect();
    assert_eq!(bodies, [b"body 1", b"body 2"]);
    let first = &records[0];
    assert_eq!(first.entry.received, Timestamp::from_second(1).unwrap());
    assert_eq!(
        first.entry.event_time.as_deref(),
        Some("2025-03-17T19:43:27.972894Z")
    );
    assert_eq!(
        (first.entry.encoding, first.entry.name.as_str()),
        (Encoding::Json, "example:event")
    );
    assert_eq!(first.stored.id.get_version_num(), 7);
    assert!(first.stored.id < records[1].stored.id);
    journal.close().await;
}

#[tokio::test]
async fn a_row_keeps_its_reading_and_envelope_and_may_hold_many_notifications() {
    let (dir, journal) = filled(1).await;
    let mut sent = entry("p", 70, b"many");
    sent.reading = Some(Reading {
        policy: "tolerant".into(),
        schemas: "some set".into(),
    });
    sent.envelope = Envelope {
        notifications: 3,
        hostname: Some("router-1".to_owned()),
        process: Some(u32::MAX),
        subscription: Some(7),
        sequence: Some(0),
    };
    for _ in 0..2 {
        journal.append(sent.clone()).await.unwrap();
    }
    let reader = Reader::open(dir.path()).unwrap();
    let records = reader.batch(&Filter::default(), 0, 10).unwrap();
    assert_eq!(records[0].entry.reading, None);
    assert_eq!(records[0].entry.envelope, Envelope::default());
    for record in &records[1..] {
        assert_eq!(record.entry.reading, sent.reading);
        assert_eq!(record.entry.envelope, sent.envelope);
    }
    let stats = reader.stats().unwrap();
    assert_eq!((stats.accepted.count, stats.accepted.messages), (7, 3));
    let origins: Vec<_> = stats
        .by_origin
        .iter()
        .map(|origin| (origin.publisher.as_str(), origin.count))
        .collect();
    assert_eq!(origins, [("p", 6), ("odd", 1)]);
}

#[tokio::test]
async fn it_goes_on_where_it_stopped() {
    let (dir, journal) = filled(3).await;
    journal.close().await;
    let refused = journal.append(entry("late", 9, b"")).await;
    assert!(matches!(refused, Err(AppendError::Closed)));
    assert!(journal.health().is_err());
    drop(journal);
    let journal = open(dir.path()).unwrap();
    let stored = journal
        .append(entry("new", 4, &vec![0; 100_000]))
        .await
        .unwrap();
    assert_eq!(stored.seq, 4);
    assert_eq!(seqs(dir.path(), &Filter::default()), [1, 2, 3, 4]);
}

#[tokio::test]
async fn notifications_that_come_together_share_a_commit() {
    let dir = tempfile::tempdir().unwrap();
    let journal = std::sync::Arc::new(open(dir.path()).unwrap());
    let tasks: Vec<_> = (0..200)
        .map(|at| {
            let journal = std::sync::Arc::clone(&journal);
            tokio::spawn(async move { journal.append(entry("p", at, b"x")).await.unwrap().seq })
        })
        .collect();
    let mut stored = Vec::new();
    for task in tasks {
        stored.push(task.await.unwrap());
    }
    stored.sort_unstable();
    assert_eq!(stored, (1..=200).collect::<Vec<_>>());
    let mut registry = prometheus_client::registry::Registry::default();
    journal.register(&mut registry);
    let mut text = String::new();
    prometheus_client::encoding::text::encode(&mut text, &registry).unwrap();
    let value = |name: &str| {
        let line = text.lines().find(|line| line.starts_with(name)).unwrap();
        line.rsplit(' ').next().unwrap().parse::<f64>().unwrap()
    };
    assert_eq!(value("journal_commit_notifications_sum").to_string(), "200");
    assert!(
        value("journal_commit_notifications_count") < 200.0,
        "{text}"
    );
    assert_eq!(value("journal_bodies_bytes_total").to_string(), "200");
}

#[tokio::test]
async fn filters_and_the_newest() {
    let (dir, _journal) = filled(10).await;
    let filter = |change: fn(&mut Filter)| {
        let mut filter = Filter::default();
        change(&mut filter);
        seqs(dir.path(), &filter)
    };
    let second = |second| Timestamp::from_second(second).ok();
    assert_eq!(
        filter(|f| f.publisher = Some("even".into())),
        [2, 4, 6, 8, 10]
    );
    assert_eq!(filter(|f| f.publisher = Some("e%".into())), [0u64; 0]);
    assert_eq!(filter(|f| f.name = Some("event".into())).len(), 10);
    assert_eq!(filter(|f| f.name = Some("example:event".into())).len(), 10);
    assert_eq!(filter(|f| f.name = Some("other".into())).len(), 0);
    let between = Filter {
        since: second(3),
        until: second(5),
        ..Filter::default()
    };
    assert_eq!(seqs(dir.path(), &between), [3, 4]);

    let reader = Reader::open(dir.path()).unwrap();
    let odd = Filter {
        publisher: Some("odd".into()),
        ..Filter::default()
    };
    assert_eq!(reader.before_newest(&odd, 2).unwrap(), (5, true));
    assert_eq!(reader.before_newest(&odd, 5).unwrap(), (0, false));
    let last = reader.batch(&odd, 5, 1).unwrap();
    assert_eq!(last[0].stored.seq, 7);
    let summary = reader.summary().unwrap();
    assert_eq!(
        (summary.extent.count, summary.extent.span),
        (10, second(1).zip(second(10)))
    );
    assert_eq!(summary.publishers, ["even", "odd"]);
    assert_eq!(summary.names, ["example:event"]);
}

#[tokio::test]
async fn one_process_at_a_time_writes() {
    let (dir, journal) = filled(1).await;
    assert!(matches!(open(dir.path()), Err(OpenError::InUse { .. })));
    drop(journal);
    open(dir.path()).unwrap();
}

#[test]
fn files_that_are_not_this_versions_journal_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(
        Reader::open(dir.path()),
        Err(OpenError::Missing { .. })
    ));
    drop(open(dir.path()).unwrap());
    let file = dir.path().join(FILE);
    let set = |pragma: &str| {
        Connection::open(&file)
            .unwrap()
            .execute_batch(pragma)
            .unwrap();
    };
    set("PRAGMA user_version = 4");
    let newer = open(dir.path()).map(|_| ()).unwrap_err();
    assert!(
        matches!(
            newer,
            OpenError::Newer {
                found: 4,
                known: 3,
                ..
            }
        ),
        "{newer}"
    );
    assert!(matches!(
        Reader::open(dir.path()),
        Err(OpenError::Newer { .. })
    ));
    set("PRAGMA user_version = 2; PRAGMA application_id = 7");
    assert!(matches!(open(dir.path()), Err(OpenError::Foreign { .. })));
    std::fs::write(
        &file,
        "no database at all, but long enough to have a header".repeat(9),
    )
    .unwrap();
    assert!(matches!(open(dir.path()), Err(OpenError::Foreign { .. })));
}

#[test]
fn a_full_disk_loses_no_earlier_notification_and_the_next_group_may_succeed() {
    let dir = tempfile::tempdir().unwrap();
    let mut connection = layout::open(&dir.path().join(FILE)).unwrap();
    // No two bodies compress to less than they are.
    let noise = |seed: u8| {
        let mut state = u32::from(seed) + 1;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0]
        };
        let body: Vec<u8> = (0..60_000).map(|_| next()).collect();
        Work::Append(Row::new(entry("p", 1, &body)).unwrap())
    };
    commit(&mut connection, [noise(1)].iter()).unwrap();
    let pages: i64 = connection
        .pragma_query_value(None, "page_count", |row| row.get(0))
        .unwrap();
    connection
        .pragma_update(None, "max_page_count", pages + 20)
        .unwrap();
    let full = commit(&mut connection, [noise(2), noise(3)].iter()).unwrap_err();
    assert_eq!(
        full.sqlite_error_code(),
        Some(rusqlite::ErrorCode::DiskFull)
    );
    assert_eq!(seqs(dir.path(), &Filter::default()), [1]);
    connection
        .pragma_update(None, "max_page_count", pages + 1000)
        .unwrap();
    let stored = commit(&mut connection, [noise(2), noise(3)].iter()).unwrap();
    assert_eq!(stored.done.len(), 2);
    assert_eq!(seqs(dir.path(), &Filter::default()).len(), 3);
}

#[tokio::test]
async fn a_failed_write_is_answered_and_shown_until_one_succeeds() {
    let (dir, journal) = filled(1).await;
    let other = Connection::open(dir.path().join(FILE)).unwrap();
    other
        .execute_batch("ALTER TABLE notification RENAME TO away")
        .unwrap();
    let refused = journal.append(entry("p", 2, b"")).await;
    assert!(matches!(refused, Err(AppendError::Write(_))), "{refused:?}");
    assert!(journal.health().unwrap_err().contains("no such table"));
    other
        .execute_batch("ALTER TABLE away RENAME TO notification")
        .unwrap();
    journal.append(entry("p", 2, b"")).await.unwrap();
    assert_eq!(journal.health(), Ok(()));
    assert_eq!(seqs(dir.path(), &Filter::default()), [1, 2]);
}
