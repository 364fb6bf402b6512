//! The types of values beside numbers, addresses and paths. Each parses text, prints itself as
//! text, and names the values it expects.

use std::fmt;
use std::num::NonZeroUsize;
use std::str::FromStr;
use std::thread::available_parallelism;

use serde::de::{self, Visitor};
use serde::{Deserialize, Serialize};

/// A number of bytes: `65536`, `"64KiB"`, `"16MiB"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ByteSize(u64);

/// The units of [`ByteSize`], largest first.
const UNITS: [(&str, u64); 4] = [
    ("GiB", 1 << 30),
    ("MiB", 1 << 20),
    ("KiB", 1 << 10),
    ("B", 1),
];

impl ByteSize {
    /// A size in MiB.
    #[must_use]
    pub const fn mib(number: u64) -> Self {
        Self(number << 20)
    }

    pub(super) const fn of_bytes(bytes: u64) -> Self {
        Self(bytes)
    }

    /// The number of bytes.
    #[must_use]
    pub fn bytes(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

impl FromStr for ByteSize {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let text = text.trim();
        let digits = text
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(text.len());
        let (number, unit) = text.split_at(digits);
        let unit = unit.trim();
        let factor = if unit.is_empty() {
            1
        } else {
            UNITS
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(unit))
                .ok_or(())?
                .1
        };
        let number: u64 = number.parse().map_err(|_| ())?;
        number
            .checked_mul(factor)
            .filter(|&bytes| bytes > 0)
            .map(Self)
            .ok_or(())
    }
}

impl fmt::Display for ByteSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = UNITS.iter().find(|(_, size)| self.0.is_multiple_of(*size));
        let (name, size) = unit.copied().unwrap_or(("B", 1));
        write!(f, "{}{name}", self.0 / size)
    }
}

/// A length of time: `30`, in seconds, or `"90s"`, `"1m 30s"`, `"500ms"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duration(std::time::Duration);

impl Duration {
    /// A hundred years, so that adding it to a time still gives a valid time.
    pub(super) const LONGEST: Self = Self::from_secs(100 * 365 * 24 * 3600);

    /// A duration in seconds.
    #[must_use]
    pub const fn from_secs(seconds: u64) -> Self {
        Self(std::time::Duration::from_secs(seconds))
    }

    /// A duration in milliseconds.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self(std::time::Duration::from_millis(millis))
    }

    /// The duration as a type of the standard library.
    #[must_use]
    pub const fn get(self) -> std::time::Duration {
        self.0
    }
}

impl FromStr for Duration {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let duration = if let Ok(seconds) = text.trim().parse() {
            Self::from_secs(seconds)
        } else {
            let span: jiff::Span = text.parse().map_err(|_| ())?;
            let duration = span.to_duration(jiff::SpanRelativeTo::days_are_24_hours());
            Self(duration.map_err(|_| ())?.try_into().map_err(|_| ())?)
        };
        (duration <= Self::LONGEST).then_some(duration).ok_or(())
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::SignedDuration::try_from(self.0) {
            Ok(duration) => write!(f, "{duration:#}"),
            Err(_) => write!(f, "{}s", self.0.as_secs()),
        }
    }
}

/// The path before the two resources: empty, or `/` and segments, without a `/` at the end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prefix(String);

impl Prefix {
    /// The prefix, to be followed by `/capabilities`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Prefix {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@%/".contains(c);
        let good = text.is_empty()
            || (text.starts_with('/') && !text.contains("//") && text.chars().all(allowed));
        let text = text.strip_suffix('/').unwrap_or(text);
        good.then(|| Self(text.to_owned())).ok_or(())
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The number of threads that serve connections: `"auto"`, one per core, or a number up to 512.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Workers(Option<NonZeroUsize>);

impl Workers {
    /// The largest number that the HTTP server allows.
    const MAX: usize = 512;

    /// The number of threads.
    #[must_use]
    pub fn count(self) -> NonZeroUsize {
        self.0
            .or_else(|| available_parallelism().ok())
            .unwrap_or(NonZeroUsize::MIN)
    }
}

impl FromStr for Workers {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if text == "auto" {
            return Ok(Self(None));
        }
        let number: NonZeroUsize = text.trim().parse().map_err(|_| ())?;
        (number.get() <= Self::MAX)
            .then_some(Self(Some(number)))
            .ok_or(())
    }
}

impl fmt::Display for Workers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(number) => number.fmt(f),
            None => f.write_str("auto"),
        }
    }
}

/// The log filter: a level, or directives for each target as `tracing` defines them
/// (`"info,notif_server::http=debug"`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLevel(String);

impl Default for LogLevel {
    fn default() -> Self {
        Self("info".to_owned())
    }
}

impl LogLevel {
    /// The directives.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for LogLevel {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        // A bare word that is no level would be taken for a target, and switch off everything else.
        let level = |word: &str| {
            word.parse::<tracing_subscriber::filter::LevelFilter>()
                .is_ok()
        };
        let words = || text.split(',').map(str::trim);
        let good = words().all(|word| !word.is_empty() && (word.contains('=') || level(word)))
            && text.parse::<tracing_subscriber::EnvFilter>().is_ok();
        good.then(|| Self(text.to_owned())).ok_or(())
    }
}

