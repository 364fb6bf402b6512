//! The canonical forms that the modules of RFC 9911 (before it RFC 6991 and RFC 6021) state in the
//! descriptions of their typedefs. libyang has some of them, for one revision.
//!
//! Not among them are those that no text tells: the offset of a device's clock, which a time is to
//! have, and the number of an address's zone.

use super::find_typedef;
use crate::libyang::raw::{Module, TypeStatement, Typedef};
use crate::model::CanonicalForm;

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

/// The form of the typedef that a `type` statement names, or of one that it is derived from.
pub(super) fn of_statement(statement: TypeStatement<'_>) -> Option<CanonicalForm> {
    let (module, typedef) = find_typedef(statement)?;
    of_typedef(module, typedef)
}

/// The form of a typedef, or of one that it is derived from.
pub(super) fn of_typedef(module: Module<'_>, typedef: Typedef<'_>) -> Option<CanonicalForm> {
    stated(module, typedef).or_else(|| of_statement(typedef.type_statement()))
}

fn stated(module: Module<'_>, typedef: Typedef<'_>) -> Option<CanonicalForm> {
    let is_it = |(name, namespace, _): &&Known| {
        typedef.is_at_top() && module.name() == *name && module.namespace() == *namespace
    };
    let (.., typedefs) = KNOWN.iter().find(is_it)?;
    let mut typedefs = typedefs.iter();
    let (_, form) = typedefs.find(|(name, _)| *name == typedef.name())?;
    Some(*form)
}
