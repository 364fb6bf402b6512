//! The place of one connection: its origin and its activity, which decide whether it may be
//! evicted.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

/// The peer that a connection counts for: an IPv4 address, or a 64-bit network of IPv6, in which
/// one host can have any number of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Origin(IpAddr);

impl From<IpAddr> for Origin {
    fn from(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(address) => {
                let network = address.to_bits() & !u128::from(u64::MAX);
                IpAddr::V6(Ipv6Addr::from_bits(network))
            }
            v4 @ IpAddr::V4(_) => v4,
        })
    }
}

/// The time that a connection may be silent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// Before the first request, and within the head of a request.
    pub(super) request: Duration,
    /// Between requests.
    pub(super) keep_alive: Duration,
}

impl Patience {
    /// The longest time between two checks of a connection.
    pub(super) fn step(self) -> Duration {
        const MOST: Duration = Duration::from_secs(5);
        (self.request.min(self.keep_alive) / 4).min(MOST)
    }
}

/// The activity of a connection.
#[derive(Debug)]
struct Doing {
    /// The time at which it last became idle.
    since: Instant,
    /// The time of the first byte of the next request's head.
    head: Option<Instant>,
    /// It has made a request.
    asked: bool,
    /// Requests whose answers have not ended.
    requests: usize,
    /// Those of them that wait for the server, not for the peer.
    working: usize,
    /// An answer may not have left yet, although its request is done.
    unsent: bool,
    /// It has been evicted.
    leaving: bool,
}

/// The place of one connection.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) number: u64,
    pub(super) origin: Origin,
    doing: Mutex<Doing>,
    left: Notify,
}

impl Place {
    pub(super) fn new(number: u64, origin: Origin) -> Self {
        let doing = Doing {
            since: Instant::now(),
            head: None,
            asked: false,
            requests: 0,
            working: 0,
            unsent: false,
            leaving: false,
        };
        Self {
            number,
            origin,
            doing: Mutex::new(doing),
            left: Notify::new(),
        }
    }

    fn doing(&self) -> MutexGuard<'_, Doing> {
        // Each change leaves a consistent state.
        self.doing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The time since which it is idle, if closing it would lose no answer.
    pub(super) fn idle_since(&self) -> Option<Instant> {
        let doing = self.doing();
        (doing.requests == 0 && !doing.unsent).then_some(doing.since)
    }

    /// True if the server waits for the peer to send a body or to take an answer.
    pub(super) fn waits_for_peer(&self) -> bool {
        self.doing().working == 0
    }

    /// Evicts the connection.
    pub(super) fn leave(&self) {
        self.doing().leaving = true;
        self.left.notify_one();
    }

    /// True if the connection has been evicted.
    pub(super) fn has_to_leave(&self) -> bool {
        self.doing().leaving
    }

    /// Waits until the connection is evicted.
    pub(super) async fn left(&self) {
        while !self.has_to_leave() {
            self.left.notified().await;
        }
    }

    /// Notes a received byte; if no request is being served, it is the first of a head.
    pub(super) fn heard(&self) {
        let mut doing = self.doing();
        if doing.requests == 0 && doing.head.is_none() {
            doing.head = Some(Instant::now());
        }
    }

    /// Notes that a request's head is complete.
    pub(super) fn begin(&self) {
        let mut doing = self.doing();
        doing.requests += 1;
        doing.asked = true;
        doing.head = None;
    }

    /// Notes that the answer to a request has left, or never will.
    pub(super) fn end(&self) {
        let mut doing = self.doing();
        doing.requests = doing.requests.saturating_sub(1);
        doing.since = Instant::now();
    }

    /// Notes that a whole answer was handed over, though it may not have left.
    pub(super) fn buffered(&self) {
        self.doing().unsent = true;
    }

    /// Notes that all data handed over has left.
    pub(super) fn flushed(&self) {
        let mut doing = self.doing();
        if doing.unsent {
            doing.unsent = false;
            doing.since = Instant::now();
        }
    }

    /// Notes that a request is complete and the server works on it.
    pub(super) fn work(&self) {
        self.doing().working += 1;
    }

    /// Notes that the server has done its work on a complete request.
    pub(super) fn rest(&self) {
        let mut doing = self.doing();
        doing.working = doing.working.saturating_sub(1);
    }

    /// The end of the time that the connection may be silent; none while a request is served, which
    /// has timeouts of its own.
    pub(super) fn deadline(&self, patience: Patience) -> Option<Instant> {
        let doing = self.doing();
        match (doing.requests, doing.head) {
            (1.., _) => None,
            (0, Some(head)) => Some(head + patience.request),
            (0, None) if doing.asked => Some(doing.since + patience.keep_alive),
            (0, None) => Some(doing.since + patience.request),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_of_64_bits_is_one_origin() {
        let of = |text: &str| Origin::from(text.parse::<IpAddr>().unwrap());
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:1"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
    }

    #[test]
    fn silence_is_measured_from_what_was_heard_last() {
        let patience = Patience {
            request: Duration::from_secs(3),
            keep_alive: Duration::from_secs(100),
        };
        let place = Place::new(0, Origin::from(IpAddr::from([127, 0, 0, 1])));
        let left = |place: &Place| {
            let deadline = place.deadline(patience)?;
            Some((deadline - Instant::now()).as_secs_f32().round())
        };
        assert_eq!(left(&place), Some(3.0), "for the first request");
        place.begin();
        assert_eq!((left(&place), place.idle_since()), (None, None));
        assert!(place.waits_for_peer());
        place.work();
        assert!(!place.waits_for_peer());
        place.rest();
        place.end();
        assert_eq!(left(&place), Some(100.0), "for the next request");
        assert!(place.idle_since().is_some());
        place.buffered();
        assert_eq!(place.idle_since(), None, "its answer has not left");
        place.flushed();
        assert!(place.idle_since().is_some());
        place.heard();
        assert_eq!(left(&place), Some(3.0), "for the rest of a head");
    }
}
