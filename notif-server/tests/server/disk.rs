//! The journal's directory: it is removed, or its disk is too small.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test states what must hold"
)]

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::common::disk::SmallDisk;
use crate::common::{Metrics, PROGRAM, Server, client, figures, named, relay, server};
use notif_server::journal::{Bounds, Journal, Settled};
use notif_server::notification::{Entry, Envelope, SinkName, Source};
use reqwest::{Client, StatusCode};
use tempfile::TempDir;

async fn health(client: &Client, server: &Server) -> (StatusCode, String) {
    let answer = client.get(server.url("/healthz")).send().await.unwrap();
    (answer.status(), answer.text().await.unwrap())
}

/// Sends `count` notifications; returns the number accepted. The others must get 503.
async fn taken(client: &Client, server: &Server, count: usize) -> usize {
    let mut taken = 0;
    for number in 0..count {
        let body = named(&number.to_string());
        match relay(client, server, "application/json", body)
            .await
            .status()
        {
            StatusCode::NO_CONTENT => taken += 1,
            status => assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE),
        }
    }
    taken
}

/// An operation on the data directory of a running server.
type Way = fn(&Path);

#[tokio::test]
async fn a_removed_directory_is_noticed_before_the_next_204() {
    let ways: [(&str, Way); 3] = [
        ("rm -rf", |dir| std::fs::remove_dir_all(dir).unwrap()),
        ("rm journal.*", |dir| {
            for file in std::fs::read_dir(dir).unwrap().map(Result::unwrap) {
                if file.file_name().to_string_lossy().starts_with("journal.") {
                    std::fs::remove_file(file.path()).unwrap();
                }
            }
        }),
        ("rm journal.db-wal", |dir| {
            std::fs::remove_file(dir.join("journal.db-wal")).unwrap();
        }),
    ];
    for (what, remove) in ways {
        let (dir, server, client) = server(&[]);
        assert_eq!(taken(&client, &server, 5).await, 5);
        remove(dir.path());
        let after = taken(&client, &server, 25).await;
        assert_eq!(after, 0, "{what}");
        let (status, told) = health(&client, &server).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{what}");
        assert!(told.contains("removed or replaced"), "{what}: {told}");
        if dir.path().exists() {
            let second = Command::new(PROGRAM)
                .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
                .arg(dir.path())
                .output()
                .unwrap();
            let told = String::from_utf8(second.stderr).unwrap();
            assert!(told.contains("another notif-server uses"), "{told}");
        }
        server.signal("TERM");
        let (status, log) = server.wait();
        assert!(status.success(), "{log}");
        let errors = log.lines().filter(|line| line.contains("ERROR"));
        let told = errors.filter(|line| line.contains("removed or replaced"));
        assert_eq!(told.count(), 1, "{what}: {log}");
        figures(format_args!("{what}: {after} of 25 get 204"));
    }
}

/// A notification with a body of about `size` bytes that compresses badly.
fn incompressible(mut seed: u64, size: usize) -> String {
    let mut letter = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        char::from(
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
                [usize::try_from(seed >> 58).unwrap()],
        )
    };
    let text: String = std::iter::repeat_with(&mut letter).take(size).collect();
    named("disk").replace(
        "\"type\":\"1\"",
        &format!("\"type\":\"1\",\"description\":\"{text}\""),
    )
}

/// Sends bodies of this size from several clients for some time; counts those taken and refused.
async fn load(dir: &Path, server: &Server, clients: u64, size: usize, time: Duration) -> [u64; 2] {
    let senders = (0..clients).map(|number| {
        let (client, url) = (client(dir), server.url("/relay-notification"));
        let body = incompressible(number + 1, size);
        tokio::spawn(async move {
            let (start, mut told) = (Instant::now(), [0; 2]);
            while start.elapsed() < time {
                let request = client.post(&url).header("Content-Type", "application/json");
                match request.body(body.clone()).send().await.unwrap().status() {
                    StatusCode::NO_CONTENT => told[0] += 1,
                    StatusCode::SERVICE_UNAVAILABLE => told[1] += 1,
                    status => panic!("{status}"),
                }
            }
            told
        })
    });
    let mut sum = [0; 2];
    for sender in senders.collect::<Vec<_>>() {
        let told = sender.await.unwrap();
        sum = [sum[0] + told[0], sum[1] + told[1]];
    }
    sum
}

/// The number of messages accepted of twelve, each of 400 kB.
async fn of_twelve(client: &Client, server: &Server) -> usize {
    let mut taken = 0;
    for number in 0..12 {
        let body = incompressible(100 + number, 400_000);
        let answer = relay(client, server, "application/json", body).await;
        taken += usize::from(answer.status() == StatusCode::NO_CONTENT);
    }
    taken
}

fn compact(dir: &Path) -> String {
    let compacted = Command::new(PROGRAM)
        .args(["journal", "compact", "--data-dir"])
        .arg(dir)
        .output()
        .unwrap();
    let told = format!(
        "{}{}",
        String::from_utf8_lossy(&compacted.stdout),
        String::from_utf8_lossy(&compacted.stderr)
    );
    assert!(compacted.status.success(), "{told}");
    told
}

