//! InfluxQL over HTTP, which all versions of InfluxDB understand.

use std::collections::BTreeMap;
use std::env;

use reqwest::header::ACCEPT;
use reqwest::{Method, StatusCode};
use serde::Deserialize;
use serde_json::Value;

use crate::causes::causes;
use crate::config::{Influxdb, InfluxdbVersion};
use crate::sink::influxdb::InfluxdbError;
use crate::sink::influxdb::connection::{Connection, TOKEN_VARIABLE, error_body, message, shorten};

/// A row of an answer by column name. Columns without a value are left out.
pub(super) type Row = BTreeMap<String, Value>;

/// Errors of a question to InfluxDB.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AskError {
    /// There is no answer.
    #[error("cannot ask InfluxDB: {0}")]
    Http(String),
    /// InfluxDB denies access.
    #[error(
        "InfluxDB does not let us read {database} ({text}): check the token, or user and password, \
         of [sinks.influxdb]"
    )]
    Denied {
        /// The database or bucket.
        database: String,
        /// The answer's text.
        text: String,
    },
    /// InfluxDB refuses the question.
    #[error("InfluxDB does not answer for {database}: {text}{hint}")]
    Refused {
        /// The database or bucket.
        database: String,
        /// The answer's text.
        text: String,
        /// Advice that may help.
        hint: &'static str,
    },
    /// The answer is cut off.
    #[error(
        "InfluxDB cuts its answers for {0} off: raise max-row-limit in its configuration, or ask \
         for less with --limit, --since or --publisher"
    )]
    CutOff(String),
}

/// A server to ask.
#[derive(Debug)]
pub(super) struct Server {
    connection: Connection,
    database: String,
    retention_policy: Option<String>,
}

#[derive(Deserialize)]
struct Answer {
    results: Vec<Statement>,
}

#[derive(Deserialize)]
struct Statement {
    #[serde(default)]
    series: Vec<Series>,
    error: Option<String>,
}

#[derive(Deserialize)]
struct Series {
    columns: Vec<String>,
    #[serde(default)]
    values: Vec<Vec<Value>>,
    /// Rows are missing: the server limits their number.
    #[serde(default)]
    partial: bool,
}

impl Server {
    pub(super) fn new(config: &Influxdb) -> Result<Self, InfluxdbError> {
        let policy = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let (database, retention_policy) = match config.version {
            InfluxdbVersion::V1 => (config.database.clone(), policy(&config.retention_policy)),
            // InfluxQL finds a bucket by its name; a `/` in the name precedes a retention policy.
            InfluxdbVersion::V2 => match config.bucket.split_once('/') {
                Some((database, rest)) => (database.to_owned(), policy(rest)),
                None => (config.bucket.clone(), None),
            },
            InfluxdbVersion::V3 => (config.database.clone(), None),
        };
        Ok(Self {
            connection: Connection::new(config, env::var(TOKEN_VARIABLE).ok())?,
            database,
            retention_policy,
        })
    }

    /// The rows of the answer to a statement.
    pub(super) async fn ask(&self, statement: &str) -> Result<Vec<Row>, AskError> {
        let mut query = vec![
            ("db", self.database.as_str()),
            ("epoch", "ns"),
            ("q", statement),
        ];
        query.extend(
            self.retention_policy
                .as_deref()
                .map(|policy| ("rp", policy)),
        );
        let request = self.connection.request(Method::GET, &["query"], &query);
        let request = request.header(ACCEPT, "application/json");
        let response = request.send().await;
        let response = response.map_err(|error| self.unreachable(error))?;
        let status = response.status();
        if !status.is_success() {
            let text = message(&error_body(response).await);
            return Err(self.refused(status, format!("{status}: {text}")));
        }
        let body = response.bytes().await;
        let body = body.map_err(|error| self.unreachable(error))?;
        let answer: Answer = serde_json::from_slice(&body)
            .map_err(|_| self.refused(status, shorten(&String::from_utf8_lossy(&body))))?;
        let mut rows = Vec::new();
        for statement in answer.results {
            if let Some(error) = statement.error {
                return Err(self.refused(status, error));
            }
            if statement.series.iter().any(|series| series.partial) {
                return Err(AskError::CutOff(self.database.clone()));
            }
            rows.extend(statement.series.into_iter().flat_map(Series::rows));
        }
        Ok(rows)
    }

    /// Reports the address without the query, which is long and not the cause.
    fn unreachable(&self, error: reqwest::Error) -> AskError {
        let url = self.connection.url();
        AskError::Http(format!("{url}: {}", causes(&error.without_url())))
    }

    fn refused(&self, status: StatusCode, text: String) -> AskError {
        let database = self.database.clone();
        if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
            return AskError::Denied { database, text };
        }
        let missing = status == StatusCode::NOT_FOUND || text.contains("not found");
        AskError::Refused {
            database,
            hint: if missing {
                "; check url, version, bucket and database of [sinks.influxdb]"
            } else {
                ""
            },
            text,
        }
    }
}

impl Series {
    fn rows(self) -> impl Iterator<Item = Row> {
        let Self {
            columns, values, ..
        } = self;
        values.into_iter().map(move |values| {
            let cells = columns.iter().cloned().zip(values);
            cells.filter(|(_, value)| !value.is_null()).collect()
        })
    }
}

/// An identifier in InfluxQL.
pub(super) fn name(text: &str) -> String {
    quoted(text, '"')
}

/// A string literal in InfluxQL.
pub(super) fn literal(text: &str) -> String {
    quoted(text, '\'')
}

fn quoted(text: &str, quote: char) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push(quote);
    for c in text.chars() {
        match c {
            '\n' => quoted.push_str("\\n"),
            '\\' => quoted.push_str("\\\\"),
            c if c == quote => quoted.extend(['\\', c]),
            c => quoted.push(c),
        }
    }
    quoted.push(quote);
    quoted
}
