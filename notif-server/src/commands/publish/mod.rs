//! `publish`: sends this host's interfaces, or a file, to a receiver.

mod args;
mod client;
mod interfaces;

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use notif_runtime::fault::Faults;
use notif_runtime::notification::Notification;
use notif_runtime::text::{visible, visible_lines};
use notif_runtime::{Encoding, Options};

use super::input;
use crate::config::Limits;
pub(crate) use args::Args;
use client::{ClientError, Receiver};

/// The first wait after an error; each further wait is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// The longest wait after an error.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Errors that end `publish`.
#[derive(Debug, thiserror::Error)]
enum PublishError {
    #[error("cannot read {path}: {source}")]
    Read { path: String, source: io::Error },
    #[error("{path} is not a valid notification:\n{faults}")]
    Invalid { path: String, faults: Faults },
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error("cannot start: {0}")]
    Start(#[from] io::Error),
}

/// Publishes until the count is reached or Ctrl-C is pressed.
#[must_use]
pub(crate) fn run(args: &Args, limits: &Limits) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let outcome = runtime.map_err(PublishError::from).and_then(|runtime| {
        runtime.block_on(async {
            tokio::select! {
                outcome = publish(args, limits) => outcome,
                _ = tokio::signal::ctrl_c() => Ok(()),
            }
        })
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let error = error.to_string();
            let _ = writeln!(io::stderr(), "error: {}", visible_lines(&error));
            ExitCode::FAILURE
        }
    }
}

async fn publish(args: &Args, limits: &Limits) -> Result<(), PublishError> {
    let receiver = Receiver::new(args)?;
    let mut encoding = None;
    let mut ticks = tokio::time::interval(args.interval.max(Duration::from_millis(1)));
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut sent = 0;
    while args.count.is_none_or(|count| sent < count) {
        ticks.tick().await;
        let notification = notification(args, limits)?;
        deliver(args, &receiver, &notification, &mut encoding).await?;
        sent += 1;
    }
    Ok(())
}

/// The notification to send now.
fn notification(args: &Args, limits: &Limits) -> Result<Notification, PublishError> {
    let unreadable = |path: String| |source| PublishError::Read { path, source };
    let Some(file) = &args.file else {
        let read = interfaces::notification(interfaces::SYSFS.as_ref());
        let notification = read.map_err(unreadable(interfaces::SYSFS.to_owned()))?;
        return Ok(Notification::new(Box::new(notification)));
    };
    let path = file.display().to_string();
    let body = input::read(file, limits.max_body).map_err(unreadable(path.clone()))?;
    let encoding = super::validate::guess(file, &body);
    let options = Options::default().with_max_size(limits.max_body.bytes());
    let decoded = crate::registry().decode(encoding, &body, &options);
    decoded.map_err(|faults| PublishError::Invalid { path, faults })
}

/// Sends a notification, retrying if need be, and prints a line for each try. After an error it
/// asks the receiver again for its capabilities.
async fn deliver(
    args: &Args,
    receiver: &Receiver,
    notification: &Notification,
    agreed: &mut Option<Encoding>,
) -> Result<(), PublishError> {
    let mut wait = FIRST_WAIT;
    let mut tries = 0;
    loop {
        let Err(error) = attempt(args, receiver, notification, agreed).await else {
            return Ok(());
        };
        *agreed = None;
        tries += 1;
        if error.is_final() || args.retries.is_some_and(|retries| tries > retries) {
            return Err(error.into());
        }
        report(&format!(
            "not sent: {error}; trying again in {} s",
            wait.as_secs_f32()
        ));
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(LONGEST_WAIT);
    }
}

async fn attempt(
    args: &Args,
    receiver: &Receiver,
    notification: &Notification,
    agreed: &mut Option<Encoding>,
) -> Result<(), ClientError> {
    let encoding = match args.encoding.or(*agreed) {
        Some(encoding) => encoding,
        None => *agreed.insert(receiver.discover().await?),
    };
    let body = encoding.encode(notification.root());
    let bytes = body.len();
    let start = Instant::now();
    let status = receiver.relay(encoding, body).await?;
    let millis = start.elapsed().as_secs_f64() * 1000.0;
    let name = notification.name();
    report(&format!(
        "{} {name} {encoding} {bytes} bytes in {millis:.1} ms",
        status.as_u16()
    ));
    Ok(())
}

/// Prints a line with the time in front of it.
fn report(line: &str) {
    // If nobody reads the output any more, sending still goes on.
    let _ = writeln!(io::stdout(), "{:.3} {}", Timestamp::now(), visible(line));
}
