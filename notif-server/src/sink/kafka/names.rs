//! The names of the sinks.

use crate::notification::{SinkName, Source};

/// The sink of accepted notifications.
pub const KAFKA: SinkName = SinkName {
    name: "kafka",
    source: Source::Notifications,
};

/// The sink of rejected notifications.
pub const DEAD_LETTER: SinkName = SinkName {
    name: "kafka-dead-letter",
    source: Source::Rejected,
};
