//! Writes points: one request, and the meaning of its answer.

use std::io::{self, Write};
use std::time::{Duration, SystemTime};

use actix_web::http::header::HttpDate;
use flate2::Compression;
use flate2::write::GzEncoder;
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, LOCATION, RETRY_AFTER};
use reqwest::{Method, StatusCode};
use serde::Deserialize;

use super::connection::{Connection, error_body, message, shorten};
use crate::causes::causes;
use crate::config::{Influxdb, InfluxdbVersion};

/// The start of the error for refused points in 1.x and 2.x; 2.0 to 2.0.9 send it with status 500.
const PARTIAL: &str = "partial write:";

/// The longest wait that a server can ask for.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// A server's write API.
#[derive(Debug)]
pub(super) struct Client {
    connection: Connection,
    version: InfluxdbVersion,
    path: Vec<&'static str>,
    query: Vec<(&'static str, String)>,
    /// The target of the writes, as text for people.
    target: String,
}

/// The outcome of a request.
#[derive(Debug)]
pub(super) enum Answer {
    /// All points are written; this many bytes were sent.
    Written(usize),
    /// Some or all points are refused; the others are written.
    Refused(Refusal),
    /// The request is larger than the server takes.
    TooLarge(String),
    /// Perhaps nothing is written: retry, after `wait` at the earliest.
    Later { reason: String, wait: Duration },
    /// The same, but a point may be the cause of the server's failure.
    Failed { reason: String, wait: Duration },
}

/// A refusal of points.
#[derive(Debug, Default)]
pub(super) struct Refusal {
    /// The server's reason.
    pub(super) reason: String,
    /// The refused lines, if the server names them.
    pub(super) lines: Vec<BadLine>,
    /// The number of refused points, if the server gives it.
    pub(super) dropped: Option<usize>,
}

impl Client {
    pub(super) fn new(config: &Influxdb, connection: Connection) -> Self {
        let text = |text: &str| text.to_owned();
        let (path, query, target) = match config.version {
            InfluxdbVersion::V1 => {
                let mut query = vec![("db", config.database.clone()), ("precision", text("ns"))];
                if !config.retention_policy.is_empty() {
                    query.push(("rp", config.retention_policy.clone()));
                }
                (
                    vec!["write"],
                    query,
                    format!("the database {}", config.database),
                )
            }
            InfluxdbVersion::V2 => (
                vec!["api", "v2", "write"],
                vec![
                    ("org", config.org.clone()),
                    ("bucket", config.bucket.clone()),
                    ("precision", text("ns")),
                ],
                format!("the bucket {} of {}", config.bucket, config.org),
            ),
            InfluxdbVersion::V3 => (
                vec!["api", "v3", "write_lp"],
                vec![
                    ("db", config.database.clone()),
                    ("precision", text("nanosecond")),
                ],
                format!("the database {}", config.database),
            ),
        };
        Self {
            connection,
            version: config.version,
            path,
            query,
            target,
        }
    }

    /// Writes lines.
    pub(super) async fn write(&mut self, lines: &[u8]) -> Answer {
        let Ok(body) = gzip(lines) else {
            return Answer::Later {
                reason: "cannot compress a request".to_owned(),
                wait: Duration::ZERO,
            };
        };
        let size = body.len();
        let query = self
            .query
            .iter()
            .map(|(name, value)| (*name, value.as_str()));
        let query: Vec<_> = query.collect();
        let request = self.connection.request(Method::POST, &self.path, &query);
        let request = request
            .header(CONTENT_TYPE, "text/plain; charset=utf-8")
            .header(CONTENT_ENCODING, "gzip")
            .body(body);
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) => return no_answer(&error),
        };
        let status = response.status();
        if status == StatusCode::NO_CONTENT {
            return Answer::Written(size);
        }
        let headers = response.headers().clone();
        let body = error_body(response).await;
        match status {
            StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => {
                Answer::Refused(Refusal::read(&body))
            }
            StatusCode::PAYLOAD_TOO_LARGE => Answer::TooLarge(message(&body)),
            _ if status.is_server_error() && message(&body).contains(PARTIAL) => {
                // Its count has been seen to cover all points of a request with a single bad one.
                Answer::Refused(Refusal {
                    dropped: None,
                    ..Refusal::read(&body)
                })
            }
            StatusCode::INTERNAL_SERVER_ERROR => Answer::Failed {
                reason: format!("{status}: {}", message(&body)),
                wait: retry_after(&headers, SystemTime::now()),
            },
            _ => self.later(status, &headers, &body),
        }
    }

    /// For an answer that says nothing of the points: its message, and advice for operators.
    fn later(&mut self, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Answer {
        let target = &self.target;
        let hint = match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                let who = match self.version {
                    InfluxdbVersion::V1 => "user and password",
                    InfluxdbVersion::V2 | InfluxdbVersion::V3 => "token",
                };
                format!("; check sinks.influxdb's {who}, and that they may write to {target}")
            }
            StatusCode::NOT_FOUND => {
                format!("; make {target}, or check sinks.influxdb's url, version and names")
            }
            _ if status.is_redirection() => {
                let location = headers.get(LOCATION).and_then(|to| to.to_str().ok());
                let location = location.unwrap_or_default();
                format!("; it sends on to {location}: set sinks.influxdb.url to where it is")
            }
            _ if status.is_success() => {
                "; InfluxDB answers 204: check sinks.influxdb.url".to_owned()
            }
            _ => String::new(),
        };
        if status == StatusCode::UNAUTHORIZED {
            self.connection.renew_token();
        }
        Answer::Later {
            reason: format!("{status}: {}{hint}", message(body)),
            wait: retry_after(headers, SystemTime::now()),
        }
    }
}

