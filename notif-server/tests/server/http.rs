//! The two resources of the draft and the operator's, over TLS.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test states what must hold"
)]

use crate::common::{self, JSON, XML, builder, header, relay, server};
use notif_runtime::Encoding;
use notif_runtime::cbor::{self, Mapping};
use notif_server::journal::{Filter, Reader};
use reqwest::tls::Version as Tls;
use reqwest::{Client, Method, StatusCode, Version};
use serde_json::Value;

async fn capabilities(
    client: &Client,
    server: &common::Server,
    accept: Option<&str>,
) -> reqwest::Response {
    let mut request = client.get(server.url("/capabilities"));
    if let Some(accept) = accept {
        request = request.header("Accept", accept);
    }
    request.send().await.unwrap()
}

#[tokio::test]
async fn capabilities_follow_accept() {
    let (_dir, server, client) = server(&[]);
    for (accept, media) in [
        (None, "application/xml"),
        (Some("*/*"), "application/xml"),
        (Some("application/json"), "application/json"),
        (
            Some("application/xml, application/json;q=0.5"),
            "application/xml",
        ),
        (
            Some("application/xml;q=0.4, application/json;q=0.5"),
            "application/json",
        ),
        (
            Some("application/json ; q=0.5, application/*;q=0.1"),
            "application/json",
        ),
        (
            Some("application/yang-data+xml"),
            "application/yang-data+xml",
        ),
        (
            Some(
                "application/yang-data+cbor; id=sid, application/yang-data+xml;q=0.9, application/yang-data+json;q=0.95",
            ),
            "application/yang-data+json",
        ),
        (Some("text/html, */*;q=0.1"), "application/xml"),
    ] {
        let response = capabilities(&client, &server, accept).await;
        assert_eq!(response.status(), StatusCode::OK, "{accept:?}");
        assert_eq!(header(&response, "content-type"), media, "{accept:?}");
        assert_eq!(header(&response, "cache-control"), "no-cache");
        assert_eq!(header(&response, "vary"), "Accept");
        let body = response.text().await.unwrap();
        assert!(
            body.contains("urn:ietf:capability:https-notif-receiver:encoding:json"),
            "{body}"
        );
        assert!(
            body.contains("urn:ietf:params:yang-notif:https-capability:encoding:xml"),
            "{body}"
        );
    }
    for accept in [
        "text/html",
        "application/json;q=0",
        "application/cbor; id=x",
    ] {
        let response = capabilities(&client, &server, Some(accept)).await;
        assert_eq!(response.status(), StatusCode::NOT_ACCEPTABLE, "{accept}");
        let errors: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
        assert!(errors["ietf-restconf:errors"]["error"][0]["error-message"].is_string());
    }
}

#[tokio::test]
async fn both_messages_are_kept_as_they_came_in_every_media_type() {
    let (dir, server, client) = server(&[]);
    let sent = [
        ("application/json", JSON),
        ("application/json; charset=utf-8", JSON),
        ("Application/YANG-Data+JSON", JSON),
        ("application/xml", XML),
        ("application/xml;charset=\"UTF-8\"", XML),
        ("application/yang-data+xml", XML),
    ];
    for (media, body) in sent {
        let response = relay(&client, &server, media, body).await;
        assert_eq!(response.status(), StatusCode::NO_CONTENT, "{media}");
        assert_eq!(response.text().await.unwrap(), "");
    }
    let records = Reader::open(dir.path())
        .unwrap()
        .batch(&Filter::default(), 0, 10)
        .unwrap();
    let kept: Vec<_> = records
        .iter()
        .map(|record| String::from_utf8_lossy(&record.entry.body))
        .collect();
    assert_eq!(kept, sent.map(|(_, body)| body));
    assert!(
        records
            .iter()
            .all(|record| record.entry.publisher == "127.0.0.1")
    );
    assert_eq!(
        records[0].entry.event_time.as_deref(),
        Some("2025-03-17T19:43:27.972894Z")
    );
}

/// The captured message in CBOR.
fn in_cbor(mapping: Mapping) -> Vec<u8> {
    let registry = notif_server::registry();
    let options = notif_runtime::Options::default();
    let data = registry.decode(Encoding::Json, JSON.as_bytes(), &options);
    cbor::to_vec(data.unwrap().root(), mapping)
}

