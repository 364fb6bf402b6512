//! A server process for a test, and a client that trusts it.
#![allow(dead_code, reason = "each test file uses a part")]

pub(crate) mod disk;
pub(crate) mod influxdb;
pub(crate) mod kafka;
pub(crate) mod proxy;
pub(crate) mod publisher;
pub(crate) mod services;
pub(crate) mod tls;

use std::fmt;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use reqwest::{Certificate, Client, Response};
use tempfile::TempDir;

pub(crate) const JSON: &str = include_str!("../../../examples/data/interfaces.json");
pub(crate) const XML: &str = include_str!("../../../examples/data/interfaces.xml");

/// The server's program.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_notif-server");

/// A running server.
pub(crate) struct Server {
    process: Child,
    log: Option<JoinHandle<String>>,
    /// `https://127.0.0.1:PORT`.
    pub(crate) base: String,
}

impl Server {
    /// Starts a server on a free port with its data in `dir`, and waits until it listens.
    pub(crate) fn start(dir: &Path, args: &[&str]) -> Self {
        let listen: &[_] = if args.contains(&"--listen") {
            &[]
        } else {
            &["--listen", "127.0.0.1:0"]
        };
        let process = Command::new(PROGRAM)
            .args(["serve", "--data-dir"])
            .arg(dir)
            .args(listen)
            .args(args)
            .stderr(Stdio::piped())
            .spawn();
        Self::of(process.unwrap())
    }

    /// The server that this process is, once it listens.
    pub(crate) fn of(mut process: Child) -> Self {
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let mut head = String::new();
        let base = loop {
            let line = lines
                .next()
                .unwrap_or_else(|| panic!("the server ended:\n{head}"));
            let line = line.unwrap();
            head.push_str(&line);
            head.push('\n');
            if let Some((_, address)) = line.split_once("listening on ") {
                let end = |c: char| c.is_whitespace() || c == '"';
                break address.split(end).next().unwrap().to_owned();
            }
        };
        // The pipe must be read on, or lines of the log would be lost.
        let log = std::thread::spawn(move || {
            lines
                .map_while(Result::ok)
                .fold(head, |log, line| log + &line + "\n")
        });
        Self {
            process,
            log: Some(log),
            base,
        }
    }

    /// Starts a server whose log goes elsewhere, and waits until it listens.
    pub(crate) fn start_logging_to(dir: &Path, args: &[&str], log: Stdio) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let mut process = Command::new(PROGRAM)
            .args(["serve", "--data-dir"])
            .arg(dir)
            .args(["--listen", &address.to_string()])
            .args(args)
            .stderr(log)
            .spawn()
            .unwrap();
        let start = Instant::now();
        while TcpStream::connect(address).is_err() {
            assert_eq!(process.try_wait().unwrap(), None, "the server ended");
            assert!(
                start.elapsed() < Duration::from_secs(60),
                "it does not listen"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
        Self {
            process,
            log: None,
            base: format!("https://{address}"),
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// The number of the process.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// Sends a signal, such as `TERM`.
    pub(crate) fn signal(&self, name: &str) {
        let pid = self.process.id().to_string();
        let status = Command::new("kill")
            .args([&format!("-{name}"), &pid])
            .status();
        assert!(status.unwrap().success());
    }

    /// True if it has not ended.
    pub(crate) fn is_running(&mut self) -> bool {
        self.process.try_wait().unwrap().is_none()
    }

    /// Waits for the end; returns the exit status and the log.
    pub(crate) fn wait(mut self) -> (ExitStatus, String) {
        let status = self.process.wait().unwrap();
        let log = self.log.take().map(|log| log.join().unwrap());
        (status, log.unwrap_or_default())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A server with a directory of its own, and a client that trusts it.
pub(crate) fn server(args: &[&str]) -> (TempDir, Server, Client) {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path(), args);
    let client = client(dir.path());
    (dir, server, client)
}

/// A client that trusts the generated certificate in `dir`.
pub(crate) fn client(dir: &Path) -> Client {
    builder(dir).build().unwrap()
}

pub(crate) fn builder(dir: &Path) -> reqwest::ClientBuilder {
    let pem = std::fs::read(dir.join("tls/cert.pem")).unwrap();
    let certificate = Certificate::from_pem(&pem).unwrap();
    Client::builder().tls_certs_merge([certificate])
}

/// Posts a notification.
pub(crate) async fn relay(
    client: &Client,
    server: &Server,
    media: &str,
    body: impl Into<Vec<u8>>,
) -> Response {
    let request = client.post(server.url("/relay-notification"));
    let request = request.header("Content-Type", media).body(body.into());
    request.send().await.unwrap()
}

/// A header's value.
pub(crate) fn header<'r>(response: &'r Response, name: &str) -> &'r str {
    response
        .headers()
        .get(name)
        .map_or("", |value| value.to_str().unwrap())
}

/// A notification with one interface of this name.
pub(crate) fn named(name: &str) -> String {
    format!(
        r#"{{"ietf-https-notif:notification":{{"eventTime":"2026-01-01T00:00:00Z","interface_data":{{"interface":[
            {{"name":"{name}","type":"1","admin-status":"up","if-index":1,
             "statistics":{{"discontinuity-time":"2026-01-01T00:00:00Z"}}}}]}}}}}}"#
    )
}

/// A name that no other test or run has.
pub(crate) fn unique(name: &str) -> String {
    format!("{name}-{}", uuid::Uuid::now_v7().simple())
}

/// Prints what a test measured, also when it passes: the macros' output is only shown of a test
/// that fails.
#[allow(clippy::explicit_write, reason = "as said above")]
pub(crate) fn figures(text: fmt::Arguments<'_>) {
    writeln!(std::io::stderr(), "figures: {text}").unwrap();
}

/// The text of `GET /metrics`.
pub(crate) struct Metrics(String);

impl Metrics {
    pub(crate) async fn read(client: &Client, server: &Server) -> Self {
        let answer = client.get(server.url("/metrics")).send().await.unwrap();
        Self(answer.text().await.unwrap())
    }

    /// The metrics once they are as wanted; waits at most two minutes.
    pub(crate) async fn until(
        client: &Client,
        server: &Server,
        what: &str,
        wanted: impl Fn(&Self) -> bool,
    ) -> Self {
        let start = Instant::now();
        loop {
            let metrics = Self::read(client, server).await;
            if wanted(&metrics) {
                return metrics;
            }
            assert!(
                start.elapsed() < Duration::from_secs(120),
                "not in two minutes: {what}\n{}",
                metrics.0
            );
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Waits until a series has this value.
    pub(crate) async fn count(client: &Client, server: &Server, series: &str, value: i64) {
        let counted = |metrics: &Self| metrics.find(series) == Some(value);
        Self::until(client, server, series, counted).await;
    }

    /// The value of a series, with its labels as they are written.
    pub(crate) fn get(&self, series: &str) -> i64 {
        let value = self.find(series);
        value.unwrap_or_else(|| panic!("{series} in\n{}", self.0))
    }

    /// The same, if there is one.
    pub(crate) fn find(&self, series: &str) -> Option<i64> {
        let of_line = |line: &str| line.strip_prefix(series)?.strip_prefix(' ')?.parse().ok();
        self.0.lines().find_map(of_line)
    }

    /// The value of a sink's metric.
    pub(crate) fn of_sink(&self, name: &str, sink: &str) -> i64 {
        self.get(&format!("notif_sink_{name}{{sink=\"{sink}\"}}"))
    }
}
