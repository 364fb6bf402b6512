//! The messages: the two that the deployed publishers send, and one of many interfaces.

use notif_runtime::Options;
use notif_runtime::types::CompactString;
use notif_runtime::{json, xml};
use notif_server::yang::ietf_https_notif::Notification;

/// The publishers' JSON message as it stands in `examples/data/`, indented.
pub const SEED_JSON: &str = include_str!("../../examples/data/interfaces.json");

/// The publishers' XML message, with the prefix that they do not declare.
pub const SEED_XML: &str = include_str!("../../examples/data/interfaces.xml");

/// The XML message with its prefix declared, so that every XML parser takes it.
#[must_use]
pub fn seed_xml_declared() -> String {
    SEED_XML
        .replacen(
            "<ietf-https-notif:notification>",
            "<notification xmlns=\"urn:ietf:params:xml:ns:netconf:notification:1.0\">",
            1,
        )
        .replacen("</ietf-https-notif:notification>", "</notification>", 1)
}

/// The publishers' message as data.
///
/// # Panics
/// If the message in `examples/data/` does not decode.
#[must_use]
#[expect(clippy::panic, reason = "a benchmark cannot go on without its message")]
pub fn seed() -> Notification {
    match json::from_slice(SEED_JSON.as_bytes(), &Options::default()) {
        Ok(message) => message,
        Err(faults) => panic!("{faults}"),
    }
}

/// The publishers' message with its first interface `count` times, under other names.
#[must_use]
pub fn of_interfaces(count: usize) -> Notification {
    let mut message = seed();
    if let Some(data) = &mut message.interface_data
        && let Some(first) = data.interface.first().cloned()
    {
        data.interface = (0..count)
            .map(|at| {
                let mut interface = first.clone();
                interface.name = CompactString::from(format!("eth{at}"));
                interface
            })
            .collect();
    }
    message
}

/// A message under each name that the benches report, in JSON and in XML.
#[must_use]
pub fn all() -> Vec<(&'static str, String, String)> {
    let (seed, many) = (seed(), of_interfaces(1000));
    vec![
        ("as-sent", SEED_JSON.to_owned(), seed_xml_declared()),
        ("minified", json::to_string(&seed), xml::to_string(&seed)),
        (
            "1000-interfaces",
            json::to_string(&many),
            xml::to_string(&many),
        ),
    ]
}
