//! The bytes of one connection, with two rules that HTTP leaves open: a timeout for peers that take
//! no data, and a close that does not lose the last answer.

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

/// The time that a close may take, for the peer to take the last answer while it is still sending.
const LINGER: Duration = Duration::from_secs(2);

/// The size of a piece that is read and discarded.
const SCRAP: usize = 16 << 10;

/// A connection's stream.
pub(super) struct Stream {
    inner: SslStream<TcpStream>,
    /// Notified of bytes that may start a head, and of answers that have left; not used in HTTP/2,
    /// where a byte can be anything.
    place: Option<Arc<Place>>,
    /// The time in which the peer must take some data.
    patience: Duration,
    stuck: Option<Pin<Box<Sleep>>>,
    ending: Ending,
}

/// The progress of a close.
enum Ending {
    NotYet,
    /// All data and the close notification are sent; incoming bytes are discarded.
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

    /// Ends the stream if the peer has taken no data for too long.
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

    /// Announces the close, and reads on until the peer announces its own: unread bytes would make
    /// the system reset the connection, and the last answer could be lost.
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

/// The time of the next check of a connection that may be silent until `deadline`.
pub(super) fn next_look(deadline: Option<std::time::Instant>, step: Duration) -> Instant {
    let look = Instant::now() + step;
    deadline.map_or(look, |deadline| look.min(deadline.into()))
}
