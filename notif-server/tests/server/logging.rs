//! The log: it stops nothing, whatever becomes of its lines, and nobody fills it from outside.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test states what must hold"
)]

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::common::disk::SmallDisk;
use crate::common::{self, JSON, Metrics, Server, builder, figures, header, relay};
use notif_server::config::Config;
use notif_server::observe;
use reqwest::{Client, StatusCode};

const MEDIA: &str = "application/json";

/// The time for an answer, and for the server's end: each once hung forever.
const SOON: Duration = Duration::from_secs(10);

/// Over HTTP/2, which has much to trace.
fn client(dir: &Path) -> Client {
    builder(dir).timeout(SOON).build().unwrap()
}

/// Sends notifications that are refused, several at a time.
async fn flood(client: &Client, server: &Server, count: usize) {
    const SENDERS: usize = 8;
    let senders = (0..SENDERS).map(|_| {
        let (client, url) = (client.clone(), server.url("/relay-notification"));
        tokio::spawn(async move {
            for _ in 0..count / SENDERS {
                let request = client.post(&url).header("Content-Type", MEDIA);
                let answer = request
                    .body("{\"\u{202e}\\u001b\":1}")
                    .send()
                    .await
                    .unwrap();
                assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
                // Unread answers are reset, and many resets count as an attack.
                answer.bytes().await.unwrap();
            }
        })
    });
    for sender in senders.collect::<Vec<_>>() {
        sender.await.unwrap();
    }
}

async fn is_well(client: &Client, server: &Server) {
    let answer = relay(client, server, MEDIA, JSON).await;
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    let health = client.get(server.url("/healthz")).send().await.unwrap();
    assert_eq!(health.status(), StatusCode::OK);
}

