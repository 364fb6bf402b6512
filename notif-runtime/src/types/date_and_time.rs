//! `ietf-yang-types:date-and-time` (RFC 6991 section 3).

mod convert;

use std::fmt;
use std::str::FromStr;

use super::InvalidValue;
use jiff::{SignedDuration, Timestamp, civil};

/// A point in time as RFC 3339 writes it, with its offset from UTC.
///
/// ```
/// use notif_runtime::types::DateAndTime;
///
/// let time: DateAndTime = "2025-03-17T19:43:27.97+01:00".parse()?;
/// assert_eq!(time.to_string(), "2025-03-17T19:43:27.97+01:00");
/// assert_eq!(time.timestamp(), Some("2025-03-17T18:43:27.97Z".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// It is held parsed, in 24 bytes, and printed back exactly as it came: the digits of the
/// fraction, `Z` beside `+00:00`, and `-00:00` for an unknown offset stay as they are. Two values
/// are equal if their texts are; [`DateAndTime::timestamp`] compares times.
///
/// The verdict on a text is libyang's: the pattern of RFC 6991, and fields within their bounds,
/// where a day up to 31 is taken in every month. Month 00 and offsets of 24 hours or more, which
/// libyang takes in part, are refused (RFC 3339 section 5.6).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct DateAndTime(Repr);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Repr {
    Short(Fields),
    /// More than nine digits of a fraction: the text, which has been checked.
    Long(Box<str>),
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Fields {
    nanosecond: u32,
    year: u16,
    month: u8,
    day: u8,
    hour: u8,
    minute: u8,
    second: u8,
    /// The number of digits of the fraction, up to 9.
    fraction_digits: u8,
    offset: Offset,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Offset {
    Zulu,
    East(u8, u8),
    West(u8, u8),
}

/// The length of the text up to the seconds: `2025-03-17T19:43:27`.
const SECONDS_END: usize = 19;

fn two_digits(bytes: &[u8], at: usize, max: u8) -> Option<u8> {
    let tens = bytes.get(at)?.wrapping_sub(b'0');
    let ones = bytes.get(at + 1)?.wrapping_sub(b'0');
    let value = tens.wrapping_mul(10).wrapping_add(ones);
    (tens <= 9 && ones <= 9 && value <= max).then_some(value)
}

impl DateAndTime {
    /// 1970-01-01T00:00:00Z.
    pub const UNIX_EPOCH: Self = Self(Repr::Short(Fields {
        nanosecond: 0,
        year: 1970,
        month: 1,
        day: 1,
        hour: 0,
        minute: 0,
        second: 0,
        fraction_digits: 0,
        offset: Offset::Zulu,
    }));

    /// Returns true if `text` is a date-and-time.
    #[must_use]
    pub fn is_valid(text: &str) -> bool {
        Self::parse(text).is_some()
    }

    /// The value of `text`; `None` if it is no date-and-time.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let punctuation = bytes.first_chunk::<SECONDS_END>()?;
        if !matches!(
            punctuation,
            [
                _,
                _,
                _,
                _,
                b'-',
                _,
                _,
                b'-',
                _,
                _,
                b'T',
                _,
                _,
                b':',
                _,
                _,
                b':',
                _,
                _
            ]
        ) {
            return None;
        }
        let century = two_digits(bytes, 0, 99)?;
        let month = two_digits(bytes, 5, 12).filter(|&month| month > 0)?;
        let day = two_digits(bytes, 8, 31).filter(|&day| day > 0)?;
        let (fraction_digits, nanosecond, end) = fraction(bytes)?;
        let fields = Fields {
            nanosecond,
            year: u16::from(century) * 100 + u16::from(two_digits(bytes, 2, 99)?),
            month,
            day,
            hour: two_digits(bytes, 11, 23)?,
            minute: two_digits(bytes, 14, 59)?,
            second: two_digits(bytes, 17, 60)?,
            fraction_digits: fraction_digits.min(9),
            offset: offset(bytes.get(end..)?)?,
        };
        Some(Self(if fraction_digits > 9 {
            Repr::Long(text.into())
        } else {
            Repr::Short(fields)
        }))
    }

    /// The same time with at most nine digits of its fraction, so that the text has 35 bytes at
    /// most: RFC 6991 allows fractions of any length.
    #[must_use]
    pub fn in_nanoseconds(&self) -> Self {
        let Repr::Long(text) = &self.0 else {
            return self.clone();
        };
        let end = text.rfind(['Z', '+', '-']).unwrap_or(text.len());
        let kept = text.get(..SECONDS_END + 1 + 9).unwrap_or_default();
        let short = format!("{kept}{}", text.get(end..).unwrap_or_default());
        Self::parse(&short).unwrap_or_else(|| self.clone())
    }

    /// The fields, with a fraction of nine digits at most.
    fn fields(&self) -> Option<Fields> {
        match self.in_nanoseconds().0 {
            Repr::Short(fields) => Some(fields),
            Repr::Long(_) => None,
        }
    }

    /// The instant, to the nanosecond: digits of the fraction beyond that are cut off. A leap
    /// second counts as the first of the next minute, and a day that its month lacks as the
    /// days after the month's last. `None` if the year is outside of what a timestamp holds.
    #[must_use]
    pub fn timestamp(&self) -> Option<Timestamp> {
        let fields = self.fields()?;
        let first = civil::date(
            i16::try_from(fields.year).ok()?,
            i8::try_from(fields.month).ok()?,
            1,
        );
        let midnight = first
            .to_datetime(civil::Time::midnight())
            .in_utc_timestamp()?;
        let seconds = i64::from(fields.day - 1) * 86_400
            + i64::from(fields.hour) * 3600
            + i64::from(fields.minute) * 60
            + i64::from(fields.second)
            - fields.offset.seconds();
        let nanosecond = i32::try_from(fields.nanosecond).ok()?;
        midnight
            .checked_add(SignedDuration::new(seconds, nanosecond))
            .ok()
    }
}

