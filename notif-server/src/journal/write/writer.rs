//! The handle of the writer thread, and its queue.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{self, Sender};

use jiff::Timestamp;
use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot, watch};
use tokio::task::spawn_blocking;

use super::commit::{Done, RejectedRow, Row, Work};
use super::queue::{Job, Message};
use super::state::{Problem, Shared, Tips, tips};
use super::thread::Thread;
use crate::journal::error::AppendError;
use crate::journal::limits::ROOM;
use crate::journal::metrics::Metrics;
use crate::journal::retention::Retention;
use crate::journal::retention::age::Clock;
use crate::journal::tables::account::Settled;
use crate::notification::{Entry, Rejection, Stored};

/// Larger bodies are compressed on a blocking thread: that can take a tenth of a second, which
/// would hold up the caller's thread.
const LARGE: usize = 64 << 10;

/// The handle of the writer thread.
#[derive(Debug)]
pub(crate) struct Writer {
    queue: Sender<Message>,
    room: Arc<Semaphore>,
    shared: Arc<Shared>,
}

impl Writer {
    pub(crate) fn start(
        connection: Connection,
        retention: Retention,
        clock: Box<dyn Clock>,
    ) -> io::Result<Self> {
        let (queue, messages) = mpsc::channel();
        let shared = Arc::new(Shared::new(tips(&connection).unwrap_or_default()));
        Thread::start(connection, retention, clock, Arc::clone(&shared), messages)?;
        Ok(Self {
            queue,
            room: Arc::new(Semaphore::new(ROOM)),
            shared,
        })
    }

    /// Checks that there is room in the journal, as far as the writer knows.
    pub(crate) fn has_room(&self) -> Result<(), AppendError> {
        match self.shared.problem() {
            Some(Problem::Full(full)) => Err(AppendError::Full(full)),
            Some(Problem::Gone(gone)) => Err(AppendError::Gone(gone)),
            _ => Ok(()),
        }
    }

    pub(crate) async fn append(&self, entry: Entry) -> Result<Stored, AppendError> {
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

    /// Queues a rejected notification without waiting. If the queue is nearly full, it is only
    /// counted: the rest is for accepted ones.
    pub(crate) fn reject(&self, rejection: Rejection) {
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

    pub(crate) async fn settle(
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

    pub(crate) fn health(&self) -> Result<(), String> {
        match self.shared.problem() {
            None => Ok(()),
            Some(Problem::Full(full)) => Err(AppendError::Full(full).to_string()),
            Some(Problem::Failed { reason, .. }) => Err(reason),
            Some(Problem::Gone(gone)) => Err(gone.to_string()),
            Some(Problem::Closed) => Err(AppendError::Closed.to_string()),
        }
    }

    pub(crate) fn tips(&self) -> watch::Receiver<Tips> {
        self.shared.tips.subscribe()
    }

    pub(crate) async fn close(&self) {
        let (closed, done) = oneshot::channel();
        if self.queue.send(Message::Close(closed)).is_ok() {
            // An error means that the thread has ended, as it should.
            let _ = done.await;
        }
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.shared.metrics
    }
}
