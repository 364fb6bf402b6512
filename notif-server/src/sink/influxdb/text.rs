//! Encodes texts as tag values.
//!
//! Servers disagree on backslashes in tags (1.x and 2.x keep `\\` as two, 3 Core reads one; before
//! a comma or at the end a backslash counts as an escape), and none accepts a line break there. So
//! these characters are percent-encoded, and so is a `%` that looks like the start of such a code:
//! [`decode`] restores exactly the original. All other texts stay as they are.

use std::borrow::Cow;
use std::fmt::Write;

/// The value of a tag for `text`.
pub(crate) fn encode(text: &str) -> Cow<'_, str> {
    let safe = |c: char| c != '\\' && c != '%' && !c.is_control();
    if text.chars().all(safe) {
        return Cow::Borrowed(text);
    }
    let mut encoded = String::with_capacity(text.len() + 8);
    for (at, c) in text.char_indices() {
        let literal = if c == '%' {
            code(text.as_bytes().get(at..).unwrap_or_default()).is_none()
        } else {
            safe(c)
        };
        if literal {
            encoded.push(c);
        } else {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                // Writing to a string cannot fail.
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
    }
    Cow::Owned(encoded)
}

/// The text of a tag's value.
pub(crate) fn decode(value: &str) -> Cow<'_, str> {
    if !value.contains('%') {
        return Cow::Borrowed(value);
    }
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let [first, after @ ..] = rest {
        let (byte, behind) = code(rest).unwrap_or((*first, after));
        bytes.push(byte);
        rest = behind;
    }
    match String::from_utf8(bytes) {
        Ok(text) => Cow::Owned(text),
        // Not written by `encode`.
        Err(_) => Cow::Borrowed(value),
    }
}

/// The byte encoded at the start, and the bytes after it.
fn code(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let [b'%', high, low, behind @ ..] = bytes else {
        return None;
    };
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let byte = u8::try_from((digit(*high)? << 4) | digit(*low)?).ok()?;
    Some((byte, behind))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_what_tags_cannot_hold_is_encoded() {
        for (text, encoded) in [
            ("eth0", "eth0"),
            (
                "GigabitEthernet 0/1, up=yes \"é\"",
                "GigabitEthernet 0/1, up=yes \"é\"",
            ),
            ("fe80::1%eth0", "fe80::1%eth0"),
            ("fe80::1%12", "fe80::1%2512"),
            ("ACME\\router", "ACME%5Crouter"),
            ("a\nb\r", "a%0Ab%0D"),
            ("\u{85}", "%C2%85"),
            ("100%", "100%"),
            ("%\\", "%%5C"),
        ] {
            assert_eq!(encode(text), encoded);
            assert_eq!(decode(encoded), text);
        }
    }

    proptest! {
        #[test]
        fn decoding_gives_back_any_text(text in r"[%0-9A-Fa-f\\\n\r\t é]{0,12}|\PC*") {
            let encoded = encode(&text);
            prop_assert!(!encoded.contains(['\\', '\n', '\r']));
            prop_assert_eq!(decode(&encoded), text.as_str());
        }
    }
}
