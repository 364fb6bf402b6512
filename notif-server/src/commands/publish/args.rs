//! The arguments of `publish`.

use std::path::PathBuf;
use std::time::Duration;

use jiff::SignedDuration;
use notif_runtime::Encoding;
use reqwest::Url;

/// The arguments of `publish`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The receiver: where capabilities and relay-notification are
    #[arg(value_name = "URL", default_value = "https://localhost:4433")]
    pub(super) url: Url,
    /// Send this notification instead of this host's interfaces
    #[arg(long, value_name = "FILE")]
    pub(super) file: Option<PathBuf>,
    /// Send in this encoding, whatever the receiver says: json, xml, cbor (RFC 9254) or
    /// json-cbor (the data of JSON as application/cbor)
    #[arg(long, value_name = "ENCODING", value_parser = crate::commands::validate::encoding)]
    pub(super) encoding: Option<Encoding>,
    /// The time from one send to the next
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = interval)]
    pub(super) interval: Duration,
    /// Stop after this number of notifications
    #[arg(long, value_name = "NUMBER")]
    pub(super) count: Option<u64>,
    /// Try a notification again at most this number of times; without it, until it is taken
    #[arg(long, value_name = "NUMBER")]
    pub(super) retries: Option<u32>,
    /// Trust this certificate, or what this CA has signed, PEM
    #[arg(long, value_name = "FILE", conflicts_with = "insecure")]
    pub(super) ca: Option<PathBuf>,
    /// Do not check the receiver's certificate
    #[arg(long)]
    pub(super) insecure: bool,
}

fn interval(text: &str) -> Result<Duration, String> {
    let parsed = text.parse::<SignedDuration>().ok();
    let span = parsed.and_then(|span| Duration::try_from(span).ok());
    span.ok_or_else(|| "expected a time such as 500ms, 10s or 1m".to_owned())
}
