//! Errors of the certificate.

use std::io;
use std::path::{Path, PathBuf};

use openssl::error::ErrorStack;

/// Errors of the certificate, its key, or their files.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TlsError {
    /// A file cannot be read.
    #[error("cannot read the {what} {}: {source}", path.display())]
    Unreadable {
        /// Certificate or key.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// A file does not hold what it should.
    #[error("{} holds no PEM {what}", path.display())]
    NotPem {
        /// The content that it should have.
        what: &'static str,
        /// The file.
        path: PathBuf,
    },
    /// Certificate and key are not of one pair.
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
    /// The self-made pair cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Unwritable {
        /// The file or directory.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// OpenSSL refuses.
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
