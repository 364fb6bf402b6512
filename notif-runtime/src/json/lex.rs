//! The tokens of JSON (RFC 8259), found without copying where that can be.

use std::borrow::Cow;

/// White space between tokens (RFC 8259 section 2).
#[inline]
const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// The number of bytes from the start of `bytes` that are white space: mostly a line end and the
/// blanks of an indentation, which are taken eight at a time.
#[inline]
pub(super) fn space_run(bytes: &[u8]) -> usize {
    const BLANKS: u64 = u64::from_le_bytes([b' '; 8]);
    let mut at = 0;
    while bytes.get(at).is_some_and(|&byte| is_space(byte)) {
        at += 1;
        while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
            let other = u64::from_le_bytes(*chunk) ^ BLANKS;
            at += (other.trailing_zeros() / 8) as usize;
            if other != 0 {
                break;
            }
        }
    }
    at
}

/// The high bit of each byte of `word` that may not stand as it is in a plain string: a quote, a
/// backslash, a control character, or a byte beyond ASCII. A byte behind the first such one may be
/// marked wrongly.
#[inline]
const fn special(word: u64) -> u64 {
    let quote = word ^ (ONES * b'"' as u64);
    let backslash = word ^ (ONES * b'\\' as u64);
    let found = (quote.wrapping_sub(ONES) & !quote)
        | (backslash.wrapping_sub(ONES) & !backslash)
        | (word.wrapping_sub(ONES * 0x20) & !word)
        | word;
    found & HIGH
}

/// The number of bytes from the start of `bytes` that are plain ASCII of a string: neither quote,
/// backslash nor control character.
#[inline]
pub(super) fn plain_run(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let found = special(u64::from_le_bytes(*chunk));
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    let plain = |&byte: &u8| (0x20..0x80).contains(&byte) && byte != b'"' && byte != b'\\';
    at + bytes
        .get(at..)
        .unwrap_or_default()
        .iter()
        .take_while(|byte| plain(byte))
        .count()
}

/// A fault of a token, with its offset in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BadToken {
    pub(super) at: usize,
    pub(super) expected: &'static str,
}

/// A string from behind its opening quote, in the general case: the value, and the length with
/// the closing quote.
#[cold]
pub(super) fn string(text: &str) -> Result<(Cow<'_, str>, usize), BadToken> {
    let bytes = text.as_bytes();
    let mut value = String::new();
    let mut copied = 0;
    let mut at = 0;
    loop {
        match bytes.get(at) {
            Some(b'"') => {
                let rest = text.get(copied..at).unwrap_or_default();
                let value = if copied == 0 {
                    Cow::Borrowed(rest)
                } else {
                    Cow::Owned(value + rest)
                };
                return Ok((value, at + 1));
            }
            Some(b'\\') => {
                value.push_str(text.get(copied..at).unwrap_or_default());
                let (character, length) =
                    escape(text.get(at..).unwrap_or_default()).map_err(|bad| BadToken {
                        at: at + bad.at,
                        ..bad
                    })?;
                value.push(character);
                at += length;
                copied = at;
            }
            Some(0..0x20) => {
                return Err(BadToken {
                    at,
                    expected: "no control character in a string; write it as \\u00XX",
                });
            }
            Some(_) => at += 1,
            None => {
                return Err(BadToken {
                    at,
                    expected: "a quote that ends the string",
                });
            }
        }
    }
}

/// An escape sequence and its length.
fn escape(text: &str) -> Result<(char, usize), BadToken> {
    let bad = |at, expected| Err(BadToken { at, expected });
    let character = match text.as_bytes().get(1) {
        Some(b'"') => '"',
        Some(b'\\') => '\\',
        Some(b'/') => '/',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return unicode_escape(text),
        Some(_) => return bad(1, "one of \" \\ / b f n r t u after a backslash"),
        None => return bad(1, "a quote that ends the string"),
    };
    Ok((character, 2))
}

