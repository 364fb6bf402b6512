//! The canonical forms that typedefs of RFC 9911 state, for the texts of defaults.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use super::{Types, typedefs::is_at_top};
use crate::model::CanonicalForm;
use crate::parse::Statement;

impl<'m> Types<'m> {
    /// The form that the typedef, or one that it is derived from, states.
    pub(super) fn form_of_typedef(&self, typedef: Statement<'m>) -> Option<CanonicalForm> {
        let inner = typedef.child(crate::parse::Keyword::Type);
        let own = self.stated(typedef);
        own.or_else(|| self.form_of_type(inner?))
    }

    /// The form that a type has from its typedefs.
    pub(super) fn form_of_type(&self, ty: Statement<'m>) -> Option<CanonicalForm> {
        let mut typedefs = self.typedefs_of(ty);
        typedefs.find_map(|typedef| self.stated(typedef))
    }

    fn stated(&self, typedef: Statement<'m>) -> Option<CanonicalForm> {
        let module = self.modules.module(self.modules.module_of(typedef)?)?;
        let names = (&*module.name, &*module.namespace, typedef.argument());
        CanonicalForm::of_typedef(names).filter(|_| is_at_top(typedef))
    }
}

/// A text in a canonical form; `None` if the patterns take it and it is no value all the same. The
/// domain of an email address, which the runtime knows how to write, stays as it is.
pub(super) fn canonical(form: CanonicalForm, text: &str) -> Option<String> {
    Some(match form {
        CanonicalForm::DateAndTime | CanonicalForm::EmailAddress => text.to_owned(),
        CanonicalForm::SmallLetters => text.to_ascii_lowercase(),
        CanonicalForm::UnknownOffset => match text.strip_suffix("-00:00") {
            Some(local) => format!("{local}Z"),
            None => text.to_owned(),
        },
        CanonicalForm::Ipv4Prefix => {
            let (address, length) = prefix::<Ipv4Addr>(text)?;
            let behind = u32::MAX.checked_shr(length).unwrap_or(0);
            let address = Ipv4Addr::from_bits(address.to_bits() & !behind);
            format!("{address}/{length}")
        }
        CanonicalForm::Ipv6Prefix => {
            let (address, length) = prefix::<Ipv6Addr>(text)?;
            let behind = u128::MAX.checked_shr(length).unwrap_or(0);
            let address = Ipv6Addr::from_bits(address.to_bits() & !behind);
            format!("{}/{length}", ipv6_text(address))
        }
        CanonicalForm::Ipv6AddressAndPrefix => {
            let (address, length) = prefix(text)?;
            format!("{}/{length}", ipv6_text(address))
        }
        CanonicalForm::Ipv6Address => match text.split_once('%') {
            Some((address, zone)) => format!("{}%{zone}", ipv6_text(address.parse().ok()?)),
            None => ipv6_text(text.parse().ok()?),
        },
    })
}

/// With its end as an IPv4 address also where that is all there is (RFC 4291 section 2.5.5.1), as the
/// runtime has it.
fn ipv6_text(address: Ipv6Addr) -> String {
    match address.segments() {
        [0, 0, 0, 0, 0, 0, high, _] if high > 0 => {
            let [.., a, b, c, d] = address.octets();
            format!("::{}", Ipv4Addr::new(a, b, c, d))
        }
        _ => address.to_string(),
    }
}

/// An address and the length of its prefix in bits.
fn prefix<Address: FromStr>(text: &str) -> Option<(Address, u32)> {
    let (address, length) = text.split_once('/')?;
    Some((address.parse().ok()?, length.parse().ok()?))
}
