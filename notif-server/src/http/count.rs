//! Counting requests.

use std::time::Instant;

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web;

use super::state::State;

/// The routes with a label of their own; all others are `other`.
const ROUTES: [&str; 4] = ["capabilities", "relay-notification", "healthz", "metrics"];

/// Counts a request and measures its time.
///
/// # Errors
/// Those of the service.
pub async fn count<B: MessageBody>(
    state: web::Data<State>,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let start = Instant::now();
    // Counts down even if the client disconnects and the request is dropped.
    let _serving = state.metrics.serving();
    let response = next.call(request).await?;
    let route = route(response.request().match_pattern());
    let status = response.status().as_u16();
    state.metrics.answered(route, status, start.elapsed());
    Ok(response)
}

/// The label of a route, from its pattern.
fn route(pattern: Option<String>) -> &'static str {
    let pattern = pattern.unwrap_or_default();
    ROUTES
        .into_iter()
        .find(|name| pattern.rsplit('/').next() == Some(name))
        .unwrap_or("other")
}