/// A civil time read as UTC.
trait InUtc {
    fn in_utc_timestamp(self) -> Option<Timestamp>;
}

impl InUtc for civil::DateTime {
    fn in_utc_timestamp(self) -> Option<Timestamp> {
        jiff::tz::Offset::UTC.to_timestamp(self).ok()
    }
}

/// The fraction's digits, its nanoseconds, and its end; without one `(0, 0, SECONDS_END)`.
fn fraction(bytes: &[u8]) -> Option<(u8, u32, usize)> {
    if bytes.get(SECONDS_END) != Some(&b'.') {
        return Some((0, 0, SECONDS_END));
    }
    let (mut digits, mut nanosecond, mut at) = (0u8, 0u32, SECONDS_END + 1);
    while let Some(digit) = bytes
        .get(at)
        .map(|byte| byte.wrapping_sub(b'0'))
        .filter(|&digit| digit <= 9)
    {
        if digits < 9 {
            nanosecond = nanosecond * 10 + u32::from(digit);
        }
        digits = digits.saturating_add(1);
        at += 1;
    }
    let missing = 9u32.saturating_sub(u32::from(digits));
    (digits > 0).then_some((digits, nanosecond * 10u32.pow(missing), at))
}

fn offset(bytes: &[u8]) -> Option<Offset> {
    match bytes {
        b"Z" => Some(Offset::Zulu),
        [sign @ (b'+' | b'-'), _, _, b':', _, _] => {
            let (hours, minutes) = (two_digits(bytes, 1, 23)?, two_digits(bytes, 4, 59)?);
            Some(if *sign == b'+' {
                Offset::East(hours, minutes)
            } else {
                Offset::West(hours, minutes)
            })
        }
        _ => None,
    }
}

impl Offset {
    /// Seconds east of UTC.
    fn seconds(self) -> i64 {
        match self {
            Self::Zulu => 0,
            Self::East(hours, minutes) => i64::from(hours) * 3600 + i64::from(minutes) * 60,
            Self::West(hours, minutes) => -(i64::from(hours) * 3600 + i64::from(minutes) * 60),
        }
    }
}

impl FromStr for DateAndTime {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text).ok_or_else(|| {
            InvalidValue::new(
                "date-and-time",
                text,
                "a date and time like 2025-03-17T19:43:27.97Z",
            )
        })
    }
}

impl fmt::Display for DateAndTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields = match &self.0 {
            Repr::Short(fields) => fields,
            Repr::Long(text) => return f.write_str(text),
        };
        let mut text = Buffer {
            bytes: [0; LONGEST],
            length: 0,
        };
        let (century, year) = (fields.year / 100, fields.year % 100);
        text.two(century.into());
        text.two(year.into());
        text.pair(b'-', fields.month.into());
        text.pair(b'-', fields.day.into());
        text.pair(b'T', fields.hour.into());
        text.pair(b':', fields.minute.into());
        text.pair(b':', fields.second.into());
        if fields.fraction_digits > 0 {
            text.fraction(fields.nanosecond, fields.fraction_digits);
        }
        match fields.offset {
            Offset::Zulu => text.push(b'Z'),
            Offset::East(hours, minutes) => {
                text.pair(b'+', hours.into());
                text.pair(b':', minutes.into());
            }
            Offset::West(hours, minutes) => {
                text.pair(b'-', hours.into());
                text.pair(b':', minutes.into());
            }
        }
        f.write_str(text.as_str())
    }
}

/// The longest text that is held parsed.
const LONGEST: usize = "0000-00-00T00:00:00.000000000+00:00".len();

/// A text in the making, off the heap and past the machinery of `fmt`: messages hold many times.
struct Buffer {
    bytes: [u8; LONGEST],
    length: usize,
}

impl Buffer {
    fn push(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(self.length) {
            *place = byte;
            self.length += 1;
        }
    }

