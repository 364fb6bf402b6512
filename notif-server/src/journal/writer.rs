//! The writer thread, and the queue to it.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, PoisonError, RwLock};
use std::thread;
use std::time::{Duration, Instant};
use std::{io, mem};

use jiff::Timestamp;
use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot, watch};

use super::commit::{Done, Row, Work, commit, probe};
use super::metrics::Metrics;
use super::retention::{self, Retention};
use super::{AppendError, Entry, Full, Rejection, Settled, Stored, minute};

/// What may wait to be written, in KiB of compressed bodies: 64 MiB.
pub(super) const ROOM: usize = 64 << 10;

/// How many notifications one transaction takes at most, so that the first of them does not wait
/// long for the last.
pub(super) const GROUP: usize = 1024;

/// How often the bounds are looked after when nothing else happens.
const TIDY_EVERY: Duration = Duration::from_secs(1);

/// The handle of the writer thread.
#[derive(Debug)]
pub(super) struct Writer {
    queue: Sender<Message>,
    room: Arc<Semaphore>,
    shared: Arc<Shared>,
}

/// The newest numbers, for who waits for more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tips {
    /// Of what was accepted.
    pub notifications: u64,
    /// Of what was rejected.
    pub rejected: u64,
}

/// What the thread tells.
#[derive(Debug)]
struct Shared {
    /// Why nothing is taken, if so.
    problem: RwLock<Option<Problem>>,
    metrics: Metrics,
    tips: watch::Sender<Tips>,
}

#[derive(Debug, Clone)]
enum Problem {
    /// The bounds are reached: what comes is refused until there is room.
    Full(Full),
    /// The last write failed; what comes is tried.
    Failed {
        reason: String,
        at: Instant,
    },
    Closed,
}

#[derive(Debug)]
enum Message {
    Write(Job),
    Close(oneshot::Sender<()>),
}

/// What is to be written, and who waits for it.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) work: Work,
    reply: Option<oneshot::Sender<Result<Done, AppendError>>>,
    /// Its part of the room, given back when it is done.
    #[expect(dead_code, reason = "held, not read")]
    room: Option<OwnedSemaphorePermit>,
}

impl Writer {
    pub(super) fn start(connection: Connection, retention: Retention) -> io::Result<Self> {
        let (queue, messages) = mpsc::channel();
        let shared = Arc::new(Shared {
            problem: RwLock::default(),
            metrics: Metrics::default(),
            tips: watch::Sender::new(tips(&connection).unwrap_or_default()),
        });
        let mut thread = Thread {
            rejected: retention::rejected_size(&connection).unwrap_or_default(),
            connection,
            retention,
            shared: Arc::clone(&shared),
            group: Vec::new(),
        };
        thread.look_after_bounds();
        thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || thread.run(&messages))?;
        Ok(Self {
            queue,
            room: Arc::new(Semaphore::new(ROOM)),
            shared,
        })
    }

    /// Whether there is room in the journal, as far as the writer has looked.
    pub(super) fn has_room(&self) -> Result<(), AppendError> {
        match self.shared.problem() {
            Some(Problem::Full(full)) => Err(AppendError::Full(full)),
            _ => Ok(()),
        }
    }

    pub(super) async fn append(&self, entry: Entry) -> Result<Stored, AppendError> {
        self.has_room()?;
        let row = Row::new(entry)?;
        let room = Some(self.room(row.frame_size())?);
        self.shared.metrics.queued(row.size(), row.frame_size());
        match self.write(Work::Append(row), room).await? {
            Done::Stored(stored) => Ok(stored),
            Done::Nothing => Err(AppendError::Closed),
        }
    }

    /// Queues a rejected notification; nobody waits for it. It is only counted when there is little
    /// room left, which is for what was accepted.
    pub(super) fn reject(&self, rejection: Rejection) {
        let queued = || {
            self.has_room()?;
            if self.room.available_permits() < ROOM / 2 {
                return Err(AppendError::Busy);
            }
            let (row, size) = rejection.compress()?;
            let job = Job {
                work: Work::Reject(row),
                reply: None,
                room: Some(self.room(size)?),
            };
            let sent = self.queue.send(Message::Write(job));
            sent.map_err(|_| AppendError::Closed)
        };
        if queued().is_err() {
            self.shared.metrics.rejected_dropped.inc();
        }
    }

    pub(super) async fn settle(
        &self,
        sink: &'static str,
        settled: Settled,
    ) -> Result<(), AppendError> {
        let work = Work::Settle(sink, settled, Timestamp::now());
        self.write(work, None).await.map(|_| ())
    }

    fn room(&self, frame: usize) -> Result<OwnedSemaphorePermit, AppendError> {
        let kib = u32::try_from(((frame >> 10) + 1).min(ROOM)).unwrap_or(u32::MAX);
        let room = Arc::clone(&self.room).try_acquire_many_owned(kib);
        room.map_err(|_| AppendError::Busy)
    }

    async fn write(
        &self,
        work: Work,
        room: Option<OwnedSemaphorePermit>,
    ) -> Result<Done, AppendError> {
        let (reply, done) = oneshot::channel();
        let job = Job {
            work,
            reply: Some(reply),
            room,
        };
        let sent = self.queue.send(Message::Write(job));
        sent.map_err(|_| AppendError::Closed)?;
        done.await.map_err(|_| AppendError::Closed)?
    }

    pub(super) fn health(&self) -> Result<(), String> {
        match self.shared.problem() {
            None => Ok(()),
            Some(Problem::Full(full)) => Err(AppendError::Full(full).to_string()),
            Some(Problem::Failed { reason, .. }) => Err(reason),
            Some(Problem::Closed) => Err(AppendError::Closed.to_string()),
        }
    }

    pub(super) fn tips(&self) -> watch::Receiver<Tips> {
        self.shared.tips.subscribe()
    }

    pub(super) async fn close(&self) {
        let (closed, done) = oneshot::channel();
        if self.queue.send(Message::Close(closed)).is_ok() {
            // An error means that the thread has ended, which is what is waited for.
            let _ = done.await;
        }
    }

    pub(super) fn metrics(&self) -> &Metrics {
        &self.shared.metrics
    }
}

