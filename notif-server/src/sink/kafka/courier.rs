//! Delivers records in order, for the sinks and for the dead letters of `consume`.
//!
//! librdkafka gets all records of a batch at once; it sends them in large requests, and retries
//! after errors without changing their order or duplicating them (`enable.idempotence`). Four
//! things are left to do here.
//!
//! - A record that Kafka refuses must be told apart from those refused only because they were in
//!   the same request. So nothing is sent past a refusal (`enable.gapless.guarantee` stops the
//!   producer there), and the suspects are sent alone, one after the other; then all others are
//!   sent together again.
//! - A broker that knows nothing of a producer in a partition takes any of its requests as the
//!   first, even if it refused the true first one (KAFKA-14359). So a publisher's next records are
//!   sent only when the first that a producer sends for it has been delivered.
//! - A producer with a fatal error is replaced.
//! - A record that Kafka may take later, such as one for a missing topic, is sent again.

use std::collections::{HashSet, VecDeque};
use std::time::Duration;

use rdkafka::ClientConfig;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::producer::DeliveryFuture;

use super::error::SetupError;
use super::producer::Producer;
use super::properties;
use super::record::Record;
use super::verdict::{Verdict, verdict};
use crate::config::Kafka;
use crate::sink::Outcome;
use crate::sink::status::{Attempts, Status};

/// The wait for room in a queue that is full of records already reported.
const ROOM: Duration = Duration::from_millis(10);

/// Delivers records in order, and never gives up.
pub(crate) struct Courier {
    together: ClientConfig,
    alone: ClientConfig,
    /// Kept between batches, but not during one: so if a delivery is dropped, the rest of its batch
    /// is dropped with the producer and is not sent later.
    producer: Option<Producer>,
}

impl Courier {
    /// A courier for these brokers, which need not be up yet.
    ///
    /// # Errors
    /// If librdkafka or the server does not accept a property.
    pub(crate) fn new(kafka: &Kafka) -> Result<Self, SetupError> {
        let mut alone = properties::producer(kafka)?;
        let mut together = alone.clone();
        together.set("enable.gapless.guarantee", "true");
        alone.set("batch.num.messages", "1").set("linger.ms", "0");
        Ok(Self {
            producer: Some(Producer::new(&together)?),
            together,
            alone,
        })
    }

    /// Delivers records; returns one outcome for each, in order. It does for records what
    /// [`Sink::deliver`](crate::sink::Sink::deliver) does for items.
    pub(crate) async fn deliver(
        &mut self,
        records: &[Record<'_>],
        status: &Status,
    ) -> Vec<Outcome> {
        let mut batch = Batch::new(records, status);
        let mut attempts = Attempts::new();
        loop {
            let before = batch.open();
            self.round(&mut batch).await;
            match batch.open() {
                0 => return batch.outcomes(),
                left if left < before => attempts = Attempts::new(),
                _ => {
                    status.failed(&batch.trouble);
                    attempts.pause(Duration::ZERO).await;
                }
            }
        }
    }

    /// Sends the open records once.
    async fn round(&mut self, batch: &mut Batch<'_>) {
        let result = if batch.has_suspects() {
            self.send_alone(batch).await
        } else {
            self.send_together(batch).await
        };
        if let Err(error) = result {
            batch.trouble = error.to_string();
        }
    }

    async fn send_together(&mut self, batch: &mut Batch<'_>) -> Result<(), KafkaError> {
        let mut producer = match self.producer.take() {
            Some(producer) => producer,
            None => Producer::new(&self.together)?,
        };
        batch.send_together(&mut producer).await;
        match producer.fatal() {
            Some(reason) => batch.trouble = reason,
            None => self.producer = Some(producer),
        }
        Ok(())
    }

    async fn send_alone(&mut self, batch: &mut Batch<'_>) -> Result<(), KafkaError> {
        let producer = Producer::new(&self.alone)?;
        batch.send_alone(&producer).await;
        Ok(())
    }
}

/// The state of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Fate {
    /// It is still to be sent.
    Open,
    /// It is still to be sent, alone.
    Suspect,
    /// Its outcome is final.
    Settled(Outcome),
}

/// A batch under way.
struct Batch<'a> {
    records: &'a [Record<'a>],
    fates: Vec<Fate>,
    /// The reason why records are still open.
    trouble: String,
    /// Topics that Kafka takes no records for now.
    closed: HashSet<&'a str>,
    status: &'a Status,
}

