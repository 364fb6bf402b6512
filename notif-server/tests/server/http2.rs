//! HTTP/2: limits on the memory that a peer can occupy, and answers that arrive.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test states what must hold"
)]

use std::collections::BTreeMap;
use std::fs;
use std::future::poll_fn;
use std::io::{ErrorKind, Read, Write};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::common::tls::{connect_http2, connect_http2_async};
use crate::common::{JSON, Metrics, Server, figures, relay, server};
use actix_web::web::Bytes;
use h2::client::{self, SendRequest};
use hyper::Request;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// The time for reactions that the server has after a second: machines can be busy.
const SOON: Duration = Duration::from_secs(15);

type Peer = (SendRequest<Bytes>, JoinHandle<Result<(), h2::Error>>);

/// A client that gives the server this window, and answers its PINGs.
async fn peer(dir: &Path, server: &Server, window: u32) -> Peer {
    let stream = connect_http2_async(dir, server).await;
    let mut builder = client::Builder::new();
    builder.initial_window_size(window);
    let (requests, connection) = builder.handshake(stream).await.unwrap();
    (requests, tokio::spawn(connection))
}

fn request(method: &str, path: &str) -> Request<()> {
    let request = Request::builder().method(method);
    let uri = format!("https://localhost{path}");
    request.uri(uri).body(()).unwrap()
}

/// The memory of a process that is in use, in KiB.
fn memory(server: &Server) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.unwrap().split_whitespace().next();
    kib.unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_client_that_takes_nothing_is_closed_although_it_answers_pings() {
    let (dir, server, client) = server(&["--write-timeout", "1s"]);
    let (mut requests, connection) = peer(dir.path(), &server, 0).await;
    let before = memory(&server);
    let start = Instant::now();
    let mut asked = Vec::new();
    for _ in 0..2000 {
        let Ok(ready) = requests.ready().await else {
            break;
        };
        requests = ready;
        let Ok((answer, _)) = requests.send_request(request("GET", "/metrics"), true) else {
            break;
        };
        asked.push(answer);
    }
    timeout(SOON, connection).await.unwrap().unwrap().ok();
    let grown = memory(&server).saturating_sub(before);
    figures(format_args!(
        "window 0: closed after {:?} and {} requests, {grown} KiB more",
        start.elapsed(),
        asked.len()
    ));
    assert!(grown < 64 << 10, "{grown} KiB");
    let series = "notif_connections_closed_total{reason=\"stuck\"}";
    Metrics::count(&client, &server, series, 1).await;
}

#[tokio::test]
async fn a_refused_body_is_read_although_the_answer_is_not_taken() {
    const SIZE: usize = 3 << 20;
    let (dir, server, _client) = server(&["--write-timeout", "1m"]);
    let (requests, _connection) = peer(dir.path(), &server, 0).await;
    let mut requests = requests.ready().await.unwrap();
    // Its type is not accepted.
    let (answer, mut body) = requests
        .send_request(request("POST", "/relay-notification"), false)
        .unwrap();
    assert_eq!(answer.await.unwrap().status(), 415);
    let sending = async {
        let mut left = SIZE;
        while left > 0 {
            body.reserve_capacity(left);
            let room = poll_fn(|context| body.poll_capacity(context)).await;
            let piece = room.unwrap().unwrap().min(left);
            body.send_data(vec![b' '; piece].into(), false).unwrap();
            left -= piece;
        }
    };
    // No window of this server is as large.
    timeout(SOON, sending).await.unwrap();
}

#[tokio::test]
async fn answers_that_nobody_takes_have_a_bound_over_all_connections() {
    const STREAMS: usize = 64;
    const BOUND: usize = 16 << 20;
    let (dir, server, client) = server(&["--workers", "1", "--write-timeout", "5m"]);
    let answer = client.get(server.url("/metrics")).send().await.unwrap();
    let size = answer.bytes().await.unwrap().len();
    let before = memory(&server);
    let mut peers = Vec::new();
    // Twice as much as there is room for.
    for _ in 0..=2 * BOUND / (STREAMS * size) {
        let (mut requests, connection) = peer(dir.path(), &server, 0).await;
        let mut answers = Vec::new();
        for _ in 0..STREAMS {
            requests = requests.ready().await.unwrap();
            let asked = requests.send_request(request("GET", "/metrics"), true);
            answers.push(asked.unwrap().0);
        }
        let mut bodies = Vec::new();
        for answer in answers {
            bodies.push(answer.await.unwrap().into_body());
        }
        peers.push((requests, connection, bodies));
    }
    let grown = memory(&server).saturating_sub(before);
    let (_, _, last) = peers.last_mut().unwrap();
    for body in last {
        let reset = timeout(SOON, body.data()).await.unwrap();
        assert!(reset.unwrap().is_err());
    }
    let (_, _, first) = peers.first_mut().unwrap();
    let waiting = timeout(Duration::ZERO, first[0].data()).await;
    assert!(waiting.is_err(), "there was room for it");
    figures(format_args!(
        "window 0 on {} connections: {grown} KiB more",
        peers.len()
    ));
}