impl Shared {
    fn problem(&self) -> Option<Problem> {
        let problem = self.problem.read();
        problem.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Notes what is wrong or that nothing is, and logs a change of it.
    fn set_problem(&self, now: Option<Problem>) {
        let mut problem = self.problem.write().unwrap_or_else(PoisonError::into_inner);
        match (&*problem, &now) {
            (None | Some(Problem::Failed { .. }), Some(Problem::Full(full))) => {
                tracing::error!("the journal is full, publishers get 503: {full}");
            }
            (Some(Problem::Full(_)), None) => tracing::info!("the journal has room again"),
            (Some(Problem::Failed { .. }), None) => {
                tracing::info!("the journal can be written again");
            }
            _ => {}
        }
        self.metrics
            .full
            .set(i64::from(matches!(now, Some(Problem::Full(_)))));
        *problem = now;
    }
}

/// The newest numbers that there ever were.
fn tips(connection: &Connection) -> rusqlite::Result<Tips> {
    let newest = |table| {
        let sql = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = ?";
        let seq = connection.query_row(sql, [table], |row| row.get::<_, i64>(0));
        seq.map(i64::unsigned_abs)
    };
    Ok(Tips {
        notifications: newest("notification")?,
        rejected: newest("rejected")?,
    })
}

/// Says that nothing is taken any more when the thread ends, also when it ends in a panic.
struct Ending(Arc<Shared>);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.set_problem(Some(Problem::Closed));
    }
}

/// The thread: takes what waits, writes it as one group, answers; until the journal is closed.
struct Thread {
    connection: Connection,
    retention: Retention,
    shared: Arc<Shared>,
    group: Vec<Job>,
    /// Bytes of rejected notifications that are kept.
    rejected: u64,
}

impl Thread {
    fn run(mut self, messages: &Receiver<Message>) {
        let ending = Ending(Arc::clone(&self.shared));
        let mut tidied = Instant::now();
        loop {
            let patience = TIDY_EVERY.saturating_sub(tidied.elapsed());
            let closing = match messages.recv_timeout(patience) {
                Ok(first) => self.take(first, messages),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return,
            };
            if !self.group.is_empty() {
                self.write();
            }
            if let Some(closed) = closing {
                drop(ending);
                // Who waits learns that the file is closed, not only that nothing more is written.
                drop(self.connection);
                let _ = closed.send(());
                return;
            }
            if tidied.elapsed() >= TIDY_EVERY && !self.tidy() {
                tidied = Instant::now();
            }
        }
    }

