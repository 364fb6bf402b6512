//! Tests of faults from outside: lost files, a clock that is set, the end of the journal.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use notif_runtime::Encoding;
use tempfile::TempDir;

use crate::journal::retention::age;
use crate::journal::retention::age::{Age, HOLD, Now, Overdue};
use crate::journal::retention::removal::Aged;
use crate::journal::*;
use crate::notification::Envelope;

fn entry(received: Timestamp) -> Entry {
    Entry {
        received,
        event_time: None,
        publisher: "p".to_owned(),
        encoding: Encoding::Json,
        name: "example:event".to_owned(),
        body: b"{}".to_vec(),
        reading: None,
        envelope: Envelope::default(),
    }
}

fn open(dir: &Path) -> Journal {
    Journal::open(dir, Bounds::NONE, &[]).unwrap()
}

async fn append(journal: &Journal, count: usize) {
    for _ in 0..count {
        journal.append(entry(Timestamp::now())).await.unwrap();
    }
}

fn count(dir: &Path) -> u64 {
    let reader = Reader::open(dir).unwrap();
    reader.summary().unwrap().extent.count
}

/// Waits until `done`, for at most twenty seconds.
async fn soon(what: &str, done: impl Fn() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < Duration::from_secs(20), "not yet: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// A data directory in a directory of its own, so that it can be moved.
fn data_dir() -> (TempDir, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("data");
    fs::create_dir(&dir).unwrap();
    (home, dir)
}

/// The journal's own files.
fn files(dir: &Path) -> [PathBuf; 3] {
    ["journal.db", "journal.db-wal", "journal.db-shm"].map(|name| dir.join(name))
}

/// An operation on the files of an open journal.
type Way = fn(&Path);

#[tokio::test]
async fn nothing_is_acknowledged_once_the_files_are_gone() {
    let ways: [(&str, Way); 6] = [
        ("all of it", |dir| fs::remove_dir_all(dir).unwrap()),
        ("its files", |dir| {
            for file in files(dir) {
                fs::remove_file(file).unwrap();
            }
        }),
        ("the log", |dir| fs::remove_file(&files(dir)[1]).unwrap()),
        ("the log's index", |dir| {
            fs::remove_file(&files(dir)[2]).unwrap();
        }),
        ("moved", |dir| {
            fs::rename(dir, dir.with_extension("away")).unwrap();
        }),
        ("a copy", |dir| {
            for file in files(dir) {
                fs::copy(&file, file.with_extension("copy")).unwrap();
                fs::rename(file.with_extension("copy"), &file).unwrap();
            }
        }),
    ];
    for (what, remove) in ways {
        let (_home, dir) = data_dir();
        let journal = open(&dir);
        append(&journal, 3).await;
        remove(&dir);
        for _ in 0..25 {
            let told = journal.append(entry(Timestamp::now())).await;
            assert!(
                matches!(told, Err(AppendError::Gone(_))),
                "{what}: {told:?}"
            );
        }
        let health = journal.health().unwrap_err();
        assert!(health.contains("removed or replaced"), "{what}: {health}");
        assert!(health.contains("restart the server"), "{what}: {health}");
    }
}

#[tokio::test]
async fn files_that_go_are_noticed_without_a_notification() {
    let (_home, dir) = data_dir();
    let journal = open(&dir);
    fs::remove_dir_all(&dir).unwrap();
    soon("noticed", || journal.health().is_err()).await;
    assert!(matches!(journal.has_room(), Err(AppendError::Gone(_))));
}

#[tokio::test]
async fn the_very_same_files_may_come_back() {
    let (_home, dir) = data_dir();
    let away = dir.with_extension("away");
    let journal = open(&dir);
    append(&journal, 3).await;
    fs::rename(&dir, &away).unwrap();
    assert!(journal.append(entry(Timestamp::now())).await.is_err());
    // Others in their place are not enough.
    fs::create_dir(&dir).unwrap();
    let other = open(&dir);
    append(&other, 1).await;
    drop(other);
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert!(journal.append(entry(Timestamp::now())).await.is_err());
    fs::remove_dir_all(&dir).unwrap();
    fs::rename(&away, &dir).unwrap();
    soon("well again", || journal.health().is_ok()).await;
    append(&journal, 1).await;
    drop(journal);
    assert!(count(&dir) >= 4, "what was acknowledged is there");
}

#[tokio::test]
async fn what_a_removed_log_had_is_saved() {
    let (_home, dir) = data_dir();
    let journal = open(&dir);
    append(&journal, 3).await;
    fs::remove_file(&files(&dir)[1]).unwrap();
    assert!(journal.append(entry(Timestamp::now())).await.is_err());
    // As if the process died now: nothing more is written.
    let copy = tempfile::tempdir().unwrap();
    fs::copy(&files(&dir)[0], copy.path().join(FILE)).unwrap();
    drop(open(copy.path()));
    assert!(count(copy.path()) >= 3);
}

#[tokio::test]
async fn a_log_is_left_beside_a_database_that_is_another_file() {
    let (_home, dir) = data_dir();
    let journal = open(&dir);
    append(&journal, 3).await;
    let [database, log, _] = files(&dir);
    let copy = dir.join("copy");
    fs::copy(&database, &copy).unwrap();
    fs::rename(&copy, &database).unwrap();
    let written = fs::metadata(&log).unwrap().len();
    assert!(journal.append(entry(Timestamp::now())).await.is_err());
    journal.close().await;
    drop(journal);
    assert!(fs::metadata(&log).unwrap().len() >= written);
    drop(open(&dir));
    assert!(count(&dir) >= 3, "what was acknowledged is there");
}

#[tokio::test]
async fn what_a_removed_log_had_is_saved_when_its_reader_has_ended() {
    let (_home, dir) = data_dir();
    let journal = open(&dir);
    let reader = rusqlite::Connection::open(dir.join(FILE)).unwrap();
    let read = "BEGIN; SELECT count(*) FROM notification;";
    reader.execute_batch(read).unwrap();
    append(&journal, 3).await;
    fs::remove_file(&files(&dir)[1]).unwrap();
    assert!(journal.append(entry(Timestamp::now())).await.is_err());
    let saved = || {
        let copy = tempfile::tempdir().unwrap();
        fs::copy(&files(&dir)[0], copy.path().join(FILE)).unwrap();
        // It may not be whole before.
        let opened = Journal::open(copy.path(), Bounds::NONE, &[]);
        let read = |_| Reader::open(copy.path()).ok()?.summary().ok();
        opened
            .ok()
            .and_then(read)
            .is_some_and(|all| all.extent.count >= 3)
    };
    assert!(!saved(), "it is read");
    reader.execute_batch("COMMIT").unwrap();
    soon("saved", saved).await;
    drop(journal);
}

#[tokio::test]
async fn a_log_without_its_database_is_kept() {
    let (_home, dir) = data_dir();
    let journal = open(&dir);
    append(&journal, 3).await;
    // As if the process died now, and then the database's file.
    let copy = tempfile::tempdir().unwrap();
    let [database, log, _] = files(copy.path());
    fs::copy(&files(&dir)[1], &log).unwrap();
    let size = fs::metadata(&log).unwrap().len();
    assert!(size > 0);
    for empty in [false, true] {
        if empty {
            fs::write(&database, "").unwrap();
        }
        let opened = Journal::open(copy.path(), Bounds::NONE, &[]);
        let told = opened.unwrap_err().to_string();
        assert!(told.contains("put the journal.db back"), "{told}");
        let read = Reader::open(copy.path());
        assert!(matches!(read, Err(OpenError::Headless { .. })));
        let repaired = repair(copy.path(), false, |_, _| {});
        assert!(matches!(
            repaired,
            Err(RepairError::Open(OpenError::Headless { .. }))
        ));
        assert_eq!(fs::metadata(&log).unwrap().len(), size);
    }
    // With it all is there again.
    fs::copy(&files(&dir)[0], &database).unwrap();
    drop(open(copy.path()));
    assert_eq!(count(copy.path()), 3);
}

#[tokio::test]
async fn the_directory_is_locked_and_not_a_file_in_it() {
    let (_home, dir) = data_dir();
    let journal = open(&dir);
    append(&journal, 1).await;
    for file in fs::read_dir(&dir).unwrap() {
        fs::remove_file(file.unwrap().path()).unwrap();
    }
    let second = Journal::open(&dir, Bounds::NONE, &[]);
    assert!(matches!(second, Err(OpenError::InUse { .. })));
    drop(journal);
    // A release that locks a file may run.
    let old = File::create(dir.join("journal.lock")).unwrap();
    old.lock().unwrap();
    let second = Journal::open(&dir, Bounds::NONE, &[]);
    assert!(matches!(second, Err(OpenError::InUse { .. })));
    drop(old);
    open(&dir);
}

#[tokio::test]
async fn a_file_that_a_link_names_is_watched_too() {
    let (home, dir) = data_dir();
    let real = home.path().join("disk");
    fs::create_dir(&real).unwrap();
    open(&real);
    symlink(real.join(FILE), dir.join(FILE)).unwrap();
    let journal = open(&dir);
    append(&journal, 1).await;
    fs::remove_file(&files(&real)[1]).unwrap();
    assert!(journal.append(entry(Timestamp::now())).await.is_err());
}

#[tokio::test]
async fn the_files_are_private_whatever_the_directory_is() {
    let (_home, dir) = data_dir();
    let allow = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    let modes = || {
        let names = files(&dir).into_iter().chain([dir.join("journal.reserve")]);
        names
            .filter_map(|file| fs::metadata(file).ok())
            .map(|file| file.permissions().mode() & 0o777)
            .collect::<Vec<_>>()
    };
    allow(&dir, 0o777);
    let journal = open(&dir);
    append(&journal, 1).await;
    assert_eq!(modes(), [0o600; 4]);
    drop(journal);
    // An older release made them for all to read.
    allow(&files(&dir)[0], 0o644);
    let journal = open(&dir);
    append(&journal, 1).await;
    assert_eq!(modes(), [0o600; 4]);
}

#[tokio::test]
async fn a_clean_end_leaves_all_in_one_file() {
    let (_home, dir) = data_dir();
    let journal = open(&dir);
    append(&journal, 200).await;
    // As the sinks' readers and the metrics' do.
    let reader = journal.reader().unwrap();
    assert_eq!(reader.summary().unwrap().extent.count, 200);
    journal.close().await;
    let copy = tempfile::tempdir().unwrap();
    fs::copy(dir.join(FILE), copy.path().join(FILE)).unwrap();
    assert_eq!(count(copy.path()), 200);
}

/// Clocks that a test sets.
#[derive(Clone)]
struct Hands {
    now: Arc<Mutex<Now>>,
    asked: Arc<AtomicU64>,
}

impl Clock for Hands {
    fn now(&self) -> Now {
        self.asked.fetch_add(1, Ordering::Relaxed);
        *self.now.lock().unwrap()
    }
}

impl Hands {
    fn new() -> Self {
        let now = Now {
            wall: Timestamp::now(),
            running: SignedDuration::from_secs(7),
        };
        Self {
            now: Arc::new(Mutex::new(now)),
            asked: Arc::default(),
        }
    }

    /// Waits until the bounds have been looked after by the time that is shown now.
    async fn ticks(&self) {
        let asked = || self.asked.load(Ordering::Relaxed);
        // Whatever the first of these found has been removed before the last.
        let enough = asked() + 3;
        soon("a tick", || asked() >= enough).await;
    }

    /// Sets the system's clock by this much.
    fn set(&self, by: SignedDuration) {
        self.now.lock().unwrap().wall += by;
    }

    /// Lets this much time pass.
    fn pass(&self, time: SignedDuration) {
        let mut now = self.now.lock().unwrap();
        now.wall += time;
        now.running += time;
    }
}

const MONTH: SignedDuration = SignedDuration::from_hours(31 * 24);

fn aging(dir: &Path, clock: &Hands) -> Journal {
    let bounds = Bounds {
        max_age: Duration::from_secs(30 * 24 * 3600),
        ..Bounds::NONE
    };
    Journal::open_by(dir, bounds, &[], Box::new(clock.clone())).unwrap()
}

#[tokio::test]
async fn a_clock_that_is_set_for_a_moment_removes_nothing() {
    let (_home, dir) = data_dir();
    let clock = Hands::new();
    let journal = aging(&dir, &clock);
    append(&journal, 200).await;
    clock.ticks().await;
    for by in [MONTH, -MONTH, -MONTH, MONTH] {
        clock.set(by);
        clock.pass(SignedDuration::from_secs(3));
        clock.ticks().await;
        assert_eq!(count(&dir), 200, "{by}");
    }
    // Over a restart too.
    journal.close().await;
    drop(journal);
    clock.set(MONTH);
    let journal = aging(&dir, &clock);
    clock.ticks().await;
    assert_eq!(count(&dir), 200);
    // A time that lasts is believed.
    clock.pass(HOLD);
    soon("removed", || count(&dir) == 0).await;
    drop(journal);
}

#[tokio::test]
async fn a_clock_that_was_ahead_from_the_start_removes_nothing() {
    let (_home, dir) = data_dir();
    let clock = Hands::new();
    clock.set(MONTH);
    let journal = aging(&dir, &clock);
    clock.ticks().await;
    clock.set(-MONTH);
    append(&journal, 20).await;
    clock.ticks().await;
    assert_eq!(count(&dir), 20);
    // Nor does the time that was kept, after a start.
    journal.close().await;
    drop(journal);
    let journal = aging(&dir, &clock);
    clock.ticks().await;
    assert_eq!(count(&dir), 20);
    clock.pass(HOLD);
    clock.ticks().await;
    assert_eq!(count(&dir), 20);
    drop(journal);
}

#[tokio::test]
async fn the_newest_notification_alone_removes_nothing() {
    let (_home, dir) = data_dir();
    let clock = Hands::new();
    let journal = aging(&dir, &clock);
    append(&journal, 20).await;
    let ahead = clock.now().wall + MONTH;
    journal.append(entry(ahead)).await.unwrap();
    journal.close().await;
    drop(journal);
    // As a release leaves it that kept no time.
    let file = rusqlite::Connection::open(dir.join(FILE)).unwrap();
    file.execute("DELETE FROM clock", []).unwrap();
    let wall = clock.now().wall;
    assert_eq!(age::last_believed(&file, wall).unwrap(), Some(wall));
    drop(file);
    let journal = aging(&dir, &clock);
    clock.ticks().await;
    assert_eq!(count(&dir), 21);
    drop(journal);
}

#[tokio::test]
async fn what_came_while_the_clock_was_ahead_holds_nothing_up() {
    let (_home, dir) = data_dir();
    let clock = Hands::new();
    let journal = aging(&dir, &clock);
    let start = clock.now().wall;
    // More than one step removes.
    for _ in 0..20 {
        let many = (0..100).map(|_| journal.append(entry(start + MONTH * 10)));
        for appended in many.collect::<Vec<_>>() {
            appended.await.unwrap();
        }
    }
    journal.append(entry(start)).await.unwrap();
    journal.append(entry(start + MONTH)).await.unwrap();
    for _ in 0..24 * 31 {
        clock.pass(SignedDuration::from_hours(1));
    }
    soon("removed", || count(&dir) == 1).await;
}

#[test]
fn a_clock_is_believed_within_bounds() {
    let clock = Hands::new();
    let start = clock.now();
    let mut age = Age::new(start, None);
    assert_eq!(age.believe(clock.now()), start.wall);
    // Small steps do not add up to a large one.
    let minute = SignedDuration::from_mins(1);
    for _ in 0..100 {
        clock.set(minute - SignedDuration::from_secs(1));
    }
    let off = age.believe(clock.now()).duration_since(start.wall);
    assert!(off.abs() <= minute, "{off}");
    // One that keeps jumping is never believed.
    for _ in 0..100 {
        clock.pass(HOLD / 2);
        clock.set(MONTH);
        let now = clock.now();
        let passed = age.believe(now).duration_since(start.wall);
        assert_eq!(passed, now.running - start.running);
    }
    // A time off is no step, unless it is long.
    let later = start.wall + HOLD / 2;
    let now = Now {
        wall: later,
        ..start
    };
    assert_eq!(Age::new(now, Some(start.wall)).believe(now), later);
    let later = start.wall + HOLD * 2;
    let now = Now {
        wall: later,
        ..start
    };
    assert_eq!(Age::new(now, Some(start.wall)).believe(now), start.wall);
}

#[test]
fn more_than_usual_is_said_once_a_minute() {
    let mut overdue = Overdue::default();
    let aged = |late| Aged {
        count: 100,
        received: Timestamp::UNIX_EPOCH,
        late,
    };
    overdue.add(aged(SignedDuration::from_secs(2)));
    assert_eq!(overdue.say(), None, "as usual");
    overdue.add(aged(MONTH));
    overdue.add(aged(SignedDuration::from_secs(2)));
    assert_eq!(overdue.say(), Some(200));
    overdue.add(aged(MONTH));
    assert_eq!(overdue.say(), None, "not twice a minute");
}
