//! Types: from libyang's compiled types, and the `type` statements that name typedefs.

mod union;

use std::collections::BTreeSet;

use super::convert::docs;
use super::raw::{Base, Context, Extension, Module, Node, Type, TypeStatement, Typedef};
use crate::error::{Error, Place};
use crate::model::{self, Bit, EnumValue, IdentityValue, IntKind, Pattern, QName, TypeUse};
use crate::{pattern, xpath};

/// A type that has no form in the model: the keyword of the statement at fault, and how to call it.
#[derive(Debug)]
pub(super) struct Problem {
    pub(super) keyword: &'static str,
    pub(super) statement: String,
}

const fn problem(keyword: &'static str, statement: String) -> Problem {
    Problem { keyword, statement }
}

/// The type of a leaf or leaf-list. The typedef that it names is added to `used`.
pub(super) fn of_node(
    context: &Context,
    node: Node<'_>,
    used: &mut BTreeSet<QName>,
) -> Result<TypeUse, Problem> {
    let compiled = node
        .compiled_type()
        .ok_or_else(|| problem("type", "type".to_owned()))?;
    let typedef = node.type_statement().and_then(|statement| {
        let scoped = node.has_scoped_typedef(statement.name());
        named_typedef(statement).filter(|(_, typedef)| !scoped && is_same(*typedef, compiled))
    });
    if let Some((module, _)) = typedef.filter(|(module, _)| !context.holds(*module)) {
        let (name, revision) = (module.name(), module.revision().unwrap_or("(none)"));
        let statement = format!("a typedef of {name}@{revision} beside another revision of {name}");
        return Err(problem("type", statement));
    }
    let name = typedef.map(|(module, typedef)| qualified(module, typedef));
    used.extend(name.clone());
    Ok(TypeUse {
        ty: convert(context, compiled, node.type_statement(), Some(node), used)?,
        typedef: name,
    })
}

/// The type of an annotation.
pub(super) fn of_annotation(
    context: &Context,
    ty: Type<'_>,
    used: &mut BTreeSet<QName>,
) -> Result<TypeUse, Problem> {
    Ok(TypeUse {
        ty: convert(context, ty, None, None, used)?,
        typedef: None,
    })
}

fn qualified(module: Module<'_>, typedef: Typedef<'_>) -> QName {
    QName {
        module: module.name().to_owned(),
        name: typedef.name().to_owned(),
    }
}

/// The module-level typedef that a `type` statement names without restricting it.
fn named_typedef(statement: TypeStatement<'_>) -> Option<(Module<'_>, Typedef<'_>)> {
    if statement.adds_restrictions() {
        return None;
    }
    find_typedef(statement)
}

/// The module-level typedef that a `type` statement names.
fn find_typedef(statement: TypeStatement<'_>) -> Option<(Module<'_>, Typedef<'_>)> {
    let own = statement.module()?;
    let (module, name) = match statement.name().split_once(':') {
        Some((prefix, name)) => (own.by_prefix(prefix)?, name),
        None => (own, statement.name()),
    };
    let typedef = module
        .typedefs()
        .into_iter()
        .find(|typedef| typedef.name() == name)?;
    Some((module, typedef))
}

/// Whether a node's type is its typedef's and not one that a deviation put in its place.
fn is_same(typedef: Typedef<'_>, compiled: Type<'_>) -> bool {
    let own = typedef.type_statement().compiled();
    own.is_some_and(|own| is_same_type(own, compiled))
}

