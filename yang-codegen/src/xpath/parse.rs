//! The grammar of XPath 1.0 (sections 2 and 3 of the recommendation).

use super::token::{Placed, Token, tokens, unexpected};
use super::{Invalid, Names, function};
use crate::model::QName;
use crate::model::xpath::{Arithmetic, Axis, Comparison, Expr, Path, Step, Test};

/// The deepest nesting of expressions; libyang's bound.
const MOST_NESTED: usize = 100;

/// The most operators with two operands in an expression.
const MOST_OPERATORS: usize = 500;

/// Parses an expression.
///
/// # Errors
/// The source cannot be used.
pub(crate) fn parse(source: &str, names: &dyn Names) -> Result<Expr, Invalid> {
    let mut parser = Parser {
        source,
        tokens: tokens(source)?,
        at: 0,
        depth: 0,
        operators: 0,
        names,
    };
    let expr = parser.expr()?;
    match parser.peek() {
        None => Ok(expr),
        Some(_) => Err(parser.unexpected()),
    }
}

struct Parser<'s> {
    source: &'s str,
    tokens: Vec<Placed<'s>>,
    /// The index of the next token.
    at: usize,
    /// The number of open expressions.
    depth: usize,
    /// The operators with two operands so far.
    operators: usize,
    names: &'s dyn Names,
}

type Parsed<T> = Result<T, Invalid>;

/// An operator of two operands.
type Binary = fn(Box<Expr>, Box<Expr>) -> Expr;

