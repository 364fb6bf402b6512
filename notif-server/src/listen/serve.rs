//! Serves one connection, from its TLS handshake to its end.

use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

use actix_web::rt::time::timeout;
use openssl::ssl::Ssl;
use tokio::net::TcpStream;
use tokio_openssl::SslStream;

use super::connection::{Connection, End};
use super::stream::Stream;
use super::{http1, http2};

/// Serves a connection from its TLS handshake to its end.
pub(super) async fn serve(tcp: TcpStream, connection: Connection) {
    let counts = connection.shared.counts.clone();
    // The place to read a header that precedes TLS, such as that of a proxy.
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
        // Counted at the place of the decision.
        End::Closed | End::MadeRoom | End::Stopping => {}
    }
}

/// The TLS handshake; none if it fails.
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
