//! The state that all requests share.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use notif_runtime::Options;
use notif_runtime::registry::Registry;
use tokio::sync::Semaphore;

use super::{body, room};
use crate::config::Config;
use crate::notification::Reading;
use crate::observe::Metrics;
use crate::sink::Status;
use crate::store::Store;

/// The state shared by all requests.
#[derive(Debug)]
#[non_exhaustive]
pub struct State {
    /// The modules that notifications are checked against.
    pub registry: Registry,
    /// The store of accepted notifications.
    pub store: Store,
    /// The status of each sink.
    pub sinks: Vec<Arc<Status>>,
    /// The metrics.
    pub metrics: Metrics,
    pub(super) stopping: AtomicBool,
    pub(super) decoding: Options,
    /// The rules by which bodies are read.
    pub(super) reading: Reading,
    pub(super) bounds: body::Bounds,
    /// Limits the decoding of large notifications to one per core: the data can take far more
    /// memory than the bytes, and more at a time would not be faster.
    pub(super) large: Arc<Semaphore>,
    pub(super) paths: Vec<String>,
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
pub(super) fn paths(prefix: &str) -> [String; 4] {
    [
        format!("{prefix}/capabilities"),
        format!("{prefix}/relay-notification"),
        "/healthz".to_owned(),
        "/metrics".to_owned(),
    ]
}
