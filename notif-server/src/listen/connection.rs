//! One connection, from its admission to its end.

use std::cell::Cell;
use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use actix_web::rt::time::sleep_until;
use openssl::ssl::SslAcceptor;
use tokio::sync::watch;

use super::admission::Ticket;
use super::message::Application;
use super::metrics::Counts;
use super::place::Patience;
use super::stream::next_look;

/// The timeouts of connections.
#[derive(Debug, Clone, Copy)]
pub(super) struct Times {
    /// The TLS handshake.
    pub(super) handshake: Duration,
    /// The wait for requests.
    pub(super) patience: Patience,
    /// The time in which the peer must take some of the data sent.
    pub(super) write: Duration,
}

/// The limits for discarding the rest of a body.
#[derive(Debug, Clone, Copy)]
pub(super) struct Drain {
    /// In bytes.
    pub(super) size: u64,
    pub(super) time: Duration,
}

/// The state that all connections of a worker share.
pub(super) struct Shared {
    pub(super) application: Application,
    /// The TLS context of new connections; it can be replaced at any time.
    pub(super) tls: watch::Receiver<SslAcceptor>,
    pub(super) times: Times,
    pub(super) drain: Drain,
    pub(super) counts: Counts,
    /// The bytes of HTTP/2 answers that the peers have not taken yet.
    pub(super) untaken: Cell<usize>,
}

/// One connection.
pub(super) struct Connection {
    pub(super) shared: Rc<Shared>,
    pub(super) peer: SocketAddr,
    pub(super) ticket: Ticket,
    /// True once the server stops.
    pub(super) stop: watch::Receiver<bool>,
}

/// The end of a connection, or the request to end it.
#[derive(Debug)]
pub(super) enum End {
    /// It ended normally.
    Closed,
    /// The peer or the network broke it off.
    Broken(String),
    /// The peer sent something that is not HTTP.
    Malformed(String),
    /// The peer was silent for too long.
    Silent,
    /// The peer took none of the data sent for too long.
    Stuck,
    /// It was evicted to make room.
    MadeRoom,
    /// The server is stopping: it takes no more requests.
    Stopping,
}

impl End {
    /// The message of an error of the network, or of a type that wraps one.
    pub(super) fn broken(error: &(dyn Error + 'static)) -> Self {
        let mut cause = Some(error);
        while let Some(error) = cause {
            let io = error.downcast_ref::<io::Error>();
            if io.is_some_and(|io| io.kind() == io::ErrorKind::TimedOut) {
                return Self::Stuck;
            }
            cause = error.source();
        }
        Self::Broken(error.to_string())
    }
}

impl Connection {
    /// Waits until the connection has to end, or until it is time to check again (`Ok`).
    pub(super) async fn turn(&self, stopping: bool) -> Result<(), End> {
        let (place, patience) = (&self.ticket.place, self.shared.times.patience);
        let mut stop = self.stop.clone();
        let look = next_look(place.deadline(patience), patience.step());
        tokio::select! {
            () = place.left() => Err(End::MadeRoom),
            _ = stop.wait_for(|stop| *stop), if !stopping => Err(End::Stopping),
            () = sleep_until(look) => match place.deadline(patience) {
                Some(deadline) if deadline <= Instant::now() => Err(End::Silent),
                _ => Ok(()),
            }
        }
    }

    /// Waits until the connection has to end, whatever its requests are doing.
    pub(super) async fn over(&self) -> End {
        loop {
            if let Err(end) = self.turn(false).await {
                return end;
            }
        }
    }
}
