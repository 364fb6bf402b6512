//! What must have happened before a publisher gets 204: the notification is in the journal, or
//! Kafka has acknowledged it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use notif_runtime::notification::Notification;
use notif_runtime::registry::Registry;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::registry::Registry as Metrics;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use uuid::Uuid;

use crate::config::Kafka;
use crate::journal::{AppendError, Journal};
use crate::notification::{Entry, Record, Rejected, Rejection, Stored};
use crate::sink::Item;
use crate::sink::kafka::{Acknowledger, SetupError, Unacknowledged};

/// What rejected notifications may take of the memory on their way to Kafka, in KiB: 16 MiB.
const REJECTED_ROOM: usize = 16 << 10;

/// Where notifications go before they are acknowledged.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Intake {
    /// Onto this machine's disk.
    Journal(Arc<Journal>),
    /// To Kafka; nothing is kept here.
    Kafka(Arc<Relay>),
}

/// The way to Kafka while the publisher waits.
pub struct Relay {
    acknowledger: Acknowledger,
    room: Arc<Semaphore>,
    dropped: Counter,
    /// Where what nobody waits for is sent from: the threads that serve end before its time is over.
    runtime: Handle,
}

impl fmt::Debug for Relay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Relay").finish_non_exhaustive()
    }
}

/// Why a notification is not taken. Nothing is lost: the publisher keeps it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotTaken {
    /// Sending it again may help.
    #[error("{reason}")]
    NotNow {
        /// What stands in the way.
        reason: String,
        /// When to try again.
        retry_after: Duration,
    },
    /// Sending it again would not help.
    #[error("{0}")]
    Never(String),
}

impl From<AppendError> for NotTaken {
    fn from(error: AppendError) -> Self {
        let seconds = match error {
            AppendError::Busy => 1,
            _ => 10,
        };
        Self::NotNow {
            reason: error.to_string(),
            retry_after: Duration::from_secs(seconds),
        }
    }
}

impl From<Unacknowledged> for NotTaken {
    fn from(error: Unacknowledged) -> Self {
        match error {
            Unacknowledged::Refused(reason) => Self::Never(reason),
            Unacknowledged::NotNow {
                reason,
                retry_after,
            } => Self::NotNow {
                reason,
                retry_after,
            },
        }
    }
}

impl Intake {
    /// Whether it is known already, without looking at a notification, that none is taken.
    ///
    /// # Errors
    /// If so: [`Intake::take`] would say the same.
    pub fn has_room(&self) -> Result<(), NotTaken> {
        match self {
            Self::Journal(journal) => Ok(journal.has_room()?),
            // Only a try shows what the brokers take.
            Self::Kafka(_) => Ok(()),
        }
    }

    /// Takes a notification: when this returns, a crash cannot lose it.
    ///
    /// # Errors
    /// If it is not taken.
    pub async fn take(&self, entry: Entry, notification: Notification) -> Result<(), NotTaken> {
        match self {
            Self::Journal(journal) => {
                // The journal keeps the bytes: the data need not stay in memory until the fsync.
                drop(notification);
                journal.append(entry).await?;
            }
            Self::Kafka(relay) => relay.take(entry, notification).await?,
        }
        Ok(())
    }

    /// Keeps a notification that is refused for its faults, without waiting for it. If it cannot
    /// be kept, that is counted.
    pub fn reject(&self, rejection: Rejection) {
        match self {
            Self::Journal(journal) => journal.reject(rejection),
            Self::Kafka(relay) => Relay::reject(relay, rejection),
        }
    }

    /// Whether notifications are taken.
    ///
    /// # Errors
    /// Why not.
    pub fn health(&self) -> Result<(), String> {
        match self {
            Self::Journal(journal) => journal.health(),
            Self::Kafka(relay) => relay.acknowledger.health(),
        }
    }

    /// Waits, for so long at most, for what is on its way without anybody waiting for it.
    pub async fn close(&self, grace: Duration) {
        if let Self::Kafka(relay) = self {
            let all = u32::try_from(REJECTED_ROOM).unwrap_or(u32::MAX);
            // What is not through by then is counted by nobody any more, but for the log.
            if timeout(grace, relay.room.acquire_many(all)).await.is_err() {
                tracing::warn!("rejected notifications were on their way to Kafka");
            }
        }
    }

    /// Adds the metrics of the intake.
    pub fn register(&self, metrics: &mut Metrics) {
        match self {
            Self::Journal(journal) => journal.register(metrics),
            Self::Kafka(relay) => {
                let metrics = metrics.sub_registry_with_prefix("ack_kafka");
                relay.acknowledger.status().register(metrics);
                metrics.register(
                    "rejected_dropped",
                    "Rejected notifications that Kafka did not get",
                    relay.dropped.clone(),
                );
            }
        }
    }
}

impl Relay {
    /// The brokers that are configured; they need not be there yet. No acknowledgement is waited
    /// for longer than `timeout`. To be called within the runtime that [`Intake::close`] is.
    ///
    /// # Errors
    /// If a property is not one that librdkafka, or the server, can take.
    pub fn new(config: &Kafka, registry: &Registry, timeout: Duration) -> Result<Self, SetupError> {
        Ok(Self {
            acknowledger: Acknowledger::new(config, registry, timeout)?,
            room: Arc::new(Semaphore::new(REJECTED_ROOM)),
            dropped: Counter::default(),
            runtime: Handle::current(),
        })
    }

    async fn take(&self, entry: Entry, notification: Notification) -> Result<(), Unacknowledged> {
        let item = Item {
            record: Record {
                stored: unnumbered(),
                entry,
            },
            notification: Ok(notification),
        };
        self.acknowledger.acknowledge(&item).await
    }

    fn reject(relay: &Arc<Self>, rejection: Rejection) {
        let kib = (rejection.body.len() >> 10) + 1;
        let kib = u32::try_from(kib.min(REJECTED_ROOM)).unwrap_or(u32::MAX);
        let Ok(room) = Arc::clone(&relay.room).try_acquire_many_owned(kib) else {
            relay.dropped.inc();
            return;
        };
        let (relay, runtime) = (Arc::clone(relay), &relay.runtime);
        let rejected = Rejected {
            stored: unnumbered(),
            rejection,
        };
        runtime.spawn(async move {
            let sent = relay.acknowledger.acknowledge_rejected(&rejected).await;
            if let Err(error) = sent {
                relay.dropped.inc();
                tracing::warn!(%error, "a rejected notification is not in Kafka");
            }
            drop(room);
        });
    }
}

/// A new id, without a place in a journal.
fn unnumbered() -> Stored {
    Stored {
        seq: 0,
        id: Uuid::now_v7(),
    }
}
