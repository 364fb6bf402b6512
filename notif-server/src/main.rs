//! The command `notif-server`.
fn main() {}
