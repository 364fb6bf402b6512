//! Errors of the certificate.

use std::io;
use std::path::{Path, PathBuf};

use openssl::error::ErrorStack;

/// Errors of the certificate, its key, and their files.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TlsError {
    /// A file cannot be read.
    #[error("cannot read the {what} {}: {source}", path.display())]
    Unreadable {
        /// The certificate or the key.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// A file does not hold the expected PEM.
    #[error("{} holds no PEM {what}", path.display())]
    NotPem {
        /// The expected content.
        what: &'static str,
        /// The file.
        path: PathBuf,
    },
    /// The key does not belong to the certificate.
    #[error(
        "the key {} does not belong to the certificate {}: `openssl x509 -pubkey -noout` of the certificate and `openssl pkey -pubout` of the key must print the same",
        key.display(),
        cert.display()
    )]
    Mismatch {
        /// The certificate's file.
        cert: PathBuf,
        /// The key's file.
        key: PathBuf,
    },
    /// The generated pair cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Unwritable {
        /// The file or directory.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// An error of OpenSSL.
    #[error("OpenSSL: {0}")]
    OpenSsl(#[from] ErrorStack),
}

impl TlsError {
    pub(super) fn no_cert(path: &Path) -> Self {
        Self::NotPem {
            what: "certificate",
            path: path.to_owned(),
        }
    }

    pub(super) fn unwritable(path: &Path, source: io::Error) -> Self {
        Self::Unwritable {
            path: path.to_owned(),
            source,
        }
    }
}
