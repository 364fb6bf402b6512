//! Members of a consumer group, against a real Kafka: committed records were given to the sink, and
//! none is skipped.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_wrap,
    reason = "a test states what must hold"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::common::kafka::{committed, config, create_topic, interface, item, item_of};
use crate::common::{JSON, XML, figures, unique};
use notif_runtime::{Encoding, json};
use notif_server::commands::consume::{ConsumeError, Member};
use notif_server::config::Config;
use notif_server::sink::kafka::{KAFKA, KafkaSink};
use notif_server::sink::{Item, Outcome, Sink, Status};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// The part of a notification that a sink was given.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Given {
    id: String,
    publisher: String,
    received: String,
    event_time: Option<String>,
    data: String,
}

impl Given {
    fn of(item: &Item) -> Self {
        let entry = &item.record.entry;
        Self {
            id: item.record.stored.id.to_string(),
            publisher: entry.publisher.clone(),
            received: entry.received.to_string(),
            event_time: entry.event_time.clone(),
            data: json::to_string(item.notification.as_ref().unwrap().root()),
        }
    }
}

/// A sink that records its items, and can be held up.
#[derive(Debug, Clone, Default)]
struct Fake {
    given: Arc<Mutex<Vec<Given>>>,
    held: Arc<Mutex<bool>>,
}

impl Fake {
    fn given(&self) -> Vec<Given> {
        self.given.lock().unwrap().clone()
    }

    fn names(&self) -> Vec<String> {
        let name = |given: &Given| interface(given.data.as_bytes());
        self.given().iter().map(name).collect()
    }

    fn hold(&self, held: bool) {
        *self.held.lock().unwrap() = held;
    }
}

impl Sink for Fake {
    type Item = Item;

    async fn deliver(&mut self, items: &[Item], _: &Status) -> Vec<Outcome> {
        self.given
            .lock()
            .unwrap()
            .extend(items.iter().map(Given::of));
        while *self.held.lock().unwrap() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        vec![Outcome::Delivered; items.len()]
    }
}

/// A running member.
struct Running {
    stop: watch::Sender<Option<Duration>>,
    member: JoinHandle<Result<(), ConsumeError>>,
}

impl Running {
    fn start(config: &Config, sink: &Fake) -> Self {
        let registry = notif_server::registry();
        let member = Member::join(config, &registry, sink.clone(), Status::new("fake"));
        let stop = watch::Sender::new(None);
        let member = tokio::spawn(member.unwrap().run(stop.subscribe()));
        Self { stop, member }
    }

    async fn stop(self, grace: Duration) {
        self.stop.send_replace(Some(grace));
        self.member.await.unwrap().unwrap();
    }
}

/// A topic of its own with as many partitions, and a group that reads it.
async fn setup(partitions: i32, more: &str) -> (String, Config) {
    let topic = unique("consume");
    create_topic(&topic, partitions, &[]).await;
    let mut all = Config::default();
    all.sinks.kafka = config(&topic, more);
    all.consume.group = unique("group");
    all.consume.dead_letter = format!("{topic}-dead").parse().unwrap();
    (topic, all)
}

async fn send(config: &Config, items: &[Item]) {
    let mut sink = KafkaSink::new(&config.sinks.kafka, &notif_server::registry()).unwrap();
    let outcomes = sink.deliver(items, &Status::new(KAFKA.name)).await;
    assert_eq!(outcomes, vec![Outcome::Delivered; items.len()]);
}

