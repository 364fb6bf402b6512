//! The handle of the writer thread, and the queue to it.

use std::io;
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Instant;

use jiff::Timestamp;
use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot, watch};
use tokio::task::spawn_blocking;

use super::age::Clock;
use super::commit::{Done, RejectedRow, Row, Work};
use super::metrics::Metrics;
use super::retention::Retention;
use super::thread::Thread;
use super::{AppendError, Full, Gone, Settled};
use crate::notification::{Entry, Rejection, Stored};

/// What may wait to be written, in KiB of compressed bodies: 64 MiB.
pub(super) const ROOM: usize = 64 << 10;

/// How many notifications one transaction takes at most, so that the first of them does not wait
/// long for the last.
pub(super) const GROUP: usize = 1024;

/// Larger bodies are compressed on a thread for blocking work: it can take a tenth of a second, in
/// which nothing else of the caller's thread would go on.
const LARGE: usize = 64 << 10;

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
pub(super) struct Shared {
    /// Why nothing is taken, if so.
    problem: RwLock<Option<Problem>>,
    pub(super) metrics: Metrics,
    pub(super) tips: watch::Sender<Tips>,
}

#[derive(Debug, Clone)]
pub(super) enum Problem {
    /// The bounds are reached: what comes is refused until there is room.
    Full(Full),
    /// The last write failed; what comes is tried.
    Failed {
        reason: String,
        at: Instant,
    },
    /// The files are not those that are open: what comes is refused until they are.
    Gone(Gone),
    Closed,
}

#[derive(Debug)]
pub(super) enum Message {
    Write(Box<Job>),
    Close(oneshot::Sender<()>),
}

/// What is to be written, and who waits for it.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) work: Work,
    pub(super) reply: Option<oneshot::Sender<Result<Done, AppendError>>>,
    /// Its part of the room, given back when it is done.
    #[expect(dead_code, reason = "held, not read")]
    room: Option<OwnedSemaphorePermit>,
}

impl Writer {
    pub(super) fn start(
        connection: Connection,
        retention: Retention,
        clock: Box<dyn Clock>,
    ) -> io::Result<Self> {
        let (queue, messages) = mpsc::channel();
        let shared = Arc::new(Shared {
            problem: RwLock::default(),
            metrics: Metrics::default(),
            tips: watch::Sender::new(tips(&connection).unwrap_or_default()),
        });
        Thread::start(connection, retention, clock, Arc::clone(&shared), messages)?;
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
            Some(Problem::Gone(gone)) => Err(AppendError::Gone(gone)),
            _ => Ok(()),
        }
    }

    pub(super) async fn append(&self, entry: Entry) -> Result<Stored, AppendError> {
        self.has_room()?;
        let row = if entry.body.len() < LARGE {
            Row::new(entry)?
        } else {
            let row = spawn_blocking(move || Row::new(entry)).await;
            row.map_err(|_| AppendError::Closed)??
        };
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
            let row = RejectedRow::new(rejection)?;
            let job = Job {
                reply: None,
                room: Some(self.room(row.kept())?),
                work: Work::Reject(row),
            };
            let sent = self.queue.send(Message::Write(Box::new(job)));
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
        let sent = self.queue.send(Message::Write(Box::new(job)));
        sent.map_err(|_| AppendError::Closed)?;
        done.await.map_err(|_| AppendError::Closed)?
    }

    pub(super) fn health(&self) -> Result<(), String> {
        match self.shared.problem() {
            None => Ok(()),
            Some(Problem::Full(full)) => Err(AppendError::Full(full).to_string()),
            Some(Problem::Failed { reason, .. }) => Err(reason),
            Some(Problem::Gone(gone)) => Err(gone.to_string()),
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
    pub(super) fn problem(&self) -> Option<Problem> {
        let problem = self.problem.read();
        problem.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Notes what is wrong or that nothing is, and logs a change of it.
    pub(super) fn set_problem(&self, now: Option<Problem>) {
        let mut problem = self.problem.write().unwrap_or_else(PoisonError::into_inner);
        match (&*problem, &now) {
            (Some(Problem::Gone(_)), Some(Problem::Gone(_))) | (_, Some(Problem::Closed)) => {}
            (_, Some(Problem::Gone(gone))) => tracing::error!("{gone}; publishers get 503"),
            (Some(Problem::Gone(_)), _) => tracing::info!("the journal's files are back"),
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
pub(super) fn tips(connection: &Connection) -> rusqlite::Result<Tips> {
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
