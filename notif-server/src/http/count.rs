//! Counting requests.

use std::time::Instant;

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web;

use super::state::State;

/// The routes that are told apart; all else is `other`.
const ROUTES: [&str; 4] = ["capabilities", "relay-notification", "healthz", "metrics"];

/// Counts a request and how long it took.
///
/// # Errors
/// Those of the service.
pub async fn count<B: MessageBody>(
    state: web::Data<State>,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let start = Instant::now();
    // Also counts back if the client goes away and the request is dropped.
    let _serving = state.metrics.serving();
    let response = next.call(request).await?;
    let route = route(response.request().match_pattern());
    let status = response.status().as_u16();
    state.metrics.answered(route, status, start.elapsed());
    Ok(response)
}

/// The label of a route's pattern.
fn route(pattern: Option<String>) -> &'static str {
    let pattern = pattern.unwrap_or_default();
    ROUTES
        .into_iter()
        .find(|name| pattern.rsplit('/').next() == Some(name))
        .unwrap_or("other")
}
