//! The canonical forms that the modules of RFC 9911 (before it RFC 6991 and RFC 6021) state in the
//! descriptions of their typedefs.
//!
//! Not among them are those that no text tells: the offset of a device's clock, which a time is to
//! have, and the number of an address's zone.

use super::CanonicalForm;

/// A module's name and its namespace, with its typedefs.
type Known = (
    &'static str,
    &'static str,
    &'static [(&'static str, CanonicalForm)],
);

const KNOWN: [Known; 2] = [
    (
        "ietf-inet-types",
        "urn:ietf:params:xml:ns:yang:ietf-inet-types",
        &[
            ("domain-name", CanonicalForm::SmallLetters),
            ("email-address", CanonicalForm::EmailAddress),
            ("ipv4-prefix", CanonicalForm::Ipv4Prefix),
            ("ipv6-address", CanonicalForm::Ipv6Address),
            (
                "ipv6-address-and-prefix",
                CanonicalForm::Ipv6AddressAndPrefix,
            ),
            ("ipv6-prefix", CanonicalForm::Ipv6Prefix),
        ],
    ),
    (
        "ietf-yang-types",
        "urn:ietf:params:xml:ns:yang:ietf-yang-types",
        &[
            ("date", CanonicalForm::UnknownOffset),
            ("date-and-time", CanonicalForm::DateAndTime),
            ("hex-string", CanonicalForm::SmallLetters),
            ("language-tag", CanonicalForm::SmallLetters),
            ("mac-address", CanonicalForm::SmallLetters),
            ("phys-address", CanonicalForm::SmallLetters),
            ("time", CanonicalForm::UnknownOffset),
            ("uuid", CanonicalForm::SmallLetters),
        ],
    ),
];

impl CanonicalForm {
    /// The form that a typedef at the top of a module states: of a module by its name and
    /// namespace, the typedef of this name.
    pub(crate) fn of_typedef((module, namespace, typedef): (&str, &str, &str)) -> Option<Self> {
        let is_it = |(name, of, _): &&Known| *name == module && *of == namespace;
        let (.., typedefs) = KNOWN.iter().find(is_it)?;
        let (_, form) = typedefs.iter().find(|(name, _)| *name == typedef)?;
        Some(*form)
    }
}
