use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use notif_runtime::Encoding;
use prometheus_client::encoding::text::encode;
use tempfile::TempDir;
use tokio::sync::watch;
use tokio::time::Instant;

use super::feed::Context;
use super::worker::{DISK_PATIENCE, PAUSE, UNWRITTEN, Worker};
use super::*;
use crate::journal::{Account, Bounds, Filter, Journal, ReadError};
use crate::notification::{Entry, Envelope, SinkName, Source};
use crate::sink::{Item, Outcome, Sink, Status};

const NAME: SinkName = SinkName {
    name: "fake",
    source: Source::Notifications,
};

const PACE: Pace = Pace {
    batch: 4,
    linger: Duration::ZERO,
};

/// A sink that records its items, refuses every tenth, and can be held up.
#[derive(Debug, Clone, Default)]
struct Fake {
    given: Arc<Mutex<Vec<u64>>>,
    held: Arc<AtomicBool>,
    faulty: Arc<AtomicBool>,
}

impl Sink for Fake {
    type Item = Item;

    async fn deliver(&mut self, items: &[Item], status: &Status) -> Vec<Outcome> {
        while self.held.load(Ordering::Relaxed) {
            status.failed(&"it is held up");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert!(!self.faulty.load(Ordering::Relaxed), "as the test wants");
        status.succeeded(items.len());
        let outcome = |item: &Item| {
            let seq = item.record.stored.seq;
            self.given.lock().unwrap().push(seq);
            match seq % 10 {
                0 => Outcome::Refused("a tenth".to_owned()),
                _ => Outcome::Delivered,
            }
        };
        items.iter().map(outcome).collect()
    }
}

impl Fake {
    fn given(&self) -> Vec<u64> {
        self.given.lock().unwrap().clone()
    }
}

async fn append(journal: &Journal, count: u64) {
    for _ in 0..count {
        let entry = Entry {
            received: Timestamp::now(),
            event_time: None,
            publisher: "p".to_owned(),
            encoding: Encoding::Json,
            name: "example:event".to_owned(),
            body: b"{}".to_vec(),
            reading: None,
            envelope: Envelope::default(),
        };
        journal.append(entry).await.unwrap();
    }
}

struct Setup {
    dir: TempDir,
    journal: Arc<Journal>,
    forward: Forward,
    sink: Fake,
}

impl Setup {
    fn new() -> Self {
        Self::at(tempfile::tempdir().unwrap(), Fake::default())
    }

    fn at(dir: TempDir, sink: Fake) -> Self {
        let journal = Journal::open(dir.path(), Bounds::NONE, &[NAME]).unwrap();
        let journal = Arc::new(journal);
        let mut forward = Forward::new(Arc::clone(&journal), crate::registry());
        let status = Arc::new(Status::new(NAME.name));
        forward.start(NAME, sink.clone(), status, PACE).unwrap();
        Self {
            dir,
            journal,
            forward,
            sink,
        }
    }

    async fn append(&self, count: u64) {
        append(&self.journal, count).await;
    }

    fn account(&self) -> Account {
        self.journal.reader().unwrap().accounts().unwrap().remove(0)
    }

