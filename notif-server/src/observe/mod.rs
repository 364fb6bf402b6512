//! What an operator sees: metrics and the log.

mod line;
mod logging;
mod metrics;
mod middleware;
mod repeats;
mod writer;

pub(crate) use logging::flush as flush_log;
pub use logging::{LogError, LogGuard, init as init_logging};
pub use metrics::{METRICS_TYPE, Metrics};
pub use middleware::observe;
