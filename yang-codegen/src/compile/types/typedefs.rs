//! The typedefs of the model: those that types name (RFC 7950 section 7.3).

use std::collections::BTreeSet;

use super::convert::Conversion;
use super::{Base, Resolved, Types, restrictions};
use crate::compile::docs::docs;
use crate::compile::tree::Tree;
use crate::fault::Faults;
use crate::model::{self, QName, TypeUse};
use crate::modules::ModuleId;
use crate::parse::{Keyword, Statement};

/// True for a typedef at the top of a module or submodule.
pub(super) fn is_at_top(typedef: Statement<'_>) -> bool {
    let around = typedef.parent().map(Statement::keyword);
    matches!(around, Some(Keyword::Module | Keyword::Submodule))
}

impl<'m> Types<'m> {
    /// The module-level typedef that a `type` statement names without restricting it. `None` for one
    /// of a second revision of a module: the one Rust module of both has the other's.
    pub(super) fn unrestricted(&self, ty: &Resolved<'m>) -> Option<QName> {
        let typedef = ty.typedef.filter(|typedef| is_at_top(*typedef))?;
        if restrictions(ty.statement).next().is_some() {
            return None;
        }
        self.qualified(typedef)
    }

    /// The name of a typedef at the top of a module that the model has.
    fn qualified(&self, typedef: Statement<'m>) -> Option<QName> {
        let id = self.modules.module_of(typedef)?;
        let module = &self.modules.module(id)?.name;
        (self.modules.by_name(module) == Some(id)).then(|| QName {
            module: module.clone(),
            name: typedef.argument().to_owned(),
        })
    }

    /// Adds the typedefs that the `used` ones are made of.
    pub(crate) fn close_over(&self, used: &mut BTreeSet<QName>) {
        let mut open: Vec<QName> = used.iter().cloned().collect();
        while let Some(name) = open.pop() {
            let ty = self.type_of(&name);
            let Some(ty) = ty.and_then(|ty| self.of(ty, &mut Faults::default())) else {
                continue;
            };
            let mut inner = Vec::new();
            self.named_in(&ty, &mut inner);
            open.extend(inner.into_iter().filter(|name| used.insert(name.clone())));
        }
    }

    /// The `type` statement of a typedef.
    fn type_of(&self, name: &QName) -> Option<Statement<'m>> {
        let module = self.modules.by_name(&name.module)?;
        let mut typedefs = self.at_top(module);
        let typedef = typedefs.find(|typedef| typedef.argument() == name.name)?;
        typedef.child(Keyword::Type)
    }

    /// Adds the typedef that a type names, or those that the members name of a union without one.
    fn named_in(&self, ty: &Resolved<'m>, names: &mut Vec<QName>) {
        let written = ty.statement.all(Keyword::Type);
        names.extend(self.unrestricted(ty));
        for member in written {
            if let Some(member) = self.of(member, &mut Faults::default()) {
                self.named_in(&member, names);
            }
        }
    }

    /// The typedefs at the top of a module and its submodules, in the order of their texts.
    pub(crate) fn at_top(&self, module: ModuleId) -> impl Iterator<Item = Statement<'m>> + use<'m> {
        let body = self.modules.body(module);
        body.filter(|statement| statement.keyword() == Keyword::Typedef)
    }

    /// The typedefs of a module that mean the same wherever they are used, as those of leafrefs and
    /// of unions with one need not.
    pub(crate) fn standing_alone(&self, module: ModuleId) -> Vec<QName> {
        let stands_alone = |typedef: &Statement<'m>| {
            let ty = typedef.child(Keyword::Type);
            let ty = ty.and_then(|ty| self.of(ty, &mut Faults::default()));
            ty.is_some_and(|ty| !refers(&ty.base))
        };
        self.at_top(module)
            .filter(stands_alone)
            .filter_map(|typedef| self.qualified(typedef))
            .collect()
    }

    /// The typedefs of a module that are used, in the order of its text.
    pub(crate) fn typedefs(
        &self,
        tree: &Tree<'m>,
        module: ModuleId,
        used: &BTreeSet<QName>,
        faults: &mut Faults,
    ) -> Vec<model::Typedef> {
        let mut found = Vec::new();
        for typedef in self.at_top(module) {
            let name = self.qualified(typedef);
            if name.is_some_and(|name| used.contains(&name)) {
                found.extend(self.converted(tree, typedef, faults));
            }
        }
        found
    }

    fn converted(
        &self,
        tree: &Tree<'m>,
        typedef: Statement<'m>,
        faults: &mut Faults,
    ) -> Option<model::Typedef> {
        let ty = self.of(typedef.child(Keyword::Type)?, faults)?;
        let mut own = Conversion::new(self, tree, &mut BTreeSet::new(), faults).of(&ty, None)?;
        if let model::Type::String { canonical, .. } = &mut own {
            *canonical = self.form_of_typedef(typedef);
        }
        let text = |keyword| typedef.argument_of(keyword).map(ToOwned::to_owned);
        Some(model::Typedef {
            name: typedef.argument().to_owned(),
            docs: docs(typedef),
            units: text(Keyword::Units),
            default: text(Keyword::Default),
            ty: TypeUse {
                ty: own,
                typedef: self.unrestricted(&ty),
            },
        })
    }
}

/// True for a leafref, and for a union with one.
fn refers(base: &Base<'_>) -> bool {
    match base {
        Base::Leafref { .. } => true,
        Base::Union { members, .. } => members.iter().any(|member| refers(&member.base)),
        _ => false,
    }
}
