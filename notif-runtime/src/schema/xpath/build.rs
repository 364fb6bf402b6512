//! Constant functions with which generated code builds expressions, short ones for frequent forms.

use super::{Axis, Expr, Literal, Path, Step, Test};

impl<'s> Expr<'s> {
    /// A location path from the context node.
    #[must_use]
    pub const fn path(steps: &'s [Step<'s>]) -> Self {
        let absolute = false;
        Self::Path(Path { absolute, steps })
    }

    /// A location path from the root.
    #[must_use]
    pub const fn absolute(steps: &'s [Step<'s>]) -> Self {
        let absolute = true;
        Self::Path(Path { absolute, steps })
    }

    /// A literal that is no name.
    #[must_use]
    pub const fn text(text: &'s str) -> Self {
        Self::Literal(Literal { text, name: None })
    }

    /// A literal that is a name, and the same as `module:name`.
    #[must_use]
    pub const fn named(text: &'s str, name: &'s str) -> Self {
        let name = Some(name);
        Self::Literal(Literal { text, name })
    }
}

impl<'s> Step<'s> {
    /// A step without predicates.
    #[must_use]
    pub const fn new(axis: Axis, test: Test<'s>) -> Self {
        Self {
            axis,
            test,
            predicates: &[],
        }
    }

    /// The children of this name.
    #[must_use]
    pub const fn child(module: &'s str, name: &'s str) -> Self {
        Self::new(Axis::Child, Test::Name { module, name })
    }

    /// `..`
    #[must_use]
    pub const fn parent() -> Self {
        Self::new(Axis::Parent, Test::Node)
    }

    /// `.`
    #[must_use]
    pub const fn itself() -> Self {
        Self::new(Axis::Itself, Test::Node)
    }

    /// With predicates.
    #[must_use]
    pub const fn with(mut self, predicates: &'s [Expr<'s>]) -> Self {
        self.predicates = predicates;
        self
    }
}
