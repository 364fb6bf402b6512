//! `GET capabilities`: the receiver's capabilities, in the profile and encoding that the client
//! prefers.

use std::io;

use actix_web::http::header::{Accept, CacheControl, CacheDirective, VARY};
use actix_web::{HttpRequest, HttpResponse, web};
use notif_runtime::tree::Node;
use notif_runtime::{Encoding, json, xml};

use super::media::{Media, OFFERED, Profile};
use super::negotiate::negotiate;
use super::refusal::Refusal;
use super::{State, errors};
use generated::ietf_https_notif_transport::ReceiverCapabilities;

/// The types generated from `yang/ietf-https-notif-transport.yang`.
mod generated {
    include!(concat!(env!("OUT_DIR"), "/capabilities.rs"));
}

pub(super) async fn capabilities(
    request: HttpRequest,
    accept: web::Header<Accept>,
    state: web::Data<State>,
) -> HttpResponse {
    let Some(media) = negotiate(&accept) else {
        let refusal = Refusal::NotAcceptable;
        return errors::respond(&refusal, errors::answer_to(&request), &state.registry);
    };
    let Ok(body) = body(media) else {
        return HttpResponse::InternalServerError().finish();
    };
    HttpResponse::Ok()
        .insert_header(CacheControl(vec![CacheDirective::NoCache]))
        .insert_header((VARY, "Accept"))
        .content_type(media.header())
        .body(body)
}

/// The names of all capabilities, in both families: publishers ignore unknown ones.
fn urns() -> Vec<String> {
    let encoding = |media: &Media| match media.profile {
        Profile::Plain => format!(
            "urn:ietf:capability:https-notif-receiver:encoding:{}",
            media.capability()
        ),
        Profile::YangData => format!(
            "urn:ietf:params:yang-notif:https-capability:encoding:{}",
            media.capability()
        ),
    };
    OFFERED.iter().map(encoding).collect()
}

/// All capabilities, in the form that the media type stands for.
fn body(media: Media) -> io::Result<Vec<u8>> {
    let mut capabilities = ReceiverCapabilities::new();
    capabilities.receiver_capability = urns().into_iter().map(Into::into).collect();
    match media.profile {
        Profile::YangData => Ok(media.encoding.encode(&capabilities)),
        Profile::Plain => unqualified(&capabilities, media.encoding),
    }
}

/// The capabilities without their module's name, as in the drafts up to revision -15.
fn unqualified(capabilities: &ReceiverCapabilities, encoding: Encoding) -> io::Result<Vec<u8>> {
    let module = capabilities.schema().module;
    if encoding == Encoding::Xml {
        let declaration = format!(" xmlns=\"{}\"", module.namespace);
        return Ok(xml::to_string(capabilities)
            .replacen(&declaration, "", 1)
            .into());
    }
    let prefix = format!("{}:", module.name);
    let json = json::to_string(capabilities).replacen(&prefix, "", 1);
    if encoding == Encoding::Json {
        return Ok(json.into());
    }
    let data: serde_json::Value = serde_json::from_str(&json)?;
    minicbor_serde::to_vec(data).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(name: &str) -> Vec<u8> {
        let media = OFFERED.into_iter().find(|media| media.name == name);
        body(media.unwrap()).unwrap()
    }

    fn text(name: &str) -> String {
        String::from_utf8(bytes(name)).unwrap()
    }

    #[test]
    fn each_profile_has_its_envelope_and_all_names() {
        assert_eq!(
            text("application/json"),
            r#"{"receiver-capabilities":{"receiver-capability":["urn:ietf:capability:https-notif-receiver:encoding:xml","urn:ietf:capability:https-notif-receiver:encoding:json","urn:ietf:params:yang-notif:https-capability:encoding:xml","urn:ietf:params:yang-notif:https-capability:encoding:json","urn:ietf:capability:https-notif-receiver:encoding:cbor","urn:ietf:params:yang-notif:https-capability:encoding:cbor"]}}"#
        );
        assert!(text("application/yang-data+json").starts_with(
            r#"{"ietf-https-notif-transport:receiver-capabilities":{"receiver-capability":["#
        ));
        for (cbor, json) in [
            ("application/cbor", "application/json"),
            ("application/yang-data+cbor", "application/yang-data+json"),
        ] {
            let data: serde_json::Value = minicbor_serde::from_slice(&bytes(cbor)).unwrap();
            assert_eq!(data.to_string(), text(json));
        }
        let xml = "<receiver-capability>urn:ietf:capability:https-notif-receiver:encoding:xml</receiver-capability>";
        assert!(text("application/xml").starts_with(&format!("<receiver-capabilities>{xml}")));
        assert!(text("application/yang-data+xml").starts_with(&format!(
            "<receiver-capabilities xmlns=\"urn:ietf:params:xml:ns:yang:ietf-https-notif-transport\">{xml}"
        )));
    }
}
