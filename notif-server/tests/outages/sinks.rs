//! The services behind the collector fail in every way: nothing accepted is lost, and everything is
//! delivered once the fault ends.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test states what must hold"
)]

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::ALONE;
use crate::common::disk::SmallDisk;
use crate::common::kafka::{check_order, records};
use crate::common::proxy::{Mode, Proxy};
use crate::common::publisher::Publisher;
use crate::common::{self, Metrics, Server, figures, services, unique};
use jiff::Timestamp;
use reqwest::Client;
use tempfile::TempDir;
use tokio::sync::MutexGuard;

/// The growth of the server's memory while a sink is down, in KiB, at most.
const GROWTH: u64 = 48 << 10;

/// The duration of an outage: `OUTAGE_SECONDS` of the environment, or enough for every change.
fn outage() -> Duration {
    let seconds = std::env::var("OUTAGE_SECONDS").map_or(8, |text| text.parse().unwrap());
    Duration::from_secs(seconds)
}

/// True if the test must be skipped, as the services are not this project's own to stop.
fn passed_over() -> bool {
    let foreign = !services::are_ours();
    if foreign {
        figures(format_args!(
            "an outage is passed over: the services are not this project's own"
        ));
    }
    foreign
}

/// A collector with both sinks, and a publisher that sends all the time.
struct Scene {
    _alone: MutexGuard<'static, ()>,
    dir: TempDir,
    topic: String,
    influxdb: Proxy,
    server: Server,
    client: Client,
    publisher: Publisher,
    start: Timestamp,
}

impl Scene {
    async fn new(host: u8, journal: &str) -> Self {
        let alone = ALONE.lock().await;
        let start = Timestamp::now();
        let (dir, topic) = (tempfile::tempdir().unwrap(), unique("outages"));
        let influxdb = Proxy::start(&services::influxdb().url);
        let config = configured(dir.path(), &topic, &influxdb.url, journal);
        let server = Server::start(dir.path(), &["--config", config.to_str().unwrap()]);
        Self {
            client: common::client(dir.path()),
            publisher: Publisher::new(dir.path(), host),
            start,
            _alone: alone,
            dir,
            topic,
            influxdb,
            server,
        }
    }

    /// Sends for this time; everything has to be accepted.
    async fn load(&mut self, time: Duration) {
        let base = self.server.base.clone();
        let pause = Duration::from_millis(2);
        self.publisher.send_for(&base, time, pause).await;
        assert_eq!(self.publisher.turned_away, 0);
    }

    async fn metrics(&self) -> Metrics {
        Metrics::read(&self.client, &self.server).await
    }

    /// Waits until a sink has got everything.
    async fn drained(&self, sink: &str) -> Metrics {
        let done = |metrics: &Metrics| metrics.of_sink("waiting", sink) == 0;
        Metrics::until(&self.client, &self.server, "drained", done).await
    }

    /// The collector's resident memory in KiB.
    fn memory(&self) -> u64 {
        let status = format!("/proc/{}/status", self.server.id());
        let status = std::fs::read_to_string(status).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:"));
        line.unwrap()
            .split_whitespace()
            .nth(1)
            .unwrap()
            .parse()
            .unwrap()
    }

    /// Waits until all is delivered, and checks that Kafka and InfluxDB have it.
    async fn check(self, what: &str, notes: &str) {
        let draining = Instant::now();
        for sink in ["kafka", "influxdb"] {
            let metrics = self.drained(sink).await;
            assert_eq!(metrics.of_sink("unaccounted", sink), 0, "{sink}");
            assert_eq!(metrics.of_sink("quarantined_total", sink), 0, "{sink}");
            assert_eq!(metrics.of_sink("missed_total", sink), 0, "{sink}");
        }
        let draining = draining.elapsed();
        let records = records(&self.topic);
        let again = check_order(&records);
        let in_kafka: HashSet<_> = records.iter().map(|record| &record.event_time).collect();
        let name = self.publisher.address.to_string();
        let points = services::influxdb()
            .points(&name, &self.start.to_string(), "statistics/in-octets")
            .await;
        let times = points
            .iter()
            .map(|(time, _)| time.parse::<Timestamp>().unwrap());
        let in_influxdb: HashSet<_> = times.collect();
        assert_eq!(points.len(), in_influxdb.len(), "nothing is twice");
        let acknowledged = &self.publisher.acknowledged;
        for event_time in acknowledged {
            assert!(in_kafka.contains(event_time), "lost in Kafka: {event_time}");
            let time = event_time.parse().unwrap();
            assert!(
                in_influxdb.contains(&time),
                "lost in InfluxDB: {event_time}"
            );
        }
        figures(format_args!(
            "{what}: {} acknowledged, {} records in Kafka ({again} of them again), {} points in InfluxDB; \
             drained in {:.1} s{notes}",
            acknowledged.len(),
            records.len(),
            points.len(),
            draining.as_secs_f64()
        ));
    }
}

