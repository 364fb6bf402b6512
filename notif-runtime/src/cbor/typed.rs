//! The meaning of data items for YANG types (RFC 9254 section 6).

use std::borrow::Cow;

use super::bits;
use super::item::Item;
use crate::fault::Quoted;
use crate::schema::{EnumValue, IdentityValue, Kind, Node, Type};
use crate::types::ValueError;
use crate::types::{Decimal, is_yang_text};
use crate::value::{Meaning, Names, Scalar, Untyped};

/// The tag of a decimal fraction (RFC 8949 section 3.4.4).
pub(super) const DECIMAL: u64 = 4;
/// The tags of a union's members (RFC 9254 section 9.3).
pub(super) const BITS: u64 = 43;
pub(super) const ENUMERATION: u64 = 44;
pub(super) const IDENTITYREF: u64 = 45;
pub(super) const INSTANCE_IDENTIFIER: u64 = 46;
/// The tag of a SID that is no delta.
pub(super) const SID: u64 = 47;

/// The data items of RFC 9254 as values without a type.
struct Typed;

impl Meaning for Typed {
    fn scalar<'de>(
        &self,
        bytes: &'de [u8],
        ty: &Type<'de>,
        in_union: bool,
        names: &Names<'_>,
    ) -> Result<Scalar<'de>, ValueError> {
        Item::new(bytes).scalar(ty, in_union, names)
    }

    fn shown(&self, bytes: &[u8]) -> String {
        Item::new(bytes).shown()
    }
}

impl<'de> Item<'de> {
    /// The item as a value whose type is not known yet.
    pub(super) const fn untyped(self) -> Scalar<'de> {
        Scalar::Untyped(Untyped::new(self.bytes(), &Typed))
    }

    /// The value of a leaf, in the kind that its type `ty` has elsewhere too. As the value of a
    /// union's member some types have another form; of a union itself it is the item.
    fn scalar(
        self,
        ty: &Type<'de>,
        in_union: bool,
        names: &Names<'_>,
    ) -> Result<Scalar<'de>, ValueError> {
        let text = |item: Self| item.text().map(Scalar::String);
        let member = |tag| {
            if in_union {
                self.tagged(tag)
            } else {
                Some(self)
            }
        };
        let found = match ty.value_type() {
            Type::Integer { .. } => self.whole(),
            Type::Boolean => self.boolean().map(Scalar::Boolean),
            Type::Empty => self.is_null().then_some(Scalar::Empty),
            Type::Binary { .. } => self.octets().map(Scalar::Octets),
            Type::Union(_) => Some(self.untyped()),
            Type::Enumeration(_) if in_union => member(ENUMERATION).and_then(text),
            Type::Enumeration(values) => {
                let name = self.integer().map(|value| enumeration(value, values));
                name.transpose()?
            }
            Type::Bits(_) if in_union => member(BITS).and_then(text),
            Type::Bits(bits) => Some(owned(bits::names(self, bits)?)),
            Type::Decimal64 {
                fraction_digits, ..
            } => {
                let exact = |decimal: Fraction| decimal.exactly(*fraction_digits);
                let decimal = self.decimal().map(exact).transpose()?;
                decimal.map(|decimal| owned(decimal.to_string()))
            }
            Type::Identityref(identities) => match member(IDENTITYREF) {
                Some(item) => match item.unsigned() {
                    Some(sid) => Some(identity(sid, identities)?),
                    None => text(item),
                },
                None => None,
            },
            Type::InstanceIdentifier { .. } => match member(INSTANCE_IDENTIFIER) {
                Some(item) => match text(item) {
                    None => Some(owned(item.instance(in_union, names)?)),
                    path => path,
                },
                None => None,
            },
            Type::String { .. } | Type::LeafRef { .. } => text(self),
        };
        found.ok_or(ValueError::Item { in_union })
    }

    /// The exponent and the mantissa of a decimal fraction.
    fn decimal(self) -> Option<Fraction> {
        let mut parts = self.tagged(DECIMAL)?.elements()?;
        let (exponent, mantissa) = (parts.next()?.integer()?, parts.next()?.integer()?);
        parts
            .next()
            .is_none()
            .then_some(Fraction { exponent, mantissa })
    }

    /// The canonical text of a decimal fraction that decimal64 can have.
    pub(super) fn decimal_text(self) -> Option<String> {
        let decimal = self.decimal()?;
        let digits = u8::try_from(-decimal.exponent).unwrap_or(1).clamp(1, 18);
        decimal
            .exactly(digits)
            .ok()
            .map(|number| number.to_string())
    }

    /// The instance-identifier, in the form of RFC 7951, that a SID or an array with a SID and keys
    /// is (RFC 9254 section 6.13.1).
    fn instance(self, in_union: bool, names: &Names<'_>) -> Result<String, ValueError> {
        let kind = ValueError::Item { in_union };
        let (sid, mut keys) = if let Some(sid) = self.unsigned() {
            (sid, None)
        } else {
            let mut elements = self.elements().ok_or(kind)?;
            let sid = elements.next().and_then(Self::unsigned).ok_or(kind)?;
            (sid, Some(elements))
        };
        let nodes = names.by_sid(sid).ok_or(ValueError::Lexical)?;
        let mut path = String::new();
        let mut above: Option<&Node<'_>> = None;
        for node in nodes {
            path.push('/');
            if !above.is_some_and(|above| std::ptr::eq(above.module, node.module)) {
                path.extend([node.module.name, ":"]);
            }
            path.push_str(node.name);
            for key in node.keys().iter().filter_map(|at| node.children().get(*at)) {
                let value = keys.as_mut().and_then(Iterator::next);
                let value = value.ok_or(ValueError::Lexical)?;
                path.push_str(&predicate(key.name, value, key, names)?);
            }
            if let Kind::LeafList(_) = node.kind
                && let Some(value) = keys.as_mut().and_then(Iterator::next)
            {
                path.push_str(&predicate(".", value, node, names)?);
            }
            above = Some(node);
        }
        // More keys than lists.
        match keys.as_mut().and_then(Iterator::next) {
            Some(_) => Err(ValueError::Lexical),
            None => Ok(path),
        }
    }
}

