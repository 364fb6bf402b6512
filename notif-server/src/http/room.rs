//! The memory for the bodies of all requests.
//!
//! A body takes room as it grows. If there is none, the largest body still being read makes room
//! for a smaller one, and its request is refused: a sender that holds back the end of a large body
//! cannot block those who send less. A complete body keeps its room until its request is answered;
//! large ones can wait long for that, so part of the room is reserved for small ones.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};
use tokio::sync::Notify;

use super::refusal::Refusal;

/// The time to try again: by then, a stalled body has most likely made room.
const RETRY_AFTER: Duration = Duration::from_secs(2);

/// The size in bytes from which a body is large: it is decoded on a blocking thread, and waits for
/// its turn there.
pub(super) const LARGE: usize = 64 << 10;

/// The memory for bodies.
#[derive(Debug, Clone)]
pub(super) struct Room(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// In bytes.
    limit: usize,
    /// The part of it that large bodies leave to the others.
    reserved: usize,
    bodies: Mutex<Bodies>,
    taken: Gauge,
    refused: Counter,
}

#[derive(Debug, Default)]
struct Bodies {
    /// The bytes of all bodies.
    taken: usize,
    /// The number of the newest body.
    newest: u64,
    /// Those being read, smallest first, with the signals that ask them to make room.
    reading: BTreeMap<Key, Arc<Notify>>,
}

/// A body's size in bytes and its number.
type Key = (usize, u64);

/// There is no room for the body to grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Full;

impl From<Full> for Refusal {
    fn from(Full: Full) -> Self {
        Self::Unavailable {
            reason: "the bodies of requests take as much memory as limits.in-flight allows"
                .to_owned(),
            retry_after: RETRY_AFTER,
        }
    }
}

impl Room {
    /// Room of `limit` bytes, for bodies of at most `largest` bytes.
    pub(super) fn new(limit: usize, largest: usize) -> Self {
        Self(Arc::new(Inner {
            limit,
            reserved: (limit / 4).min(limit.saturating_sub(largest)),
            bodies: Mutex::default(),
            taken: Gauge::default(),
            refused: Counter::default(),
        }))
    }

    /// A place for a body that is about to be read.
    pub(super) fn enter(&self) -> Place {
        let mut bodies = self.bodies();
        bodies.newest += 1;
        let place = Place {
            room: self.clone(),
            key: (0, bodies.newest),
            leave: Arc::default(),
            settled: false,
        };
        bodies.reading.insert(place.key, Arc::clone(&place.leave));
        place
    }

    pub(super) fn register(&self, registry: &mut Registry) {
        registry.register_with_unit(
            "body",
            "Memory that bodies of requests in flight take",
            Unit::Bytes,
            self.0.taken.clone(),
        );
        registry.register(
            "body_refused",
            "Requests refused with 503 for want of memory for their bodies",
            self.0.refused.clone(),
        );
    }

    fn bodies(&self) -> MutexGuard<'_, Bodies> {
        self.0.bodies.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The total size of all bodies up to which a body of this size may grow.
    fn limit_for(&self, size: usize) -> usize {
        let reserved = if size < LARGE { 0 } else { self.0.reserved };
        self.0.limit - reserved
    }

    fn show(&self, bodies: &Bodies) {
        self.0
            .taken
            .set(i64::try_from(bodies.taken).unwrap_or(i64::MAX));
    }
}

impl Bodies {
    /// Makes room for `bytes` more, for a body that then has `size`. Only larger ones make room,
    /// and only if that is enough.
    fn make_room(&mut self, bytes: usize, size: usize, limit: usize) -> Result<(), Full> {
        let wanted = (self.taken + bytes).saturating_sub(limit);
        let (mut freed, mut least) = (0, None);
        let mut larger = self.reading.keys().rev().filter(|key| key.0 > size);
        while freed < wanted {
            let largest = larger.next().ok_or(Full)?;
            freed += largest.0;
            least = Some(*largest);
        }
        if let Some(least) = least {
            for leave in self.reading.split_off(&least).values() {
                leave.notify_one();
            }
        }
        self.taken = self.taken + bytes - freed;
        Ok(())
    }
}

/// A body's place in the room; dropping it frees the memory.
#[derive(Debug)]
pub(super) struct Place {
    room: Room,
    key: Key,
    leave: Arc<Notify>,
    /// The body is complete.
    settled: bool,
}

impl Place {
    /// Takes room for a body that is about to have `size` bytes.
    ///
    /// # Errors
    /// If there is none, or if the body has to make room for others.
    pub(super) fn grow(&mut self, size: usize) -> Result<(), Full> {
        let mut bodies = self.room.bodies();
        let leave = bodies.reading.remove(&self.key).ok_or(Full)?;
        let more = size.saturating_sub(self.key.0);
        let grown = bodies.make_room(more, size, self.room.limit_for(size));
        if grown.is_ok() {
            self.key.0 += more;
        }
        bodies.reading.insert(self.key, leave);
        self.room.show(&bodies);
        grown
    }