/// Ends the server; returns the time that this took.
async fn stop(server: Server) -> Duration {
    let start = Instant::now();
    server.signal("TERM");
    let ended = tokio::task::spawn_blocking(move || server.wait().0);
    let status = tokio::time::timeout(SOON, ended).await.unwrap().unwrap();
    assert!(status.success(), "{status}");
    start.elapsed()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_nobody_reads_stops_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (mut reader, writer) = io::pipe().unwrap();
    let server = Server::start_logging_to(dir.path(), &["--log-level", "trace"], writer.into());
    let client = client(dir.path());
    // More than the pipe and what may wait hold.
    let lost = |metrics: &Metrics| metrics.get("notif_log_lines_lost_total") > 0;
    let start = Instant::now();
    while !lost(&Metrics::read(&client, &server).await) {
        assert!(start.elapsed() < Duration::from_secs(60), "nothing is lost");
        flood(&client, &server, 2000).await;
    }
    is_well(&client, &server).await;
    // A new handshake.
    is_well(&common::client(dir.path()), &server).await;
    let took = stop(server).await;
    figures(format_args!("stop with a log that nobody reads: {took:?}"));
    let mut log = Vec::new();
    reader.read_to_end(&mut log).unwrap();
    assert!(log.len() > 4096);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_reader_of_the_log_learns_what_it_missed() {
    let dir = tempfile::tempdir().unwrap();
    let (reader, writer) = io::pipe().unwrap();
    let server = Server::start_logging_to(dir.path(), &["--log-level", "trace"], writer.into());
    let client = client(dir.path());
    while Metrics::read(&client, &server)
        .await
        .get("notif_log_lines_lost_total")
        == 0
    {
        flood(&client, &server, 2000).await;
    }
    let reading = std::thread::spawn(move || io::read_to_string(reader).unwrap());
    let lost = Metrics::read(&client, &server).await;
    let lost = lost.get("notif_log_lines_lost_total");
    stop(server).await;
    let log = reading.join().unwrap();
    let told = log.lines().filter_map(|line| {
        let (before, _) = line.split_once(" lines of the log are lost here")?;
        before.rsplit(' ').next()?.parse::<i64>().ok()
    });
    let told: i64 = told.sum();
    assert!(told >= lost, "{told} of {lost}");
    assert!(log.trim_end().ends_with("stopped"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_cannot_be_written_stops_nothing() {
    let full = || OpenOptions::new().write(true).open("/dev/full").unwrap();
    let gone = || io::pipe().unwrap().1;
    for log in [Stdio::from(full()), Stdio::from(gone())] {
        let dir = tempfile::tempdir().unwrap();
        let server = Server::start_logging_to(dir.path(), &["--log-level", "debug"], log);
        let client = client(dir.path());
        flood(&client, &server, 400).await;
        is_well(&client, &server).await;
        let took = stop(server).await;
        figures(format_args!(
            "stop with a log that cannot be written: {took:?}"
        ));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn log_and_journal_on_one_full_disk_go_on_when_there_is_room() {
    let mount = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::mount(&mount.path().join("disk"), 12) else {
        figures(format_args!(
            "log on a full disk: passed over, only root can mount a small one"
        ));
        return;
    };
    let (data, log) = (disk.0.join("data"), disk.0.join("log"));
    fs::create_dir(&data).unwrap();
    let config = mount.path().join("notif.toml");
    fs::write(&config, "journal.min-free = '1B'\n").unwrap();
    let args = ["--config", config.to_str().unwrap(), "--log-level", "debug"];
    let server = Server::start_logging_to(&data, &args, File::create(&log).unwrap().into());
    let client = client(&data);
    is_well(&client, &server).await;
    // All of it.
    let ballast = disk.0.join("ballast");
    let mut file = File::create(&ballast).unwrap();
    let filled = io::copy(&mut io::repeat(1), &mut file);
    assert_eq!(filled.unwrap_err().kind(), io::ErrorKind::StorageFull);
    drop(file);
    let start = Instant::now();
    while relay(&client, &server, MEDIA, JSON).await.status() == StatusCode::NO_CONTENT {
        assert!(
            start.elapsed() < Duration::from_secs(60),
            "the disk is never full"
        );
    }
    for _ in 0..100 {
        let answer = relay(&client, &server, MEDIA, JSON).await;
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    }
    let at_full = fs::metadata(&log).unwrap().len();
    fs::remove_file(&ballast).unwrap();
    let start = Instant::now();
    while relay(&client, &server, MEDIA, JSON).await.status() != StatusCode::NO_CONTENT {
        assert!(start.elapsed() < Duration::from_secs(60), "still full");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let back = start.elapsed();
    is_well(&client, &server).await;
    stop(server).await;
    let log = fs::read_to_string(&log).unwrap();
    assert!(log.len() as u64 > at_full);
    let errors = log.lines().filter(|line| line.contains("ERROR")).count();
    assert!(errors < 10, "one for each message:\n{log}");
    assert!(log.trim_end().ends_with("stopped"), "{log}");
    figures(format_args!(
        "log and journal on one full disk: back after {back:?}"
    ));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_refusals_is_summed_up() {
    const COUNT: u32 = 4000;
    let (dir, server, _) = common::server(&[]);
    let client = client(dir.path());
    let start = Instant::now();
    flood(&client, &server, COUNT as usize).await;
    // Another kind of the same publisher has a line of its own.
    let other = relay(&client, &server, "text/plain", "").await;
    assert_eq!(other.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let metrics = Metrics::read(&client, &server).await;
    assert_eq!(
        metrics.get("notif_refused_total{kind=\"faults\"}"),
        i64::from(COUNT)
    );
    assert_eq!(metrics.get("notif_refused_total{kind=\"media-type\"}"), 1);
    assert!(metrics.get("notif_log_events_total{level=\"WARN\"}") >= i64::from(COUNT));
    server.signal("TERM");
    let (_, log) = server.wait();
    let took = start.elapsed();
    let of_kind = |kind: &str| {
        let kind = format!("kind=\"{kind}\"");
        log.lines().filter(move |line| line.contains(&kind))
    };
    assert_eq!(of_kind("media-type").count(), 1, "{log}");
    let lines: Vec<_> = of_kind("faults").collect();
    let most = took.as_secs() + 3;
    assert!((lines.len() as u64) <= most, "{log}");
    let more = |line: &&str| {
        let (_, more) = line.split_once(", and ")?;
        more.split(' ').next()?.parse::<usize>().ok()
    };
    let told = lines.len() + lines.iter().filter_map(more).sum::<usize>();
    assert_eq!(told, COUNT as usize, "each is told of:\n{log}");
    let bytes: usize = lines.iter().map(|line| line.len() + 1).sum();
    figures(format_args!(
        "{COUNT} refused in {took:.1?}: {} lines, {bytes} bytes",
        lines.len()
    ));
}

#[tokio::test]
async fn what_comes_from_outside_is_quoted_once_and_not_raw() {
    for format in ["text", "json"] {
        let (_dir, server, client) = common::server(&["--log-format", format]);
        let body = "{\"\u{202e}\u{9b}\\u001b[2J\":1}";
        assert_eq!(relay(&client, &server, MEDIA, body).await.status(), 400);
        let long = "x".repeat(6000);
        let answer = relay(&client, &server, &format!("text/{long}"), "").await;
        assert_eq!(answer.status(), 415);
        assert_eq!(
            header(&answer, "content-type"),
            "application/yang-data+json"
        );
        server.signal("TERM");
        let (_, text) = server.wait();
        let hidden = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
        assert!(!text.contains(hidden), "{text:?}");
        let lines: Vec<_> = text
            .lines()
            .filter(|line| line.contains("refused"))
            .collect();
        assert_eq!(lines.len(), 2, "{text}");
        assert!(lines.iter().all(|line| line.len() < 3000), "{text}");
        if format == "json" {
            let line: serde_json::Value = serde_json::from_str(lines[0]).unwrap();
            assert_eq!(line["path"], "/\u{202e}\u{9b}\u{1b}[2J");
            assert_eq!(line["status"], 400);
            assert_eq!(line["level"], "WARN");
            assert!(
                line["first"].as_str().unwrap().contains('\u{202e}'),
                "{line}"
            );
        } else {
            let path = " path=\"/\\u{202e}\\u{9b}\\u{1b}[2J\" ";
            assert!(lines[0].contains(path), "{text}");
        }
    }
}

/// The process that the test below looks at.
#[test]
#[ignore = "it is started by the test of panics"]
fn a_thread_panics() {
    let _log = observe::init_logging(&Config::default().log).unwrap();
    let ended = std::thread::Builder::new()
        .name("worker".to_owned())
        .spawn(|| panic!("no\u{1b}\n{}", "x".repeat(10_000)));
    assert!(ended.unwrap().join().is_err());
}

#[test]
fn a_panic_is_one_line() {
    let ended = Command::new(std::env::current_exe().unwrap())
        .args([
            "--ignored",
            "--exact",
            "--nocapture",
            "logging::a_thread_panics",
        ])
        .env("RUST_BACKTRACE", "1")
        .output()
        .unwrap();
    assert!(ended.status.success());
    let log = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(log.lines().count(), 1, "{log}");
    assert!(log.len() < 3000, "{log}");
    for part in [
        "ERROR a fault of the program: please report this line thread=\"worker\" kind=\"",
        "tests/server/logging.rs:",
        " reason=\"no\\u{1b}\\nxxx",
    ] {
        assert!(log.contains(part), "{part} in {log}");
    }
}
