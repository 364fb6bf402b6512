//! The configuration: one struct, its defaults, and the source of each value.
//!
//! Values come from a TOML file, then the environment, then flags; the later wins. A key of the
//! file, `limits.max-body`, is `NOTIF_LIMITS__MAX_BODY` in the environment (`__` where the file
//! has a dot or a table, `_` where it has a dash) and has a flag of its own.

mod bounds;
mod consistent;
mod error;
mod key;
mod listen;
mod load;
mod origin;
mod properties;
mod settings;
mod show;
mod sinks;
mod value;

pub use error::{ConfigError, ConfigErrors};
pub use listen::Listen;
pub use load::{Loaded, Setting, environment, load};
pub(crate) use load::{default_of_key, variable_of_key};
pub use origin::Origin;
pub use properties::Properties;
pub use settings::{Config, Limits, Log, Timeouts, Tls};
pub(crate) use sinks::shown_url;
pub use sinks::{
    Ack, Compression, Consume, Influxdb, InfluxdbVersion, Journal, Kafka, KafkaValue, Rule, Sinks,
    Topic, TopicName,
};
pub use value::{ByteSize, Duration, LogFormat, LogLevel, Prefix, Secret, Workers};
