//! InfluxDB: notifications as points, by their schema.
//!
//! An entry of a list is a point, and so are the leafs outside lists. The measurement is the path
//! of the list or message, the keys are tags, all other leafs are fields with their types, and the
//! time is that of the event. So nothing is mapped by hand; rules in the configuration change it
//! where a user wants. The same notification always gives the same points: writing it again changes
//! nothing.

mod client;
pub(crate) mod connection;
mod delivery;
mod error;
pub(crate) mod layout;
mod line;
pub(crate) mod names;
mod points;
mod rules;
pub(crate) mod text;
mod time;

#[cfg(test)]
pub(crate) mod tests;

use std::env;

use notif_runtime::registry::Registry;

use super::status::Status;
use super::{Item, Outcome, Sink};
use crate::config::{Influxdb, InfluxdbVersion};
use crate::notification::{SinkName, Source};
use client::Client;
use connection::{Connection, TOKEN_VARIABLE};
use delivery::Delivery;
pub use error::InfluxdbError;
use layout::Layout;
use line::Lines;

/// The sink of accepted notifications.
pub const INFLUXDB: SinkName = SinkName {
    name: "influxdb",
    source: Source::Notifications,
};

/// The size of a request in bytes, at most: below the default limit of servers (10 MiB for 3 Core).
const REQUEST: usize = 8 << 20;

/// The sink that writes to InfluxDB.
#[derive(Debug)]
pub struct InfluxdbSink {
    client: Client,
    layout: Layout,
    /// Points in a request, at most.
    batch: usize,
    /// The server takes unsigned integers.
    unsigned: bool,
}

impl InfluxdbSink {
    /// A sink for messages of these modules. The token comes from the configuration, else from its
    /// file, else from `INFLUXDB_TOKEN` in the environment. The server is not contacted yet.
    ///
    /// # Errors
    /// If a setting that the version needs is missing, or a rule does not fit the modules.
    pub fn new(config: &Influxdb, registry: &Registry) -> Result<Self, InfluxdbError> {
        Self::with_token(config, registry, env::var(TOKEN_VARIABLE).ok())
    }

    fn with_token(
        config: &Influxdb,
        registry: &Registry,
        token: Option<String>,
    ) -> Result<Self, InfluxdbError> {
        Ok(Self {
            client: Client::new(config, Connection::new(config, token)?),
            layout: Layout::new(&config.rules, registry)?,
            batch: config.batch.get(),
            unsigned: config.version != InfluxdbVersion::V1,
        })
    }
}

impl Sink for InfluxdbSink {
    type Item = Item;

    async fn deliver(&mut self, items: &[Item], status: &Status) -> Vec<Outcome> {
        let mut delivery = Delivery::new(&mut self.client, status, items.len());
        let mut lines = Lines::default();
        for (at, item) in items.iter().enumerate() {
            lines.item = at;
            if let Err(reason) = points::append(&self.layout, item, self.unsigned, &mut lines) {
                delivery.refuse(at, || reason);
            }
            if lines.len() >= self.batch || lines.size() >= REQUEST {
                let mut pieces = lines.pieces(self.batch, REQUEST);
                // The last piece may not be full yet.
                let rest = pieces.pop().map_or(0, |last| last.start);
                delivery.write(&lines, pieces).await;
                lines.forget(rest, REQUEST);
            }
        }
        let pieces = lines.pieces(self.batch, REQUEST);
        delivery.write(&lines, pieces).await;
        delivery.outcomes()
    }
}
