//! The journal's file over releases.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test states what must hold"
)]

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Output;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use crate::common::{self, Server, client, named, relay};
use notif_server::journal::{Bounds, Filter, Journal, OpenError, Reader};
use reqwest::StatusCode;

/// Puts the journal of an earlier release into the directory.
fn earlier(dir: &Path) {
    let files: [(&str, &[u8]); 2] = [
        ("journal.db", include_bytes!("../data/layout-2.db.zst")),
        (
            "journal.db-wal",
            include_bytes!("../data/layout-2.db-wal.zst"),
        ),
    ];
    for (name, frame) in files {
        std::fs::write(dir.join(name), zstd::decode_all(frame).unwrap()).unwrap();
    }
}

/// Runs a task of `journal`.
fn journal(dir: &Path, args: &[&str]) -> Output {
    std::process::Command::new(common::PROGRAM)
        .args(["journal", "--data-dir"])
        .arg(dir)
        .args(args)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn the_journal_of_an_earlier_release_is_given_the_new_layout() {
    let dir = tempfile::tempdir().unwrap();
    earlier(dir.path());
    assert!(matches!(
        Reader::open(dir.path()),
        Err(OpenError::Older { .. })
    ));
    drop(Journal::open(dir.path(), Bounds::NONE, &[]).unwrap());
    let reader = Reader::open(dir.path()).unwrap();
    let all = Filter::default();
    let records = reader.batch(&all, 0, 10).unwrap();
    let encodings: Vec<_> = records
        .iter()
        .map(|record| record.entry.encoding.as_str())
        .collect();
    assert_eq!(encodings, ["json", "xml", "cbor", "json-cbor", "json"]);
    for record in &records {
        assert_eq!(record.entry.reading, None);
        assert_eq!(record.entry.envelope.notifications, 1);
        record.entry.decode(&notif_server::registry()).unwrap();
    }
    assert_eq!(reader.rejected(&all, 0, 10).unwrap().len(), 2);
    let account = reader.accounts().unwrap().remove(0);
    assert_eq!(
        (
            account.sink.as_str(),
            account.delivered,
            account.quarantined
        ),
        ("influxdb", 4, 1)
    );
    let parked = reader.quarantined(&all, usize::MAX).unwrap().remove(0);
    assert!(parked.seq == 5 && parked.reason.contains("field type conflict"));
    let stats = reader.stats().unwrap();
    assert_eq!((stats.accepted.count, stats.accepted.messages), (5, 5));
    let counted = &stats.last_hour[0];
    assert_eq!(
        (counted.accepted, counted.rejected, counted.bytes),
        (5, 2, stats.accepted.bytes)
    );
}

#[tokio::test]
async fn a_server_goes_on_with_the_journal_of_an_earlier_release_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    earlier(dir.path());
    let told = text(&journal(dir.path(), &["verify"]).stderr);
    assert!(told.contains("start `notif-server serve` once"), "{told}");
    let server = Server::start(dir.path(), &[]);
    let client = client(dir.path());
    let answer = relay(&client, &server, "application/json", named("new")).await;
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    server.signal("TERM");
    let (_, log) = server.wait();
    assert!(log.contains("the journal is given a new layout"), "{log}");
    let verified = journal(dir.path(), &["verify"]);
    let told = text(&verified.stdout);
    assert!(verified.status.success(), "{told}");
    assert!(told.contains("6 notifications read: 0 damaged"), "{told}");
    let records = Reader::open(dir.path()).unwrap();
    let records = records.batch(&Filter::default(), 5, 10).unwrap();
    let reading = records[0].entry.reading.as_ref().unwrap();
    assert_eq!(&*reading.policy, "strict");
    assert!(!reading.schemas.is_empty());
}

#[test]
fn a_new_layout_that_cannot_be_made_leaves_the_journal_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    earlier(dir.path());
    let path = dir.path().join("journal.db");
    let before = {
        let file = rusqlite::Connection::open(&path).unwrap();
        // The name that the new layout needs is taken, which is found out when much is done already.
        file.execute_batch("CREATE TABLE minute (a)").unwrap();
        file
    };
    let refused = Journal::open(dir.path(), Bounds::NONE, &[]).unwrap_err();
    let told = refused.to_string();
    assert!(
        told.contains("it is as it was") && told.contains("bytes"),
        "{told}"
    );
    let layout = |file: &rusqlite::Connection| {
        let layout = file.pragma_query_value(None, "user_version", |row| row.get::<_, i32>(0));
        let columns = file.query_row(
            "SELECT count(*) FROM pragma_table_info('notification')",
            [],
            |row| row.get::<_, i32>(0),
        );
        (layout.unwrap(), columns.unwrap())
    };
    assert_eq!(layout(&before), (2, 9));
    before.execute_batch("DROP TABLE minute").unwrap();
    drop(before);
    drop(Journal::open(dir.path(), Bounds::NONE, &[]).unwrap());
    assert_eq!(layout(&rusqlite::Connection::open(&path).unwrap()), (3, 15));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_under_load_is_what_was_acknowledged_up_to_a_moment() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path(), &[]);
    let client = client(dir.path());
    let acknowledged = Arc::new(AtomicU64::new(0));
    let (stop, base) = (Arc::new(AtomicBool::new(false)), server.base.clone());
    let load = {
        let (acknowledged, stop) = (Arc::clone(&acknowledged), Arc::clone(&stop));
        tokio::spawn(async move {
            for number in 0..5000 {
                let answer = client
                    .post(format!("{base}/relay-notification"))
                    .header("Content-Type", "application/json")
                    .body(named(&format!("n{number}")))
                    .send()
                    .await
                    .unwrap();
                assert_eq!(answer.status(), StatusCode::NO_CONTENT);
                acknowledged.store(number + 1, Ordering::SeqCst);
                if stop.load(Ordering::SeqCst) {
                    break;
                }
            }
        })
    };
    while acknowledged.load(Ordering::SeqCst) < 50 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let copies = tempfile::tempdir().unwrap();
    let copy = copies.path().join("journal.db");
    let before = acknowledged.load(Ordering::SeqCst);
    let (target, source) = (copy.clone(), dir.path().to_owned());
    let backup = move || journal(&source, &["backup", target.to_str().unwrap()]);
    let done = tokio::task::spawn_blocking(backup).await.unwrap();
    assert!(done.status.success(), "{}", text(&done.stderr));
    stop.store(true, Ordering::SeqCst);
    load.await.unwrap();
    let after = acknowledged.load(Ordering::SeqCst);
    let mode = std::fs::metadata(&copy).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(
        std::fs::read_dir(copies.path()).unwrap().count(),
        1,
        "nothing else"
    );
    let again = journal(dir.path(), &["backup", copy.to_str().unwrap()]);
    assert_eq!(again.status.code(), Some(2));
    assert!(text(&again.stderr).contains("is there already"));
    let reader = Reader::open(copies.path()).unwrap();
    let records = reader
        .batch(&Filter::default(), 0, usize::MAX >> 1)
        .unwrap();
    let kept = records.len() as u64;
    assert!((before..=after).contains(&kept), "{before} {kept} {after}");
    for (number, record) in records.iter().enumerate() {
        assert_eq!(record.entry.body, named(&format!("n{number}")).into_bytes());
    }
    assert_eq!(reader.integrity().unwrap(), [""; 0]);
}
