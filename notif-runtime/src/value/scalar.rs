//! Turns a leaf's value in an encoding into a value of its YANG type.

use std::borrow::Cow;
use std::fmt;

use compact_str::CompactString;

use super::names::Names;
use crate::schema::{Integer, Type};
use crate::text::{SHOWN, is_tolerated_space, shortened};
use crate::types::{DateAndTime, ValueError};

/// A leaf's value as an encoding has it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Scalar<'de> {
    /// Text that stands for any type: XML.
    Text(Cow<'de, str>),
    /// A JSON string.
    String(Cow<'de, str>),
    /// A JSON number as it is written.
    Number(&'de str),
    /// true or false.
    Boolean(bool),
    /// `[null]`, RFC 7951's form of an empty leaf.
    Empty,
    /// A bare `null`, which is no value of any type.
    Null,
    /// An integer of CBOR.
    Integer(Whole),
    /// A byte string of CBOR.
    Octets(Cow<'de, [u8]>),
    /// A value of which only the type tells the meaning.
    Untyped(Untyped<'de>),
}

/// A value of an encoding in which the type tells what bytes mean: a data item of CBOR.
#[derive(Clone, Copy)]
pub struct Untyped<'de> {
    bytes: &'de [u8],
    encoding: &'static dyn Meaning,
}

/// An encoding in which the type tells what the bytes of a value mean (RFC 9254 section 6).
pub(crate) trait Meaning: Sync {
    /// The value of type `ty`. As the value of a union's member some types have another form; of a
    /// union itself it stays without a type.
    fn scalar<'de>(
        &self,
        bytes: &'de [u8],
        ty: &Type<'de>,
        in_union: bool,
        names: &Names<'_>,
    ) -> Result<Scalar<'de>, ValueError>;

    /// The value as a fault shows it.
    fn shown(&self, bytes: &[u8]) -> String;
}

impl<'de> Untyped<'de> {
    pub(crate) const fn new(bytes: &'de [u8], encoding: &'static dyn Meaning) -> Self {
        Self { bytes, encoding }
    }

    /// The value of a leaf, or of a member of a union, of this type.
    pub(crate) fn scalar(
        &self,
        ty: &Type<'de>,
        in_union: bool,
        names: &Names<'_>,
    ) -> Result<Scalar<'de>, ValueError> {
        self.encoding.scalar(self.bytes, ty, in_union, names)
    }

    fn shown(&self) -> String {
        self.encoding.shown(self.bytes)
    }
}

/// Values of one encoding are compared: no message has two.
impl PartialEq for Untyped<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl fmt::Debug for Untyped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Untyped").field(&self.bytes).finish()
    }
}

/// An integer of CBOR: from -2^64 to 2^64 - 1. An `i128` would double what a scalar takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whole {
    negative: bool,
    /// The number; of a negative one, its distance from -1.
    magnitude: u64,
}

impl Whole {
    /// The number, if it has that form.
    pub(crate) fn new(number: i128) -> Option<Self> {
        let negative = number < 0;
        let magnitude = if negative { -1 - number } else { number };
        Some(Self {
            negative,
            magnitude: magnitude.try_into().ok()?,
        })
    }
}

impl From<Whole> for i128 {
    fn from(whole: Whole) -> Self {
        let magnitude = Self::from(whole.magnitude);
        if whole.negative {
            -1 - magnitude
        } else {
            magnitude
        }
    }
}

impl Scalar<'_> {
    /// The value as a fault shows it: strings in quotes, other kinds as they are.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Text(text) | Self::String(text) => {
                format!("\"{}\"", shortened(text, SHOWN))
            }
            Self::Number(text) => shortened(text, SHOWN).into_owned(),
            Self::Boolean(value) => value.to_string(),
            Self::Empty => "[null]".to_owned(),
            Self::Null => "null".to_owned(),
            Self::Integer(value) => i128::from(*value).to_string(),
            Self::Octets(octets) => format!("{} octets", octets.len()),
            Self::Untyped(value) => value.shown(),
        }
    }
}

/// A Rust type that holds the values of a leaf.
pub trait FromScalar: Sized {
    /// A value to start from, which decoding overwrites. It need not be valid.
    #[doc(hidden)]
    fn blank() -> Self;

    /// True if values can name definitions of modules, so that the prefixes around them matter.
    #[doc(hidden)]
    const NAMES: bool = false;

    /// True for a union with members that require an instance.
    #[doc(hidden)]
    const INSTANCES: bool = false;

    /// The value of `ty` that `scalar` stands for; `names` tells the meaning of prefixes in it.
    fn from_scalar(
        scalar: &Scalar<'_>,
        ty: &Type<'_>,
        names: &Names<'_>,
    ) -> Result<Self, ValueError>;
}

