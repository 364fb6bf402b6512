//! A stand-in between the collector and InfluxDB that can fail in the ways in which servers fail.
#![allow(dead_code, reason = "each test file uses a part")]

use std::net::TcpListener;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::body::{BodySize, MessageBody};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};

/// The behaviour of the stand-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Passes requests on.
    Pass,
    /// Answers this status, with `Retry-After: 1`.
    Status(u16),
    /// Passes requests on after this time.
    Slow(Duration),
    /// Passes requests on, and then cuts the connection instead of answering.
    Mute,
}

/// A running stand-in.
#[derive(Clone)]
pub(crate) struct Proxy {
    pub(crate) url: String,
    state: Arc<State>,
}

struct State {
    upstream: String,
    client: reqwest::Client,
    mode: Mutex<Mode>,
    requests: AtomicU64,
}

impl Proxy {
    /// A stand-in for the server at `upstream`, on a thread of its own.
    pub(crate) fn start(upstream: &str) -> Self {
        let state = Arc::new(State {
            upstream: upstream.to_owned(),
            client: reqwest::Client::new(),
            mode: Mutex::new(Mode::Pass),
            requests: AtomicU64::new(0),
        });
        let data = web::Data::from(Arc::clone(&state));
        let app = move || {
            App::new()
                .app_data(data.clone())
                .app_data(web::PayloadConfig::new(64 << 20))
                .default_service(web::to(answer))
        };
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            let server = HttpServer::new(app).workers(1).listen(listener).unwrap();
            actix_web::rt::System::new().block_on(server.run())
        });
        Self { url, state }
    }

    pub(crate) fn set(&self, mode: Mode) {
        *self.state.mode.lock().unwrap() = mode;
    }

    /// The number of requests since the last call.
    pub(crate) fn requests(&self) -> u64 {
        self.state.requests.swap(0, Ordering::Relaxed)
    }
}

/// A body that breaks off.
struct Cut;

impl MessageBody for Cut {
    type Error = std::io::Error;

    fn size(&self) -> BodySize {
        BodySize::Sized(100)
    }

    fn poll_next(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<web::Bytes, Self::Error>>> {
        Poll::Ready(Some(Err(std::io::Error::other("on purpose"))))
    }
}

async fn answer(request: HttpRequest, body: web::Bytes, state: web::Data<State>) -> HttpResponse {
    state.requests.fetch_add(1, Ordering::Relaxed);
    let mode = *state.mode.lock().unwrap();
    match mode {
        Mode::Status(status) => {
            let status = status.try_into().unwrap();
            return HttpResponse::build(status)
                .insert_header(("Retry-After", "1"))
                .body("{\"code\":\"unavailable\",\"message\":\"on purpose\"}");
        }
        Mode::Slow(time) => tokio::time::sleep(time).await,
        Mode::Pass | Mode::Mute => {}
    }
    let url = format!("{}{}", state.upstream, request.uri());
    let method = request.method().as_str().parse().unwrap();
    let mut upstream = state.client.request(method, url).body(body.to_vec());
    for name in ["authorization", "content-encoding", "content-type"] {
        if let Some(value) = request.headers().get(name) {
            upstream = upstream.header(name, value.as_bytes());
        }
    }
    let Ok(response) = upstream.send().await else {
        return HttpResponse::BadGateway().finish();
    };
    if mode == Mode::Mute {
        return HttpResponse::Ok().body(Cut);
    }
    let status = response.status().as_u16().try_into().unwrap();
    HttpResponse::build(status).body(response.bytes().await.unwrap_or_default())
}
