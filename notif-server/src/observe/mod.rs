//! What an operator sees: metrics and the log.

mod logging;
mod metrics;
mod middleware;
mod panics;

pub use logging::init as init_logging;
pub use metrics::{METRICS_TYPE, Metrics};
pub use middleware::observe;
pub(crate) use panics::tell_panics;
