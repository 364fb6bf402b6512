//! The command `notif-server`.
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    notif_server::commands::main()
}
