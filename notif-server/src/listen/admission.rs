//! Admits connections, and selects those that make room for others.
//!
//! A connection has two phases: its TLS handshake, and then its requests. Handshakes are limited
//! per origin and in all; beyond the limit the oldest makes room, so that silent peers never keep a
//! newcomer waiting. All connections together are limited by `limits.max-connections`; beyond it a
//! connection of the busiest origin makes room.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio::sync::Notify;

use super::metrics::Counts;
use super::place::{Origin, Place};

/// The handshakes of one origin at a time, at most. Enough for a burst of publishers behind one
/// address: at a thousand new connections a second, each still has half a second.
const HANDSHAKES_OF_ONE: usize = 512;

/// The handshakes at a time, at most.
const HANDSHAKES: usize = 4 * HANDSHAKES_OF_ONE;

/// The number of evicted connections that may still have their files open before no more are
/// accepted: fewer than the files left for other uses.
const LEAVING: usize = 32;

/// Decides which connections are admitted.
#[derive(Debug)]
pub(super) struct Admission {
    most: usize,
    counts: Counts,
    table: Mutex<Table>,
    /// Notified when a connection has closed its file.
    released: Notify,
}

/// The open connections, in the order of arrival for each origin.
#[derive(Debug, Default)]
struct Table {
    next: u64,
    open: usize,
    /// Evicted connections that are still open.
    leaving: usize,
    handshakes: usize,
    origins: HashMap<Origin, Places>,
}

#[derive(Debug, Default)]
struct Places {
    handshakes: BTreeMap<u64, Arc<Place>>,
    established: BTreeMap<u64, Arc<Place>>,
}

impl Admission {
    /// An admission of at most `most` connections.
    pub(super) fn new(most: usize, counts: Counts) -> Self {
        Self {
            most,
            counts,
            table: Mutex::default(),
            released: Notify::new(),
        }
    }

    /// Waits while too many evicted connections are still open because their workers have not got
    /// to them: each has a file. Newcomers meanwhile wait in the system's queue.
    pub(super) async fn caught_up(&self) {
        while self.table().leaving > LEAVING {
            self.released.notified().await;
        }
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for a new connection; none if all are taken by connections that must not be closed.
    pub(super) fn admit(self: &Arc<Self>, address: IpAddr) -> Option<Ticket> {
        let origin = Origin::from(address);
        let mut table = self.table();
        if let Some(oldest) = table.surplus(origin) {
            table.send_away(&oldest);
            self.counts.handshake_failed("dropped");
        }
        if table.open >= self.most {
            let leaving = table.least_needed(origin);
            self.tell(leaving.is_some());
            let leaving = leaving?;
            table.send_away(&leaving);
        }
        let place = Arc::new(Place::new(table.next, origin));
        table.add(&place);
        self.show(&table);
        Some(Ticket {
            admission: Arc::clone(self),
            place,
        })
    }

    /// Reports that there are too many connections; the log sums these up.
    fn tell(&self, made_room: bool) {
        let most = self.most;
        if made_room {
            self.counts.closed("made-room");
            tracing::warn!(
                kind = "made-room",
                "all {most} connections (limits.max-connections, open files) are open: one of the busiest address, idle or slow, makes room for a new one"
            );
        } else {
            self.counts.closed("refused");
            tracing::warn!(
                kind = "refused",
                "all {most} connections (limits.max-connections, open files) are busy: refused a new one"
            );
        }
    }

    fn established(&self, place: &Arc<Place>) {
        let mut table = self.table();
        let Some(places) = table.origins.get_mut(&place.origin) else {
            return;
        };
        // An evicted connection is no longer listed.
        if let Some(place) = places.handshakes.remove(&place.number) {
            places.established.insert(place.number, place);
            table.handshakes -= 1;
        }
        self.show(&table);
    }

    fn release(&self, place: &Place) {
        let mut table = self.table();
        if !table.remove(place) {
            table.leaving -= 1;
            self.released.notify_one();
        }
        self.show(&table);
    }

    fn show(&self, table: &Table) {
        self.counts.show(table.open, table.handshakes);
    }
}

impl Table {
    fn add(&mut self, place: &Arc<Place>) {
        let places = self.origins.entry(place.origin).or_default();
        places.handshakes.insert(place.number, Arc::clone(place));
        self.next += 1;
        self.open += 1;
        self.handshakes += 1;
    }

    /// Evicts a connection; its file stays open until its worker gets to it.
    fn send_away(&mut self, place: &Place) {
        if self.remove(place) {
            self.leaving += 1;
            place.leave();
        }
    }

