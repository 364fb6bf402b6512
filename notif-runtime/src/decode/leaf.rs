//! Reading the value of a leaf.

use std::cell::Cell;

use super::{Abort, Context, Reader};
use crate::schema::{Node, Type};
use crate::types::ValueError;
use crate::value::{FromScalar, Names, Scalar, Untyped};

/// The value that a leaf's scalar stands for: of CBOR only now that the type is known.
#[inline]
fn value_of<V: FromScalar>(
    scalar: &Scalar<'_>,
    ty: &Type<'_>,
    names: &Names<'_>,
) -> Result<V, ValueError> {
    match scalar {
        Scalar::Untyped(value) => of_untyped(value, ty, names),
        scalar => V::from_scalar(scalar, ty, names),
    }
}

/// Apart, so that it costs the other encodings nothing.
#[cold]
fn of_untyped<V: FromScalar>(
    value: &Untyped<'_>,
    ty: &Type<'_>,
    names: &Names<'_>,
) -> Result<V, ValueError> {
    V::from_scalar(&value.scalar(ty, false, names)?, ty, names)
}

/// Records that a scalar is no value of the leaf.
#[cold]
fn refused(
    scalar: &Scalar<'_>,
    error: ValueError,
    node: &Node<'_>,
    offset: usize,
    cx: &mut Context,
) -> Result<(), Abort> {
    let Some(leaf) = node.leaf() else {
        return Ok(());
    };
    let before = cx.faults();
    let (shown, expected) = (scalar.shown(), error.expected(leaf.ty));
    let result = cx.fault(error.kind(), offset, Some(&shown), expected);
    let on_error = error.on_error(leaf.ty);
    cx.faults.tag(before, on_error.message, on_error.app_tag);
    cx.leave(before, node);
    result
}

/// Reads a leaf's value and stores it; false if a fault was recorded instead. The value goes from
/// where it is made to where it is stored: each result on the way would cost a copy.
#[inline]
pub(super) fn read_value<'de, R: Reader<'de> + ?Sized, V: FromScalar>(
    store: impl FnOnce(V),
    node: &Node<'_>,
    reader: &mut R,
    cx: &mut Context,
) -> Result<bool, Abort> {
    if !V::NAMES && !V::INSTANCES {
        return read_with(store, &Names::new(node.module, None), node, reader, cx);
    }
    let declared = V::NAMES.then(|| reader.declared());
    let skip = Cell::new(0);
    let mut names = Names::new(node.module, declared.as_ref());
    if V::INSTANCES {
        skip.set(cx.skip(reader.offset()));
        names = names.skipping(&skip);
    }
    read_with(store, &names, node, reader, cx)
}

/// Reads a leaf's value with the meaning of its names.
#[inline]
fn read_with<'de, R: Reader<'de> + ?Sized, V: FromScalar>(
    store: impl FnOnce(V),
    names: &Names<'_>,
    node: &Node<'_>,
    reader: &mut R,
    cx: &mut Context,
) -> Result<bool, Abort> {
    let Some(leaf) = node.leaf() else {
        return Ok(false);
    };
    let offset = reader.offset();
    let before = cx.faults();
    let read = reader.scalar(cx);
    let Ok(Some(scalar)) = &read else {
        cx.leave(before, node);
        return read.map(|_| false);
    };
    match value_of(scalar, leaf.ty, names) {
        Ok(value) => {
            store(value);
            Ok(true)
        }
        Err(error) => refused(scalar, error, node, offset, cx).map(|()| false),
    }
}

/// Reads a mandatory leaf. One instance serves all leafs of a Rust type: to inline it for each costs
/// a fifth of the time that generated code takes to compile, and gains nothing.
#[inline(never)]
pub fn read_leaf<'de, R: Reader<'de> + ?Sized, V: FromScalar>(
    target: &mut V,
    node: &Node<'_>,
    reader: &mut R,
    cx: &mut Context,
) -> Result<bool, Abort> {
    read_value(|value| *target = value, node, reader, cx)
}

/// Reads a leaf that may be absent.
#[inline(never)]
pub fn read_optional_leaf<'de, R: Reader<'de> + ?Sized, V: FromScalar>(
    target: &mut Option<V>,
    node: &Node<'_>,
    reader: &mut R,
    cx: &mut Context,
) -> Result<bool, Abort> {
    read_value(|value| *target = Some(value), node, reader, cx)
}
