//! The bytes of one connection, with what HTTP leaves open: how long a peer may take nothing of
//! what is sent, and an end that does not take the last answer away from it.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep};
use tokio_openssl::SslStream;

use super::place::Place;

/// The time that an end may take: for the peer to take the last answer, although it has not sent
/// all.
const LINGER: Duration = Duration::from_secs(2);

/// The bytes that are read and forgotten at a time.
const SCRAP: usize = 16 << 10;

/// A connection's stream.
pub(super) struct Stream {
    inner: SslStream<TcpStream>,
    /// Who is told that a head may have begun, and that answers have left; in HTTP/2 a byte can be
    /// anything.
    place: Option<Arc<Place>>,
    /// The time in which a byte has to be taken.
    patience: Duration,
    stuck: Option<Pin<Box<Sleep>>>,
    ending: Ending,
}

/// The progress of the end.
enum Ending {
    NotYet,
    /// All is sent, and so is that it is all; what still comes is read and forgotten.
    Lingering(Pin<Box<Sleep>>),
}

impl Stream {
    pub(super) fn new(
        inner: SslStream<TcpStream>,
        place: Option<Arc<Place>>,
        patience: Duration,
    ) -> Self {
        Self {
            inner,
            place,
            patience,
            stuck: None,
            ending: Ending::NotYet,
        }
    }

    /// Ends the stream if the peer has taken nothing for too long.
    fn watch<T>(
        &mut self,
        context: &mut Context<'_>,
        sent: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if sent.is_ready() {
            self.stuck = None;
            return sent;
        }
        let patience = self.patience;
        let stuck = self.stuck.get_or_insert_with(|| Box::pin(sleep(patience)));
        ready!(stuck.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        let read = Pin::new(&mut this.inner).poll_read(context, buffer);
        if let Some(place) = &this.place
            && buffer.filled().len() > before
        {
            place.heard();
        }
        read
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let sent = Pin::new(&mut this.inner).poll_write(context, bytes);
        this.watch(context, sent)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let sent = Pin::new(&mut this.inner).poll_flush(context);
        if let (Some(place), Poll::Ready(Ok(()))) = (&this.place, &sent) {
            place.flushed();
        }
        this.watch(context, sent)
    }

    /// Says that all is sent, and reads on until the peer says so too: what it sent and nobody read
    /// would make the system reset the connection, and the last answer could be lost with it.
    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        loop {
            match &mut this.ending {
                Ending::NotYet => {
                    let sent = Pin::new(&mut this.inner).poll_shutdown(context);
                    ready!(this.watch(context, sent))?;
                    this.ending = Ending::Lingering(Box::pin(sleep(LINGER)));
                }
                Ending::Lingering(end) => {
                    let mut scrap = [0; SCRAP];
                    let mut scrap = ReadBuf::new(&mut scrap);
                    let tcp = Pin::new(this.inner.get_mut());
                    let late = end.as_mut().poll(context).is_ready();
                    match tcp.poll_read(context, &mut scrap) {
                        Poll::Ready(Ok(())) if !late && !scrap.filled().is_empty() => {}
                        Poll::Pending if !late => return Poll::Pending,
                        _ => return Poll::Ready(Ok(())),
                    }
                }
            }
        }
    }
}

/// Until when to look again at a connection that may be silent until `deadline`.
pub(super) fn next_look(deadline: Option<std::time::Instant>, step: Duration) -> Instant {
    let look = Instant::now() + step;
    deadline.map_or(look, |deadline| look.min(deadline.into()))
}
