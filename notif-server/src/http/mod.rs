//! The resources of draft-ietf-netconf-https-notif, and two for the operator.
//!
//! A request goes `relay` -> `body` -> decode -> store; a refused one becomes a `Refusal`, and that
//! becomes an answer in `errors`.

mod body;
mod capabilities;
mod count;
mod errors;
pub mod media;
pub mod negotiate;
mod operator;
mod refusal;
mod relay;
mod room;
mod state;

use actix_web::dev::HttpServiceFactory;
use actix_web::http::Method;
use actix_web::{HttpRequest, HttpResponse, web};

pub use count::count;
use refusal::Refusal;
pub use state::State;
use state::paths;

/// Adds the resources to an application whose data is a `web::Data<State>`.
pub fn configure(prefix: &str) -> impl FnOnce(&mut web::ServiceConfig) + use<> {
    let [capabilities, relay, health, metrics] = paths(prefix);
    move |app| {
        app.service(readable(&capabilities, capabilities::capabilities))
            .service(only(
                web::resource(relay).route(web::post().to(relay::relay)),
                &[Method::POST],
            ))
            .service(readable(&health, operator::health))
            .service(readable(&metrics, operator::metrics))
            .default_service(web::to(not_found));
    }
}

/// A resource with GET and HEAD.
fn readable<F, Args>(path: &str, handler: F) -> impl HttpServiceFactory + use<F, Args>
where
    F: actix_web::Handler<Args> + Copy,
    F::Output: actix_web::Responder + 'static,
    Args: actix_web::FromRequest + 'static,
{
    let resource = web::resource(path)
        .route(web::get().to(handler))
        .route(web::head().to(handler));
    only(resource, &[Method::GET, Method::HEAD])
}

/// Answers every other method with 405.
fn only(
    resource: actix_web::Resource,
    methods: &'static [Method],
) -> impl HttpServiceFactory + use<> {
    let refuse = move |request: HttpRequest, state: web::Data<State>| {
        let refusal = Refusal::Method {
            given: request.method().clone(),
            allowed: methods,
        };
        async move { errors::respond(&refusal, errors::answer_to(&request), &state.registry) }
    };
    resource.default_service(web::to(refuse))
}

async fn not_found(request: HttpRequest, state: web::Data<State>) -> HttpResponse {
    let refusal = Refusal::NoResource(state.paths.clone());
    errors::respond(&refusal, errors::answer_to(&request), &state.registry)
}
