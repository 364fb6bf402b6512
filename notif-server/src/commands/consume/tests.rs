use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use notif_runtime::{Encoding, Options};
use rdkafka::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::message::{Header, Headers, Message, OwnedHeaders, OwnedMessage, Timestamp as Time};
use rdkafka::mocking::MockCluster;
use rdkafka::producer::{DefaultProducerContext, FutureProducer, FutureRecord};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::decode::Decoder;
use super::*;
use crate::sink::Outcome;

type Cluster = MockCluster<'static, DefaultProducerContext>;

const TOPIC: &str = "yang-notifications";
const DEAD_LETTER: &str = "yang-notifications-dead-letter";

/// A notification about an interface of this name.
fn body(name: &str) -> String {
    format!(
        r#"{{"ietf-https-notif:notification":{{"eventTime":"2026-01-01T00:00:00Z","interface_data":{{"interface":[
            {{"name":"{name}","type":"1","admin-status":"up","if-index":1,
             "statistics":{{"discontinuity-time":"2026-01-01T00:00:00Z"}}}}]}}}}}}"#
    )
}

fn headers(list: &[(&str, &[u8])]) -> OwnedHeaders {
    let add = |headers: OwnedHeaders, (key, value): &(&str, &[u8])| {
        let value = Some(*value);
        headers.insert(Header { key, value })
    };
    list.iter().fold(OwnedHeaders::new(), add)
}

mod incoming {
    use super::*;
    use notif_runtime::cbor::{self, Mapping};

    fn decoder() -> Decoder {
        Decoder {
            registry: crate::registry(),
            options: Options::default(),
        }
    }

    fn message(value: Option<&[u8]>, list: &[(&str, &[u8])]) -> OwnedMessage {
        OwnedMessage::new(
            value.map(Into::into),
            Some(b"192.0.2.1".to_vec()),
            "t".to_owned(),
            Time::CreateTime(1000),
            3,
            42,
            Some(headers(list)),
        )
    }

    #[test]
    fn the_headers_say_what_it_is() {
        let (id, body) = (Uuid::now_v7(), body("a"));
        let message = message(
            Some(body.as_bytes()),
            &[
                ("id", id.to_string().as_bytes()),
                ("publisher", b"router"),
                ("receive-time", b"2026-01-02T00:00:00.5Z"),
                ("content-type", b"application/yang-data+json; charset=utf-8"),
                ("other", &[0xff]),
            ],
        );
        let item = decoder().item(&message).unwrap();
        let entry = &item.record.entry;
        assert_eq!(item.record.stored.id, id);
        assert_eq!(item.record.stored.seq, 42);
        assert_eq!(entry.publisher, "router");
        assert_eq!(entry.received.to_string(), "2026-01-02T00:00:00.5Z");
        assert_eq!(entry.event_time.as_deref(), Some("2026-01-01T00:00:00Z"));
        assert_eq!(entry.name, "ietf-https-notif:notification");
        assert_eq!(entry.encoding, Encoding::Json);
        assert!(item.notification.is_ok());
    }

    #[test]
    fn the_record_says_what_headers_do_not() {
        let xml = include_str!("../../../../examples/data/interfaces.xml");
        for (value, encoding) in [(body("a").as_str(), Encoding::Json), (xml, Encoding::Xml)] {
            let item = decoder()
                .item(&message(Some(value.as_bytes()), &[]))
                .unwrap();
            let entry = &item.record.entry;
            assert_eq!(item.record.stored.id, Uuid::nil());
            assert_eq!(entry.publisher, "192.0.2.1");
            assert_eq!(entry.received, Timestamp::from_second(1).unwrap());
            assert_eq!(entry.encoding, encoding);
        }
    }

    #[test]
    fn cbor_is_read_as_its_media_type_says() {
        let decoder = decoder();
        let json = body("a").into_bytes();
        let data = decoder
            .registry
            .decode(Encoding::Json, &json, &decoder.options);
        let data = data.unwrap();
        for (media, encoding, mapping) in [
            (&b"Application/CBOR"[..], Encoding::JsonCbor, Mapping::Json),
            (
                b"application/yang-data+cbor; id=name",
                Encoding::Cbor,
                Mapping::Yang,
            ),
        ] {
            let cbor = cbor::to_vec(data.root(), mapping);
            let item = decoder.item(&message(Some(&cbor), &[("content-type", media)]));
            let entry = item.unwrap().record.entry;
            assert_eq!((entry.encoding, entry.body), (encoding, cbor.clone()));
        }
    }

