//! Shared by the decoders' tests: the generated types, messages to edit, faults as text.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test states what must hold"
)]

pub(crate) use fixtures::{forms, interfaces, metadata, values};
use notif_runtime::Options;
use notif_runtime::cbor::Mapping;
use notif_runtime::decode::Object;
use notif_runtime::fault::{Fault, Faults};
use notif_runtime::registry::Registry;
use notif_runtime::tree::Node;
use notif_runtime::{Encoding, cbor, json, xml};

pub(crate) use forms::forms::Top;
pub(crate) use interfaces::ietf_https_notif::Notification;

/// The message that was captured from a publisher, in JSON.
pub(crate) const CAPTURED_JSON: &[u8] = include_bytes!("../../../../examples/data/interfaces.json");

/// Another one, in XML.
pub(crate) const CAPTURED_XML: &[u8] = include_bytes!("../../../../examples/data/interfaces.xml");

/// A small message with the most common kinds of nodes.
pub(crate) const XML_BASE: &str = r#"<notification xmlns="urn:ietf:params:xml:ns:netconf:notification:1.0">
 <eventTime>2025-01-02T03:04:05Z</eventTime>
 <interface_data>
  <interface>
   <name>lo</name>
   <type>772</type>
   <enabled>true</enabled>
   <admin-status>up</admin-status>
   <if-index>1</if-index>
   <phys-address>00:11</phys-address>
   <higher-layer-if>lo</higher-layer-if>
   <speed>10</speed>
   <statistics>
    <discontinuity-time>2025-01-02T03:04:06Z</discontinuity-time>
    <in-octets>7</in-octets>
    <in-discards>2</in-discards>
   </statistics>
  </interface>
 </interface_data>
</notification>"#;

/// Its declaration of the namespace.
pub(crate) const XMLNS: &str = r#" xmlns="urn:ietf:params:xml:ns:netconf:notification:1.0""#;

/// A fault in one line: its position, kind, path, error-tag and value.
pub(crate) fn line(fault: &Fault) -> String {
    let at = fault.position.map_or_else(
        || "-".to_owned(),
        |position| format!("{}:{}", position.line, position.column),
    );
    let (kind, path, tag) = (fault.kind, &fault.path, fault.kind.error_tag());
    match &fault.value {
        Some(value) => format!("{at} {kind} {path} {tag} {value}"),
        None => format!("{at} {kind} {path} {tag}"),
    }
}

/// The faults as lines; `and more` at the end if there were too many.
pub(crate) fn lines(faults: &Faults) -> Vec<String> {
    let mut lines: Vec<String> = faults.list.iter().map(line).collect();
    if faults.truncated {
        lines.push("and more".to_owned());
    }
    lines
}

/// Decodes a message into a known type.
pub(crate) fn decode_as<T: Object>(
    encoding: Encoding,
    input: &[u8],
    options: &Options,
) -> Result<T, Faults> {
    match encoding {
        Encoding::Json => json::from_slice(input, options),
        Encoding::Xml => xml::from_slice(input, options),
        Encoding::Cbor => cbor::from_slice(input, Mapping::Yang, options),
        Encoding::JsonCbor => cbor::from_slice(input, Mapping::Json, options),
        other => panic!("no test of {other}"),
    }
}

/// Encodes a message.
pub(crate) fn encode(encoding: Encoding, data: &dyn Node) -> Vec<u8> {
    match encoding {
        Encoding::Json => json::to_string(data).into_bytes(),
        Encoding::Xml => xml::to_string(data).into_bytes(),
        Encoding::Cbor => cbor::to_vec(data, Mapping::Yang),
        Encoding::JsonCbor => cbor::to_vec(data, Mapping::Json),
        other => panic!("no test of {other}"),
    }
}

/// Decodes interface data into the known type and through the registry, which must agree.
pub(crate) fn decode(
    encoding: Encoding,
    input: &[u8],
    options: &Options,
) -> Result<Notification, Faults> {
    let typed = decode_as::<Notification>(encoding, input, options);
    let any = Registry::new(&interfaces::SCHEMA).decode(encoding, input, options);
    match (&typed, &any) {
        (Ok(typed), Ok(any)) => assert_eq!(Some(typed), any.downcast_ref()),
        (typed, any) => assert_eq!(typed.as_ref().err(), any.as_ref().err()),
    }
    if let Err(faults) = &typed {
        assert!(!faults.list.is_empty());
        for fault in &faults.list {
            let position = fault.position.expect("a fault has a position");
            assert!(position.offset <= input.len(), "{fault}");
            assert!(!fault.expected.is_empty());
        }
    }
    typed
}

/// The faults of a message, which must have some.
pub(crate) fn refused(encoding: Encoding, input: &[u8]) -> Vec<String> {
    match decode(encoding, input, &Options::default()) {
        Ok(_) => panic!("accepted: {}", String::from_utf8_lossy(input)),
        Err(faults) => lines(&faults),
    }
}

/// The data of a message, which must be valid.
pub(crate) fn accepted(encoding: Encoding, input: &[u8]) -> Notification {
    match decode(encoding, input, &Options::default()) {
        Ok(data) => data,
        Err(faults) => panic!("{faults}\nin {}", String::from_utf8_lossy(input)),
    }
}

/// `message` with its one occurrence of `from` replaced.
pub(crate) fn edit(message: &str, from: &str, to: &str) -> String {
    assert_eq!(message.matches(from).count(), 1, "{from:?} stands once");
    message.replace(from, to)
}

/// The path of the list of interfaces, for which `%` stands in expected faults.
const INTERFACE: &str = "/ietf-https-notif:notification/interface_data/interface";

/// A change to a valid message and the faults that it makes.
pub(crate) type Case<'a> = (&'a str, &'a str, &'a [&'a str]);

/// Makes each change to `base` and compares the faults.
pub(crate) fn check_edits(encoding: Encoding, base: &str, cases: &[Case<'_>]) {
    accepted(encoding, base.as_bytes());
    let messages: Vec<_> = cases
        .iter()
        .map(|&(from, to, expected)| (edit(base, from, to), expected))
        .collect();
    check_refused(encoding, &messages);
}

/// Compares the faults of each message; all that differ are shown.
pub(crate) fn check_refused(encoding: Encoding, cases: &[(impl AsRef<[u8]>, &[&str])]) {
    let mut wrong = String::new();
    for (message, expected) in cases {
        let message = message.as_ref();
        let found = match decode(encoding, message, &Options::default()) {
            Ok(_) => vec!["accepted".to_owned()],
            Err(faults) => lines(&faults),
        };
        let expected = expected.iter().map(|text| text.replace('%', INTERFACE));
        if !found.iter().cloned().eq(expected) {
            let found: Vec<_> = found
                .iter()
                .map(|text| text.replace(INTERFACE, "%"))
                .collect();
            let message = String::from_utf8_lossy(message);
            wrong.extend([format!("{message}\nfound &{found:?}\n\n")]);
        }
    }
    assert!(wrong.is_empty(), "these differ:\n{wrong}");
}
