//! Starts, stops and crashes: the journal has every acknowledged notification.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test states what must hold"
)]

use std::collections::HashSet;
use std::io::{Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::common::tls::connect;
use crate::common::{self, JSON, Metrics, Server, client, named, relay, server};
use notif_server::journal::{Filter, Reader};
use reqwest::StatusCode;

/// The names of the interfaces in the journal's messages, in their order.
fn kept(dir: &Path) -> Vec<String> {
    let reader = Reader::open(dir).unwrap();
    let records = reader
        .batch(&Filter::default(), 0, usize::MAX >> 1)
        .unwrap();
    let name = |body: &[u8]| {
        let body: serde_json::Value = serde_json::from_slice(body).unwrap();
        let name = body.pointer("/ietf-https-notif:notification/interface_data/interface/0/name");
        name.unwrap().as_str().unwrap().to_owned()
    };
    records
        .iter()
        .map(|record| name(&record.entry.body))
        .collect()
}

#[tokio::test]
async fn what_is_in_flight_at_a_stop_is_finished() {
    for signal in ["TERM", "INT", "QUIT"] {
        let (dir, server, client) = server(&[]);
        let mut stream = connect(dir.path(), &server);
        let body = named("in-flight");
        let (first, rest) = body.split_at(body.len() / 2);
        write!(
            stream,
            "POST /relay-notification HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{first}",
            body.len()
        )
        .unwrap();
        stream.flush().unwrap();
        until_in_flight(&client, &server).await;
        server.signal(signal);
        tokio::time::sleep(Duration::from_millis(600)).await;
        stream.write_all(rest.as_bytes()).unwrap();
        let mut answer = [0; 64];
        let length = stream.read(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer[..length]).into_owned();
        assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
        let (status, log) = server.wait();
        assert!(status.success(), "{log}");
        assert!(
            log.contains("stopping") && log.trim_end().ends_with("stopped"),
            "{log}"
        );
        assert_eq!(kept(dir.path()), ["in-flight"]);
    }
}

/// Waits until there is a request besides those that ask for it.
async fn until_in_flight(client: &reqwest::Client, server: &Server) {
    let in_flight = |metrics: &Metrics| metrics.get("notif_http_requests_in_flight") > 1;
    Metrics::until(client, server, "in flight", in_flight).await;
}

#[tokio::test]
async fn a_stop_has_its_time_whatever_is_in_flight() {
    let (dir, server, client) = server(&["--shutdown-timeout", "2s", "--request-timeout", "5m"]);
    let mut stream = connect(dir.path(), &server);
    let head = "POST /relay-notification HTTP/1.1\r\nHost: localhost\r\n\
                Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{";
    stream.write_all(head.as_bytes()).unwrap();
    until_in_flight(&client, &server).await;
    let start = Instant::now();
    server.signal("TERM");
    let (status, log) = server.wait();
    let took = start.elapsed();
    assert!(status.success(), "{log}");
    assert!(
        log.contains("cutting off") && log.trim_end().ends_with("stopped"),
        "{log}"
    );
    // The body would be waited for five minutes.
    assert!((2..30).contains(&took.as_secs()), "{took:?}");
}

#[tokio::test]
async fn a_second_server_for_the_same_directory_is_refused() {
    let (dir, _server, _client) = server(&[]);
    let second = std::process::Command::new(common::PROGRAM)
        .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
        .arg(dir.path())
        .output()
        .unwrap();
    assert!(!second.status.success());
    let told = String::from_utf8(second.stderr).unwrap();
    assert!(told.contains("another notif-server uses"), "{told}");
}

#[tokio::test]
async fn certificate_and_journal_are_used_again_after_a_restart() {
    let (dir, server, client) = server(&[]);
    relay(&client, &server, "application/json", named("first")).await;
    server.signal("TERM");
    server.wait();
    let server = Server::start(dir.path(), &[]);
    let answer = relay(&client, &server, "application/json", named("second")).await;
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    assert_eq!(kept(dir.path()), ["first", "second"]);
}

/// Sends until the server is gone; each name that got 204 is in `acknowledged` by then.
async fn load(
    client: reqwest::Client,
    url: String,
    prefix: String,
    acknowledged: Arc<Mutex<Vec<String>>>,
) {
    for number in 0.. {
        let name = format!("{prefix}-{number}");
        let request = client.post(&url).header("Content-Type", "application/json");
        match request.body(named(&name)).send().await {
            Ok(answer) if answer.status() == StatusCode::NO_CONTENT => {
                acknowledged.lock().unwrap().push(name);
            }
            Ok(answer) => panic!("{}", answer.status()),
            Err(_) => return,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_in_twenty_kills_under_load() {
    const ROUNDS: u64 = 20;
    let dir = tempfile::tempdir().unwrap();
    let acknowledged = Arc::new(Mutex::new(Vec::new()));
    for round in 0..ROUNDS {
        let server = Server::start(dir.path(), &[]);
        let before = acknowledged.lock().unwrap().len();
        let senders: Vec<_> = (0..8)
            .map(|sender| {
                let url = server.url("/relay-notification");
                let prefix = format!("{round}-{sender}");
                tokio::spawn(load(
                    client(dir.path()),
                    url,
                    prefix,
                    Arc::clone(&acknowledged),
                ))
            })
            .collect();
        // Not before there is load, and then at a different moment each time.
        while acknowledged.lock().unwrap().len() < before + 20 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        tokio::time::sleep(Duration::from_micros(round * 1777 % 20_000)).await;
        server.signal("KILL");
        server.wait();
        for sender in senders {
            sender.await.unwrap();
        }
    }
    // A last start recovers what the last kill left.
    let server = Server::start(dir.path(), &[]);
    let kept: HashSet<_> = kept(dir.path()).into_iter().collect();
    let acknowledged = acknowledged.lock().unwrap().clone();
    assert!(acknowledged.len() as u64 >= 20 * ROUNDS);
    let lost: Vec<_> = acknowledged
        .iter()
        .filter(|name| !kept.contains(*name))
        .collect();
    assert!(lost.is_empty(), "{lost:?}");
    let answer = relay(&client(dir.path()), &server, "application/json", JSON).await;
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn rejected_notifications_on_their_way_to_kafka_have_their_time_at_the_end() {
    let dir = tempfile::tempdir().unwrap();
    let config = dir.path().join("notif.toml");
    let text = "ack = 'kafka'\ntimeouts.shutdown = '2s'\n\
                [sinks.kafka]\nbrokers = '127.0.0.1:1'\ndead-letter = 'dead'\n";
    std::fs::write(&config, text).unwrap();
    let server = Server::start(dir.path(), &["--config", config.to_str().unwrap()]);
    let refused = relay(&client(dir.path()), &server, "application/json", "{}").await;
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
    server.signal("TERM");
    let (status, log) = server.wait();
    assert!(status.success(), "{log}");
    assert!(log.contains("were on their way to Kafka"), "{log}");
}

#[tokio::test]
async fn a_name_is_listened_on_and_who_may_send_is_said() {
    for (listen, is_open) in [("localhost:0", false), ("0.0.0.0:0", true)] {
        let (_dir, server, client) = server(&["--listen", listen]);
        let url = server.url("/healthz").replace("0.0.0.0", "127.0.0.1");
        let health = client.get(url).send().await.unwrap();
        assert_eq!(health.status(), 200, "{listen}");
        server.signal("TERM");
        let (_, log) = server.wait();
        assert_eq!(log.contains("anyone who reaches"), is_open, "{log}");
    }
}

#[tokio::test]
async fn a_sink_is_not_up_before_it_was_tried() {
    // Nothing listens there.
    let url = "http://127.0.0.1:1";
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("notif.toml");
    let sink = format!("[sinks.influxdb]\nurl = '{url}'\nversion = 1\ndatabase = 'd'\n");
    std::fs::write(&file, sink).unwrap();
    let server = Server::start(dir.path(), &["--config", file.to_str().unwrap()]);
    let client = client(dir.path());
    let sink = async || {
        let health = client.get(server.url("/healthz")).send().await.unwrap();
        let health = health.bytes().await.unwrap();
        let health: serde_json::Value = serde_json::from_slice(&health).unwrap();
        health["sinks"]["influxdb"].as_str().unwrap().to_owned()
    };
    let metrics = async || {
        let metrics = client.get(server.url("/metrics")).send().await.unwrap();
        metrics.text().await.unwrap()
    };
    assert_eq!(sink().await, "not tried yet");
    assert!(!metrics().await.contains("notif_sink_up{"));
    let answer = relay(&client, &server, "application/json", JSON).await;
    assert_eq!(answer.status(), 204);
    while sink().await == "not tried yet" {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let reason = sink().await;
    assert!(reason.contains("127.0.0.1:1"), "{reason}");
    assert!(
        metrics()
            .await
            .contains("notif_sink_up{sink=\"influxdb\"} 0")
    );
}