    #[test]
    fn what_holds_no_notification_says_why() {
        let json = body("a").into_bytes();
        let of = |text: &'static str| ("content-type", text.as_bytes());
        for (value, list, told) in [
            (None, vec![], "no value"),
            (Some(&b""[..]), vec![], "neither JSON nor XML"),
            (Some(b"\x01"), vec![], "neither JSON nor XML"),
            (Some(b"{"), vec![], ""),
            (Some(b"{\"x\":1}"), vec![], "x"),
            (Some(&json), vec![of("text/plain")], "text/plain"),
            (Some(&json), vec![of("application/xml")], ""),
            (Some(&json), vec![of("application/cbor")], "this is JSON"),
            (
                Some(&json),
                vec![("\u{1}", &b""[..]), of("application/json")],
                "-",
            ),
        ] {
            match decoder().item(&message(value, &list)) {
                Ok(_) => assert_eq!(told, "-"),
                Err(reason) => assert!(!reason.is_empty() && reason.contains(told), "{reason}"),
            }
        }
    }

    #[test]
    fn deep_values_are_an_error_and_no_crash() {
        for (opening, content_type) in [
            ("[", "application/json"),
            ("{\"a\":", "application/json"),
            ("<a>", "application/xml"),
        ] {
            let value = opening.repeat(1 << 20);
            let list = [("content-type", content_type.as_bytes())];
            assert!(
                decoder()
                    .item(&message(Some(value.as_bytes()), &list))
                    .is_err()
            );
        }
    }
}

/// A sink that notes publishers and interfaces, refuses those named so, and can be held up.
#[derive(Debug, Clone, Default)]
struct Fake {
    given: Arc<Mutex<Vec<String>>>,
    held: Arc<Mutex<bool>>,
}

impl Sink for Fake {
    type Item = Item;

    async fn deliver(&mut self, items: &[Item], _: &Status) -> Vec<Outcome> {
        let name = |item: &Item| {
            let body: serde_json::Value = serde_json::from_slice(&item.record.entry.body).unwrap();
            let name =
                body.pointer("/ietf-https-notif:notification/interface_data/interface/0/name");
            name.unwrap().as_str().unwrap().to_owned()
        };
        let names: Vec<_> = items.iter().map(name).collect();
        self.given.lock().unwrap().extend(names.clone());
        while *self.held.lock().unwrap() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let outcome = |name: String| match name.as_str() {
            "refused" => Outcome::Refused("by its name".to_owned()),
            _ => Outcome::Delivered,
        };
        names.into_iter().map(outcome).collect()
    }
}

impl Fake {
    fn given(&self) -> Vec<String> {
        self.given.lock().unwrap().clone()
    }
}

/// A cluster, and a member that reads from it.
struct Setup {
    cluster: Cluster,
    config: Config,
    sink: Fake,
}

struct Running {
    stop: watch::Sender<Option<Duration>>,
    member: JoinHandle<Result<(), ConsumeError>>,
}

impl Setup {
    fn new() -> Self {
        let cluster = MockCluster::new(1).unwrap();
        for topic in [TOPIC, DEAD_LETTER] {
            cluster.create_topic(topic, 2, 1).unwrap();
        }
        let mut config = Config::default();
        config.sinks.kafka.brokers = cluster.bootstrap_servers();
        Self {
            cluster,
            config,
            sink: Fake::default(),
        }
    }

    fn start(&self) -> Running {
        let status = Status::new("fake");
        let registry = crate::registry();
        let member = Member::join(&self.config, &registry, self.sink.clone(), status).unwrap();
        let stop = watch::Sender::new(None);
        let member = tokio::spawn(member.run(stop.subscribe()));
        Running { stop, member }
    }

    fn client(&self) -> ClientConfig {
        let mut client = ClientConfig::new();
        client.set("bootstrap.servers", self.cluster.bootstrap_servers());
        client
    }

    async fn send(&self, topic: &str, value: &str, headers: OwnedHeaders) {
        let producer: FutureProducer = self.client().create().unwrap();
        let record = FutureRecord::to(topic).key("p").payload(value);
        let sent = producer.send(record.headers(headers), Duration::from_secs(10));
        sent.await.unwrap();
    }