impl FromScalar for bool {
    fn blank() -> Self {
        false
    }

    #[inline]
    fn from_scalar(scalar: &Scalar<'_>, _: &Type<'_>, _: &Names<'_>) -> Result<Self, ValueError> {
        match scalar {
            Scalar::Boolean(value) => Ok(*value),
            Scalar::Text(text) => match &**text {
                "true" => Ok(true),
                "false" => Ok(false),
                _ => Err(ValueError::Lexical),
            },
            _ => Err(ValueError::Kind),
        }
    }
}

impl FromScalar for CompactString {
    fn blank() -> Self {
        Self::default()
    }

    #[inline]
    fn from_scalar(scalar: &Scalar<'_>, ty: &Type<'_>, _: &Names<'_>) -> Result<Self, ValueError> {
        match scalar {
            Scalar::String(text) | Scalar::Text(text) => canonical_text(text, ty),
            _ => Err(ValueError::Kind),
        }
    }
}

impl FromScalar for DateAndTime {
    fn blank() -> Self {
        Self::UNIX_EPOCH
    }

    #[inline]
    fn from_scalar(scalar: &Scalar<'_>, ty: &Type<'_>, _: &Names<'_>) -> Result<Self, ValueError> {
        match scalar {
            Scalar::String(text) | Scalar::Text(text) => {
                let value = Self::parse(text).ok_or(ValueError::Pattern(0))?;
                // `parse` checks the typedef's own pattern; a leaf may add more.
                if let Type::String {
                    length, patterns, ..
                } = ty.value_type()
                    && (patterns.len() > 1 || !length.is_empty())
                {
                    check_text(text, ty)?;
                }
                Ok(value)
            }
            _ => Err(ValueError::Kind),
        }
    }
}

/// The name of an enumeration's value that `scalar` has.
#[inline]
pub fn enumeration_name<'s>(scalar: &'s Scalar<'_>) -> Result<&'s str, ValueError> {
    match scalar {
        Scalar::String(text) | Scalar::Text(text) => Ok(text),
        _ => Err(ValueError::Kind),
    }
}

/// The canonical form of a text, if the string type takes it. A text whose canonical form the type's
/// own patterns or lengths refuse stays as it is: what is read once has to be valid ever after.
#[inline]
pub fn canonical_text(text: &str, ty: &Type<'_>) -> Result<CompactString, ValueError> {
    check_text(text, ty)?;
    let Type::String {
        canonical: Some(form),
        ..
    } = ty.value_type()
    else {
        return Ok(CompactString::new(text));
    };
    let canonical = form.of(text).ok_or(ValueError::Lexical)?;
    if canonical != text && check_text(&canonical, ty).is_err() {
        return Ok(CompactString::new(text));
    }
    Ok(canonical)
}

/// Checks the length and the patterns of a string type.
#[inline]
pub(crate) fn check_text(text: &str, ty: &Type<'_>) -> Result<(), ValueError> {
    let Type::String {
        length, patterns, ..
    } = ty.value_type()
    else {
        return Ok(());
    };
    if !length.is_empty() {
        let chars = text.chars().count() as u64;
        if !length
            .iter()
            .any(|&(min, max)| (min..=max).contains(&chars))
        {
            return Err(ValueError::Length);
        }
    }
    match patterns.iter().position(|pattern| !pattern.is_match(text)) {
        Some(at) => Err(ValueError::Pattern(at)),
        None => Ok(()),
    }
}

/// Reads an integer in the lexical form of RFC 7950 section 9.2.1: an optional sign and decimal
/// digits. White space around it is tolerated, as libyang does.
#[cold]
pub fn parse_integer_text(text: &str) -> Result<i128, ValueError> {
    let text = text.trim_matches(is_tolerated_space);
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(ValueError::Lexical);
    }
    // Digits that overflow 128 bits are out of every type's range.
    text.parse().map_err(|_| ValueError::Range)
}

