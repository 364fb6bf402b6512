//! What the benches and the comparisons with libyang share: the messages and the peers.
#![forbid(unsafe_code)]

pub mod by_hand;
pub mod libyang;
pub mod messages;