    /// Waits until the body is asked to make room for others.
    pub(super) async fn is_to_leave(&self) -> Full {
        self.leave.notified().await;
        Full
    }

    /// Marks the body as complete: it no longer makes room for others.
    ///
    /// # Errors
    /// If it was asked to make room before.
    pub(super) fn settle(&mut self) -> Result<(), Full> {
        let own = self.room.bodies().reading.remove(&self.key);
        self.settled = own.is_some();
        own.map(drop).ok_or(Full)
    }

    /// Counts the request as refused.
    pub(super) fn refused(&self) {
        self.room.0.refused.inc();
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut bodies = self.room.bodies();
        // One that had to make room has already freed its bytes.
        if self.settled || bodies.reading.remove(&self.key).is_some() {
            bodies.taken = bodies.taken.saturating_sub(self.key.0);
            self.room.show(&bodies);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(room: &Room) -> usize {
        room.bodies().taken
    }

    #[test]
    fn the_largest_makes_room_for_smaller_ones() {
        let room = Room::new(100, 100);
        let (mut large, mut middle, mut small) = (room.enter(), room.enter(), room.enter());
        assert_eq!(large.grow(60), Ok(()));
        assert_eq!(middle.grow(40), Ok(()));
        assert_eq!(small.grow(10), Ok(()));
        assert_eq!(taken(&room), 50);
        assert_eq!(large.grow(70), Err(Full));
        assert_eq!(large.settle(), Err(Full));
        drop(large);
        assert_eq!(taken(&room), 50);
        assert_eq!(small.grow(60), Ok(()));
        assert_eq!(taken(&room), 100);
        // It is the largest itself, or as large as the largest.
        assert_eq!(small.grow(61), Err(Full));
        let mut same = room.enter();
        assert_eq!(same.grow(60), Err(Full));
        assert_eq!(taken(&room), 100);
        drop((small, same));
        assert_eq!(middle.settle(), Ok(()));
        assert_eq!(taken(&room), 40);
        drop(middle);
        assert_eq!(taken(&room), 0);
        assert!(room.bodies().reading.is_empty());
    }

    #[test]
    fn what_is_read_whole_stays() {
        let room = Room::new(100, 100);
        let mut whole = room.enter();
        assert_eq!((whole.grow(90), whole.settle()), (Ok(()), Ok(())));
        let mut small = room.enter();
        assert_eq!(small.grow(11), Err(Full));
        assert_eq!(small.grow(10), Ok(()));
        drop(whole);
        assert_eq!(small.grow(100), Ok(()));
        assert_eq!(small.grow(101), Err(Full));
    }

    #[test]
    fn nobody_makes_room_in_vain() {
        let room = Room::new(16 * LARGE, LARGE);
        let mut larger = room.enter();
        assert_eq!(larger.grow(2 * LARGE), Ok(()));
        let small: Vec<_> = (0..14)
            .map(|_| {
                let mut small = room.enter();
                assert_eq!(small.grow(LARGE - 1), Ok(()));
                small
            })
            .collect();
        // The small ones exceed their part: evicting the larger one would not be enough.
        assert_eq!(room.enter().grow(LARGE), Err(Full));
        assert_eq!(larger.settle(), Ok(()));
        drop(small);
    }

    #[test]
    fn large_bodies_that_are_whole_leave_room_for_others() {
        const LIMIT: usize = 16 * LARGE;
        let room = Room::new(LIMIT, LIMIT / 4);
        let whole: Vec<_> = (0..12)
            .map(|_| {
                let mut whole = room.enter();
                assert_eq!((whole.grow(LARGE), whole.settle()), (Ok(()), Ok(())));
                whole
            })
            .collect();
        let (mut large, mut small) = (room.enter(), room.enter());
        assert_eq!(large.grow(LARGE), Err(Full));
        assert_eq!(small.grow(LARGE - 1), Ok(()));
        drop(whole);
        // The largest allowed body fits if it is alone.
        let room = Room::new(LIMIT, LIMIT);
        assert_eq!(room.enter().grow(LIMIT), Ok(()));
    }

    #[tokio::test]
    async fn who_has_to_make_room_is_told() {
        let room = Room::new(100, 100);
        let (mut large, mut small) = (room.enter(), room.enter());
        large.grow(100).unwrap();
        small.grow(1).unwrap();
        assert_eq!(large.is_to_leave().await, Full);
        let told = tokio::time::timeout(Duration::ZERO, small.is_to_leave());
        assert!(told.await.is_err());
    }
}
