//! Faults of the program itself.

use std::panic::{self, PanicHookInfo};

use prometheus_client::metrics::counter::Counter;

/// Makes every panic of the process one line of the log, without a backtrace, and counts it. What
/// it ends is one connection or task; the process goes on.
pub(crate) fn tell_panics(count: Counter) {
    panic::set_hook(Box::new(move |info| {
        count.inc();
        let place = info.location().map(ToString::to_string);
        tracing::error!(
            place,
            reason = reason(info),
            "a fault of this program, please report it"
        );
    }));
}

/// What the panic says, as far as a line should be long.
fn reason(info: &PanicHookInfo<'_>) -> String {
    const LONGEST: usize = 200;
    let reason = info.payload_as_str().unwrap_or_default();
    reason.chars().take(LONGEST).collect()
}