fn configured(dir: &Path, topic: &str, influxdb_url: &str, journal: &str) -> PathBuf {
    let (brokers, influxdb) = (services::kafka_brokers(), services::influxdb());
    let file = dir.join("notif.toml");
    let text = format!(
        "[journal]\n{journal}\n[sinks.kafka]\nbrokers = '{brokers}'\ntopic = '{topic}'\n\
         [sinks.influxdb]\nurl = '{influxdb_url}'\norg = '{}'\nbucket = '{}'\ntoken = '{}'\n\
         linger = '50ms'\ntimeout = '2s'\n",
        influxdb.org, influxdb.bucket, influxdb.token
    );
    std::fs::write(&file, text).unwrap();
    file
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kafka_is_stopped_and_comes_back() {
    let mut scene = Scene::new(31, "").await;
    scene.load(Duration::from_secs(2)).await;
    scene.drained("kafka").await;
    if passed_over() {
        return;
    }
    services::control(&["stop", "kafka"]);
    let before = scene.memory();
    scene.load(outage()).await;
    let grown = scene.memory().saturating_sub(before);
    let metrics = scene.metrics().await;
    services::control(&["start", "kafka"]);
    assert!(metrics.of_sink("waiting", "kafka") > 100);
    assert_eq!(metrics.of_sink("up", "kafka"), 0);
    assert!(metrics.of_sink("lag_seconds", "kafka") > 1);
    assert!(
        metrics.of_sink("waiting", "influxdb") < 1000,
        "it is not delayed"
    );
    assert!(grown < GROWTH, "{grown} KiB more");
    scene.load(Duration::from_secs(1)).await;
    let notes = format!(
        "; {grown} KiB more memory in {} s without Kafka",
        outage().as_secs()
    );
    scene.check("Kafka stopped", &notes).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kafka_is_killed_in_the_middle_of_batches() {
    let mut scene = Scene::new(32, "").await;
    for _ in 0..3 {
        let sending = scene.load(Duration::from_secs(4));
        let killing = async {
            tokio::time::sleep(Duration::from_millis(700)).await;
            let again = || {
                if services::are_ours() {
                    services::control(&["kill", "kafka"]);
                    services::control(&["start", "kafka"]);
                }
            };
            tokio::task::spawn_blocking(again).await.unwrap();
        };
        tokio::join!(sending, killing);
    }
    scene.check("Kafka killed three times", "").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn influxdb_is_stopped_and_comes_back() {
    let mut scene = Scene::new(33, "").await;
    scene.load(Duration::from_secs(1)).await;
    if passed_over() {
        return;
    }
    services::control(&["stop", "influxdb"]);
    let before = scene.memory();
    scene.load(outage()).await;
    let grown = scene.memory().saturating_sub(before);
    let metrics = scene.metrics().await;
    services::control(&["start", "influxdb"]);
    assert!(metrics.of_sink("waiting", "influxdb") > 100);
    assert!(
        metrics.of_sink("waiting", "kafka") < 1000,
        "it is not delayed"
    );
    assert!(grown < GROWTH, "{grown} KiB more");
    let notes = format!(
        "; {grown} KiB more memory in {} s without InfluxDB",
        outage().as_secs()
    );
    scene.check("InfluxDB stopped", &notes).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn influxdb_answers_429_and_503_is_slow_and_mute() {
    let mut scene = Scene::new(34, "").await;
    for mode in [
        Mode::Status(429),
        Mode::Status(503),
        Mode::Slow(Duration::from_millis(400)),
        // Longer than the collector waits.
        Mode::Slow(Duration::from_secs(5)),
        Mode::Mute,
        Mode::Status(401),
    ] {
        scene.influxdb.set(mode);
        scene.influxdb.requests();
        scene.load(Duration::from_secs(3)).await;
        let requests = scene.influxdb.requests();
        let health = scene.client.get(scene.server.url("/healthz")).send();
        let health = health.await.unwrap().text().await.unwrap();
        assert!(
            (1..50).contains(&requests),
            "{mode:?}: {requests} requests; {health}"
        );
        if mode != Mode::Slow(Duration::from_millis(400)) {
            let metrics = scene.metrics().await;
            assert_eq!(metrics.of_sink("up", "influxdb"), 0, "{mode:?}");
        }
        scene.influxdb.set(Mode::Pass);
        scene.drained("influxdb").await;
    }
    scene
        .check("InfluxDB with 429, 503, slow, mute, 401", "")
        .await;
}

/// Sends until the server says that it is full; returns the number taken before.
async fn fill(scene: &mut Scene) -> usize {
    let base = scene.server.base.clone();
    let before = scene.publisher.acknowledged.len();
    while scene.publisher.turned_away == 0 {
        scene.publisher.send(&base).await;
        let taken = scene.publisher.acknowledged.len() - before;
        assert!(taken < 100_000, "the journal has no bound");
    }
    scene.publisher.acknowledged.len() - before
}

/// Waits until notifications are taken again.
async fn taken_again(scene: &mut Scene) {
    let (base, start) = (scene.server.base.clone(), Instant::now());
    while scene.publisher.send(&base).await != common::publisher::Told::Taken {
        assert!(start.elapsed() < Duration::from_secs(60), "still full");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_journal_turns_publishers_away_and_recovers() {
    let mut scene = Scene::new(35, "max-size = '1MiB'").await;
    scene.influxdb.set(Mode::Status(503));
    let before = scene.memory();
    let taken = fill(&mut scene).await;
    let answer = common::relay(
        &scene.client,
        &scene.server,
        "application/json",
        common::JSON,
    )
    .await;
    assert_eq!(answer.status(), 503);
    assert_eq!(common::header(&answer, "retry-after"), "10");
    let told = answer.text().await.unwrap();
    assert!(told.contains("still owed to influxdb"), "{told}");
    // A notification that cannot be kept is not checked.
    let answer = common::relay(&scene.client, &scene.server, "application/json", "{").await;
    assert_eq!(answer.status(), 503);
    let health = scene.client.get(scene.server.url("/healthz")).send();
    assert_eq!(health.await.unwrap().status(), 503);
    assert_eq!(scene.metrics().await.get("notif_journal_full"), 1);
    let grown = scene.memory().saturating_sub(before);
    assert!(grown < GROWTH, "{grown} KiB more");
    scene.influxdb.set(Mode::Pass);
    taken_again(&mut scene).await;
    assert_eq!(scene.metrics().await.get("notif_journal_full"), 0);
    let notes = format!("; full after {taken}");
    scene.check("Journal full", &notes).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_turns_publishers_away_and_recovers() {
    let mount = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::mount(&mount.path().join("disk"), 12) else {
        figures(format_args!(
            "full disk: passed over, only root can mount a small one"
        ));
        return;
    };
    // Once the bound on the disk, with some space left; once nothing that the disk would take.
    for (host, journal) in [(36, "min-free = '4MiB'"), (37, "min-free = '1B'")] {
        let mut scene = Scene::new(host, journal).await;
        let data = disk.0.join(host.to_string());
        let config = scene.dir.path().join("notif.toml");
        let args = ["--config", config.to_str().unwrap()];
        std::fs::create_dir(&data).unwrap();
        scene.server = Server::start(&data, &args);
        scene.client = common::client(&data);
        scene.publisher = Publisher::new(&data, host);
        scene.influxdb.set(Mode::Status(503));
        let ballast = disk.0.join("ballast");
        std::fs::write(&ballast, vec![0; 7 << 20]).unwrap();
        let before = scene.memory();
        let taken = fill(&mut scene).await;
        assert!(scene.memory().saturating_sub(before) < GROWTH);
        let health = scene.client.get(scene.server.url("/healthz")).send();
        assert_eq!(health.await.unwrap().status(), 503);
        std::fs::remove_file(&ballast).unwrap();
        scene.influxdb.set(Mode::Pass);
        taken_again(&mut scene).await;
        let notes = format!("; full after {taken}");
        scene.check(&format!("Disk full, {journal}"), &notes).await;
        std::fs::remove_dir_all(&data).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_ack_kafka_there_is_no_204_while_kafka_is_down() {
    let _alone = ALONE.lock().await;
    let (dir, topic) = (tempfile::tempdir().unwrap(), unique("ack"));
    let brokers = services::kafka_brokers();
    let config = dir.path().join("notif.toml");
    let text = format!(
        "ack = 'kafka'\n[timeouts]\nacknowledge = '2s'\n[sinks.kafka]\nbrokers = '{brokers}'\ntopic = '{topic}'\n"
    );
    std::fs::write(&config, text).unwrap();
    let server = Server::start(dir.path(), &["--config", config.to_str().unwrap()]);
    let mut publisher = Publisher::new(dir.path(), 38);
    let base = server.base.clone();
    let pause = Duration::from_millis(5);
    publisher
        .send_for(&base, Duration::from_secs(1), pause)
        .await;
    assert_eq!(publisher.turned_away, 0);
    if passed_over() {
        return;
    }
    services::control(&["stop", "kafka"]);
    let before = publisher.acknowledged.len();
    publisher
        .send_for(&base, Duration::from_secs(5), pause)
        .await;
    let (acknowledged, turned_away) =
        (publisher.acknowledged.len() - before, publisher.turned_away);
    services::control(&["start", "kafka"]);
    assert_eq!(acknowledged, 0, "no false 204");
    assert!(turned_away > 0);
    let start = Instant::now();
    while publisher.send(&base).await != common::publisher::Told::Taken {
        assert!(start.elapsed() < Duration::from_secs(60));
    }
    let records = records(&topic);
    let in_kafka: HashSet<_> = records.iter().map(|record| &record.event_time).collect();
    let lost: Vec<_> = publisher
        .acknowledged
        .iter()
        .enumerate()
        .filter(|(_, time)| !in_kafka.contains(time))
        .collect();
    assert!(
        lost.is_empty(),
        "of {} acknowledged ({before} before the outage) and {} in Kafka these are lost: {lost:?}",
        publisher.acknowledged.len(),
        records.len()
    );
    figures(format_args!(
        "ack = \"kafka\": {} acknowledged, none while Kafka was stopped ({turned_away} answers with 503), \
         all in Kafka",
        publisher.acknowledged.len()
    ));
}
