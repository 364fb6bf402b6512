//! The parts behind the HTTP server: the store, and the workers that send on what it keeps.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use notif_runtime::registry::Registry;
use prometheus_client::registry::Registry as Metrics;

use crate::config::{Ack, Config};
use crate::forward;
use crate::forward::{Forward, ForwardError};
use crate::journal::{Account, Journal, OpenError, Reader};
use crate::sink::Status;
use crate::sink::kafka::SetupError;
use crate::store::{KafkaStore, Store};

/// The store, and the workers that read it.
#[derive(Debug)]
pub(super) struct Pipeline {
    pub(super) store: Store,
    /// The journal and its workers, if the store is the journal.
    kept: Option<Kept>,
}

#[derive(Debug)]
struct Kept {
    journal: Arc<Journal>,
    forward: Forward,
}

/// Errors in setting up the store and the sinks.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PipelineError {
    /// The journal cannot be opened.
    #[error(transparent)]
    Journal(#[from] OpenError),
    /// A sink cannot be started.
    #[error(transparent)]
    Forward(#[from] ForwardError),
    /// Kafka's configuration cannot be used.
    #[error(transparent)]
    Kafka(#[from] SetupError),
}

impl Pipeline {
    /// Opens the configured store and sinks.
    pub(super) fn open(config: &Config, registry: &Registry) -> Result<Self, PipelineError> {
        match config.ack {
            Ack::Journal => Self::with_journal(config, registry),
            Ack::Kafka => {
                for account in owed(&config.data_dir) {
                    tracing::error!(
                        sink = account.sink,
                        waiting = account.waiting(),
                        "the journal of an earlier start still owes notifications, and with \
                         ack = \"kafka\" nobody sends them: start with ack = \"journal\" until none \
                         wait, or send them with `notif-server replay`"
                    );
                }
                if config.sinks.influxdb.is_on() {
                    tracing::warn!(
                        "with ack = \"kafka\" this process has no journal that sinks.influxdb could \
                         read: run `notif-server consume` with the same configuration"
                    );
                }
                let timeout = config.timeouts.acknowledge.get();
                let kafka = KafkaStore::new(&config.sinks.kafka, registry, timeout)?;
                Ok(Self {
                    store: Store::Kafka(Arc::new(kafka)),
                    kept: None,
                })
            }
        }
    }

    fn with_journal(config: &Config, registry: &Registry) -> Result<Self, PipelineError> {
        let names = forward::names(&config.sinks);
        let journal = Journal::open(&config.data_dir, (&config.journal).into(), &names)?;
        let journal = Arc::new(journal);
        let mut forward = Forward::new(Arc::clone(&journal), registry.clone());
        forward.start_configured(&config.sinks)?;
        Ok(Self {
            store: Store::Journal(Arc::clone(&journal)),
            kept: Some(Kept { journal, forward }),
        })
    }

    /// Adds the metrics of the store and the sinks.
    pub(super) fn register(&self, metrics: &mut Metrics) {
        self.store.register(metrics);
        let Some(Kept { journal, forward }) = &self.kept else {
            return;
        };
        match journal.reader() {
            Ok(reader) => forward.register(reader, metrics),
            Err(error) => tracing::error!(%error, "the sinks have no metrics"),
        }
    }

    /// The status of each sink.
    pub(super) fn statuses(&self) -> Vec<Arc<Status>> {
        let kept = self.kept.as_ref();
        kept.map_or_else(Vec::new, |kept| kept.forward.statuses().to_vec())
    }

    /// Gives the sinks `grace` to finish their batches in flight, then closes the journal.
    pub(super) async fn close(self, grace: Duration) {
        self.store.close(grace).await;
        if let Some(Kept { journal, forward }) = self.kept {
            forward.stop(grace).await;
            journal.close().await;
        }
    }
}

/// The accounts with unsent notifications in this directory's journal, if there is one.
fn owed(dir: &Path) -> Vec<Account> {
    let read = || Reader::open(dir).ok()?.accounts().ok();
    let mut accounts = read().unwrap_or_default();
    accounts.retain(|account| account.waiting() > 0);
    accounts
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use notif_runtime::Encoding;

    use super::*;
    use crate::journal::{Bounds, Settled};
    use crate::notification::{Entry, Envelope};
    use crate::sink::influxdb::INFLUXDB;
    use crate::sink::kafka::KAFKA;

    #[tokio::test]
    async fn what_an_earlier_journal_owes_is_not_passed_over() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(owed(dir.path()), []);
        let journal = Journal::open(dir.path(), Bounds::NONE, &[KAFKA, INFLUXDB]).unwrap();
        let entry = Entry {
            received: Timestamp::now(),
            event_time: None,
            publisher: "p".to_owned(),
            encoding: Encoding::Json,
            name: "a:b".to_owned(),
            body: Vec::new(),
            reading: None,
            envelope: Envelope::default(),
        };
        journal.append(entry).await.unwrap();
        let settled = Settled {
            seq: 1,
            delivered: 1,
            ..Settled::default()
        };
        journal.settle(INFLUXDB.name, settled).await.unwrap();
        journal.close().await;
        let owed: Vec<_> = owed(dir.path())
            .iter()
            .map(|account| (account.sink.clone(), account.waiting()))
            .collect();
        assert_eq!(owed, [("kafka".to_owned(), 1)]);
    }
}