    /// The number of the topic's records that are committed.
    fn committed(&self) -> i64 {
        let group = &self.config.consume.group;
        let consumer: BaseConsumer = self.client().set("group.id", group).create().unwrap();
        let mut list = TopicPartitionList::new();
        for partition in 0..2 {
            list.add_partition(TOPIC, partition);
        }
        let list = consumer
            .committed_offsets(list, Duration::from_secs(10))
            .unwrap();
        let offset = |offset: Offset| offset.to_raw().unwrap().max(0);
        list.elements()
            .iter()
            .map(|element| offset(element.offset()))
            .sum()
    }

    /// The records in the topic; waits until there are `count`.
    fn read(&self, topic: &str, count: usize) -> Vec<OwnedMessage> {
        let consumer: BaseConsumer = self.client().set("group.id", "reader").create().unwrap();
        let mut list = TopicPartitionList::new();
        for partition in 0..2 {
            list.add_partition_offset(topic, partition, Offset::Beginning)
                .unwrap();
        }
        consumer.assign(&list).unwrap();
        let (mut records, mut quiet) = (Vec::new(), Instant::now());
        let patience = |found| Duration::from_secs(if found < count { 20 } else { 1 });
        while quiet.elapsed() < patience(records.len()) {
            if let Some(Ok(message)) = consumer.poll(Duration::from_millis(100)) {
                records.push(message.detach());
                quiet = Instant::now();
            }
        }
        records
    }

    async fn soon(&self, what: &str, done: impl Fn(&Self) -> bool) {
        for _ in 0..300 {
            if done(self) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("not in time: {what}; {:?}", self.sink.given());
    }
}

impl Running {
    async fn stop(self, grace: Duration) {
        self.stop.send_replace(Some(grace));
        self.member.await.unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_written_is_a_dead_letter_before_it_is_committed() {
    let mut setup = Setup::new();
    // A pattern that also matches the dead-letter topic.
    setup.config.consume.topics = vec!["^yang-.*".to_owned()];
    let running = setup.start();
    let id = headers(&[("id", b"7"), ("binary", &[0xff, 0])]);
    setup.send(TOPIC, &body("a"), OwnedHeaders::new()).await;
    setup.send(TOPIC, "{\"no\":\"notification\"}", id).await;
    setup
        .send(TOPIC, &body("refused"), OwnedHeaders::new())
        .await;
    setup.send(TOPIC, &body("b"), OwnedHeaders::new()).await;
    setup
        .soon("all are committed", |setup| setup.committed() == 4)
        .await;
    let letters = setup.read(DEAD_LETTER, 2);
    running.stop(Duration::from_secs(5)).await;
    assert_eq!(setup.sink.given(), ["a", "refused", "b"]);
    assert_eq!(letters.len(), 2, "{letters:?}");
    let header = |letter: &OwnedMessage, name| {
        let mut headers = letter.headers().unwrap().iter();
        headers
            .find(|header| header.key == name)?
            .value
            .map(<[u8]>::to_vec)
    };
    let text =
        |letter: &OwnedMessage, name| String::from_utf8(header(letter, name).unwrap()).unwrap();
    assert_eq!(
        letters[0].payload(),
        Some(&b"{\"no\":\"notification\"}"[..])
    );
    assert_eq!(letters[0].key(), Some(&b"p"[..]));
    assert_eq!(header(&letters[0], "id").as_deref(), Some(&b"7"[..]));
    assert_eq!(
        header(&letters[0], "binary").as_deref(),
        Some(&[0xff, 0][..])
    );
    assert!(text(&letters[0], "origin").starts_with("yang-notifications/"));
    assert!(text(&letters[0], "reason").contains("no"));
    assert_eq!(text(&letters[1], "reason"), "by its name");
}

#[tokio::test]
async fn a_configuration_that_cannot_work_says_what_to_do() {
    let registry = crate::registry();
    let join = |config: &Config| {
        let member = Member::join(config, &registry, Fake::default(), Status::new("fake"));
        member.map(|_| ()).unwrap_err().to_string()
    };
    let mut config = Config::default();
    assert!(join(&config).contains("sinks.kafka.brokers"));
    config.sinks.kafka.brokers = "127.0.0.1:1".to_owned();
    config.consume.topics = vec![DEAD_LETTER.to_owned()];
    assert!(join(&config).contains("leave it out"));
    config.consume.topics.clear();
    let property = ("group.id".to_owned(), "mine".to_owned());
    config.sinks.kafka.properties.0.extend([property]);
    assert!(join(&config).contains("consume.group"));
}
