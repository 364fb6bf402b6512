//! Damaged journals: intact rows are read, saved and told apart from damaged ones.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test states what must hold"
)]

use std::collections::BTreeSet;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::common::{self, Metrics, Server, client, named, relay};
use jiff::Timestamp;
use notif_runtime::Encoding;
use notif_server::journal::{Bounds, Filter, Journal, Reader, Settled};
use notif_server::notification::{Entry, Envelope, Reading, Rejection, SinkName, Source};
use reqwest::StatusCode;
use tempfile::TempDir;

/// The number of notifications.
const COUNT: u64 = 300;

const PAGE: u64 = 4096;

const SINK: SinkName = SinkName {
    name: "influxdb",
    source: Source::Notifications,
};

/// Bytes as hexadecimal, different for each number.
fn noise(number: u64) -> String {
    let mut state = number + 1;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        format!("{:08x}", state >> 32)
    };
    (0..80).map(|_| next()).collect()
}

/// A journal with notifications, a rejected one, and a sink that has settled 200 of them and has one
/// in quarantine, all of it in the one file.
async fn filled() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let journal = Arc::new(Journal::open(dir.path(), Bounds::NONE, &[SINK]).unwrap());
    let reading = Reading::strict(&notif_server::registry());
    let appends: Vec<_> = (0..COUNT)
        .map(|number| {
            let (journal, reading) = (Arc::clone(&journal), reading.clone());
            tokio::spawn(async move {
                let entry = Entry {
                    received: Timestamp::now(),
                    event_time: None,
                    publisher: format!("192.0.2.{}", number % 3),
                    encoding: Encoding::Json,
                    name: "ietf-https-notif:notification".to_owned(),
                    body: named(&noise(number)).into_bytes(),
                    reading: Some(reading),
                    envelope: Envelope::default(),
                };
                journal.append(entry).await.unwrap();
            })
        })
        .collect();
    for append in appends {
        append.await.unwrap();
    }
    journal.reject(Rejection {
        received: Timestamp::now(),
        publisher: "192.0.2.9".to_owned(),
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
    let file = rusqlite::Connection::open(path(&dir)).unwrap();
    let folded = file.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0));
    assert_eq!(folded, Ok(0));
    dir
}

fn path(dir: &TempDir) -> PathBuf {
    dir.path().join("journal.db")
}

/// Fills pages with bytes that belong on none; the first page is 1.
fn spoil(dir: &TempDir, page: u64, pages: u64) {
    let file = File::options().write(true).open(path(dir)).unwrap();
    for page in page..page + pages {
        let garbage: Vec<u8> = noise(page).bytes().cycle().take(4096).collect();
        file.write_all_at(&garbage, (page - 1) * PAGE).unwrap();
    }
}

fn pages(dir: &TempDir) -> u64 {
    std::fs::metadata(path(dir)).unwrap().len() / PAGE
}