#[tokio::test]
async fn capabilities_in_cbor() {
    let (_dir, server, client) = server(&[]);
    for (accept, media, envelope) in [
        (
            "application/yang-data+cbor; id=name, application/yang-data+xml;q=0.9",
            "application/yang-data+cbor; id=name",
            "ietf-https-notif-transport:receiver-capabilities",
        ),
        (
            "application/cbor, application/json;q=0.9",
            "application/cbor",
            "receiver-capabilities",
        ),
    ] {
        let response = capabilities(&client, &server, Some(accept)).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(header(&response, "content-type"), media);
        let body = response.bytes().await.unwrap();
        let data: Value = minicbor_serde::from_slice(&body).unwrap();
        let urns = data[envelope]["receiver-capability"].as_array().unwrap();
        for urn in [
            "urn:ietf:capability:https-notif-receiver:encoding:cbor",
            "urn:ietf:params:yang-notif:https-capability:encoding:cbor",
        ] {
            assert!(urns.iter().any(|known| known == urn), "{data}");
        }
    }
}

#[tokio::test]
async fn cbor_is_kept_as_it_came_in_with_its_mapping() {
    let (dir, server, client) = server(&[]);
    let (json, names) = (in_cbor(Mapping::Json), in_cbor(Mapping::Yang));
    assert!(json != names && names.len() < json.len());
    let sent = [
        ("application/cbor", &json, Encoding::JsonCbor),
        (
            "application/yang-data+cbor; id=name",
            &names,
            Encoding::Cbor,
        ),
        ("application/yang-data+cbor", &names, Encoding::Cbor),
        ("application/yang-data+cbor; id=sid", &names, Encoding::Cbor),
    ];
    for (media, body, _) in sent {
        let response = relay(&client, &server, media, body.clone()).await;
        assert_eq!(response.status(), StatusCode::NO_CONTENT, "{media}");
    }
    // Each mapping takes its own alone.
    for (media, body) in [
        ("application/cbor", &names),
        ("application/yang-data+cbor", &json),
    ] {
        let response = relay(&client, &server, media, body.clone()).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{media}");
    }
    let reader = Reader::open(dir.path()).unwrap();
    let records = reader.batch(&Filter::default(), 0, 10).unwrap();
    let kept: Vec<_> = records
        .iter()
        .map(|record| (&record.entry.body, record.entry.encoding))
        .collect();
    assert_eq!(kept, sent.map(|(_, body, encoding)| (body, encoding)));
    let metrics = client.get(server.url("/metrics")).send().await.unwrap();
    let metrics = metrics.text().await.unwrap();
    for line in [
        "notif_accepted_total{encoding=\"cbor\"} 3",
        "notif_accepted_total{encoding=\"json-cbor\"} 1",
        "notif_rejected_total{encoding=\"cbor\"} 1",
        "notif_rejected_total{encoding=\"json-cbor\"} 1",
    ] {
        assert!(metrics.contains(line), "{line} in\n{metrics}");
    }
}

#[tokio::test]
async fn a_fault_in_cbor_is_told_in_json_or_in_cbor_if_that_is_accepted() {
    let (_dir, server, client) = server(&[]);
    let mut body = in_cbor(Mapping::Yang);
    body.push(0);
    let (end, media) = (body.len(), "application/yang-data+cbor; id=name");
    for (accept, content_type) in [
        (None, "application/yang-data+json"),
        (Some("*/*"), "application/yang-data+json"),
        (Some("application/cbor;q=0"), "application/yang-data+json"),
        (Some("application/cbor"), media),
        (Some("application/json, application/yang-data+cbor"), media),
    ] {
        let request = client.post(server.url("/relay-notification"));
        let request = request.header("Content-Type", media).body(body.clone());
        let request = match accept {
            Some(accept) => request.header("Accept", accept),
            None => request,
        };
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), StatusCode::BAD_REQUEST);
        assert_eq!(header(&response, "content-type"), content_type);
        let answer = response.bytes().await.unwrap();
        let errors: Value = if content_type == media {
            minicbor_serde::from_slice(&answer).unwrap()
        } else {
            serde_json::from_slice(&answer).unwrap()
        };
        let error = &errors["ietf-restconf:errors"]["error"][0];
        assert_eq!(error["error-tag"], "malformed-message");
        let message = error["error-message"].as_str().unwrap();
        assert!(message.contains(&format!("column {end}:")), "{message}");
        // An enumeration has its value in CBOR.
        let expected = if content_type == media {
            serde_json::json!(2)
        } else {
            serde_json::json!("protocol")
        };
        assert_eq!(error["error-type"], expected);
    }
}

