//! Values of types that are known only by their descriptions: keys in an instance-identifier.

use std::borrow::Cow;

use compact_str::CompactString;

use super::names::Names;
use super::scalar::{FromScalar, Scalar};
use super::types::identity_name;
use crate::schema::{Integer, Leaf, Module, Node, Type};
use crate::tree::{Value, View};
use crate::types::{Binary, Decimal, Empty, InstanceIdentifier, bits, decimal64};

/// The canonical form of a value.
#[derive(Debug, Clone)]
pub(crate) struct Canonical {
    /// With the names that JSON has.
    pub(crate) json: CompactString,
    /// With the names of modules as prefixes.
    pub(crate) xml: CompactString,
    /// The modules whose names are prefixes.
    pub(crate) modules: Vec<&'static Module>,
}

/// The canonical form of the value of `ty` that `text` stands for, if it is one.
pub(crate) fn canonical(text: &str, ty: &Type<'_>, names: &Names<'_>) -> Option<Canonical> {
    let scalar = Scalar::Text(text.into());
    canonical_of(&scalar, ty, names).map(|(value, _)| value)
}

/// The canonical form of the value of `ty` that `scalar` is, if it is one, and its type: of a union
/// the member.
pub(crate) fn canonical_of<'t>(
    scalar: &Scalar<'_>,
    ty: &'t Type<'t>,
    names: &Names<'_>,
) -> Option<(Canonical, &'t Type<'t>)> {
    let ty = ty.value_type();
    let plain = |text: CompactString| Canonical {
        json: text.clone(),
        xml: text,
        modules: Vec::new(),
    };
    let value = match ty {
        Type::Identityref(identities) => {
            let (module, name) = identity_name(scalar, names).ok()?;
            let identity = identities
                .iter()
                .find(|identity| identity.name == name && identity.module.name == module)?;
            Canonical {
                modules: vec![identity.module],
                ..plain(identity.to_string().into())
            }
        }
        Type::InstanceIdentifier { .. } => {
            let value = InstanceIdentifier::from_scalar(scalar, ty, names).ok()?;
            let (xml, modules) = value.as_xml();
            Canonical {
                json: value.view().to_text(),
                xml: xml.into(),
                modules: modules.to_vec(),
            }
        }
        Type::Union(members) => {
            let mut members = members.iter();
            return members.find_map(|member| canonical_of(scalar, member, names));
        }
        other => plain(plain_text(scalar, other, names)?),
    };
    Some((value, ty))
}

/// The canonical form of a default of a leaf that `module` has. Generated code has it in that but for
/// strings, whose canonical forms the generator does not know.
pub(crate) fn canonical_default<'s>(
    text: &'s str,
    ty: &Type<'_>,
    module: &'static Module,
) -> Cow<'s, str> {
    let is_string = |ty: &Type<'_>| {
        matches!(
            ty,
            Type::String {
                canonical: Some(_),
                ..
            }
        )
    };
    let ty = ty.value_type();
    if !is_string(ty) && !matches!(ty, Type::Union(_)) {
        return text.into();
    }
    let value = canonical_of(
        &Scalar::Text(text.into()),
        ty,
        &Names::of_modules(module, &[]),
    );
    let value = value.filter(|(_, member)| is_string(member));
    value.map_or(text.into(), |(value, _)| value.json.into_string().into())
}

impl Node<'_> {
    /// Returns true if `text` stands for `value` of this leaf or leaf-list: it need not be the
    /// canonical text (RFC 7950 section 9.1), so that `00:1A` is the phys-address `00:1a`.
    #[must_use]
    pub fn is_text_of(&self, text: &str, value: Value<'_>) -> bool {
        let own = value.to_text();
        let of_leaf =
            |leaf: &Leaf<'_>| canonical(text, leaf.ty, &Names::of_modules(self.module, &[]));
        own == text
            || self
                .leaf()
                .and_then(of_leaf)
                .is_some_and(|text| text.json == own)
    }
}

/// As [`canonical`], for types whose values name nothing.
fn plain_text(scalar: &Scalar<'_>, ty: &Type<'_>, names: &Names<'_>) -> Option<CompactString> {
    fn as_text<V: FromScalar + View>(
        scalar: &Scalar<'_>,
        ty: &Type<'_>,
        names: &Names<'_>,
    ) -> Option<CompactString> {
        let value = V::from_scalar(scalar, ty, names).ok()?;
        Some(value.view().to_text())
    }
    fn as_empty(scalar: &Scalar<'_>, ty: &Type<'_>, names: &Names<'_>) -> Option<CompactString> {
        Empty::from_scalar(scalar, ty, names).ok()?;
        Some(CompactString::default())
    }
    let read: fn(&Scalar<'_>, &Type<'_>, &Names<'_>) -> Option<CompactString> = match ty {
        Type::Integer { kind, .. } => match kind {
            Integer::Int8 => as_text::<i8>,
            Integer::Int16 => as_text::<i16>,
            Integer::Int32 => as_text::<i32>,
            Integer::Int64 => as_text::<i64>,
            Integer::Uint8 => as_text::<u8>,
            Integer::Uint16 => as_text::<u16>,
            Integer::Uint32 => as_text::<u32>,
            Integer::Uint64 => as_text::<u64>,
        },
        Type::String { .. } => as_text::<CompactString>,
        Type::Boolean => as_text::<bool>,
        Type::Binary { .. } => as_text::<Binary>,
        Type::Decimal64 {
            fraction_digits, ..
        } => {
            let decimal = Decimal::parse(string(scalar)?, *fraction_digits).ok()?;
            decimal64::check(decimal.unscaled, ty).ok()?;
            return Some(decimal.to_string().into());
        }
        Type::Bits(bits) => return bits::canonical(string(scalar)?, bits),
        Type::Enumeration(values) => {
            let name = string(scalar)?;
            let value = values.iter().find(|value| value.name == name)?;
            return Some(value.name.into());
        }
        Type::Empty => as_empty,
        _ => return None,
    };
    read(scalar, ty, names)
}

/// The text of a string.
fn string<'s>(scalar: &'s Scalar<'_>) -> Option<&'s str> {
    match scalar {
        Scalar::String(text) | Scalar::Text(text) => Some(text),
        _ => None,
    }
}