impl fmt::Display for LogLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The form of a line in the log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

impl FromStr for LogFormat {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err(()),
        }
    }
}

impl fmt::Display for LogFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::Json => "json",
        })
    }
}

/// The text shown in place of a secret.
pub(super) const HIDDEN: &str = "********";

/// A password or a token: never shown, not even by `check-config`.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Serialize for Secret {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(if self.is_empty() { "" } else { HIDDEN })
    }
}

impl Secret {
    /// The secret itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// True if there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// Reads text or a whole number as a `T`; errors name `expected`.
pub(super) struct TextVisitor<T>(&'static str, std::marker::PhantomData<T>);

impl<T> TextVisitor<T> {
    pub(super) const fn new(expected: &'static str) -> Self {
        Self(expected, std::marker::PhantomData)
    }
}

impl<T: FromStr> Visitor<'_> for TextVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        text.parse()
            .map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<T, E> {
        number
            .to_string()
            .parse()
            .map_err(|_| E::invalid_value(de::Unexpected::Unsigned(number), &self))
    }
}

/// Serde for types that are written as text.
macro_rules! as_text {
    ($($name:ty, $expected:literal;)*) => {$(
        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let visitor = $crate::config::value::TextVisitor::<Self>::new($expected);
                deserializer.deserialize_any(visitor)
            }
        }
    )*};
}

pub(super) use as_text;

as_text! {
    ByteSize, "a size over 0, such as 65536, \"64KiB\" or \"16MiB\"";
    Duration, "a duration of up to 100 years such as \"30s\", \"500ms\", \"1m 30s\" or \"30d\"";
    Prefix, "a path such as \"/some/path\", or \"\"";
    Workers, "\"auto\" or a number from 1 to 512";
    LogLevel, "error, warn, info, debug, trace, off, or directives such as \"info,notif_server::http=debug\"";
    LogFormat, "text or json";
}

/// A literal other than zero; the compiler checks it.
pub(super) const fn non_zero<const N: usize>() -> NonZeroUsize {
    const {
        match NonZeroUsize::new(N) {
            Some(number) => number,
            None => NonZeroUsize::MIN,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_and_printed_exactly() {
        for (text, bytes, shown) in [
            ("16MiB", 16 << 20, "16MiB"),
            ("1536KiB", 1536 << 10, "1536KiB"),
            ("64 kib", 64 << 10, "64KiB"),
            ("1001", 1001, "1001B"),
            ("2GiB", 2 << 30, "2GiB"),
        ] {
            let size: ByteSize = text.parse().unwrap();
            assert_eq!(
                (size.bytes(), size.to_string().as_str()),
                (bytes, shown),
                "{text}"
            );
            assert_eq!(size.to_string().parse(), Ok(size), "{text}");
        }
        for text in ["", "MiB", "-1", "1.5MiB", "1 XiB", "0", "99999999999GiB"] {
            assert_eq!(text.parse::<ByteSize>(), Err(()), "{text}");
        }
    }

    #[test]
    fn durations_are_read_and_printed() {
        for (text, millis, shown) in [
            ("30", 30_000, "30s"),
            ("30s", 30_000, "30s"),
            ("500ms", 500, "500ms"),
            ("1m 30s", 90_000, "1m 30s"),
            ("30d", 2_592_000_000, "720h"),
        ] {
            let duration: Duration = text.parse().unwrap();
            assert_eq!(duration.get().as_millis(), millis, "{text}");
            assert_eq!(duration.to_string(), shown, "{text}");
        }
        for text in ["", "soon", "-1s", "1x", "18446744073709551615", "900000h"] {
            assert_eq!(text.parse::<Duration>(), Err(()), "{text}");
        }
    }

    #[test]
    fn prefixes_are_paths() {
        for (text, kept) in [
            ("", ""),
            ("/", ""),
            ("/some/path", "/some/path"),
            ("/a/", "/a"),
        ] {
            assert_eq!(text.parse::<Prefix>().unwrap().as_str(), kept);
        }
        for text in ["some", "//", "/a//b", "/a b", "/{x}", "/a?b"] {
            assert_eq!(text.parse::<Prefix>(), Err(()), "{text}");
        }
    }

    #[test]
    fn workers_are_auto_or_a_number() {
        assert_eq!("3".parse::<Workers>().unwrap().count().get(), 3);
        assert!(Workers::default().count().get() > 0);
        for text in ["0", "513", "many"] {
            assert_eq!(text.parse::<Workers>(), Err(()), "{text}");
        }
    }

    #[test]
    fn log_levels_are_levels_or_directives() {
        for text in [
            "info",
            "warn,notif_server::http=debug",
            "off",
            "notif_server=trace",
        ] {
            assert!(text.parse::<LogLevel>().is_ok(), "{text}");
        }
        for text in ["", "loud", "inof", "a=b"] {
            assert!(text.parse::<LogLevel>().is_err(), "{text}");
        }
    }
}
