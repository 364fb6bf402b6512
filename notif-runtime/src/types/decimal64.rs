//! The type `decimal64` (RFC 7950 section 9.3).

mod arithmetic;
mod convert;

use std::fmt;
use std::str::FromStr;

use super::{InvalidValue, ValueError};
use crate::schema::Type;
use crate::text::{intervals, is_tolerated_space};

/// A decimal number of at most `FRACTION_DIGITS` digits (1 to 18) behind its point, exactly.
///
/// ```
/// use notif_runtime::types::Decimal64;
///
/// let celsius: Decimal64<1> = "21.5".parse()?;
/// assert_eq!(celsius.unscaled(), 215);
/// assert_eq!(format!("{celsius:?}"), "21.5");
/// assert!(celsius < "22".parse()?);
/// # Ok::<(), notif_runtime::types::InvalidValue>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Decimal64<const FRACTION_DIGITS: u8>(i64);

/// A decimal number: `unscaled` divided by 10 to the power of `fraction_digits`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decimal {
    /// The number without its point.
    pub unscaled: i64,
    /// The digits behind the point, 1 to 18.
    pub fraction_digits: u8,
}

impl Decimal {
    /// Reads a number: an optional sign, digits, and optionally a point with digits. White space
    /// around it and zeros beyond the fraction digits are tolerated, as libyang does.
    ///
    /// # Errors
    /// The text is no number, or 64 bits do not hold it.
    pub fn parse(text: &str, fraction_digits: u8) -> Result<Self, ValueError> {
        let text = text.trim_matches(is_tolerated_space);
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = match digits.split_once('.') {
            Some((_, "")) => return Err(ValueError::Lexical),
            Some((whole, fraction)) => (whole, fraction.trim_end_matches('0')),
            None => (digits, ""),
        };
        let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let missing = usize::from(fraction_digits).checked_sub(fraction.len());
        let (Some(missing), true) = (
            missing,
            !whole.is_empty() && are_digits(whole) && are_digits(fraction),
        ) else {
            return Err(ValueError::Lexical);
        };
        let digits = whole
            .bytes()
            .chain(fraction.bytes())
            .chain(std::iter::repeat_n(b'0', missing));
        let magnitude = digits.into_iter().try_fold(0i128, |value, digit| {
            value
                .checked_mul(10)?
                .checked_add(i128::from(digit.wrapping_sub(b'0')))
        });
        let number = magnitude.map(|value| if negative { -value } else { value });
        let unscaled = number.and_then(|number| i64::try_from(number).ok());
        Ok(Self {
            unscaled: unscaled.ok_or(ValueError::Range)?,
            fraction_digits,
        })
    }

    /// The numbers of a decimal64 type, in words; all if `range` is empty.
    pub(crate) fn described(fraction_digits: u8, range: &[(i64, i64)]) -> String {
        let decimal = |unscaled| Self {
            unscaled,
            fraction_digits,
        };
        let range = if range.is_empty() {
            &[(i64::MIN, i64::MAX)][..]
        } else {
            range
        };
        let range: Vec<_> = range
            .iter()
            .map(|&(min, max)| (decimal(min), decimal(max)))
            .collect();
        let digits = if fraction_digits == 1 {
            "digit"
        } else {
            "digits"
        };
        format!(
            "a decimal64 with {fraction_digits} fraction {digits} in {}",
            intervals(&range)
        )
    }

    /// The nearest number of binary floating point.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        // Rounded once, which a division of rounded numbers is not.
        self.to_string().parse().unwrap_or(f64::NAN)
    }
}

/// The canonical form (RFC 7950 section 9.3.2): at least one digit on both sides of the point, and
/// no zeros more.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = 10u64.pow(u32::from(self.fraction_digits.min(18)));
        let magnitude = self.unscaled.unsigned_abs();
        let sign = if self.unscaled < 0 { "-" } else { "" };
        let (whole, fraction) = (magnitude / scale, magnitude % scale);
        let width = usize::from(self.fraction_digits.max(1));
        let digits = format!("{fraction:0width$}");
        let digits = digits.trim_end_matches('0');
        let digits = if digits.is_empty() { "0" } else { digits };
        write!(f, "{sign}{whole}.{digits}")
    }
}