/// Reads a JSON number, whose syntax the reader has checked, as an integer. An exponent is
/// resolved (`1e1` is 10); without one, a fraction is no integer, even `.0`, unless all is zero.
#[cold]
fn parse_json_integer(number: &str) -> Result<i128, ValueError> {
    let (mantissa, exponent) = match number.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (
            mantissa,
            exponent.parse::<i64>().map_err(|_| ValueError::Range)?,
        ),
        None => (number, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let (negative, whole) = whole
        .strip_prefix('-')
        .map_or((false, whole), |rest| (true, rest));
    let mut digits = format!("{whole}{fraction}");
    if digits.bytes().all(|digit| digit == b'0') {
        return Ok(0);
    }
    if exponent == 0 && mantissa.contains('.') {
        return Err(ValueError::Lexical);
    }
    let shift = exponent - i64::try_from(fraction.len()).map_err(|_| ValueError::Range)?;
    if let Ok(zeros) = usize::try_from(shift) {
        // More digits than any integer type has are out of range, however many they are.
        digits.extend(std::iter::repeat_n('0', zeros.min(40)));
    } else {
        let drop = usize::try_from(shift.unsigned_abs()).map_err(|_| ValueError::Lexical)?;
        let keep = digits.len().checked_sub(drop).ok_or(ValueError::Lexical)?;
        if digits.bytes().skip(keep).any(|digit| digit != b'0') {
            return Err(ValueError::Lexical);
        }
        digits.truncate(keep);
    }
    let value: i128 = digits.parse().map_err(|_| ValueError::Range)?;
    Ok(if negative { -value } else { value })
}

/// The digits of an unsigned number that is short enough not to overflow 64 bits.
#[inline]
fn plain_digits(text: &str) -> Option<u64> {
    let bytes = text.as_bytes();
    if bytes.is_empty() || bytes.len() > 19 {
        return None;
    }
    let mut value = 0u64;
    for &byte in bytes {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value.wrapping_mul(10).wrapping_add(u64::from(digit));
    }
    Some(value)
}

/// The integer, if `ty` takes it. CBOR's mapping of the JSON data takes 64-bit integers as such, too.
fn in_range<V: TryFrom<i128>>(value: i128, ty: &Type<'_>) -> Result<V, ValueError> {
    let narrow = V::try_from(value).ok();
    narrow
        .filter(|_| ty.in_range(value))
        .ok_or(ValueError::Range)
}

macro_rules! integer {
    ($($type:ty => $kind:ident, $wide:expr;)*) => {
        $(impl FromScalar for $type {
            fn blank() -> Self {
                0
            }

            #[inline]
            fn from_scalar(
        scalar: &Scalar<'_>,
        ty: &Type<'_>,
        _: &Names<'_>,
    ) -> Result<Self, ValueError> {
                debug_assert!(matches!(ty.value_type(), Type::Integer { kind: Integer::$kind, .. }));
                // RFC 7951 section 6.1: 64-bit integers are strings, the others numbers.
                let (text, is_number) = match scalar {
                    Scalar::Text(text) => (&**text, false),
                    Scalar::String(text) if $wide => (&**text, false),
                    Scalar::Number(text) if !$wide => (*text, true),
                    Scalar::Integer(value) => return in_range((*value).into(), ty),
                    _ => return Err(ValueError::Kind),
                };
                let value = match plain_digits(text).map(Self::try_from) {
                    Some(Ok(value)) => value,
                    Some(Err(_)) => return Err(ValueError::Range),
                    None => {
                        let wide =
                            if is_number { parse_json_integer(text)? } else { parse_integer_text(text)? };
                        Self::try_from(wide).map_err(|_| ValueError::Range)?
                    }
                };
                if let Type::Integer { range, .. } = ty.value_type()
                    && !range.is_empty()
                    && !range.iter().any(|&(min, max)| (min..=max).contains(&i128::from(value)))
                {
                    return Err(ValueError::Range);
                }
                Ok(value)
            }
        })*
    };
}

integer! {
    i8 => Int8, false;
    i16 => Int16, false;
    i32 => Int32, false;
    i64 => Int64, true;
    u8 => Uint8, false;
    u16 => Uint16, false;
    u32 => Uint32, false;
    u64 => Uint64, true;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_integers_follow_libyang() {
        for (number, value) in [
            ("1e1", 10),
            ("10E-1", 1),
            ("-0", 0),
            ("0.0", 0),
            ("1.50e1", 15),
            ("-12", -12),
            ("0.005E3", 5),
            ("4000e-3", 4),
        ] {
            assert_eq!(parse_json_integer(number), Ok(value), "{number}");
        }
        for number in ["1.0", "1.5", "1e-1", "1.55e1", "1.0e0"] {
            assert_eq!(
                parse_json_integer(number),
                Err(ValueError::Lexical),
                "{number}"
            );
        }
        for number in ["1e40", "1e99999999999999999999", "9e4000000000"] {
            assert_eq!(
                parse_json_integer(number),
                Err(ValueError::Range),
                "{number}"
            );
        }
    }

    #[test]
    fn integer_text_is_decimal() {
        for (text, value) in [("+5", 5), (" 7\n", 7), ("007", 7), ("-0", 0), ("-5", -5)] {
            assert_eq!(parse_integer_text(text), Ok(value), "{text}");
        }
        for text in ["", " ", "0x1F", "1 2", "+", "1.0", "+-1", "\u{a0}1"] {
            assert_eq!(parse_integer_text(text), Err(ValueError::Lexical), "{text}");
        }
    }
}
