//! The sinks' accounts as metrics, read from the journal on each request.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Unit;

use crate::journal::{Account, Reader};
use crate::sink::{Status, UP};

/// Collects the metrics of all sinks.
#[derive(Debug)]
pub(super) struct Accounts {
    reader: Mutex<Reader>,
    statuses: Vec<Arc<Status>>,
}

/// A metric, and its value for a sink.
struct Series<'a> {
    name: &'static str,
    help: &'static str,
    unit: Option<&'a Unit>,
    kind: MetricType,
}

const fn gauge(name: &'static str, help: &'static str) -> Series<'static> {
    Series {
        name,
        help,
        unit: None,
        kind: MetricType::Gauge,
    }
}

const fn counter(name: &'static str, help: &'static str) -> Series<'static> {
    Series {
        kind: MetricType::Counter,
        ..gauge(name, help)
    }
}

impl Accounts {
    /// The metrics of these sinks, with their accounts in this journal.
    pub(super) const fn new(reader: Reader, statuses: Vec<Arc<Status>>) -> Self {
        Self {
            reader: Mutex::new(reader),
            statuses,
        }
    }

    /// The current account of each sink.
    fn read(&self) -> Vec<(&Status, Account)> {
        let reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        let accounts = reader.accounts().unwrap_or_else(|error| {
            tracing::error!(%error, "cannot read the sinks' accounts");
            Vec::new()
        });
        let status_of = |account: Account| {
            let mut statuses = self.statuses.iter();
            let status = statuses.find(|status| status.sink() == account.sink)?;
            Some((&**status, account))
        };
        accounts.into_iter().filter_map(status_of).collect()
    }
}

impl Collector for Accounts {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let sinks = self.read();
        let mut write = |series: &Series<'_>, value: &dyn Fn(&Status, &Account) -> Option<i64>| {
            let (name, help, unit) = (series.name, series.help, series.unit);
            let mut metric = encoder.encode_descriptor(name, help, unit, series.kind)?;
            for (status, account) in &sinks {
                let Some(value) = value(status, account) else {
                    continue;
                };
                let labels = [("sink", status.sink())];
                let metric = metric.encode_family(&labels)?;
                match series.kind {
                    MetricType::Counter => {
                        ConstCounter::new(value.unsigned_abs()).encode(metric)?;
                    }
                    _ => ConstGauge::new(value).encode(metric)?,
                }
            }
            Ok(())
        };
        let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        write(
            &counter(
                "accepted",
                "Notifications for the sink, since its account began",
            ),
            &|_, account| Some(signed(account.accepted())),
        )?;
        write(
            &counter("delivered", "Notifications that the destination has"),
            &|_, account| Some(signed(account.delivered)),
        )?;
        write(
            &counter(
                "quarantined",
                "Notifications that the destination does not take",
            ),
            &|_, account| Some(signed(account.quarantined)),
        )?;
        write(
            &counter(
                "missed",
                "Notifications that were removed before the sink could take them",
            ),
            &|_, account| Some(signed(account.missed)),
        )?;
        write(
            &gauge("waiting", "Notifications that the sink has still to get"),
            &|_, account| Some(signed(account.waiting())),
        )?;
        write(
            &gauge(
                "unaccounted",
                "accepted - delivered - quarantined - missed - waiting: 0, or something is wrong",
            ),
            &|_, account| Some(account.unaccounted()),
        )?;
        let now = Timestamp::now();
        write(
            &Series {
                unit: Some(&Unit::Seconds),
                ..gauge("lag", "For how long the oldest that waits has waited")
            },
            &|_, account| {
                let since = account.waiting_since.unwrap_or(now);
                Some(now.duration_since(since).as_secs().max(0))
            },
        )?;
        write(&gauge("up", UP), &|status, _| status.is_up().map(i64::from))?;
        write(
            &counter("failures", "Attempts to deliver that failed"),
            &|status, _| Some(signed(status.failures.get())),
        )?;
        write(
            &Series {
                unit: Some(&Unit::Bytes),
                ..counter("sent", "What the destination has taken, as it was sent")
            },
            &|status, _| Some(signed(status.sent.get())),
        )
    }
}
