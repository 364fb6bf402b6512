//! HTTP/2, served by h2, with limits on everything that a peer can make the server hold: streams,
//! header fields, data waiting to be sent, and the time that it waits.

use std::cell::Cell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use actix_web::HttpResponse;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::error::PayloadError;
use actix_web::rt::time::timeout;
use actix_web::web::Bytes;
use h2::server::{self, SendResponse};
use h2::{Reason, RecvStream, SendStream};
use hyper::header::{self, HeaderValue};
use hyper::{Method, Request, Response};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use tokio::task::JoinSet;

use super::connection::{Connection, End};
use super::message::{self, Asked, Body, Source};
use super::stream::Stream;

/// The requests of one connection that are served at once, at most.
const STREAMS: u32 = 64;

/// The size of a request's header fields, at most, as HTTP/2 counts: 32 bytes for each beside its
/// name and value. So there are at most 2,048 of them.
const FIELDS: u32 = 64 << 10;

/// The flow-control windows of a body, and of all bodies of a connection, in bytes.
const WINDOW: u32 = 1 << 20;
const CONNECTION_WINDOW: u32 = 2 << 20;

/// The piece of an answer handed over at a time, and the data that may wait to be sent, in bytes.
const CHUNK: usize = 16 << 10;
const SEND_BUFFER: usize = 64 << 10;

/// The memory for answers that wait for their peers, over all connections of a worker, in bytes.
const UNTAKEN: usize = 16 << 20;

/// The time that an answer may wait beyond that: one that is wanted is taken within it.
const HURRY: Duration = Duration::from_millis(200);

/// The number of reset streams, by either side, that are remembered.
const RESETS: usize = 32;

impl Source for RecvStream {
    fn poll_bytes(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, PayloadError>>> {
        let broken = |error: h2::Error| PayloadError::Io(std::io::Error::other(error));
        Poll::Ready(match ready!(self.poll_data(context)) {
            Some(Ok(bytes)) => {
                let taken = self.flow_control().release_capacity(bytes.len());
                Some(taken.map(|()| bytes).map_err(broken))
            }
            Some(Err(error)) => Some(Err(broken(error))),
            None => None,
        })
    }
}

/// The peer took neither the answer in time nor any other data of the connection.
struct Stuck;

/// The peer has cancelled the answer.
struct Unwanted;

/// Serves one connection until it ends.
pub(super) async fn serve(connection: Rc<Connection>, stream: Stream) -> End {
    let mut builder = server::Builder::new();
    builder
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(FIELDS)
        .max_send_buffer_size(SEND_BUFFER)
        .initial_window_size(WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .max_concurrent_reset_streams(RESETS)
        .max_pending_accept_reset_streams(RESETS)
        .max_local_error_reset_streams(Some(RESETS));
    let peer = tokio::select! {
        peer = builder.handshake(stream) => peer,
        end = connection.over() => return end,
    };
    let mut peer = match peer {
        Ok(peer) => peer,
        Err(error) => return end(&error),
    };
    let mut requests = JoinSet::new();
    let taken = Rc::new(Cell::new(Instant::now()));
    let mut stopping = false;
    loop {
        // HTTP/2 does not count streams that the peer has reset, but their requests are still
        // served.
        let room = requests.len() < STREAMS as usize;
        let asked = poll_fn(|context| {
            if room {
                peer.poll_accept(context)
            } else {
                peer.poll_closed(context)
                    .map(|closed| closed.err().map(Err))
            }
        });
        tokio::select! {
            asked = asked => match asked {
                Some(Ok((request, respond))) => {
                    let (connection, taken) = (Rc::clone(&connection), Rc::clone(&taken));
                    requests.spawn_local(serve_request(connection, taken, request, respond));
                }
                Some(Err(error)) => return end(&error),
                None => return End::Closed,
            },
            Some(served) = requests.join_next() => {
                if let Ok(Err(Stuck)) = served {
                    return End::Stuck;
                }
            }
            turn = connection.turn(stopping) => match turn {
                Ok(()) => {}
                Err(End::Stopping) => {
                    stopping = true;
                    peer.graceful_shutdown();
                }
                Err(end) => return end,
            }
        }
    }
}

/// The end of a connection, from h2's error.
fn end(error: &h2::Error) -> End {
    match error.get_io() {
        Some(io) => End::broken(io),
        None if error.is_library() => End::Malformed(error.to_string()),
        None => End::broken(error),
    }
}

/// Answers one request. `taken` is the time at which the peer last took part of an answer on this
/// connection.
///
/// The part of a body that the application leaves is still read, within limits: dropping it would
/// reset the stream, and clients that are still sending would lose the answer (curl 7.88 does). It
/// is read while the answer is sent: the peer decides when it takes the answer, and until then the
/// bytes would sit in memory that nothing counts.
async fn serve_request(
    connection: Rc<Connection>,
    taken: Rc<Cell<Instant>>,
    request: Request<RecvStream>,
    mut respond: SendResponse<Bytes>,
) -> Result<(), Stuck> {
    // Kept to the end: the body may be gone before the answer is.
    let asked = Asked::new(&connection.ticket.place);
    let (parts, body) = request.into_parts();
    let empty = body.is_end_stream();
    let body = Body::new(body, empty, Rc::clone(&asked));
    let application = &connection.shared.application;
    let Some(request) = message::request(&parts, body.clone(), connection.peer) else {
        respond.send_reset(Reason::PROTOCOL_ERROR);
        return Ok(());
    };
    let response = application(request).await;
    body.answered();
    let is_head = parts.method == Method::HEAD;
    let (start, mut patience) = (Instant::now(), connection.shared.times.write);
    let untaken = Untaken::new(&connection.shared.untaken, response.body().size());
    let hurry = untaken.are_too_many();
    if hurry {
        patience = patience.min(HURRY);
    }
    // One timeout for the whole answer: a peer that takes a byte now and then is no better than a
    // silent one.
    let answer = timeout(patience, send(&mut respond, response, is_head, &taken));
    let bounds = connection.shared.drain;
    let drain = async move {
        if !body.ended() {
            body.drain(bounds.size, bounds.time).await;
        }
    };
    let (answered, ()) = tokio::join!(answer, drain);
    if answered.is_ok() {
        return Ok(());
    }
    respond.send_reset(Reason::CANCEL);
    if hurry || taken.get() > start {
        // The peer still takes other answers, which need not end with this one.
        return Ok(());
    }
    Err(Stuck)
}

/// The bytes of an answer, part of the total until this is dropped.
struct Untaken<'a> {
    all: &'a Cell<usize>,
    bytes: usize,
}

impl<'a> Untaken<'a> {
    fn new(all: &'a Cell<usize>, size: BodySize) -> Self {
        let bytes = match size {
            BodySize::Sized(size) => usize::try_from(size).unwrap_or(usize::MAX),
            // The application's bodies are all in memory, with a known size.
            BodySize::None | BodySize::Stream => 0,
        };
        all.set(all.get().saturating_add(bytes));
        Self { all, bytes }
    }