/// For a request without an answer, with advice if it timed out.
fn no_answer(error: &reqwest::Error) -> Answer {
    let hint = if error.is_timeout() && !error.is_connect() {
        "; if that lasts, raise sinks.influxdb.timeout or lower sinks.influxdb.batch"
    } else {
        ""
    };
    Answer::Later {
        reason: format!("{}{hint}", causes(error)),
        wait: Duration::ZERO,
    }
}

fn gzip(lines: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(lines.len() / 8), Compression::fast());
    encoder.write_all(lines)?;
    encoder.finish()
}

/// The time that the server asks to wait, in seconds or until a date (RFC 9110 section 10.2.3).
fn retry_after(headers: &HeaderMap, now: SystemTime) -> Duration {
    let text = headers
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok());
    let text = text.unwrap_or_default().trim();
    let seconds = text.parse().map(Duration::from_secs).ok();
    let until = || {
        let date: HttpDate = text.parse().ok()?;
        SystemTime::from(date).duration_since(now).ok()
    };
    let wait = seconds.or_else(until);
    wait.unwrap_or_default().min(LONGEST_WAIT)
}

/// The error of 3 Core for refused lines.
#[derive(Deserialize)]
struct Partial {
    data: Vec<BadLine>,
}

/// A refused line.
#[derive(Debug, PartialEq, Eq, Deserialize)]
pub(super) struct BadLine {
    /// The number of the line, from 1.
    #[serde(rename = "line_number")]
    pub(super) number: usize,
    /// The start of the line.
    #[serde(rename = "original_line", default)]
    pub(super) start: String,
    #[serde(rename = "error_message")]
    pub(super) reason: String,
}

impl Refusal {
    fn read(body: &[u8]) -> Self {
        let reason = message(body);
        let partial = serde_json::from_slice::<Partial>(body);
        Self {
            dropped: dropped(&reason),
            lines: partial.map_or_else(|_| Vec::new(), |partial| partial.data),
            reason,
        }
    }

    /// The reason for refusing the only line of a request.
    pub(super) fn reason_of_one(&self) -> String {
        let told = self.lines.first().map(|line| shorten(&line.reason));
        told.unwrap_or_else(|| self.reason.clone())
    }
}

/// The number in `partial write: field type conflict: ... dropped=2`, of 1.x and 2.x.
fn dropped(reason: &str) -> Option<usize> {
    let (_, behind) = reason.rsplit_once(PARTIAL)?;
    let (_, number) = behind.rsplit_once("dropped=")?;
    number.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_to_come_back_is_in_seconds_or_a_date() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_445_412_420);
        for (text, seconds) in [
            ("30", 30),
            (" 7 ", 7),
            ("Wed, 21 Oct 2015 07:28:00 GMT", 60),
            ("Wednesday, 21-Oct-15 07:28:00 GMT", 60),
            ("Wed, 21 Oct 2015 07:26:00 GMT", 0),
            ("soon", 0),
            ("-1", 0),
            ("86400", 300),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, text.parse().unwrap());
            let wait = retry_after(&headers, now);
            assert_eq!(wait, Duration::from_secs(seconds), "{text}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), now), Duration::ZERO);
    }

    #[test]
    fn refusals_are_read_as_far_as_they_say_something() {
        let read = |body: &str| {
            let refusal = Refusal::read(body.as_bytes());
            (refusal.reason, refusal.lines, refusal.dropped)
        };
        let text = |text: &str| text.to_owned();
        let line = |number, start| BadLine {
            number,
            start: text(start),
            reason: text("bad"),
        };
        for (body, refusal) in [
            ("", (text(""), vec![], None)),
            ("<html>", (text("<html>"), vec![], None)),
            (
                r#"{"error":"unable to parse"}"#,
                (text("unable to parse"), vec![], None),
            ),
            (
                r#"{"code":"unprocessable entity","message":"partial write: field type conflict dropped=2"}"#,
                (
                    text("partial write: field type conflict dropped=2"),
                    vec![],
                    Some(2),
                ),
            ),
            (
                r#"{"error":"partial","data":[{"original_line":"x","line_number":2,"error_message":"bad"}]}"#,
                (text("partial"), vec![line(2, "x")], None),
            ),
            (
                r#"{"error":"partial","data":[{"line_number":0,"error_message":"bad"}]}"#,
                (text("partial"), vec![line(0, "")], None),
            ),
        ] {
            assert_eq!(read(body), refusal, "{body}");
        }
        assert_eq!(read(&"é".repeat(600)).0, format!("{}…", "é".repeat(500)));
    }
}
