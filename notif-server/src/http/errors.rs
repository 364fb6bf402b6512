//! The bodies of errors: `ietf-restconf:errors` (RFC 8040 section 7.1), in the encoding of the
//! request; in CBOR only if the client accepts it, since operators read them.

use actix_web::http::header::{self, Accept, Header, HeaderValue, Quality, QualityItem};
use actix_web::mime::Mime;
use actix_web::{HttpRequest, HttpResponse};
use notif_runtime::Encoding;
use notif_runtime::fault::Faults;
use notif_runtime::registry::Registry;
use notif_runtime::restconf::Errors;

use super::media::Media;
use super::refusal::{Refusal, list};

/// The media type of the request's body; [`Media::FALLBACK`] if it is unknown.
pub(super) fn media_of(request: &HttpRequest) -> Media {
    request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(Media::of_body)
        .unwrap_or(Media::FALLBACK)
}

/// The media type of a refusal: that of the request's body, but CBOR only if the request accepts it
/// by name.
pub(super) fn answer_to(request: &HttpRequest) -> Media {
    let media = media_of(request).for_errors();
    if media.encoding != Encoding::Cbor {
        return media;
    }
    let accept = Accept::parse(request).ok();
    let mut ranges = accept.iter().flat_map(|accept| accept.iter());
    let is_cbor = |range: &QualityItem<Mime>| {
        range.quality > Quality::ZERO && range.item.essence_str().ends_with("cbor")
    };
    if ranges.any(is_cbor) {
        media
    } else {
        Media::FALLBACK.for_errors()
    }
}

