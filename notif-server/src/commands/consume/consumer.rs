//! Reads records from Kafka, and commits their offsets.

use std::collections::BTreeMap;
use std::mem;
use std::pin::pin;
use std::time::Duration;

use rdkafka::consumer::{CommitMode, Consumer, StreamConsumer};
use rdkafka::error::{KafkaError, KafkaResult};
use rdkafka::message::{BorrowedMessage, Message, OwnedMessage};
use tokio::time::{Instant, timeout, timeout_at};

use super::error::ConsumeError;
use super::group::{Group, Partition, tell};
use crate::observe;

/// The wait for more records before a batch that is not full is handed on.
const LINGER: Duration = Duration::from_millis(200);

/// The size of the values in a batch, in bytes, at most, not counting its last record.
const BATCH_BYTES: usize = 16 << 20;

/// The time that work on a batch may take before the group is polled meanwhile. Far less than
/// `max.poll.interval.ms`, after which the group takes a member for dead.
const PATIENCE: Duration = Duration::from_secs(5);

/// The interval at which a lasting error is logged again.
const REMINDER: Duration = Duration::from_secs(60);

/// The longest time for the last commit and for leaving the group.
const LEAVING: Duration = Duration::from_secs(5);

/// A record that was read.
pub(super) struct Taken {
    pub(super) message: OwnedMessage,
    pub(super) partition: Partition,
    /// The partition's term with this member when the record was read.
    term: Option<u64>,
}

/// The consumer of a member.
pub(super) struct BatchConsumer {
    consumer: StreamConsumer<Group>,
    /// Records in a batch, at most.
    limit: usize,
    /// Records that came in during work on a batch.
    early: Vec<Taken>,
    /// The time at which each error was last logged.
    told: BTreeMap<String, Instant>,
}

impl BatchConsumer {
    pub(super) fn new(consumer: StreamConsumer<Group>, limit: usize) -> Self {
        Self {
            consumer,
            limit,
            early: Vec::new(),
            told: BTreeMap::new(),
        }
    }

    pub(super) fn subscribe(&self, topics: &[&str]) -> KafkaResult<()> {
        self.consumer.subscribe(topics)
    }

    fn group(&self) -> &Group {
        self.consumer.context()
    }

    /// The next records: waits for the first, and a little for more.
    pub(super) async fn collect(&mut self) -> Result<Vec<Taken>, ConsumeError> {
        let mut batch = mem::take(&mut self.early);
        let mut bytes: usize = batch.iter().map(Taken::len).sum();
        let mut deadline = (!batch.is_empty()).then(|| Instant::now() + LINGER);
        while batch.len() < self.limit && bytes < BATCH_BYTES {
            let received = match deadline {
                Some(deadline) => match timeout_at(deadline, self.consumer.recv()).await {
                    Ok(received) => received,
                    Err(_) => break,
                },
                None => self.consumer.recv().await,
            };
            if let Some(taken) = take(received, self.consumer.context(), &mut self.told)? {
                bytes += taken.len();
                batch.push(taken);
                deadline.get_or_insert_with(|| Instant::now() + LINGER);
            }
        }
        Ok(batch)
    }

    /// Waits for work on a batch. If it takes long, pauses the partitions and polls the group
    /// meanwhile, so that it does not take this member for dead.
    pub(super) async fn during<T>(
        &mut self,
        work: impl Future<Output = T>,
    ) -> Result<T, ConsumeError> {
        let mut work = pin!(work);
        if let Ok(done) = timeout(PATIENCE, &mut work).await {
            return Ok(done);
        }
        self.hold(true);
        let done = loop {
            tokio::select! {
                biased;
                done = &mut work => break done,
                // A few records may already have been on their way.
                received = self.consumer.recv(), if self.early.len() < self.limit => {
                    let taken = take(received, self.consumer.context(), &mut self.told)?;
                    self.early.extend(taken);
                }
            }
        };
        self.hold(false);
        Ok(done)
    }

    /// Pauses all partitions, including those assigned later, or resumes them.
    fn hold(&self, held: bool) {
        self.group().hold(held);
        let assigned = self.consumer.assignment();
        let done = assigned.and_then(|assigned| {
            if held {
                self.consumer.pause(&assigned)
            } else {
                self.consumer.resume(&assigned)
            }
        });
        if let Err(error) = done {
            tracing::warn!(%error, held, "cannot pause or resume the partitions");
        }
    }

    /// Marks the records as settled, `parked` of them as dead letters, and commits their offsets.
    pub(super) fn settle(&self, batch: &[Taken], parked: usize) {
        self.group().count(batch.len() - parked, parked);
        for taken in batch {
            if let Some(term) = taken.term {
                let offset = taken.message.offset();
                self.group().settle(&taken.partition, term, offset);
            }
        }
        tell(self.commit(CommitMode::Async));
    }

    fn commit(&self, mode: CommitMode) -> KafkaResult<()> {
        let offsets = self.group().settled()?;
        match offsets.count() {
            0 => Ok(()),
            _ => self.consumer.commit(&offsets, mode),
        }
    }

    /// Commits the settled offsets, and leaves the group, within [`LEAVING`].
    pub(super) async fn leave(self) {
        let (written, parked) = self.group().counts();
        let leave = move || {
            tell(self.commit(CommitMode::Sync));
            drop(self);
        };
        let left = timeout(LEAVING, tokio::task::spawn_blocking(leave)).await;
        if left.is_err() {
            tracing::warn!("the group did not answer in time: it will notice by itself");
        }
        observe::sum_up();
        tracing::info!(written, parked, "stopped");
    }
}

impl Taken {
    fn len(&self) -> usize {
        self.message.payload().map_or(0, <[u8]>::len)
    }
}

/// Takes a received record. Errors that Kafka may recover from are logged, but not each time.
fn take(
    received: KafkaResult<BorrowedMessage<'_>>,
    group: &Group,
    told: &mut BTreeMap<String, Instant>,
) -> Result<Option<Taken>, ConsumeError> {
    let message = match received {
        Ok(message) => message.detach(),
        Err(error @ KafkaError::MessageConsumptionFatal(_)) => {
            return Err(ConsumeError::Ended(error.to_string()));
        }
        Err(error) => {
            let (text, now) = (error.to_string(), Instant::now());
            if told.get(&text).is_none_or(|at| now - *at > REMINDER) {
                tracing::warn!(error = text, "cannot read from Kafka; trying again");
                told.insert(text, now);
            }
            return Ok(None);
        }
    };
    let partition = (message.topic().to_owned(), message.partition());
    Ok(Some(Taken {
        term: group.term(&partition),
        message,
        partition,
    }))
}
