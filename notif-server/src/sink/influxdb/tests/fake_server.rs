//! A server that gives the answers of a test, and records its requests.

use std::collections::VecDeque;
use std::io::Read;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::os::fd::AsFd;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use actix_web::dev::ServerHandle;
use actix_web::http::StatusCode;
use actix_web::http::header::{AUTHORIZATION, CONTENT_ENCODING};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use flate2::read::GzDecoder;

/// A request to the server.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// Path and query.
    pub(crate) path: String,
    pub(crate) authorization: String,
    /// The body without its compression.
    pub(crate) body: String,
    pub(crate) at: Instant,
}

impl Asked {
    pub(crate) fn lines(&self) -> Vec<&str> {
        self.body.lines().collect()
    }
}

/// An answer of the server.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    Status(u16, &'static [(&'static str, &'static str)], String),
    /// After a while.
    Slow(Duration),
    /// The connection is cut.
    Cut,
}

impl Reply {
    pub(crate) fn status(status: u16) -> Self {
        Self::Status(status, &[], String::new())
    }

    pub(crate) fn body(status: u16, body: &str) -> Self {
        Self::Status(status, &[], body.to_owned())
    }
}

/// Answers by the lines of a request.
type Judge = Box<dyn FnMut(&[&str]) -> Reply + Send>;

struct State {
    asked: Mutex<Vec<Asked>>,
    /// The first answers.
    script: Mutex<VecDeque<Reply>>,
    /// Gives the answers after those.
    judge: Mutex<Judge>,
}

pub(crate) struct Fake {
    state: Arc<State>,
    pub(crate) address: SocketAddr,
    server: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

impl Fake {
    /// A server that gives these answers, and then 204.
    pub(crate) fn new(script: impl IntoIterator<Item = Reply>) -> Self {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        Self::start(any, script, Box::new(|_| Reply::status(204)))
    }

    /// A server that answers by the lines that it gets.
    pub(crate) fn judging(judge: impl FnMut(&[&str]) -> Reply + Send + 'static) -> Self {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        Self::start(any, [], Box::new(judge))
    }

    pub(crate) fn start(
        address: SocketAddr,
        script: impl IntoIterator<Item = Reply>,
        judge: Judge,
    ) -> Self {
        let state = Arc::new(State {
            asked: Mutex::default(),
            script: Mutex::new(script.into_iter().collect()),
            judge: Mutex::new(judge),
        });
        let listener = TcpListener::bind(address).unwrap();
        let address = listener.local_addr().unwrap();
        let (give, take) = std::sync::mpsc::channel();
        let data = web::Data::from(Arc::clone(&state));
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let app = move || {
                    App::new()
                        .app_data(data.clone())
                        .default_service(web::to(answer))
                };
                let server = HttpServer::new(app)
                    .workers(1)
                    .disable_signals()
                    .on_connect(|stream, data| {
                        let stream = stream.downcast_ref::<actix_web::rt::net::TcpStream>();
                        let stream = stream.unwrap().as_fd().try_clone_to_owned().unwrap();
                        data.insert(Arc::new(TcpStream::from(stream)));
                    })
                    .listen(listener)
                    .unwrap()
                    .run();
                give.send(server.handle()).unwrap();
                server.await.unwrap();
            });
        });
        Self {
            state,
            address,
            server: take.recv().unwrap(),
            thread: Some(thread),
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.state.asked.lock().unwrap().clone()
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        // The command is on its way when this returns.
        drop(self.server.stop(false));
        let _ = self.thread.take().unwrap().join();
    }
}

async fn answer(state: web::Data<State>, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    let header = |name| {
        let value = request.headers().get(name);
        value.map_or("", |value| value.to_str().unwrap()).to_owned()
    };
    let mut text = String::new();
    if header(CONTENT_ENCODING) == "gzip" {
        GzDecoder::new(&body[..]).read_to_string(&mut text).unwrap();
    } else {
        text = String::from_utf8(body.to_vec()).unwrap();
    }
    state.asked.lock().unwrap().push(Asked {
        path: request.uri().to_string(),
        authorization: header(AUTHORIZATION),
        body: text.clone(),
        at: Instant::now(),
    });
    let scripted = state.script.lock().unwrap().pop_front();
    let reply = scripted.unwrap_or_else(|| {
        let lines: Vec<_> = text.lines().collect();
        (state.judge.lock().unwrap())(&lines)
    });
    match reply {
        Reply::Status(status, headers, body) => {
            let mut response = HttpResponse::build(StatusCode::from_u16(status).unwrap());
            for header in headers {
                response.insert_header(*header);
            }
            response.body(body)
        }
        Reply::Slow(time) => {
            actix_web::rt::time::sleep(time).await;
            HttpResponse::NoContent().finish()
        }
        Reply::Cut => {
            let stream = request.conn_data::<Arc<TcpStream>>().unwrap();
            stream.shutdown(Shutdown::Both).unwrap();
            HttpResponse::NoContent().finish()
        }
    }
}
