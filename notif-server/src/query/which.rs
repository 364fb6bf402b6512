//! Which notifications a command is about.

use jiff::Timestamp;

use super::when;
use crate::journal::Filter;

/// The flags that choose notifications; all of them have to match.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Which {
    /// Only what came in at this time or later: 2026-01-31T12:00:00Z, 2026-01-31, or how long ago:
    /// 10m, 2h, 1d
    #[arg(long, value_name = "TIME", value_parser = when::parse)]
    pub since: Option<Timestamp>,
    /// Only what came in before this time
    #[arg(long, value_name = "TIME", value_parser = when::parse)]
    pub until: Option<Timestamp>,
    /// Only what this address sent
    #[arg(long, value_name = "ADDRESS")]
    pub publisher: Option<String>,
    /// Only notifications with this name: ietf-https-notif:notification, or notification
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
}

impl From<&Which> for Filter {
    fn from(which: &Which) -> Self {
        Self {
            since: which.since,
            until: which.until,
            publisher: which.publisher.clone(),
            name: which.name.clone(),
        }
    }
}
