//! The arguments of `query`.

use std::num::NonZeroUsize;

use super::output::Style;
use crate::commands::filter_args::FilterArgs;
use notif_runtime::path::Path;

/// The arguments of `query`.
#[derive(Debug, clap::Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are flags of a command line"
)]
pub(crate) struct Args {
    /// Values to show: interface[name='lo']/statistics/in-octets; without one, a line a
    /// notification
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<Path>,
    /// Ask the InfluxDB of [sinks.influxdb] instead of the journal; times are those of the events
    #[arg(long)]
    pub(super) influxdb: bool,
    #[command(flatten)]
    pub(super) filter: FilterArgs,
    /// Only this number of newest notifications
    #[arg(
        long,
        value_name = "NUMBER",
        default_value = "20",
        conflicts_with = "all"
    )]
    pub(super) limit: NonZeroUsize,
    /// All notifications, however many
    #[arg(long)]
    pub(super) all: bool,
    /// Rejected notifications (answered 400) instead of accepted ones: their senders and faults,
    /// and with --format jsonl their bodies
    #[arg(long, conflicts_with_all = ["paths", "name", "quarantined", "influxdb"])]
    pub(super) rejected: bool,
    /// Notifications that sinks have in quarantine, and the reasons
    #[arg(long, conflicts_with_all = ["paths", "follow", "influxdb"])]
    pub(super) quarantined: bool,
    #[command(flatten)]
    pub(super) style: Style,
    /// Go on with notifications as they come in, until Ctrl-C
    #[arg(long, short)]
    pub(super) follow: bool,
}
