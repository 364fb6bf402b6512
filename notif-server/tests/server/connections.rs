//! Silent, excess and misused connections: others still get in and are answered.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test states what must hold"
)]

use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::common::tls::{self, HOME, connect, connect_from};
use crate::common::{self, JSON, Metrics, Server, client, figures, named, server};
use openssl::ssl::SslStream;

/// An address other than that of the others.
const ELSEWHERE: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 9);

/// The time for a publisher to connect and get its 204: far more than it needs, for busy machines,
/// and less than any timeout of the server.
const SOON: Duration = Duration::from_secs(2);

/// A new connection with one notification on it; the time that it took, if it got 204.
fn publish(dir: &Path, server: &Server, from: Ipv4Addr) -> Option<Duration> {
    let start = Instant::now();
    let mut stream = connect_from(dir, server, from, b"")?;
    write!(stream, "{}", post(&named("good"), "Connection: close\r\n")).ok()?;
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    answer.starts_with("HTTP/1.1 204").then(|| start.elapsed())
}

fn post(body: &str, fields: &str) -> String {
    format!(
        "POST /relay-notification HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{fields}\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// True if the other side ends the connection before the stream's own timeout.
fn ends(stream: &mut TcpStream) -> bool {
    match stream.read(&mut [0; 16]) {
        Ok(read) => read == 0,
        Err(error) => error.kind() == ErrorKind::ConnectionReset,
    }
}

fn all_in(dir: &Path, server: &Server, what: &str) {
    let mut slowest = Duration::ZERO;
    for at in 0..20 {
        let from = if at % 2 == 0 { HOME } else { ELSEWHERE };
        let took = publish(dir, server, from).unwrap_or_else(|| panic!("{what}: {at} not in"));
        slowest = slowest.max(took);
    }
    figures(format_args!(
        "{what}: the slowest of 20 publishers took {slowest:?}"
    ));
    assert!(slowest < SOON, "{what}: {slowest:?}");
}

#[tokio::test]
async fn silent_connections_keep_nobody_out() {
    // So long that none has ended before all are there, and counted.
    let (dir, server, client) = server(&["--workers", "1", "--handshake-timeout", "5m"]);
    let silent: Vec<_> = (0..1000)
        .map(|_| tls::tcp(&server, HOME).unwrap())
        .collect();
    all_in(dir.path(), &server, "1,000 silent connections");
    let metrics = Metrics::read(&client, &server).await;
    let dropped = metrics.get("notif_handshakes_failed_total{reason=\"dropped\"}");
    assert!(dropped >= 488, "{dropped}");
    let pending = metrics.get("notif_handshakes_pending");
    assert!((500..=513).contains(&pending), "{pending}");
    drop(silent);
}

#[tokio::test]
async fn a_handshake_has_its_time() {
    let (_dir, server, client) = server(&["--handshake-timeout", "300ms"]);
    let start = Instant::now();
    let mut silent = tls::tcp(&server, HOME).unwrap();
    assert!(ends(&mut silent) && start.elapsed() >= Duration::from_millis(250));
    let mut nonsense = tls::tcp(&server, HOME).unwrap();
    nonsense.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
    let _ = nonsense.read_to_end(&mut Vec::new());
    for reason in ["timeout", "tls"] {
        let series = format!("notif_handshakes_failed_total{{reason=\"{reason}\"}}");
        Metrics::count(&client, &server, &series, 1).await;
    }
}

#[tokio::test]
async fn over_the_most_connections_idle_ones_of_the_busiest_make_room() {
    let (dir, server, client) = server(&["--max-connections", "24"]);
    let hoard = |count| -> Vec<SslStream<TcpStream>> {
        (0..count)
            .map(|_| connect_from(dir.path(), &server, ELSEWHERE, b"").unwrap())
            .collect()
    };
    let mut idle = hoard(24);
    // One is not idle: its request is not complete yet.
    let busy = idle.last_mut().unwrap();
    let request = post(&named("busy"), "");
    let (first, rest) = request.split_at(request.len() - 10);
    busy.write_all(first.as_bytes()).unwrap();
    for _ in 0..12 {
        let took = publish(dir.path(), &server, HOME).unwrap();
        assert!(took < SOON, "{took:?}");
    }
    busy.write_all(rest.as_bytes()).unwrap();
    let mut answer = [0; 12];
    busy.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 204");
    let metrics = Metrics::read(&client, &server).await;
    let made_room = metrics.get("notif_connections_closed_total{reason=\"made-room\"}");
    assert!((1..=13).contains(&made_room), "{made_room}");
    drop(idle);
    server.signal("TERM");
    let (_, log) = server.wait();
    assert!(log.contains("limits.max-connections"), "{log}");
}

#[tokio::test]
async fn connections_whose_peers_are_slow_make_room_for_other_addresses() {
    let (dir, server, _client) = server(&["--max-connections", "8"]);
    let slow: Vec<_> = (0..8)
        .map(|_| {
            let mut stream = connect_from(dir.path(), &server, ELSEWHERE, b"").unwrap();
            let request = post(&named("slow"), "");
            stream.write_all(&request.as_bytes()[..200]).unwrap();
            stream
        })
        .collect();
    for _ in 0..4 {
        assert!(publish(dir.path(), &server, HOME).is_some());
    }
    drop(slow);
}

#[tokio::test]
async fn idle_connections_of_few_do_not_go_before_slow_ones_of_many() {
    let (dir, server, _client) = server(&["--max-connections", "8"]);
    let message = post(&named("good"), "");
    let send = |stream: &mut SslStream<TcpStream>| {
        stream.write_all(message.as_bytes()).unwrap();
        let mut answer = [0; 1 << 10];
        let length = stream.read(&mut answer).unwrap();
        assert!(answer[..length].starts_with(b"HTTP/1.1 204"), "cut off");
    };
    let mut good: Vec<_> = (0..2).map(|_| connect(dir.path(), &server)).collect();
    good.iter_mut().for_each(send);
    let slow: Vec<_> = (0..20)
        .filter_map(|_| {
            // Those that are too many are not let in.
            let mut stream = connect_from(dir.path(), &server, ELSEWHERE, b"")?;
            stream.write_all(&message.as_bytes()[..200]).ok()?;
            Some(stream)
        })
        .collect();
    assert!(slow.len() >= 6, "{}", slow.len());
    good.iter_mut().for_each(send);
}

#[tokio::test]
async fn silence_and_slow_heads_have_their_time() {
    let times = ["--request-timeout", "3s", "--keep-alive", "1s"];
    let (dir, server, client) = server(&times);
    for sent in [
        String::new(),
        "GET /healthz HT".to_owned(),
        post(JSON, ""),
        post(JSON, "") + "GET /hea",
    ] {
        let mut stream = connect(dir.path(), &server);
        stream.write_all(sent.as_bytes()).unwrap();
        let start = Instant::now();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        assert!(start.elapsed() < Duration::from_secs(8), "{sent}");
        assert_eq!(answer.is_empty(), !sent.starts_with("POST"));
    }
    let series = "notif_connections_closed_total{reason=\"silent\"}";
    Metrics::count(&client, &server, series, 4).await;
}

#[tokio::test]
async fn who_takes_no_answer_is_not_waited_for() {
    let (dir, server, client) = server(&["--write-timeout", "500ms"]);
    let mut stream = connect(dir.path(), &server);
    let requests = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(64);
    let start = Instant::now();
    // The buffers of both systems hold some MB.
    while stream.write_all(requests.as_bytes()).is_ok() {
        assert!(start.elapsed() < Duration::from_secs(30), "still served");
    }
    let series = "notif_connections_closed_total{reason=\"stuck\"}";
    Metrics::count(&client, &server, series, 1).await;
}

#[tokio::test]
async fn what_is_no_http_is_told_with_its_sender_and_counted() {
    let (dir, server, client) = server(&[]);
    let mut stream = connect(dir.path(), &server);
    stream.write_all(b"\x01\x02 no HTTP\r\n\r\n").unwrap();
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    drop(stream);
    let series = "notif_http_malformed_total{version=\"1.1\"}";
    Metrics::count(&client, &server, series, 1).await;
    server.signal("TERM");
    let (_, log) = server.wait();
    let told: Vec<_> = log
        .lines()
        .filter(|line| line.contains("malformed"))
        .collect();
    assert_eq!(told.len(), 1, "{log}");
    assert!(told[0].contains("publisher=\"127.0.0.1\""), "{log}");
    assert!(!log.contains("ERROR"), "{log}");
}

/// The statuses of the answers.
fn statuses(answers: &str) -> Vec<&str> {
    let answers = answers.split("HTTP/1.1 ").skip(1);
    answers.map(|answer| &answer[..3]).collect()
}

#[tokio::test]
async fn pipelined_requests_are_all_answered_in_order() {
    let (dir, server, _client) = server(&["--max-body", "200KiB"]);
    let large = named(&"x".repeat(100 << 10));
    let too_large = " ".repeat(201 << 10);
    let requests = [
        (post(&named("a"), ""), "204"),
        (post(&large, ""), "204"),
        (
            post(&large, "").replace("application/json", "text/plain"),
            "415",
        ),
        (post("{}", ""), "400"),
        (post(&large, "").replace("POST /relay", "PUT /relay"), "405"),
        (post(&too_large, ""), "413"),
        (
            post(&large, "").replace("/relay-notification", "/nothing"),
            "404",
        ),
        (
            "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n".to_owned(),
            "200",
        ),
        (post(&large, "Connection: close\r\n"), "204"),
    ];
    let (all, expected): (String, Vec<_>) = requests.into_iter().unzip();
    for piece in [1 << 20, 16 << 10, 1000] {
        let stream = connect(dir.path(), &server);
        let answers = exchange(stream, all.as_bytes(), piece);
        assert_eq!(statuses(&answers), expected, "in pieces of {piece}");
    }
}

#[tokio::test]
async fn a_request_names_its_host_once() {
    let (dir, server, client) = server(&[]);
    for (version, hosts, status) in [
        ("1.1", "", "400"),
        ("1.1", "Host: a\r\nHost: b\r\n", "400"),
        ("1.1", "Host: a\r\n", "200"),
        ("1.1", "Host:\r\n", "200"),
        ("1.0", "", "200"),
        ("1.0", "Host: a\r\nHost: a\r\n", "400"),
    ] {
        let stream = connect(dir.path(), &server);
        let request = format!("GET /healthz HTTP/{version}\r\n{hosts}Connection: close\r\n\r\n");
        let answer = exchange(stream, request.as_bytes(), request.len());
        assert_eq!(answer.get(9..12), Some(status), "{version} {hosts:?}");
    }
    let series = "notif_http_malformed_total{version=\"1.1\"}";
    Metrics::count(&client, &server, series, 3).await;
    server.signal("TERM");
    let (_, log) = server.wait();
    let mut told = log.lines().filter(|line| line.contains("no Host"));
    assert!(
        told.any(|line| line.contains("WARN") && line.contains("publisher=\"127.0.0.1\"")),
        "{log}"
    );
}

/// Sends in pieces; all that is answered until the other side ends.
fn exchange(mut stream: SslStream<TcpStream>, all: &[u8], piece: usize) -> String {
    for piece in all.chunks(piece) {
        stream.write_all(piece).unwrap();
    }
    let mut answers = Vec::new();
    let _ = stream.read_to_end(&mut answers);
    String::from_utf8(answers).unwrap()
}

#[tokio::test]
async fn who_waits_for_100_continue_gets_it_or_the_refusal_alone() {
    let (dir, server, _client) = server(&["--max-body", "1KiB"]);
    for (fields, length, expected) in [
        ("Content-Type: application/json", 3, &["100", "400"][..]),
        ("Content-Type: application/json", 9999, &["413"][..]),
        ("Content-Type: text/plain", 3, &["415"][..]),
    ] {
        let mut stream = connect(dir.path(), &server);
        write!(
            stream,
            "POST /relay-notification HTTP/1.1\r\nHost: localhost\r\n{fields}\r\nConnection: close\r\n\
             Expect: 100-continue\r\nContent-Length: {length}\r\n\r\n"
        )
        .unwrap();
        let mut answers = vec![0; 12];
        stream.read_exact(&mut answers).unwrap();
        if expected[0] == "100" {
            stream.write_all(b"{}x").unwrap();
        }
        let _ = stream.read_to_end(&mut answers);
        let answers = String::from_utf8(answers).unwrap();
        assert_eq!(statuses(&answers), expected, "{answers}");
    }
}

#[tokio::test]
async fn the_limit_of_open_files_is_raised_and_told_if_it_is_too_low() {
    let dir = tempfile::tempdir().unwrap();
    let script = format!(
        "ulimit -Sn 100 && ulimit -Hn 300 && exec {} serve --listen 127.0.0.1:0 --data-dir {}",
        common::PROGRAM,
        dir.path().display()
    );
    let command = Command::new("sh")
        .args(["-c", &script])
        .stderr(Stdio::piped())
        .spawn();
    let server = Server::of(command.unwrap());
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", server.id())).unwrap();
    let files = limits
        .lines()
        .find(|line| line.starts_with("Max open files"));
    let files: Vec<_> = files.unwrap().split_whitespace().collect();
    assert_eq!(files[3..5], ["300", "300"]);
    // More connections than files: those that say nothing make room.
    let silent: Vec<_> = (0..400).map(|_| tls::tcp(&server, HOME).unwrap()).collect();
    let kept = client(dir.path())
        .post(server.url("/relay-notification"))
        .header("Content-Type", "application/json")
        .body(JSON)
        .send();
    assert_eq!(kept.await.unwrap().status(), 204);
    drop(silent);
    server.signal("TERM");
    let (_, log) = server.wait();
    assert!(log.contains("may open 300 files"), "{log}");
}
