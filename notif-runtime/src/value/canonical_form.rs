//! The canonical forms of strings whose typedefs define one (RFC 7950 section 9.1, RFC 9911).

use std::net::{Ipv4Addr, Ipv6Addr};

use compact_str::{CompactString, ToCompactString as _, format_compact};

use super::punycode;
use crate::schema::CanonicalForm;
use crate::types::DateAndTime;

impl CanonicalForm {
    /// The canonical form of a text that the type's patterns take; none if it is no value all the same.
    pub(crate) fn of(self, text: &str) -> Option<CompactString> {
        match self {
            Self::DateAndTime => DateAndTime::is_valid(text).then(|| text.into()),
            Self::SmallLetters => Some(small_letters(text)),
            Self::EmailAddress => Some(match text.rsplit_once('@') {
                Some((local, domain)) => format_compact!("{local}@{}", domain_text(domain)),
                None => text.into(),
            }),
            Self::Ipv4Prefix => {
                let (address, length) = prefix::<Ipv4Addr>(text)?;
                let behind = u32::MAX.checked_shr(length).unwrap_or(0);
                let address = Ipv4Addr::from_bits(address.to_bits() & !behind);
                Some(format_compact!("{address}/{length}"))
            }
            Self::Ipv6Address => Some(match text.split_once('%') {
                Some((address, zone)) => {
                    format_compact!("{}%{zone}", ipv6_text(address.parse().ok()?))
                }
                None => ipv6_text(text.parse().ok()?),
            }),
            Self::Ipv6AddressAndPrefix => {
                let (address, length) = prefix(text)?;
                Some(format_compact!("{}/{length}", ipv6_text(address)))
            }
            Self::UnknownOffset => Some(match text.strip_suffix("-00:00") {
                Some(local) => format_compact!("{local}Z"),
                None => text.into(),
            }),
            Self::Ipv6Prefix => {
                let (address, length) = prefix::<Ipv6Addr>(text)?;
                let behind = u128::MAX.checked_shr(length).unwrap_or(0);
                let address = Ipv6Addr::from_bits(address.to_bits() & !behind);
                Some(format_compact!("{}/{length}", ipv6_text(address)))
            }
        }
    }
}

fn small_letters(text: &str) -> CompactString {
    let mut text = CompactString::new(text);
    text.make_ascii_lowercase();
    text
}

/// The domain of an email address: labels that Unicode's small letters can stand for do so.
fn domain_text(domain: &str) -> CompactString {
    let labels = domain.split('.').map(|label| {
        let small = label.to_lowercase();
        let unicode = small.strip_prefix("xn--").and_then(punycode::decode);
        // A label that still has other forms is no U-label (RFC 5890 section 2.3.2.1).
        let unicode = unicode.filter(|label| !label.is_ascii() && label.to_lowercase() == *label);
        unicode.unwrap_or(small)
    });
    labels.collect::<Vec<_>>().join(".").to_compact_string()
}

/// As libyang writes it, which is what defaults are compiled from: with its end as an IPv4 address
/// also where that is all there is (RFC 4291 section 2.5.5.1).
fn ipv6_text(address: Ipv6Addr) -> CompactString {
    match address.segments() {
        [0, 0, 0, 0, 0, 0, high, _] if high > 0 => {
            let [.., a, b, c, d] = address.octets();
            format_compact!("::{}", Ipv4Addr::new(a, b, c, d))
        }
        _ => format_compact!("{address}"),
    }
}

