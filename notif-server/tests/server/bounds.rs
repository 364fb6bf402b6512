//! The limits on a sender's use of memory, answers, the log, and rows of the journal.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test states what must hold"
)]

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::common::tls::connect;
use crate::common::{self, Metrics, figures, named, relay, server};
use notif_runtime::Encoding;
use notif_server::journal::{Bounds, Filter, Journal, Reader};
use notif_server::notification::{Entry, Envelope};
use reqwest::StatusCode;

/// The largest answer, in bytes.
const ANSWER: usize = 64 << 10;

/// The most memory that the process had, in bytes.
fn peak(server: &common::Server) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1));
    kib.unwrap().parse::<usize>().unwrap() << 10
}

/// The message with an interface of this name, and with 20 unknown members.
fn with_unknown_members(name: &str) -> String {
    let mut members = String::new();
    for at in 0..20 {
        let _ = write!(members, "\"x{at}\":1,");
    }
    named(name).replace("\"type\":", &format!("{members}\"type\":"))
}

#[tokio::test]
async fn an_answer_the_log_and_a_row_repeat_little_of_a_message() {
    let (dir, server, client) = server(&[]);
    let before = peak(&server);
    let quotes = "&quot;".repeat(300_000);
    let xml = format!(
        "<notification xmlns=\"urn:ietf:params:xml:ns:netconf:notification:1.0\">\
         <eventTime>2026-01-01T00:00:00Z</eventTime><interface_data><interface>\
         <name>{quotes}</name>{}</interface></interface_data></notification>",
        "<x/>".repeat(20)
    );
    let tag = "t".repeat(1_000_000);
    let messages = [
        (
            "application/json",
            with_unknown_members(&"k".repeat(3_000_000)),
            20,
        ),
        ("application/xml", xml, 20),
        ("application/xml", format!("<{tag}>"), 1),
        ("application/xml", format!("<a></{tag}>"), 1),
        ("application/xml", format!("<a {tag}='1' {tag}='2'/>"), 1),
    ];
    for (media, body, faults) in messages {
        let (start, size) = (Instant::now(), body.len());
        let answer = relay(&client, &server, media, body).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
        let answer = answer.text().await.unwrap();
        figures(format_args!(
            "{size} bytes of {media}: an answer of {} bytes in {:?}",
            answer.len(),
            start.elapsed()
        ));
        assert!(answer.len() <= ANSWER, "{} bytes", answer.len());
        let listed = answer.matches("error-tag").count();
        let listed = if media == "application/xml" {
            listed / 2
        } else {
            listed
        };
        assert_eq!(listed, faults, "{answer}");
    }
    let taken = peak(&server) - before;
    figures(format_args!("{} MiB of memory", taken >> 20));
    // The key, which is most of the message, stood in each of the 20 faults: 60 MB many times.
    assert!(taken < 48 << 20, "{} MiB", taken >> 20);
    let rejected = Reader::open(dir.path())
        .unwrap()
        .rejected(&Filter::default(), 0, 10);
    for rejected in rejected.unwrap() {
        let faults = rejected.rejection.faults.len();
        assert!(faults <= ANSWER, "{faults}");
    }
    server.signal("TERM");
    let (_, log) = server.wait();
    assert!(log.len() < ANSWER, "{} bytes", log.len());
    assert!(log.contains("kkk…"), "{log}");
}

