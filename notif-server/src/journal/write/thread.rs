//! The writer thread: commits the waiting work as one group, and then answers it.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};
use std::{io, mem};

use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::commit::{Work, commit, probe};
use super::queue::{Job, Message};
use super::state::{Problem, Shared, tips};
use crate::journal::error::{AppendError, Gone, advice};
use crate::journal::files::space;
use crate::journal::limits::GROUP;
use crate::journal::retention::age::{self, Age, Clock, Overdue};
use crate::journal::retention::{Retention, removal};
use crate::journal::tables::minute;

/// The bytes of a transaction, at most, not counting its last notification: the growth of the
/// write-ahead log.
const GROUP_BYTES: u64 = 16 << 20;

/// The interval of checking the limits when nothing else happens.
const TIDY_EVERY: Duration = Duration::from_secs(1);

/// The interval of keeping the believed time.
const MARK_EVERY: SignedDuration = SignedDuration::from_mins(10);

/// The time that closing waits for readers of the write-ahead log.
const CLOSING_PATIENCE: Duration = Duration::from_secs(2);

/// Marks the journal as closed when the thread ends, also by a panic.
struct Ending(Arc<Shared>);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.set_problem(Some(Problem::Closed));
    }
}

/// The thread: takes waiting work, commits it as one group, answers; until the journal is closed.
pub(crate) struct Thread {
    connection: Connection,
    retention: Retention,
    shared: Arc<Shared>,
    clock: Box<dyn Clock>,
    age: Age,
    overdue: Overdue,
    /// The believed time that was kept last.
    marked: Option<Timestamp>,
    group: Vec<Job>,
    /// The size of the group, in bytes.
    bytes: u64,
    /// The size of the rejected notifications kept, in bytes.
    rejected: u64,
    /// The write-ahead log's name is gone, and it alone may have acknowledged notifications.
    at_risk: bool,
}