    /// Takes what waits into the group; who closes the journal, if it is to be closed after.
    fn take(
        &mut self,
        first: Message,
        messages: &Receiver<Message>,
    ) -> Option<oneshot::Sender<()>> {
        let mut next = Some(first);
        while let Some(message) = next {
            match message {
                Message::Write(job) => self.group.push(job),
                Message::Close(closed) => return Some(closed),
            }
            next = (self.group.len() < GROUP)
                .then(|| messages.try_recv().ok())
                .flatten();
        }
        None
    }

    /// Writes the group and answers each of it.
    fn write(&mut self) {
        let (start, group) = (Instant::now(), mem::take(&mut self.group));
        let works = group.iter().map(|job| &job.work);
        match commit(&mut self.connection, works) {
            Ok(written) => {
                let took = start.elapsed();
                self.shared.metrics.committed(written.appended, took);
                self.rejected += written.rejected_bytes;
                self.shared.tips.send_if_modified(|tips| {
                    let before = *tips;
                    tips.notifications = written.last_notification.unwrap_or(tips.notifications);
                    tips.rejected = written.last_rejected.unwrap_or(tips.rejected);
                    *tips != before
                });
                self.look_after_bounds();
                group.into_iter().zip(written.done).for_each(|(job, done)| {
                    job.answer(Ok(done));
                });
            }
            Err(error) => {
                self.fail(&error, group.len());
                let error = AppendError::Write(Arc::new(error));
                for job in group {
                    if matches!(job.work, Work::Reject(_)) {
                        self.shared.metrics.rejected_dropped.inc();
                    }
                    job.answer(Err(error.clone()));
                }
            }
        }
    }

    fn fail(&self, error: &rusqlite::Error, jobs: usize) {
        self.shared.metrics.failures.inc();
        self.shared.metrics.soundness.write_failed(error);
        tracing::error!(%error, jobs, "the journal cannot be written");
        let reason = format!("the journal cannot be written: {error}");
        let at = Instant::now();
        self.shared
            .set_problem(Some(Problem::Failed { reason, at }));
    }

    /// Finds out whether more can be taken.
    fn look_after_bounds(&mut self) {
        let bounds = || {
            let space = self.retention.space(&self.connection)?;
            self.shared.metrics.space(space);
            Ok(self.retention.full(&self.connection, space))
        };
        match bounds() {
            Ok(full) => self.shared.set_problem(full.map(Problem::Full)),
            Err(error) => self.fail(&error, 0),
        }
    }

    /// Removes what is too old or too much, a little at a time; whether there is more to do.
    fn tidy(&mut self) -> bool {
        match self.remove_some() {
            Ok(more) => {
                if self.may_be_well() {
                    self.look_after_bounds();
                }
                more
            }
            Err(error) => {
                tracing::warn!(%error, "the journal cannot be tidied");
                false
            }
        }
    }

    fn remove_some(&mut self) -> rusqlite::Result<bool> {
        let (now, metrics) = (Timestamp::now(), &self.shared.metrics);
        let (connection, retention) = (&mut self.connection, &self.retention);
        let trimmed = retention.trim_rejected(connection, now, self.rejected)?;
        metrics.rejected_removed.inc_by(trimmed.removed);
        self.rejected = trimmed.left;
        minute::trim(connection, retention.oldest(now), now)?;
        let tidied = retention.tidy(connection, now)?;
        metrics.tidied(tidied);
        Ok(trimmed.more || tidied.more)
    }

    /// Whether writing works, as far as is known. After a failure it is tried: nothing else may
    /// come that shows it, where nobody sends to a server that is not well.
    fn may_be_well(&mut self) -> bool {
        match self.shared.problem() {
            Some(Problem::Failed { at, .. }) => {
                at.elapsed() >= TIDY_EVERY && probe(&mut self.connection).is_ok()
            }
            _ => true,
        }
    }
}

impl Job {
    /// A receiver that is gone has hung up: what is written is kept all the same.
    fn answer(self, done: Result<Done, AppendError>) {
        if let Some(reply) = self.reply {
            let _ = reply.send(done);
        }
    }
}
