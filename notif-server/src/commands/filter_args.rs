//! The flags that select notifications.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use crate::journal::Filter;

/// Conditions on notifications; all of them must hold.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct FilterArgs {
    /// Only what came in at this time or later: 2026-01-31T12:00:00Z, 2026-01-31, or how long ago:
    /// 10m, 2h, 1d
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub since: Option<Timestamp>,
    /// Only what came in before this time
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub until: Option<Timestamp>,
    /// Only what this address sent
    #[arg(long, value_name = "ADDRESS")]
    pub publisher: Option<String>,
    /// Only notifications with this name: ietf-https-notif:notification, or notification
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
}

impl From<&FilterArgs> for Filter {
    fn from(args: &FilterArgs) -> Self {
        Self {
            since: args.since,
            until: args.until,
            publisher: args.publisher.clone(),
            name: args.name.clone(),
        }
    }
}

/// A time: RFC 3339, a date (its start, UTC), or how long ago (`10m`, `2h`, `1d`).
fn time(text: &str) -> Result<Timestamp, String> {
    at(text, Timestamp::now())
}

fn at(text: &str, now: Timestamp) -> Result<Timestamp, String> {
    let expected = || {
        format!(
            "{text:?} is not a time: give 2026-01-31T12:00:00Z, 2026-01-31, or how long ago: 90s, 10m, 2h, 1d"
        )
    };
    if let Ok(time) = text.parse::<Timestamp>() {
        return Ok(time);
    }
    if let Ok(date) = text.parse::<Date>() {
        let start = date
            .to_zoned_datetime(TimeZone::UTC)
            .map_err(|_| expected())?;
        return Ok(start.timestamp());
    }
    let span: Span = text.parse().map_err(|_| expected())?;
    // Days are 24 hours long here.
    let ago = now.to_zoned_datetime(TimeZone::UTC).checked_sub(span.abs());
    Ok(ago.map_err(|_| expected())?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_dates_and_spans() {
        let now: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
        for (text, time) in [
            ("2026-01-31T12:00:00+01:00", "2026-01-31T11:00:00Z"),
            ("2026-01-31", "2026-01-31T00:00:00Z"),
            ("90s", "2026-03-01T11:58:30Z"),
            ("1h 30m", "2026-03-01T10:30:00Z"),
            ("1d", "2026-02-28T12:00:00Z"),
        ] {
            assert_eq!(at(text, now), Ok(time.parse().unwrap()), "{text}");
        }
        for text in ["", "yesterday", "10", "2026-13-01"] {
            assert!(at(text, now).is_err(), "{text}");
        }
    }
}