/// Waits until it is so.
async fn soon(what: &str, done: impl Fn() -> bool) {
    let began = Instant::now();
    while !done() {
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "not in a minute: {what}"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

const GRACE: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_form_of_the_value_comes_back_as_what_was_sent() {
    for form in ["json", "cbor", "original"] {
        let (_, config) = setup(1, &format!("value = '{form}'")).await;
        let items = [
            item_of("192.0.2.1", Encoding::Json, JSON),
            item_of("2001:db8::1", Encoding::Xml, XML),
        ];
        send(&config, &items).await;
        let sink = Fake::default();
        let running = Running::start(&config, &sink);
        soon("both are given", || sink.given().len() == 2).await;
        running.stop(GRACE).await;
        let sent: Vec<_> = items.iter().map(Given::of).collect();
        assert_eq!(sink.given(), sent, "{form}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn offsets_are_committed_when_the_sink_has_settled_the_records_and_not_before() {
    let (topic, config) = setup(2, "").await;
    let committed = || {
        committed(&config.consume.group, &topic, 2)
            .values()
            .sum::<usize>()
    };
    let sink = Fake::default();
    sink.hold(true);
    let running = Running::start(&config, &sink);
    send(&config, &["a", "b", "c"].map(|name| item("p", name))).await;
    soon("they are given", || sink.given().len() == 3).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(committed(), 0);

    // Records in flight too long at a stop are read again.
    running.stop(Duration::from_millis(100)).await;
    assert_eq!(committed(), 0);
    sink.hold(false);
    let running = Running::start(&config, &sink);
    soon("they are committed", || committed() == 3).await;
    running.stop(GRACE).await;

    // Committed records are not.
    let running = Running::start(&config, &sink);
    send(&config, &[item("p", "d")]).await;
    soon("the next is committed", || committed() == 4).await;
    running.stop(GRACE).await;
    assert_eq!(sink.names(), ["a", "b", "c", "a", "b", "c", "d"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sink_that_is_down_for_long_does_not_cost_the_membership() {
    let more = "[properties]\n'max.poll.interval.ms' = 6000\n'session.timeout.ms' = 6000";
    let (topic, config) = setup(2, more).await;
    let committed = || {
        committed(&config.consume.group, &topic, 2)
            .values()
            .sum::<usize>()
    };
    let sink = Fake::default();
    sink.hold(true);
    let running = Running::start(&config, &sink);
    let items = |names: std::ops::Range<usize>| -> Vec<_> {
        names.map(|at| item("p", &at.to_string())).collect()
    };
    send(&config, &items(0..10)).await;
    soon("they are given", || sink.given().len() == 10).await;
    tokio::time::sleep(Duration::from_secs(7)).await;
    // They wait in Kafka.
    send(&config, &items(10..30)).await;
    tokio::time::sleep(Duration::from_secs(8)).await;
    assert_eq!((sink.given().len(), committed()), (10, 0));
    sink.hold(false);
    soon("all are committed", || committed() == 30).await;
    running.stop(GRACE).await;
    let expected: Vec<_> = (0..30).map(|at| at.to_string()).collect();
    assert_eq!(sink.names(), expected, "each once, and in order");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_partition_that_another_member_has_now_is_not_committed_by_the_first() {
    let (topic, config) = setup(2, "").await;
    let committed = || committed(&config.consume.group, &topic, 2);
    let total = || committed().values().sum::<usize>();
    let (first, second) = (Fake::default(), Fake::default());
    first.hold(true);
    let slow = Running::start(&config, &first);
    let items: Vec<_> = (0..40)
        .map(|at| item(&at.to_string(), &at.to_string()))
        .collect();
    send(&config, &items).await;
    soon("all are given to the first", || first.given().len() == 40).await;
    // It takes one partition over while the first still has its batch in flight.
    let quick = Running::start(&config, &second);
    soon("the second has a partition", || !second.given().is_empty()).await;
    let taken = second.given().len();
    assert!((1..40).contains(&taken));
    soon("the second commits what it has", || total() == taken).await;
    second.hold(true);
    first.hold(false);
    soon("the first commits what it still has", || total() == 40).await;
    second.hold(false);
    for running in [slow, quick] {
        running.stop(GRACE).await;
    }
    let of_second: BTreeSet<_> = second.names().into_iter().collect();
    assert_eq!(of_second.len(), taken, "each once");
}

/// A sink that appends its items to a file, one line for each.
struct Appending(PathBuf);

impl Sink for Appending {
    type Item = Item;

    async fn deliver(&mut self, items: &[Item], _: &Status) -> Vec<Outcome> {
        let line = |item: &Item| {
            let name = interface(&item.record.entry.body);
            format!("{} {name}\n", item.record.entry.publisher)
        };
        let lines: String = items.iter().map(line).collect();
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.0)
            .unwrap();
        file.write_all(lines.as_bytes()).unwrap();
        tokio::time::sleep(Duration::from_millis(20)).await;
        vec![Outcome::Delivered; items.len()]
    }
}

/// The variable that makes a process of this test a member: it names the configuration file.
const MEMBER: &str = "TEST_MEMBER";

/// Not a test: the code of the processes of the next one.
#[test]
fn member_process() {
    let Some(file) = std::env::var_os(MEMBER).map(PathBuf::from) else {
        return;
    };
    let text = std::fs::read_to_string(&file).unwrap();
    let config: Config = toml::from_str(&text).unwrap();
    let seen = file.with_extension(std::process::id().to_string());
    let registry = notif_server::registry();
    let status = Status::new("file");
    notif_server::commands::consume::run(&config, &registry, Appending(seen), status).unwrap();
}

fn spawn_member(file: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "consume::member_process"])
        .env(MEMBER, file)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// The lines that a member, or all, have written.
fn seen(dir: &Path) -> BTreeMap<PathBuf, Vec<String>> {
    let files = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|end| end != "toml"));
    let lines = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).unwrap();
        text.lines().map(str::to_owned).collect()
    };
    files.map(|path| (path.clone(), lines(&path))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_a_member_is_killed_another_takes_over_and_nothing_is_skipped() {
    const PUBLISHERS: usize = 20;
    const EACH: usize = 200;
    let more = "[properties]\n'session.timeout.ms' = 6000\n'heartbeat.interval.ms' = 500";
    let (topic, mut config) = setup(4, more).await;
    config.consume.batch = std::num::NonZeroU32::new(50).unwrap();
    let items: Vec<_> = (0..PUBLISHERS * EACH)
        .map(|at| {
            item(
                &(at % PUBLISHERS).to_string(),
                &(at / PUBLISHERS).to_string(),
            )
        })
        .collect();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("member.toml");
    std::fs::write(&file, toml::to_string(&config).unwrap()).unwrap();
    let mut members = [spawn_member(&file), spawn_member(&file)];
    let total = || {
        committed(&config.consume.group, &topic, 4)
            .values()
            .sum::<usize>()
    };
    for batch in items.chunks(1000) {
        send(&config, batch).await;
    }
    let lines = || {
        seen(dir.path())
            .into_values()
            .map(|lines| lines.len())
            .sum::<usize>()
    };
    soon("both are at work", || {
        seen(dir.path()).len() == 2 && lines() > 500
    })
    .await;
    members[0].kill().unwrap();
    members[0].wait().unwrap();
    figures(format_args!(
        "killed one of two members after {} of {} records",
        lines(),
        items.len()
    ));
    soon("all are committed", || total() == items.len()).await;
    let pid = members[1].id().to_string();
    Command::new("kill").args(["-TERM", &pid]).status().unwrap();
    assert!(members[1].wait().unwrap().success());

    let seen = seen(dir.path());
    let all: BTreeSet<_> = seen.values().flatten().cloned().collect();
    figures(format_args!(
        "{} records were written, {} of them twice",
        all.len(),
        lines() - all.len()
    ));
    assert_eq!(all.len(), items.len());
    // Each member had a publisher's records in order; repeated ones it had before.
    for lines in seen.values() {
        let mut last: BTreeMap<&str, usize> = BTreeMap::new();
        for line in lines {
            let (publisher, name) = line.split_once(' ').unwrap();
            let number = name.parse().unwrap();
            let before = last.insert(publisher, number);
            assert!(
                before.is_none_or(|before| before < number),
                "{line} after {before:?}"
            );
        }
    }
}