/// The exit code and the output of a command.
fn run(dir: &Path, command: &[&str], args: &[&str]) -> (Option<i32>, String, String) {
    let output = std::process::Command::new(common::PROGRAM)
        .args(command)
        .arg("--data-dir")
        .arg(dir)
        .args(args)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

/// The numbers that `query` shows, and its notes.
fn shown(dir: &Path) -> (BTreeSet<u64>, String) {
    let (code, out, notes) = run(dir, &["query"], &["--all", "--format", "jsonl"]);
    assert_eq!(code, Some(0), "{notes}");
    let number = |line: &str| {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        line["seq"].as_u64().unwrap()
    };
    (out.lines().map(number).collect(), notes)
}

/// Repairs the journal and checks the result; returns the number of notifications lost.
async fn repair(dir: &TempDir) -> u64 {
    let before = std::fs::read(path(dir)).unwrap();
    let (dry, told, notes) = run(dir.path(), &["journal", "repair"], &["--dry-run"]);
    assert!(told.contains("would be saved: "), "{told}{notes}");
    assert_eq!(
        std::fs::read(path(dir)).unwrap(),
        before,
        "a dry run writes nothing"
    );
    let (code, done, notes) = run(dir.path(), &["journal", "repair"], &[]);
    assert_eq!(code, dry, "{done}{notes}");
    let saved = done.lines().next().unwrap().to_owned();
    assert!(told.contains(&saved), "{told}\n{done}");
    let kept = std::fs::read_dir(dir.path()).unwrap().find_map(|entry| {
        let path = entry.unwrap().path();
        path.to_string_lossy()
            .contains("journal.db.damaged-")
            .then_some(path)
    });
    assert_eq!(std::fs::read(kept.unwrap()).unwrap(), before, "it is kept");
    let (shown, _) = shown(dir.path());
    let lost = COUNT - shown.len() as u64;
    assert_eq!(code, Some(i32::from(lost > 0)), "{done}");
    assert!(
        saved.starts_with(&format!("saved: {} notifications", shown.len())),
        "{done}"
    );
    let reader = Reader::open(dir.path()).unwrap();
    assert_eq!(reader.integrity().unwrap(), [""; 0]);
    let account = reader.accounts().unwrap().remove(0);
    assert_eq!(
        (
            account.seq,
            account.delivered,
            account.quarantined,
            account.last
        ),
        (200, 199, 1, COUNT)
    );
    assert_eq!(account.unaccounted(), 0);
    assert_eq!(reader.rejected(&Filter::default(), 0, 9).unwrap().len(), 1);
    drop(reader);
    let journal = Journal::open(dir.path(), Bounds::NONE, &[SINK]).unwrap();
    assert_eq!(journal.health(), Ok(()));
    let entry = Entry {
        received: Timestamp::now(),
        event_time: None,
        publisher: "p".to_owned(),
        encoding: Encoding::Json,
        name: "a:b".to_owned(),
        body: Vec::new(),
        reading: None,
        envelope: Envelope::default(),
    };
    assert_eq!(
        journal.append(entry).await.unwrap().seq,
        COUNT + 1,
        "no number twice"
    );
    journal.close().await;
    lost
}

#[tokio::test]
async fn a_garbage_page_hides_its_own_rows_only() {
    let dir = filled().await;
    spoil(&dir, pages(&dir) / 2, 1);
    let (rows, notes) = shown(dir.path());
    let lost: Vec<_> = (1..=COUNT)
        .filter(|number| !rows.contains(number))
        .collect();
    assert!((1..=16).contains(&lost.len()), "{lost:?}");
    let (first, end) = (lost[0], lost[lost.len() - 1]);
    assert_eq!(end - first + 1, lost.len() as u64, "{lost:?}");
    let reader = Reader::open(dir.path()).unwrap();
    let extent = reader.extent(&Filter::default()).unwrap();
    assert_eq!((extent.count, extent.newest), (rows.len() as u64, COUNT));
    let told = format!("{} notifications cannot be read", lost.len());
    assert!(
        notes.contains(&told) && notes.contains("journal repair"),
        "{notes}"
    );
    let (code, told, _) = run(dir.path(), &["journal", "verify"], &[]);
    assert_eq!(code, Some(1));
    let counted = format!(
        "{} notifications read: {} damaged, 0 missing",
        rows.len(),
        lost.len()
    );
    assert!(told.contains(&counted), "{told}");
    assert!(
        told.contains(&format!("are damaged: {first} to {end}\n")),
        "{told}"
    );
    assert!(told.contains("journal repair"), "{told}");
    assert_eq!(repair(&dir).await, lost.len() as u64);
}

#[tokio::test]
async fn many_garbage_pages_hide_their_own_rows_only() {
    let dir = filled().await;
    let all = pages(&dir);
    for page in (all / 3..all - 3).step_by(4) {
        spoil(&dir, page, 1);
    }
    let (rows, _) = shown(dir.path());
    assert!(
        (150..COUNT - 20).contains(&(rows.len() as u64)),
        "{}",
        rows.len()
    );
    assert_eq!(repair(&dir).await, COUNT - rows.len() as u64);
}

#[tokio::test]
async fn garbage_in_an_index_is_told_by_health_and_loses_nothing() {
    let dir = filled().await;
    let index = rusqlite::Connection::open(path(&dir)).unwrap().query_row(
        "SELECT rootpage FROM sqlite_schema WHERE name = 'notification_received'",
        [],
        |row| row.get(0),
    );
    assert_eq!(index, Ok(5));
    spoil(&dir, 5, 1);
    let start = Instant::now();
    let server = Server::start(dir.path(), &[]);
    let client = client_of(&dir);
    let health = client.get(server.url("/healthz")).send().await.unwrap();
    let took = start.elapsed();
    assert_eq!(health.status(), StatusCode::SERVICE_UNAVAILABLE);
    let told = health.text().await.unwrap();
    assert!(
        told.contains("notification_received") && told.contains("journal repair"),
        "{told}"
    );
    let answer = relay(&client, &server, "application/json", named("x")).await;
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    // A failed write is tried again each second; this must not make health well.
    let until = Instant::now() + Duration::from_millis(2500);
    while Instant::now() < until {
        let health = client.get(server.url("/healthz")).send().await.unwrap();
        assert_eq!(health.status(), StatusCode::SERVICE_UNAVAILABLE);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(
        Metrics::read(&client, &server)
            .await
            .get("notif_journal_damaged")
            > 0
    );
    let (code, _, refused) = run(dir.path(), &["journal", "repair"], &[]);
    assert_eq!(code, Some(2));
    assert!(refused.contains("another notif-server uses"), "{refused}");
    server.signal("TERM");
    server.wait();
    common::figures(format_args!("health of a damaged index after {took:?}"));
    assert_eq!(shown(dir.path()).0.len() as u64, COUNT);
    let (code, told, _) = run(
        dir.path(),
        &["query"],
        &["--all", "--publisher", "192.0.2.1"],
    );
    assert_eq!((code, told.lines().count()), (Some(0), 101), "{told}");
    let (code, told, _) = run(dir.path(), &["journal", "verify"], &[]);
    assert_eq!(code, Some(1), "{told}");
    assert!(
        told.contains(&format!("{COUNT} notifications read: 0 damaged")),
        "{told}"
    );
    assert_eq!(repair(&dir).await, 0);
}

fn client_of(dir: &TempDir) -> reqwest::Client {
    client(dir.path())
}

#[tokio::test]
async fn damage_in_the_middle_is_found_in_the_background_and_what_comes_is_kept() {
    let dir = filled().await;
    spoil(&dir, pages(&dir) / 2, 1);
    let server = Server::start(dir.path(), &[]);
    let client = client_of(&dir);
    let found = Metrics::until(&client, &server, "damage is found", |metrics| {
        metrics.get("notif_journal_damaged") > 0
    });
    found.await;
    let health = client.get(server.url("/healthz")).send().await.unwrap();
    assert_eq!(health.status(), StatusCode::SERVICE_UNAVAILABLE);
    let told = health.text().await.unwrap();
    assert!(told.contains("notifications cannot be read"), "{told}");
    let answer = relay(&client, &server, "application/json", named("x")).await;
    assert_eq!(answer.status(), StatusCode::NO_CONTENT, "it is kept");
    server.signal("TERM");
    let (_, log) = server.wait();
    assert!(log.contains("the journal is damaged"), "{log}");
}

#[tokio::test]
async fn a_flipped_bit_in_a_body_is_one_notification() {
    let dir = filled().await;
    // In the middle of a body.
    let bytes = std::fs::read(path(&dir)).unwrap();
    let frame: Vec<u8> = rusqlite::Connection::open(path(&dir))
        .unwrap()
        .query_row("SELECT body FROM notification WHERE seq = 150", [], |row| {
            row.get(0)
        })
        .unwrap();
    let at = bytes
        .windows(frame.len())
        .position(|window| window == frame)
        .unwrap();
    let place = at + frame.len() * 3 / 4;
    let file = File::options().write(true).open(path(&dir)).unwrap();
    file.write_all_at(&[bytes[place] ^ 0x10], place as u64)
        .unwrap();
    let (rows, notes) = shown(dir.path());
    assert!(
        rows.len() as u64 == COUNT - 1 && !rows.contains(&150),
        "{notes}"
    );
    assert!(notes.contains("1 notifications cannot be read"), "{notes}");
    assert_eq!(repair(&dir).await, 1);
}

#[tokio::test]
async fn the_newest_are_shown_when_the_newest_of_all_cannot_be_read() {
    let dir = filled().await;
    let leaf = rusqlite::Connection::open(path(&dir)).unwrap().query_row(
        "SELECT max(pageno) FROM dbstat WHERE name = 'notification' AND pagetype = 'leaf'",
        [],
        |row| row.get::<_, u32>(0),
    );
    spoil(&dir, leaf.unwrap().into(), 1);
    let (code, out, notes) = run(
        dir.path(),
        &["query"],
        &["--limit", "5", "--format", "jsonl"],
    );
    assert_eq!((code, out.lines().count()), (Some(0), 5), "{notes}");
    assert!(notes.contains("cannot be read"), "{notes}");
    assert!(repair(&dir).await > 0);
}

#[tokio::test]
async fn of_a_truncated_file_the_rest_is_saved() {
    let dir = filled().await;
    let file = File::options().write(true).open(path(&dir)).unwrap();
    file.set_len((pages(&dir) - 8) * PAGE).unwrap();
    let serve = run(dir.path(), &["serve", "--listen", "127.0.0.1:0"], &[]);
    assert_ne!(serve.0, Some(0));
    assert!(serve.2.contains("journal repair"), "{}", serve.2);
    let (rows, _) = shown(dir.path());
    assert!(
        (200..COUNT).contains(&(rows.len() as u64)),
        "{}",
        rows.len()
    );
    let (code, _, _) = run(dir.path(), &["journal", "verify"], &[]);
    assert_eq!(code, Some(1));
    assert_eq!(repair(&dir).await, COUNT - rows.len() as u64);
}

#[tokio::test]
async fn garbage_in_the_middle_of_the_tree_loses_nothing() {
    let dir = filled().await;
    let root = rusqlite::Connection::open(path(&dir)).unwrap().query_row(
        "SELECT rootpage FROM sqlite_schema WHERE name = 'notification'",
        [],
        |row| row.get::<_, u32>(0),
    );
    spoil(&dir, root.unwrap().into(), 1);
    assert_eq!(shown(dir.path()).0.len(), 0, "no page leads to them");
    assert_eq!(repair(&dir).await, 0);
}

#[tokio::test]
async fn verify_counts_what_nothing_leads_to_or_tells_the_number_of() {
    let dir = filled().await;
    let roots: Vec<u32> = {
        let file = rusqlite::Connection::open(path(&dir)).unwrap();
        let sql = "SELECT rootpage FROM sqlite_schema
                   WHERE name IN ('notification', 'sqlite_sequence')";
        let mut roots = file.prepare(sql).unwrap();
        let roots = roots.query_map([], |row| row.get(0)).unwrap();
        roots.map(Result::unwrap).collect()
    };
    assert_eq!(roots.len(), 2);
    for page in roots {
        spoil(&dir, page.into(), 1);
    }
    let (code, told, notes) = run(dir.path(), &["journal", "verify"], &[]);
    assert_eq!(code, Some(1), "{told}{notes}");
    let counted = format!("0 notifications read: {COUNT} damaged");
    assert!(told.contains(&counted), "{told}{notes}");
    assert_eq!(repair(&dir).await, 0);
}

#[tokio::test]
async fn a_sound_journal_is_not_repaired() {
    let dir = filled().await;
    let before = std::fs::read(path(&dir)).unwrap();
    let (code, told, _) = run(dir.path(), &["journal", "repair"], &[]);
    assert_eq!(code, Some(0));
    assert!(told.contains("is sound"), "{told}");
    assert_eq!(std::fs::read(path(&dir)).unwrap(), before);
}

#[tokio::test]
async fn a_garbage_first_page_loses_nothing() {
    let dir = filled().await;
    spoil(&dir, 1, 1);
    for command in [&["query"][..], &["journal", "verify"]] {
        let (code, _, told) = run(dir.path(), command, &[]);
        assert_ne!(code, Some(0));
        assert!(
            told.contains("its beginning is damaged: `notif-server journal"),
            "{told}"
        );
    }
    assert_eq!(repair(&dir).await, 0);
}

#[tokio::test]
async fn what_never_was_a_journal_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(path(&dir), noise(1).repeat(20)).unwrap();
    let (code, _, told) = run(dir.path(), &["journal", "repair"], &[]);
    assert_eq!(code, Some(2));
    assert!(told.contains("is not a journal"), "{told}");
    let left: Vec<_> = std::fs::read_dir(dir.path()).unwrap().collect();
    assert!(left.len() <= 2, "the file and the lock: {left:?}");
}
