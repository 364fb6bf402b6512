//! Signals: those that end the server, and those that do not.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test states what must hold"
)]

use std::io::Write;
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::common::{self, JSON, PROGRAM, Server, figures, relay, server};
use openssl::ssl::{SslConnector, SslMethod, SslStream};

/// The time for a stop with nothing to wait for. It once took ten seconds.
const SOON: Duration = Duration::from_secs(4);

#[tokio::test]
async fn signals_that_ask_for_no_end_are_outlived() {
    let (_dir, server, client) = server(&[]);
    for signal in ["HUP", "USR1", "USR2", "ALRM", "XFSZ"] {
        server.signal(signal);
        let answer = relay(&client, &server, "application/json", JSON).await;
        assert_eq!(answer.status(), 204, "after SIG{signal}");
    }
    server.signal("TERM");
    let (status, log) = server.wait();
    assert!(status.success(), "{log}");
    for line in [
        "nothing to reload",
        "this signal has no effect signal=\"SIGUSR1\"",
        "stopping: finishing what is in flight signal=\"SIGTERM\"",
    ] {
        assert!(log.contains(line), "{line} in\n{log}");
    }
}

/// A request whose body does not come.
fn unfinished(dir: &Path, server: &Server) -> SslStream<TcpStream> {
    let mut connector = SslConnector::builder(SslMethod::tls_client()).unwrap();
    connector.set_ca_file(dir.join("tls/cert.pem")).unwrap();
    let stream = TcpStream::connect(server.base.trim_start_matches("https://")).unwrap();
    let mut stream = connector.build().connect("localhost", stream).unwrap();
    let head = "POST /relay-notification HTTP/1.1\r\nHost: localhost\r\n\
                Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{";
    stream.write_all(head.as_bytes()).unwrap();
    stream
}

#[tokio::test]
async fn a_second_signal_ends_the_server_at_once() {
    for (second, code) in [("INT", 130), ("TERM", 143), ("QUIT", 131)] {
        let (dir, mut server, client) = server(&[]);
        let _unfinished = unfinished(dir.path(), &server);
        let in_flight =
            |metrics: &common::Metrics| metrics.get("notif_http_requests_in_flight") > 1;
        common::Metrics::until(&client, &server, "in flight", in_flight).await;
        server.signal("QUIT");
        // It waits for the rest of the body.
        tokio::time::sleep(Duration::from_millis(800)).await;
        assert!(server.is_running());
        server.signal("HUP");
        let start = Instant::now();
        server.signal(second);
        let (status, log) = server.wait();
        assert!(start.elapsed() < SOON, "{log}");
        assert_eq!(status.code(), Some(code), "{log}");
        assert!(
            log.contains("finishing what is in flight signal=\"SIGQUIT\""),
            "{log}"
        );
        assert!(
            log.trim_end().ends_with(&format!("signal=\"SIG{second}\"")),
            "{log}"
        );
        assert!(log.contains("stopping at once"), "{log}");
    }
}

#[tokio::test]
async fn a_stop_does_not_wait_for_a_sink_that_is_down() {
    // Nobody listens on the first; the second takes connections and says nothing.
    let mute = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = mute.local_addr().unwrap().port();
    for sinks in [
        "[sinks.kafka]\nbrokers = '127.0.0.1:1'\n".to_owned(),
        "[sinks.influxdb]\nurl = 'http://127.0.0.1:1'\norg = 'o'\nbucket = 'b'\ntoken = 't'\n"
            .to_owned(),
        format!(
            "[sinks.influxdb]\nurl = 'http://127.0.0.1:{port}'\norg = 'o'\nbucket = 'b'\n\
             token = 't'\ntimeout = '500ms'\n"
        ),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let config = dir.path().join("notif.toml");
        std::fs::write(&config, &sinks).unwrap();
        let server = Server::start(dir.path(), &["--config", config.to_str().unwrap()]);
        let client = common::client(dir.path());
        let answer = relay(&client, &server, "application/json", JSON).await;
        assert_eq!(answer.status(), 204);
        let name = if sinks.contains("kafka") {
            "kafka"
        } else {
            "influxdb"
        };
        let down = |metrics: &common::Metrics| metrics.of_sink("failures_total", name) > 0;
        common::Metrics::until(&client, &server, "down", down).await;
        let start = Instant::now();
        server.signal("TERM");
        let (status, log) = server.wait();
        let took = start.elapsed();
        assert!(status.success(), "{log}");
        assert!(took < SOON, "{took:?}: {log}");
        figures(format_args!("stop with a sink down ({name}): {took:?}"));
    }
}

#[test]
fn consume_heeds_the_same_signals() {
    let dir = tempfile::tempdir().unwrap();
    let config = dir.path().join("notif.toml");
    let text = "[sinks.kafka]\nbrokers = '127.0.0.1:1'\n\
                [sinks.influxdb]\nurl = 'http://127.0.0.1:1'\norg = 'o'\nbucket = 'b'\ntoken = 't'\n";
    std::fs::write(&config, text).unwrap();
    for stop in ["TERM", "INT", "QUIT"] {
        let mut member = Command::new(PROGRAM)
            .args(["consume", "--config"])
            .arg(&config)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = std::io::BufReader::new(member.stderr.take().unwrap());
        let mut until = |wanted: &str| {
            let mut line = String::new();
            while !line.contains(wanted) {
                line.clear();
                assert_ne!(
                    std::io::BufRead::read_line(&mut log, &mut line).unwrap(),
                    0,
                    "{wanted}"
                );
            }
        };
        let signal = |name: &str| {
            let name = format!("-{name}");
            let sent = Command::new("kill")
                .args([&name, &member.id().to_string()])
                .status();
            assert!(sent.unwrap().success());
        };
        until("joining");
        signal("HUP");
        until("nothing to reload");
        signal("USR1");
        until("has no effect");
        let start = Instant::now();
        signal(stop);
        until("finishing what is in flight");
        until("stopped");
        let status = member.wait().unwrap();
        let took = start.elapsed();
        assert!(status.success());
        figures(format_args!("stop of consume without Kafka: {took:?}"));
        assert!(took < Duration::from_secs(7), "{took:?}");
    }
}
