//! From a TCP connection to a request: the server's own acceptor in front of actix's application.
//!
//! Connections accepted here go to a [`worker`], if [`admission`] has a place for them ([`place`]).
//! There each gets its TLS handshake and its timeouts ([`connection`], [`stream`]), and is served
//! as HTTP/1.1 ([`http1`]) or HTTP/2 ([`http2`]); both call the same application ([`message`]).

mod admission;
mod connection;
mod files;
mod http1;
mod http2;
mod message;
mod metrics;
mod place;
mod serve;
mod stream;
mod worker;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use actix_http::Request;
use actix_service::IntoServiceFactory;
use actix_web::body::MessageBody;
use actix_web::dev::{AppConfig, ServiceFactory, ServiceResponse};
use actix_web::rt::time::sleep;
use openssl::ssl::SslAcceptor;
use socket2::SockRef;
use tokio::sync::watch;

use crate::config::{Config, Listen};
use admission::Admission;
use connection::{Drain, Times};
pub(crate) use metrics::Counts;
use place::Patience;
use worker::Worker;
use worker::{Accepted, Settings};

/// The connections that the system queues until they are accepted: a burst of publishers.
const BACKLOG: i32 = 4096;

/// The time for discarding the rest of a body.
const DRAIN: Duration = Duration::from_secs(5);

/// The pause in accepting after the system could not provide a connection.
const PAUSE: Duration = Duration::from_millis(50);

/// Threads for blocking work, over all workers.
const BLOCKING: usize = 512;

/// Listens on the address before the server announces it. If a host name has several addresses,
/// takes the first that works.
///
/// # Errors
/// If the address cannot be bound.
pub(crate) fn bind(address: &Listen) -> io::Result<TcpListener> {
    let listener = TcpListener::bind(&address.resolve()?[..])?;
    let socket = SockRef::from(&listener);
    // Connections inherit this. Otherwise an answer waits until the client acknowledges TLS's
    // session tickets, which it delays by 40 ms.
    socket.set_tcp_nodelay(true)?;
    // The standard library's backlog is too short for a burst.
    socket.listen(BACKLOG)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// Accepts connections and serves them.
#[derive(Debug)]
pub(crate) struct Front {
    admission: Arc<Admission>,
    workers: Vec<Worker>,
    stop: watch::Sender<bool>,
}

impl Front {
    /// Starts the workers. `tls` holds the context for new connections.
    ///
    /// # Errors
    /// If the system has no threads or files left for it.
    pub(crate) fn start<F, I, S, B>(
        config: &Config,
        tls: watch::Receiver<SslAcceptor>,
        counts: Counts,
        app: F,
    ) -> io::Result<Self>
    where
        F: Fn() -> I + Clone + Send + 'static,
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
        let most = files::connections(config.limits.max_connections.get());
        let (stop, stopped) = watch::channel(false);
        let (workers, timeouts) = (config.workers.count(), &config.timeouts);
        let settings = Settings {
            tls,
            stop: stopped,
            times: Times {
                handshake: timeouts.handshake.get(),
                patience: Patience {
                    request: timeouts.request.get(),
                    keep_alive: timeouts.keep_alive.get(),
                },
                write: timeouts.write.get(),
            },
            drain: Drain {
                size: 2 * config.limits.max_body.bytes() as u64,
                time: DRAIN,
            },
            counts: counts.clone(),
            blocking: NonZeroUsize::new(BLOCKING / workers).unwrap_or(NonZeroUsize::MIN),
        };
        let start = |number| Worker::start(number, &settings, app.clone());
        Ok(Self {
            admission: Arc::new(Admission::new(most, counts)),
            workers: (0..workers.get()).map(start).collect::<io::Result<_>>()?,
            stop,
        })
    }

    /// Accepts connections until the server stops.
    ///
    /// # Errors
    /// If waiting for the listener fails.
    pub(crate) async fn accept(&self, listener: TcpListener) -> io::Result<()> {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let mut stop = self.stop.subscribe();
        loop {
            let accept = async {
                self.admission.caught_up().await;
                listener.accept().await
            };
            let accepted = tokio::select! {
                accepted = accept => accepted,
                _ = stop.wait_for(|stop| *stop) => return Ok(()),
            };
            match accepted {
                Ok((tcp, peer)) => self.place(tcp, peer),
                Err(error) if is_of_one(&error) => {}
                Err(error) => {
                    tracing::error!(kind = "accept", %error, "cannot accept connections");
                    sleep(PAUSE).await;
                }
            }
        }
    }

    /// Gives the connection to the worker with the fewest, if it is admitted.
    fn place(&self, tcp: tokio::net::TcpStream, peer: SocketAddr) {
        let Some(ticket) = self.admission.admit(peer.ip()) else {
            return;
        };
        let loads = self.workers.iter();
        let loads = loads.filter_map(|worker| Some((worker.load()?, worker)));
        let least = loads.min_by_key(|(load, _)| *load);
        if let (Some((_, worker)), Ok(tcp)) = (least, tcp.into_std()) {
            worker.take(Accepted { tcp, peer, ticket });
        }
    }

    /// Takes no more connections and requests; those being served are finished.
    pub(crate) fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// Ends all connections.
    pub(crate) fn end(self) {
        for worker in self.workers {
            worker.end();
        }
    }
}

/// True if the error concerns only the connection being accepted.
fn is_of_one(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset
    )
}
