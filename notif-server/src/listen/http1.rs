//! HTTP/1.1, served by hyper: one request after the other, even if they are pipelined.

use std::convert::Infallible;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::error::PayloadError;
use actix_web::rt;
use actix_web::web::Bytes;
use hyper::body::{Body as _, Frame, Incoming, SizeHint};
use hyper::header::{self, HeaderValue};
use hyper::http::request::Parts;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode, Version};
use hyper_util::rt::TokioIo;

use super::connection::{Connection, End};
use super::message::{self, Asked, Body, Broken, Source};
use super::stream::Stream;

/// The size of a head, and of the part of a body read ahead, at most, in bytes.
const BUFFER: usize = 64 << 10;

/// The header fields of a request, at most.
const FIELDS: usize = 100;

impl Source for Incoming {
    fn poll_bytes(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, PayloadError>>> {
        loop {
            let frame = match ready!(Pin::new(&mut *self).poll_frame(context)) {
                Some(Ok(frame)) => frame,
                Some(Err(error)) if error.is_incomplete_message() => {
                    return Poll::Ready(Some(Err(PayloadError::Incomplete(None))));
                }
                Some(Err(error)) => {
                    let error = std::io::Error::other(error);
                    return Poll::Ready(Some(Err(PayloadError::Io(error))));
                }
                None => return Poll::Ready(None),
            };
            // The server ignores trailers.
            if let Ok(bytes) = frame.into_data() {
                return Poll::Ready(Some(Ok(bytes)));
            }
        }
    }
}

/// Serves one connection until it ends.
pub(super) async fn serve(connection: Rc<Connection>, stream: Stream) -> End {
    let service = service_fn(|request| {
        let connection = Rc::clone(&connection);
        async move { Ok::<_, Infallible>(respond(&connection, request).await) }
    });
    let mut server = http1::Builder::new();
    server
        .header_read_timeout(None)
        .half_close(true)
        .max_buf_size(BUFFER)
        .max_headers(FIELDS);
    let mut serving = std::pin::pin!(server.serve_connection(TokioIo::new(stream), service));
    let mut stopping = false;
    loop {
        tokio::select! {
            ended = serving.as_mut() => return end(ended),
            turn = connection.turn(stopping) => match turn {
                Ok(()) => {}
                Err(End::Stopping) => {
                    stopping = true;
                    serving.as_mut().graceful_shutdown();
                }
                Err(end) => return end,
            }
        }
    }
}

/// The end of a connection, from hyper's result.
fn end(ended: hyper::Result<()>) -> End {
    match ended {
        Ok(()) => End::Closed,
        Err(error) if error.is_parse() => End::Malformed(error.to_string()),
        Err(error) => End::broken(&error),
    }
}

/// Answers one request. The part of its body that the application leaves is discarded before the
/// next request; if that would take too long, the connection ends with the answer.
async fn respond(connection: &Connection, request: Request<Incoming>) -> Response<Answer> {
    let asked = Asked::new(&connection.ticket.place);
    let (parts, body) = request.into_parts();
    let expects = parts.headers.contains_key(header::EXPECT);
    let (empty, length) = (body.is_end_stream(), body.size_hint().upper());
    let body = Body::new(body, empty, Rc::clone(&asked));
    let application = &connection.shared.application;
    if !has_one_host(&parts) {
        connection.shared.counts.malformed("1.1");
        tracing::warn!(
            publisher = %connection.peer.ip().to_canonical(),
            kind = "malformed",
            version = "1.1",
            "no Host header field, or several: answered 400"
        );
        return bad_request(asked);
    }
    let Some(request) = message::request(&parts, body.clone(), connection.peer) else {
        return bad_request(asked);
    };
    let response = application(request).await;
    body.answered();
    let (head, answer) = message::answer(response);
    let mut response = head.map(|()| Answer {
        body: answer,
        asked,
    });
    if !body.ended() {
        let bounds = connection.shared.drain;
        // A client that waits for 100 Continue may now send all of the body or nothing: nobody can
        // tell.
        let unasked = expects && !body.begun();
        if unasked || length.is_some_and(|length| length > bounds.size) {
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(header::CONNECTION, close);
        } else {
            drop(rt::spawn(async move {
                body.drain(bounds.size, bounds.time).await;
            }));
        }
    }
    response
}

/// True if the request names its host as RFC 9112 section 3.2 demands: exactly once; optional in
/// HTTP/1.0.
fn has_one_host(parts: &Parts) -> bool {
    match parts.headers.get_all(header::HOST).iter().count() {
        0 => parts.version < Version::HTTP_11,
        hosts => hosts == 1,
    }
}

fn bad_request(asked: Rc<Asked>) -> Response<Answer> {
    let mut response = Response::new(Answer {
        body: BoxBody::new(()),
        asked,
    });
    *response.status_mut() = StatusCode::BAD_REQUEST;
    // The body is not read, so the connection ends with the answer.
    let close = HeaderValue::from_static("close");
    response.headers_mut().insert(header::CONNECTION, close);
    response
}

/// The body of an answer, for hyper.
struct Answer {
    body: BoxBody,
    asked: Rc<Asked>,
}

impl Drop for Answer {
    /// Called when hyper has taken all of it, or gives up on it.
    fn drop(&mut self) {
        self.asked.buffered();
    }
}

impl hyper::body::Body for Answer {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        let bytes = ready!(message::poll_answer(&mut self.body, context));
        Poll::Ready(bytes.map(|bytes| bytes.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.body.size(), BodySize::None | BodySize::Sized(0))
    }

    fn size_hint(&self) -> SizeHint {
        match self.body.size() {
            BodySize::None => SizeHint::with_exact(0),
            BodySize::Sized(size) => SizeHint::with_exact(size),
            BodySize::Stream => SizeHint::default(),
        }
    }
}
