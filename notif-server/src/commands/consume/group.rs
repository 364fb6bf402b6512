//! The partitions of a member of the consumer group, and its progress.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::{BaseConsumer, Consumer, ConsumerContext, Rebalance};
use rdkafka::error::{KafkaError, KafkaResult};
use rdkafka::statistics::Statistics;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use crate::sink::kafka::log;

/// A partition of a topic.
pub(super) type Partition = (String, i32);

/// The member's view of the group.
#[derive(Debug, Default)]
pub(super) struct Group {
    owned: Mutex<Owned>,
    /// Records that are written.
    written: AtomicU64,
    /// Records that are in the dead-letter topic.
    parked: AtomicU64,
}

#[derive(Debug, Default)]
struct Owned {
    partitions: BTreeMap<Partition, Progress>,
    /// The number of partitions ever assigned to this member.
    given: u64,
    /// Newly assigned partitions start paused.
    held: bool,
}

/// The progress of a partition.
#[derive(Debug)]
struct Progress {
    /// The number of this assignment, to tell it from earlier ones of the same partition.
    term: u64,
    /// All records before this offset are settled.
    settled: Option<i64>,
}

impl Group {
    fn owned(&self) -> MutexGuard<'_, Owned> {
        self.owned.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds to the counts of records.
    pub(super) fn count(&self, written: usize, parked: usize) {
        self.written.fetch_add(written as u64, Ordering::Relaxed);
        self.parked.fetch_add(parked as u64, Ordering::Relaxed);
    }

    /// The numbers of records written, and of those in the dead-letter topic.
    pub(super) fn counts(&self) -> (u64, u64) {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        (count(&self.written), count(&self.parked))
    }

    /// The partition's current term with this member; none if it is assigned elsewhere.
    pub(super) fn term(&self, partition: &Partition) -> Option<u64> {
        let owned = self.owned();
        owned
            .partitions
            .get(partition)
            .map(|progress| progress.term)
    }

    /// From now on, newly assigned partitions start paused, or do not.
    pub(super) fn hold(&self, held: bool) {
        self.owned().held = held;
    }

    /// Marks the record at this offset as settled, if the partition is still assigned in the same
    /// term. Otherwise another member has it, and may be further.
    pub(super) fn settle(&self, partition: &Partition, term: u64, offset: i64) {
        let mut owned = self.owned();
        let progress = owned.partitions.get_mut(partition);
        if let Some(progress) = progress.filter(|progress| progress.term == term) {
            progress.settled = progress.settled.max(Some(offset + 1));
        }
    }

    /// The offsets to commit: for each partition, the next one to read.
    pub(super) fn settled(&self) -> KafkaResult<TopicPartitionList> {
        let mut offsets = TopicPartitionList::new();
        for ((topic, partition), progress) in &self.owned().partitions {
            if let Some(offset) = progress.settled {
                offsets.add_partition_offset(topic, *partition, Offset::Offset(offset))?;
            }
        }
        Ok(offsets)
    }
}

impl ClientContext for Group {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        log(level, facility, message);
    }

    /// Errors also come with the records, and are logged there.
    fn error(&self, error: KafkaError, reason: &str) {
        tracing::debug!(target: "librdkafka", %error, reason);
    }

    /// Logs the progress each minute.
    fn stats(&self, statistics: Statistics) {
        let partitions = statistics
            .topics
            .values()
            .flat_map(|topic| topic.partitions.values());
        let lag: i64 = partitions
            .map(|partition| partition.consumer_lag.max(0))
            .sum();
        let ((written, parked), partitions) = (self.counts(), self.owned().partitions.len());
        tracing::info!(written, parked, partitions, lag, "consuming");
    }
}

impl ConsumerContext for Group {
    fn pre_rebalance(&self, _: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        if let Rebalance::Revoke(list) = rebalance {
            let mut owned = self.owned();
            for element in list.elements() {
                let partition = (element.topic().to_owned(), element.partition());
                owned.partitions.remove(&partition);
            }
            tracing::info!(partitions = list.count(), "partitions are revoked");
        }
    }

    fn post_rebalance(&self, consumer: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        let Rebalance::Assign(list) = rebalance else {
            return;
        };
        let mut owned = self.owned();
        for element in list.elements() {
            owned.given += 1;
            let progress = Progress {
                term: owned.given,
                settled: None,
            };
            let partition = (element.topic().to_owned(), element.partition());
            owned.partitions.insert(partition, progress);
        }
        tracing::info!(partitions = list.count(), "partitions are assigned");
        if owned.held
            && let Err(error) = consumer.pause(list)
        {
            tracing::warn!(%error, "cannot pause partitions");
        }
    }

    fn commit_callback(&self, committed: KafkaResult<()>, _: &TopicPartitionList) {
        tell(committed);
    }
}

/// Logs that a commit failed. The offsets go with the next commit; without one, the records are
/// written again.
pub(super) fn tell(committed: KafkaResult<()>) {
    if let Err(error) = committed {
        tracing::warn!(%error, "offsets are not committed");
    }
}
