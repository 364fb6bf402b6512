//! Conversions between decimal numbers and the numbers of Rust.

use std::fmt;

use super::{Decimal, Decimal64};
use crate::types::InvalidValue;

/// The error for a number that `FRACTION_DIGITS` digits behind the point and 64 bits do not hold.
fn out_of_range<const FRACTION_DIGITS: u8>(number: impl fmt::Display) -> InvalidValue {
    let expected = Decimal::described(FRACTION_DIGITS, &[]);
    InvalidValue::new("decimal64", &number.to_string(), expected)
}

/// The nearest decimal number; of two that are as near, the one whose last digit is even.
///
/// ```
/// use notif_runtime::types::Decimal64;
///
/// let celsius = Decimal64::<1>::try_from(21.46)?;
/// assert_eq!(celsius.to_string(), "21.5");
/// assert!(Decimal64::<1>::try_from(f64::NAN).is_err());
/// # Ok::<(), notif_runtime::types::InvalidValue>(())
/// ```
impl<const FRACTION_DIGITS: u8> TryFrom<f64> for Decimal64<FRACTION_DIGITS> {
    type Error = InvalidValue;

    fn try_from(number: f64) -> Result<Self, InvalidValue> {
        // Formatting rounds the exact value of the number, and only once.
        let digits = format!("{number:.*}", usize::from(FRACTION_DIGITS));
        digits
            .parse()
            .map_err(|_| out_of_range::<FRACTION_DIGITS>(number))
    }
}

/// A whole number, exactly.
///
/// ```
/// use notif_runtime::types::Decimal64;
///
/// assert_eq!(Decimal64::<2>::try_from(7)?, "7.00".parse()?);
/// assert!(Decimal64::<2>::try_from(i64::MAX).is_err());
/// # Ok::<(), notif_runtime::types::InvalidValue>(())
/// ```
impl<const FRACTION_DIGITS: u8> TryFrom<i64> for Decimal64<FRACTION_DIGITS> {
    type Error = InvalidValue;

    fn try_from(number: i64) -> Result<Self, InvalidValue> {
        let unscaled = 10i64
            .checked_pow(u32::from(FRACTION_DIGITS))
            .and_then(|scale| number.checked_mul(scale));
        unscaled
            .map(Self)
            .ok_or_else(|| out_of_range::<FRACTION_DIGITS>(number))
    }
}

/// The same number with other fraction digits; none of its digits may be lost.
impl<const FRACTION_DIGITS: u8> TryFrom<Decimal> for Decimal64<FRACTION_DIGITS> {
    type Error = InvalidValue;

    fn try_from(number: Decimal) -> Result<Self, InvalidValue> {
        number.to_string().parse()
    }
}

impl<const FRACTION_DIGITS: u8> From<Decimal64<FRACTION_DIGITS>> for Decimal {
    fn from(number: Decimal64<FRACTION_DIGITS>) -> Self {
        number.decimal()
    }
}

impl<const FRACTION_DIGITS: u8> TryFrom<&str> for Decimal64<FRACTION_DIGITS> {
    type Error = InvalidValue;

    fn try_from(text: &str) -> Result<Self, InvalidValue> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_floating_point_go_to_the_nearest() {
        for (number, text) in [
            (0.1, "0.1"),
            (21.46, "21.5"),
            (-0.04, "0.0"),
            (0.25, "0.2"),
            (0.75, "0.8"),
            (-21.95, "-21.9"),
            (1e17, "100000000000000000.0"),
        ] {
            let decimal = Decimal64::<1>::try_from(number).expect("is in range");
            assert_eq!(decimal.to_string(), text, "{number}");
        }
        for number in [f64::NAN, f64::INFINITY, -f64::INFINITY, 1e18, f64::MAX] {
            assert!(Decimal64::<1>::try_from(number).is_err(), "{number}");
        }
        let error = Decimal64::<1>::try_from(1e18).expect_err("is too large");
        assert_eq!(
            error.to_string(),
            "\"1000000000000000000\" is no decimal64: expected a decimal64 with 1 fraction digit in \
             -922337203685477580.8..922337203685477580.7"
        );
    }

    #[test]
    fn other_fraction_digits_lose_none() {
        let number = Decimal::from(Decimal64::<2>::from_unscaled(150));
        assert_eq!(Decimal64::<1>::try_from(number), "1.5".parse());
        assert_eq!(Decimal64::<18>::try_from(number), "1.5".parse());
        let fine = Decimal::from(Decimal64::<2>::from_unscaled(151));
        assert!(Decimal64::<1>::try_from(fine).is_err());
        assert_eq!(Decimal64::<1>::try_from("1.5"), "1.5".parse());
    }

    #[test]
    fn whole_numbers_are_exact() {
        assert_eq!(Decimal64::<18>::try_from(-9), "-9".parse());
        assert!(Decimal64::<18>::try_from(10).is_err());
    }
}
