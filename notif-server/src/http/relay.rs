//! `POST relay-notification`: one notification, checked, kept, and only then acknowledged.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use actix_web::http::header;
use actix_web::web::{self, Bytes, Payload};
use actix_web::{HttpRequest, HttpResponse};
use jiff::Timestamp;
use notif_runtime::Encoding;
use notif_runtime::fault::{FaultKind, Faults};
use notif_runtime::notification::Notification;
use notif_runtime::text::{excerpt, shortened};

use super::media::Media;
use super::refusal::Refusal;
use super::room::{LARGE, Place};
use super::state::State;
use super::{body, errors};
use crate::notification::{Entry, Envelope, Rejection};

/// Small bodies too are decoded on a blocking thread if their expressions take more steps than
/// this, some milliseconds, so that they do not hold up other connections of the worker.
const QUICK: usize = 100_000;

/// The length of a part of a fault or header that the log or an answer repeats, in characters, at
/// most.
const LOGGED: usize = 500;

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
            errors::respond(&refusal, errors::answer_to(&request), &state.registry)
        }
    }
}

/// Accepts the notification, or gives the reason for refusing it.
async fn accept(
    request: &HttpRequest,
    payload: Payload,
    state: &web::Data<State>,
) -> Result<(), Refusal> {
    let media = media(request)?;
    if state.stopping.load(Ordering::Relaxed) {
        return Err(Refusal::stopping());
    }
    // The place is kept until the request is answered, like the bytes.
    let (body, place) = body::read(request, payload, &state.bounds).await?;
    state.metrics.received(body.len());
    // Without room, checking is pointless. The body is read all the same, so that the connection
    // can be reused.
    state.store.has_room()?;
    let (encoding, received) = (media.encoding, Timestamp::now());
    let publisher = publisher(request);
    let notification = match decode(state, encoding, &body, &place).await? {
        Ok(notification) => notification,
        Err(faults) => {
            let rejection = Rejection {
                received,
                publisher,
                encoding,
                faults: errors::json_of_faults(&faults, &state.registry),
                body: body.into(),
            };
            reject(state, rejection, place).await;
            return Err(Refusal::Faults(faults));
        }
    };
    let entry = Entry {
        received,
        publisher,
        encoding,
        name: notification.name().to_owned(),
        event_time: notification.event_time().map(|time| time.to_string()),
        body: body.into(),
        reading: Some(state.reading.clone()),
        envelope: Envelope::default(),
    };
    tracing::debug!(publisher = entry.publisher, name = entry.name, "valid");
    state.store.keep(entry, notification).await?;
    state.metrics.accepted(encoding);
    Ok(())
}

/// The media type of the body, if the server accepts it.
fn media(request: &HttpRequest) -> Result<Media, Refusal> {
    let text = |name| {
        let value = request.headers().get(name)?;
        Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    let content_type = text(header::CONTENT_TYPE);
    let media = content_type.as_deref().and_then(Media::of_body);
    let cut = |text: &str| shortened(text, LOGGED).into_owned();
    let media = media.ok_or_else(|| Refusal::MediaType(content_type.as_deref().map(cut)))?;
    match text(header::CONTENT_ENCODING) {
        Some(coding) if !coding.trim().eq_ignore_ascii_case("identity") => {
            Err(Refusal::ContentEncoding(cut(&coding)))
        }
        _ => Ok(media),
    }
}

/// The publisher: the address without the port, which differs between connections.
fn publisher(request: &HttpRequest) -> String {
    let ip = request.peer_addr().as_ref().map(SocketAddr::ip);
    ip.map_or_else(String::new, |ip| ip.to_canonical().to_string())
}

/// Checks the body against the modules.
async fn decode(
    state: &web::Data<State>,
    encoding: Encoding,
    body: &Bytes,
    place: &Arc<Place>,
) -> Result<Result<Notification, Faults>, Refusal> {
    if body.len() < LARGE {
        let quick = state.decoding.with_max_work(QUICK);
        let decoded = state.registry.decode(encoding, body, &quick);
        if !decoded.as_ref().is_err_and(is_too_costly) {
            return Ok(decoded);
        }
    }
    let turn = Arc::clone(&state.large).acquire_owned().await;
    let (state, body, place) = (state.clone(), body.clone(), Arc::clone(place));
    web::block(move || {
        // It goes on after the client has disconnected, and holds both until it ends.
        let _taken = (turn, place);
        state.registry.decode(encoding, &body, &state.decoding)
    })
    .await
    .map_err(|_| Refusal::NotKept("the server failed while it checked it".to_owned()))
}

/// Keeps a rejected notification; a large one, which takes long to compress, on another thread.
async fn reject(state: &web::Data<State>, rejection: Rejection, place: Arc<Place>) {
    if rejection.body.len() < LARGE {
        state.store.reject(rejection);
        return;
    }
    let state = state.clone();
    let rejecting = web::block(move || {
        let _taken = place;
        state.store.reject(rejection);
    });
    if let Err(error) = rejecting.await {
        tracing::error!(%error, "the server failed while it kept a rejected notification");
    }
}

fn is_too_costly(faults: &Faults) -> bool {
    let mut kinds = faults.list.iter().map(|fault| fault.kind);
    kinds.any(|kind| kind == FaultKind::TooCostly)
}

/// Counts a refusal and logs it, with the first fault.
fn note(refusal: &Refusal, encoding: Encoding, request: &HttpRequest, state: &State) {
    let (publisher, kind) = (publisher(request), refusal.kind());
    let status = refusal.status().as_u16();
    state.metrics.refused(kind);
    match refusal {
        Refusal::Faults(faults) => {
            state.metrics.rejected(encoding, faults);
            let first = faults.list.first();
            tracing::warn!(
                publisher,
                status,
                kind,
                faults = faults.list.len(),
                path = first.map(|fault| excerpt(&fault.path, LOGGED)),
                first = first.map(|fault| excerpt(fault, LOGGED)),
                "refused"
            );
        }
        Refusal::NotKept(reason) => tracing::error!(publisher, status, kind, reason, "not kept"),
        Refusal::Unavailable { reason, .. } => {
            tracing::warn!(publisher, status, kind, reason, "not kept");
        }
        other => tracing::info!(publisher, status, kind, reason = %other, "refused"),
    }
}
