//! Reading the value of a leaf.

use std::cell::Cell;

use super::{Abort, Context, FromScalar, Names, Reader, Scalar, ValueError};
use crate::schema::{Node, Type};

/// The value that a leaf's scalar stands for: an item of CBOR only now that the type is known.
#[inline]
fn value_of<V: FromScalar>(
    scalar: &Scalar<'_>,
    ty: &'static Type,
    names: &Names<'_>,
) -> Result<V, ValueError> {
    match scalar {
        Scalar::Cbor(item) => V::from_scalar(&item.scalar(ty, false, names)?, ty, names),
        scalar => V::from_scalar(scalar, ty, names),
    }
}

/// Reads a leaf's value.
#[inline]
pub(super) fn read_value<'de, R: Reader<'de> + ?Sized, V: FromScalar>(
    node: &'static Node,
    reader: &mut R,
    cx: &mut Context,
) -> Result<Option<V>, Abort> {
    let Some(leaf) = node.leaf() else {
        return Ok(None);
    };
    let offset = reader.offset();
    let before = cx.faults();
    let declared = V::NAMES.then(|| reader.declared());
    let skip = Cell::new(0);
    let mut names = Names::new(node.module, declared.as_ref());
    if V::INSTANCES {
        skip.set(cx.skip(offset));
        names = names.skipping(&skip);
    }
    match reader.scalar(cx) {
        Ok(Some(scalar)) => match value_of(&scalar, leaf.ty, &names) {
            Ok(value) => Ok(Some(value)),
            Err(error) => {
                let shown = scalar.shown();
                let expected = error.expected(leaf.ty);
                let result = cx.fault(error.kind(), offset, Some(&shown), expected);
                cx.tag(before, error.on_error(leaf.ty));
                cx.leave(before, node);
                result.map(|()| None)
            }
        },
        other => {
            cx.leave(before, node);
            other.map(|_| None)
        }
    }
}

/// Reads a mandatory leaf.
#[inline]
pub fn read_leaf<'de, R: Reader<'de> + ?Sized, V: FromScalar>(
    target: &mut V,
    node: &'static Node,
    reader: &mut R,
    cx: &mut Context,
) -> Result<bool, Abort> {
    Ok(match read_value(node, reader, cx)? {
        Some(value) => {
            *target = value;
            true
        }
        None => false,
    })
}

/// Reads a leaf that may be absent.
#[inline]
pub fn read_optional_leaf<'de, R: Reader<'de> + ?Sized, V: FromScalar>(
    target: &mut Option<V>,
    node: &'static Node,
    reader: &mut R,
    cx: &mut Context,
) -> Result<bool, Abort> {
    *target = read_value(node, reader, cx)?;
    Ok(target.is_some())
}
