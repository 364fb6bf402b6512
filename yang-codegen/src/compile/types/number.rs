//! Numbers as texts have them (RFC 7950 sections 9.2.1 and 9.3.1), and in canonical form.

/// A whole number: decimal, hexadecimal with `0x` or octal with `0` in front.
pub(super) fn integer(text: &str) -> Option<i128> {
    let (negative, digits) = signed(text);
    let (digits, radix) = match digits.strip_prefix('0') {
        None | Some("") => (digits, 10),
        Some(rest) => match rest.strip_prefix(['x', 'X']) {
            Some(rest) => (rest, 16),
            None => (rest, 8),
        },
    };
    if !digits.starts_with(|first: char| first.is_digit(radix)) {
        return None;
    }
    let number = i128::from_str_radix(digits, radix).ok()?;
    Some(if negative { -number } else { number })
}

/// A decimal number without its point, as if it had `digits` digits behind it; `None` if it has
/// more that count.
pub(super) fn decimal(text: &str, digits: u8) -> Option<i128> {
    let (negative, unsigned) = signed(text);
    let (whole, fraction) = match unsigned.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (unsigned, None),
    };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|d| d.is_ascii_digit());
    if !is_number(whole) || fraction.is_some_and(|fraction| !is_number(fraction)) {
        return None;
    }
    let fraction = fraction.unwrap_or_default().trim_end_matches('0');
    let width = usize::from(digits);
    if fraction.len() > width {
        return None;
    }
    let number: i128 = format!("{whole}{fraction:0<width$}").parse().ok()?;
    Some(if negative { -number } else { number })
}

fn signed(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// The canonical form of a decimal64 (RFC 7950 section 9.3.2): at least one digit on each side of
/// the point, and no other zeros at its ends.
pub(super) fn decimal_text(number: i128, digits: u8) -> String {
    let width = usize::from(digits);
    let all = format!("{:0>width$}", number.unsigned_abs(), width = width + 1);
    let (whole, fraction) = all.split_at_checked(all.len() - width).unwrap_or_default();
    let fraction = fraction.trim_end_matches('0');
    let sign = if number < 0 { "-" } else { "" };
    let fraction = if fraction.is_empty() { "0" } else { fraction };
    format!("{sign}{whole}.{fraction}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_have_three_forms() {
        for (text, number) in [
            ("0", Some(0)),
            ("+7", Some(7)),
            ("-12", Some(-12)),
            ("0x1F", Some(31)),
            ("-0X10", Some(-16)),
            ("017", Some(15)),
            ("018", None),
            ("", None),
            ("-", None),
            ("0x", None),
            ("--1", None),
            ("0x-1", None),
            ("1 ", None),
            ("1.0", None),
        ] {
            assert_eq!(integer(text), number, "{text}");
        }
    }

    #[test]
    fn decimals_are_read_without_their_point() {
        for (text, digits, number) in [
            ("1.5", 2, Some(150)),
            ("-0.05", 2, Some(-5)),
            ("3", 1, Some(30)),
            ("1.500", 1, Some(15)),
            ("1.55", 1, None),
            ("1.", 1, None),
            (".5", 1, None),
            ("1.5.5", 3, None),
            ("1e3", 3, None),
        ] {
            assert_eq!(decimal(text, digits), number, "{text}");
        }
    }

    #[test]
    fn canonical_decimals_have_a_digit_on_each_side() {
        for (number, digits, text) in [
            (150, 2, "1.5"),
            (-5, 2, "-0.05"),
            (0, 3, "0.0"),
            (300, 2, "3.0"),
            (i128::from(i64::MIN), 18, "-9.223372036854775808"),
        ] {
            assert_eq!(decimal_text(number, digits), text);
        }
    }
}
