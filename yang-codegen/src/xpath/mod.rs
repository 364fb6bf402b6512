//! XPath expressions in schemas (RFC 7950 section 6.4): parsed once, when code is generated, with
//! every name resolved to its module.

mod function;
mod parse;
pub(crate) mod resolve;
#[cfg(test)]
mod tests;
mod token;

use std::fmt;

use crate::model::xpath::{Axis, Expr, Function, Path, Step, Test};
use crate::model::{LeafPath, LeafrefPath, QName};
pub(crate) use parse::parse;

/// The reason that an expression cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Invalid(pub(crate) String);

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The meaning of the names in an expression.
pub(crate) trait Names {
    /// The module of names without a prefix (RFC 7950 section 6.4.1): that of the node which has the
    /// expression, also where it stands in a grouping of another module.
    fn current(&self) -> &str;

    /// The module in whose text the expression stands: that of identities without a prefix, in literals
    /// that are compared with one and in `derived-from()` (RFC 7950 sections 9.10.3 and 10.4).
    fn written_in(&self) -> &str;

    /// The module that a prefix means in that text.
    fn prefix(&self, prefix: &str) -> Option<&str>;

    /// The identities that are derived from one, directly or not; `None` if there is no such one.
    fn derived(&self, identity: &QName) -> Option<Vec<QName>>;

    /// As [`prefix`](Self::prefix).
    ///
    /// # Errors
    /// The prefix is unknown.
    fn module_of(&self, prefix: &str) -> Result<&str, Invalid> {
        self.prefix(prefix)
            .ok_or_else(|| Invalid(format!("no module has the prefix \"{prefix}\" there")))
    }
}

impl Expr {
    /// True if its value is a set of nodes. XPath without variables is typed by its grammar.
    pub(crate) const fn is_node_set(&self) -> bool {
        matches!(
            self,
            Self::Path(_)
                | Self::Filter { .. }
                | Self::Union(..)
                | Self::Call(Function::Current | Function::Deref | Function::Id, _)
        )
    }
}

/// Parses the path of a leafref (RFC 7950 section 9.9.2).
///
/// # Errors
/// The path cannot be used.
pub(crate) fn leafref(source: &str, names: &dyn Names) -> Result<LeafrefPath, Invalid> {
    let expr = parse(source, names)?;
    if !expr.is_node_set() {
        return Err(Invalid("it is no path".to_owned()));
    }
    Ok(match plain(&expr) {
        Some(path) => LeafrefPath::Plain(path),
        None => LeafrefPath::Expr {
            source: source.to_owned(),
            expr,
        },
    })
}

/// The path as a list of names, if it is no more than that.
fn plain(expr: &Expr) -> Option<LeafPath> {
    let Expr::Path(Path { absolute, steps }) = expr else {
        return None;
    };
    let goes_up = |step: &&Step| {
        (step.axis, &step.test) == (Axis::Parent, &Test::Node) && step.predicates.is_empty()
    };
    let ups = steps.iter().take_while(goes_up).count();
    let down = steps.get(ups..)?.iter().map(|step| match step {
        Step {
            axis: Axis::Child,
            test: Test::Name(name),
            predicates,
        } if predicates.is_empty() => Some(name.clone()),
        _ => None,
    });
    let down: Vec<QName> = down.collect::<Option<_>>()?;
    (*absolute != (ups > 0) && !down.is_empty()).then(|| LeafPath {
        ups: (!absolute).then_some(ups),
        steps: down,
    })
}