#[tokio::test]
async fn an_answer_has_its_time_in_all_and_ends_no_other() {
    const PAUSE: Duration = Duration::from_millis(200);
    let (dir, server, _client) = server(&["--write-timeout", "2s"]);
    let (requests, _connection) = peer(dir.path(), &server, 1).await;
    let mut requests = requests.ready().await.unwrap();
    let start = Instant::now();
    let (answer, _) = requests
        .send_request(request("GET", "/metrics"), true)
        .unwrap();
    let mut body = answer.await.unwrap().into_body();
    // A byte now and then.
    let taking = async {
        while let Some(Ok(bytes)) = body.data().await {
            tokio::time::sleep(PAUSE).await;
            let _ = body.flow_control().release_capacity(bytes.len());
        }
    };
    timeout(SOON, taking).await.unwrap();
    assert!(
        start.elapsed() >= Duration::from_secs(2),
        "{:?}",
        start.elapsed()
    );
    let mut requests = requests.ready().await.unwrap();
    let (answer, _) = requests
        .send_request(request("HEAD", "/healthz"), true)
        .unwrap();
    assert_eq!(answer.await.unwrap().status(), 200);
}

#[tokio::test]
async fn an_idle_connection_is_closed_although_it_answers_pings() {
    let (dir, server, client) = server(&["--keep-alive", "1s"]);
    let (requests, connection) = peer(dir.path(), &server, 65_535).await;
    // Kept until the end, for the client would close the connection without it.
    let mut requests = requests.ready().await.unwrap();
    let answer = requests.send_request(request("GET", "/healthz"), true);
    assert_eq!(answer.unwrap().0.await.unwrap().status(), 200);
    timeout(SOON, connection).await.unwrap().unwrap().ok();
    let series = "notif_connections_closed_total{reason=\"silent\"}";
    Metrics::count(&client, &server, series, 1).await;
}

#[tokio::test]
async fn a_connection_has_so_many_requests_at_once() {
    let (dir, server, _client) = server(&[]);
    let stream = connect_http2_async(dir.path(), &server).await;
    let (requests, mut connection) = client::handshake(stream).await.unwrap();
    let asked = tokio::spawn(async move {
        let mut requests = requests.ready().await.unwrap();
        let (answer, _) = requests
            .send_request(request("GET", "/healthz"), true)
            .unwrap();
        // With the last of these the connection would close.
        (answer.await.unwrap().status(), requests)
    });
    // The settings are there before the answer is.
    let (answered, _requests) = tokio::select! {
        answered = asked => answered.unwrap(),
        _ = &mut connection => panic!("closed"),
    };
    assert_eq!(answered, 200);
    assert_eq!(connection.max_concurrent_send_streams(), 64);
}

