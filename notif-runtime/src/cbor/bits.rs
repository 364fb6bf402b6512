//! The two forms of bits outside of unions: a byte string, or an array of byte strings and offsets
//! in turn (RFC 9254 section 6.7).

use std::fmt::Write as _;

use minicbor::Encoder;
use minicbor::encode::Write;

use super::item::Item;
use crate::schema::Bit;
use crate::types::Bits;
use crate::types::ValueError;

/// The error of a form that RFC 9254 does not allow.
const FORM: ValueError = ValueError::Item { in_union: false };

/// The names of the bits that are set, in the order of their positions.
pub(super) fn names(item: Item<'_>, bits: &[Bit<'_>]) -> Result<String, ValueError> {
    let mut names = String::new();
    if let Some(octets) = item.octets() {
        add(&mut names, 0, &octets, bits)?;
        return Ok(names);
    }
    let mut offset = 0u64;
    let mut last = None;
    let mut count = 0;
    for element in item.elements().ok_or(FORM)? {
        count += 1;
        let is_octets = if let Some(octets) = element.octets() {
            add(&mut names, offset, &octets, bits)?;
            offset += octets.len() as u64;
            true
        } else {
            let skip = element.unsigned().filter(|skip| *skip > 0).ok_or(FORM)?;
            // Positions have 32 bits.
            let next = skip.checked_add(offset).filter(|next| *next < 1 << 29);
            offset = next.ok_or(ValueError::Lexical)?;
            false
        };
        if last.replace(is_octets) == Some(is_octets) {
            return Err(FORM);
        }
    }
    // A byte string alone stands without an array, and an offset leads to a byte string.
    match (last, count) {
        (Some(true), 1) | (Some(false), _) => Err(FORM),
        _ => Ok(names),
    }
}

/// Adds the names of the bits that are set in the octets from number `offset` on.
fn add(names: &mut String, offset: u64, octets: &[u8], bits: &[Bit<'_>]) -> Result<(), ValueError> {
    if octets.last() == Some(&0) {
        return Err(FORM);
    }
    for (octet, number) in octets.iter().zip(offset..) {
        for bit in (0..8).filter(|bit| octet >> bit & 1 == 1) {
            let position = number * 8 + bit;
            let known = bits.binary_search_by_key(&position, |bit| u64::from(bit.position));
            let bit = known.ok().and_then(|at| bits.get(at));
            let name = bit.ok_or(ValueError::Lexical)?.name;
            let space = if names.is_empty() { "" } else { " " };
            // Writing to a string cannot fail.
            let _ = write!(names, "{space}{name}");
        }
    }
    Ok(())
}

/// The number of octets without a bit that are worth an array.
const GAP: u32 = 3;

/// Writes the bits that are set: as one byte string, or as an array if there are long gaps.
pub(super) fn write<W: Write>(
    out: &mut Encoder<W>,
    bits: Bits<'_>,
) -> Result<(), minicbor::encode::Error<W::Error>> {
    // Each part with the number of its first octet.
    let mut parts: Vec<(u32, Vec<u8>)> = Vec::new();
    let mut end = 0;
    for position in bits.iter().map(|bit| bit.position) {
        let octet = position / 8;
        let gap = octet.saturating_sub(end);
        if parts.is_empty() && gap <= GAP {
            parts.push((0, Vec::new()));
        } else if gap > GAP {
            parts.push((octet, Vec::new()));
        }
        let Some((first, octets)) = parts.last_mut() else {
            continue;
        };
        octets.resize((octet - *first) as usize + 1, 0);
        if let Some(last) = octets.last_mut() {
            *last |= 1 << (position % 8);
        }
        end = octet + 1;
    }
    match parts.as_slice() {
        [] => drop(out.bytes(&[])?),
        [(0, octets)] => drop(out.bytes(octets)?),
        [(first, _), ..] => {
            let leading = u64::from(*first > 0);
            out.array(2 * parts.len() as u64 - 1 + leading)?;
            let mut at = 0;
            for (first, octets) in &parts {
                if *first > 0 {
                    out.u32(first - at)?;
                }
                out.bytes(octets)?;
                at = first + u32::try_from(octets.len()).unwrap_or(u32::MAX);
            }
        }
    }
    Ok(())
}
