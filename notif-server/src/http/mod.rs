//! The resources of draft-ietf-netconf-https-notif, and two for the operator.
//!
//! A request goes `relay` -> `body` -> decode -> store; what is refused becomes a
//! `Refusal`, and that an answer, in `errors`.

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

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::dev::HttpServiceFactory;
use actix_web::http::Method;
use actix_web::{HttpRequest, HttpResponse, web};
use notif_runtime::decode::Options;
use notif_runtime::registry::Registry;

use crate::config::Config;
use crate::notification::Reading;
use crate::observe::Metrics;
use crate::sink::Status;
use crate::store::Store;
pub use count::count;
use refusal::Refusal;
use tokio::sync::Semaphore;

/// What every request works with.
#[derive(Debug)]
#[non_exhaustive]
pub struct State {
    /// The modules that notifications are checked against.
    pub registry: Registry,
    /// Where accepted notifications go.
    pub store: Store,
    /// How the sinks' destinations are.
    pub sinks: Vec<Arc<Status>>,
    /// What is counted.
    pub metrics: Metrics,
    stopping: AtomicBool,
    decoding: Options,
    /// How bodies are read.
    reading: Reading,
    bounds: body::Bounds,
    /// For decoding large notifications, as many at a time as there are cores: the data can take much
    /// more memory than the bytes, and more at a time would not be faster.
    large: Arc<Semaphore>,
    paths: Vec<String>,
}

impl State {
    /// The state of a server with this configuration.
    #[must_use]
    pub fn new(
        config: &Config,
        registry: Registry,
        store: Store,
        sinks: Vec<Arc<Status>>,
        mut metrics: Metrics,
    ) -> Self {
        let limits = &config.limits;
        let max_body = limits.max_body.bytes();
        let room = room::Room::new(limits.in_flight.bytes(), max_body);
        metrics.add(|registry| room.register(registry.sub_registry_with_prefix("http")));
        Self {
            reading: Reading::strict(&registry),
            registry,
            store,
            sinks,
            metrics,
            stopping: AtomicBool::new(false),
            decoding: Options::default()
                .with_max_size(max_body)
                .with_max_depth(limits.max_depth.get())
                .with_max_faults(limits.max_faults.get()),
            bounds: body::Bounds {
                size: max_body,
                time: config.timeouts.request.get(),
                room,
            },
            large: Arc::new(Semaphore::new(cores())),
            paths: paths(config.prefix.as_str()).into(),
        }
    }
}

impl State {
    /// From now on, notifications are refused with 503: the server is about to stop.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, NonZeroUsize::get)
}

/// The paths of the resources: capabilities, relay-notification, health and metrics.
fn paths(prefix: &str) -> [String; 4] {
    [
        format!("{prefix}/capabilities"),
        format!("{prefix}/relay-notification"),
        "/healthz".to_owned(),
        "/metrics".to_owned(),
    ]
}

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
