//! Annotations that a reader meets (RFC 7952), each of them checked at once but for its target.

use super::{Abort, Context};
use crate::fault::FaultKind;
use crate::schema::{Module, Type, yang};
use crate::text::{SHOWN, excerpt};
use crate::types::ValueError;
use crate::value::{Canonical, Names, Scalar, canonical_of};

/// The target of an annotation that a reader met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Target {
    /// The member at whose value the reader is, or was last.
    Entered,
    /// The node whose members are being read.
    Itself,
    /// The member with this index, and of a leaf-list the value with this one.
    Child(usize, usize),
}

/// An annotation that a reader met, and checked but for its target.
#[derive(Debug)]
pub struct Annotated {
    pub(crate) target: Target,
    pub(crate) offset: usize,
    /// `None` for a null in its place: the value of a leaf-list has none. Boxed, since a message can
    /// have millions of nulls.
    pub(crate) note: Option<Box<Note>>,
}

#[derive(Debug)]
pub(crate) struct Note {
    pub(crate) module: &'static Module,
    pub(crate) name: &'static str,
    pub(crate) value: (Canonical, &'static Type<'static>),
}

impl Annotated {
    /// The annotation `name` of the module called `module`. `None` if there is none, or `scalar` is
    /// no value of it: that has been recorded, at the node that is being read.
    pub(crate) fn check(
        (module, name): (&str, &str),
        scalar: &Scalar<'_>,
        names: &Names<'_>,
        (target, offset): (Target, usize),
        cx: &mut Context,
    ) -> Result<Option<Self>, Abort> {
        let Some((module, annotation)) = yang::find_annotation(names.modules(), module, name)
        else {
            let found = excerpt(format_args!("{module}:{name}"), SHOWN);
            let expected = "an annotation that a module defines";
            cx.fault(FaultKind::UnknownAttribute, offset, Some(&found), expected)?;
            return Ok(None);
        };
        let Some(value) = canonical_of(scalar, annotation.ty(), names) else {
            let shown = scalar.shown();
            let expected = format!(
                "{} as the value of the annotation {}:{name}",
                ValueError::Lexical.expected(annotation.ty()),
                module.name
            );
            cx.fault(FaultKind::Lexical, offset, Some(&shown), expected)?;
            return Ok(None);
        };
        Ok(Some(Self {
            target,
            offset,
            note: Some(Box::new(Note {
                module,
                name: annotation.name,
                value,
            })),
        }))
    }

    /// A null in the place of annotations.
    pub(crate) const fn null(target: Target, offset: usize) -> Self {
        Self {
            target,
            offset,
            note: None,
        }
    }

    /// The module and the name.
    pub(crate) fn name(&self) -> Option<(&'static str, &'static str)> {
        let note = self.note.as_ref();
        note.map(|note| (note.module.name, note.name))
    }

    /// The annotation in a fault.
    pub(crate) fn shown(&self) -> String {
        self.name().map_or_else(
            || "null".to_owned(),
            |(module, name)| format!("{module}:{name}"),
        )
    }
}

impl Annotated {
    /// Returns true if both are the same annotation.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}