/// The predicate of a path that wants `value` for a leaf.
fn predicate(
    name: &str,
    value: Item<'_>,
    leaf: &Node<'_>,
    names: &Names<'_>,
) -> Result<String, ValueError> {
    let ty = leaf.leaf().ok_or(ValueError::Lexical)?.ty;
    let text = canonical(value, ty, false, &names.in_module(leaf.module))?;
    // XPath has no escapes.
    if !is_yang_text(&text) || text.contains('\'') && text.contains('"') {
        return Err(ValueError::Lexical);
    }
    Ok(format!("[{name}={}]", Quoted(&text)))
}

/// The text of a value, which need not be valid.
fn canonical(
    item: Item<'_>,
    ty: &Type<'_>,
    in_union: bool,
    names: &Names<'_>,
) -> Result<String, ValueError> {
    if let Type::Union(members) = ty.value_type() {
        let mut texts = members.iter().filter_map(|member| {
            let text = canonical(item, member, true, names).ok()?;
            crate::value::canonical(&text, member, names).map(|value| value.json.into())
        });
        return texts.next().ok_or(ValueError::Lexical);
    }
    match item.scalar(ty, in_union, names)? {
        Scalar::String(text) => Ok(text.into_owned()),
        Scalar::Integer(value) => Ok(i128::from(value).to_string()),
        Scalar::Boolean(value) => Ok(value.to_string()),
        Scalar::Octets(octets) => {
            let mut text = String::new();
            // Writing to a string cannot fail.
            let _ = crate::types::binary::write(&octets, &mut text);
            Ok(text)
        }
        Scalar::Empty => Ok(String::new()),
        _ => Err(ValueError::Lexical),
    }
}

fn owned<'de>(text: String) -> Scalar<'de> {
    Scalar::String(Cow::Owned(text))
}

fn enumeration<'s>(value: i128, values: &[EnumValue<'s>]) -> Result<Scalar<'s>, ValueError> {
    let mut values = values.iter();
    let found = values.find(|known| i128::from(known.value) == value);
    let name = found.ok_or(ValueError::Enumeration)?.name;
    Ok(Scalar::String(Cow::Borrowed(name)))
}

fn identity<'de>(sid: u64, identities: &[IdentityValue<'_>]) -> Result<Scalar<'de>, ValueError> {
    let mut identities = identities.iter();
    let found = identities.find(|identity| identity.sid == Some(sid));
    Ok(owned(found.ok_or(ValueError::Lexical)?.to_string()))
}

/// A mantissa multiplied by a power of ten.
struct Fraction {
    exponent: i128,
    mantissa: i128,
}

impl Fraction {
    /// The number with this many digits behind the point, if it has no more.
    fn exactly(&self, fraction_digits: u8) -> Result<Decimal, ValueError> {
        let shift = self.exponent.saturating_add(fraction_digits.into());
        let power = u32::try_from(shift.unsigned_abs()).unwrap_or(u32::MAX);
        let power = 10i128.checked_pow(power);
        let unscaled = match power {
            _ if self.mantissa == 0 => Some(0),
            Some(power) if shift >= 0 => self.mantissa.checked_mul(power),
            Some(power) if self.mantissa % power == 0 => Some(self.mantissa / power),
            _ if shift < 0 => return Err(ValueError::Lexical),
            _ => None,
        };
        let unscaled = unscaled.and_then(|unscaled| i64::try_from(unscaled).ok());
        Ok(Decimal {
            unscaled: unscaled.ok_or(ValueError::Range)?,
            fraction_digits,
        })
    }
}