    /// Removes a connection; returns true if it was listed.
    fn remove(&mut self, place: &Place) -> bool {
        let Some(places) = self.origins.get_mut(&place.origin) else {
            return false;
        };
        let in_handshake = places.handshakes.remove(&place.number).is_some();
        let known = in_handshake || places.established.remove(&place.number).is_some();
        self.handshakes -= usize::from(in_handshake);
        self.open -= usize::from(known);
        if places.handshakes.is_empty() && places.established.is_empty() {
            self.origins.remove(&place.origin);
        }
        known
    }

    /// The handshake that is one too many if this origin starts another: its own oldest, or the
    /// oldest of the origins with the most.
    fn surplus(&self, origin: Origin) -> Option<Arc<Place>> {
        let own = self.origins.get(&origin);
        let crowded = if own.is_some_and(|own| own.handshakes.len() >= HANDSHAKES_OF_ONE) {
            own
        } else if self.handshakes >= HANDSHAKES {
            let rank = |places: &&Places| {
                let oldest = places.handshakes.keys().next().copied();
                (places.handshakes.len(), Reverse(oldest))
            };
            self.origins.values().max_by_key(rank)
        } else {
            None
        };
        let (_, oldest) = crowded?.handshakes.first_key_value()?;
        Some(Arc::clone(oldest))
    }

    /// The connection whose end does the least harm. Among the busiest origins that have a
    /// candidate: the one idle for longest, or else the oldest that waits for its peer. So idle
    /// connections of quiet origins do not go before slow ones of busy origins.
    ///
    /// No origin makes room for a newcomer whose origin would then have more than it: that origin
    /// has idle ones of its own. And no request is cut off for an origin that would then have as
    /// many.
    fn least_needed(&self, newcomer: Origin) -> Option<Arc<Place>> {
        let own = self.origins.get(&newcomer);
        let would_have = own.map_or(0, Places::len) + 1;
        let mut beyond = usize::MAX;
        // Each round looks at the origins of one size: either the sizes or the origins are few.
        loop {
            let sizes = self.origins.values().map(Places::len);
            let Some(size) = sizes.filter(|size| *size < beyond).max() else {
                break;
            };
            if size < would_have {
                break;
            }
            let origins = || self.origins.values().filter(|places| places.len() == size);
            let idle = origins().filter_map(Places::longest_idle);
            if let Some((_, place)) = idle.min_by_key(|(since, _)| *since) {
                return Some(Arc::clone(place));
            }
            let waiting = origins().filter_map(Places::oldest_that_waits);
            if size > would_have
                && let Some(place) = waiting.min_by_key(|place| place.number)
            {
                return Some(Arc::clone(place));
            }
            beyond = size;
        }
        let (_, place) = own?.longest_idle()?;
        Some(Arc::clone(place))
    }
}

impl Places {
    fn len(&self) -> usize {
        self.handshakes.len() + self.established.len()
    }

    fn longest_idle(&self) -> Option<(Instant, &Arc<Place>)> {
        // Handshakes are in the order of their start.
        let handshake = self.handshakes.values().next();
        let all = self.established.values().chain(handshake);
        let idle = all.filter_map(|place| Some((place.idle_since()?, place)));
        idle.min_by_key(|(since, _)| *since)
    }

