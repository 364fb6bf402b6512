//! XPath expressions as static trees.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::pattern;
use super::scope::Scope;
use super::shared::Kind;
use crate::model::QName;
use crate::model::xpath::{Arithmetic, Axis, Comparison, Expr, Function, Path, Step, Test};

/// A reference to the static of an expression.
pub(super) fn reference(scope: &Scope<'_>, expr: &Expr) -> TokenStream {
    let (top, name) = (scope.top(), name(scope, expr));
    quote!(&#top shared_::#name)
}

/// The name of the static of an expression.
pub(super) fn name(scope: &Scope<'_>, expr: &Expr) -> Ident {
    let value = Emitter { scope }.expr(expr);
    scope.shared().name(Kind::Expr, &value)
}

/// Writes expressions down, with `x` for the runtime's module of expressions.
struct Emitter<'s, 'm> {
    scope: &'s Scope<'m>,
}

impl Emitter<'_, '_> {
    fn expr(&self, expr: &Expr) -> TokenStream {
        let of = quote!(x::Expr);
        match expr {
            Expr::Path(Path { absolute, steps }) => {
                let steps = self.steps(steps);
                if *absolute {
                    quote!(#of::absolute(#steps))
                } else {
                    quote!(#of::path(#steps))
                }
            }
            Expr::Filter {
                of: inner,
                predicates,
                steps,
            } => {
                let (inner, steps) = (self.expr(inner), self.steps(steps));
                let predicates = self.exprs(predicates);
                quote!(#of::Filter { of: &#inner, predicates: #predicates, steps: #steps })
            }
            Expr::Union(one, other) => self.binary(&quote!(Union), one, other),
            Expr::Or(one, other) => self.binary(&quote!(Or), one, other),
            Expr::And(one, other) => self.binary(&quote!(And), one, other),
            Expr::Compare(comparison, one, other) => {
                let comparison = comparison_variant(*comparison);
                let (one, other) = (self.expr(one), self.expr(other));
                quote!(#of::Compare(x::Comparison::#comparison, &#one, &#other))
            }
            Expr::Arithmetic(arithmetic, one, other) => {
                let arithmetic = arithmetic_variant(*arithmetic);
                let (one, other) = (self.expr(one), self.expr(other));
                quote!(#of::Arithmetic(x::Arithmetic::#arithmetic, &#one, &#other))
            }
            Expr::Negate(inner) => {
                let inner = self.expr(inner);
                quote!(#of::Negate(&#inner))
            }
            Expr::Literal { text, name } => literal(text, name.as_ref()),
            Expr::Number(number) => number_value(*number),
            Expr::Call(function, arguments) => {
                let function = self.function(function);
                let arguments = self.exprs(arguments);
                quote!(#of::Call(x::Function::#function, #arguments))
            }
        }
    }

    fn exprs(&self, exprs: &[Expr]) -> TokenStream {
        let exprs = exprs.iter().map(|expr| self.expr(expr));
        quote!(&[#(#exprs),*])
    }

    fn binary(&self, variant: &TokenStream, one: &Expr, other: &Expr) -> TokenStream {
        let (one, other) = (self.expr(one), self.expr(other));
        quote!(x::Expr::#variant(&#one, &#other))
    }

    fn steps(&self, steps: &[Step]) -> TokenStream {
        let steps = steps.iter().map(|step| self.step(step));
        quote!(&[#(#steps),*])
    }

    fn step(&self, step: &Step) -> TokenStream {
        let of = quote!(x::Step);
        let bare = match (step.axis, &step.test) {
            (Axis::Child, Test::Name(QName { module, name })) => quote!(#of::child(#module, #name)),
            (Axis::Parent, Test::Node) => quote!(#of::parent()),
            (Axis::Itself, Test::Node) => quote!(#of::itself()),
            (axis, test) => {
                let (axis, test) = (axis_variant(axis), test_variant(test));
                quote!(#of::new(x::Axis::#axis, x::Test::#test))
            }
        };
        if step.predicates.is_empty() {
            return bare;
        }
        let predicates = self.exprs(&step.predicates);
        quote!(#bare.with(#predicates))
    }

    fn function(&self, function: &Function) -> TokenStream {
        match function {
            Function::ReMatch(pattern) => {
                let value = pattern::pattern(pattern);
                let value = quote!(Pattern::#value);
                let name = self.scope.shared().name(Kind::Pattern, &value);
                quote!(ReMatch(&#name))
            }
            Function::DerivedFrom(identities) => {
                let identities = identities.iter().map(name_text);
                quote!(DerivedFrom(&[#(#identities),*]))
            }
            Function::DerivedFromNothing(_) => quote!(DerivedFrom(&[])),
            // The names are the same on both sides.
            other => {
                let variant = format_ident!("{other:?}");
                quote!(#variant)
            }
        }
    }
}

fn literal(text: &str, name: Option<&QName>) -> TokenStream {
    match name.map(name_text) {
        None => quote!(x::Expr::text(#text)),
        Some(name) => quote!(x::Expr::named(#text, #name)),
    }
}

/// Of digits alone, but there may be so many that it is infinite.
fn number_value(number: f64) -> TokenStream {
    if !number.is_finite() {
        return quote!(x::Expr::Number(f64::INFINITY));
    }
    let number = Literal::f64_unsuffixed(number);
    quote!(x::Expr::Number(#number))
}

fn name_text(name: &QName) -> String {
    format!("{}:{}", name.module, name.name)
}

// The names are the same on both sides.

fn comparison_variant(comparison: Comparison) -> Ident {
    format_ident!("{comparison:?}")
}

fn arithmetic_variant(arithmetic: Arithmetic) -> Ident {
    format_ident!("{arithmetic:?}")
}

fn axis_variant(axis: Axis) -> Ident {
    format_ident!("{axis:?}")
}

fn test_variant(test: &Test) -> TokenStream {
    match test {
        Test::Name(QName { module, name }) => quote!(Name { module: #module, name: #name }),
        Test::Module(module) => quote!(Module(#module)),
        Test::Any => quote!(Any),
        Test::Node => quote!(Node),
        Test::Text => quote!(Text),
        Test::Nothing => quote!(Nothing),
    }
}