    async fn soon(&self, what: &str, done: impl Fn(&Self) -> bool) {
        for _ in 0..1000 {
            if done(self) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("not in ten seconds: {what}; {:?}", self.account());
    }

    async fn stop(self, grace: Duration) -> (TempDir, Fake) {
        self.forward.stop(grace).await;
        self.journal.close().await;
        (self.dir, self.sink)
    }
}

#[tokio::test]
async fn everything_is_forwarded_once_and_in_order_over_restarts() {
    let setup = Setup::new();
    setup.append(25).await;
    setup
        .soon("all settled", |s| s.account().waiting() == 0)
        .await;
    let account = setup.account();
    assert_eq!((account.delivered, account.quarantined), (23, 2));
    let (dir, sink) = setup.stop(Duration::from_secs(5)).await;
    let setup = Setup::at(dir, sink);
    setup.append(5).await;
    setup
        .soon("all settled", |s| s.account().waiting() == 0)
        .await;
    assert_eq!(setup.sink.given(), (1..=30).collect::<Vec<_>>());
    let account = setup.account();
    assert_eq!((account.delivered, account.quarantined), (27, 3));
    assert_eq!((account.accepted(), account.unaccounted()), (30, 0));
    let parked = setup
        .journal
        .reader()
        .unwrap()
        .quarantined(&Filter::default(), usize::MAX)
        .unwrap();
    assert_eq!(
        parked.iter().map(|one| one.seq).collect::<Vec<_>>(),
        [10, 20, 30]
    );
}

#[tokio::test]
async fn a_sink_that_is_held_up_delays_nobody_and_its_batch_is_given_again() {
    let setup = Setup::new();
    setup.sink.held.store(true, Ordering::Relaxed);
    setup.append(9).await;
    setup
        .soon("an outage", |s| s.forward.statuses()[0].outage().is_some())
        .await;
    assert_eq!(setup.account().waiting(), 9);
    let start = std::time::Instant::now();
    let (dir, sink) = setup.stop(Duration::from_millis(50)).await;
    assert!(start.elapsed() < Duration::from_secs(5));
    assert!(sink.given().is_empty());
    sink.held.store(false, Ordering::Relaxed);
    let setup = Setup::at(dir, sink);
    setup
        .soon("all settled", |s| s.account().waiting() == 0)
        .await;
    assert_eq!(setup.sink.given(), (1..=9).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_panic_in_a_sink_is_shown_and_loses_nothing() {
    let setup = Setup::new();
    setup.sink.faulty.store(true, Ordering::Relaxed);
    setup.append(1).await;
    let outage = |s: &Setup| s.forward.statuses()[0].outage().unwrap_or_default();
    setup
        .soon("an outage", |s| outage(s).contains("restart the server"))
        .await;
    assert_eq!(setup.forward.statuses()[0].is_up(), Some(false));
    let (dir, sink) = setup.stop(Duration::from_secs(5)).await;
    sink.faulty.store(false, Ordering::Relaxed);
    let setup = Setup::at(dir, sink);
    setup
        .soon("all settled", |s| s.account().delivered == 1)
        .await;
}

#[tokio::test]
async fn what_is_damaged_or_gone_is_accounted_for_and_passed_over() {
    let setup = Setup::new();
    setup.sink.held.store(true, Ordering::Relaxed);
    setup.append(12).await;
    let file = rusqlite::Connection::open(setup.dir.path().join(crate::journal::FILE)).unwrap();
    file.execute("UPDATE notification SET body = x'00' WHERE seq = 6", [])
        .unwrap();
    file.execute("DELETE FROM notification WHERE seq IN (8, 9, 12)", [])
        .unwrap();
    setup.sink.held.store(false, Ordering::Relaxed);
    setup
        .soon("all settled", |s| s.account().waiting() == 0)
        .await;
    assert_eq!(setup.sink.given(), [1, 2, 3, 4, 5, 7, 10, 11]);
    let account = setup.account();
    assert_eq!(
        (account.delivered, account.quarantined, account.missed),
        (7, 2, 3)
    );
    assert_eq!(account.unaccounted(), 0);
}

/// A worker that is not started.
fn worker() -> (TempDir, Worker<Fake>) {
    let dir = tempfile::tempdir().unwrap();
    let journal = Arc::new(Journal::open(dir.path(), Bounds::NONE, &[NAME]).unwrap());
    let worker = Worker {
        name: NAME.name,
        sink: Fake::default(),
        status: Arc::new(Status::new(NAME.name)),
        context: Context {
            reader: journal.reader().unwrap(),
            registry: crate::registry(),
        },
        position: 0,
        pace: PACE,
        tips: journal.tips(),
        unsettled: None,
        unread_since: None,
        journal,
    };
    (dir, worker)
}

#[tokio::test]
async fn what_a_disk_does_not_give_for_a_moment_is_not_passed_over() {
    let (_dir, mut worker) = worker();
    append(&worker.journal, 2).await;
    let error = ReadError::Damaged {
        first: 1,
        last: 2,
        problem: "disk I/O error".to_owned(),
        by_disk: true,
    };
    worker.cannot_read(&error).await;
    assert_eq!(worker.position, 0);
    worker.unread_since = Instant::now().checked_sub(DISK_PATIENCE);
    worker.cannot_read(&error).await;
    assert_eq!(worker.position, 2);
    let accounts = worker.context.reader.accounts().unwrap();
    assert_eq!(accounts[0].quarantined, 2);
}

#[tokio::test]
async fn no_more_is_read_while_much_is_not_written() {
    let (dir, mut worker) = worker();
    append(&worker.journal, 3).await;
    let parked = (1..=UNWRITTEN as u64).map(|seq| (seq, "a test".to_owned()));
    worker.unsettled = Some(crate::journal::Settled {
        quarantined: parked.collect(),
        ..Default::default()
    });
    let file = rusqlite::Connection::open(dir.path().join(crate::journal::FILE)).unwrap();
    let rename = |from: &str, to: &str| {
        let sql = format!("ALTER TABLE {from} RENAME TO {to}");
        file.execute_batch(&sql).unwrap();
    };
    rename("sink", "away");
    let sink = worker.sink.clone();
    let (stop, stopped) = watch::channel(None);
    let watching = async {
        tokio::time::sleep(PAUSE * 2).await;
        assert!(sink.given().is_empty());
        rename("away", "sink");
        let given = async {
            while sink.given().len() < 3 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let given = tokio::time::timeout(Duration::from_secs(10), given).await;
        given.expect("all is given once it is written");
        stop.send_replace(Some(Duration::ZERO));
    };
    tokio::join!(worker.run(stopped), watching);
    assert_eq!(sink.given(), [1, 2, 3]);
}

#[tokio::test]
async fn metrics_show_the_account() {
    let setup = Setup::new();
    setup.append(10).await;
    setup
        .soon("all settled", |s| s.account().waiting() == 0)
        .await;
    let mut registry = prometheus_client::registry::Registry::default();
    let reader = setup.journal.reader().unwrap();
    setup.forward.register(reader, &mut registry);
    let mut text = String::new();
    encode(&mut text, &registry).unwrap();
    for line in [
        "sink_accepted_total{sink=\"fake\"} 10",
        "sink_delivered_total{sink=\"fake\"} 9",
        "sink_quarantined_total{sink=\"fake\"} 1",
        "sink_waiting{sink=\"fake\"} 0",
        "sink_unaccounted{sink=\"fake\"} 0",
        "sink_up{sink=\"fake\"} 1",
        "sink_lag_seconds{sink=\"fake\"} 0",
        "sink_sent_bytes_total{sink=\"fake\"} 10",
    ] {
        assert!(text.contains(line), "{line} in\n{text}");
    }
}
