//! Values of types.

use notif_runtime::schema::{Bit, IdentityValue, Integer, LeafrefPath, Type};
use notif_runtime::types::Binary;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, RngExt as _};

use super::draft::Cell;
use super::strings::Strings;
use crate::document::Text;

/// A value of the type; `None` if none was found.
pub(super) fn value(
    ty: &'static Type<'static>,
    rng: &mut StdRng,
    strings: &mut Strings,
) -> Option<Cell> {
    Some(Cell::Text(match ty {
        Type::Integer { kind, range, .. } => integer(*kind, range, rng),
        Type::Decimal64 {
            fraction_digits,
            range,
            ..
        } => decimal(*fraction_digits, range, rng),
        Type::String { .. } => Text::string(&strings.string(ty, rng)?),
        Type::Boolean => Text::bare(&rng.random_bool(0.5)),
        Type::Enumeration(values) => Text::string(values.choose(rng)?.name),
        Type::Bits(bits) => Text::string(&some_bits(bits, rng)),
        Type::Binary { length, .. } => Text::string(&octets(length, rng)),
        Type::Empty => Text {
            xml: String::new(),
            ..Text::bare(&"[null]")
        },
        Type::Identityref(identities) => identity(identities.choose(rng)?),
        Type::Union(members) => {
            let member = members.choose(rng)?;
            return value(member, rng, strings);
        }
        Type::LeafRef {
            path,
            require_instance,
            target,
        } => return reference(path, *require_instance, target, rng, strings),
        Type::InstanceIdentifier { .. } => return Some(Cell::Instance),
        _ => return None,
    }))
}

fn reference(
    path: &'static LeafrefPath<'static>,
    require_instance: bool,
    target: &'static Type<'static>,
    rng: &mut StdRng,
    strings: &mut Strings,
) -> Option<Cell> {
    if require_instance {
        return Some(Cell::Reference(path));
    }
    value(target, rng, strings)
}

/// A number of one of the intervals: often a bound.
fn number(parts: &[(i128, i128)], rng: &mut StdRng) -> i128 {
    let &(min, max) = parts.choose(rng).unwrap_or(&(0, 0));
    match rng.random_range(0..6) {
        0 => min,
        1 => max,
        2 | 3 => rng.random_range(min..=max.min(min.saturating_add(100))),
        _ => rng.random_range(min..=max),
    }
}

fn integer(kind: Integer, range: &[(i128, i128)], rng: &mut StdRng) -> Text {
    let own = [match kind {
        Integer::Int8 => (i8::MIN.into(), i8::MAX.into()),
        Integer::Int16 => (i16::MIN.into(), i16::MAX.into()),
        Integer::Int32 => (i32::MIN.into(), i32::MAX.into()),
        Integer::Int64 => (i64::MIN.into(), i64::MAX.into()),
        Integer::Uint8 => (0, u8::MAX.into()),
        Integer::Uint16 => (0, u16::MAX.into()),
        Integer::Uint32 => (0, u32::MAX.into()),
        Integer::Uint64 => (0, u64::MAX.into()),
    }];
    let number = number(if range.is_empty() { &own } else { range }, rng);
    if kind.is_64_bit() {
        Text::string(&number.to_string())
    } else {
        Text::bare(&number)
    }
}

fn decimal(fraction_digits: u8, range: &[(i64, i64)], rng: &mut StdRng) -> Text {
    let mut parts: Vec<(i128, i128)> = range
        .iter()
        .map(|&(min, max)| (min.into(), max.into()))
        .collect();
    if parts.is_empty() {
        parts.push((i64::MIN.into(), i64::MAX.into()));
    }
    let unscaled = number(&parts, rng);
    let sign = if unscaled < 0 { "-" } else { "" };
    let scale = 10u128.pow(fraction_digits.into());
    let (whole, fraction) = (
        unscaled.unsigned_abs() / scale,
        unscaled.unsigned_abs() % scale,
    );
    let width = usize::from(fraction_digits);
    Text::string(&format!("{sign}{whole}.{fraction:0width$}"))
}

fn some_bits(bits: &[Bit<'_>], rng: &mut StdRng) -> String {
    let names = bits.iter().filter(|_| rng.random_bool(0.5));
    names.map(|bit| bit.name).collect::<Vec<_>>().join(" ")
}

/// The most octets of a random value.
const LONGEST: u64 = 10_000;

fn octets(length: &[(u64, u64)], rng: &mut StdRng) -> String {
    let &(min, max) = length.choose(rng).unwrap_or(&(0, 9));
    // A type that wants more than a message holds gets what is too short for it.
    let count = rng.random_range(min..=max.min(min.saturating_add(9)));
    let count = count.min(LONGEST);
    let octets: Vec<u8> = (0..count).map(|_| rng.random()).collect();
    Binary::from(octets).to_string()
}

fn identity(identity: &IdentityValue<'_>) -> Text {
    Text {
        prefixes: vec![identity.module.name],
        ..Text::string(&identity.to_string())
    }
}

/// A value that is rarely of the type.
pub(super) fn any(rng: &mut StdRng) -> Text {
    match rng.next_u32() % 6 {
        0 => Text::bare(&rng.random_range(-300..300)),
        1 => Text::string(&rng.random_range(-300..300).to_string()),
        2 => Text::bare(&"true"),
        3 => Text {
            xml: String::new(),
            ..Text::bare(&"[null]")
        },
        4 => Text::string("0.5"),
        _ => Text::string("no-such"),
    }
}