    fn are_too_many(&self) -> bool {
        self.all.get() > UNTAKEN
    }
}

impl Drop for Untaken<'_> {
    fn drop(&mut self) {
        self.all.set(self.all.get().saturating_sub(self.bytes));
    }
}

/// Sends an answer. Each piece is handed over only when the peer has room for it.
async fn send(
    respond: &mut SendResponse<Bytes>,
    response: HttpResponse<BoxBody>,
    is_head: bool,
    taken: &Cell<Instant>,
) -> Result<(), Unwanted> {
    let (mut head, mut body) = message::answer(response);
    let size = body.size();
    complete(&mut head, size);
    let is_bare = is_head || matches!(size, BodySize::None | BodySize::Sized(0));
    let sent = respond.send_response(head, is_bare);
    let mut stream = sent.map_err(|_| Unwanted)?;
    if is_bare {
        return Ok(());
    }
    while let Some(bytes) = poll_fn(|context| message::poll_answer(&mut body, context)).await {
        let Ok(mut bytes) = bytes else {
            stream.send_reset(Reason::INTERNAL_ERROR);
            return Err(Unwanted);
        };
        while !bytes.is_empty() {
            let room = room(&mut stream, bytes.len()).await?;
            taken.set(Instant::now());
            let piece = bytes.split_to(room.min(bytes.len()));
            let sent = stream.send_data(piece, false);
            sent.map_err(|_| Unwanted)?;
        }
    }
    let sent = stream.send_data(Bytes::new(), true);
    sent.map_err(|_| Unwanted)
}

/// The number of these bytes that the peer takes now; waits until it takes any.
async fn room(stream: &mut SendStream<Bytes>, bytes: usize) -> Result<usize, Unwanted> {
    stream.reserve_capacity(bytes.min(CHUNK));
    match poll_fn(|context| stream.poll_capacity(context)).await {
        Some(Ok(room)) => Ok(room),
        _ => Err(Unwanted),
    }
}

/// Adds the header fields that every answer has (RFC 9110 sections 6.6.1 and 8.6).
fn complete(head: &mut Response<()>, size: BodySize) {
    let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&Timestamp::now());
    let date = date.ok().and_then(|date| HeaderValue::try_from(date).ok());
    let fields = head.headers_mut();
    if let Some(date) = date {
        fields.insert(header::DATE, date);
    }
    if let BodySize::Sized(size) = size {
        fields.insert(header::CONTENT_LENGTH, size.into());
    }
}
