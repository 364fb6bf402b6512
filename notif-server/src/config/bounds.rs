//! Lower and upper bounds of values. Beyond them a setting would silently have no effect.

use serde_json::Value;

use super::value::{ByteSize, Duration};

/// The useful values of a key.
enum Bound {
    /// Text that is not empty.
    Text,
    Size {
        least: ByteSize,
    },
    Time {
        least: Duration,
        most: Duration,
    },
}

/// The keys with bounds beside those of their type.
const BOUNDS: [(&str, Bound); 11] = [
    // An empty path would make the working directory private, and fill it.
    ("data-dir", Bound::Text),
    ("limits.max-body", size(1 << 10)),
    // The tables alone take some hundred KiB: accepted notifications would be removed at once.
    ("journal.max-size", size(1 << 20)),
    ("journal.max-age", time(60_000, Duration::LONGEST)),
    // The HTTP server takes zero for no limit.
    ("timeouts.request", time(100, Duration::LONGEST)),
    // In less time no connection could be set up.
    ("timeouts.handshake", time(100, Duration::LONGEST)),
    ("timeouts.write", time(100, Duration::LONGEST)),
    // Each connection is checked four times within it.
    ("timeouts.keep-alive", time(100, Duration::LONGEST)),
    ("timeouts.acknowledge", time(100, Duration::LONGEST)),
    ("sinks.influxdb.timeout", time(100, Duration::LONGEST)),
    // Points wait for it to end, unless they fill a request.
    (
        "sinks.influxdb.linger",
        time(0, Duration::from_secs(10 * 60)),
    ),
];

const fn size(least: u64) -> Bound {
    Bound::Size {
        least: ByteSize::of_bytes(least),
    }
}

const fn time(least_millis: u64, most: Duration) -> Bound {
    Bound::Time {
        least: Duration::from_millis(least_millis),
        most,
    }
}

/// The values that are expected, if the key's value is out of bounds.
pub(super) fn expected(key: &str, value: &Value) -> Option<String> {
    let (_, bound) = BOUNDS.iter().find(|(bounded, _)| *bounded == key)?;
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    match bound {
        Bound::Text => text.is_empty().then(|| "expected a directory".to_owned()),
        Bound::Size { least } => {
            let given: ByteSize = text.parse().ok()?;
            (given < *least).then(|| format!("expected at least {least}"))
        }
        Bound::Time { least, most } => {
            let given: Duration = text.parse().ok()?;
            match (given < *least, given > *most) {
                (true, _) => Some(format!("expected at least {least}")),
                (_, true) => Some(format!("expected at most {most}")),
                _ => None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::load::default_of_key;

    #[test]
    fn every_bound_is_of_a_key_whose_default_is_within() {
        for (key, _) in &BOUNDS {
            let default = default_of_key(key);
            assert!(!default.is_empty(), "{key}");
            assert_eq!(expected(key, &default.into()), None, "{key}");
        }
        // A number stands for seconds, or bytes.
        assert_eq!(expected("journal.max-age", &60.into()), None);
        assert_eq!(expected("data-dir", &"1".into()), None);
    }
}
