//! The workers of all sinks, from their start to their end.

use std::io;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use notif_runtime::registry::Registry;
use prometheus_client::registry::Registry as Metrics;
use tokio::sync::watch;

use super::feed::{Context, Feed};
use super::metrics::Accounts;
use super::worker::{Pace, Worker};
use crate::journal::{Journal, OpenError, ReadError, Reader};
use crate::notification::SinkName;
use crate::sink::influxdb::InfluxdbError;
use crate::sink::kafka::SetupError;
use crate::sink::{Sink, Status};

/// The workers of all sinks.
#[derive(Debug)]
pub struct Forward {
    journal: Arc<Journal>,
    pub(super) registry: Registry,
    /// The time for batches in flight once the workers are to stop; none before that.
    stop: watch::Sender<Option<Duration>>,
    workers: Vec<JoinHandle<()>>,
    statuses: Vec<Arc<Status>>,
}

/// Errors in starting a worker.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ForwardError {
    /// The journal cannot be opened.
    #[error(transparent)]
    Journal(#[from] OpenError),
    /// The journal cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The journal has no account of the sink.
    #[error("the journal has no account of the sink {0}")]
    NoAccount(&'static str),
    /// Kafka's configuration cannot be used.
    #[error(transparent)]
    Kafka(#[from] SetupError),
    /// InfluxDB's configuration cannot be used.
    #[error(transparent)]
    Influxdb(#[from] InfluxdbError),
    /// No thread can be started.
    #[error("cannot start the thread of a sink: {0}")]
    Thread(#[from] io::Error),
}

/// Reports a panic of a sink's thread as an outage of the sink.
struct Watch(Arc<Status>);

impl Drop for Watch {
    fn drop(&mut self) {
        if thread::panicking() {
            let advice = "a fault of the program ended the sink's thread: restart the server, which \
                          loses nothing, and report what the log says";
            self.0.failed(&advice);
        }
    }
}

impl Forward {
    /// Forwards from this journal, to no sinks yet.
    #[must_use]
    pub fn new(journal: Arc<Journal>, registry: Registry) -> Self {
        Self {
            journal,
            registry,
            stop: watch::Sender::new(None),
            workers: Vec::new(),
            statuses: Vec::new(),
        }
    }

    /// Starts the worker of a sink, from its account in the journal.
    ///
    /// # Errors
    /// If the journal cannot be read, or has no account of this sink.
    pub fn start<S>(
        &mut self,
        name: SinkName,
        sink: S,
        status: Arc<Status>,
        pace: Pace,
    ) -> Result<(), ForwardError>
    where
        S: Sink<Item: Feed> + Send + 'static,
    {
        let reader = self.journal.reader()?;
        let accounts = reader.accounts()?;
        let account = accounts.iter().find(|account| account.sink == name.name);
        let account = account.ok_or(ForwardError::NoAccount(name.name))?;
        if account.waiting() > 0 {
            tracing::info!(sink = name.name, waiting = account.waiting(), "goes on");
        }
        if account.unaccounted() != 0 {
            let unaccounted = account.unaccounted();
            tracing::error!(
                sink = name.name,
                unaccounted,
                "the sink's account does not add up"
            );
        }
        self.statuses.push(Arc::clone(&status));
        let watch = Watch(Arc::clone(&status));
        let worker = Worker {
            name: name.name,
            sink,
            status,
            journal: Arc::clone(&self.journal),
            context: Context {
                reader,
                registry: self.registry.clone(),
            },
            position: account.seq,
            pace,
            tips: self.journal.tips(),
            unsettled: None,
            unread_since: None,
        };
        let stop = self.stop.subscribe();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let thread = thread::Builder::new()
            .name(name.name.to_owned())
            .spawn(move || {
                let _watch = watch;
                runtime.block_on(worker.run(stop));
            })?;
        self.workers.push(thread);
        Ok(())
    }

    /// Adds the metrics of all sinks; `reader` reads their accounts.
    pub fn register(&self, reader: Reader, metrics: &mut Metrics) {
        let accounts = Accounts::new(reader, self.statuses.clone());
        let metrics = metrics.sub_registry_with_prefix("sink");
        metrics.register_collector(Box::new(accounts));
    }

    /// The status of each sink.
    #[must_use]
    pub fn statuses(&self) -> &[Arc<Status>] {
        &self.statuses
    }

    /// Ends the workers. Batches in flight may take up to `grace`, but not those of a sink that is
    /// down. Unsettled notifications are forwarded after the next start.
    pub async fn stop(self, grace: Duration) {
        self.stop.send_replace(Some(grace));
        let joined = tokio::task::spawn_blocking(move || {
            for worker in self.workers {
                if worker.join().is_err() {
                    tracing::error!("a sink's thread ended in a panic");
                }
            }
        });
        // An error means that the runtime is ending, and the threads with it.
        let _ = joined.await;
    }
}
