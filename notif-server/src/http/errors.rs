//! The bodies of errors: `ietf-restconf:errors` (RFC 8040 section 7.1), in the encoding of the
//! request; in that of CBOR only if the client accepts it, for its operator reads them.

use std::borrow::Cow;
use std::io;

use actix_web::http::header::{self, Accept, Header, HeaderValue, Quality, QualityItem};
use actix_web::mime::Mime;
use actix_web::{HttpRequest, HttpResponse};
use notif_runtime::Encoding;
use notif_runtime::fault::{ErrorTag, Fault, Faults};
use notif_runtime::registry::Registry;
use notif_runtime::text::{excerpt, shortened};
use quick_xml::Writer;
use quick_xml::events::BytesText;
use serde::{Serialize, Serializer};

use super::media::Media;
use super::refusal::{Refusal, list};

/// The namespace of RFC 8040's module.
const RESTCONF: &str = "urn:ietf:params:xml:ns:yang:ietf-restconf";

/// The largest answer, in bytes, in whatever encoding: faults that would make it larger are not
/// listed.
const ANSWER: usize = 64 << 10;

/// The longest path or message of one fault, in characters. Each can take six bytes, as an escape.
const PART: usize = 2_000;

/// RFC 8040 section 8, grouping `errors`.
#[derive(Debug, Serialize)]
struct Errors {
    error: Vec<Entry>,
}

/// One entry of the list `error`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
#[expect(clippy::struct_field_names, reason = "the names are RFC 8040's own")]
struct Entry {
    error_type: ErrorType,
    error_tag: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_app_tag: Option<Cow<'static, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_path: Option<String>,
    error_message: String,
}

/// The enumeration `error-type` with the values that RFC 8040 gives it.
#[derive(Debug, Clone, Copy)]
enum ErrorType {
    Protocol = 2,
    Application = 3,
}

impl ErrorType {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Protocol => "protocol",
            Self::Application => "application",
        }
    }
}

/// Its name in JSON, its value in CBOR (RFC 9254 section 6.6).
impl Serialize for ErrorType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            return serializer.serialize_str(self.as_str());
        }
        serializer.serialize_u8(*self as u8)
    }
}

/// The RFC 8040 envelope in JSON and CBOR.
#[derive(Debug, Serialize)]
struct Envelope<'a> {
    #[serde(rename = "ietf-restconf:errors")]
    errors: &'a Errors,
}

/// The media type that the request says its body is; that of [`Media::FALLBACK`] if none is known.
pub(super) fn media_of(request: &HttpRequest) -> Media {
    request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(Media::of_body)
        .unwrap_or(Media::FALLBACK)
}

/// The media type to tell of a refusal in: that of the request's body, but CBOR only if the request
/// accepts it by name.
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

