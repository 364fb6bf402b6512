//! `POST relay-notification`: one notification, checked, kept, and only then acknowledged.

use std::net::SocketAddr;
use std::sync::atomic::Ordering;
use std::time::Duration;

use actix_web::http::header;
use actix_web::web::{self, Bytes, Payload};
use actix_web::{HttpRequest, HttpResponse};
use jiff::Timestamp;
use notif_runtime::Encoding;

use super::media::Media;
use super::refusal::Refusal;
use super::{State, body, errors};
use crate::journal::{AppendError, Entry};

/// Larger bodies are decoded on a thread for blocking work, so that they do not hold up the
/// other connections of their worker.
const LARGE: usize = 256 << 10;

pub(super) async fn relay(
    request: HttpRequest,
    payload: Payload,
    state: web::Data<State>,
) -> HttpResponse {
    match accept(&request, payload, &state).await {
        Ok(()) => HttpResponse::NoContent().finish(),
        Err(refusal) => {
            let media = errors::media_of(&request);
            note(&refusal, media.encoding, &request, &state);
            errors::respond(&refusal, media, &state.registry)
        }
    }
}

/// Takes the notification in, or says why not.
async fn accept(
    request: &HttpRequest,
    payload: Payload,
    state: &web::Data<State>,
) -> Result<(), Refusal> {
    let media = media(request)?;
    if state.stopping.load(Ordering::Relaxed) {
        return Err(Refusal::stopping());
    }
    let body = body::read(request, payload, state.bounds).await?;
    state.metrics.received(body.len());
    let entry = decode(state, media.encoding, body, publisher(request)).await?;
    tracing::debug!(publisher = entry.publisher, name = entry.name, "accepted");
    state
        .journal
        .append(entry)
        .await
        .map_err(|error| unavailable(&error))?;
    state.metrics.accepted(media.encoding);
    Ok(())
}

/// What the body is, if the server takes it.
fn media(request: &HttpRequest) -> Result<Media, Refusal> {
    let text = |name| {
        let value = request.headers().get(name)?;
        Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    let content_type = text(header::CONTENT_TYPE);
    let media = content_type.as_deref().and_then(Media::of_body);
    let media = media.ok_or(Refusal::MediaType(content_type))?;
    match text(header::CONTENT_ENCODING) {
        Some(coding) if !coding.trim().eq_ignore_ascii_case("identity") => {
            Err(Refusal::ContentEncoding(coding))
        }
        _ => Ok(media),
    }
}

/// Who sent it: the address, without the port, which differs from connection to connection.
fn publisher(request: &HttpRequest) -> String {
    let ip = request.peer_addr().as_ref().map(SocketAddr::ip);
    ip.map_or_else(String::new, |ip| ip.to_canonical().to_string())
}

/// Checks the body against the modules, and makes the journal's entry of it.
async fn decode(
    state: &web::Data<State>,
    encoding: Encoding,
    body: Bytes,
    publisher: String,
) -> Result<Entry, Refusal> {
    if body.len() < LARGE {
        return decode_now(state, encoding, body, publisher);
    }
    let state = state.clone();
    web::block(move || decode_now(&state, encoding, body, publisher))
        .await
        .unwrap_or_else(|_| Err(Refusal::stopping()))
}

fn decode_now(
    state: &State,
    encoding: Encoding,
    body: Bytes,
    publisher: String,
) -> Result<Entry, Refusal> {
    let notification = state
        .registry
        .decode(encoding, &body, &state.decoding)
        .map_err(Refusal::Faults)?;
    Ok(Entry {
        received: Timestamp::now(),
        publisher,
        encoding,
        name: notification.name().to_owned(),
        event_time: notification.event_time().map(ToString::to_string),
        body: body.into(),
    })
}

/// The journal cannot take it now; nothing is lost, the publisher keeps it and tries again.
fn unavailable(error: &AppendError) -> Refusal {
    let retry_after = match error {
        AppendError::Busy => Duration::from_secs(1),
        _ => Duration::from_secs(10),
    };
    Refusal::Unavailable {
        reason: error.to_string(),
        retry_after,
    }
}

/// Counts a refusal and logs it, with the first fault: what came from outside is quoted.
fn note(refusal: &Refusal, encoding: Encoding, request: &HttpRequest, state: &State) {
    let (publisher, status) = (publisher(request), refusal.status().as_u16());
    match refusal {
        Refusal::Faults(faults) => {
            state.metrics.rejected(encoding, faults);
            let first = faults.list.first();
            tracing::warn!(
                publisher,
                status,
                faults = faults.list.len(),
                path = first.map(|fault| tracing::field::debug(fault.path.to_string())),
                first = first.map(|fault| tracing::field::debug(fault.to_string())),
                "refused"
            );
        }
        Refusal::Unavailable { reason, .. } => {
            tracing::error!(publisher, status, reason, "not kept");
        }
        other => tracing::info!(publisher, status, reason = %other, "refused"),
    }
}
