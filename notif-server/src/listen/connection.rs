//! One connection, from its place to its end.

use std::cell::Cell;
use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::rt::time::{sleep_until, timeout};
use openssl::ssl::{Ssl, SslAcceptor};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio_openssl::SslStream;

use super::admission::Ticket;
use super::message::Application;
use super::metrics::Counts;
use super::place::Patience;
use super::stream::{Stream, next_look};
use super::{http1, http2};

/// How long connections are waited for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Times {
    /// For the TLS handshake.
    pub(super) handshake: Duration,
    /// For requests.
    pub(super) patience: Patience,
    /// For the peer to take some of what is sent.
    pub(super) write: Duration,
}

/// How much of a body that nobody wants is read and forgotten.
#[derive(Debug, Clone, Copy)]
pub(super) struct Drain {
    /// In bytes.
    pub(super) size: u64,
    pub(super) time: Duration,
}

/// What the connections of a worker share.
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

/// How a connection ended, or what it is asked to.
#[derive(Debug)]
pub(super) enum End {
    /// It was done.
    Closed,
    /// The peer went away, or the network did.
    Broken(String),
    /// What came was no HTTP.
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
    /// What an error of the network or of its wrappers says.
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

/// Serves a connection from its TLS handshake to its end.
pub(super) async fn serve(tcp: TcpStream, connection: Connection) {
    let counts = connection.shared.counts.clone();
    // What stands before TLS, such as who is behind a proxy, is read here.
    let Some(tls) = shake_hands(tcp, &connection).await else {
        return;
    };
    connection.ticket.established();
    let connection = Rc::new(connection);
    let is_http2 = tls.ssl().selected_alpn_protocol() == Some(b"h2");
    let version = if is_http2 { "2" } else { "1.1" };
    counts.established(version);
    let place = (!is_http2).then(|| Arc::clone(&connection.ticket.place));
    let stream = Stream::new(tls, place, connection.shared.times.write);
    let peer = connection.peer;
    let end = if is_http2 {
        http2::serve(connection, stream).await
    } else {
        http1::serve(connection, stream).await
    };
    let publisher = peer.ip().to_canonical();
    match end {
        End::Malformed(reason) => {
            counts.malformed(version);
            tracing::warn!(
                %publisher,
                kind = "malformed",
                version,
                reason,
                "malformed HTTP: closed the connection"
            );
        }
        End::Stuck => {
            counts.closed("stuck");
            tracing::info!(
                %publisher,
                kind = "stuck",
                "took no answer for too long: closed the connection"
            );
        }
        End::Silent => counts.closed("silent"),
        End::Broken(reason) => tracing::debug!(%publisher, reason, "the connection broke"),
        // Counted where it was decided.
        End::Closed | End::MadeRoom | End::Stopping => {}
    }
}

/// The TLS handshake; none if there is no connection after it.
async fn shake_hands(tcp: TcpStream, connection: &Connection) -> Option<SslStream<TcpStream>> {
    let shared = &connection.shared;
    let failed = |reason, error: String| {
        shared.counts.handshake_failed(reason);
        let publisher = connection.peer.ip().to_canonical();
        tracing::debug!(%publisher, reason, error, "no TLS handshake");
        None
    };
    let ssl = Ssl::new(shared.tls.borrow().context());
    let mut stream = match ssl.and_then(|ssl| SslStream::new(ssl, tcp)) {
        Ok(stream) => stream,
        Err(error) => return failed("tls", error.to_string()),
    };
    let mut stop = connection.stop.clone();
    let handshake = timeout(shared.times.handshake, Pin::new(&mut stream).accept());
    let shaken = tokio::select! {
        shaken = handshake => shaken,
        () = connection.ticket.place.left() => return None,
        _ = stop.wait_for(|stop| *stop) => return None,
    };
    match shaken {
        Ok(Ok(())) => Some(stream),
        Ok(Err(error)) => failed("tls", error.to_string()),
        Err(_) => failed("timeout", String::new()),
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
