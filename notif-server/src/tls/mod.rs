//! TLS: the server's certificate and the rules of RFC 9325.

mod error;
mod files;
mod identity;
mod self_signed;

use std::path::Path;

use openssl::ssl::{AlpnError, SslAcceptor, SslMethod, SslOptions, SslVersion, select_next_proto};

use crate::config::Tls;
pub use error::TlsError;
pub use files::create_private_dir;
pub use identity::{Identity, Source};

/// The cipher suites of TLS 1.2: those that RFC 9325 section 4.2 recommends, and their ChaCha20
/// siblings for machines without AES instructions. All give forward secrecy.
const TLS12_CIPHERS: &str = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:\
    ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:\
    ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

/// The cipher suites of TLS 1.3 (RFC 8446 section 9.1).
const TLS13_CIPHERS: &str =
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";

/// The protocols that are offered by ALPN (RFC 7301), HTTP/2 first, each after its length.
const ALPN: &[u8] = b"\x02h2\x08http/1.1";

impl Identity {
    /// The configured certificate, or one that is self-signed and kept in `data_dir`.
    ///
    /// # Errors
    /// If a configured file cannot be read, holds no certificate or key, or the two do not belong
    /// together; if a self-signed one cannot be written.
    pub fn load(config: &Tls, data_dir: &Path) -> Result<Self, TlsError> {
        match (&config.cert, &config.key) {
            (Some(cert), Some(key)) => Self::read(cert, key, Source::Configured),
            _ => self_signed::identity(&data_dir.join("tls")),
        }
    }
}

/// An acceptor for TLS 1.2 and 1.3 (RFC 9325 section 3.1.1), with HTTP/2 and HTTP/1.1 on it.
///
/// # Errors
/// If OpenSSL refuses the certificate or a setting.
pub fn acceptor(identity: &Identity) -> Result<SslAcceptor, TlsError> {
    let mut builder = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls_server())?;
    builder.set_min_proto_version(Some(SslVersion::TLS1_2))?;
    builder.set_cipher_list(TLS12_CIPHERS)?;
    builder.set_ciphersuites(TLS13_CIPHERS)?;
    // RFC 9325 sections 3.3 and 3.5.
    builder.set_options(SslOptions::NO_COMPRESSION | SslOptions::NO_RENEGOTIATION);
    builder.set_private_key(&identity.key)?;
    let mut chain = identity.chain.iter();
    if let Some(leaf) = chain.next() {
        builder.set_certificate(leaf)?;
    }
    for above in chain {
        builder.add_extra_chain_cert(above.clone())?;
    }
    builder.set_alpn_select_callback(|_, offered| {
        select_next_proto(ALPN, offered).ok_or(AlpnError::NOACK)
    });
    Ok(builder.build())
}

#[cfg(test)]
mod tests;