/// A frame of HTTP/2 (RFC 9113 section 4.1).
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = length[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

/// A header field as HPACK has it without a table (RFC 7541 section 6.2.2).
fn field(name: &str, value: &str) -> Vec<u8> {
    let mut field = vec![0];
    for text in [name, value] {
        field.push(u8::try_from(text.len()).unwrap());
        field.extend(text.as_bytes());
    }
    field
}

#[tokio::test]
async fn header_fields_are_bounded_and_no_panic_reaches_the_log() {
    const HEADERS: u8 = 1;
    const CONTINUATION: u8 = 9;
    const END: u8 = 4;
    let (dir, server, client) = server(&[]);
    let mut fields = [
        field(":method", "GET"),
        field(":scheme", "https"),
        field(":path", "/healthz"),
        field(":authority", "localhost"),
    ]
    .concat();
    for name in 0..24_577 {
        fields.extend(field(&format!("x{name}"), ""));
    }
    let mut stream = connect_http2(dir.path(), &server);
    let mut sent = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
    sent.extend(frame(4, 0, 0, &[]));
    let pieces: Vec<_> = fields.chunks(16 << 10).collect();
    for (at, piece) in pieces.iter().enumerate() {
        let kind = if at == 0 { HEADERS } else { CONTINUATION };
        // The stream ends with its head.
        let flags = u8::from(at == 0) | if at + 1 == pieces.len() { END } else { 0 };
        sent.extend(frame(kind, flags, 1, piece));
    }
    // It may be cut off.
    let _ = stream.write_all(&sent);
    let _ = stream.read(&mut [0; 1 << 10]);
    drop(stream);
    assert_eq!(
        relay(&client, &server, "application/json", JSON)
            .await
            .status(),
        204
    );
    let metrics = Metrics::read(&client, &server).await;
    assert_eq!(metrics.get("notif_panics_total"), 0);
    server.signal("TERM");
    let (_, log) = server.wait();
    assert!(!log.contains("panic") && !log.contains("fault of"), "{log}");
}

#[tokio::test]
async fn what_is_no_http2_is_told_with_its_sender_and_counted() {
    let (dir, server, client) = server(&[]);
    let mut stream = connect_http2(dir.path(), &server);
    let mut sent = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
    sent.extend(frame(4, 0, 0, &[]));
    // DATA of a stream that cannot exist.
    sent.extend(frame(0, 0, 0, b"x"));
    stream.write_all(&sent).unwrap();
    let _ = stream.read_to_end(&mut Vec::new());
    let series = "notif_http_malformed_total{version=\"2\"}";
    Metrics::count(&client, &server, series, 1).await;
    server.signal("TERM");
    let (_, log) = server.wait();
    let told = log.lines().find(|line| line.contains("malformed"));
    assert!(told.unwrap().contains("publisher=\"127.0.0.1\""), "{log}");
}

#[tokio::test]
async fn streams_that_are_reset_at_once_do_not_pile_up() {
    const STREAMS: u32 = 5000;
    const ENDS: u8 = 5;
    const GOAWAY: u8 = 7;
    let (dir, server, client) = server(&[]);
    let fields = [
        field(":method", "GET"),
        field(":scheme", "https"),
        field(":path", "/metrics"),
        field(":authority", "localhost"),
    ]
    .concat();
    let mut sent = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
    sent.extend(frame(4, 0, 0, &[]));
    for stream in (0..STREAMS).map(|at| 2 * at + 1) {
        sent.extend(frame(1, ENDS, stream, &fields));
        sent.extend(frame(3, 0, stream, &8_u32.to_be_bytes()));
    }
    let mut stream = connect_http2(dir.path(), &server);
    // It may be cut off.
    let _ = stream.write_all(&sent);
    let mut answer = Vec::new();
    let ended = stream.read_to_end(&mut answer);
    let late = ended.is_err_and(|error| error.kind() == ErrorKind::WouldBlock);
    assert!(!late, "the connection goes on");
    let kinds = kinds(&answer);
    assert!(kinds.contains(&GOAWAY), "{kinds:?}");
    let metrics = Metrics::read(&client, &server).await;
    let answered = metrics.find("notif_http_requests_total{route=\"metrics\",status=\"200\"}");
    figures(format_args!(
        "{answered:?} of {STREAMS} streams were answered"
    ));
    assert!(answered < Some(1000), "{answered:?}");
    assert_eq!(
        relay(&client, &server, "application/json", JSON)
            .await
            .status(),
        204
    );
}

/// The kinds of these frames.
fn kinds(mut frames: &[u8]) -> Vec<u8> {
    let mut kinds = Vec::new();
    while let [a, b, c, kind, ..] = *frames {
        kinds.push(kind);
        let length = u32::from_be_bytes([0, a, b, c]) as usize;
        frames = frames.get(9 + length..).unwrap_or_default();
    }
    kinds
}

/// The numbers of tries with curl, by status code and error.
fn curl(
    dir: &Path,
    server: &Server,
    path: &str,
    args: &[&str],
    body: &Path,
) -> BTreeMap<String, usize> {
    let mut statuses = BTreeMap::new();
    for _ in 0..40 {
        let output = Command::new("curl")
            .args([
                "-sS",
                "--http2",
                "--max-time",
                "20",
                "-o",
                "/dev/null",
                "-w",
                "%{http_code}",
            ])
            .arg("--cacert")
            .arg(dir.join("tls/cert.pem"))
            .args(args)
            .arg("--data-binary")
            .arg(format!("@{}", body.display()))
            .arg(server.url(path).replace("127.0.0.1", "localhost"))
            .output()
            .unwrap();
        let status = String::from_utf8(output.stdout).unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        *statuses.entry(format!("{status}{error}")).or_default() += 1;
    }
    statuses
}

#[tokio::test]
async fn early_refusals_arrive_with_curl() {
    const JSON_TYPE: &str = "Content-Type: application/json";
    let (dir, server, _client) = server(&["--max-body", "1MiB"]);
    for size in [3000, 600 << 10, 1100 << 10, 2500 << 10] {
        let body = dir.path().join("body");
        fs::write(&body, " ".repeat(size)).unwrap();
        let too_large = size > 1 << 20;
        for (args, path, status) in [
            (["-H", "Content-Type:"], "/relay-notification", "415"),
            (["-H", JSON_TYPE], "/nothing", "404"),
            (["-X", "PUT"], "/relay-notification", "405"),
            (
                ["-H", JSON_TYPE],
                "/relay-notification",
                if too_large { "413" } else { "400" },
            ),
        ] {
            let statuses = curl(dir.path(), &server, path, &args, &body);
            figures(format_args!("{size} bytes, {status}: {statuses:?}"));
            assert_eq!(
                statuses,
                BTreeMap::from([(status.to_owned(), 40)]),
                "{size} bytes"
            );
        }
    }
}
