//! The certificate that the server generates, so that it runs without any set-up: for localhost,
//! one year, kept in the data directory and reused.

use std::path::Path;

use openssl::asn1::Asn1Time;
use openssl::bn::{BigNum, MsbOption};
use openssl::ec::{EcGroup, EcKey};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::x509::extension::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectAlternativeName,
    SubjectKeyIdentifier,
};
use openssl::x509::{X509, X509Builder, X509NameBuilder};

use super::error::TlsError;
use super::files::{self, create_private_dir};
use super::identity::{Identity, Source};

/// The validity of a certificate, in days.
const DAYS: u32 = 365;

/// X.509 version 3, which is encoded as 2.
const VERSION_3: i32 = 2;

/// The pair in `dir`; a new one if there is none, or it is expired or incomplete.
pub(super) fn identity(dir: &Path) -> Result<Identity, TlsError> {
    let (cert, key) = (dir.join("cert.pem"), dir.join("key.pem"));
    if let Some(kept) = kept(&cert, &key)? {
        return Ok(kept);
    }
    create_private_dir(dir).map_err(|error| TlsError::unwritable(dir, error))?;
    let (cert_pem, key_pem) = make()?;
    files::write(&key, &key_pem, true)?;
    files::write(&cert, &cert_pem, false)?;
    Identity::read(&cert, &key, Source::Made)
}

/// The pair of an earlier start, if it is still usable.
fn kept(cert: &Path, key: &Path) -> Result<Option<Identity>, TlsError> {
    match Identity::read(cert, key, Source::Kept) {
        Ok(identity) => Ok(identity.invalid_now()?.is_none().then_some(identity)),
        // Generating it was interrupted.
        Err(TlsError::NotPem { .. } | TlsError::Mismatch { .. }) => Ok(None),
        Err(TlsError::Unreadable { source, .. })
            if source.kind() == std::io::ErrorKind::NotFound =>
        {
            Ok(None)
        }
        Err(other) => Err(other),
    }
}

/// A certificate and its key, as PEM.
fn make() -> Result<(Vec<u8>, Vec<u8>), ErrorStack> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?;
    let key = PKey::from_ec_key(EcKey::generate(&group)?)?;
    let cert = certificate(&key)?;
    Ok((cert.to_pem()?, key.private_key_to_pem_pkcs8()?))
}

fn certificate(key: &PKey<Private>) -> Result<X509, ErrorStack> {
    let mut name = X509NameBuilder::new()?;
    name.append_entry_by_nid(Nid::COMMONNAME, "notif-server self-signed")?;
    let name = name.build();
    let mut serial = BigNum::new()?;
    serial.rand(127, MsbOption::MAYBE_ZERO, false)?;

    let mut builder = X509Builder::new()?;
    builder.set_version(VERSION_3)?;
    builder.set_serial_number(&*serial.to_asn1_integer()?)?;
    builder.set_subject_name(&name)?;
    builder.set_issuer_name(&name)?;
    builder.set_pubkey(key)?;
    builder.set_not_before(&*Asn1Time::days_from_now(0)?)?;
    builder.set_not_after(&*Asn1Time::days_from_now(DAYS)?)?;
    extend(&mut builder)?;
    builder.sign(key, MessageDigest::sha256())?;
    Ok(builder.build())
}

/// Its permitted use: a server on this machine, not signing other certificates.
fn extend(builder: &mut X509Builder) -> Result<(), ErrorStack> {
    builder.append_extension(BasicConstraints::new().critical().build()?)?;
    builder.append_extension(KeyUsage::new().critical().digital_signature().build()?)?;
    builder.append_extension(ExtendedKeyUsage::new().server_auth().build()?)?;
    let subject_key = SubjectKeyIdentifier::new().build(&builder.x509v3_context(None, None))?;
    builder.append_extension(subject_key)?;
    let context = builder.x509v3_context(None, None);
    let authority_key = AuthorityKeyIdentifier::new().keyid(false).build(&context)?;
    builder.append_extension(authority_key)?;
    let names = SubjectAlternativeName::new()
        .dns("localhost")
        .ip("127.0.0.1")
        .ip("::1")
        .build(&builder.x509v3_context(None, None))?;
    builder.append_extension(names)
}

/// A pair that expired yesterday, to test renewal.
#[cfg(test)]
pub(super) fn make_expired() -> (Vec<u8>, Vec<u8>) {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    let key = PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap();
    let mut builder = X509Builder::new().unwrap();
    builder.set_pubkey(&key).unwrap();
    builder
        .set_not_before(&Asn1Time::from_unix(0).unwrap())
        .unwrap();
    builder
        .set_not_after(&Asn1Time::from_unix(86_400).unwrap())
        .unwrap();
    builder.sign(&key, MessageDigest::sha256()).unwrap();
    let cert = builder.build().to_pem().unwrap();
    (cert, key.private_key_to_pem_pkcs8().unwrap())
}