/// The answer to a refused request.
pub(super) fn respond(refusal: &Refusal, media: Media, registry: &Registry) -> HttpResponse {
    let mut response = HttpResponse::build(refusal.status());
    match refusal {
        Refusal::Method { allowed, .. } => {
            response.insert_header((header::ALLOW, list(allowed)));
        }
        // RFC 9110 section 15.5.16: the media types to send instead.
        Refusal::MediaType(_) => {
            response.insert_header(("accept-post", Media::list()));
        }
        Refusal::ContentEncoding(_) => {
            response.insert_header((header::ACCEPT_ENCODING, "identity"));
        }
        Refusal::NotAcceptable => {
            response.insert_header((header::VARY, HeaderValue::from_static("Accept")));
        }
        Refusal::Unavailable { retry_after, .. } => {
            let seconds = retry_after.as_secs().max(1);
            response.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        _ => {}
    }
    response.content_type(media.header());
    response.body(errors_of(refusal, registry).to_vec(media.encoding))
}

fn errors_of(refusal: &Refusal, registry: &Registry) -> Errors {
    match refusal {
        Refusal::Faults(faults) => Errors::of_faults(faults, registry.modules()),
        other => Errors::of_request(other.error_tag(), &other.to_string()),
    }
}

/// The answer to a notification with these faults, in JSON.
pub(super) fn json_of_faults(faults: &Faults, registry: &Registry) -> String {
    let errors = Errors::of_faults(faults, registry.modules());
    notif_runtime::json::to_string(&errors)
}

#[cfg(test)]
mod tests {
    use actix_web::body::MessageBody;
    use notif_runtime::Options;
    use notif_runtime::fault::{FaultKind, Predicate, Step};

    use notif_runtime::restconf::MAX_BODY;

    use super::*;

    fn body(refusal: &Refusal, encoding: &str) -> String {
        let media = Media::of_body(encoding).unwrap();
        let response = respond(refusal, media, &Registry::default());
        let bytes = response.into_body().try_into_bytes().unwrap();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    #[test]
    fn refusals_read_the_same_in_both_encodings() {
        let refusal = Refusal::MediaType(Some("text/<plain>".to_owned()));
        assert_eq!(
            body(&refusal, "application/json"),
            r#"{"ietf-restconf:errors":{"error":[{"error-type":"protocol","error-tag":"operation-not-supported","error-message":"Content-Type \"text/<plain>\" is not accepted; accepted, in UTF-8: application/xml, application/json, application/yang-data+xml, application/yang-data+json, application/cbor, application/yang-data+cbor"}]}}"#
        );
        assert_eq!(
            body(&refusal, "application/yang-data+xml"),
            "<errors xmlns=\"urn:ietf:params:xml:ns:yang:ietf-restconf\"><error><error-type>protocol</error-type><error-tag>operation-not-supported</error-tag><error-message>Content-Type &quot;text/&lt;plain&gt;&quot; is not accepted; accepted, in UTF-8: application/xml, application/json, application/yang-data+xml, application/yang-data+json, application/cbor, application/yang-data+cbor</error-message></error></errors>"
        );
    }

    #[test]
    fn every_fault_is_listed_with_its_position() {
        let faults = Registry::default()
            .decode(Encoding::Json, b"{\n \"x\x01", &Options::default())
            .unwrap_err();
        assert_ne!(faults.list[0].kind, FaultKind::Empty);
        let refusal = Refusal::Faults(faults);
        let json = body(&refusal, "application/json");
        assert!(
            json.contains("\"error-tag\":\"malformed-message\""),
            "{json}"
        );
        assert!(json.contains("line 2, column"), "{json}");
        let xml = body(&refusal, "application/xml");
        assert!(!xml.contains('\u{1}'), "{xml}");
    }

    #[test]
    fn answers_have_a_bound_whatever_the_faults_are() {
        let one = |fill: &str| {
            let message = format!("{{\"{fill}\":1}}", fill = fill.repeat(60));
            let mut faults = Registry::default()
                .decode(Encoding::Json, message.as_bytes(), &Options::default())
                .unwrap_err();
            let fault = faults.list.first_mut().unwrap();
            fault.expected = fill.repeat(3_000);
            for _ in 0..100 {
                let name = fill.repeat(60).into();
                fault.path.push_outer(Step {
                    name,
                    predicate: Predicate::None,
                });
            }
            fault.clone()
        };
        for fill in ["n", "\u{1}", "\"", "&", "中", "🦀"] {
            let mut faults = Faults {
                list: vec![one(fill); 100],
                truncated: false,
            };
            for encoding in [
                "application/json",
                "application/xml",
                "application/yang-data+cbor",
            ] {
                let media = Media::of_body(encoding).unwrap();
                let refusal = Refusal::Faults(faults.clone());
                let response = respond(&refusal, media, &Registry::default());
                let bytes = response.into_body().try_into_bytes().unwrap();
                assert!(
                    bytes.len() <= MAX_BODY,
                    "{fill:?} {encoding}: {} bytes",
                    bytes.len()
                );
                let text = String::from_utf8_lossy(&bytes);
                assert!(
                    text.contains(" more faults are not listed"),
                    "{fill:?} {encoding}"
                );
                assert!(!text.contains("at least"));
            }
            faults.truncated = true;
            let json = json_of_faults(&faults, &Registry::default());
            assert!(json.len() <= MAX_BODY, "{fill:?}: {} bytes", json.len());
            let json: serde_json::Value = serde_json::from_str(&json).unwrap();
            let list = json["ietf-restconf:errors"]["error"].as_array().unwrap();
            let note = format!("at least {} more faults", 101 - list.len());
            let end = list.last().unwrap()["error-message"].as_str().unwrap();
            assert!(end.starts_with(&note), "{end}");
        }
    }

    #[test]
    fn statuses_carry_their_headers() {
        let of = |refusal: Refusal, name: &str| {
            let response = respond(&refusal, Media::FALLBACK, &Registry::default());
            let value = response.headers().get(name).unwrap().to_str().unwrap();
            (response.status().as_u16(), value.to_owned())
        };
        let busy = Refusal::Unavailable {
            reason: String::new(),
            retry_after: std::time::Duration::from_millis(10),
        };
        assert_eq!(of(busy, "retry-after"), (503, "1".to_owned()));
        let method = Refusal::Method {
            given: actix_web::http::Method::PUT,
            allowed: &[actix_web::http::Method::POST],
        };
        assert_eq!(of(method, "allow"), (405, "POST".to_owned()));
        let coding = Refusal::ContentEncoding("gzip".to_owned());
        assert_eq!(of(coding, "accept-encoding"), (415, "identity".to_owned()));
        let faults = Refusal::Faults(Faults {
            list: Vec::new(),
            truncated: false,
        });
        assert_eq!(of(faults, "content-type").0, 400);
    }
}