#[tokio::test]
async fn a_fault_gets_its_path_in_the_encoding_of_the_request() {
    let (dir, server, client) = server(&[]);
    let path =
        "/ietf-https-notif:notification/interface_data/interface[name='lo']/statistics/in-octets";
    let wrong = JSON.replacen("\"10222658\"", "10222658", 1);
    let response = relay(&client, &server, "application/json", wrong).await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    assert_eq!(
        header(&response, "content-type"),
        "application/yang-data+json"
    );
    let errors: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    let [error] = &errors["ietf-restconf:errors"]["error"].as_array().unwrap()[..] else {
        panic!("{errors}");
    };
    assert_eq!(error["error-path"], path);
    assert_eq!(error["error-tag"], "invalid-value");
    assert_eq!(error["error-type"], "application");

    let wrong = XML.replacen("<in-octets>12209653<", "<in-octets>-1<", 1);
    assert_ne!(wrong, XML);
    let response = relay(&client, &server, "application/xml", wrong).await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    assert_eq!(
        header(&response, "content-type"),
        "application/yang-data+xml"
    );
    let errors = response.text().await.unwrap();
    assert!(
        errors.starts_with("<errors xmlns=\"urn:ietf:params:xml:ns:yang:ietf-restconf\">"),
        "{errors}"
    );
    assert!(
        errors.contains("interface_data/") && errors.contains("in-octets</error-path>"),
        "{errors}"
    );
    assert!(
        Reader::open(dir.path())
            .unwrap()
            .batch(&Filter::default(), 0, 1)
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn each_refusal_has_its_status() {
    let (_dir, server, client) = server(&["--max-body", "20KiB", "--prefix", "/some/path"]);
    let relay = server.url("/some/path/relay-notification");
    let post = |media: Option<&'static str>, body: String| {
        let request = client.post(&relay).body(body);
        let request = match media {
            Some(media) => request.header("Content-Type", media),
            None => request,
        };
        async { request.send().await.unwrap() }
    };
    let json = Some("application/json");
    for (media, body, status) in [
        (json, JSON.to_owned(), 204),
        (None, JSON.to_owned(), 415),
        (Some("text/plain"), JSON.to_owned(), 415),
        (Some("application/cbor"), JSON.to_owned(), 400),
        (
            Some("application/yang-data+cbor; id=x"),
            JSON.to_owned(),
            415,
        ),
        (
            Some("application/json; charset=latin1"),
            JSON.to_owned(),
            415,
        ),
        (Some("nonsense"), JSON.to_owned(), 415),
        (json, String::new(), 400),
        (json, "{}".to_owned(), 400),
        (json, "no json".to_owned(), 400),
        (json, format!("{JSON} x"), 400),
        (json, XML.to_owned(), 400),
        (Some("application/xml"), JSON.to_owned(), 400),
        (json, " ".repeat(20 * 1024 + 1), 413),
    ] {
        let response = post(media, body).await;
        assert_eq!(response.status(), status, "{media:?}");
        if status != 204 {
            let body = response.text().await.unwrap();
            assert!(
                body.contains("errors") && body.contains("error-tag"),
                "{body}"
            );
        }
    }
    let compressed = client
        .post(&relay)
        .header("Content-Type", "application/json");
    let compressed = compressed.header("Content-Encoding", "gzip").body(JSON);
    assert_eq!(compressed.send().await.unwrap().status(), 415);
    for (method, path, allow) in [
        (Method::GET, "/some/path/relay-notification", "POST"),
        (Method::PUT, "/some/path/relay-notification", "POST"),
        (Method::POST, "/some/path/capabilities", "GET, HEAD"),
        (Method::DELETE, "/healthz", "GET, HEAD"),
    ] {
        let response = client
            .request(method, server.url(path))
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED, "{path}");
        assert_eq!(header(&response, "allow"), allow);
    }
    let response = client
        .get(server.url("/relay-notification"))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert!(
        response
            .text()
            .await
            .unwrap()
            .contains("/some/path/relay-notification")
    );
}

