//! The queue of the writer thread.

use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::commit::{Done, Work};
use crate::journal::error::AppendError;

#[derive(Debug)]
pub(crate) enum Message {
    Write(Box<Job>),
    Close(oneshot::Sender<()>),
}

/// A row to write, and who waits for it.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) work: Work,
    pub(crate) reply: Option<oneshot::Sender<Result<Done, AppendError>>>,
    /// Its part of the room, given back when it is done.
    #[expect(dead_code, reason = "held, not read")]
    pub(crate) room: Option<OwnedSemaphorePermit>,
}

impl Job {
    /// A receiver that is gone has hung up: what is written is kept all the same.
    pub(crate) fn answer(self, done: Result<Done, AppendError>) {
        if let Some(reply) = self.reply {
            let _ = reply.send(done);
        }
    }
}