fn disk(mib: u32) -> Option<(TempDir, SmallDisk)> {
    let mount = tempfile::tempdir().unwrap();
    let disk = SmallDisk::mount(&mount.path().join("disk"), mib);
    if disk.is_none() {
        figures(format_args!(
            "passed over: only root can mount a small disk"
        ));
    }
    Some((mount, disk?))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn large_messages_do_not_fill_a_small_disk() {
    let Some((_mount, disk)) = disk(300) else {
        return;
    };
    let data = disk.0.join("data");
    let start = Server::start(&data, &[]);
    let trusting = client(&data);
    let [taken, refused] = load(&data, &start, 6, 15_500_000, Duration::from_secs(12)).await;
    let metrics = Metrics::read(&trusting, &start).await;
    assert!(taken > 20, "{taken} taken, {refused} refused");
    assert_eq!(metrics.get("notif_journal_failures_total"), 0, "never full");
    assert!(metrics.get("notif_journal_disk_free_bytes") >= 64 << 20);
    let first = of_twelve(&trusting, &start).await;
    assert_eq!(first, 12);
    start.signal("TERM");
    let (status, log) = start.wait();
    assert!(
        status.success() && !log.contains("cannot be tidied"),
        "{log}"
    );
    let again = Server::start(&data, &[]);
    let second = of_twelve(&trusting, &again).await;
    assert_eq!(second, 12);
    again.signal("TERM");
    again.wait();
    let compacted = compact(&data);
    figures(format_args!(
        "300 MiB disk, 6 clients with 15.5 MB each: {taken} taken, {refused} refused, none for a \
         failure; {first} of 12 of 400 kB after it, {second} of 12 after a restart; compact: {compacted}"
    ));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_others_fill_heals_by_itself() {
    let Some((_mount, disk)) = disk(100) else {
        return;
    };
    let data = disk.0.join("data");
    let config = disk.0.join("notif.toml");
    std::fs::write(
        &config,
        "journal.min-free = '8MiB'\njournal.max-size = '24MiB'\n",
    )
    .unwrap();
    let args = ["--config", config.to_str().unwrap()];
    let first = Server::start(&data, &args);
    let trusting = client(&data);
    load(&data, &first, 2, 1_000_000, Duration::from_secs(4)).await;
    let ballast = fill_up(&disk);
    // The file's free space is returned and the oldest are removed: it needs no help.
    let start = Instant::now();
    while of_twelve(&trusting, &first).await < 12 {
        let health = health(&trusting, &first).await;
        assert!(start.elapsed() < Duration::from_secs(30), "{health:?}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert_eq!(health(&trusting, &first).await.0, StatusCode::OK);
    first.signal("TERM");
    let (status, log) = first.wait();
    assert!(status.success(), "{log}");
    // It starts on what is left, too.
    fill_up(&disk);
    let again = Server::start(&data, &args);
    let taken = taken_within(&trusting, &again, Duration::from_secs(30)).await;
    figures(format_args!(
        "a disk that others filled to the last byte ({ballast} bytes): 12 of 12 of 400 kB in \
         {:.1} s; after a restart taken again in {:.1} s",
        start.elapsed().as_secs_f64(),
        taken.as_secs_f64()
    ));
}

/// Fills the disk to its last byte; with how many.
fn fill_up(disk: &SmallDisk) -> u64 {
    let ballast = disk.0.join("ballast");
    let mut file = File::options()
        .create(true)
        .append(true)
        .open(&ballast)
        .unwrap();
    for size in [1 << 16, 1 << 12] {
        while file.write_all(&vec![1; size]).is_ok() {}
    }
    file.metadata().unwrap().len()
}

/// The time until a notification is accepted.
async fn taken_within(client: &Client, server: &Server, time: Duration) -> Duration {
    let start = Instant::now();
    while taken(client, server, 1).await == 0 {
        let health = health(client, server).await;
        assert!(start.elapsed() < time, "{health:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    start.elapsed()
}

const SINK: SinkName = SinkName {
    name: "sink",
    source: Source::Notifications,
};

fn entry(size: usize, number: u64) -> Entry {
    Entry {
        received: jiff::Timestamp::now(),
        event_time: None,
        publisher: "p".to_owned(),
        encoding: notif_runtime::Encoding::Json,
        name: "a:b".to_owned(),
        body: incompressible(number, size).into_bytes(),
        reading: None,
        envelope: Envelope::default(),
    }
}

#[tokio::test]
async fn what_a_sink_settles_makes_room_on_a_disk_without_a_free_byte() {
    let Some((_mount, disk)) = disk(40) else {
        return;
    };
    let dir = disk.0.join("data");
    std::fs::create_dir(&dir).unwrap();
    let bounds = Bounds {
        min_free: 0,
        ..Bounds::NONE
    };
    let journal = Journal::open(&dir, bounds, &[SINK]).unwrap();
    let (mut kept, mut refused) = (0, None);
    while refused.is_none() {
        match journal.append(entry(100_000, kept)).await {
            Ok(stored) => kept = stored.seq,
            Err(error) => refused = Some(error),
        }
    }
    let told = refused.unwrap().to_string();
    assert!(kept > 100 && told.contains("bytes free"), "{kept}: {told}");
    fill_up(&disk);
    // Nothing may be removed yet, and it is tried again and again.
    tokio::time::sleep(Duration::from_millis(2500)).await;
    assert!(journal.append(entry(100_000, 0)).await.is_err());
    let settled = |seq, delivered| Settled {
        seq,
        delivered,
        ..Settled::default()
    };
    for seq in 1..=kept {
        journal.settle("sink", settled(seq, 1)).await.unwrap();
    }
    let start = Instant::now();
    while let Err(error) = journal.append(entry(100_000, 0)).await {
        assert!(start.elapsed() < Duration::from_secs(30), "{error}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    figures(format_args!(
        "no byte free, {kept} of 100 kB settled: taken again in {:.1} s",
        start.elapsed().as_secs_f64()
    ));
    let accounts = journal.reader().unwrap().accounts().unwrap();
    assert_eq!(accounts[0].unaccounted(), 0);
}
