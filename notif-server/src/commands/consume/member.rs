//! A member of the consumer group: takes records, has them written, commits their offsets.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use notif_runtime::Options;
use notif_runtime::registry::Registry;
use rdkafka::message::{Message, OwnedMessage};

use super::consumer::{BatchConsumer, Taken};
use super::decode::Decoder;
use super::error::ConsumeError;
use super::group::Group;
use crate::config::{Config, TopicName};
use crate::forward::{Stop, until_stopped};
use crate::sink::kafka::record::{Record, header, shortened, with};
use crate::sink::kafka::{Courier, properties};
use crate::sink::{Attempts, Item, Outcome, Sink, Status};

/// A member of the consumer group; gives the notifications that it reads to a sink.
pub struct Member<S> {
    consumer: BatchConsumer,
    decoder: Decoder,
    sink: S,
    status: Arc<Status>,
    letters: Letters,
}

/// The producer of dead letters.
struct Letters {
    courier: Courier,
    topic: TopicName,
    status: Arc<Status>,
}

impl<S: Sink<Item = Item>> Member<S> {
    /// Joins the group. The brokers need not be up yet. Call it within a runtime.
    ///
    /// # Errors
    /// If the configuration names no brokers or cannot be used.
    pub fn join(
        config: &Config,
        registry: &Registry,
        sink: S,
        status: Status,
    ) -> Result<Self, ConsumeError> {
        let (kafka, consume) = (&config.sinks.kafka, &config.consume);
        if !kafka.is_on() {
            return Err(ConsumeError::NoBrokers);
        }
        let subscription = kafka.topic.subscription();
        let topics: Vec<&str> = match consume.topics.as_slice() {
            [] => vec![&subscription],
            topics => topics.iter().map(String::as_str).collect(),
        };
        if topics.contains(&consume.dead_letter.as_str()) {
            return Err(ConsumeError::OwnLetters(consume.dead_letter.clone()));
        }
        let client = properties::consumer(kafka, consume)?;
        let client = client.create_with_context(Group::default());
        let consumer = BatchConsumer::new(
            client.map_err(ConsumeError::kafka)?,
            consume.batch.get() as usize,
        );
        consumer.subscribe(&topics).map_err(ConsumeError::kafka)?;
        tracing::info!(group = consume.group, topics = topics.join(" "), "joining");
        Ok(Self {
            consumer,
            decoder: Decoder {
                registry: registry.clone(),
                options: Options::default()
                    .with_max_size(usize::MAX)
                    .with_max_depth(config.limits.max_depth.get()),
            },
            sink,
            status: Arc::new(status),
            letters: Letters {
                courier: Courier::new(kafka)?,
                topic: consume.dead_letter.clone(),
                status: Arc::new(Status::new("consume.dead-letter")),
            },
        })
    }

    /// Reads and writes until told to stop; then finishes the current batch, commits, and leaves.
    ///
    /// # Errors
    /// If Kafka no longer accepts this member.
    pub async fn run(mut self, mut stop: Stop) -> Result<(), ConsumeError> {
        let result = self.consume(&mut stop).await;
        self.consumer.leave().await;
        result
    }

    async fn consume(&mut self, stop: &mut Stop) -> Result<(), ConsumeError> {
        loop {
            let batch = tokio::select! {
                biased;
                _ = stop.wait_for(Option::is_some) => return Ok(()),
                batch = self.consumer.collect() => batch?,
            };
            let (sink, letters) = (Arc::clone(&self.status), Arc::clone(&self.letters.status));
            let down = async {
                tokio::select! {
                    () = sink.down() => {}
                    () = letters.down() => {}
                }
            };
            match until_stopped(self.write(batch), stop, down).await {
                Some(written) => written?,
                None => return Ok(()),
            }
        }
    }

    /// Has the records written; those that cannot be written become dead letters. Only then are the
    /// offsets committed.
    async fn write(&mut self, batch: Vec<Taken>) -> Result<(), ConsumeError> {
        let mut items = Vec::with_capacity(batch.len());
        let decode = |taken: &Taken| match self.decoder.item(&taken.message) {
            Ok(item) => {
                items.push(item);
                None
            }
            Err(reason) => Some(reason),
        };
        let faults: Vec<_> = batch.iter().map(decode).collect();
        let delivery = self.sink.deliver(&items, &self.status);
        let mut outcomes = self.consumer.during(delivery).await?.into_iter();
        let mut refused = || match outcomes.next() {
            Some(Outcome::Delivered) => None,
            Some(Outcome::Refused(reason)) => Some(reason),
            None => Some("the sink does not say what became of it".to_owned()),
        };
        let reasons = faults.into_iter().map(|fault| fault.or_else(&mut refused));
        let letters: Vec<_> = batch
            .iter()
            .zip(reasons)
            .filter_map(|(taken, reason)| Some(self.letters.record(&taken.message, &reason?)))
            .collect();
        let parked = letters.len();
        if parked > 0 {
            self.consumer.during(self.letters.send(letters)).await?;
        }
        self.consumer.settle(&batch, parked);
        Ok(())
    }
}

impl Letters {
    /// The dead letter of a record: the record, with the reason and its origin.
    fn record<'a>(&self, message: &'a OwnedMessage, reason: &str) -> Record<'a> {
        let (topic, partition, offset) = (message.topic(), message.partition(), message.offset());
        let origin = format!("{topic}/{partition}/{offset}");
        tracing::error!(origin, reason, "becomes a dead letter");
        let headers = message.headers().cloned().unwrap_or_default();
        let headers = with(headers, header::REASON, shortened(reason));
        Record {
            topic: self.topic.as_str().to_owned(),
            key: message.key().map(Cow::Borrowed),
            headers: with(headers, header::ORIGIN, &origin),
            timestamp: message.timestamp().to_millis(),
            value: message.payload().map(Cow::Borrowed),
        }
    }

    /// Sends dead letters, and never gives up: there is no other place for them.
    async fn send(&mut self, mut letters: Vec<Record<'_>>) {
        let mut attempts = Attempts::new();
        loop {
            let outcomes = self.courier.deliver(&letters, &self.status).await;
            let (mut outcomes, mut why) = (outcomes.into_iter(), None);
            letters.retain(|_| match outcomes.next() {
                Some(Outcome::Refused(reason)) => {
                    why = Some(reason);
                    true
                }
                _ => false,
            });
            let Some(reason) = why else {
                return;
            };
            let topic = &self.topic;
            self.status
                .failed(&format!("`consume.dead-letter` = {topic}: {reason}"));
            attempts.pause(Duration::ZERO).await;
        }
    }
}
