//! Reading a request's body, within bounds of size and time.

use std::time::Duration;

use actix_web::http::header;
use actix_web::web::{Bytes, Payload};
use actix_web::{HttpRequest, rt};

use super::refusal::Refusal;

/// What a body may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// In bytes.
    pub(super) size: usize,
    /// From its first byte to its last.
    pub(super) time: Duration,
}

/// The whole body. What is too large by its own account is not read at all.
pub(super) async fn read(
    request: &HttpRequest,
    payload: Payload,
    bounds: Bounds,
) -> Result<Bytes, Refusal> {
    let limit = bounds.size;
    let length = request.headers().get(header::CONTENT_LENGTH);
    let length: Option<u64> = length.and_then(|value| value.to_str().ok()?.parse().ok());
    if length.is_some_and(|bytes| bytes > limit as u64) {
        return Err(Refusal::TooLarge { limit, length });
    }
    let read = rt::time::timeout(bounds.time, payload.to_bytes_limited(limit));
    match read.await {
        Ok(Ok(Ok(body))) => Ok(body),
        Ok(Ok(Err(error))) => Err(Refusal::Broken(error.to_string())),
        Ok(Err(_)) => Err(Refusal::TooLarge {
            limit,
            length: None,
        }),
        Err(_) => Err(Refusal::Slow(bounds.time)),
    }
}
