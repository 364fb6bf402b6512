//! Shared by the benches and the comparisons with libyang: the messages and the peers.
#![forbid(unsafe_code)]

pub mod by_hand;
pub mod messages;

use std::path::Path;

use instances::libyang::Libyang;

/// libyang with the server's modules, all features on.
///
/// # Panics
/// If it does not take them.
#[must_use]
#[expect(clippy::expect_used, reason = "nothing is measured without it")]
pub fn libyang() -> Libyang {
    let modules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../yang_modules");
    Libyang::new(&[&modules], &[("ietf-https-notif", &["*"])]).expect("libyang takes the modules")
}
