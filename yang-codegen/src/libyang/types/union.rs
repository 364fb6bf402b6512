//! Unions: libyang compiles a union in a union into one list, and keeps the names of typedefs only
//! in the statements.

use std::collections::BTreeSet;

use super::{Problem, convert, find_typedef, is_fixed, is_same_type, named_typedef, qualified};
use crate::libyang::raw::{Base, Context, Node, Type, TypeStatement};
use crate::model::{self, QName, TypeUse};

/// The members of a union in YANG's order (RFC 7950 section 9.12): with the typedefs that the
/// statements name, if these and the compiled types fit together.
pub(super) fn members(
    context: &Context,
    ty: Type<'_>,
    statement: Option<TypeStatement<'_>>,
    node: Option<Node<'_>>,
    used: &mut BTreeSet<QName>,
) -> Result<Vec<TypeUse>, Problem> {
    let compiled = ty.members();
    let mut named = Named {
        context,
        node,
        used: BTreeSet::new(),
        rest: &compiled,
    };
    if let Some(members) = statement
        .and_then(written)
        .map(|written| named.all(written))
        && let Some(members) = members.transpose()?
        && named.rest.is_empty()
    {
        used.extend(named.used);
        return Ok(members);
    }
    compiled
        .iter()
        .map(|member| {
            Ok(TypeUse {
                ty: convert(context, *member, None, node, used)?,
                typedef: None,
            })
        })
        .collect()
}

/// The members that a statement lists, or the typedef that it names.
fn written(statement: TypeStatement<'_>) -> Option<Vec<TypeStatement<'_>>> {
    let members = statement.members();
    if !members.is_empty() {
        return Some(members);
    }
    let (_, typedef) = find_typedef(statement)?;
    written(typedef.type_statement())
}

/// The walk over the statements, beside the compiled members.
struct Named<'r, 'c> {
    context: &'r Context,
    node: Option<Node<'r>>,
    used: BTreeSet<QName>,
    /// The compiled members that have no statement yet.
    rest: &'r [Type<'c>],
}

/// `None` where statements and compiled members do not fit.
type Fitting<T> = Option<Result<T, Problem>>;

impl Named<'_, '_> {
    fn all(&mut self, statements: Vec<TypeStatement<'_>>) -> Fitting<Vec<TypeUse>> {
        let mut members = Vec::new();
        for statement in statements {
            let named = named_typedef(self.context, statement).is_some();
            match written(statement).filter(|_| !named) {
                None => match self.one(statement)? {
                    Ok(member) => members.push(member),
                    Err(problem) => return Some(Err(problem)),
                },
                Some(inner) => match self.all(inner)? {
                    Ok(inner) => members.extend(inner),
                    Err(problem) => return Some(Err(problem)),
                },
            }
        }
        Some(Ok(members))
    }

    fn one(&mut self, statement: TypeStatement<'_>) -> Fitting<TypeUse> {
        let typedef = named_typedef(self.context, statement).and_then(|(module, typedef)| {
            let compiled = typedef.type_statement().compiled()?;
            Some((qualified(module, typedef), typedef, compiled))
        });
        if let Some((name, typedef, compiled)) = &typedef
            && compiled.base() == Base::Union
        {
            let inner = compiled.members();
            let (own, rest) = self.rest.split_at_checked(inner.len())?;
            let same = own
                .iter()
                .zip(&inner)
                .all(|(one, other)| is_same_type(*one, *other));
            same.then_some(())?;
            self.rest = rest;
            let fixed = |member: &Type<'_>| is_fixed(self.context, *member, self.node);
            let name = own.iter().all(fixed).then(|| name.clone());
            self.used.extend(name.clone());
            let statement = Some(typedef.type_statement());
            let members = members(
                self.context,
                *compiled,
                statement,
                self.node,
                &mut self.used,
            );
            return Some(members.map(|members| TypeUse {
                ty: model::Type::Union(members),
                typedef: name,
            }));
        }
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        let typedef = typedef.filter(|(.., compiled)| {
            is_same_type(*first, *compiled) && is_fixed(self.context, *first, self.node)
        });
        let typedef = typedef.map(|(name, ..)| name);
        self.used.extend(typedef.clone());
        let ty = convert(
            self.context,
            *first,
            Some(statement),
            self.node,
            &mut self.used,
        );
        Some(ty.map(|ty| TypeUse { ty, typedef }))
    }
}
