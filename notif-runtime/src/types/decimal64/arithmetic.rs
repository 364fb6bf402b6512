//! Exact arithmetic of decimal numbers; a result that 64 bits do not hold is `None`. There are no
//! operators: they could only panic or wrap around, and routers send numbers that are out of range.

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

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal64<2> {
        text.parse().expect("is a number")
    }

    #[test]
    fn sums_are_exact() {
        let sum = number("0.1").checked_add(number("0.2"));
        assert_eq!(sum, Some(number("0.3")));
        let numbers = [number("1.25"), number("2.5"), number("-0.75")];
        let mut numbers = numbers.into_iter();
        let total = numbers.try_fold(Decimal64::default(), Decimal64::checked_add);
        assert_eq!(total, Some(number("3")));
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
