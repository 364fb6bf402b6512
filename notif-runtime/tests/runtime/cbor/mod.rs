//! CBOR: the examples of RFC 9254, every type, names and SIDs, and what is refused.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test states what must hold"
)]

mod accepted;
mod any;
mod refused;

use std::fmt::Write as _;

use fixtures::system;
use notif_runtime::Encoding;
use notif_runtime::Options;
use notif_runtime::cbor::{self, Mapping};
use notif_runtime::decode::Object;
use notif_runtime::json;
use notif_runtime::registry::Registry;
use notif_runtime::schema::Kind;

/// The bytes of hexadecimal digits; white space and comments after `#` do not matter.
pub(crate) fn hex(text: &str) -> Vec<u8> {
    let lines = text
        .lines()
        .map(|line| line.split('#').next().unwrap_or(""));
    let digits: Vec<u8> = lines
        .flat_map(str::chars)
        .filter_map(|digit| digit.to_digit(16))
        .map(|digit| u8::try_from(digit).expect("is a digit"))
        .collect();
    let (pairs, rest) = digits.as_chunks::<2>();
    assert!(rest.is_empty(), "half a byte: {text}");
    pairs.iter().map(|[high, low]| high << 4 | low).collect()
}

pub(crate) fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("is written");
        text
    })
}

/// The text string `text` in hexadecimal.
pub(crate) fn text(text: &str) -> String {
    let length = u8::try_from(text.len()).expect("is short");
    let head = match length {
        0..24 => vec![0x60 | length],
        _ => vec![0x78, length],
    };
    format!("{}{}", to_hex(&head), to_hex(text.as_bytes()))
}

pub(crate) fn decode<T: Object>(message: &[u8]) -> Result<T, String> {
    let typed = cbor::from_slice::<T>(message, Mapping::Yang, &Options::default());
    if !matches!(T::NODE.kind, Kind::Input { .. } | Kind::Output { .. }) {
        let registry = Registry::new(&system::SCHEMA);
        let any = registry.decode(Encoding::Cbor, message, &Options::default());
        assert_eq!(typed.as_ref().err(), any.as_ref().err());
    }
    typed.map_err(|faults| faults.to_string())
}

pub(crate) fn decode_json<T: Object>(text: &str) -> T {
    json::from_slice(text.as_bytes(), &Options::default())
        .unwrap_or_else(|faults| panic!("{text}: {faults}"))
}

/// A leaf of the container `types` with this value.
pub(crate) fn leaf(name: &str, value: &str) -> String {
    let (container, name) = (text("example-system:types"), text(name));
    format!("a1{container}a1{name}{value}")
}
