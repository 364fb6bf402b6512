//! The place of one connection: who holds it, and what it does, so that it is known which one
//! may make room.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

/// Whom a connection is counted for: an address of IPv4, or a network of 64 bits of IPv6, in which
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
    /// For the first request, and from the first byte of a head to its end.
    pub(super) request: Duration,
    /// For the next request.
    pub(super) keep_alive: Duration,
}

impl Patience {
    /// The longest interval between two looks at a connection.
    pub(super) fn step(self) -> Duration {
        const MOST: Duration = Duration::from_secs(5);
        (self.request.min(self.keep_alive) / 4).min(MOST)
    }
}

/// The activity of a connection.
#[derive(Debug)]
struct Doing {
    /// Since when nothing is asked.
    since: Instant,
    /// When the first byte of the next request's head came.
    head: Option<Instant>,
    /// True if it has asked anything yet.
    asked: bool,
    /// Requests from their head to the end of their answer.
    requests: usize,
    /// Those of them that wait for the server, and not for the peer.
    working: usize,
    /// True if an answer may not have left yet, although its request is done.
    unsent: bool,
    /// True if it has to go.
    leaving: bool,
}

/// One connection's place.
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
        // Each change is whole in itself.
        self.doing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Since when it has asked nothing, if it could be closed without taking an answer from
    /// anybody.
    pub(super) fn idle_since(&self) -> Option<Instant> {
        let doing = self.doing();
        (doing.requests == 0 && !doing.unsent).then_some(doing.since)
    }

    /// True if the server waits for the peer, to send a body or to take an answer.
    pub(super) fn waits_for_peer(&self) -> bool {
        self.doing().working == 0
    }

    /// The connection has to go.
    pub(super) fn leave(&self) {
        self.doing().leaving = true;
        self.left.notify_one();
    }

    /// True if the connection has to go.
    pub(super) fn has_to_leave(&self) -> bool {
        self.doing().leaving
    }

    /// Waits until the connection has to go.
    pub(super) async fn left(&self) {
        while !self.has_to_leave() {
            self.left.notified().await;
        }
    }

    /// A byte came; if no request is being served, it is the first of a head.
    pub(super) fn heard(&self) {
        let mut doing = self.doing();
        if doing.requests == 0 && doing.head.is_none() {
            doing.head = Some(Instant::now());
        }
    }

    /// A request's head is there.
    pub(super) fn begin(&self) {
        let mut doing = self.doing();
        doing.requests += 1;
        doing.asked = true;
        doing.head = None;
    }

    /// The answer to a request has left, or never will.
    pub(super) fn end(&self) {
        let mut doing = self.doing();
        doing.requests = doing.requests.saturating_sub(1);
        doing.since = Instant::now();
    }

    /// All of an answer was handed over, but may not have left.
    pub(super) fn buffered(&self) {
        self.doing().unsent = true;
    }

    /// All that was handed over has left.
    pub(super) fn flushed(&self) {
        let mut doing = self.doing();
        if doing.unsent {
            doing.unsent = false;
            doing.since = Instant::now();
        }
    }

    /// A request is complete, and the server is at it.
    pub(super) fn work(&self) {
        self.doing().working += 1;
    }

    /// The server is done with a request that was complete.
    pub(super) fn rest(&self) {
        let mut doing = self.doing();
        doing.working = doing.working.saturating_sub(1);
    }

    /// Until when the connection may be silent; none while a request is served, whose own times
    /// are bounded elsewhere.
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
