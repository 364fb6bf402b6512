//! From a YANG module to checked data: `examples/build.rs` generates types from
//! `examples/yang/acme-door.yang`; here a message is decoded into them, and a faulty one is refused.
//!
//! `cargo run -p examples --bin new-module`
#![forbid(unsafe_code)]

use std::error::Error;

use examples::yang::acme_door::AccessEvent;
use examples::yang::acme_door::access_event::Outcome;
use notif_runtime::Options;
use notif_runtime::json;
use notif_runtime::validate::validate;

const MESSAGE: &str = r#"{"acme-door:access-event": {
  "eventTime": "2026-11-25T08:00:00Z",
  "door": "north",
  "badge": "00C0FFEE",
  "outcome": "acme-door:opened",
  "held-open": "4.5",
  "reader": [{"side": "outside", "signal": -61}]
}}"#;

/// Four mistakes: a malformed badge, no outcome, a signal out of range, and a member that is not
/// in the module.
const WRONG: &str = r#"{"acme-door:access-event": {
  "eventTime": "2026-11-25T08:00:00Z",
  "door": "north",
  "badge": "coffee",
  "reader": [{"side": "outside", "signal": -121}],
  "color": "red"
}}"#;

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::default();
    let mut event: AccessEvent = json::from_slice(MESSAGE.as_bytes(), &options)?;
    println!("{} opened by {}", event.door, event.badge);
    assert_eq!(event.outcome, Outcome::Opened);

    // Data is plain structs. A leaf's default comes from a method.
    event.held_open = None;
    println!("held open for {} s", event.held_open_or_default());
    validate(&event)?;

    match json::from_slice::<AccessEvent>(WRONG.as_bytes(), &options) {
        Ok(_) => println!("taken"),
        Err(faults) => faults.list.iter().for_each(|fault| println!("{fault}")),
    }
    Ok(())
}
