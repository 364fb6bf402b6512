//! One connection, from its place to its end.

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

/// Timeouts of connections.
#[derive(Debug, Clone, Copy)]
pub(super) struct Times {
    /// For the TLS handshake.
    pub(super) handshake: Duration,
    /// For requests.
    pub(super) patience: Patience,
    /// For the peer to take some of what is sent.
    pub(super) write: Duration,
}

/// Bounds of reading and forgetting a body that nobody wants.
#[derive(Debug, Clone, Copy)]
pub(super) struct Drain {
    /// In bytes.
    pub(super) size: u64,
    pub(super) time: Duration,
}

/// The state that the connections of a worker share.
pub(super) struct Shared {
    pub(super) application: Application,
    /// The TLS context of new connections, which can be another for each.
    pub(super) tls: watch::Receiver<SslAcceptor>,
    pub(super) times: Times,
    pub(super) drain: Drain,
    pub(super) counts: Counts,
    /// The bytes of answers over HTTP/2 that their peers have not taken yet.
    pub(super) untaken: Cell<usize>,
}

/// One connection.
pub(super) struct Connection {
    pub(super) shared: Rc<Shared>,
    pub(super) peer: SocketAddr,
    pub(super) ticket: Ticket,
    /// True from when the server stops.
    pub(super) stop: watch::Receiver<bool>,
}

/// The end of a connection, come to or asked for.
#[derive(Debug)]
pub(super) enum End {
    /// It was done.
    Closed,
    /// The peer went away, or the network did.
    Broken(String),
    /// The peer sent something other than HTTP.
    Malformed(String),
    /// It said nothing for too long.
    Silent,
    /// It took nothing of what was sent for too long.
    Stuck,
    /// It had to make room.
    MadeRoom,
    /// The server stops: no more requests.
    Stopping,
}

impl End {
    /// The end that an error of the network or of its wrappers tells of.
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
    /// Waits until there is something to do for the connection besides its requests: an end that
    /// it has come to, or nothing after all.
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

    /// Waits until the connection has come to an end, whatever its requests are at.
    pub(super) async fn over(&self) -> End {
        loop {
            if let Err(end) = self.turn(false).await {
                return end;
            }
        }
    }
}