#[tokio::test]
async fn the_time_of_an_event_has_nine_digits_of_a_second_in_a_row() {
    let (dir, server, client) = server(&[]);
    let time = format!("2026-01-01T00:00:00.{}Z", "1234567890".repeat(100_000));
    let message = named("lo").replacen("2026-01-01T00:00:00Z", &time, 1);
    let answer = relay(&client, &server, "application/json", message.clone()).await;
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    let records = Reader::open(dir.path())
        .unwrap()
        .batch(&Filter::default(), 0, 1)
        .unwrap();
    let entry = &records[0].entry;
    assert_eq!(
        entry.event_time.as_deref(),
        Some("2026-01-01T00:00:00.123456789Z")
    );
    assert_eq!(entry.body, message.as_bytes());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bodies_that_do_not_end_take_bounded_memory_and_keep_nobody_out() {
    const BODIES: usize = 40;
    const SIZE: usize = 4 << 20;
    const ROOM: usize = 32 << 20;
    let (dir, server, client) = server(&["--in-flight", "32MiB", "--max-body", "4MiB"]);
    let server = Arc::new(server);
    // The first message causes allocations that the process makes once.
    let first = relay(&client, &server, "application/json", named("first")).await;
    assert_eq!(first.status(), StatusCode::NO_CONTENT);
    let before = peak(&server);
    let sent = Arc::new(AtomicUsize::new(0));
    let attackers: Vec<_> = (0..BODIES)
        .map(|_| {
            let mut stream = connect(dir.path(), &server);
            let sent = Arc::clone(&sent);
            std::thread::spawn(move || {
                let head = format!(
                    "POST /relay-notification HTTP/1.1\r\nHost: localhost\r\n\
                     Content-Type: application/json\r\nContent-Length: {SIZE}\r\n\r\n"
                );
                let body = vec![b' '; 64 << 10];
                let mut left = SIZE - 1;
                let mut whole = stream.write_all(head.as_bytes()).is_ok();
                while whole && left > 0 {
                    let part = left.min(body.len());
                    whole = stream.write_all(&body[..part]).is_ok();
                    left -= part;
                    sent.fetch_add(part, Ordering::Relaxed);
                }
                let mut answer = [0; 12];
                let _ = stream.read_exact(&mut answer);
                String::from_utf8_lossy(&answer).into_owned()
            })
        })
        .collect();
    let mut good = 0;
    let start = Instant::now();
    // Until twice as much was sent as there is room for, and some more.
    while sent.load(Ordering::Relaxed) < 2 * ROOM || good < 50 {
        let answer = relay(&client, &server, "application/json", named("good")).await;
        assert_eq!(answer.status(), StatusCode::NO_CONTENT, "after {good}");
        good += 1;
        assert!(start.elapsed() < Duration::from_secs(60));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let large = "x".repeat(SIZE - 1024);
    let large = relay(&client, &server, "application/json", named(&large)).await;
    assert_eq!(large.status(), StatusCode::NO_CONTENT);
    let metrics = Metrics::read(&client, &server).await;
    let refused = metrics.get("notif_http_body_refused_total");
    assert!(refused > 0);
    assert!(metrics.get("notif_http_body_bytes") <= i64::try_from(ROOM).unwrap());
    let taken = peak(&server) - before;
    figures(format_args!(
        "{} MiB sent, {} MiB of memory, {refused} refused, {good} good ones",
        sent.load(Ordering::Relaxed) >> 20,
        taken >> 20
    ));
    assert!(taken < ROOM + (48 << 20), "{} MiB", taken >> 20);
    drop(server);
    let answers: Vec<_> = attackers
        .into_iter()
        .map(|thread| thread.join().unwrap())
        .collect();
    let told = answers
        .iter()
        .filter(|answer| *answer == "HTTP/1.1 503")
        .count();
    figures(format_args!("{told} were told 503"));
}

/// The most memory that a command took, in bytes, and the length of its answer.
fn run_measured(args: &[&str]) -> (usize, usize) {
    let mut process = Command::new(common::PROGRAM)
        .args(args)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = process.stdout.take().unwrap();
    let status = format!("/proc/{}/status", process.id());
    let (mut length, mut most) = (0, 0);
    let mut part = vec![0; 64 << 10];
    loop {
        let read = out.read(&mut part).unwrap();
        // The process has not ended yet while it has something to say.
        let status = std::fs::read_to_string(&status).unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("VmHWM:"));
        let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
        most = most.max(kib.unwrap_or(0));
        length += read;
        if read == 0 {
            break;
        }
    }
    assert!(process.wait().unwrap().success());
    (most << 10, length)
}

#[tokio::test]
async fn a_query_prints_a_message_line_by_line() {
    let dir = tempfile::tempdir().unwrap();
    let journal = Journal::open(dir.path(), Bounds::NONE, &[]).unwrap();
    let one = named("NAME");
    let (head, rest) = one.split_once(r#"{"name""#).unwrap();
    let (entry, tail) = rest.rsplit_once("]}}}").unwrap();
    let entry = format!("{{\"name\"{entry}");
    let mut body = head.to_owned();
    let mut number = 0;
    while body.len() < 1_000_000 {
        let comma = if number > 0 { "," } else { "" };
        body += comma;
        body += &entry.replace("NAME", &number.to_string());
        number += 1;
    }
    body += "]}}}";
    body += tail;
    let notification = Entry {
        received: jiff::Timestamp::now(),
        event_time: None,
        publisher: "192.0.2.1".to_owned(),
        encoding: Encoding::Json,
        name: "ietf-https-notif:notification".to_owned(),
        body: body.into_bytes(),
        reading: None,
        envelope: Envelope::default(),
    };
    journal.append(notification).await.unwrap();
    journal.close().await;
    let dir = dir.path().to_str().unwrap();
    for format in ["table", "csv", "jsonl"] {
        let args = ["query", "*", "--data-dir", dir, "--format", format];
        let start = Instant::now();
        let (most, length) = run_measured(&args);
        figures(format_args!(
            "{format}: {} MiB of output, {} MiB of memory, in {:?}",
            length >> 20,
            most >> 20,
            start.elapsed()
        ));
        assert!(length > 1_000_000);
        // The program, the message, its data, and some lines.
        assert!(most < 48 << 20, "{} MiB", most >> 20);
    }
}

#[test]
fn validate_reads_no_more_than_a_notification_may_have() {
    let run = |args: &[&str]| {
        let output = Command::new(common::PROGRAM)
            .arg("validate")
            .args(args)
            .env("NOTIF_LIMITS__MAX_BODY", "1MiB")
            .output();
        let output = output.unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stdout).unwrap(),
        )
    };
    let (code, out) = run(&["/dev/zero"]);
    assert_eq!(code, Some(2));
    let told = "/dev/zero: cannot be read: it is larger than limits.max-body = 1MiB\n";
    assert!(out.starts_with(told), "{out}");
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("notif.json");
    let message = with_unknown_members(&"k".repeat(900_000));
    std::fs::write(&file, message).unwrap();
    let (code, out) = run(&[file.to_str().unwrap()]);
    assert_eq!(code, Some(1));
    assert_eq!(out.lines().count(), 21, "{out:.1000}");
    assert!(out.len() < 32 << 10, "{} bytes", out.len());
}
