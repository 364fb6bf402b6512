//! Types: from libyang's compiled types, and the `type` statements that name typedefs.

mod canonical;
mod leafref;
mod union;

use std::collections::BTreeSet;

use super::docs::docs;
use super::problem::{Problem, problem};
use super::raw::{
    self, Base, Context, Expression, Extension, Module, Node, Type, TypeStatement, Typedef,
};
use super::rules;
use crate::error::Error;
use crate::model::{
    self, Bit, EnumValue, IdentityValue, IntKind, OnError, Pattern, QName, TypeUse,
};
use crate::pattern;

/// The type of a leaf or leaf-list. The typedef that it names is added to `used`.
pub(super) fn of_node(
    context: &Context,
    node: Node<'_>,
    used: &mut BTreeSet<QName>,
) -> Result<TypeUse, Problem> {
    let compiled = node
        .compiled_type()
        .ok_or_else(|| problem("type", "type".to_owned()))?;
    let statement = node.type_statement();
    let typedef = statement
        .and_then(|statement| named_typedef(context, statement))
        .filter(|(_, typedef)| {
            is_same(*typedef, compiled) && is_fixed(context, compiled, Some(node))
        });
    let name = typedef.map(|(module, typedef)| qualified(module, typedef));
    used.extend(name.clone());
    Ok(TypeUse {
        ty: convert(context, compiled, statement, Some(node), used)?,
        typedef: name,
    })
}

/// The type of an annotation.
pub(super) fn of_annotation(
    context: &Context,
    ty: Type<'_>,
    statement: Option<TypeStatement<'_>>,
    used: &mut BTreeSet<QName>,
) -> Result<TypeUse, Problem> {
    Ok(TypeUse {
        ty: convert(context, ty, statement, None, used)?,
        typedef: None,
    })
}

fn qualified(module: Module<'_>, typedef: Typedef<'_>) -> QName {
    QName {
        module: module.name().to_owned(),
        name: typedef.name().to_owned(),
    }
}

/// The module-level typedef that a `type` statement names without restricting it. `None` for one of
/// a second revision of a module: the one Rust module of both has the other's.
fn named_typedef<'c>(
    context: &Context,
    statement: TypeStatement<'c>,
) -> Option<(Module<'c>, Typedef<'c>)> {
    if statement.adds_restrictions() {
        return None;
    }
    find_typedef(statement)
        .filter(|(module, typedef)| typedef.is_at_top() && context.holds(*module))
}

/// The typedef that a `type` statement names, and its module.
pub(super) fn find_typedef(statement: TypeStatement<'_>) -> Option<(Module<'_>, Typedef<'_>)> {
    let own = statement.module()?;
    let (module, name) = match statement.name().split_once(':') {
        Some((prefix, name)) => (own.by_prefix(prefix)?, name),
        None => (own, statement.name()),
    };
    let scoped = Some(name).filter(|_| module.is(own));
    if let Some(typedef) = scoped.and_then(|name| statement.scoped_typedef(name)) {
        return Some((module, typedef));
    }
    let typedef = module
        .typedefs()
        .into_iter()
        .find(|typedef| typedef.name() == name)?;
    Some((module, typedef))
}

/// Returns true if a node's type is its typedef's, not one that a deviation put in its place.
fn is_same(typedef: Typedef<'_>, compiled: Type<'_>) -> bool {
    let own = typedef.type_statement().compiled();
    own.is_some_and(|own| is_same_type(own, compiled))
}

/// Returns true if two uses have the very same type. libyang compiles a leafref anew for every
/// leaf, and so a union that has one among its members; other types it shares.
fn is_same_type(one: Type<'_>, other: Type<'_>) -> bool {
    if one.is(other) {
        return true;
    }
    match (one.base(), other.base()) {
        (Base::LeafRef, Base::LeafRef) => {
            one.path().map(Expression::text) == other.path().map(Expression::text)
        }
        (Base::Union, Base::Union) => {
            let (own, others) = (one.members(), other.members());
            own.len() == others.len()
                && own
                    .iter()
                    .zip(others)
                    .all(|(one, other)| is_same_type(*one, other))
        }
        _ => false,
    }
}

/// Returns true if a type means the same wherever its typedef is used. A relative path leads
/// elsewhere from every leaf, even to leafs of other types, and a name without a prefix is one of
/// the leaf's module.
fn is_fixed(context: &Context, ty: Type<'_>, node: Option<Node<'_>>) -> bool {
    match ty.base() {
        Base::LeafRef => ty.path().is_some_and(|path| {
            let own = rules::leafref(context, None, path).ok();
            path.text().trim_start().starts_with('/')
                && own.is_some()
                && own == rules::leafref(context, node, path).ok()
        }),
        Base::Union => {
            let mut members = ty.members().into_iter();
            members.all(|member| is_fixed(context, member, node))
        }
        _ => true,
    }
}