impl<'a> Batch<'a> {
    fn new(records: &'a [Record<'a>], status: &'a Status) -> Self {
        Self {
            records,
            fates: vec![Fate::Open; records.len()],
            trouble: String::new(),
            closed: HashSet::new(),
            status,
        }
    }

    /// The number of records that are not settled.
    fn open(&self) -> usize {
        let open = |fate: &&Fate| !matches!(fate, Fate::Settled(_));
        self.fates.iter().filter(open).count()
    }

    fn has_suspects(&self) -> bool {
        self.fates.contains(&Fate::Suspect)
    }

    fn outcomes(self) -> Vec<Outcome> {
        let outcome = |fate| match fate {
            Fate::Settled(outcome) => Some(outcome),
            Fate::Open | Fate::Suspect => None,
        };
        self.fates.into_iter().filter_map(outcome).collect()
    }

    /// The open records, with their positions.
    fn rest(&self) -> Vec<(usize, &'a Record<'a>)> {
        let all = self.records.iter().enumerate();
        all.filter(|(at, _)| !matches!(self.fates.get(*at), Some(Fate::Settled(_))))
            .collect()
    }

    /// Sends the open records together, but holds back a publisher's next ones until its first is
    /// delivered. Stops at the first that Kafka does not take now.
    async fn send_together(&mut self, producer: &mut Producer) {
        let (mut sent, mut firsts) = (VecDeque::new(), HashSet::new());
        for (at, record) in self.rest() {
            let free = producer.is_known(record) || self.closed.contains(record.topic.as_str());
            if !free && !firsts.insert((&record.topic, &record.key)) {
                continue;
            }
            match self.queue(producer, record, &mut sent).await {
                Ok(delivery) => sent.push_back((at, delivery)),
                // It was sent alone.
                Err(error) => {
                    if !self.learn(at, Err(error), Fate::settled) {
                        break;
                    }
                }
            }
        }
        for (at, delivery) in sent {
            let report = producer.report(delivery, self.status).await;
            self.learn(at, report, Fate::suspect);
        }
        for (record, fate) in self.records.iter().zip(&self.fates) {
            if *fate == Fate::Settled(Outcome::Delivered) {
                producer.know(record);
            }
        }
    }

    /// Queues a record. If the queue is full, waits for the report of the oldest in it.
    async fn queue(
        &mut self,
        producer: &Producer,
        record: &Record<'_>,
        sent: &mut VecDeque<(usize, DeliveryFuture)>,
    ) -> Result<DeliveryFuture, KafkaError> {
        const FULL: KafkaError = KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull);
        loop {
            match producer.send(record) {
                Err(FULL) => match sent.pop_front() {
                    Some((at, delivery)) => {
                        let report = producer.report(delivery, self.status).await;
                        self.learn(at, report, Fate::suspect);
                    }
                    None => tokio::time::sleep(ROOM).await,
                },
                queued => return queued,
            }
        }
    }

    /// Sends the open records up to the last suspect, one after the other. Stops at the first that
    /// Kafka does not take now.
    async fn send_alone(&mut self, producer: &Producer) {
        let last = self.fates.iter().rposition(|fate| *fate == Fate::Suspect);
        for (at, record) in self.rest() {
            if Some(at) > last {
                break;
            }
            let report = match producer.send(record) {
                Ok(delivery) => producer.report(delivery, self.status).await,
                Err(error) => Err(error),
            };
            if !self.learn(at, report, Fate::settled) {
                break;
            }
        }
    }

    /// Notes the result for a record; `refused` gives the fate of a refused one, which may be
    /// refused because of others. False if it is still open.
    fn learn(
        &mut self,
        at: usize,
        report: Result<(), KafkaError>,
        refused: fn(String) -> Fate,
    ) -> bool {
        let (Some(record), Some(fate)) = (self.records.get(at), self.fates.get_mut(at)) else {
            return false;
        };
        match report.map_err(|error| verdict(&error, &record.topic)) {
            Ok(()) => {
                self.status.succeeded(record.len());
                *fate = Fate::Settled(Outcome::Delivered);
            }
            Err(Verdict::Refused(reason)) => {
                self.closed.insert(&record.topic);
                *fate = Fate::settled(reason);
            }
            Err(Verdict::Suspect(reason)) => *fate = refused(reason),
            Err(Verdict::Again(reason)) => self.trouble = reason,
        }
        matches!(fate, Fate::Settled(_))
    }
}

impl Fate {
    fn settled(reason: String) -> Self {
        Self::Settled(Outcome::Refused(reason))
    }

    fn suspect(_: String) -> Self {
        Self::Suspect
    }
}