/// The answer to a request that is refused.
pub(super) fn respond(refusal: &Refusal, media: Media, registry: &Registry) -> HttpResponse {
    let size = |entry: &Entry| size(entry, media.encoding, registry);
    let errors = entries(refusal, size);
    let mut response = HttpResponse::build(refusal.status());
    match refusal {
        Refusal::Method { allowed, .. } => {
            response.insert_header((header::ALLOW, list(allowed)));
        }
        // RFC 9110 section 15.5.16: what to send instead.
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
    match encode(&errors, media.encoding, registry) {
        Ok(body) => response.body(body),
        // Only a writer that fails could fail, and memory does not.
        Err(_) => response.finish(),
    }
}

/// What the sender of a notification with these faults is told, in JSON.
pub(super) fn json_of_faults(faults: &Faults) -> String {
    let errors = of_faults(faults, json_size);
    serde_json::to_string(&Envelope { errors: &errors }).unwrap_or_default()
}

fn entries(refusal: &Refusal, size: impl Fn(&Entry) -> usize) -> Errors {
    match refusal {
        Refusal::Faults(faults) => of_faults(faults, size),
        other => Errors {
            error: vec![Entry {
                error_type: ErrorType::Protocol,
                error_tag: other.error_tag().as_str(),
                error_app_tag: None,
                error_path: None,
                error_message: excerpt(other, PART),
            }],
        },
    }
}

/// The faults, as many as fit into [`ANSWER`] if each is of this size, and how many do not.
fn of_faults(faults: &Faults, size: impl Fn(&Entry) -> usize) -> Errors {
    // For the envelope and the note.
    let mut left = ANSWER - 1024;
    let mut error = Vec::new();
    for fault in &faults.list {
        let entry = of_fault(fault);
        let Some(rest) = left.checked_sub(size(&entry)) else {
            error.push(note(faults.list.len() - error.len(), faults.truncated));
            break;
        };
        left = rest;
        error.push(entry);
    }
    Errors { error }
}

/// Says that faults are not listed.
fn note(count: usize, more: bool) -> Entry {
    let least = if more { "at least " } else { "" };
    Entry {
        error_type: ErrorType::Application,
        error_tag: ErrorTag::TooBig.as_str(),
        error_app_tag: None,
        error_path: None,
        error_message: format!("{least}{count} more faults are not listed: the answer is too long"),
    }
}

fn json_size(entry: &Entry) -> usize {
    serde_json::to_vec(entry).map_or(ANSWER, |json| json.len() + 1)
}

fn of_fault(fault: &Fault) -> Entry {
    let tag = fault.kind.error_tag();
    Entry {
        error_type: match tag {
            ErrorTag::MalformedMessage | ErrorTag::TooBig => ErrorType::Protocol,
            _ => ErrorType::Application,
        },
        error_tag: tag.as_str(),
        error_app_tag: fault.app_tag.clone(),
        error_path: (!fault.path.is_root()).then(|| excerpt(&fault.path, PART)),
        error_message: message(fault),
    }
}

/// Where in the text, and what is wrong; the path has a member of its own.
fn message(fault: &Fault) -> String {
    let position = fault.position.map_or_else(String::new, |at| {
        format!("line {}, column {}: ", at.line, at.column)
    });
    position + &shortened(&fault.problem(), PART)
}

/// How much a fault takes of an answer, in bytes.
fn size(entry: &Entry, encoding: Encoding, registry: &Registry) -> usize {
    match encoding {
        Encoding::Xml => {
            let mut writer = Writer::new(Vec::new());
            let written = xml_entry(&mut writer, entry, registry);
            written.map_or(ANSWER, |()| writer.into_inner().len())
        }
        // CBOR has no escapes: it is never longer than JSON.
        _ => json_size(entry),
    }
}

fn encode(errors: &Errors, encoding: Encoding, registry: &Registry) -> io::Result<Vec<u8>> {
    match encoding {
        Encoding::Xml => xml(errors, registry),
        Encoding::Cbor | Encoding::JsonCbor => {
            minicbor_serde::to_vec(Envelope { errors }).map_err(io::Error::other)
        }
        _ => Ok(serde_json::to_vec(&Envelope { errors })?),
    }
}

fn xml(errors: &Errors, registry: &Registry) -> io::Result<Vec<u8>> {
    let mut writer = Writer::new(Vec::new());
    writer
        .create_element("errors")
        .with_attribute(("xmlns", RESTCONF))
        .write_inner_content(|writer| {
            for error in &errors.error {
                xml_entry(writer, error, registry)?;
            }
            Ok(())
        })?;
    Ok(writer.into_inner())
}

fn xml_entry(writer: &mut Writer<Vec<u8>>, error: &Entry, registry: &Registry) -> io::Result<()> {
    writer
        .create_element("error")
        .write_inner_content(|writer| xml_error(writer, error, registry))?;
    Ok(())
}

fn xml_error(writer: &mut Writer<Vec<u8>>, error: &Entry, registry: &Registry) -> io::Result<()> {
    xml_leaf(writer, "error-type", error.error_type.as_str())?;
    xml_leaf(writer, "error-tag", error.error_tag)?;
    if let Some(tag) = &error.error_app_tag {
        xml_leaf(writer, "error-app-tag", tag)?;
    }
    if let Some(path) = &error.error_path {
        // The path's prefixes are module names, and have to be declared.
        let modules = registry.modules().iter();
        let named = modules.filter(|module| path.contains(&format!("{}:", module.name)));
        let mut element = writer.create_element("error-path");
        for module in named {
            let prefix = format!("xmlns:{}", module.name);
            element = element.with_attribute((prefix.as_str(), module.namespace));
        }
        element.write_text_content(BytesText::new(&printable(path)))?;
    }
    xml_leaf(writer, "error-message", &error.error_message)
}

fn xml_leaf(writer: &mut Writer<Vec<u8>>, name: &str, text: &str) -> io::Result<()> {
    writer
        .create_element(name)
        .write_text_content(BytesText::new(&printable(text)))?;
    Ok(())
}

/// The text with what XML 1.0 cannot hold replaced: a message may repeat what a sender sent.
fn printable(text: &str) -> String {
    text.replace(
        |c: char| (c < ' ' && !"\t\n\r".contains(c)) || matches!(c, '\u{FFFE}' | '\u{FFFF}'),
        "\u{FFFD}",
    )
}

#[cfg(test)]
mod tests {
    use actix_web::body::MessageBody;
    use notif_runtime::Options;
    use notif_runtime::fault::{FaultKind, Predicate, Step};

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
                    bytes.len() <= ANSWER,
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
            let json = json_of_faults(&faults);
            assert!(json.len() <= ANSWER, "{fill:?}: {} bytes", json.len());
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
