//! Reading a request's body, within bounds of size, time and memory.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use actix_web::body::{BodyStream, MessageBody};
use actix_web::http::header;
use actix_web::web::{Bytes, Payload};
use actix_web::{HttpRequest, rt};
use tokio::select;

use super::refusal::Refusal;
use super::room::{Full, Place, Room};

/// The memory reserved at the start for a body that declares this size or more. If the body never
/// comes, no more is wasted.
const START: usize = 64 << 10;

/// The limits of a body.
#[derive(Debug, Clone)]
pub(super) struct Bounds {
    /// The size, in bytes.
    pub(super) size: usize,
    /// The time from its first byte to its last.
    pub(super) time: Duration,
    /// The memory of all bodies.
    pub(super) room: Room,
}

/// The whole body, and its place in the memory of all bodies, to be kept as long as the bytes. A
/// body whose declared size is too large is not read at all.
pub(super) async fn read(
    request: &HttpRequest,
    payload: Payload,
    bounds: &Bounds,
) -> Result<(Bytes, Arc<Place>), Refusal> {
    let limit = bounds.size;
    let length = request.headers().get(header::CONTENT_LENGTH);
    let length: Option<u64> = length.and_then(|value| value.to_str().ok()?.parse().ok());
    if length.is_some_and(|bytes| bytes > limit as u64) {
        return Err(Refusal::TooLarge { limit, length });
    }
    let start = length.and_then(|bytes| usize::try_from(bytes).ok());
    let mut place = bounds.room.enter();
    let read = gather(payload, &mut place, start.unwrap_or_default(), limit);
    match rt::time::timeout(bounds.time, read).await {
        Ok(Ok(body)) => Ok((body, Arc::new(place))),
        Ok(Err(refusal)) => Err(refusal),
        Err(_) => Err(Refusal::Slow(bounds.time)),
    }
}

/// Reads a body of at most `limit` bytes, with a declared size of `length`.
async fn gather(
    payload: Payload,
    place: &mut Place,
    length: usize,
    limit: usize,
) -> Result<Bytes, Refusal> {
    let mut payload = pin!(BodyStream::new(payload));
    let mut body = Vec::new();
    loop {
        let next = select! {
            biased;
            full = place.is_to_leave() => return Err(refused(full, place)),
            next = poll_fn(|cx| payload.as_mut().poll_next(cx)) => next,
        };
        let chunk = match next {
            None => break,
            Some(Ok(chunk)) => chunk,
            Some(Err(error)) => return Err(Refusal::Broken(error.to_string())),
        };
        let size = body.len() + chunk.len();
        if size > limit {
            return Err(Refusal::TooLarge {
                limit,
                length: None,
            });
        }
        if size > body.capacity() {
            let wanted = (2 * body.capacity()).max(length.min(START)).min(limit);
            let wanted = wanted.max(size);
            place.grow(wanted).map_err(|full| refused(full, place))?;
            body.reserve_exact(wanted - body.len());
        }
        body.extend_from_slice(&chunk);
    }
    place.settle().map_err(|full| refused(full, place))?;
    Ok(body.into())
}

fn refused(full: Full, place: &Place) -> Refusal {
    place.refused();
    full.into()
}
