//! The type `binary` (RFC 7950 section 9.8).

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::display::Base64Display;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};

use super::{InvalidValue, ValueError};
use crate::schema::Type;

/// RFC 4648 section 4. Bits beyond the last octet may be set, as libyang has it; they are not kept.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

/// The number of characters in a line of base64, where it has lines.
const LINE: usize = 64;

/// Octets, which JSON and XML carry as base64.
///
/// ```
/// use notif_runtime::types::Binary;
///
/// let octets: Binary = "YWhveQ==".parse()?;
/// assert_eq!(octets, *b"ahoy");
/// assert_eq!(Binary::from(*b"ahoy").to_string(), "YWhveQ==");
/// # Ok::<(), notif_runtime::types::InvalidValue>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Binary(Vec<u8>);

impl Binary {
    /// The octets.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The octets, without a copy.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// From base64 in one piece, or in lines of 64 characters.
    pub(crate) fn decode(text: &str) -> Option<Self> {
        let octets = if text.as_bytes().get(LINE) == Some(&b'\n') {
            let mut lines = Vec::with_capacity(text.len());
            for line in text.as_bytes().chunks(LINE + 1) {
                match line.split_at_checked(LINE) {
                    Some((line, b"\n" | b"")) => lines.extend_from_slice(line),
                    None => lines.extend_from_slice(line),
                    Some(_) => return None,
                }
            }
            BASE64.decode(lines)
        } else {
            BASE64.decode(text)
        };
        octets.ok().map(Self)
    }
}

/// Writes octets as base64.
pub(crate) fn write(octets: &[u8], f: &mut impl fmt::Write) -> fmt::Result {
    write!(f, "{}", Base64Display::new(octets, &BASE64))
}

impl From<Vec<u8>> for Binary {
    fn from(octets: Vec<u8>) -> Self {
        Self(octets)
    }
}

impl From<&[u8]> for Binary {
    fn from(octets: &[u8]) -> Self {
        Self(octets.to_vec())
    }
}

impl<const LENGTH: usize> From<[u8; LENGTH]> for Binary {
    fn from(octets: [u8; LENGTH]) -> Self {
        Self(octets.into())
    }
}

impl From<Binary> for Vec<u8> {
    fn from(octets: Binary) -> Self {
        octets.0
    }
}

impl FromIterator<u8> for Binary {
    fn from_iter<I: IntoIterator<Item = u8>>(octets: I) -> Self {
        Self(octets.into_iter().collect())
    }
}

impl AsRef<[u8]> for Binary {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Borrow<[u8]> for Binary {
    fn borrow(&self) -> &[u8] {
        &self.0
    }
}

impl PartialEq<[u8]> for Binary {
    fn eq(&self, octets: &[u8]) -> bool {
        self.0 == octets
    }
}

impl PartialEq<&[u8]> for Binary {
    fn eq(&self, octets: &&[u8]) -> bool {
        self.0 == *octets
    }
}

impl<const LENGTH: usize> PartialEq<[u8; LENGTH]> for Binary {
    fn eq(&self, octets: &[u8; LENGTH]) -> bool {
        self.0 == octets
    }
}

impl Deref for Binary {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for Binary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(&self.0, f)
    }
}

impl FromStr for Binary {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        Self::decode(text).ok_or_else(|| {
            InvalidValue::of_type("binary", text, ValueError::Lexical, &Type::BINARY)
        })
    }
}

/// Checks the length of a binary type.
pub fn check(octets: &[u8], ty: &Type<'_>) -> Result<(), ValueError> {
    match ty.value_type() {
        Type::Binary { length, .. } if !length.is_empty() => {
            let octets = octets.len() as u64;
            let fits = |&(min, max): &(u64, u64)| (min..=max).contains(&octets);
            length
                .iter()
                .any(fits)
                .then_some(())
                .ok_or(ValueError::Length)
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_as_libyang_takes_it() {
        let line = "QUJD".repeat(16);
        for (text, octets) in [
            ("", b"".as_slice()),
            ("YWhveQ==", b"ahoy"),
            ("+/+/", &[0xfb, 0xff, 0xbf]),
            // Bits that belong to no octet.
            ("YWhveR==", b"ahoy"),
            (&line, "ABC".repeat(16).as_bytes()),
            (&format!("{line}\n"), "ABC".repeat(16).as_bytes()),
            (
                &format!("{line}\n{line}\nQQ=="),
                format!("{}A", "ABC".repeat(32)).as_bytes(),
            ),
        ] {
            assert_eq!(Binary::decode(text).as_deref(), Some(octets), "{text}");
        }
        for text in [
            "Y",
            "YW",
            "YWhveQ",
            "YWhveQ=",
            "====",
            "=",
            "YQ==YQ==",
            " YQ==",
            "YQ== ",
            "YQ-_",
            "YQ\n==",
            &format!("{line}\n{line}QQ=="),
            &format!("{line}\n\n"),
        ] {
            assert_eq!(Binary::decode(text), None, "{text}");
        }
    }

    #[test]
    fn octets_are_looked_up_and_compared_as_slices() {
        let known = std::collections::HashMap::from([(Binary::from([1, 2]), "key")]);
        assert_eq!(known.get([1, 2].as_slice()), Some(&"key"));
        let octets: Binary = (1..4).collect();
        assert_eq!(octets, [1, 2, 3]);
        assert_eq!(octets, [1u8, 2, 3].as_slice());
        assert_eq!(octets.as_ref().first(), Some(&1));
        assert_eq!(Vec::from(octets), [1, 2, 3]);
    }

    #[test]
    fn the_canonical_form_is_one_piece_of_base64() {
        let value: Binary = "YWhveR==".parse().expect("is base64");
        assert_eq!(value.to_string(), "YWhveQ==");
        let error = "Y".parse::<Binary>().expect_err("is none").to_string();
        assert_eq!(
            error,
            "\"Y\" is no binary: expected octets in base64 (RFC 4648 section 4)"
        );
    }
}
