//! Conversions between `date-and-time` and the clocks of std and of jiff.

use std::time::SystemTime;

use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ZonedDateTime};

use super::DateAndTime;
use crate::types::InvalidValue;

/// The start of year 0, before which RFC 3339 can write no time. Jiff ends in year 9999 as it does.
const FIRST: Timestamp = Timestamp::constant(-62_167_219_200, 0);

impl DateAndTime {
    /// The present time in UTC, to the microsecond.
    ///
    /// ```
    /// use notif_runtime::types::DateAndTime;
    ///
    /// let now = DateAndTime::now();
    /// assert!(now.to_string().ends_with('Z'));
    /// ```
    #[must_use]
    pub fn now() -> Self {
        Self::in_utc(Timestamp::now(), 6)
    }

    /// The time with its offset from UTC; `None` if the year is outside of what jiff holds.
    ///
    /// ```
    /// use notif_runtime::types::DateAndTime;
    ///
    /// let time: DateAndTime = "2025-03-17T19:43:27+01:00".parse()?;
    /// let zoned = time.to_zoned().ok_or("out of range")?;
    /// assert_eq!(zoned.hour(), 19);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn to_zoned(&self) -> Option<ZonedDateTime> {
        let seconds = i32::try_from(self.fields()?.offset.seconds()).ok()?;
        let offset = Offset::from_seconds(seconds).ok()?;
        Some(self.timestamp()?.to_zoned_datetime(TimeZone::fixed(offset)))
    }

    /// The time in UTC with this many digits of a second.
    fn in_utc(timestamp: Timestamp, digits: usize) -> Self {
        let text = format!("{:.digits$}", timestamp.max(FIRST));
        Self::parse(&text).unwrap_or(Self::UNIX_EPOCH)
    }
}

/// The time in UTC with six digits of a second, or nine if six do not hold it. A time before year 0,
/// which RFC 3339 does not have, gives the start of that year.
impl From<Timestamp> for DateAndTime {
    fn from(timestamp: Timestamp) -> Self {
        let is_fine = timestamp.subsec_nanosecond() % 1_000 != 0;
        Self::in_utc(timestamp, if is_fine { 9 } else { 6 })
    }
}

/// The time with its offset from UTC; in UTC if the offset has seconds, which RFC 3339 does not
/// have.
impl From<&ZonedDateTime> for DateAndTime {
    fn from(zoned: &ZonedDateTime) -> Self {
        let offset = zoned.offset().seconds();
        let (sign, minutes) = (if offset < 0 { '-' } else { '+' }, offset.abs() / 60);
        let local = zoned.datetime();
        let fits = offset % 60 == 0 && (0..=9999).contains(&local.year());
        let text = format!("{local}{sign}{:02}:{:02}", minutes / 60, minutes % 60);
        let with_offset = Self::parse(&text).filter(|_| fits);
        with_offset.unwrap_or_else(|| zoned.timestamp().into())
    }
}

/// The time in UTC.
///
/// ```
/// use std::time::SystemTime;
/// use notif_runtime::types::DateAndTime;
///
/// let time = DateAndTime::try_from(SystemTime::UNIX_EPOCH)?;
/// assert_eq!(time.to_string(), "1970-01-01T00:00:00.000000Z");
/// assert_eq!(SystemTime::try_from(&time)?, SystemTime::UNIX_EPOCH);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
impl TryFrom<SystemTime> for DateAndTime {
    type Error = jiff::Error;

    fn try_from(time: SystemTime) -> Result<Self, jiff::Error> {
        Timestamp::try_from(time).map(Self::from)
    }
}

/// The instant, as [`DateAndTime::timestamp`] has it.
impl TryFrom<&DateAndTime> for Timestamp {
    type Error = InvalidValue;

    fn try_from(time: &DateAndTime) -> Result<Self, InvalidValue> {
        time.timestamp().ok_or_else(|| out_of_range(time))
    }
}

/// The instant, as [`DateAndTime::timestamp`] has it.
impl TryFrom<&DateAndTime> for SystemTime {
    type Error = InvalidValue;

    fn try_from(time: &DateAndTime) -> Result<Self, InvalidValue> {
        Self::try_from(Timestamp::try_from(time)?).map_err(|_| out_of_range(time))
    }
}

/// The error for a time that the clock of a system does not hold.
fn out_of_range(time: &DateAndTime) -> InvalidValue {
    let expected = "a time up to 9999-12-30T22:00:00Z";
    InvalidValue::new("timestamp", &time.in_nanoseconds().to_string(), expected)
}

impl TryFrom<&str> for DateAndTime {
    type Error = InvalidValue;

    fn try_from(text: &str) -> Result<Self, InvalidValue> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> DateAndTime {
        text.parse().expect("is a time")
    }

    #[test]
    fn timestamps_lose_nothing() {
        for (text, written) in [
            ("2025-03-17T19:43:27Z", "2025-03-17T19:43:27.000000Z"),
            ("2025-03-17T19:43:27.9Z", "2025-03-17T19:43:27.900000Z"),
            (
                "2025-03-17T19:43:27.000000001Z",
                "2025-03-17T19:43:27.000000001Z",
            ),
            ("-000001-03-17T00:00:00Z", "0000-01-01T00:00:00.000000Z"),
        ] {
            let timestamp: Timestamp = text.parse().expect("is a timestamp");
            assert_eq!(DateAndTime::from(timestamp).to_string(), written);
        }
        for timestamp in [Timestamp::MIN, Timestamp::MAX, Timestamp::UNIX_EPOCH] {
            let _ = DateAndTime::from(timestamp);
        }
        assert_eq!(
            Timestamp::try_from(&DateAndTime::from(Timestamp::MAX)),
            Ok(Timestamp::MAX)
        );
    }

    #[test]
    fn zoned_times_keep_their_offset() {
        for text in [
            "2025-03-17T19:43:27.25+01:00",
            "2025-03-17T00:00:00-09:30",
            "0000-01-01T00:00:00+00:00",
        ] {
            let zoned = time(text).to_zoned().expect("is in range");
            assert_eq!(DateAndTime::from(&zoned), time(text));
        }
        let seconds = Offset::from_seconds(3_601).expect("is an offset");
        let zoned = Timestamp::UNIX_EPOCH.to_zoned_datetime(TimeZone::fixed(seconds));
        assert_eq!(
            DateAndTime::from(&zoned).to_string(),
            "1970-01-01T00:00:00.000000Z"
        );
        let before: Timestamp = "-000001-12-31T23:00:00Z".parse().expect("is a timestamp");
        let zoned = before.to_zoned_datetime(TimeZone::UTC);
        assert_eq!(
            DateAndTime::from(&zoned).to_string(),
            "0000-01-01T00:00:00.000000Z"
        );
    }

    #[test]
    fn times_of_the_system_go_both_ways() {
        let now = SystemTime::now();
        let told = DateAndTime::try_from(now).expect("is in range");
        assert_eq!(SystemTime::try_from(&told), Ok(now));
        let late = time("9999-12-31T23:59:59-23:59");
        let error = SystemTime::try_from(&late).expect_err("is too late");
        assert!(error.to_string().contains("9999-12-31T23:59:59-23:59"));
    }
}