/// An address and the length of its prefix in bits.
fn prefix<Address: std::str::FromStr>(text: &str) -> Option<(Address, u32)> {
    let (address, length) = text.split_once('/')?;
    Some((address.parse().ok()?, length.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::CanonicalForm::{
        self, EmailAddress, Ipv4Prefix, Ipv6Address, Ipv6AddressAndPrefix, Ipv6Prefix,
        SmallLetters, UnknownOffset,
    };

    fn of(form: CanonicalForm, text: &str) -> Option<String> {
        form.of(text).map(Into::into)
    }

    #[test]
    fn letters_are_small() {
        assert_eq!(
            of(SmallLetters, "3C:91:80:2B").as_deref(),
            Some("3c:91:80:2b")
        );
        assert_eq!(of(SmallLetters, "").as_deref(), Some(""));
    }

    #[test]
    fn a_prefix_has_no_bits_behind_it() {
        assert_eq!(
            of(Ipv4Prefix, "192.0.2.129/25").as_deref(),
            Some("192.0.2.128/25")
        );
        assert_eq!(of(Ipv4Prefix, "192.0.2.1/0").as_deref(), Some("0.0.0.0/0"));
        assert_eq!(
            of(Ipv4Prefix, "192.0.2.1/32").as_deref(),
            Some("192.0.2.1/32")
        );
        assert_eq!(
            of(Ipv6Prefix, "2001:DB8::1/33").as_deref(),
            Some("2001:db8::/33")
        );
        assert_eq!(of(Ipv6Prefix, "ffff::/0").as_deref(), Some("::/0"));
        assert_eq!(of(Ipv6Prefix, "::1/128").as_deref(), Some("::1/128"));
    }

    #[test]
    fn an_address_with_its_prefix_keeps_all_bits() {
        for (text, canonical) in [
            ("2001:DB8:0::1/64", "2001:db8::1/64"),
            ("::FFFF:192.0.2.1/96", "::ffff:192.0.2.1/96"),
            ("fe80::1/07", "fe80::1/7"),
        ] {
            assert_eq!(of(Ipv6AddressAndPrefix, text).as_deref(), Some(canonical));
        }
        assert_eq!(of(Ipv6AddressAndPrefix, "::1.2.3.04/64"), None);
    }

    #[test]
    fn the_domain_of_an_email_address_is_in_small_letters_of_unicode() {
        for (text, canonical) in [
            ("Ann.Lee@Example.COM", "Ann.Lee@example.com"),
            ("\"a@b\"@Example.com", "\"a@b\"@example.com"),
            ("a@B\u{dc}CHER.example", "a@b\u{fc}cher.example"),
            ("a@XN--bcher-kva.example", "a@b\u{fc}cher.example"),
            // Neither is a label of Unicode.
            ("a@xn--9.example", "a@xn--9.example"),
            ("a@xn--abc-.example", "a@xn--abc-.example"),
        ] {
            assert_eq!(of(EmailAddress, text).as_deref(), Some(canonical), "{text}");
        }
    }

    #[test]
    fn an_offset_that_is_not_known_is_z() {
        for (text, canonical) in [
            ("2026-11-29-00:00", "2026-11-29Z"),
            ("10:00:00.5-00:00", "10:00:00.5Z"),
            ("2026-11-29Z", "2026-11-29Z"),
            ("2026-11-29+00:00", "2026-11-29+00:00"),
            ("2026-11-29", "2026-11-29"),
        ] {
            assert_eq!(of(UnknownOffset, text).as_deref(), Some(canonical));
        }
    }

    #[test]
    fn an_address_is_short_and_keeps_its_zone() {
        assert_eq!(
            of(Ipv6Address, "2001:DB8:0:0:0:0:0:1").as_deref(),
            Some("2001:db8::1")
        );
        assert_eq!(
            of(Ipv6Address, "FE80::1%Eth0").as_deref(),
            Some("fe80::1%Eth0")
        );
        assert_eq!(
            of(Ipv6Address, "::FFFF:192.0.2.1").as_deref(),
            Some("::ffff:192.0.2.1")
        );
    }

    #[test]
    fn what_the_patterns_take_and_is_no_address_has_none() {
        assert_eq!(of(Ipv6Address, "::1.2.3.04"), None);
        assert_eq!(of(Ipv6Address, "::1.2.3"), None);
        assert_eq!(of(Ipv6Prefix, "::1.2.3.04/64"), None);
    }
}