/// Whether two uses have the very same type. libyang compiles a leafref anew for every leaf, and so
/// a union that has one among its members; other types it shares.
fn is_same_type(one: Type<'_>, other: Type<'_>) -> bool {
    if one.is(other) {
        return true;
    }
    match (one.base(), other.base()) {
        (Base::LeafRef, Base::LeafRef) => one.path() == other.path(),
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

/// Adds the typedefs that the `used` ones are made of.
pub(super) fn close_over_typedefs(context: &Context, used: &mut BTreeSet<QName>) {
    let modules = context.modules();
    loop {
        let inner: Vec<QName> = used
            .iter()
            .filter_map(|name| {
                let module = modules.iter().find(|module| module.name() == name.module)?;
                let typedef = module
                    .typedefs()
                    .into_iter()
                    .find(|typedef| typedef.name() == name.name)?;
                let mut inner = Vec::new();
                named_typedefs(typedef.type_statement(), &mut inner);
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
fn named_typedefs(statement: TypeStatement<'_>, names: &mut Vec<QName>) {
    names.extend(named_typedef(statement).map(|(module, typedef)| qualified(module, typedef)));
    for member in statement.members() {
        named_typedefs(member, names);
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
            convert_typedef(context, typedef).map_err(|problem| Error::Unsupported {
                place: Place {
                    file: module.file().map(ToOwned::to_owned),
                    line: None,
                    module: module.name().to_owned(),
                },
                path: format!("{}:{}", module.name(), typedef.name()),
                statement: problem.statement,
            })
        })
        .collect()
}

fn convert_typedef(context: &Context, typedef: Typedef<'_>) -> Result<model::Typedef, Problem> {
    let statement = typedef.type_statement();
    let compiled = statement
        .compiled()
        .ok_or_else(|| problem("type", "type".to_owned()))?;
    // A leafref's target is known only where it is used.
    let user = matches!(compiled.base(), Base::LeafRef | Base::Union)
        .then(|| find_user(context, typedef))
        .flatten();
    let ty = user.and_then(Node::compiled_type).unwrap_or(compiled);
    let inner = named_typedef(statement).map(|(module, inner)| qualified(module, inner));
    Ok(model::Typedef {
        name: typedef.name().to_owned(),
        docs: docs(typedef.docs()),
        units: typedef.units().map(ToOwned::to_owned),
        default: typedef.default().map(ToOwned::to_owned),
        ty: TypeUse {
            ty: convert(context, ty, Some(statement), user, &mut BTreeSet::new())?,
            typedef: inner,
        },
    })
}

/// A node whose type the typedef is.
fn find_user<'c>(context: &'c Context, typedef: Typedef<'c>) -> Option<Node<'c>> {
    fn search<'c>(nodes: Vec<Node<'c>>, wanted: &dyn Fn(Node<'c>) -> bool) -> Option<Node<'c>> {
        nodes.into_iter().find_map(|node| {
            if wanted(node) {
                Some(node)
            } else {
                search(node.children(), wanted)
            }
        })
    }
    let wanted = |node: Node<'c>| node.compiled_type().is_some_and(|ty| is_same(typedef, ty));
    context.modules().into_iter().find_map(|module| {
        let structures = module.extensions().into_iter().flat_map(Extension::nodes);
        search(module.data(), &wanted).or_else(|| search(structures.collect(), &wanted))
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
            let range = range(ty, "range")?;
            // libyang gives each integer type its bounds as a range.
            let range = if range == [bounds] { Vec::new() } else { range };
            Ok(model::Type::Int { kind, range })
        }
        Base::Boolean => Ok(model::Type::Boolean),
        Base::String => Ok(model::Type::String {
            length: length(ty)?,
            patterns: patterns(ty)?,
        }),
        Base::Decimal64 => Ok(model::Type::Decimal64 {
            fraction_digits: ty.fraction_digits(),
            range: decimal_range(ty)?,
        }),
        Base::Binary => Ok(model::Type::Binary {
            length: length(ty)?,
        }),
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
        Base::LeafRef => leafref(context, ty, node, used),
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

fn range(ty: Type<'_>, keyword: &'static str) -> Result<Vec<(i128, i128)>, Problem> {
    match ty.range() {
        Some(range) if range.message.is_some() => Err(problem(
            keyword,
            format!("error-message or error-app-tag of a {keyword}"),
        )),
        Some(range) => Ok(range.parts),
        None => Ok(Vec::new()),
    }
}

fn length(ty: Type<'_>) -> Result<Vec<(u64, u64)>, Problem> {
    let unsigned = |value: i128| u64::try_from(value).unwrap_or(u64::MAX);
    let length = range(ty, "length")?.into_iter();
    Ok(length
        .map(|(min, max)| (unsigned(min), unsigned(max)))
        .collect())
}

fn decimal_range(ty: Type<'_>) -> Result<Vec<(i64, i64)>, Problem> {
    let signed =
        |value: i128| i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX });
    let range = range(ty, "range")?.into_iter();
    let range: Vec<_> = range.map(|(min, max)| (signed(min), signed(max))).collect();
    // libyang gives the type its bounds as a range.
    let unbounded = range == [(i64::MIN, i64::MAX)];
    Ok(if unbounded { Vec::new() } else { range })
}

fn patterns(ty: Type<'_>) -> Result<Vec<Pattern>, Problem> {
    ty.patterns()
        .into_iter()
        .map(|pattern| {
            if pattern.app_tag.is_some() {
                return Err(problem("pattern", "error-app-tag of a pattern".to_owned()));
            }
            let translated = pattern::translate(pattern.expression).map_err(|reason| {
                let statement = format!("pattern {} ({})", pattern.expression, reason.0);
                problem("pattern", statement)
            })?;
            Ok(Pattern {
                regex: pattern.expression.to_owned(),
                translated,
                inverted: pattern.inverted,
                error_message: pattern.message.map(ToOwned::to_owned),
            })
        })
        .collect()
}

fn leafref(
    context: &Context,
    ty: Type<'_>,
    node: Option<Node<'_>>,
    used: &mut BTreeSet<QName>,
) -> Result<model::Type, Problem> {
    let expression = ty.path().unwrap_or_default();
    let unsupported = || problem("path", format!("path {expression}"));
    let own = node.and_then(Node::module);
    let path = xpath::leaf_path(expression, |prefix| {
        let module = prefix.map_or(own, |prefix| ty.path_prefix(prefix))?;
        Some(module.name().to_owned())
    });
    let target = match node.and_then(Node::leafref_target) {
        Some(leaf) => of_node(context, leaf, used)?,
        // A member of a union: libyang names no leaf, only its type.
        None => TypeUse {
            ty: convert(
                context,
                ty.target().ok_or_else(unsupported)?,
                None,
                node,
                used,
            )?,
            typedef: None,
        },
    };
    Ok(model::Type::LeafRef {
        path: path.ok_or_else(unsupported)?,
        require_instance: ty.requires_instance(),
        target: Box::new(target),
    })
}
