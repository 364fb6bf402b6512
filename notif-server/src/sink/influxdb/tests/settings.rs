use std::fs;

use super::fake_server::{Fake, Reply};
use super::*;
use super::{deliver, deliver_to, item, settings, sink, told_of};
use crate::config;

#[tokio::test]
async fn a_token_is_read_again_from_its_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("token");
    fs::write(&path, "old\n").unwrap();
    let changed = path.clone();
    let mut first = true;
    let fake = Fake::judging(move |_| {
        let status = if first { 401 } else { 204 };
        fs::write(&changed, "new\n").unwrap();
        first = false;
        Reply::status(status)
    });
    let config = Influxdb {
        token: config::Secret::default(),
        token_file: Some(path),
        ..settings(&fake.url())
    };
    let status = Status::new("influxdb");
    deliver(&config, &[item(&["a"])], &status).await;
    let tokens: Vec<_> = fake
        .asked()
        .into_iter()
        .map(|asked| asked.authorization)
        .collect();
    assert_eq!(tokens, ["Token old", "Token new"]);
}

#[tokio::test]
async fn secrets_are_never_shown() {
    let fake = Fake::new([Reply::status(401)]);
    let mut config = settings(&fake.url());
    let (outcomes, _) = deliver_to(&fake, &[item(&["a"])]).await;
    assert_eq!(outcomes, [Outcome::Delivered]);
    let unauthorized = Fake::judging(|_| Reply::status(401));
    let mut texts = vec![
        told_of(&settings(&unauthorized.url())).await,
        told_of(&settings("http://127.0.0.1:1")).await,
        format!("{config:?} {:?}", sink(&config)),
    ];
    let error = |config: &Influxdb| {
        let error = InfluxdbSink::with_token(config, &crate::registry(), None).unwrap_err();
        format!("{error} {error:?}")
    };
    config.token = "s3cret\n".to_owned().into();
    texts.push(error(&config));
    config.token = "t".to_owned().into();
    for url in [
        "http://u:s3cret@127.0.0.1",
        "http://u:s3cret@127.0.0.1:80860",
    ] {
        url.clone_into(&mut config.url);
        let told = error(&config);
        assert!(told.contains("sinks.influxdb.url"), "{told}");
        texts.push(told);
    }
    config.version = InfluxdbVersion::V1;
    config.database = "d".to_owned();
    config.url = "http://127.0.0.1".to_owned();
    config.user = "a:b".to_owned();
    config.password = "s3cret".to_owned().into();
    texts.push(error(&config));
    config.user = "a".to_owned();
    texts.push(format!("{config:?} {:?}", sink(&config)));
    let encoded = openssl::base64::encode_block(b"a:s3cret");
    for text in texts {
        assert!(
            !text.contains("s3cret") && !text.contains(&encoded),
            "{text}"
        );
    }
}

#[test]
fn what_is_missing_is_named() {
    let registry = crate::registry();
    let error = |config: &Influxdb| match InfluxdbSink::with_token(config, &registry, None) {
        Ok(_) => panic!("no error"),
        Err(error) => error.to_string(),
    };
    let full = settings("http://127.0.0.1:1");
    let without = |change: fn(&mut Influxdb)| {
        let mut config = full.clone();
        change(&mut config);
        error(&config)
    };
    assert_eq!(
        without(|c| c.org.clear()),
        "sinks.influxdb.org is not set: version 2 of InfluxDB needs it"
    );
    assert_eq!(
        without(|c| c.bucket.clear()),
        "sinks.influxdb.bucket is not set: version 2 of InfluxDB needs it"
    );
    assert_eq!(
        without(|c| c.version = InfluxdbVersion::V1),
        "sinks.influxdb.database is not set: version 1 of InfluxDB needs it"
    );
    assert_eq!(
        without(|c| c.token = config::Secret::default()),
        "sinks.influxdb.token is not set: version 2 of InfluxDB needs it, or token-file, or \
         INFLUXDB_TOKEN in the environment"
    );
    for url in [
        "127.0.0.1:8086",
        "ftp://x",
        "http://x/?y",
        "http://",
        "unix:/x",
    ] {
        let mut config = full.clone();
        url.clone_into(&mut config.url);
        let told = error(&config);
        assert!(
            told.starts_with(&format!("sinks.influxdb.url = {url}: ")),
            "{told}"
        );
    }
    let environment = Some("t".to_owned());
    let mut config = full.clone();
    config.token = config::Secret::default();
    assert!(InfluxdbSink::with_token(&config, &registry, environment).is_ok());
}
