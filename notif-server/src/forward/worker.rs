//! The worker of one sink.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::feed::{Context, Feed};
use crate::journal::{AppendError, Journal, ReadError, Settled, Tips};
use crate::sink::{Outcome, Sink, Status};

/// The size of the batches of a sink.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Notifications in a batch, at most.
    pub batch: usize,
    /// The time to wait for more before a batch that is not full.
    pub linger: Duration,
}

/// The time to wait before the journal is read again after an error.
pub(super) const PAUSE: Duration = Duration::from_secs(1);

/// For how long a disk may give nothing before what it does not give is passed over.
pub(super) const DISK_PATIENCE: Duration = Duration::from_secs(180);

/// The most notifications in quarantine that the journal does not know of yet; with as many, no
/// more are read.
pub(super) const UNWRITTEN: usize = 1000;

/// The time left for a batch in flight when a worker is to end; none while it is not.
pub(crate) type Stop = watch::Receiver<Option<Duration>>;

pub(super) struct Worker<S> {
    pub(super) name: &'static str,
    pub(super) sink: S,
    pub(super) status: Arc<Status>,
    pub(super) journal: Arc<Journal>,
    pub(super) context: Context,
    /// The number up to which all is delivered or given up.
    pub(super) position: u64,
    pub(super) pace: Pace,
    pub(super) tips: watch::Receiver<Tips>,
    /// Outcomes that the journal does not know yet.
    pub(super) unsettled: Option<Settled>,
    /// Since when the disk has given nothing.
    pub(super) unread_since: Option<Instant>,
}

impl<S: Sink<Item: Feed>> Worker<S> {
    /// Forwards until it is told to stop.
    pub(super) async fn run(mut self, mut stop: Stop) {
        loop {
            tokio::select! {
                biased;
                _ = stop.wait_for(Option::is_some) => break,
                more = self.wait() => if !more { break },
            }
            // What was committed before this is seen by the read after it.
            let tip = S::Item::tip(*self.tips.borrow());
            let read = S::Item::read(&self.context, self.position, self.pace.batch);
            if read.is_ok() {
                self.unread_since = None;
            }
            let items = match read {
                Ok(items) if items.is_empty() => {
                    self.skip_to(tip).await;
                    continue;
                }
                Ok(items) => items,
                Err(error) => {
                    self.cannot_read(&error).await;
                    continue;
                }
            };
            let delivery = self.sink.deliver(&items, &self.status);
            let down = self.status.down();
            let Some(outcomes) = until_stopped(delivery, &mut stop, down).await else {
                break;
            };
            let settled = settled(self.position, &items, outcomes);
            self.settle(settled).await;
        }
        // A cursor that could not be written before has a last chance.
        if self.unsettled.is_some() {
            self.write().await;
        }
    }

    /// Waits until there is something to forward and, for the linger time, for more of it. False
    /// if the journal is closed.
    async fn wait(&mut self) -> bool {
        let after = |number: u64| move |tips: &Tips| S::Item::tip(*tips) > number;
        // How far the sink is could not be written: a disk that was full may take it now.
        while let Some(unsettled) = &self.unsettled {
            if unsettled.quarantined.len() >= UNWRITTEN {
                sleep(PAUSE).await;
            } else if timeout(PAUSE, self.tips.wait_for(after(self.position)))
                .await
                .is_ok()
            {
                break;
            }
            self.write().await;
        }
        if self.tips.wait_for(after(self.position)).await.is_err() {
            return false;
        }
        if !self.pace.linger.is_zero() {
            let full = self.position.saturating_add(self.pace.batch as u64 - 1);
            let deadline = Instant::now() + self.pace.linger;
            // That the time is over is as good as that there is enough.
            let _ = timeout_at(deadline, self.tips.wait_for(after(full))).await;
        }
        true
    }

    /// Nothing stands between the place and the tip: it was removed before the sink could take it.
    async fn skip_to(&mut self, tip: u64) {
        let missed = tip.saturating_sub(self.position);
        let settled = Settled {
            seq: tip,
            missed,
            ..Settled::default()
        };
        self.settle(settled).await;
    }

    pub(super) async fn cannot_read(&mut self, error: &ReadError) {
        tracing::error!(sink = self.name, %error, "cannot forward");
        match error {
            // A disk that gives nothing for a moment would put all that waits into quarantine.
            ReadError::Damaged { by_disk: true, .. } if self.may_be_read_yet() => {
                sleep(PAUSE).await;
            }
            // It would hold up all that stands after it.
            ReadError::Damaged { first, last, .. } => {
                let settled = Settled {
                    seq: *last,
                    missed: first.saturating_sub(self.position + 1),
                    quarantined: (*first..=*last)
                        .map(|seq| (seq, error.to_string()))
                        .collect(),
                    ..Settled::default()
                };
                self.settle(settled).await;
            }
            ReadError::Sqlite(_) => sleep(PAUSE).await,
        }
    }

    /// True if the disk may yet give what it does not give now.
    fn may_be_read_yet(&mut self) -> bool {
        let since = self.unread_since.get_or_insert_with(Instant::now);
        since.elapsed() < DISK_PATIENCE
    }

    /// Goes on after what is settled, and writes it. If it cannot be written now it is with the
    /// next; were the process to die before, the sink would be given it again.
    async fn settle(&mut self, settled: Settled) {
        for (seq, reason) in &settled.quarantined {
            tracing::error!(sink = self.name, seq, reason, "put into quarantine");
        }
        if settled.missed > 0 {
            let missed = settled.missed;
            tracing::error!(
                sink = self.name,
                missed,
                "removed before they were forwarded"
            );
        }
        self.position = settled.seq;
        match &mut self.unsettled {
            Some(unsettled) => unsettled.merge(settled),
            none => *none = Some(settled),
        }
        self.write().await;
    }

    async fn write(&mut self) {
        let Some(unsettled) = self.unsettled.take() else {
            return;
        };
        match self.journal.settle(self.name, unsettled.clone()).await {
            Ok(()) | Err(AppendError::Closed) => {}
            Err(error) => {
                // Why is in the log already, and it is tried each second while it lasts.
                if !matches!(error, AppendError::Gone(_)) {
                    tracing::warn!(sink = self.name, %error, "cannot write how far the sink is");
                }
                self.unsettled = Some(unsettled);
            }
        }
    }
}

/// The outcomes of the items, and of those missing between them.
fn settled<I: Feed>(position: u64, items: &[I], outcomes: Vec<Outcome>) -> Settled {
    let mut settled = Settled {
        seq: position,
        ..Settled::default()
    };
    for (item, outcome) in items.iter().zip(outcomes) {
        settled.missed += item.seq().saturating_sub(settled.seq + 1);
        settled.seq = item.seq();
        match outcome {
            Outcome::Delivered => settled.delivered += 1,
            Outcome::Refused(reason) => settled.quarantined.push((item.seq(), reason)),
        }
    }
    settled
}

/// The outcome of the delivery. After the worker was told to stop: nothing if it takes too long, or
/// once its destination is down. Nobody knows when that one is back, and what is not delivered
/// stays in the journal.
pub(crate) async fn until_stopped<T>(
    delivery: impl Future<Output = T>,
    stop: &mut Stop,
    down: impl Future<Output = ()>,
) -> Option<T> {
    let given_up = async {
        let grace = match stop.wait_for(Option::is_some).await {
            Ok(grace) => grace.unwrap_or_default(),
            Err(_) => Duration::ZERO,
        };
        // That the time is over is as good.
        let _ = timeout(grace, down).await;
    };
    tokio::select! {
        biased;
        done = delivery => Some(done),
        () = given_up => None,
    }
}
