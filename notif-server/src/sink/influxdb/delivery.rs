//! Gets points written: retries until they are, and leaves out those that cannot be.

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Duration;

use super::client::{Answer, BadLine, Client, Refusal};
use super::connection::shorten;
use super::line::Lines;
use crate::sink::Outcome;
use crate::sink::status::{Attempts, Status};

/// An empty write, which shows if the server would take a point.
const NOTHING: &[u8] = b"# nothing\n";

/// A point of the server's own, which shows if InfluxDB can store points: an empty write does not
/// touch its disk.
const PROBE: &[u8] = b"notif-server probe=true\n";

/// The tries of a request before its points are suspected as the cause of the server's failure.
const TRIES: u32 = 4;

/// The points of one request, in their order.
#[derive(Debug)]
struct Piece {
    points: Vec<usize>,
    /// The number of times that the server has failed on it.
    failures: u32,
}

/// Refused points, with the server's reasons.
type Told<'r> = BTreeMap<usize, &'r str>;

/// The delivery of one batch of items.
#[derive(Debug)]
pub(super) struct Delivery<'a> {
    client: &'a mut Client,
    status: &'a Status,
    attempts: Attempts,
    /// The server has taken something since it last failed or refused a whole request, so that a
    /// refusal is due to the points.
    proven: bool,
    /// The first reason for refusing points of an item, and their number.
    refused: Vec<Option<(String, usize)>>,
}

impl<'a> Delivery<'a> {
    /// A delivery of `items` items.
    pub(super) fn new(client: &'a mut Client, status: &'a Status, items: usize) -> Self {
        Self {
            client,
            status,
            attempts: Attempts::new(),
            proven: false,
            refused: vec![None; items],
        }
    }

    /// Writes the points of these pieces in order.
    pub(super) async fn write(&mut self, lines: &Lines, pieces: Vec<Range<usize>>) {
        let pieces = pieces.into_iter().rev();
        let mut waiting: Vec<_> = pieces.map(|piece| Piece::new(piece.collect())).collect();
        while let Some(mut piece) = waiting.pop() {
            let one = piece.points.len() <= 1;
            match self.client.write(&lines.text(&piece.points)).await {
                Answer::Written(bytes) => self.went_well(bytes),
                Answer::Later { reason, wait } => {
                    self.pause(&reason, wait).await;
                    waiting.push(piece);
                }
                Answer::Failed { reason, wait } => {
                    self.pause(&reason, wait).await;
                    piece.failures += 1;
                    if piece.failures < TRIES || !self.keeps_points().await {
                        waiting.push(piece);
                    } else if one {
                        let reason = format!("the server fails over it alone: {reason}");
                        self.refuse_points(lines, &piece.points, &reason);
                    } else {
                        halve(piece, &mut waiting);
                    }
                }
                Answer::TooLarge(reason) if one => {
                    let reason = format!("it is too large: {reason}");
                    self.refuse_points(lines, &piece.points, &reason);
                }
                Answer::TooLarge(_) => halve(piece, &mut waiting),
                Answer::Refused(refusal) if refusal.dropped == Some(piece.points.len()) => {
                    self.went_well(0);
                    self.refuse_points(lines, &piece.points, &refusal.reason);
                }
                Answer::Refused(refusal) => match told(lines, &piece.points, &refusal.lines) {
                    Some(told) => waiting.extend(self.refuse_told(lines, piece, &told)),
                    None if !one => {
                        self.proven = false;
                        halve(piece, &mut waiting);
                    }
                    None if self.proven => {
                        self.refuse_points(lines, &piece.points, &refusal.reason_of_one());
                    }
                    None => {
                        self.prove(&refusal).await;
                        waiting.push(piece);
                    }
                },
            }
        }
    }

    /// Notes that an item is refused, completely or in part.
    pub(super) fn refuse(&mut self, item: usize, reason: impl FnOnce() -> String) {
        if let Some(refused) = self.refused.get_mut(item) {
            match refused {
                Some((_, count)) => *count += 1,
                none => *none = Some((reason(), 0)),
            }
        }
    }

    /// The outcomes of the items.
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
        self.proven = false;
        self.status.failed(&reason);
        self.attempts.pause(wait).await;
    }

    /// Refuses the points that the server names; returns the others, to be written again, as 3 Core
    /// names no more than 100.
    fn refuse_told(&mut self, lines: &Lines, piece: Piece, told: &Told<'_>) -> Option<Piece> {
        self.went_well(0);
        for (&point, reason) in told {
            self.refuse_points(lines, &[point], &shorten(reason));
        }
        let mut rest = piece.points;
        rest.retain(|point| !told.contains_key(point));
        (!rest.is_empty()).then(|| Piece::new(rest))
    }

    fn refuse_points(&mut self, lines: &Lines, points: &[usize], reason: &str) {
        for &point in points {
            if let Some(item) = lines.item_of(point) {
                self.refuse(item, || {
                    format!(
                        "InfluxDB refuses the point {}: {reason}",
                        lines.series(point)
                    )
                });
            }
        }
    }

    /// Finds out if the server refuses a point because of the point itself. A wrong URL or a
    /// refused name has the same status, but then it refuses an empty write too.
    async fn prove(&mut self, refusal: &Refusal) {
        match self.client.write(NOTHING).await {
            Answer::Written(_) => self.went_well(0),
            Answer::Later { reason, wait } | Answer::Failed { reason, wait } => {
                self.pause(&reason, wait).await;
            }
            Answer::Refused(_) | Answer::TooLarge(_) => {
                let reason = &refusal.reason;
                let reason = format!("it refuses everything; check sinks.influxdb: {reason}");
                self.pause(&reason, Duration::ZERO).await;
            }
        }
    }

    /// True if the server stores another point: then it is neither down nor full when it fails on
    /// some.
    async fn keeps_points(&mut self) -> bool {
        match self.client.write(PROBE).await {
            Answer::Written(_) => {
                self.went_well(0);
                true
            }
            Answer::Later { reason, wait } | Answer::Failed { reason, wait } => {
                self.pause(&reason, wait).await;
                false
            }
            // This says nothing of the other points.
            Answer::Refused(_) | Answer::TooLarge(_) => false,
        }
    }
}

impl Piece {
    const fn new(points: Vec<usize>) -> Self {
        Self {
            points,
            failures: 0,
        }
    }
}

/// The points that the server has refused, with the reasons; none if it names no points, or some
/// that it was not sent.
fn told<'r>(lines: &Lines, piece: &[usize], bad: &'r [BadLine]) -> Option<Told<'r>> {
    let point = |line: &'r BadLine| {
        let &point = piece.get(line.number.checked_sub(1)?)?;
        let is_meant = line.start.starts_with(&*lines.series(point));
        is_meant.then_some((point, line.reason.as_str()))
    };
    let told: Option<Told<'_>> = bad.iter().map(point).collect();
    told.filter(|told| !told.is_empty())
}

/// Puts back the halves of a piece, the first on top. Halves inherit the failures, so that the bad
/// one shows at its first failure, but a single point gets all tries.
fn halve(piece: Piece, waiting: &mut Vec<Piece>) {
    let mut first = piece.points;
    let second = first.split_off(first.len() / 2);
    let half = |points: Vec<usize>| Piece {
        failures: if points.len() > 1 { piece.failures } else { 0 },
        points,
    };
    waiting.extend([second, first].map(half));
}