/// Adds the typedefs that the `used` ones are made of.
pub(super) fn close_over_typedefs(context: &Context, used: &mut BTreeSet<QName>) {
    let modules = context.modules();
    loop {
        let inner: Vec<QName> = used
            .iter()
            .filter_map(|name| {
                let module = modules
                    .iter()
                    .find(|module| module.name() == name.module && context.holds(**module))?;
                let typedef = module
                    .typedefs()
                    .into_iter()
                    .find(|typedef| typedef.name() == name.name)?;
                let mut inner = Vec::new();
                named_typedefs(context, typedef.type_statement(), &mut inner);
                Some(inner)
            })
            .flatten()
            .collect();
        let before = used.len();
        used.extend(inner);
        if used.len() == before {
            return;
        }
    }
}

/// Adds the typedef that a `type` statement names, or those that a union's members name.
fn named_typedefs(context: &Context, statement: TypeStatement<'_>, names: &mut Vec<QName>) {
    let found = named_typedef(context, statement);
    names.extend(found.map(|(module, typedef)| qualified(module, typedef)));
    for member in statement.members() {
        named_typedefs(context, member, names);
    }
}

/// The typedefs of a module that are used.
pub(super) fn typedefs(
    context: &Context,
    module: Module<'_>,
    used: &BTreeSet<QName>,
) -> Result<Vec<model::Typedef>, Error> {
    let is_used = |typedef: &Typedef<'_>| used.contains(&qualified(module, *typedef));
    module
        .typedefs()
        .into_iter()
        .filter(is_used)
        .map(|typedef| {
            convert_typedef(context, module, typedef).map_err(|problem| {
                let path = format!("{}:{}", module.name(), typedef.name());
                problem.error(context, module, (&[typedef.name()], path))
            })
        })
        .collect()
}

fn convert_typedef(
    context: &Context,
    module: Module<'_>,
    typedef: Typedef<'_>,
) -> Result<model::Typedef, Problem> {
    let statement = typedef.type_statement();
    let compiled = statement
        .compiled()
        .ok_or_else(|| problem("type", "type".to_owned()))?;
    // A leafref's target is known only where it is used.
    let user = matches!(compiled.base(), Base::LeafRef | Base::Union)
        .then(|| find_user(context, typedef))
        .flatten();
    let (user, ty) = user.map_or((None, compiled), |(node, ty)| (Some(node), ty));
    let inner = named_typedef(context, statement).map(|(module, inner)| qualified(module, inner));
    let mut ty = convert(context, ty, Some(statement), user, &mut BTreeSet::new())?;
    if let model::Type::String { canonical, .. } = &mut ty {
        *canonical = canonical::of_typedef(module, typedef);
    }
    Ok(model::Typedef {
        name: typedef.name().to_owned(),
        docs: docs(typedef.docs()),
        units: typedef.units().map(ToOwned::to_owned),
        default: typedef.default().map(ToOwned::to_owned),
        ty: TypeUse { ty, typedef: inner },
    })
}

/// A node that has the typedef as its type or as a member of it, and that type as compiled there.
fn find_user<'c>(context: &'c Context, typedef: Typedef<'c>) -> Option<(Node<'c>, Type<'c>)> {
    find_node(context, &|node| {
        let ty = node.compiled_type()?;
        std::iter::once(ty)
            .chain(ty.members())
            .find(|ty| is_same(typedef, *ty) && is_fixed(context, *ty, Some(node)))
    })
}

/// The first node for which `found` has an answer, with that.
fn find_node<'c, T>(
    context: &'c Context,
    found: &dyn Fn(Node<'c>) -> Option<T>,
) -> Option<(Node<'c>, T)> {
    fn search<'c, T>(
        nodes: Vec<Node<'c>>,
        found: &dyn Fn(Node<'c>) -> Option<T>,
    ) -> Option<(Node<'c>, T)> {
        nodes.into_iter().find_map(|node| {
            found(node)
                .map(|answer| (node, answer))
                .or_else(|| search(node.children(), found))
                .or_else(|| search(node.operations(), found))
        })
    }
    let mut modules = context.modules().into_iter();
    modules.find_map(|module| {
        let structures = module.extensions().into_iter().flat_map(Extension::nodes);
        search(module.data(), found)
            .or_else(|| search(module.operations(), found))
            .or_else(|| search(structures.collect(), found))
    })
}

