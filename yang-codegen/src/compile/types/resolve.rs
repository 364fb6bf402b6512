//! From a `type` statement through its chain of typedefs to the built-in type.

use std::rc::Rc;

use super::base::{Base, BuiltIn, bounds};
use super::items::{Item, items};
use super::pattern::{self, Pattern};
use super::range::{Part, Range};
use super::{Known, Resolved, Types, is_1_1, restrictions};
use crate::fault::{Fault, Faults};
use crate::parse::{Keyword, Statement};

/// The most typedefs in a chain.
pub(super) const MOST_TYPEDEFS: usize = 1_000;

/// The most patterns of a type, with those of its typedefs.
const MOST_PATTERNS: usize = 100;

/// The most unions in each other, through typedefs too.
const MOST_NESTED: usize = 64;

/// The most members of a union, with those of unions in it.
pub(super) const MOST_MEMBERS: usize = 1_000;

impl<'m> Types<'m> {
    /// The type of a `type` statement; `None` if it has a fault.
    pub(crate) fn of(&self, ty: Statement<'m>, faults: &mut Faults) -> Option<Rc<Resolved<'m>>> {
        Resolving {
            types: self,
            above: Vec::new(),
            unions: 0,
            faults,
        }
        .of(ty)
    }

    fn known(&self, ty: Statement<'m>) -> Option<Known<'m>> {
        self.resolved.borrow().get(&ty.key()).cloned()
    }
}

struct Resolving<'r, 'm> {
    types: &'r Types<'m>,
    /// The `type` statements that are being resolved.
    above: Vec<Statement<'m>>,
    /// The number of unions among them.
    unions: usize,
    faults: &'r mut Faults,
}

/// The start of a chain.
enum Start<'m> {
    BuiltIn(BuiltIn),
    Known(Rc<Resolved<'m>>),
}

impl<'m> Resolving<'_, 'm> {
    fn of(&mut self, ty: Statement<'m>) -> Option<Rc<Resolved<'m>>> {
        match self.types.known(ty) {
            Some(Known::Right(known)) => return Some(known),
            Some(Known::Wrong) => return None,
            None => {}
        }
        let depth = self.above.len();
        let mut start = self.start(ty);
        let mut found = None;
        // From the built-in type back to the statement.
        while self.above.len() > depth {
            let Some(statement) = self.above.last().copied() else {
                break;
            };
            found = match start.take() {
                Some(Start::BuiltIn(built_in)) => self.direct(statement, built_in),
                Some(Start::Known(outer)) => self.derived(statement, &outer),
                None => None,
            };
            self.above.pop();
            let known = found.clone().map_or(Known::Wrong, Known::Right);
            let mut resolved = self.types.resolved.borrow_mut();
            resolved.insert(statement.key(), known);
            start = found.clone().map(Start::Known);
        }
        found
    }

    /// Puts the chain of `type` statements on the stack, up to one that is known or names a built-in
    /// type.
    fn start(&mut self, ty: Statement<'m>) -> Option<Start<'m>> {
        let (depth, mut ty) = (self.above.len(), ty);
        loop {
            match self.types.known(ty) {
                Some(Known::Right(known)) => return Some(Start::Known(known)),
                Some(Known::Wrong) => return None,
                None => {}
            }
            if self.above.contains(&ty) {
                self.circular(ty);
                return None;
            }
            self.above.push(ty);
            if self.above.len() - depth > MOST_TYPEDEFS {
                self.too_long(ty);
                return None;
            }
            if let Some(built_in) = BuiltIn::from_name(ty.argument()) {
                return Some(Start::BuiltIn(built_in));
            }
            let Some(typedef) = self.types.named(ty) else {
                self.unknown(ty);
                return None;
            };
            // Without a type, which is a fault of its grammar, it has no meaning.
            ty = typedef.child(Keyword::Type)?;
        }
    }

    fn too_long(&mut self, ty: Statement<'m>) {
        let message = format!(
            "it is derived through more than {MOST_TYPEDEFS} typedefs, which is more than is \
             compiled; derive it from one nearer to the built-in type"
        );
        self.faults.at(ty, "RFC 7950 section 7.3", message);
    }

    fn circular(&mut self, ty: Statement<'m>) {
        let mut around = std::iter::successors(Some(ty), |ty| ty.parent());
        let typedef = around.find(|statement| statement.keyword() == Keyword::Typedef);
        let message = "the typedef is derived from itself; derive it from another type";
        self.faults
            .at(typedef.unwrap_or(ty), "RFC 7950 section 7.3", message);
    }

    fn unknown(&mut self, ty: Statement<'m>) {
        let (name, modules) = (ty.argument(), self.types.modules);
        let nearest = modules.nearest_typedef(ty, name);
        let message = match name.split_once(':') {
            Some((prefix, _)) if modules.by_prefix(ty, prefix).is_none() => {
                "no import has this prefix; import the module that defines the type"
            }
            Some(_) => "no such typedef is there; the module of the prefix has none of this name",
            None => {
                "no such type is there; it is no built-in type, and no typedef that can be seen here"
            }
        };
        let fault = Fault::of(ty, "RFC 7950 section 7.4", message);
        self.faults.add(fault.nearest(nearest));
    }

    /// A statement that names a built-in type.
    fn direct(&mut self, ty: Statement<'m>, built_in: BuiltIn) -> Option<Rc<Resolved<'m>>> {
        let needed = built_in.needed();
        let missing = needed.filter(|(keyword, _)| ty.child(*keyword).is_none());
        if let Some((keyword, section)) = missing {
            let message = format!("{} needs a {keyword} statement; add it", built_in.noun());
            self.faults.at(ty, section, message);
            return None;
        }
        let needed = needed.map(|(keyword, _)| keyword);
        self.check_restrictions(ty, built_in, needed)?;
        let base = self.built_in(ty, built_in)?;
        let base = self.restricted(ty, base)?;
        Some(Rc::new(Resolved {
            statement: ty,
            base,
            typedef: None,
            typedefs: 0,
        }))
    }

    /// A statement that names a typedef whose type is `outer`.
    fn derived(&mut self, ty: Statement<'m>, outer: &Resolved<'m>) -> Option<Rc<Resolved<'m>>> {
        if outer.typedefs == MOST_TYPEDEFS {
            self.too_long(ty);
            return None;
        }
        self.check_restrictions(ty, outer.base.built_in(), None)?;
        self.check_version(ty, outer.base.built_in())?;
        let base = match &outer.base {
            Base::Enumeration(_) | Base::Bits(_) => self.narrowed_items(ty, &outer.base)?,
            other => self.restricted(ty, other.clone())?,
        };
        Some(Rc::new(Resolved {
            statement: ty,
            base,
            typedef: self.types.named(ty),
            typedefs: outer.typedefs + 1,
        }))
    }

    /// Checks that the statements in a `type` statement restrict such a type.
    fn check_restrictions(
        &mut self,
        ty: Statement<'m>,
        built_in: BuiltIn,
        needed: Option<Keyword>,
    ) -> Option<()> {
        let before = self.faults.count();
        for restriction in restrictions(ty) {
            let keyword = restriction.keyword();
            if built_in.restrictions().contains(&keyword) || needed == Some(keyword) {
                continue;
            }
            let noun = built_in.noun();
            let own = built_in.needed().map(|(keyword, _)| keyword);
            let message = if own == Some(keyword) {
                format!(
                    "{keyword} is stated where {noun} is defined, not where its typedef is used; remove it"
                )
            } else {
                format!("{keyword} does not restrict {noun}; remove it")
            };
            let section = built_in.restrictions_section();
            self.faults.at(restriction, section, message);
        }
        (self.faults.count() == before).then_some(())
    }

    /// YANG 1 restricts neither enumerations nor bits.
    fn check_version(&mut self, ty: Statement<'m>, built_in: BuiltIn) -> Option<()> {
        let item = restrictions(ty).find(|restriction| {
            matches!(restriction.keyword(), Keyword::Enum | Keyword::Bit) && !is_1_1(ty)
        });
        let Some(item) = item else {
            return Some(());
        };
        let message = format!(
            "YANG 1 does not restrict {}; state yang-version 1.1",
            built_in.noun()
        );
        self.faults
            .at(item, built_in.restrictions_section(), message);
        None
    }

    /// The built-in type with what it needs, before it is restricted.
    fn built_in(&mut self, ty: Statement<'m>, built_in: BuiltIn) -> Option<Base<'m>> {
        Some(match built_in {
            BuiltIn::Int(kind) => Base::Int { kind, range: None },
            BuiltIn::Binary => Base::Binary { length: None },
            BuiltIn::Boolean => Base::Boolean,
            BuiltIn::Empty => Base::Empty,
            BuiltIn::String => Base::String {
                length: None,
                patterns: Rc::new([]),
            },
            BuiltIn::InstanceIdentifier => Base::InstanceIdentifier {
                require_instance: true,
            },
            BuiltIn::Bits => self.items(ty, Keyword::Bit, None).map(Base::Bits)?,
            BuiltIn::Enumeration => self.items(ty, Keyword::Enum, None).map(Base::Enumeration)?,
            BuiltIn::Decimal64 => Base::Decimal64 {
                digits: self.digits(ty.child(Keyword::FractionDigits)?)?,
                range: None,
            },
            BuiltIn::Leafref => Base::Leafref {
                path: ty.child(Keyword::Path)?,
                require_instance: true,
            },
            BuiltIn::Identityref => self.identityref(ty)?,
            BuiltIn::Union => self.union(ty)?,
        })
    }

    fn digits(&mut self, statement: Statement<'m>) -> Option<u8> {
        let digits = statement.argument().parse().ok();
        let digits = digits.filter(|digits| (1..=18).contains(digits));
        if digits.is_none() {
            let message = "it is no number of digits; write one from 1 to 18";
            self.faults.at(statement, "RFC 7950 section 9.3.4", message);
        }
        digits
    }

    fn identityref(&mut self, ty: Statement<'m>) -> Option<Base<'m>> {
        let modules = self.types.modules;
        let mut bases = Vec::new();
        for base in ty.all(Keyword::Base) {
            let name = base.argument();
            let Some(identity) = modules.identity(base, name) else {
                let message = "no such identity is there; define it or import its module";
                let fault = Fault::of(base, "RFC 7950 section 9.10.2", message);
                let nearest = modules.nearest_identity(base, name);
                self.faults.add(fault.nearest(nearest));
                return None;
            };
            bases.push(identity);
        }
        Some(Base::Identityref(bases.into()))
    }

    fn union(&mut self, ty: Statement<'m>) -> Option<Base<'m>> {
        if self.unions >= MOST_NESTED {
            let message = format!("more than {MOST_NESTED} unions are in each other");
            self.faults.at(ty, "RFC 7950 section 9.12", message);
            return None;
        }
        self.unions += 1;
        let members: Vec<_> = ty.all(Keyword::Type).map(|ty| self.of(ty)).collect();
        self.unions -= 1;
        let members: Vec<_> = members.into_iter().collect::<Option<_>>()?;
        for member in &members {
            self.check_member(member)?;
        }
        let weight = members.iter().map(|member| match &member.base {
            Base::Union { weight, .. } => *weight,
            _ => 1,
        });
        let weight = weight.fold(0, usize::saturating_add);
        if weight > MOST_MEMBERS {
            let message = format!("the union has more than {MOST_MEMBERS} members in all");
            self.faults.at(ty, "RFC 7950 section 9.12", message);
            return None;
        }
        Some(Base::Union {
            members: members.into(),
            weight,
        })
    }

    /// YANG 1 has neither empty nor leafref in a union; some vendors do.
    fn check_member(&mut self, member: &Resolved<'m>) -> Option<()> {
        let built_in = member.base.built_in();
        let is_new = matches!(built_in, BuiltIn::Empty | BuiltIn::Leafref);
        if !is_new || is_1_1(member.statement) {
            return Some(());
        }
        let noun = built_in.noun();
        let message = format!("YANG 1 has no union with {noun}; state yang-version 1.1");
        let before = self.faults.count();
        let fault = Fault::of(member.statement, "RFC 6020 section 9.12", message);
        self.faults.tolerable(fault);
        (self.faults.count() == before).then_some(())
    }

    fn items(
        &mut self,
        ty: Statement<'m>,
        keyword: Keyword,
        outer: Option<&[Item<'m>]>,
    ) -> Option<Rc<[Item<'m>]>> {
        let mut items = items(self.types.modules, ty, keyword, outer, self.faults)?;
        if keyword == Keyword::Bit {
            items.sort_by_key(|bit| bit.number);
        }
        Some(items.into())
    }

    /// An enumeration or bits type, with fewer names if the statement lists some.
    fn narrowed_items(&mut self, ty: Statement<'m>, outer: &Base<'m>) -> Option<Base<'m>> {
        Some(match outer {
            Base::Enumeration(items) if ty.child(Keyword::Enum).is_some() => {
                Base::Enumeration(self.items(ty, Keyword::Enum, Some(items))?)
            }
            Base::Bits(items) if ty.child(Keyword::Bit).is_some() => {
                Base::Bits(self.items(ty, Keyword::Bit, Some(items))?)
            }
            other => other.clone(),
        })
    }

    /// The type with the restrictions of a statement.
    fn restricted(&mut self, ty: Statement<'m>, mut base: Base<'m>) -> Option<Base<'m>> {
        const LENGTHS: Part = (0, u64::MAX as i128);
        const DECIMALS: Part = (i64::MIN as i128, i64::MAX as i128);
        match &mut base {
            Base::Int { kind, range } => self.range(ty, range, bounds(*kind), 0)?,
            Base::Decimal64 { digits, range } => self.range(ty, range, DECIMALS, *digits)?,
            Base::Binary { length } => self.range(ty, length, LENGTHS, 0)?,
            Base::String { length, patterns } => {
                self.range(ty, length, LENGTHS, 0)?;
                add_own(ty, patterns);
                if patterns.len() > MOST_PATTERNS {
                    let message = format!(
                        "the type has more than {MOST_PATTERNS} patterns with those of its typedefs, \
                         which is more than is compiled; write fewer"
                    );
                    self.faults.at(ty, pattern::SECTION, message);
                    return None;
                }
            }
            Base::InstanceIdentifier { require_instance } => require(ty, require_instance),
            Base::Leafref {
                require_instance, ..
            } => {
                self.check_require_instance(ty)?;
                require(ty, require_instance);
            }
            _ => {}
        }
        Some(base)
    }

    /// Puts the range or length of a statement, if it states one, in the place of that which it
    /// narrows.
    fn range(
        &mut self,
        ty: Statement<'m>,
        range: &mut Option<Range<'m>>,
        bounds: Part,
        digits: u8,
    ) -> Option<()> {
        let mut own = restrictions(ty);
        let own = own.find(|child| matches!(child.keyword(), Keyword::Range | Keyword::Length));
        if let Some(own) = own {
            let bounds = [bounds];
            let outer = range.as_ref().map_or(&bounds[..], |outer| &outer.parts);
            *range = Some(Range::narrowed(own, outer, digits, self.faults)?);
        }
        Some(())
    }

    /// YANG 1 has no leafrefs to what does not exist.
    fn check_require_instance(&mut self, ty: Statement<'m>) -> Option<()> {
        let stated = ty.child(Keyword::RequireInstance);
        let Some(stated) = stated.filter(|_| !is_1_1(ty)) else {
            return Some(());
        };
        let message = "YANG 1 has no require-instance in leafrefs; state yang-version 1.1";
        self.faults.at(stated, "RFC 7950 section 9.9.3", message);
        None
    }
}

fn require(ty: Statement<'_>, require_instance: &mut bool) {
    if let Some(stated) = ty.argument_of(Keyword::RequireInstance) {
        *require_instance = stated == "true";
    }
}

fn add_own<'m>(ty: Statement<'m>, patterns: &mut Rc<[Pattern<'m>]>) {
    let mut own = ty.all(Keyword::Pattern).map(Pattern::new).peekable();
    if own.peek().is_some() {
        *patterns = patterns.iter().cloned().chain(own).collect();
    }
}
