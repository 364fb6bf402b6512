use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::*;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn config(cert: &Path, key: &Path) -> Tls {
    Tls {
        cert: Some(cert.to_owned()),
        key: Some(key.to_owned()),
    }
}

#[test]
fn a_pair_is_made_once_and_used_again() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let made = Identity::load(&Tls::default(), &data).unwrap();
    assert_eq!(made.source, Source::Made);
    assert_eq!(made.invalid_now().unwrap(), None);
    assert_eq!(mode(&data), 0o700);
    assert_eq!(mode(&data.join("tls/key.pem")), 0o600);
    let kept = Identity::load(&Tls::default(), &data).unwrap();
    assert_eq!(kept.source, Source::Kept);
    assert_eq!(
        kept.chain[0].to_der().unwrap(),
        made.chain[0].to_der().unwrap()
    );
    acceptor(&kept).unwrap();
}

#[test]
fn a_pair_that_is_expired_or_broken_is_made_anew() {
    let dir = tempfile::tempdir().unwrap();
    let load = || Identity::load(&Tls::default(), dir.path()).unwrap().source;
    assert_eq!(load(), Source::Made);
    let (cert, key) = (
        dir.path().join("tls/cert.pem"),
        dir.path().join("tls/key.pem"),
    );
    let (expired, expired_key) = self_signed::make_expired();
    fs::write(&cert, &expired).unwrap();
    assert_eq!(load(), Source::Made, "the key is another's");
    fs::write(&cert, expired).unwrap();
    fs::write(&key, expired_key).unwrap();
    assert_eq!(load(), Source::Made, "expired");
    fs::write(&cert, "").unwrap();
    assert_eq!(load(), Source::Made, "empty");
    fs::remove_file(&key).unwrap();
    assert_eq!(load(), Source::Made, "no key");
    assert_eq!(load(), Source::Kept);
}

#[test]
fn a_configured_pair_is_used_or_refused() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for dir in [&one, &two] {
        Identity::load(&Tls::default(), dir.path()).unwrap();
    }
    let cert = one.path().join("tls/cert.pem");
    let key = one.path().join("tls/key.pem");
    let other = two.path().join("tls/key.pem");
    let load = |cert: &Path, key: &Path| Identity::load(&config(cert, key), one.path());
    assert_eq!(load(&cert, &key).unwrap().source, Source::Configured);
    let message = |cert: &Path, key: &Path| load(cert, key).unwrap_err().to_string();
    assert!(message(&cert, &other).contains("does not belong to the certificate"));
    assert!(
        message(Path::new("/no/cert"), &key).starts_with("cannot read the certificate /no/cert")
    );
    assert!(
        message(&cert, Path::new("/no/key")).starts_with("cannot read the private key /no/key")
    );
    assert!(message(&key, &key).ends_with("holds no PEM certificate"));
    assert!(message(&cert, &cert).ends_with("holds no PEM private key without a passphrase"));
}

#[test]
fn a_key_with_a_passphrase_is_refused_without_asking() {
    let dir = tempfile::tempdir().unwrap();
    let made = Identity::load(&Tls::default(), dir.path()).unwrap();
    let cipher = openssl::symm::Cipher::aes_256_cbc();
    let locked = made
        .key
        .private_key_to_pem_pkcs8_passphrase(cipher, b"secret");
    let path = dir.path().join("locked.pem");
    fs::write(&path, locked.unwrap()).unwrap();
    let error = Identity::load(&config(&made.cert_path, &path), dir.path()).unwrap_err();
    assert!(
        error.to_string().contains("without a passphrase"),
        "{error}"
    );
}
