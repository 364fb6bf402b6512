//! The server's certificate and its private key.

use std::path::{Path, PathBuf};

use openssl::asn1::Asn1Time;
use openssl::error::ErrorStack;
use openssl::pkey::{PKey, Private};
use openssl::x509::X509;

use super::error::TlsError;
use super::files;

/// The certificate with which the server identifies itself.
#[derive(Debug)]
#[non_exhaustive]
pub struct Identity {
    /// The file of the certificate and its chain.
    pub cert_path: PathBuf,
    /// The source of the certificate.
    pub source: Source,
    pub(super) chain: Vec<X509>,
    pub(super) key: PKey<Private>,
}

/// The source of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// It is configured.
    Configured,
    /// It was generated at an earlier start.
    Kept,
    /// It was generated at this start.
    Made,
}

impl Identity {
    pub(super) fn read(
        cert_path: &Path,
        key_path: &Path,
        source: Source,
    ) -> Result<Self, TlsError> {
        let chain = read_chain(cert_path)?;
        let key = read_key(key_path)?;
        let leaf = chain.first().ok_or(TlsError::no_cert(cert_path))?;
        if !leaf.public_key()?.public_eq(&key) {
            return Err(TlsError::Mismatch {
                cert: cert_path.to_owned(),
                key: key_path.to_owned(),
            });
        }
        Ok(Self {
            cert_path: cert_path.to_owned(),
            source,
            chain,
            key,
        })
    }

    /// The period of validity, if the certificate is not valid now.
    ///
    /// # Errors
    /// If OpenSSL cannot compare the times.
    pub fn invalid_now(&self) -> Result<Option<String>, ErrorStack> {
        let Some(leaf) = self.chain.first() else {
            return Ok(None);
        };
        let now = Asn1Time::days_from_now(0)?;
        let valid = leaf.not_before() <= &*now && &*now < leaf.not_after();
        Ok((!valid).then(|| format!("{} to {}", leaf.not_before(), leaf.not_after())))
    }
}

fn read_chain(path: &Path) -> Result<Vec<X509>, TlsError> {
    let chain = X509::stack_from_pem(&files::read(path, "certificate")?)
        .map_err(|_| TlsError::no_cert(path))?;
    if chain.is_empty() {
        return Err(TlsError::no_cert(path));
    }
    Ok(chain)
}

fn read_key(path: &Path) -> Result<PKey<Private>, TlsError> {
    let pem = files::read(path, "private key")?;
    // Without a callback OpenSSL would ask on the terminal.
    PKey::private_key_from_pem_callback(&pem, |_| Ok(0)).map_err(|_| TlsError::NotPem {
        what: "private key without a passphrase",
        path: path.to_owned(),
    })
}