/// The value, as [`Display`](fmt::Display) has it.
impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<const FRACTION_DIGITS: u8> Decimal64<FRACTION_DIGITS> {
    /// The least number.
    pub const MIN: Self = Self(i64::MIN);
    /// The greatest number.
    pub const MAX: Self = Self(i64::MAX);

    /// The number `unscaled` divided by 10 to the power of `FRACTION_DIGITS`.
    #[must_use]
    pub const fn from_unscaled(unscaled: i64) -> Self {
        Self(unscaled)
    }

    /// The number multiplied by 10 to the power of `FRACTION_DIGITS`.
    #[must_use]
    pub const fn unscaled(self) -> i64 {
        self.0
    }

    /// The nearest number of binary floating point.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        self.decimal().to_f64()
    }

    pub(crate) const fn decimal(self) -> Decimal {
        Decimal {
            unscaled: self.0,
            fraction_digits: FRACTION_DIGITS,
        }
    }
}

impl<const FRACTION_DIGITS: u8> fmt::Display for Decimal64<FRACTION_DIGITS> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.decimal(), f)
    }
}

/// The value, as [`Display`](fmt::Display) has it.
impl<const FRACTION_DIGITS: u8> fmt::Debug for Decimal64<FRACTION_DIGITS> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<const FRACTION_DIGITS: u8> FromStr for Decimal64<FRACTION_DIGITS> {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        match Decimal::parse(text, FRACTION_DIGITS) {
            Ok(decimal) => Ok(Self(decimal.unscaled)),
            Err(_) => Err(InvalidValue::new(
                "decimal64",
                text,
                Decimal::described(FRACTION_DIGITS, &[]),
            )),
        }
    }
}

/// Checks the range of a decimal64 type.
pub(crate) fn check(unscaled: i64, ty: &Type<'_>) -> Result<(), ValueError> {
    if ty.in_range(unscaled.into()) {
        return Ok(());
    }
    Err(ValueError::Range)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str, fraction_digits: u8) -> Result<i64, ValueError> {
        Decimal::parse(text, fraction_digits).map(|decimal| decimal.unscaled)
    }

    #[test]
    fn numbers_are_exact() {
        for (text, digits, unscaled) in [
            ("8", 1, 80),
            ("\n +8 \t\n  ", 1, 80),
            ("8.00", 1, 80),
            ("-0.05", 2, -5),
            ("-0", 2, 0),
            ("007.10", 3, 7100),
            ("-9.223372036854775808", 18, i64::MIN),
            ("9.223372036854775807", 18, i64::MAX),
            ("922337203685477580.7", 1, i64::MAX),
        ] {
            assert_eq!(parse(text, digits), Ok(unscaled), "{text}");
        }
        for text in [
            "", " ", "xxx", "8.5  xxx", "8.55", "8.", ".5", "-.5", "+", "-", "1e1", "0x1", "--1",
            "1.+5", "1.5.0", "8,5", "\u{a0}1",
        ] {
            assert_eq!(parse(text, 1), Err(ValueError::Lexical), "{text}");
        }
        let long = "9".repeat(60);
        for (text, digits) in [
            ("922337203685477580.8", 1),
            ("-922337203685477580.9", 1),
            ("10", 18),
            (&*long, 1),
        ] {
            assert_eq!(parse(text, digits), Err(ValueError::Range), "{text}");
        }
    }

    #[test]
    fn the_canonical_form() {
        for (unscaled, fraction_digits, text) in [
            (80, 1, "8.0"),
            (0, 18, "0.0"),
            (-5, 2, "-0.05"),
            (-1250, 3, "-1.25"),
            (i64::MIN, 18, "-9.223372036854775808"),
            (i64::MAX, 1, "922337203685477580.7"),
        ] {
            let decimal = Decimal {
                unscaled,
                fraction_digits,
            };
            assert_eq!(decimal.to_string(), text);
            assert_eq!(Decimal::parse(text, fraction_digits), Ok(decimal));
        }
        let tenth: Decimal64<18> = "0.1".parse().expect("is a number");
        assert!((tenth.to_f64() - 0.1).abs() < f64::EPSILON);
        let error = "0.12"
            .parse::<Decimal64<1>>()
            .expect_err("is too fine")
            .to_string();
        assert_eq!(
            error,
            "\"0.12\" is no decimal64: expected a decimal64 with 1 fraction digit in \
             -922337203685477580.8..922337203685477580.7"
        );
    }
}
