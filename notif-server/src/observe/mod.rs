//! The view for operators: metrics and the log.

mod line;
mod logging;
mod metrics;
mod repeats;
#[cfg(test)]
mod tests;
mod writer;

pub use logging::{LogError, LogGuard, init as init_logging};
pub(crate) use logging::{flush as flush_log, sum_up};
pub use metrics::{METRICS_TYPE, Metrics};
