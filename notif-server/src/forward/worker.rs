//! The worker of one sink.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::feed::{Context, Feed};
use crate::journal::{AppendError, Journal, ReadError, Settled, Tips};
use crate::sink::{Outcome, Sink, Status};

/// The size and timing of batches.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Notifications in a batch, at most.
    pub batch: usize,
    /// The wait for more notifications before a batch that is not full.
    pub linger: Duration,
}

/// The pause before the journal is read again after an error.
pub(super) const PAUSE: Duration = Duration::from_secs(1);

/// The time for which disk errors are retried before the unreadable rows are skipped.
pub(super) const DISK_PATIENCE: Duration = Duration::from_secs(180);

/// The number of quarantined notifications not yet in the journal at which reading pauses.
pub(super) const UNWRITTEN: usize = 1000;

/// The time for deliveries in flight once a worker is to stop; none before that.
pub(crate) type Stop = watch::Receiver<Option<Duration>>;

pub(super) struct Worker<S> {
    pub(super) name: &'static str,
    pub(super) sink: S,
    pub(super) status: Arc<Status>,
    pub(super) journal: Arc<Journal>,
    pub(super) context: Context,
    /// Everything up to and with this number is delivered or given up.
    pub(super) position: u64,
    pub(super) pace: Pace,
    pub(super) tips: watch::Receiver<Tips>,
    /// Outcomes that are not in the journal yet.
    pub(super) unsettled: Option<Settled>,
    /// The time since which the disk cannot be read.
    pub(super) unread_since: Option<Instant>,
}

impl<S: Sink<Item: Feed>> Worker<S> {
    /// Forwards until told to stop.
    pub(super) async fn run(mut self, mut stop: Stop) {
        loop {
            tokio::select! {
                biased;
                _ = stop.wait_for(Option::is_some) => break,
                more = self.wait() => if !more { break },
            }
            // The tip is read first: the read after it sees every commit that it includes.
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
        // A last chance for a cursor that could not be written before.
        if self.unsettled.is_some() {
            self.write().await;
        }
    }

    /// Waits until there is something to forward and, for the linger time, for more of it. False if
    /// the journal is closed.
    async fn wait(&mut self) -> bool {
        let after = |number: u64| move |tips: &Tips| S::Item::tip(*tips) > number;
        // The cursor could not be written: the disk may have room by now.
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
            // A timeout is as good as a full batch.
            let _ = timeout_at(deadline, self.tips.wait_for(after(full))).await;
        }
        true
    }

    /// Skips to the tip: all before it was removed before the sink could take it.
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
            // A brief disk error would otherwise put everything that waits into quarantine.
            ReadError::Damaged { by_disk: true, .. } if self.may_be_read_yet() => {
                sleep(PAUSE).await;
            }
            // It would hold up everything after it.
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

    /// True if the disk may recover from its error yet.
    fn may_be_read_yet(&mut self) -> bool {
        let since = self.unread_since.get_or_insert_with(Instant::now);
        since.elapsed() < DISK_PATIENCE
    }

    /// Moves on past the settled notifications, and records them. If that fails now, it is done
    /// with the next ones; if the process dies before, the sink gets them again.
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
                // The cause is in the log already, and it is retried each second.
                if !matches!(error, AppendError::Gone(_)) {
                    tracing::warn!(sink = self.name, %error, "cannot write how far the sink is");
                }
                self.unsettled = Some(unsettled);
            }
        }
    }
}

/// The outcomes of the items, counting numbers missing between them as missed.
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

/// The delivery's outcomes. Once the worker is told to stop: none if delivery takes too long or its
/// destination is down. Nobody knows when that one is back, and undelivered notifications stay in
/// the journal.
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
        // A timeout ends the wait as well.
        let _ = timeout(grace, down).await;
    };
    tokio::select! {
        biased;
        done = delivery => Some(done),
        () = given_up => None,
    }
}
