//! A thread that serves connections, with its own instance of the application.

use std::io;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};

use actix_http::Request;
use actix_service::IntoServiceFactory;
use actix_web::body::MessageBody;
use actix_web::dev::{AppConfig, Service, ServiceFactory, ServiceResponse};
use actix_web::rt;
use tokio::net::TcpStream;
use tokio::runtime::Builder;
use tokio::sync::{mpsc, watch};
use tokio::task::LocalSet;

use super::admission::Ticket;
use super::connection::{Connection, Drain, Shared, Times};
use super::message::Application;
use super::metrics::Counts;
use super::serve::serve;
use openssl::ssl::SslAcceptor;
use std::cell::Cell;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
/// A connection that has been admitted.
#[derive(Debug)]
pub(super) struct Accepted {
    pub(super) tcp: std::net::TcpStream,
    pub(super) peer: SocketAddr,
    pub(super) ticket: Ticket,
}

/// The settings of the workers.
#[derive(Clone)]
pub(super) struct Settings {
    pub(super) tls: watch::Receiver<SslAcceptor>,
    pub(super) stop: watch::Receiver<bool>,
    pub(super) times: Times,
    pub(super) drain: Drain,
    pub(super) counts: Counts,
    pub(super) blocking: NonZeroUsize,
}

impl Settings {
    fn shared(&self, application: Application) -> Shared {
        Shared {
            application,
            tls: self.tls.clone(),
            times: self.times,
            drain: self.drain,
            counts: self.counts.clone(),
            untaken: Cell::new(0),
        }
    }
}

/// A thread that serves connections.
#[derive(Debug)]
pub(super) struct Worker {
    connections: mpsc::UnboundedSender<Accepted>,
    load: Arc<AtomicUsize>,
    thread: JoinHandle<()>,
}

/// Counts a connection towards a worker's load until it is dropped.
struct Load(Arc<AtomicUsize>);

impl Drop for Load {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Worker {
    /// Starts a thread with the application that `app` makes.
    pub(super) fn start<F, I, S, B>(number: usize, settings: &Settings, app: F) -> io::Result<Self>
    where
        F: FnOnce() -> I + Send + 'static,
        I: IntoServiceFactory<S, Request>,
        S: ServiceFactory<
                Request,
                Config = AppConfig,
                Response = ServiceResponse<B>,
                Error = actix_web::Error,
                InitError = (),
            > + 'static,
        S::Service: 'static,
        B: MessageBody + 'static,
    {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .max_blocking_threads(settings.blocking.get())
            .build()?;
        let (connections, accepted) = mpsc::unbounded_channel::<Accepted>();
        let load = Arc::new(AtomicUsize::new(0));
        let (load_of_all, settings) = (Arc::clone(&load), settings.clone());
        let thread = thread::Builder::new()
            .name(format!("http-{number}"))
            .spawn(move || {
                let serving = serve_all(app, accepted, load_of_all, settings);
                LocalSet::new().block_on(&runtime, serving);
                // Decoding that still runs has no one left to answer.
                runtime.shutdown_background();
            })?;
        Ok(Self {
            connections,
            load,
            thread,
        })
    }

    /// The number of its connections; none if it has ended, for example by a bug, and takes no
    /// more.
    pub(super) fn load(&self) -> Option<usize> {
        let ended = self.connections.is_closed();
        (!ended).then(|| self.load.load(Ordering::Relaxed))
    }

    /// Hands a connection to the worker.
    pub(super) fn take(&self, accepted: Accepted) {
        self.load.fetch_add(1, Ordering::Relaxed);
        // A worker that has ended takes none: the connection ends here.
        if self.connections.send(accepted).is_err() {
            self.load.fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// Ends the worker and all its connections.
    pub(super) fn end(self) {
        drop(self.connections);
        // An error of the thread was reported when it happened.
        let _ = self.thread.join();
    }
}

/// Serves connections until no more can come.
async fn serve_all<F, I, S, B>(
    app: F,
    mut accepted: mpsc::UnboundedReceiver<Accepted>,
    load: Arc<AtomicUsize>,
    settings: Settings,
) where
    F: FnOnce() -> I,
    I: IntoServiceFactory<S, Request>,
    S: ServiceFactory<
            Request,
            Config = AppConfig,
            Response = ServiceResponse<B>,
            Error = actix_web::Error,
            InitError = (),
        >,
    S::Service: 'static,
    B: MessageBody + 'static,
{
    let app = app().into_factory().new_service(AppConfig::default());
    // The application cannot fail to start.
    let Ok(service) = app.await else {
        return;
    };
    let shared = Rc::new(settings.shared(application(service)));
    while let Some(accepted) = accepted.recv().await {
        let load = Load(Arc::clone(&load));
        let served = serve_accepted(accepted, Rc::clone(&shared), settings.stop.clone());
        drop(rt::spawn(async move {
            served.await;
            drop(load);
        }));
    }
}

async fn serve_accepted(accepted: Accepted, shared: Rc<Shared>, stop: watch::Receiver<bool>) {
    let Accepted { tcp, peer, ticket } = accepted;
    if ticket.place.has_to_leave() {
        return;
    }
    let Ok(tcp) = TcpStream::from_std(tcp) else {
        return;
    };
    let connection = Connection {
        shared,
        peer,
        ticket,
        stop,
    };
    serve(tcp, connection).await;
}

/// Erases the types of the service that answers requests.
fn application<S, B>(service: S) -> Application
where
    S: Service<Request, Response = ServiceResponse<B>, Error = actix_web::Error> + 'static,
    S::Future: 'static,
    B: MessageBody + 'static,
{
    Rc::new(move |request| {
        let answer = service.call(request);
        Box::pin(async move {
            match answer.await {
                Ok(response) => response.into_parts().1.map_into_boxed_body(),
                Err(error) => error.error_response(),
            }
        })
    })
}
