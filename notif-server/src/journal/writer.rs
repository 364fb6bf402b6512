//! The writer thread, and the queue to it.

use std::io;
use std::sync::{Arc, PoisonError, RwLock};
use std::thread;
use std::time::Instant;

use rusqlite::{Connection, params};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use uuid::Uuid;

use super::metrics::Metrics;
use super::{AppendError, Entry, Stored, body};

/// What may wait to be written, in KiB of compressed bodies: 64 MiB.
const ROOM: usize = 64 << 10;

/// How many notifications one transaction takes at most, so that the first of them does not wait
/// long for the last.
const GROUP: usize = 1024;

const INSERT: &str = "INSERT INTO notification
    (id, received, event_time, publisher, encoding, name, size, body)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

/// The handle of the writer thread.
#[derive(Debug)]
pub(super) struct Writer {
    queue: mpsc::UnboundedSender<Message>,
    room: Arc<Semaphore>,
    shared: Arc<Shared>,
}

/// What the thread tells.
#[derive(Debug, Default)]
struct Shared {
    /// Why the last write failed, if it did.
    failure: RwLock<Option<String>>,
    metrics: Metrics,
}

#[derive(Debug)]
enum Message {
    Append(Waiting),
    Close(oneshot::Sender<()>),
}

/// A notification in the queue.
#[derive(Debug)]
struct Waiting {
    row: Row,
    reply: oneshot::Sender<Result<Stored, AppendError>>,
    /// Its part of the room, given back when it is answered.
    #[expect(dead_code, reason = "held, not read")]
    room: OwnedSemaphorePermit,
}

/// A notification as the table has it.
#[derive(Debug)]
pub(super) struct Row {
    id: Uuid,
    /// Without its body.
    entry: Entry,
    /// Of the body, in bytes.
    size: usize,
    frame: Vec<u8>,
}

impl Row {
    pub(super) fn new(mut entry: Entry) -> Result<Self, AppendError> {
        let body = std::mem::take(&mut entry.body);
        let frame = body::compress(&body);
        let frame = frame.map_err(|error| AppendError::Compress(Arc::new(error)))?;
        Ok(Self {
            id: Uuid::now_v7(),
            entry,
            size: body.len(),
            frame,
        })
    }

    /// How much of the room it takes.
    fn kib(&self) -> u32 {
        let kib = (self.frame.len() >> 10) + 1;
        u32::try_from(kib.min(ROOM)).unwrap_or(u32::MAX)
    }
}

impl Writer {
    pub(super) fn start(connection: Connection) -> io::Result<Self> {
        let (queue, messages) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared::default());
        let of_thread = Arc::clone(&shared);
        thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || run(connection, messages, &of_thread))?;
        Ok(Self {
            queue,
            room: Arc::new(Semaphore::new(ROOM)),
            shared,
        })
    }

    pub(super) async fn append(&self, entry: Entry) -> Result<Stored, AppendError> {
        let row = Row::new(entry)?;
        let room = Arc::clone(&self.room).try_acquire_many_owned(row.kib());
        let room = room.map_err(|_| AppendError::Busy)?;
        self.shared.metrics.queued(row.size, row.frame.len());
        let (reply, stored) = oneshot::channel();
        let waiting = Waiting { row, reply, room };
        let sent = self.queue.send(Message::Append(waiting));
        sent.map_err(|_| AppendError::Closed)?;
        stored.await.map_err(|_| AppendError::Closed)?
    }

    pub(super) fn health(&self) -> Result<(), String> {
        if self.queue.is_closed() {
            return Err(AppendError::Closed.to_string());
        }
        let failure = self.shared.failure.read();
        match &*failure.unwrap_or_else(PoisonError::into_inner) {
            Some(failure) => Err(failure.clone()),
            None => Ok(()),
        }
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

/// The thread: takes what waits, writes it as one group, answers; until the journal is closed.
fn run(
    mut connection: Connection,
    mut messages: mpsc::UnboundedReceiver<Message>,
    shared: &Shared,
) {
    let mut group = Vec::new();
    while let Some(first) = messages.blocking_recv() {
        let mut closing = None;
        let mut next = Some(first);
        while let Some(message) = next {
            match message {
                Message::Append(waiting) => group.push(waiting),
                Message::Close(closed) => {
                    closing = Some(closed);
                    break;
                }
            }
            next = (group.len() < GROUP)
                .then(|| messages.try_recv().ok())
                .flatten();
        }
        if !group.is_empty() {
            write(&mut connection, &mut group, shared);
        }
        if let Some(closed) = closing {
            // Who waits learns that the file is closed, not only that nothing more is written.
            drop(connection);
            let _ = closed.send(());
            return;
        }
    }
}

/// Writes the group and answers each of it.
fn write(connection: &mut Connection, group: &mut Vec<Waiting>, shared: &Shared) {
    let start = Instant::now();
    let result = commit(connection, group.iter().map(|waiting| &waiting.row));
    let failure = match &result {
        Ok(_) => {
            shared.metrics.committed(group.len(), start.elapsed());
            None
        }
        Err(error) => {
            shared.metrics.failed();
            tracing::error!(%error, notifications = group.len(), "the journal cannot be written");
            Some(format!("the journal cannot be written: {error}"))
        }
    };
    *shared
        .failure
        .write()
        .unwrap_or_else(PoisonError::into_inner) = failure;
    // A receiver that is gone has hung up: its notification is kept all the same.
    match result {
        Ok(stored) => group.drain(..).zip(stored).for_each(|(waiting, stored)| {
            let _ = waiting.reply.send(Ok(stored));
        }),
        Err(error) => {
            let error = AppendError::Write(Arc::new(error));
            group.drain(..).for_each(|waiting| {
                let _ = waiting.reply.send(Err(error.clone()));
            });
        }
    }
}

/// Writes the rows in one transaction: all of them are on the disk, or none is in the journal.
pub(super) fn commit<'a>(
    connection: &mut Connection,
    rows: impl Iterator<Item = &'a Row>,
) -> rusqlite::Result<Vec<Stored>> {
    let transaction = connection.transaction()?;
    let mut insert = transaction.prepare_cached(INSERT)?;
    let mut stored = Vec::new();
    for row in rows {
        let entry = &row.entry;
        let seq = insert.insert(params![
            row.id.to_string(),
            entry.received.as_microsecond(),
            entry.event_time,
            entry.publisher,
            entry.encoding.as_str(),
            entry.name,
            i64::try_from(row.size).unwrap_or(i64::MAX),
            row.frame,
        ])?;
        stored.push(Stored {
            seq: seq.unsigned_abs(),
            id: row.id,
        });
    }
    drop(insert);
    transaction.commit()?;
    Ok(stored)
}
