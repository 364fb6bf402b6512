//! The checks of decoders: none panics, and what they accept survives every encoding.

use std::sync::LazyLock;

use fixtures::{forms, interfaces, system, values};
use notif_runtime::Options;
use notif_runtime::cbor::{self, Mapping};
use notif_runtime::registry::Registry;
use notif_runtime::tree::Node;
use notif_runtime::validate::validate;
use notif_runtime::{Encoding, json, xml};

static REGISTRY: LazyLock<Registry> = LazyLock::new(|| {
    Registry::new(&interfaces::SCHEMA)
        .with(&forms::SCHEMA)
        .with(&values::SCHEMA)
        .with(&system::SCHEMA)
});

/// Valid messages of all the modules, from which changes start.
const SEEDS: [&str; 5] = [
    include_str!("../../examples/data/interfaces.json"),
    include_str!("seeds/forms.json"),
    include_str!("seeds/system.json"),
    include_str!("seeds/types.json"),
    include_str!("seeds/values.json"),
];

/// Valid messages in an encoding.
///
/// # Panics
/// If one is not valid.
#[must_use]
pub fn seeds(encoding: Encoding) -> Vec<Vec<u8>> {
    let options = Options::default();
    let messages = SEEDS.iter().flat_map(|seed| {
        let data = REGISTRY.decode(Encoding::Json, seed.as_bytes(), &options);
        match data {
            Ok(data) => encoded(data.root()),
            Err(faults) => panic!("{faults}\n{seed}"),
        }
    });
    let of_it = messages.filter(|(of, _)| *of == encoding);
    of_it.map(|(_, message)| message).collect()
}

/// Decodes `input`. What is accepted is valid, and is the same after a way through each encoding.
///
/// XML has no kinds of values: the string `007` in a union is the number 7 in it if that member comes
/// first (RFC 7950 section 9.12), which may break a constraint. So what XML reads is compared with what
/// it reads of its own.
///
/// # Panics
/// If any of that does not hold.
pub fn check(encoding: Encoding, input: &[u8]) {
    let options = Options::default();
    let decode = |encoding, input: &[u8]| REGISTRY.decode(encoding, input, &options);
    let Ok(data) = decode(encoding, input) else {
        return;
    };
    let root = data.root();
    assert!(validate(root).is_ok(), "decoded and not valid: {root:?}");
    let text = json::to_string(root);
    for (encoding, message) in encoded(root) {
        match (encoding, decode(encoding, &message)) {
            (Encoding::Xml, Ok(again)) => {
                let own = xml::to_string(again.root());
                match decode(encoding, own.as_bytes()) {
                    Ok(third) => assert_eq!(xml::to_string(third.root()), own),
                    Err(faults) => panic!("XML is not read back: {faults}\n{own}"),
                }
            }
            (Encoding::Xml, Err(_)) => {}
            (_, Ok(again)) => assert_eq!(json::to_string(again.root()), text, "{encoding}"),
            (_, Err(faults)) => panic!("{encoding} is not read back: {faults}\n{text}"),
        }
    }
}

/// The data in every form that can be written.
fn encoded(root: &dyn Node) -> [(Encoding, Vec<u8>); 5] {
    [
        (Encoding::Json, json::to_string(root).into_bytes()),
        (Encoding::Xml, xml::to_string(root).into_bytes()),
        (Encoding::Cbor, cbor::to_vec(root, Mapping::Yang)),
        (Encoding::Cbor, cbor::to_vec_with_sids(root)),
        (Encoding::JsonCbor, cbor::to_vec(root, Mapping::Json)),
    ]
}