    fn oldest_that_waits(&self) -> Option<&Arc<Place>> {
        let mut all = self.established.values();
        all.find(|place| place.waits_for_peer())
    }
}

/// The right to one connection; dropping it gives the right back.
#[derive(Debug)]
pub(super) struct Ticket {
    admission: Arc<Admission>,
    pub(super) place: Arc<Place>,
}

impl Ticket {
    /// Marks the TLS handshake as complete.
    pub(super) fn established(&self) {
        self.admission.established(&self.place);
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.admission.release(&self.place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    fn admission(most: usize) -> Arc<Admission> {
        Arc::new(Admission::new(most, Counts::default()))
    }

    fn has_to_go(ticket: &Ticket) -> bool {
        let left = std::pin::pin!(ticket.place.left());
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        left.poll(&mut context).is_ready()
    }

    fn established(admission: &Arc<Admission>, last: u8) -> Ticket {
        let ticket = admission.admit(address(last)).unwrap();
        ticket.established();
        ticket
    }

    #[test]
    fn the_oldest_handshake_of_an_origin_with_too_many_makes_room() {
        let admission = admission(100_000);
        let other = admission.admit(address(1)).unwrap();
        let many: Vec<_> = (0..HANDSHAKES_OF_ONE + 3)
            .map(|_| admission.admit(address(2)).unwrap())
            .collect();
        let gone = many.iter().take_while(|ticket| has_to_go(ticket)).count();
        assert_eq!(gone, 3);
        assert!(!many[3..].iter().any(has_to_go) && !has_to_go(&other));
        assert_eq!(admission.table().handshakes, HANDSHAKES_OF_ONE + 1);
    }

    #[test]
    fn of_all_handshakes_those_of_the_busiest_origin_make_room() {
        let admission = admission(100_000);
        let few: Vec<_> = (0..3)
            .map(|_| admission.admit(address(1)).unwrap())
            .collect();
        let many: Vec<_> = (0..HANDSHAKES + 100)
            .map(|at| {
                admission
                    .admit(address(2 + u8::try_from(at % 50).unwrap()))
                    .unwrap()
            })
            .collect();
        assert!(!few.iter().any(has_to_go));
        assert_eq!(
            many.iter().filter(|ticket| has_to_go(ticket)).count(),
            100 + 3
        );
        drop((few, many));
        let table = admission.table();
        assert_eq!(
            (table.open, table.handshakes, table.origins.len()),
            (0, 0, 0)
        );
    }

    #[test]
    fn of_handshakes_of_as_many_origins_the_oldest_makes_room() {
        let admission = admission(100_000);
        let tickets: Vec<_> = (0..HANDSHAKES + 500)
            .map(|at| {
                let [.., third, last] = at.to_be_bytes();
                admission.admit([10, 0, third, last].into()).unwrap()
            })
            .collect();
        let gone: Vec<_> = tickets.iter().map(has_to_go).collect();
        assert!(gone[..500].iter().all(|gone| *gone));
        assert!(!gone[500..].iter().any(|gone| *gone));
    }

    #[test]
    fn slow_connections_of_the_busiest_origin_go_before_idle_ones_of_others() {
        let admission = admission(12);
        let good: Vec<_> = (0..2).map(|_| established(&admission, 1)).collect();
        let slow: Vec<_> = (0..10).map(|_| established(&admission, 2)).collect();
        for ticket in &slow {
            ticket.place.begin();
        }
        assert!(admission.admit(address(2)).is_none(), "has the most itself");
        let newcomers: Vec<_> = (3..6)
            .map(|last| admission.admit(address(last)).unwrap())
            .collect();
        assert!(!good.iter().chain(&newcomers).any(has_to_go));
        let gone: Vec<_> = slow.iter().map(has_to_go).collect();
        assert_eq!(gone[..4], [true, true, true, false]);
    }

    #[test]
    fn of_as_many_connections_each_the_longest_idle_makes_room() {
        let admission = admission(3);
        let tickets: Vec<_> = (1..4).map(|last| established(&admission, last)).collect();
        tickets[0].place.begin();
        let _newcomer = admission.admit(address(9)).unwrap();
        let gone: Vec<_> = tickets.iter().map(has_to_go).collect();
        assert_eq!(gone, [false, true, false]);
    }

    #[tokio::test]
    async fn no_more_are_accepted_until_those_that_had_to_go_are_gone() {
        let admission = admission(1);
        let mut gone: Vec<_> = (0..=LEAVING)
            .map(|_| admission.admit(address(1)).unwrap())
            .collect();
        let now = |admission: Arc<Admission>| async move {
            let waited = tokio::time::timeout(std::time::Duration::ZERO, admission.caught_up());
            waited.await.is_ok()
        };
        assert!(now(Arc::clone(&admission)).await);
        let last = admission.admit(address(1)).unwrap();
        assert!(!now(Arc::clone(&admission)).await);
        gone.pop();
        assert!(now(Arc::clone(&admission)).await);
        drop((gone, last));
        let table = admission.table();
        assert_eq!((table.open, table.leaving), (0, 0));
    }

    #[test]
    fn the_longest_idle_of_the_busiest_origin_makes_room() {
        let admission = admission(6);
        let few: Vec<_> = (0..2).map(|_| established(&admission, 1)).collect();
        let many: Vec<_> = (0..4).map(|_| established(&admission, 2)).collect();
        many[0].place.begin();
        many[1].place.begin();
        many[1].place.end();
        let newcomer = admission.admit(address(3)).unwrap();
        let gone: Vec<_> = many.iter().map(has_to_go).collect();
        assert_eq!(gone, [false, false, true, false]);
        assert!(!few.iter().any(has_to_go) && !has_to_go(&newcomer));
    }

    #[test]
    fn who_waits_for_its_peer_makes_room_only_for_an_origin_with_fewer() {
        let admission = admission(3);
        let many: Vec<_> = (0..3).map(|_| established(&admission, 2)).collect();
        for ticket in &many {
            ticket.place.begin();
        }
        many[0].place.work();
        assert!(admission.admit(address(2)).is_none());
        let _newcomer = admission.admit(address(1)).unwrap();
        let gone: Vec<_> = many.iter().map(has_to_go).collect();
        assert_eq!(gone, [false, true, false], "the server is at the first");
    }

    #[test]
    fn what_the_server_is_at_is_never_closed() {
        let admission = admission(2);
        let busy: Vec<_> = (0..2).map(|_| established(&admission, 2)).collect();
        for ticket in &busy {
            ticket.place.begin();
            ticket.place.work();
        }
        assert!(admission.admit(address(1)).is_none());
        assert!(!busy.iter().any(has_to_go));
    }
}
