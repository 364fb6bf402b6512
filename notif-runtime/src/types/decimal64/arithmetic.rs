//! Exact arithmetic of decimal numbers; a result that 64 bits do not hold is `None`.

use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use super::Decimal64;

impl<const FRACTION_DIGITS: u8> Decimal64<FRACTION_DIGITS> {
    /// The sum; `None` if it is out of range.
    ///
    /// ```
    /// use notif_runtime::types::Decimal64;
    ///
    /// let half: Decimal64<2> = "0.5".parse()?;
    /// assert_eq!(half.checked_add(half), Some("1".parse()?));
    /// assert_eq!(half.checked_add(Decimal64::MAX), None);
    /// # Ok::<(), notif_runtime::types::InvalidValue>(())
    /// ```
    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(unscaled) => Some(Self(unscaled)),
            None => None,
        }
    }

    /// The difference; `None` if it is out of range.
    ///
    /// ```
    /// use notif_runtime::types::Decimal64;
    ///
    /// let half: Decimal64<2> = "0.5".parse()?;
    /// assert_eq!(half.checked_sub("0.25".parse()?), Some("0.25".parse()?));
    /// assert_eq!(Decimal64::MIN.checked_sub(half), None);
    /// # Ok::<(), notif_runtime::types::InvalidValue>(())
    /// ```
    #[must_use]
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        match self.0.checked_sub(other.0) {
            Some(unscaled) => Some(Self(unscaled)),
            None => None,
        }
    }

    /// The product with a whole number; `None` if it is out of range.
    ///
    /// ```
    /// use notif_runtime::types::Decimal64;
    ///
    /// let volts: Decimal64<1> = "3.3".parse()?;
    /// assert_eq!(volts.checked_mul(3), Some("9.9".parse()?));
    /// # Ok::<(), notif_runtime::types::InvalidValue>(())
    /// ```
    #[must_use]
    pub const fn checked_mul(self, factor: i64) -> Option<Self> {
        match self.0.checked_mul(factor) {
            Some(unscaled) => Some(Self(unscaled)),
            None => None,
        }
    }

    /// The number with the other sign; `None` for [`MIN`](Self::MIN).
    ///
    /// ```
    /// use notif_runtime::types::Decimal64;
    ///
    /// let loss: Decimal64<1> = "1.5".parse()?;
    /// assert_eq!(loss.checked_neg(), Some("-1.5".parse()?));
    /// assert_eq!(Decimal64::<1>::MIN.checked_neg(), None);
    /// # Ok::<(), notif_runtime::types::InvalidValue>(())
    /// ```
    #[must_use]
    pub const fn checked_neg(self) -> Option<Self> {
        match self.0.checked_neg() {
            Some(unscaled) => Some(Self(unscaled)),
            None => None,
        }
    }

    /// The distance from zero; `None` for [`MIN`](Self::MIN).
    ///
    /// ```
    /// use notif_runtime::types::Decimal64;
    ///
    /// let loss: Decimal64<1> = "-1.5".parse()?;
    /// assert_eq!(loss.checked_abs(), Some("1.5".parse()?));
    /// # Ok::<(), notif_runtime::types::InvalidValue>(())
    /// ```
    #[must_use]
    pub const fn checked_abs(self) -> Option<Self> {
        match self.0.checked_abs() {
            Some(unscaled) => Some(Self(unscaled)),
            None => None,
        }
    }
}

/// The result of an operator, in every build: a number that wrapped around would pass for a value.
#[track_caller]
#[expect(
    clippy::panic,
    reason = "as the operators of integers do; the checked methods are for numbers from outside"
)]
fn in_range<T>(result: Option<T>) -> T {
    match result {
        Some(value) => value,
        None => panic!("the result is out of the range of decimal64"),
    }
}

/// Panics if the sum is out of range; [`checked_add`](Decimal64::checked_add) does not.
impl<const FRACTION_DIGITS: u8> Add for Decimal64<FRACTION_DIGITS> {
    type Output = Self;

    #[track_caller]
    fn add(self, other: Self) -> Self {
        in_range(self.checked_add(other))
    }
}

/// Panics if the difference is out of range; [`checked_sub`](Decimal64::checked_sub) does not.
impl<const FRACTION_DIGITS: u8> Sub for Decimal64<FRACTION_DIGITS> {
    type Output = Self;

    #[track_caller]
    fn sub(self, other: Self) -> Self {
        in_range(self.checked_sub(other))
    }
}

/// Panics for [`MIN`](Decimal64::MIN); [`checked_neg`](Decimal64::checked_neg) does not.
impl<const FRACTION_DIGITS: u8> Neg for Decimal64<FRACTION_DIGITS> {
    type Output = Self;

    #[track_caller]
    fn neg(self) -> Self {
        in_range(self.checked_neg())
    }
}

impl<const FRACTION_DIGITS: u8> AddAssign for Decimal64<FRACTION_DIGITS> {
    #[track_caller]
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl<const FRACTION_DIGITS: u8> SubAssign for Decimal64<FRACTION_DIGITS> {
    #[track_caller]
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

/// Panics if a sum on the way is out of range.
impl<const FRACTION_DIGITS: u8> Sum for Decimal64<FRACTION_DIGITS> {
    fn sum<I: Iterator<Item = Self>>(numbers: I) -> Self {
        numbers.fold(Self(0), Add::add)
    }
}

impl<'a, const FRACTION_DIGITS: u8> Sum<&'a Self> for Decimal64<FRACTION_DIGITS> {
    fn sum<I: Iterator<Item = &'a Self>>(numbers: I) -> Self {
        numbers.copied().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal64<2> {
        text.parse().expect("is a number")
    }

    #[test]
    fn operators_are_exact() {
        let mut sum = number("0.1") + number("0.2");
        assert_eq!(sum, number("0.3"));
        sum += number("-1");
        assert_eq!(sum, number("-0.7"));
        sum -= number("0.3");
        assert_eq!(-sum, number("1"));
        let all = [number("1.25"), number("2.5"), number("-0.75")];
        assert_eq!(all.iter().sum::<Decimal64<2>>(), number("3"));
        assert_eq!(all.into_iter().sum::<Decimal64<2>>(), number("3"));
    }

    #[test]
    #[should_panic(expected = "out of the range of decimal64")]
    fn an_operator_does_not_wrap_around() {
        let _ = Decimal64::<2>::MAX + number("0.01");
    }

    #[test]
    fn checked_methods_know_the_bounds() {
        assert_eq!(Decimal64::<2>::MIN.checked_neg(), None);
        assert_eq!(Decimal64::<2>::MIN.checked_abs(), None);
        assert_eq!(Decimal64::<2>::MAX.checked_mul(2), None);
        assert_eq!(Decimal64::<2>::MIN.checked_sub(number("0.01")), None);
        let greatest = Decimal64::<2>::MIN.checked_add(Decimal64::MAX);
        assert_eq!(greatest, Some(number("-0.01")));
    }
}
