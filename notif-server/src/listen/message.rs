//! Translates requests and answers between the protocols and the application.
//!
//! The protocols are served by hyper and h2, with the types of the crate `http`; actix uses an
//! older version of that crate.

use std::cell::RefCell;
use std::net::SocketAddr;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use actix_http::{BoxedPayloadStream, Request};
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::http::{Method, Uri};
use actix_web::web::Bytes;
use actix_web::{HttpResponse, rt};
use futures_core::Stream;
use hyper::http::request::Parts;

use super::place::Place;

/// The application: answers requests.
pub(super) type Application =
    Rc<dyn Fn(Request) -> Pin<Box<dyn Future<Output = HttpResponse<BoxBody>>>>>;

/// The source of the bytes of a request's body.
pub(super) trait Source: Unpin + 'static {
    /// The next bytes; `None` at the end.
    fn poll_bytes(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, PayloadError>>>;
}

/// One request of a connection, from its head to the end of its answer.
#[derive(Debug)]
pub(super) struct Asked(Arc<Place>);

impl Asked {
    pub(super) fn new(place: &Arc<Place>) -> Rc<Self> {
        place.begin();
        Rc::new(Self(Arc::clone(place)))
    }

    /// Notes that the whole answer was handed over, though it may not have left.
    pub(super) fn buffered(&self) {
        self.0.buffered();
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// A complete request that the server is working on.
#[derive(Debug)]
struct Work(Arc<Place>);

impl Drop for Work {
    fn drop(&mut self) {
        self.0.rest();
    }
}

/// A request's body, shared by the application and the protocol: the protocol discards the part
/// that the application leaves.
pub(super) struct Body<S>(Rc<RefCell<Reading<S>>>);

struct Reading<S> {
    source: S,
    asked: Rc<Asked>,
    begun: bool,
    ended: bool,
    answered: bool,
    work: Option<Work>,
}

impl<S> Clone for Body<S> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<S: Source> Body<S> {
    pub(super) fn new(source: S, empty: bool, asked: Rc<Asked>) -> Self {
        let mut reading = Reading {
            source,
            asked,
            begun: false,
            ended: false,
            answered: false,
            work: None,
        };
        if empty {
            reading.end();
        }
        Self(Rc::new(RefCell::new(reading)))
    }

    /// True if all of it was read.
    pub(super) fn ended(&self) -> bool {
        self.0.borrow().ended
    }

    /// True if any of it was asked for.
    pub(super) fn begun(&self) -> bool {
        self.0.borrow().begun
    }

    /// Notes that the application has answered.
    pub(super) fn answered(&self) {
        let mut reading = self.0.borrow_mut();
        reading.answered = true;
        reading.work = None;
    }

    /// Reads and discards the rest, within limits; returns true if that reached the end.
    pub(super) async fn drain(&self, most: u64, time: Duration) -> bool {
        let all = async {
            let mut left = most;
            while let Some(Ok(bytes)) = std::future::poll_fn(|context| self.poll(context)).await {
                left = left.saturating_sub(bytes.len() as u64);
                if left == 0 {
                    return false;
                }
            }
            self.ended()
        };
        rt::time::timeout(time, all).await.unwrap_or(false)
    }

    fn poll(&self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, PayloadError>>> {
        let reading = &mut *self.0.borrow_mut();
        if reading.ended {
            return Poll::Ready(None);
        }
        reading.begun = true;
        let bytes = ready!(reading.source.poll_bytes(context));
        if bytes.is_none() {
            reading.end();
        }
        Poll::Ready(bytes)
    }
}

impl<S> Reading<S> {
    fn end(&mut self) {
        self.ended = true;
        if !self.answered {
            let place = &self.asked.0;
            place.work();
            self.work = Some(Work(Arc::clone(place)));
        }
    }
}

impl<S: Source> Stream for Body<S> {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll(context)
    }
}

/// A request for the application; `None` if actix does not accept a part of it.
pub(super) fn request<S: Source>(
    parts: &Parts,
    body: Body<S>,
    peer: SocketAddr,
) -> Option<Request> {
    let payload: BoxedPayloadStream = Box::pin(body);
    let mut request = Request::with_payload(Payload::from(payload));
    let head = request.head_mut();
    head.method = Method::from_bytes(parts.method.as_str().as_bytes()).ok()?;
    head.uri = parts.uri.to_string().parse::<Uri>().ok()?;
    head.peer_addr = Some(peer);
    for (name, value) in &parts.headers {
        let name = HeaderName::from_bytes(name.as_ref()).ok()?;
        let value = HeaderValue::from_bytes(value.as_bytes()).ok()?;
        head.headers.append(name, value);
    }
    Some(request)
}

/// The head and body of an answer.
pub(super) fn answer(response: HttpResponse<BoxBody>) -> (hyper::Response<()>, BoxBody) {
    let mut head = hyper::Response::new(());
    // Both crates allow the numbers from 100 to 999.
    let status = hyper::StatusCode::from_u16(response.status().as_u16());
    *head.status_mut() = status.unwrap_or(hyper::StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in response.headers() {
        let name = hyper::header::HeaderName::from_bytes(name.as_ref());
        let value = hyper::header::HeaderValue::from_bytes(value.as_bytes());
        if let (Ok(name), Ok(value)) = (name, value) {
            head.headers_mut().append(name, value);
        }
    }
    (head, response.into_body())
}

/// The next bytes of an answer's body. The application's bodies are all in memory: none fails.
pub(super) fn poll_answer(
    body: &mut BoxBody,
    context: &mut Context<'_>,
) -> Poll<Option<Result<Bytes, Broken>>> {
    let bytes = ready!(Pin::new(body).poll_next(context));
    Poll::Ready(bytes.map(|bytes| bytes.map_err(|_| Broken)))
}

/// The error of an answer's body that broke off.
#[derive(Debug, thiserror::Error)]
#[error("the body of the answer broke off")]
pub(super) struct Broken;
