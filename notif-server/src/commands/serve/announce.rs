//! The first lines of the log: the address, the modules, and a command to try.

use std::env;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use openssl::error::ErrorStack;

use crate::config::{Ack, Config};
use crate::http::State;
use crate::tls::{Identity, Source};

/// The message that the suggested command sends.
const SAMPLE: &str = "examples/data/interfaces.json";

/// Logs the address of the server, its modules, and a command to try.
pub(super) fn announce(
    config: &Config,
    identity: &Identity,
    address: SocketAddr,
    state: &State,
) -> Result<(), ErrorStack> {
    let mut reachable = address;
    if address.ip().is_unspecified() {
        reachable.set_ip(Ipv4Addr::LOCALHOST.into());
    }
    let base = format!("https://{reachable}{}", config.prefix);
    let modules: Vec<_> = state
        .registry
        .modules()
        .iter()
        .map(|module| match module.revision {
            Some(revision) => format!("{}@{revision}", module.name),
            None => module.name.to_owned(),
        })
        .collect();
    let cert = identity.cert_path.display();
    match identity.source {
        Source::Made => tracing::info!(
            "no certificate is configured: made a self-signed one for localhost, {cert}"
        ),
        Source::Kept => {
            tracing::info!("using the self-signed certificate of an earlier start, {cert}");
        }
        Source::Configured => tracing::info!("using the certificate {cert}"),
    }
    if let Some(span) = identity.invalid_now()? {
        tracing::warn!(
            "the certificate {cert} is valid from {span}, not now: publishers will refuse it"
        );
    }
    let sinks: Vec<_> = state.sinks.iter().map(|sink| sink.sink()).collect();
    tracing::info!(
        data_dir = %config.data_dir.display(),
        modules = modules.join(" "),
        ack = %config.ack,
        sinks = sinks.join(" "),
        "listening on https://{address}"
    );
    if !address.ip().is_loopback() {
        tracing::warn!(
            "anyone who reaches {address} may send: there is no authentication of publishers yet; a \
             firewall, or listening on 127.0.0.1, keeps others out"
        );
    }
    let ca = match identity.source {
        Source::Configured => String::new(),
        _ => format!("--cacert {} ", quoted(&identity.cert_path)),
    };
    tracing::info!(
        "try: curl {ca}-H 'Content-Type: application/json' --data-binary @{SAMPLE} {base}/relay-notification"
    );
    if config.ack == Ack::Journal {
        propose_query(config);
    }
    Ok(())
}

fn propose_query(config: &Config) {
    let program = env::args()
        .next()
        .unwrap_or_else(|| "notif-server".to_owned());
    tracing::info!(
        "then: {} query --data-dir {} interface/statistics/in-octets",
        quoted(Path::new(&program)),
        quoted(&config.data_dir)
    );
}

/// A path, quoted for a shell.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:@%".contains(c);
    if text.chars().all(plain) {
        text
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}