fn convert(
    context: &Context,
    ty: Type<'_>,
    statement: Option<TypeStatement<'_>>,
    node: Option<Node<'_>>,
    used: &mut BTreeSet<QName>,
) -> Result<model::Type, Problem> {
    match ty.base() {
        Base::Int { bits, signed } => {
            let (kind, bounds) = integer(bits, signed);
            // libyang gives each integer type its bounds as a range.
            let (range, on_error) = match range(ty) {
                (range, _) if range == [bounds] => Default::default(),
                restricted => restricted,
            };
            Ok(model::Type::Int {
                kind,
                range,
                on_error,
            })
        }
        Base::Boolean => Ok(model::Type::Boolean),
        Base::String => {
            let (length, on_error) = length(ty);
            Ok(model::Type::String {
                length,
                patterns: patterns(ty)?,
                on_error,
                canonical: statement.and_then(canonical::of_statement),
            })
        }
        Base::Decimal64 => {
            let (range, on_error) = decimal_range(ty);
            Ok(model::Type::Decimal64 {
                fraction_digits: ty.fraction_digits(),
                range,
                on_error,
            })
        }
        Base::Binary => {
            let (length, on_error) = length(ty);
            Ok(model::Type::Binary { length, on_error })
        }
        Base::Empty => Ok(model::Type::Empty),
        Base::Bits => Ok(model::Type::Bits(
            ty.bits()
                .into_iter()
                .map(|bit| Bit {
                    name: bit.name.to_owned(),
                    position: bit.position,
                    docs: docs(bit.docs),
                })
                .collect(),
        )),
        Base::Enumeration => Ok(model::Type::Enumeration(
            ty.enum_values()
                .into_iter()
                .map(|value| EnumValue {
                    name: value.name.to_owned(),
                    value: value.value,
                    docs: docs(value.docs),
                })
                .collect(),
        )),
        Base::Identityref => Ok(model::Type::Identityref(
            ty.identities()
                .into_iter()
                .map(|value| IdentityValue {
                    identity: QName {
                        module: value.module.name().to_owned(),
                        name: value.name.to_owned(),
                    },
                    docs: docs(value.docs),
                })
                .collect(),
        )),
        Base::InstanceIdentifier => Ok(model::Type::InstanceIdentifier {
            require_instance: ty.requires_instance(),
        }),
        Base::Union => union::members(context, ty, statement, node, used).map(model::Type::Union),
        Base::LeafRef => leafref::leafref(context, ty, node, used),
        Base::Other(name) => Err(problem("type", format!("type {name}"))),
    }
}

fn integer(bits: u32, signed: bool) -> (IntKind, (i128, i128)) {
    let kind = match (bits, signed) {
        (8, true) => IntKind::I8,
        (16, true) => IntKind::I16,
        (32, true) => IntKind::I32,
        (_, true) => IntKind::I64,
        (8, false) => IntKind::U8,
        (16, false) => IntKind::U16,
        (32, false) => IntKind::U32,
        (_, false) => IntKind::U64,
    };
    let bounds = if signed {
        (-(1i128 << (bits - 1)), (1i128 << (bits - 1)) - 1)
    } else {
        (0, (1i128 << bits) - 1)
    };
    (kind, bounds)
}

/// The parts of a range or length, and the error of values outside.
fn range(ty: Type<'_>) -> (Vec<(i128, i128)>, OnError) {
    ty.range().map_or_else(Default::default, |range| {
        (range.parts, on_error(range.on_error))
    })
}

fn on_error(raw: raw::OnError<'_>) -> OnError {
    OnError {
        message: raw.message.map(ToOwned::to_owned),
        app_tag: raw.app_tag.map(ToOwned::to_owned),
    }
}

fn length(ty: Type<'_>) -> (Vec<(u64, u64)>, OnError) {
    let unsigned = |value: i128| u64::try_from(value).unwrap_or(u64::MAX);
    let (length, on_error) = range(ty);
    let length = length.into_iter();
    let length = length.map(|(min, max)| (unsigned(min), unsigned(max)));
    (length.collect(), on_error)
}

fn decimal_range(ty: Type<'_>) -> (Vec<(i64, i64)>, OnError) {
    let signed =
        |value: i128| i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX });
    let (range, on_error) = range(ty);
    let range = range.into_iter();
    let range: Vec<_> = range.map(|(min, max)| (signed(min), signed(max))).collect();
    // libyang gives the type its bounds as a range.
    if range == [(i64::MIN, i64::MAX)] {
        return Default::default();
    }
    (range, on_error)
}

fn patterns(ty: Type<'_>) -> Result<Vec<Pattern>, Problem> {
    ty.patterns()
        .into_iter()
        .map(|pattern| {
            let translated = pattern::translate(pattern.expression).map_err(|reason| {
                let statement = format!("pattern {} ({})", pattern.expression, reason.0);
                problem("pattern", statement)
            })?;
            Ok(Pattern {
                regex: pattern.expression.to_owned(),
                translated,
                inverted: pattern.inverted,
                on_error: on_error(pattern.on_error),
            })
        })
        .collect()
}
