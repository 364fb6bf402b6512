//! Publishers for a test: each has an address of its own, and sends what can be told apart.
#![allow(dead_code, reason = "each test file uses a part")]

use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::{Client, StatusCode};

/// A publisher that numbers its messages by their event times: one microsecond each.
pub(crate) struct Publisher {
    /// 127.0.0.x: the collector tells publishers apart by their addresses.
    pub(crate) address: IpAddr,
    client: Client,
    first: Timestamp,
    /// The number of messages made.
    pub(crate) made: u64,
    /// The event times of those that got 204, in their order.
    pub(crate) acknowledged: Vec<String>,
    /// Answers with 503.
    pub(crate) turned_away: u64,
}

/// The result of a publisher's request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// 204.
    Taken,
    /// 503.
    NotNow,
    /// Nothing: the connection broke, or there was none.
    Nothing,
}

impl Publisher {
    /// A publisher at 127.0.0.`host`, which trusts the certificate of the server in `dir`.
    pub(crate) fn new(dir: &Path, host: u8) -> Self {
        let address = IpAddr::V4(Ipv4Addr::new(127, 0, 0, host));
        Self {
            address,
            client: client(dir, address),
            // Other runs against the same services have other times.
            first: Timestamp::now(),
            made: 0,
            acknowledged: Vec::new(),
            turned_away: 0,
        }
    }

    /// The event time of a message.
    fn event_time(&self, number: u64) -> String {
        let micros = self.first.as_microsecond() + i64::try_from(number).unwrap();
        format!("{:.6}", Timestamp::from_microsecond(micros).unwrap())
    }

    /// Sends one message, at most once.
    pub(crate) async fn send(&mut self, base: &str) -> Told {
        let event_time = self.event_time(self.made);
        let request = self
            .client
            .post(format!("{base}/relay-notification"))
            .header("Content-Type", "application/json")
            .body(message(&event_time, self.made));
        self.made += 1;
        match request.send().await.map(|answer| answer.status()) {
            Ok(StatusCode::NO_CONTENT) => {
                self.acknowledged.push(event_time);
                Told::Taken
            }
            Ok(StatusCode::SERVICE_UNAVAILABLE) => {
                self.turned_away += 1;
                Told::NotNow
            }
            Ok(status) => panic!("{status}"),
            Err(_) => Told::Nothing,
        }
    }

    /// Sends until the server is gone.
    pub(crate) async fn send_until_gone(&mut self, base: &str) {
        while self.send(base).await != Told::Nothing {}
    }

    /// Sends for this time, waiting `pause` between messages.
    pub(crate) async fn send_for(&mut self, base: &str, time: Duration, pause: Duration) {
        let end = tokio::time::Instant::now() + time;
        while tokio::time::Instant::now() < end {
            let told = self.send(base).await;
            assert_ne!(told, Told::Nothing, "the server is there");
            tokio::time::sleep(pause).await;
        }
    }
}

fn client(dir: &Path, address: IpAddr) -> Client {
    let builder = super::builder(dir).local_address(address);
    builder.timeout(Duration::from_secs(60)).build().unwrap()
}

/// A message with one interface, whose counter is the message's number.
fn message(event_time: &str, number: u64) -> String {
    format!(
        r#"{{"ietf-https-notif:notification":{{"eventTime":"{event_time}","interface_data":{{"interface":[
            {{"name":"eth0","type":"6","admin-status":"up","if-index":1,
             "statistics":{{"discontinuity-time":"2026-01-01T00:00:00Z","in-octets":"{number}"}}}}]}}}}}}"#
    )
}