/// The operators from the weakest to the strongest, by levels, each with the expression that it
/// builds.
const LEVELS: &[&[(Token<'static>, Binary)]] = &[
    &[(Token::Word("or"), Expr::Or)],
    &[(Token::Word("and"), Expr::And)],
    &[
        (Token::Mark("="), |a, b| {
            Expr::Compare(Comparison::Equal, a, b)
        }),
        (Token::Mark("!="), |a, b| {
            Expr::Compare(Comparison::NotEqual, a, b)
        }),
    ],
    &[
        (Token::Mark("<"), |a, b| {
            Expr::Compare(Comparison::Less, a, b)
        }),
        (Token::Mark("<="), |a, b| {
            Expr::Compare(Comparison::LessOrEqual, a, b)
        }),
        (Token::Mark(">"), |a, b| {
            Expr::Compare(Comparison::Greater, a, b)
        }),
        (Token::Mark(">="), |a, b| {
            Expr::Compare(Comparison::GreaterOrEqual, a, b)
        }),
    ],
    &[
        (Token::Mark("+"), |a, b| {
            Expr::Arithmetic(Arithmetic::Add, a, b)
        }),
        (Token::Mark("-"), |a, b| {
            Expr::Arithmetic(Arithmetic::Subtract, a, b)
        }),
    ],
    &[
        (Token::Word("*"), |a, b| {
            Expr::Arithmetic(Arithmetic::Multiply, a, b)
        }),
        (Token::Word("div"), |a, b| {
            Expr::Arithmetic(Arithmetic::Divide, a, b)
        }),
        (Token::Word("mod"), |a, b| {
            Expr::Arithmetic(Arithmetic::Modulo, a, b)
        }),
    ],
];

impl<'s> Parser<'s> {
    fn peek(&self) -> Option<Token<'s>> {
        self.tokens.get(self.at).map(|(token, _)| *token)
    }

    /// Takes the next token if it is this mark.
    fn takes(&mut self, mark: &'static str) -> bool {
        let is_it = self.peek() == Some(Token::Mark(mark));
        self.at += usize::from(is_it);
        is_it
    }

    fn require(&mut self, mark: &'static str) -> Parsed<()> {
        if self.takes(mark) {
            return Ok(());
        }
        Err(match self.rest() {
            "" => Invalid(format!("\"{mark}\" is missing at the end")),
            rest => Invalid(format!("\"{mark}\" is missing before \"{rest}\"")),
        })
    }

    /// The text from the next token on.
    fn rest(&self) -> &'s str {
        let start = self.tokens.get(self.at).map(|(_, start)| *start);
        start
            .and_then(|start| self.source.get(start..))
            .unwrap_or_default()
    }

    fn unexpected(&self) -> Invalid {
        match self.rest() {
            "" => Invalid("it ends too early".to_owned()),
            rest => unexpected(rest),
        }
    }

    fn expr(&mut self) -> Parsed<Expr> {
        self.depth += 1;
        if self.depth > MOST_NESTED {
            return Err(Invalid(format!(
                "more than {MOST_NESTED} expressions are in one another"
            )));
        }
        let expr = self.level(LEVELS)?;
        self.depth -= 1;
        Ok(expr)
    }

    /// Bounds the operators, each of which has those before it in its first operand.
    fn count_operator(&mut self) -> Parsed<()> {
        self.operators += 1;
        if self.operators > MOST_OPERATORS {
            return Err(Invalid(format!("more than {MOST_OPERATORS} operators")));
        }
        Ok(())
    }

    fn level(&mut self, levels: &[&[(Token<'static>, Binary)]]) -> Parsed<Expr> {
        let Some((operators, stronger)) = levels.split_first() else {
            return self.unary();
        };
        let mut expr = self.level(stronger)?;
        while let Some((_, binary)) = self
            .peek()
            .and_then(|token| operators.iter().find(|(operator, _)| *operator == token))
        {
            self.at += 1;
            self.count_operator()?;
            let right = self.level(stronger)?;
            expr = binary(Box::new(expr), Box::new(right));
        }
        Ok(expr)
    }

    fn unary(&mut self) -> Parsed<Expr> {
        let mut signs = 0;
        while self.takes("-") {
            signs += 1;
        }
        let mut expr = self.path_expr()?;
        while self.takes("|") {
            self.count_operator()?;
            let right = self.path_expr()?;
            if !expr.is_node_set() || !right.is_node_set() {
                return Err(Invalid("an operand of | is no set of nodes".to_owned()));
            }
            expr = Expr::Union(Box::new(expr), Box::new(right));
        }
        // Two signs only make a number of it.
        let negations = if signs > 2 { 2 - signs % 2 } else { signs };
        Ok((0..negations).fold(expr, |expr, _| Expr::Negate(Box::new(expr))))
    }

    fn path_expr(&mut self) -> Parsed<Expr> {
        let of = match self.peek() {
            Some(Token::Literal(text)) => {
                self.at += 1;
                self.literal(text)
            }
            Some(Token::Number(number)) => {
                self.at += 1;
                Expr::Number(number)
            }
            Some(Token::Mark("(")) => {
                self.at += 1;
                let inner = self.expr()?;
                self.require(")")?;
                inner
            }
            Some(Token::Name(None, name)) if self.is_call(name) => self.call(name)?,
            _ => return self.location_path(),
        };
        let predicates = self.predicates()?;
        let mut steps = Vec::new();
        if matches!(self.peek(), Some(Token::Mark("/" | "//"))) {
            self.steps(&mut steps)?;
        }
        if predicates.is_empty() && steps.is_empty() {
            return Ok(of);
        }
        if !of.is_node_set() {
            return Err(Invalid(
                "only a set of nodes can have predicates and steps".to_owned(),
            ));
        }
        Ok(Expr::Filter {
            of: Box::new(of),
            predicates,
            steps,
        })
    }

    /// True if a name is that of a function, or of a node test with parentheses.
    fn is_call(&self, name: &str) -> bool {
        let behind = self.tokens.get(self.at + 1).map(|(token, _)| *token);
        behind == Some(Token::Mark("(")) && !NODE_TYPES.contains(&name)
    }

    fn call(&mut self, name: &str) -> Parsed<Expr> {
        self.at += 1;
        self.require("(")?;
        let mut arguments = Vec::new();
        if !self.takes(")") {
            arguments.push(self.expr()?);
            while self.takes(",") {
                arguments.push(self.expr()?);
            }
            self.require(")")?;
        }
        function::call(name, arguments, self.names)
    }

    fn literal(&self, text: &str) -> Expr {
        let (module, name) = match text.split_once(':') {
            None => (Some(self.names.written_in()), text),
            Some((prefix, name)) => (self.names.prefix(prefix), name),
        };
        let name = module
            .filter(|_| is_identifier(name))
            .map(|module| qualified(module, name));
        Expr::Literal {
            text: text.to_owned(),
            name,
        }
    }

    fn location_path(&mut self) -> Parsed<Expr> {
        let mut steps = Vec::new();
        let absolute = match self.peek() {
            Some(Token::Mark("/")) => {
                self.at += 1;
                if self.starts_step() {
                    self.at -= 1;
                    self.steps(&mut steps)?;
                }
                true
            }
            Some(Token::Mark("//")) => {
                self.steps(&mut steps)?;
                true
            }
            _ => {
                steps.push(self.step()?);
                self.steps(&mut steps)?;
                false
            }
        };
        Ok(Expr::Path(Path { absolute, steps }))
    }

    fn starts_step(&self) -> bool {
        matches!(
            self.peek(),
            Some(Token::Mark("." | ".." | "@" | "*") | Token::Name(..) | Token::Prefix(_))
        )
    }

    /// `/` or `//` and a step, as long as there are any.
    fn steps(&mut self, steps: &mut Vec<Step>) -> Parsed<()> {
        loop {
            if self.takes("//") {
                steps.push(step(Axis::DescendantOrSelf, Test::Node));
            } else if !self.takes("/") {
                return Ok(());
            }
            steps.push(self.step()?);
        }
    }

    fn step(&mut self) -> Parsed<Step> {
        if self.takes(".") {
            return Ok(step(Axis::Itself, Test::Node));
        }
        if self.takes("..") {
            return Ok(step(Axis::Parent, Test::Node));
        }
        let axis = self.axis()?;
        Ok(Step {
            axis,
            test: self.test()?,
            predicates: self.predicates()?,
        })
    }

    fn axis(&mut self) -> Parsed<Axis> {
        if self.takes("@") {
            return Ok(Axis::Attribute);
        }
        let behind = self.tokens.get(self.at + 1).map(|(token, _)| *token);
        let Some(Token::Name(None, name)) =
            self.peek().filter(|_| behind == Some(Token::Mark("::")))
        else {
            return Ok(Axis::Child);
        };
        self.at += 2;
        let axis = AXES.iter().find(|(known, _)| *known == name);
        axis.map(|(_, axis)| *axis)
            .ok_or_else(|| Invalid(format!("there is no axis \"{name}\"")))
    }

    fn test(&mut self) -> Parsed<Test> {
        let Some(token) = self.peek() else {
            return Err(self.unexpected());
        };
        let test = match token {
            Token::Mark("*") => Test::Any,
            Token::Prefix(prefix) => Test::Module(self.names.module_of(prefix)?.to_owned()),
            Token::Name(Some(prefix), name) => {
                Test::Name(qualified(self.names.module_of(prefix)?, name))
            }
            Token::Name(None, name) => {
                self.at += 1;
                if self.takes("(") {
                    return self.node_type(name);
                }
                return Ok(Test::Name(qualified(self.names.current(), name)));
            }
            _ => return Err(self.unexpected()),
        };
        self.at += 1;
        Ok(test)
    }

    /// A node test with parentheses, from behind the opening one.
    fn node_type(&mut self, name: &str) -> Parsed<Test> {
        let test = match name {
            "node" => Test::Node,
            "text" => Test::Text,
            "comment" => Test::Nothing,
            "processing-instruction" => {
                let named = matches!(self.peek(), Some(Token::Literal(_)));
                self.at += usize::from(named);
                Test::Nothing
            }
            _ => {
                return Err(Invalid(format!(
                    "{name}() is no node test, and a function cannot be a step"
                )));
            }
        };
        self.require(")")?;
        Ok(test)
    }

    fn predicates(&mut self) -> Parsed<Vec<Expr>> {
        let mut predicates = Vec::new();
        while self.takes("[") {
            predicates.push(self.expr()?);
            self.require("]")?;
        }
        Ok(predicates)
    }
}

const NODE_TYPES: &[&str] = &["node", "text", "comment", "processing-instruction"];

const AXES: &[(&str, Axis)] = &[
    ("child", Axis::Child),
    ("parent", Axis::Parent),
    ("self", Axis::Itself),
    ("descendant", Axis::Descendant),
    ("descendant-or-self", Axis::DescendantOrSelf),
    ("ancestor", Axis::Ancestor),
    ("ancestor-or-self", Axis::AncestorOrSelf),
    ("following", Axis::Following),
    ("following-sibling", Axis::FollowingSibling),
    ("preceding", Axis::Preceding),
    ("preceding-sibling", Axis::PrecedingSibling),
    ("attribute", Axis::Attribute),
    ("namespace", Axis::Attribute),
];

const fn step(axis: Axis, test: Test) -> Step {
    Step {
        axis,
        test,
        predicates: Vec::new(),
    }
}

fn qualified(module: &str, name: &str) -> QName {
    QName {
        module: module.to_owned(),
        name: name.to_owned(),
    }
}

/// RFC 7950 section 14, `identifier`.
fn is_identifier(text: &str) -> bool {
    text.starts_with(|character: char| character.is_ascii_alphabetic() || character == '_')
        && text
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || "_-.".contains(character))
}