#[tokio::test]
async fn both_versions_of_http_and_of_tls() {
    let (dir, server, client) = server(&[]);
    let old = builder(dir.path()).http1_only().build().unwrap();
    for (client, version) in [(&client, Version::HTTP_2), (&old, Version::HTTP_11)] {
        let response = relay(client, &server, "application/json", JSON).await;
        assert_eq!(
            (response.status(), response.version()),
            (StatusCode::NO_CONTENT, version)
        );
    }
    for (version, accepted) in [
        (Tls::TLS_1_1, false),
        (Tls::TLS_1_2, true),
        (Tls::TLS_1_3, true),
    ] {
        let client = builder(dir.path())
            .tls_version_max(version)
            .tls_version_min(version)
            .build();
        // The client's library may itself refuse the old version.
        let Ok(client) = client else {
            assert!(!accepted);
            continue;
        };
        let answer = client.get(server.url("/healthz")).send().await;
        assert_eq!(answer.is_ok(), accepted, "{version:?}");
    }
    let plain = server.url("/healthz").replace("https:", "http:");
    assert!(client.get(plain).send().await.is_err());
}

#[tokio::test]
async fn the_operator_sees_health_and_counts() {
    let (_dir, server, client) = server(&[]);
    relay(&client, &server, "application/json", JSON).await;
    relay(&client, &server, "application/json", "{}").await;
    let health = client.get(server.url("/healthz")).send().await.unwrap();
    assert_eq!(health.status(), StatusCode::OK);
    assert_eq!(
        health.text().await.unwrap(),
        "{\"sinks\":{},\"status\":\"ok\"}"
    );
    let metrics = client.get(server.url("/metrics")).send().await.unwrap();
    assert!(header(&metrics, "content-type").starts_with("application/openmetrics-text"));
    let metrics = metrics.text().await.unwrap();
    for line in [
        "notif_accepted_total{encoding=\"json\"} 1",
        "notif_rejected_total{encoding=\"json\"} 1",
        "notif_http_requests_total{route=\"relay-notification\",status=\"204\"} 1",
        "notif_http_requests_total{route=\"relay-notification\",status=\"400\"} 1",
        "notif_journal_commit_notifications_sum 1",
    ] {
        assert!(metrics.contains(line), "{line} in\n{metrics}");
    }
}

#[tokio::test]
async fn a_journal_that_cannot_be_written_gives_503_until_it_can() {
    let (dir, server, client) = server(&[]);
    let journal = rusqlite::Connection::open(dir.path().join("journal.db")).unwrap();
    let rename = |from: &str, to: &str| {
        let sql = format!("ALTER TABLE {from} RENAME TO {to}");
        journal.execute_batch(&sql).unwrap();
    };
    rename("notification", "away");
    let refused = relay(&client, &server, "application/json", JSON).await;
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(header(&refused, "retry-after"), "10");
    let body = refused.text().await.unwrap();
    assert!(body.contains("\"error-tag\":\"resource-denied\""), "{body}");
    let health = client.get(server.url("/healthz")).send().await.unwrap();
    assert_eq!(health.status(), StatusCode::SERVICE_UNAVAILABLE);
    rename("away", "notification");
    let kept = relay(&client, &server, "application/json", JSON).await;
    assert_eq!(kept.status(), StatusCode::NO_CONTENT);
    let health = client.get(server.url("/healthz")).send().await.unwrap();
    assert_eq!(health.status(), StatusCode::OK);
}

#[tokio::test]
async fn what_is_rejected_is_kept_for_the_operator_and_not_taken_for_accepted() {
    let (dir, server, client) = server(&[]);
    let bad = JSON.replacen("\"if-index\": 2", "\"if-index\": 0", 1);
    for (media, body) in [
        ("application/json", bad.as_str()),
        ("application/xml", "<x"),
        ("text/plain", "no media type that is taken: not kept"),
    ] {
        assert!(
            relay(&client, &server, media, body)
                .await
                .status()
                .is_client_error()
        );
    }
    server.signal("TERM");
    server.wait();
    let reader = Reader::open(dir.path()).unwrap();
    assert_eq!(reader.summary().unwrap().extent.count, 0);
    let rejected = reader.rejected(&Filter::default(), 0, 10).unwrap();
    assert_eq!(rejected.len(), 2);
    let [first, second] = [0, 1].map(|at| &rejected[at].rejection);
    assert_eq!(first.body, bad.as_bytes());
    assert_eq!(first.publisher, "127.0.0.1");
    let path = "interface[name='wlp2s0']/if-index";
    assert!(first.faults.contains(path), "{}", first.faults);
    assert_eq!(second.encoding, Encoding::Xml);
}