    fn digit(&mut self, value: u32) {
        self.push(b'0' + u8::try_from(value % 10).unwrap_or_default());
    }

    fn two(&mut self, value: u32) {
        self.digit(value / 10);
        self.digit(value);
    }

    /// A separator and two digits.
    fn pair(&mut self, separator: u8, value: u32) {
        self.push(separator);
        self.two(value);
    }

    /// The first `digits` digits of a fraction in nanoseconds.
    fn fraction(&mut self, nanosecond: u32, digits: u8) {
        self.push(b'.');
        let mut place = 100_000_000;
        for _ in 0..digits.min(9) {
            self.digit(nanosecond / place);
            place = (place / 10).max(1);
        }
    }

    fn as_str(&self) -> &str {
        let text = self.bytes.get(..self.length);
        text.and_then(|text| std::str::from_utf8(text).ok())
            .unwrap_or_default()
    }
}

/// The text, as [`Display`](fmt::Display) has it.
impl fmt::Debug for DateAndTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_what_it_read() {
        for text in [
            "2025-03-17T19:43:27.972894Z",
            "2019-03-22T12:35:00Z",
            "0000-01-01T00:00:00-00:00",
            "9999-12-31T23:59:60.000000000+23:59",
            "2025-02-31T00:00:00.10+01:00",
            "2025-03-17T19:43:27.0123456789012Z",
        ] {
            assert_eq!(
                DateAndTime::parse(text)
                    .map(|value| value.to_string())
                    .as_deref(),
                Some(text)
            );
        }
    }

    #[test]
    fn is_cut_to_nanoseconds() {
        for (text, cut) in [
            ("2025-03-17T19:43:27Z", "2025-03-17T19:43:27Z"),
            (
                "2025-03-17T19:43:27.012345678-00:30",
                "2025-03-17T19:43:27.012345678-00:30",
            ),
            (
                "2025-03-17T19:43:27.0123456789Z",
                "2025-03-17T19:43:27.012345678Z",
            ),
            (
                "2025-03-17T19:43:27.01234567890000+23:59",
                "2025-03-17T19:43:27.012345678+23:59",
            ),
        ] {
            let value = DateAndTime::parse(text).unwrap();
            assert_eq!(value.in_nanoseconds().to_string(), cut);
            assert_eq!(value.in_nanoseconds().timestamp(), value.timestamp());
        }
        let long = format!("2025-03-17T19:43:27.{}-11:00", "7".repeat(1 << 20));
        let value = DateAndTime::parse(&long).unwrap();
        assert_eq!(value.to_string(), long);
        assert_eq!(
            value.in_nanoseconds().to_string(),
            "2025-03-17T19:43:27.777777777-11:00"
        );
    }

    #[test]
    fn refuses_what_is_none() {
        for text in [
            "",
            "2025-03-17",
            "2025-03-17T19:43:27",
            "2025-03-17T19:43:27.Z",
            "2025-03-17t19:43:27Z",
            "2025-03-17T19:43:27z",
            "2025-03-17 19:43:27Z",
            "2025-13-17T19:43:27Z",
            "2025-00-17T19:43:27Z",
            "2025-03-32T19:43:27Z",
            "2025-03-00T19:43:27Z",
            "2025-03-17T24:43:27Z",
            "2025-03-17T19:60:27Z",
            "2025-03-17T19:43:61Z",
            "2025-03-17T19:43:27+24:00",
            "2025-03-17T19:43:27+00:60",
            "2025-03-17T19:43:27+0000",
            "2025-03-17T19:43:27ZZ",
            " 2025-03-17T19:43:27Z",
            "25-03-17T19:43:27Z",
            "２０２５-03-17T19:43:27Z",
        ] {
            assert!(!DateAndTime::is_valid(text), "{text}");
        }
    }

    #[test]
    fn knows_the_instant() {
        let nanoseconds = |text: &str| {
            DateAndTime::parse(text)
                .and_then(|value| value.timestamp())
                .map(Timestamp::as_nanosecond)
        };
        assert_eq!(nanoseconds("1970-01-01T00:00:01.5Z"), Some(1_500_000_000));
        assert_eq!(nanoseconds("1970-01-01T01:00:00+01:00"), Some(0));
        assert_eq!(nanoseconds("1969-12-31T23:30:00-00:30"), Some(0));
        assert_eq!(nanoseconds("1970-01-01T00:00:00.0000000019Z"), Some(1));
        assert_eq!(
            nanoseconds("2025-02-30T00:00:00Z"),
            nanoseconds("2025-03-02T00:00:00Z")
        );
        assert_eq!(
            nanoseconds("2016-12-31T23:59:60Z"),
            nanoseconds("2017-01-01T00:00:00Z")
        );
    }

    #[test]
    fn stays_small() {
        assert!(size_of::<DateAndTime>() <= 24);
    }
}
