//! The resources for the operator: health and metrics.

use actix_web::http::header::{CacheControl, CacheDirective};
use actix_web::{HttpResponse, web};
use serde_json::json;

use super::state::State;
use crate::observe;

/// 200 while the server takes notifications, 503 with the reason while it does not. A sink that is
/// down is reported but does not count: accepted notifications wait for it.
pub(super) async fn health(state: web::Data<State>) -> HttpResponse {
    let sinks: serde_json::Map<_, _> = state
        .sinks
        .iter()
        .map(|sink| {
            let how = match (sink.is_up(), sink.outage()) {
                (None, _) => "not tried yet".to_owned(),
                (_, Some(reason)) => reason,
                (_, None) => "up".to_owned(),
            };
            (sink.sink().to_owned(), how.into())
        })
        .collect();
    let (mut response, body) = match state.store.health() {
        Ok(()) => (HttpResponse::Ok(), json!({"status": "ok", "sinks": sinks})),
        Err(reason) => (
            HttpResponse::ServiceUnavailable(),
            json!({"status": "unavailable", "reason": reason, "sinks": sinks}),
        ),
    };
    response
        .insert_header(CacheControl(vec![CacheDirective::NoStore]))
        .json(body)
}

/// All metrics in the format of Prometheus.
pub(super) async fn metrics(state: web::Data<State>) -> HttpResponse {
    match state.metrics.encode() {
        Ok(text) => HttpResponse::Ok()
            .content_type(observe::METRICS_TYPE)
            .body(text),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}
