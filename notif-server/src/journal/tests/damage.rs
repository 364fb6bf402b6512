//! Tests of repairs beyond damaged rows.

use std::fs;
use std::os::unix::fs::FileExt;

use jiff::Timestamp;
use notif_runtime::Encoding;
use rusqlite::Connection;
use tempfile::TempDir;

use crate::journal::tables::layout;
use crate::journal::*;
use crate::notification::{Envelope, Reading, Source};

/// The number of notifications.
const COUNT: u64 = 300;

const PAGE: u64 = 4096;

const SINK: SinkName = SinkName {
    name: "influxdb",
    source: Source::Notifications,
};

/// Bytes that do not compress, different for each number.
fn noise(number: u64) -> Vec<u8> {
    let mut state = number + 1;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        state.to_be_bytes()[0]
    };
    (0..600).map(|_| next()).collect()
}

/// A journal with notifications, a rejected one, and a sink that has settled 200 of them, all of it
/// in the one file.
async fn filled() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let journal = Arc::new(Journal::open(dir.path(), Bounds::NONE, &[SINK]).unwrap());
    let appends: Vec<_> = (0..COUNT)
        .map(|number| {
            let journal = Arc::clone(&journal);
            let entry = Entry {
                received: Timestamp::now(),
                event_time: None,
                publisher: "p".to_owned(),
                encoding: Encoding::Json,
                name: "a:b".to_owned(),
                body: noise(number),
                reading: Some(Reading {
                    policy: "strict".into(),
                    schemas: "none".into(),
                }),
                envelope: Envelope::default(),
            };
            tokio::spawn(async move { journal.append(entry).await.unwrap() })
        })
        .collect();
    for append in appends {
        append.await.unwrap();
    }
    journal.reject(Rejection {
        received: Timestamp::now(),
        publisher: "p".to_owned(),
        encoding: Encoding::Xml,
        faults: "{}".to_owned(),
        body: b"<a/>".to_vec(),
    });
    let settled = Settled {
        seq: 200,
        delivered: 199,
        missed: 0,
        quarantined: vec![(7, "too large".to_owned())],
    };
    journal.settle(SINK.name, settled).await.unwrap();
    journal.close().await;
    drop(journal);
    change(&dir, "PRAGMA user_version");
    dir
}

/// Changes the file by SQL, and leaves all in the one file.
fn change(dir: &TempDir, sql: &str) {
    let file = Connection::open(dir.path().join(FILE)).unwrap();
    file.execute_batch(sql).unwrap();
    let folded = file.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0));
    assert_eq!(folded, Ok(0));
}

/// The number of a page.
fn page(dir: &TempDir, sql: &str) -> u64 {
    let file = Connection::open(dir.path().join(FILE)).unwrap();
    let page: i64 = file.query_row(sql, [], |row| row.get(0)).unwrap();
    page.unsigned_abs()
}

fn root(dir: &TempDir, table: &str) -> u64 {
    page(
        dir,
        &format!("SELECT rootpage FROM sqlite_schema WHERE name = '{table}'"),
    )
}

/// The page with the oldest notifications.
fn oldest_leaf(dir: &TempDir) -> u64 {
    page(
        dir,
        "SELECT pageno FROM dbstat WHERE name = 'notification' AND pagetype = 'leaf'
         ORDER BY path LIMIT 1",
    )
}

/// Fills the page with bytes that belong on none.
fn spoil(dir: &TempDir, page: u64) {
    let file = File::options().write(true).open(dir.path().join(FILE));
    let garbage: Vec<u8> = noise(page).into_iter().cycle().take(4096).collect();
    file.unwrap()
        .write_all_at(&garbage, (page - 1) * PAGE)
        .unwrap();
}

/// The numbers of the notifications that are read, and of those that are damaged.
fn read(reader: &Reader) -> (Vec<u64>, Numbers) {
    let (mut seqs, mut damaged, mut after) = (Vec::new(), Numbers::default(), 0);
    loop {
        match reader.batch(&Filter::default(), after, 100) {
            Ok(records) if records.is_empty() => return (seqs, damaged),
            Ok(records) => {
                seqs.extend(records.iter().map(|record| record.stored.seq));
                after = *seqs.last().unwrap();
            }
            Err(ReadError::Damaged { first, last, .. }) => {
                damaged.add(first, last);
                after = last;
            }
            Err(error) => panic!("{error}"),
        }
    }
}

/// Repairs it; a dry run says the same before.
fn repaired(dir: &TempDir) -> Repair {
    let dry = repair(dir.path(), true, |_, _| ()).unwrap().unwrap();
    let done = repair(dir.path(), false, |_, _| ()).unwrap().unwrap();
    assert!(done.kept.is_some());
    let told = Repair {
        kept: None,
        ..done.clone()
    };
    assert_eq!(told, dry);
    let reader = Reader::open(dir.path()).unwrap();
    assert_eq!(reader.integrity().unwrap(), [""; 0]);
    assert_eq!(read(&reader).0.len() as u64, done.accepted);
    done
}

#[tokio::test]
async fn how_a_body_was_read_may_be_damaged_without_the_body() {
    let dir = filled().await;
    change(&dir, "UPDATE reading SET policy = CAST(x'ff' AS TEXT)");
    let reader = Reader::open(dir.path()).unwrap();
    let records = reader.batch(&Filter::default(), 0, 1).unwrap();
    assert_eq!(records[0].entry.reading, None);
    assert_eq!(read(&reader).0.len() as u64, COUNT);
}