impl Thread {
    pub(crate) fn start(
        connection: Connection,
        retention: Retention,
        clock: Box<dyn Clock>,
        shared: Arc<Shared>,
        messages: Receiver<Message>,
    ) -> io::Result<()> {
        let now = clock.now();
        let last = age::last_believed(&connection, now.wall).unwrap_or_default();
        let mut thread = Self {
            rejected: removal::rejected_size(&connection).unwrap_or_default(),
            age: Age::new(now, last),
            connection,
            retention,
            shared,
            clock,
            overdue: Overdue::default(),
            marked: None,
            group: Vec::new(),
            bytes: 0,
            at_risk: false,
        };
        thread.look_after_bounds();
        thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || thread.run(&messages))?;
        Ok(())
    }

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
                self.put_away();
                // The caller learns that the file is closed, not only that writing has ended.
                drop(self.connection);
                let _ = closed.send(());
                return;
            }
            if tidied.elapsed() >= TIDY_EVERY && !self.tidy() {
                tidied = Instant::now();
            }
        }
    }

    /// Takes waiting work into the group; returns the caller that closes the journal, if there is
    /// one.
    fn take(
        &mut self,
        first: Message,
        messages: &Receiver<Message>,
    ) -> Option<oneshot::Sender<()>> {
        let mut next = Some(first);
        while let Some(message) = next {
            match message {
                Message::Write(job) => {
                    self.bytes += job.work.size();
                    self.group.push(*job);
                }
                Message::Close(closed) => return Some(closed),
            }
            next = (self.group.len() < GROUP && self.bytes < GROUP_BYTES)
                .then(|| messages.try_recv().ok())
                .flatten();
        }
        None
    }

    /// Commits the group and answers each member.
    fn write(&mut self) {
        self.bytes = 0;
        let group = mem::take(&mut self.group);
        if let Err(gone) = self.retention.disk().files().check() {
            self.lose(gone, group);
            return;
        }
        let group = self.admit(group);
        if !group.is_empty() {
            self.write_group(group);
        } else if self.may_be_well() {
            self.look_after_bounds();
        }
    }

    /// The members of the group for which there is room; the others are refused.
    fn admit(&mut self, mut group: Vec<Job>) -> Vec<Job> {
        let rows = |job: &Job| match job.work.size() {
            0 => 0,
            bytes => space::of_row(bytes),
        };
        let all: u64 = group.iter().map(rows).sum();
        if all == 0 || self.make_room(all).is_ok() {
            return group;
        }
        // Rejected notifications take no room from accepted ones, even if they came first.
        group.sort_by_key(|job| matches!(job.work, Work::Reject(_)));
        let (mut admitted, mut bytes) = (Vec::new(), 0);
        // If this many bytes had no room, more have none either.
        let mut too_many: Option<(u64, AppendError)> = None;
        for job in group {
            let more = bytes + rows(&job);
            let known = too_many.as_ref().filter(|(least, _)| more >= *least);
            let room = match known {
                _ if more == bytes => Ok(()),
                Some((_, error)) => Err(error.clone()),
                None => self.make_room(more),
            };
            match room {
                Ok(()) => {
                    bytes = more;
                    admitted.push(job);
                }
                Err(error) => {
                    too_many = Some((more, error.clone()));
                    self.refuse(job, error);
                }
            }
        }
        admitted
    }

    /// Makes room for rows of `rows` bytes.
    fn make_room(&mut self, rows: u64) -> Result<(), AppendError> {
        let need = space::of_group(rows);
        match self.retention.make_room(&mut self.connection, need) {
            Ok((made, full)) => {
                self.shared.metrics.made(made);
                self.rejected = self.rejected.saturating_sub(made.rejected_bytes);
                full.map_or(Ok(()), |full| Err(AppendError::Full(full)))
            }
            Err(error) => {
                self.give_way(&error);
                self.fail(&error, 0);
                Err(AppendError::Write(Arc::new(error)))
            }
        }
    }

    /// Commits a group for which there should be room. If there is none all the same, commits only
    /// what sinks have settled, as that makes room.
    fn write_group(&mut self, group: Vec<Job>) {
        let Err((mut error, mut group)) = self.try_to_write(group) else {
            return;
        };
        if space::is_full(&error) {
            self.give_way(&error);
            let settles = |job: &Job| matches!(job.work, Work::Settle(..));
            let (settled, others): (Vec<_>, Vec<_>) = group.into_iter().partition(settles);
            self.fail(&error, others.len());
            self.refuse_all(others, &AppendError::Write(Arc::new(error)));
            match self.try_to_write(settled) {
                Ok(()) => return,
                Err(again) => (error, group) = again,
            }
        }
        self.fail(&error, group.len());
        self.refuse_all(group, &AppendError::Write(Arc::new(error)));
    }

    /// Frees what it can after a write without room.
    fn give_way(&self, error: &rusqlite::Error) {
        if space::is_full(error) {
            self.retention.disk().release();
            // The next write tells if that worked.
            let _ = space::empty_log(&self.connection);
        }
    }

    /// Commits the group and answers each member; returns it if it cannot be written.
    fn try_to_write(&mut self, group: Vec<Job>) -> Result<(), (rusqlite::Error, Vec<Job>)> {
        let start = Instant::now();
        let works = group.iter().map(|job| &job.work);
        let written = match commit(&mut self.connection, works) {
            Ok(written) => written,
            Err(error) => return Err((error, group)),
        };
        let took = start.elapsed();
        self.shared.metrics.committed(written.appended, took);
        self.rejected += written.rejected_bytes;
        self.shared.tips.send_if_modified(|tips| {
            let before = *tips;
            tips.notifications = written.last_notification.unwrap_or(tips.notifications);
            tips.rejected = written.last_rejected.unwrap_or(tips.rejected);
            *tips != before
        });
        // It is on the disk, but perhaps not under the name that the next start looks for.
        if let Err(gone) = self.retention.disk().files().check() {
            self.lose(gone, group);
            return Ok(());
        }
        self.look_after_bounds();
        group.into_iter().zip(written.done).for_each(|(job, done)| {
            job.answer(Ok(done));
        });
        Ok(())
    }

    fn refuse_all(&self, group: Vec<Job>, error: &AppendError) {
        for job in group {
            self.refuse(job, error.clone());
        }
    }

    fn refuse(&self, job: Job, error: AppendError) {
        if matches!(job.work, Work::Reject(_)) {
            self.shared.metrics.rejected_dropped.inc();
        }
        job.answer(Err(error));
    }

    /// Refuses everything, as it would be lost. Content that only the write-ahead log has is copied
    /// into the database, which may still be in place.
    fn lose(&mut self, gone: Gone, group: Vec<Job>) {
        if !group.is_empty() {
            self.shared.metrics.failures.inc();
        }
        let is_new = !matches!(self.shared.problem(), Some(Problem::Gone(_)));
        if is_new {
            self.at_risk = true;
        }
        // A misplaced database is left alone. Refused publishers do not wait for readers.
        let files = self.retention.disk().files();
        if self.at_risk && files.lack_the_log_alone() && (is_new || group.is_empty()) {
            self.save_log(is_new);
        }
        self.refuse_all(group, &AppendError::Gone(gone.clone()));
        self.shared.set_problem(Some(Problem::Gone(gone)));
    }

    /// Copies the write-ahead log into the database; logs a failure the first time.
    fn save_log(&mut self, first: bool) {
        match space::empty_log(&self.connection) {
            Ok(true) => {
                self.at_risk = false;
                if !first {
                    tracing::info!("the write-ahead log was put into the database");
                }
            }
            Ok(false) if first => tracing::warn!(
                "another process reads the journal: the newest notifications are in the write-ahead \
                 log alone until it has ended; do not end this server before"
            ),
            Err(error) if first => {
                tracing::warn!(%error, "the write-ahead log cannot be put into the database");
            }
            // It is retried each second.
            Ok(false) | Err(_) => {}
        }
    }

    fn fail(&self, error: &rusqlite::Error, jobs: usize) {
        self.shared.metrics.failures.inc();
        self.shared.metrics.soundness.write_failed(error);
        tracing::error!(%error, jobs, "the journal cannot be written");
        let (reason, at) = (reason(error), Instant::now());
        self.shared
            .set_problem(Some(Problem::Failed { reason, at }));
    }

    /// Finds out if more can be taken.
    fn look_after_bounds(&mut self) {
        let bounds = || {
            let space = self.retention.disk().space(&self.connection)?;
            self.shared.metrics.space(space);
            if space.unreserved > 0 {
                self.retention.disk().reserve();
            }
            Ok(self.retention.full(&self.connection, space))
        };
        match bounds() {
            Ok(full) => self.shared.set_problem(full.map(Problem::Full)),
            Err(error) => self.fail(&error, 0),
        }
    }

    /// Removes notifications that are too old or too many, step by step; returns true if more is to
    /// do.
    fn tidy(&mut self) -> bool {
        if let Err(gone) = self.retention.disk().files().check() {
            self.lose(gone, Vec::new());
            return false;
        }
        if matches!(self.shared.problem(), Some(Problem::Gone(_))) {
            // The numbers written meanwhile have not been announced yet.
            let now = tips(&self.connection).unwrap_or_default();
            self.shared.tips.send_replace(now);
        }
        let more = match self.remove_some() {
            Ok(more) => more,
            Err(error) => {
                tracing::warn!(%error, "the journal cannot be tidied");
                if space::is_full(&error) {
                    // The reserve is not created again at once.
                    self.give_way(&error);
                    return false;
                }
                false
            }
        };
        if !more {
            self.overdue.say();
        }
        if self.may_be_well() {
            self.look_after_bounds();
        }
        more
    }

    /// Damage in one table does not stop the others: its error is returned only when there is
    /// nothing else left to do.
    fn remove_some(&mut self) -> rusqlite::Result<bool> {
        let clock = self.clock.now();
        let believed = self.age.believe(clock);
        // A clock ahead that is now doubted still stamps new ones: none is older than it says.
        let now = believed.min(clock.wall);
        let metrics = &self.shared.metrics;
        let (connection, retention) = (&mut self.connection, &self.retention);
        let trimmed = retention.trim_rejected(connection, now, self.rejected);
        let minutes = minute::trim(connection, retention.oldest(now), now);
        let tidied = retention.tidy(connection, now);
        let mut more = false;
        if let Ok(trimmed) = &trimmed {
            metrics.rejected_removed.inc_by(trimmed.removed);
            self.rejected = trimmed.left;
            more |= trimmed.more;
        }
        if let Ok(tidied) = &tidied {
            metrics.tidied(*tidied);
            if let Some(aged) = tidied.aged {
                self.overdue.add(aged);
            }
            more |= tidied.more;
        }
        let marked = self.mark(believed);
        let done = trimmed.map(|_| ()).and(minutes);
        match done.and(tidied.map(|_| ())).and(marked) {
            Err(error) if !more || space::is_full(&error) => Err(error),
            _ => Ok(more),
        }
    }

    /// Keeps the believed time now and then, for the next start.
    fn mark(&mut self, now: Timestamp) -> rusqlite::Result<()> {
        let due = self
            .marked
            .is_none_or(|marked| now.duration_since(marked).abs() >= MARK_EVERY);
        if due {
            age::keep_believed(&self.connection, now)?;
            self.marked = Some(now);
        }
        Ok(())
    }

    /// Leaves everything in one file, so that a copy of it is complete.
    fn put_away(&mut self) {
        if self.retention.disk().files().check().is_err() {
            tracing::warn!(
                "the journal's files are not in their places: nothing is written to them"
            );
            return;
        }
        let now = self.age.believe(self.clock.now());
        let emptied = age::keep_believed(&self.connection, now)
            .and_then(|()| space::empty_log_within(&self.connection, CLOSING_PATIENCE));
        self.retention.disk().reserve();
        match emptied {
            Ok(true) => {}
            Ok(false) => tracing::warn!(
                "another process reads the journal: its newest notifications are in journal.db-wal, \
                 without which a copy of journal.db is not whole"
            ),
            Err(error) => {
                tracing::warn!(%error, "the write-ahead log cannot be put into journal.db");
            }
        }
    }

    /// True if writing works, as far as is known. After a failure it is tested: there may be no
    /// other write to show it if nobody sends to an unhealthy server.
    fn may_be_well(&mut self) -> bool {
        match self.shared.problem() {
            Some(Problem::Failed { at, .. }) => {
                at.elapsed() >= TIDY_EVERY && probe(&mut self.connection).is_ok()
            }
            _ => true,
        }
    }
}

/// The reason for a failed write, with advice.
fn reason(error: &rusqlite::Error) -> String {
    let advice = if space::is_full(error) {
        "; it goes on by itself as soon as there is room: remove other files from its disk"
            .to_owned()
    } else {
        advice(error)
    };
    format!("the journal cannot be written: {error}{advice}")
}

#[cfg(test)]
mod tests {
    use rusqlite::ffi;

    use super::*;

    #[test]
    fn a_write_that_fails_says_what_to_do() {
        for (code, advice) in [
            (ffi::SQLITE_CORRUPT, "journal repair"),
            (ffi::SQLITE_FULL, "remove other files"),
        ] {
            let error = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
            let told = reason(&error);
            assert!(told.contains(advice), "{told}");
        }
    }
}
