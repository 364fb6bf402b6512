//! The queue of the writer thread.

use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::commit::{Done, Work};
use crate::journal::error::AppendError;

#[derive(Debug)]
pub(crate) enum Message {
    Write(Box<Job>),
    Close(oneshot::Sender<()>),
}

/// Work, and the way to answer its sender.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) work: Work,
    pub(crate) reply: Option<oneshot::Sender<Result<Done, AppendError>>>,
    /// Its part of the queue's memory, released when it is done.
    #[expect(dead_code, reason = "held, not read")]
    pub(crate) room: Option<OwnedSemaphorePermit>,
}

impl Job {
    /// If the receiver has gone away, the data is kept all the same.
    pub(crate) fn answer(self, done: Result<Done, AppendError>) {
        if let Some(reply) = self.reply {
            let _ = reply.send(done);
        }
    }
}
