//! Getting points written: again until they are, and without those that cannot be.

use std::ops::Range;
use std::time::Duration;

use super::client::{Answer, BadLine, Client, Refusal};
use super::connection::shorten;
use super::line::Lines;
use crate::sink::{Attempts, Outcome, Status};

/// A write of nothing, which shows whether the server would take a point.
const NOTHING: &[u8] = b"# nothing\n";

/// One batch of items on its way.
#[derive(Debug)]
pub(super) struct Delivery<'a> {
    client: &'a mut Client,
    status: &'a Status,
    attempts: Attempts,
    /// Whether the server has taken something, so that what it refuses is the points' fault.
    proven: bool,
    /// Why points of an item were refused, and how many.
    refused: Vec<Option<(String, usize)>>,
}

impl<'a> Delivery<'a> {
    /// A delivery of so many items.
    pub(super) fn new(client: &'a mut Client, status: &'a Status, items: usize) -> Self {
        Self {
            client,
            status,
            attempts: Attempts::new(),
            proven: false,
            refused: vec![None; items],
        }
    }

    /// Writes the points of these pieces, in their order.
    pub(super) async fn write(&mut self, lines: &Lines, pieces: Vec<Range<usize>>) {
        let mut waiting = pieces;
        waiting.reverse();
        while let Some(piece) = waiting.pop() {
            let one = piece.len() <= 1;
            match self.client.write(lines.text(&piece)).await {
                Answer::Written(bytes) => self.went_well(bytes),
                Answer::Later { reason, wait } => {
                    self.pause(&reason, wait).await;
                    waiting.push(piece);
                }
                Answer::TooLarge(reason) if one => {
                    self.refuse_point(lines, piece.start, &format!("it is too large: {reason}"));
                }
                Answer::TooLarge(_) => halve(piece, &mut waiting),
                Answer::Refused(refusal) if self.refuse_told(lines, &piece, &refusal) => {}
                Answer::Refused(_) if !one => halve(piece, &mut waiting),
                Answer::Refused(refusal) => {
                    if self.would_take_others(&refusal).await {
                        self.refuse_point(lines, piece.start, &refusal.reason_of_one());
                    } else {
                        waiting.push(piece);
                    }
                }
            }
        }
    }

    /// An item is not taken, or not all of it.
    pub(super) fn refuse(&mut self, item: usize, reason: impl FnOnce() -> String) {
        if let Some(refused) = self.refused.get_mut(item) {
            match refused {
                Some((_, count)) => *count += 1,
                none => *none = Some((reason(), 0)),
            }
        }
    }

    /// What became of the items.
    pub(super) fn outcomes(self) -> Vec<Outcome> {
        let outcome = |refused| match refused {
            None => Outcome::Delivered,
            Some((reason, 0)) => Outcome::Refused(reason),
            Some((reason, more)) => Outcome::Refused(format!("{reason} (and {more} more)")),
        };
        self.refused.into_iter().map(outcome).collect()
    }

    fn went_well(&mut self, bytes: usize) {
        self.proven = true;
        self.attempts = Attempts::new();
        self.status.succeeded(bytes);
    }

    async fn pause(&mut self, reason: &str, wait: Duration) {
        self.status.failed(&reason);
        self.attempts.pause(wait).await;
    }

    /// Takes the server's word for which points it did not take, if it says so.
    fn refuse_told(&mut self, lines: &Lines, piece: &Range<usize>, refusal: &Refusal) -> bool {
        let points: Vec<_> = if refusal.dropped == Some(piece.len()) {
            piece.clone().map(|at| (at, &refusal.reason)).collect()
        } else {
            let told = refusal.lines.iter();
            told.filter_map(|line| Some((point(lines, piece, line)?, &line.reason)))
                .collect()
        };
        if points.is_empty() || points.len() < refusal.lines.len() {
            return false;
        }
        self.went_well(0);
        for (at, reason) in points {
            self.refuse_point(lines, at, &shorten(reason));
        }
        true
    }

    fn refuse_point(&mut self, lines: &Lines, point: usize, reason: &str) {
        if let Some(item) = lines.item_of(point) {
            self.refuse(item, || {
                format!(
                    "InfluxDB refuses the point {}: {reason}",
                    lines.series(point)
                )
            });
        }
    }

    /// Whether the server refuses a point for what the point is. A wrong address, or a name that
    /// the server does not take, has the same status: then it refuses nothing at all, too.
    async fn would_take_others(&mut self, refusal: &Refusal) -> bool {
        if self.proven {
            return true;
        }
        match self.client.write(NOTHING).await {
            Answer::Written(_) => self.went_well(0),
            Answer::Later { reason, wait } => self.pause(&reason, wait).await,
            Answer::Refused(_) | Answer::TooLarge(_) => {
                let reason = &refusal.reason;
                let reason = format!("it refuses everything; check sinks.influxdb: {reason}");
                self.pause(&reason, Duration::ZERO).await;
            }
        }
        self.proven
    }
}

/// The point that a line of a piece is; none if it is another than the server means.
fn point(lines: &Lines, piece: &Range<usize>, line: &BadLine) -> Option<usize> {
    let at = piece.start.checked_add(line.number.checked_sub(1)?)?;
    let is_meant = piece.contains(&at) && line.start.starts_with(&*lines.series(at));
    is_meant.then_some(at)
}

/// Puts the halves of a piece back, the first on top.
fn halve(piece: Range<usize>, waiting: &mut Vec<Range<usize>>) {
    let middle = piece.start + piece.len() / 2;
    waiting.extend([middle..piece.end, piece.start..middle]);
}
