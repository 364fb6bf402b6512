//! Raw connections, for things that no well-behaved client does.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, TcpStream};
use std::path::Path;
use std::pin::Pin;
use std::time::Duration;

use openssl::ssl::{Ssl, SslConnector, SslMethod, SslStream};
use socket2::{Domain, Socket, Type};
use tokio_openssl::SslStream as AsyncStream;

use super::Server;

/// The first address of loopback.
pub(crate) const HOME: Ipv4Addr = Ipv4Addr::LOCALHOST;

/// The address that the server listens on.
pub(crate) fn address(server: &Server) -> SocketAddr {
    let address = server.base.trim_start_matches("https://");
    address.parse().unwrap()
}

/// A TCP connection from this address of loopback.
pub(crate) fn tcp(server: &Server, from: Ipv4Addr) -> io::Result<TcpStream> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.bind(&SocketAddrV4::new(from, 0).into())?;
    socket.connect_timeout(&address(server).into(), Duration::from_secs(10))?;
    let stream = TcpStream::from(socket);
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    stream.set_write_timeout(Some(Duration::from_secs(10)))?;
    Ok(stream)
}

fn ssl(dir: &Path, alpn: &[u8]) -> Ssl {
    let mut connector = SslConnector::builder(SslMethod::tls_client()).unwrap();
    connector.set_ca_file(dir.join("tls/cert.pem")).unwrap();
    if !alpn.is_empty() {
        connector.set_alpn_protos(alpn).unwrap();
    }
    let configuration = connector.build().configure().unwrap();
    configuration.into_ssl("localhost").unwrap()
}

/// A TLS connection from this address of loopback.
pub(crate) fn connect_from(
    dir: &Path,
    server: &Server,
    from: Ipv4Addr,
    alpn: &[u8],
) -> Option<SslStream<TcpStream>> {
    let mut stream = SslStream::new(ssl(dir, alpn), tcp(server, from).ok()?).unwrap();
    stream.connect().ok()?;
    Some(stream)
}

/// A TLS connection without ALPN: HTTP/1.1.
pub(crate) fn connect(dir: &Path, server: &Server) -> SslStream<TcpStream> {
    connect_from(dir, server, HOME, b"").unwrap()
}

/// A TLS connection for HTTP/2.
pub(crate) fn connect_http2(dir: &Path, server: &Server) -> SslStream<TcpStream> {
    connect_from(dir, server, HOME, b"\x02h2").unwrap()
}

/// The same for a client that does not block.
pub(crate) async fn connect_http2_async(
    dir: &Path,
    server: &Server,
) -> AsyncStream<tokio::net::TcpStream> {
    let tcp = tokio::net::TcpStream::connect(address(server)).await;
    let mut stream = AsyncStream::new(ssl(dir, b"\x02h2"), tcp.unwrap()).unwrap();
    Pin::new(&mut stream).connect().await.unwrap();
    stream
}
