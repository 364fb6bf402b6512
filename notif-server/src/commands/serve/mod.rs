//! `serve`: the server from start to end.

mod announce;
mod pipeline;

use std::io;
use std::net::TcpListener;
use std::path::PathBuf;
use std::time::Duration;

use actix_web::{App, middleware, rt, web};
use notif_runtime::registry::Registry;
use openssl::error::ErrorStack;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use crate::config::{Ack, Config, Listen};
use crate::http;
use crate::http::State;
use crate::listen::{self, Front};
use crate::observe::{self, Metrics};
use crate::signals::{self, Signals};
use crate::tls::{self, Identity, TlsError, create_private_dir};
use announce::announce;
use pipeline::Pipeline;
pub(crate) use pipeline::PipelineError;

/// The time without requests in flight after which the server counts as idle: enough for an answer
/// to leave the machine.
const QUIET: Duration = Duration::from_millis(300);

/// Errors that keep the server from running, or end it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ServeError {
    /// The data directory cannot be made.
    #[error("cannot make the data directory {}: {source}", path.display())]
    DataDir {
        /// The directory.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The certificate or the key cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The journal or a sink cannot be used.
    #[error(transparent)]
    Pipeline(#[from] PipelineError),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}{}", advice(source))]
    Listen {
        /// The address, or name.
        address: Listen,
        /// The cause.
        source: io::Error,
    },
    /// The HTTP server failed.
    #[error("the HTTP server failed: {0}")]
    Http(#[from] io::Error),
}

impl From<ErrorStack> for ServeError {
    fn from(error: ErrorStack) -> Self {
        Self::Tls(error.into())
    }
}

/// Advice about an address that cannot be bound.
fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::AddrInUse => {
            "; another process listens there: stop it, or choose another with --listen"
        }
        io::ErrorKind::PermissionDenied => "; ports below 1024 need a privilege: choose another",
        io::ErrorKind::AddrNotAvailable => "; this machine has no such address",
        _ => "",
    }
}

/// Serves until a signal asks it to stop, then finishes the requests in flight.
///
/// # Errors
/// If something that the server needs is missing, or the HTTP server fails.
pub(crate) fn run(config: &Config) -> Result<(), ServeError> {
    // With a given certificate and Kafka as the store, nothing is kept here.
    if config.ack == Ack::Journal || config.tls.cert.is_none() {
        create_private_dir(&config.data_dir).map_err(|source| ServeError::DataDir {
            path: config.data_dir.clone(),
            source,
        })?;
    }
    let identity = Identity::load(&config.tls, &config.data_dir)?;
    let listener = listen::bind(&config.listen).map_err(|source| ServeError::Listen {
        address: config.listen.clone(),
        source,
    })?;
    rt::System::new().block_on(serve(config, &identity, listener, crate::registry()))
}

async fn serve(
    config: &Config,
    identity: &Identity,
    listener: TcpListener,
    registry: Registry,
) -> Result<(), ServeError> {
    signals::outlive_others()?;
    let address = listener.local_addr()?;
    let pipeline = Pipeline::open(config, &registry)?;
    let mut metrics = Metrics::default();
    metrics.add(|registry| pipeline.register(registry));
    let connections = listen::Counts::default();
    metrics.add(|registry| connections.register(registry));
    let (store, sinks) = (pipeline.store.clone(), pipeline.statuses());
    let state = State::new(config, registry, store, sinks, metrics);
    let state = web::Data::new(state);
    let mut signals = Signals::new()?;

    let (app_state, prefix) = (state.clone(), config.prefix.as_str().to_owned());
    let app = move || {
        App::new()
            .app_data(app_state.clone())
            .wrap(middleware::from_fn(http::count))
            .configure(http::configure(&prefix))
    };
    // The sender keeps the TLS context, which can be replaced for later connections.
    let (_tls, context) = watch::channel(tls::acceptor(identity)?);
    let front = Front::start(config, context, connections, app)?;
    announce(config, identity, address, &state)?;
    let ended = tokio::select! {
        Err(error) = front.accept(listener) => Some(error),
        () = signals.stop() => None,
    };
    let ending = async {
        let end = Instant::now() + config.timeouts.shutdown.get();
        if ended.is_none() {
            drain(&front, &state, end).await;
        }
        // This cuts off the requests that are left.
        front.end();
        pipeline
            .close(end.saturating_duration_since(Instant::now()))
            .await;
    };
    signals.finish(ending).await;
    observe::sum_up();
    tracing::info!("stopped");
    Ok(ended.map_or(Ok(()), Err)?)
}

/// Drains the server: takes no new connections and notifications, and finishes what is in flight,
/// at the latest at `end`.
async fn drain(front: &Front, state: &State, end: Instant) {
    state.stop();
    front.stop();
    if timeout_at(end, quiet(state)).await.is_err() {
        let requests = state.metrics.in_flight();
        tracing::warn!(
            requests,
            "timeouts.shutdown is over: cutting off what is in flight"
        );
    }
}

/// Waits until no request has been in flight for [`QUIET`].
async fn quiet(state: &State) {
    const STEPS: u32 = 10;
    let mut idle = 0;
    while idle < STEPS {
        rt::time::sleep(QUIET / STEPS).await;
        let busy = state.metrics.in_flight() > 0;
        idle = if busy { 0 } else { idle + 1 };
    }
}