#[tokio::test]
async fn an_odd_value_in_a_small_table_is_one_row() {
    let dir = filled().await;
    change(
        &dir,
        "INSERT INTO quarantine VALUES ('influxdb', 3, 1, CAST(x'ff' AS TEXT));
         PRAGMA writable_schema = ON;
         UPDATE sqlite_schema SET sql = replace(sql, 'bytes     INTEGER NOT NULL', 'bytes INTEGER')
             WHERE name = 'minute';
         PRAGMA writable_schema = RESET;
         INSERT INTO minute VALUES (0, 'p', 1, 1, NULL);",
    );
    let done = repaired(&dir);
    assert_eq!((done.accepted, done.rejected), (COUNT, 1));
    assert_eq!((done.sinks, done.quarantined), (1, 1));
    let [quarantine, minute] = &done.lost_parts[..] else {
        panic!("{:?}", done.lost_parts);
    };
    assert!(quarantine.starts_with("quarantine: rows that are damaged: 1 ("));
    assert!(minute.starts_with("minute: rows that are damaged: 1 ("));
}

#[tokio::test]
async fn rows_are_saved_where_nothing_leads_to_them_or_tells_how_many_there_were() {
    let dir = filled().await;
    let roots = ["notification", "sqlite_sequence"].map(|table| root(&dir, table));
    for page in roots {
        spoil(&dir, page);
    }
    let reader = Reader::open(dir.path()).unwrap();
    reader.find_newest().unwrap();
    let (seqs, damaged) = read(&reader);
    assert_eq!((seqs.len() as u64, damaged.count()), (0, COUNT));
    drop(reader);
    let done = repaired(&dir);
    assert_eq!((done.accepted, done.rejected, done.sinks), (COUNT, 1, 1));
    assert!(done.is_whole(), "{done:?}");
}

#[tokio::test]
async fn rows_are_saved_of_a_file_whose_beginning_is_gone() {
    let dir = filled().await;
    let last = ["notification", "sink", "quarantine", "rejected", "reading"]
        .map(|table| root(&dir, table))
        .into_iter()
        .max();
    (1..=last.unwrap()).for_each(|page| spoil(&dir, page));
    let done = repaired(&dir);
    assert!(done.accepted > COUNT - 40, "{done:?}");
    assert!(!done.is_whole());
}

#[tokio::test]
async fn the_journal_opens_when_the_oldest_cannot_be_read() {
    let dir = filled().await;
    spoil(&dir, oldest_leaf(&dir));
    let new = SinkName {
        name: "kafka",
        source: Source::Notifications,
    };
    drop(Journal::open(dir.path(), Bounds::NONE, &[SINK, new]).unwrap());
    let accounts = Reader::open(dir.path()).unwrap().accounts().unwrap();
    let places: Vec<_> = accounts.iter().map(|account| account.seq).collect();
    assert_eq!(places, [200, 0]);
}

#[tokio::test]
async fn what_was_removed_before_the_oldest_does_not_count_as_damaged() {
    let dir = filled().await;
    change(&dir, "DELETE FROM notification WHERE seq <= 100");
    spoil(&dir, oldest_leaf(&dir));
    let (seqs, damaged) = read(&Reader::open(dir.path()).unwrap());
    assert!((1..=16).contains(&damaged.count()), "{damaged}");
    assert_eq!(seqs.len() as u64 + damaged.count(), COUNT - 100);
    let done = repaired(&dir);
    assert_eq!(done.accepted + done.lost.count(), COUNT - 100, "{done:?}");
}

#[tokio::test]
async fn a_damaged_journal_is_not_compacted_and_a_repair_is_advised() {
    let dir = filled().await;
    spoil(&dir, oldest_leaf(&dir));
    let told = compact(dir.path()).unwrap_err().to_string();
    assert!(told.contains(ADVICE), "{told}");
    assert!(!told.contains("bytes free"), "{told}");
}

/// Puts the journal of an earlier release into a directory, all in one file.
fn earlier() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let files: [(&str, &[u8]); 2] = [
        (
            FILE,
            include_bytes!("../../../tests/data/layout-2.db.zst").as_slice(),
        ),
        (
            "journal.db-wal",
            include_bytes!("../../../tests/data/layout-2.db-wal.zst").as_slice(),
        ),
    ];
    for (name, frame) in files {
        fs::write(dir.path().join(name), zstd::decode_all(frame).unwrap()).unwrap();
    }
    change(&dir, "PRAGMA user_version");
    dir
}

#[test]
fn a_damaged_journal_of_an_earlier_release_is_repaired_and_copied() {
    let dir = earlier();
    change(
        &dir,
        "UPDATE notification SET publisher = CAST(x'ff' AS TEXT) WHERE seq = 2",
    );
    assert!(matches!(
        Reader::open(dir.path()),
        Err(OpenError::Older { .. })
    ));
    let copy = dir.path().join("copy.db");
    backup(dir.path(), &copy, |_, _| ()).unwrap();
    assert!(layout::open(&copy).is_ok(), "it is given the new layout");
    let done = repaired(&dir);
    assert_eq!((done.accepted, done.rejected), (4, 2));
    assert_eq!((done.sinks, done.lost.count()), (1, 1));
    assert!(done.lost_parts.is_empty(), "{:?}", done.lost_parts);
}