fn unicode_escape(text: &str) -> Result<(char, usize), BadToken> {
    let unit = |at: usize| {
        let digits = text
            .get(at..at + 4)
            .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        digits
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
            .ok_or(BadToken {
                at,
                expected: "four hexadecimal digits after \\u",
            })
    };
    let lone = BadToken {
        at: 0,
        expected: "a surrogate only as one of a pair, high before low",
    };
    let first = unit(2)?;
    if let Some(character) = char::from_u32(first) {
        return Ok((character, 6));
    }
    if !(0xd800..0xdc00).contains(&first) || text.get(6..8) != Some("\\u") {
        return Err(lone);
    }
    let second = unit(8)?;
    if !(0xdc00..0xe000).contains(&second) {
        return Err(lone);
    }
    let code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
    char::from_u32(code)
        .map(|character| (character, 12))
        .ok_or(lone)
}

/// The length of the number at the start of `bytes` (RFC 8259 section 6).
#[inline]
pub(super) fn number(bytes: &[u8]) -> Result<usize, BadToken> {
    let digits = |from: usize| {
        bytes
            .get(from..)
            .unwrap_or_default()
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count()
    };
    let needs_digit = |at| {
        Err(BadToken {
            at,
            expected: "a digit",
        })
    };
    let mut at = usize::from(bytes.first() == Some(&b'-'));
    let whole = digits(at);
    if whole == 0 {
        return needs_digit(at);
    }
    if whole > 1 && bytes.get(at) == Some(&b'0') {
        return Err(BadToken {
            at: at + 1,
            expected: "no digit after a leading 0",
        });
    }
    at += whole;
    if bytes.get(at) == Some(&b'.') {
        let fraction = digits(at + 1);
        if fraction == 0 {
            return needs_digit(at + 1);
        }
        at += 1 + fraction;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at += 1;
        at += usize::from(matches!(bytes.get(at), Some(b'+' | b'-')));
        let exponent = digits(at);
        if exponent == 0 {
            return needs_digit(at);
        }
        at += exponent;
    }
    Ok(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn space_runs_end_at_the_first_other_byte() {
        for length in 0..40 {
            for lead in ["", "\n", "\t", " \r\n", "\n\n        \t"] {
                for end in ["", "a", "\"       ", "\0", "\u{a0}"] {
                    let text = format!("{lead}{}{end}", " ".repeat(length));
                    assert_eq!(space_run(text.as_bytes()), lead.len() + length, "{text:?}");
                }
            }
        }
    }

    #[test]
    fn plain_runs_end_at_the_first_special_byte() {
        for length in 0..40 {
            for special in [b'"', b'\\', 0x1f, 0, 0x80, 0xff, b'\n'] {
                let mut bytes = vec![b'a'; length];
                bytes.extend([
                    special, b'b', b'"', b'c', b'd', b'e', b'f', b'g', b'h', b'i',
                ]);
                assert_eq!(plain_run(&bytes), length, "{length} {special}");
            }
            assert_eq!(plain_run(&vec![b'~'; length]), length);
            assert_eq!(plain_run(&vec![b' '; length]), length);
        }
    }

    #[test]
    fn strings_resolve_escapes() {
        let read = |text| string(text).map(|(value, length)| (value.into_owned(), length));
        assert_eq!(read(r#"a\n\u0041\"" rest"#), Ok(("a\nA\"".into(), 12)));
        assert_eq!(read(r#"\ud83d\ude00""#), Ok(("😀".into(), 13)));
        assert_eq!(read("é\""), Ok(("é".into(), 3)));
        for (text, at) in [
            (r#"\x""#, 1),
            (r"ab\u12", 4),
            (r#"\ud83d""#, 0),
            (r#"\ude00""#, 0),
            (r#"\ud83d\u0041""#, 0),
            ("a\nb\"", 1),
            ("abc", 3),
            ("abc\\", 4),
            ("\\u+123\"", 2),
        ] {
            assert_eq!(string(text).map_err(|bad| bad.at), Err(at), "{text}");
        }
    }

    #[test]
    fn numbers_follow_the_grammar() {
        for (text, length) in [("0,", 1), ("-0.5e+10 ", 8), ("123]", 3), ("1E9", 3)] {
            assert_eq!(number(text.as_bytes()), Ok(length), "{text}");
        }
        for (text, at) in [
            ("-", 1),
            ("01", 1),
            ("1.", 2),
            ("1e", 2),
            ("1e+", 3),
            ("+1", 0),
        ] {
            assert_eq!(
                number(text.as_bytes()).map_err(|bad| bad.at),
                Err(at),
                "{text}"
            );
        }
    }
}
