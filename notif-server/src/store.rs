//! The store for accepted notifications, which they reach before the 204: the journal, or Kafka.

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

/// The memory for rejected notifications on their way to Kafka, in KiB: 16 MiB.
const REJECTED_ROOM: usize = 16 << 10;

/// The store that a notification has to be in before it is acknowledged: `ack` of the
/// configuration.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Store {
    /// The journal on this machine's disk.
    Journal(Arc<Journal>),
    /// Kafka; nothing is kept here.
    Kafka(Arc<KafkaStore>),
}

/// Sends notifications to Kafka while their publishers wait.
pub struct KafkaStore {
    acknowledger: Acknowledger,
    room: Arc<Semaphore>,
    dropped: Counter,
    /// Runs the sending that no request waits for; the serving threads may end before it is done.
    runtime: Handle,
}

impl fmt::Debug for KafkaStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KafkaStore").finish_non_exhaustive()
    }
}

/// A notification is not kept. Nothing is lost: the publisher still has it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Sending it again may help.
    #[error("{reason}")]
    NotNow {
        /// The obstacle, for the sender's operator.
        reason: String,
        /// The time after which to try again.
        retry_after: Duration,
    },
    /// Sending it again would not help.
    #[error("{0}")]
    Never(String),
}

impl From<AppendError> for StoreError {
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

impl From<Unacknowledged> for StoreError {
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

impl Store {
    /// Refuses early if [`Store::keep`] would refuse any notification.
    ///
    /// # Errors
    /// If nothing can be kept now.
    pub fn has_room(&self) -> Result<(), StoreError> {
        match self {
            Self::Journal(journal) => Ok(journal.has_room()?),
            // Only a delivery shows if the brokers take a record.
            Self::Kafka(_) => Ok(()),
        }
    }

    /// Keeps a notification: when this returns, a crash cannot lose it.
    ///
    /// # Errors
    /// If it cannot be kept.
    pub async fn keep(&self, entry: Entry, notification: Notification) -> Result<(), StoreError> {
        match self {
            Self::Journal(journal) => {
                // The journal keeps the bytes: the data need not stay in memory until the fsync.
                drop(notification);
                journal.append(entry).await?;
            }
            Self::Kafka(kafka) => kafka.keep(entry, notification).await?,
        }
        Ok(())
    }

    /// Keeps a notification that is refused for its faults, without waiting for it. If it cannot
    /// be kept, that is counted.
    pub fn reject(&self, rejection: Rejection) {
        match self {
            Self::Journal(journal) => journal.reject(rejection),
            Self::Kafka(kafka) => KafkaStore::reject(kafka, rejection),
        }
    }

    /// Checks that notifications can be kept.
    ///
    /// # Errors
    /// The reason, if they cannot.
    pub fn health(&self) -> Result<(), String> {
        match self {
            Self::Journal(journal) => journal.health(),
            Self::Kafka(kafka) => kafka.acknowledger.health(),
        }
    }

    /// Waits up to `grace` for rejected notifications that are on their way.
    pub async fn close(&self, grace: Duration) {
        if let Self::Kafka(kafka) = self {
            let all = u32::try_from(REJECTED_ROOM).unwrap_or(u32::MAX);
            // Whatever is left by then is no longer counted; only the log mentions it.
            if timeout(grace, kafka.room.acquire_many(all)).await.is_err() {
                tracing::warn!("rejected notifications were on their way to Kafka");
            }
        }
    }

    /// Adds the metrics of the store.
    pub fn register(&self, metrics: &mut Metrics) {
        match self {
            Self::Journal(journal) => journal.register(metrics),
            Self::Kafka(kafka) => {
                let metrics = metrics.sub_registry_with_prefix("ack_kafka");
                kafka.acknowledger.status().register(metrics);
                metrics.register(
                    "rejected_dropped",
                    "Rejected notifications that Kafka did not get",
                    kafka.dropped.clone(),
                );
            }
        }
    }
}

impl KafkaStore {
    /// Sets up sending to the configured brokers, which need not be up yet. An acknowledgement may
    /// take up to `timeout`. Call it within the runtime that calls [`Store::close`].
    ///
    /// # Errors
    /// If librdkafka or the server does not accept a property.
    pub fn new(config: &Kafka, registry: &Registry, timeout: Duration) -> Result<Self, SetupError> {
        Ok(Self {
            acknowledger: Acknowledger::new(config, registry, timeout)?,
            room: Arc::new(Semaphore::new(REJECTED_ROOM)),
            dropped: Counter::default(),
            runtime: Handle::current(),
        })
    }

    async fn keep(&self, entry: Entry, notification: Notification) -> Result<(), Unacknowledged> {
        let item = Item {
            record: Record {
                stored: unnumbered(),
                entry,
            },
            notification: Ok(notification),
        };
        self.acknowledger.acknowledge(&item).await
    }

    fn reject(kafka: &Arc<Self>, rejection: Rejection) {
        let kib = (rejection.body.len() >> 10) + 1;
        let kib = u32::try_from(kib.min(REJECTED_ROOM)).unwrap_or(u32::MAX);
        let Ok(room) = Arc::clone(&kafka.room).try_acquire_many_owned(kib) else {
            kafka.dropped.inc();
            return;
        };
        let (kafka, runtime) = (Arc::clone(kafka), &kafka.runtime);
        let rejected = Rejected {
            stored: unnumbered(),
            rejection,
        };
        runtime.spawn(async move {
            let sent = kafka.acknowledger.acknowledge_rejected(&rejected).await;
            if let Err(error) = sent {
                kafka.dropped.inc();
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
