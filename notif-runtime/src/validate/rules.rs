//! The rules of nodes: `must`, `min-elements` and `max-elements`, `unique`, and `mandatory` where it
//! depends on conditions (RFC 7950 section 8.1), over the tree of which the conditions are known.

use super::accessible::{Content, Item, State, Tree};
use super::cases::{Cases, IsData, Use, case_has_data, has_data, is_data, is_looked_at};
use super::report::Report;
use super::unique;
use super::when::first_false;
use super::xpath::{Evaluation, Stop};
use crate::fault::{Abort, FaultKind, InstancePath, Step};
use crate::schema::{self, Choice, Kind, LeafrefPath, Rules, When};
use crate::tree::{Child, Node};

/// Returns true if a node has rules that are checked over the tree.
pub(super) fn has_rules(schema: &schema::Node<'_>) -> bool {
    let rules = schema.rules;
    !rules.when.is_empty()
        || !rules.must.is_empty()
        || rules.mandatory
        || counts(rules)
        || !rules.unique.is_empty()
        || rules.choices.iter().copied().any(is_mandatory)
}

/// Returns true if a node that the message does not have can break a rule, itself or below it.
pub(super) fn has_rules_if_absent(schema: &schema::Node<'_>) -> bool {
    let rules = schema.rules;
    match &schema.kind {
        Kind::Container {
            presence: false,
            children,
        } => {
            // Its mandatory nodes without conditions are demanded only if it has none itself.
            let is_demanding = || children.iter().any(|child| child.mandatory);
            !rules.must.is_empty()
                || (!rules.when.is_empty() && is_demanding())
                || rules.choices.iter().copied().any(is_mandatory)
                || children
                    .iter()
                    .any(|child| child.constrained && has_rules_if_absent(child))
        }
        Kind::Leaf(leaf) if leaf.default.is_some() => !rules.must.is_empty(),
        Kind::LeafList(leaf) if !leaf.defaults.is_empty() => !rules.must.is_empty(),
        _ => rules.mandatory || rules.min_elements > 0,
    }
}

const fn counts(rules: &Rules<'_>) -> bool {
    rules.min_elements > 0 || rules.max_elements.is_some()
}

fn is_mandatory(choice: &Choice<'_>) -> bool {
    let cases = choice.cases.iter();
    let mut below = cases.flat_map(|case| case.choices).copied();
    choice.mandatory || below.any(is_mandatory)
}

/// Checks the rules of all nodes, but those around an operation.
pub(super) fn check(tree: &Tree<'_>, report: &mut Report<'_>) -> Result<(), Abort> {
    let mut check = Check { tree, report };
    let mut at = tree.top;
    while at < tree.end(tree.top)
        && let Some(item) = tree.get(at)
    {
        if let (State::There, Some(schema)) = (item.state, item.schema) {
            check.item(at, item, schema)?;
        }
        // Nothing is demanded of a node that should not be there.
        at = match item.state {
            State::Refused => tree.end(at),
            _ => at + 1,
        };
    }
    Ok(())
}

struct Check<'t, 'a, 'r, 'c> {
    tree: &'t Tree<'a>,
    report: &'r mut Report<'c>,
}

impl<'a> Check<'_, 'a, '_, '_> {
    fn item(
        &mut self,
        at: usize,
        item: &Item<'a>,
        schema: &'a schema::Node<'a>,
    ) -> Result<(), Abort> {
        let is_part = self.report.options.takes_part_of(schema);
        for must in schema.rules.must.iter().filter(|_| !is_part) {
            let holds = Evaluation::new(self.tree, at).is_true(must.expr);
            if !self.value(holds)? {
                let (path, places) = (self.tree.path(at), self.tree.places(at));
                self.report.violated(must, path, &places)?;
            }
        }
        match item.content {
            Content::Inner(node) => self.children(at, schema, node),
            _ => Ok(()),
        }
    }

    /// The value of an evaluation over a tree of which all conditions are known.
    fn value<T>(&mut self, result: Result<T, Stop>) -> Result<T, Abort> {
        result.map_err(|_| self.report.too_costly())
    }

    /// Checks the instances of each child of a node; `node` if the message has it.
    fn children(
        &mut self,
        at: usize,
        schema: &'a schema::Node<'a>,
        node: Option<&'a dyn Node>,
    ) -> Result<(), Abort> {
        let options = self.report.options;
        let is_checked = |child: &'a schema::Node<'a>| {
            if options.takes_part_of(child) {
                return false;
            }
            let rules = child.rules;
            let is_counted = counts(rules) || rules.mandatory || !rules.unique.is_empty();
            is_counted || (node.is_none() && child.mandatory)
        };
        let choices = schema.rules.choices.iter();
        let choices = !options.takes_part_of(schema) && choices.copied().any(is_mandatory);
        if !choices && !schema.children().iter().any(is_checked) {
            return Ok(());
        }
        let child = |index| node.map_or(Child::None, |node| node.child(index));
        let is_there = |index| !child(index).is_none();
        let cases = Cases::new(schema, &child);
        for (index, below) in schema.children().iter().enumerate() {
            if !is_checked(below) {
                continue;
            }
            let is_due = matches!(cases.of(index), Use::Always | Use::Data);
            self.count(at, below, child(index), is_due)?;
            let is_mandatory = below.rules.mandatory || (node.is_none() && below.mandatory);
            if is_mandatory
                && is_due
                && !below.is_always_there()
                && !is_there(index)
                && self.is_let(at, below)?
            {
                let expected = format!("the mandatory {} \"{}\"", below.keyword(), below.name);
                self.absent(FaultKind::MissingMandatory, at, Some(below), expected)?;
            }
            if let Child::Entries(entries) = child(index) {
                for (entry, leafs) in unique::repeated(below, entries) {
                    let expected = format!("values of {leafs} that no other entry of the list has");
                    self.instance(FaultKind::NotUnique, at, (below, entry), expected)?;
                }
            }
        }
        let of_case = |index, is_default| is_data(schema, &child(index), is_default);
        for choice in schema.rules.choices.iter().filter(|_| choices) {
            if is_looked_at(schema, choice, &is_there) {
                self.choices(at, std::slice::from_ref(choice), &of_case)?;
            }
        }
        Ok(())
    }

    /// RFC 7950 sections 7.7.5 and 7.7.6.
    fn count(
        &mut self,
        at: usize,
        child: &'a schema::Node<'a>,
        instances: Child<'a>,
        is_due: bool,
    ) -> Result<(), Abort> {
        let count = match instances {
            Child::Leaves(leaves) => leaves.len(),
            Child::Entries(entries) => entries.len(),
            _ => 0,
        };
        let rules = child.rules;
        let as_count = |count| usize::try_from(count).unwrap_or(usize::MAX);
        let (keyword, name) = (child.keyword(), child.name);
        if let Some(max) = rules.max_elements
            && count > as_count(max)
        {
            let expected = format!("at most {max} of the {keyword} \"{name}\"");
            let first_over = (child, as_count(max));
            return self.instance(FaultKind::TooManyElements, at, first_over, expected);
        }
        let min = rules.min_elements;
        if is_due && count < as_count(min) && (count > 0 || self.is_let(at, child)?) {
            let expected = format!("at least {min} of the {keyword} \"{name}\"");
            self.absent(FaultKind::TooFewElements, at, Some(child), expected)?;
        }
        Ok(())
    }

    /// RFC 7950 section 7.9.4.
    fn choices(
        &mut self,
        at: usize,
        choices: &'a [&'a Choice<'a>],
        is_data: IsData<'_>,
    ) -> Result<(), Abort> {
        for choice in choices {
            if choice.mandatory
                && !has_data(choice, is_data)
                && self.are_true(at, at, choice.when)?
            {
                let cases: Vec<&str> = choice.cases.iter().map(|case| case.name).collect();
                let expected = format!(
                    "data of a case of the mandatory choice \"{}\": {}",
                    choice.name,
                    cases.join(", ")
                );
                self.absent(FaultKind::MissingChoice, at, None, expected)?;
            }
            for (index, case) in choice.cases.iter().enumerate() {
                if case_has_data(choice, index, is_data) {
                    self.choices(at, case.choices, is_data)?;
                }
            }
        }
        Ok(())
    }

    /// Returns true if the conditions of an absent child hold.
    fn is_let(&mut self, at: usize, child: &'a schema::Node<'a>) -> Result<bool, Abort> {
        if child.rules.when.is_empty() {
            return Ok(true);
        }
        let tree = self.tree;
        let own = tree.children(at).find(|own| {
            let is_it = |schema: &'a schema::Node<'a>| std::ptr::eq(schema, child);
            tree.schema(*own).is_some_and(is_it)
        });
        self.are_true(own.unwrap_or(at), at, child.rules.when)
    }

    fn are_true(
        &mut self,
        own: usize,
        parent: usize,
        whens: &'a [When<'a>],
    ) -> Result<bool, Abort> {
        let false_one = first_false(self.tree, own, parent, whens, false);
        Ok(self.value(false_one)?.is_none())
    }

    /// Records a fault of an instance of a child, which the message has.
    #[cold]
    fn instance(
        &mut self,
        kind: FaultKind,
        parent: usize,
        instance: (&'a schema::Node<'a>, usize),
        expected: String,
    ) -> Result<(), Abort> {
        let mut places = self.tree.places(parent);
        places.push(instance);
        let at = self.tree.at(places.iter().copied());
        let path = self.tree.path(self.value(at)?);
        self.report.fault(kind, path, &places, None, expected)
    }

    /// Records an absence in a node: of a child, or of something without a path of its own.
    #[cold]
    fn absent(
        &mut self,
        kind: FaultKind,
        parent: usize,
        child: Option<&'a schema::Node<'a>>,
        expected: String,
    ) -> Result<(), Abort> {
        let mut path = InstancePath::default();
        if let Some(child) = child {
            path.push_outer(Step::plain(child.qualified_name()));
        }
        for step in self.tree.path(parent).steps().rev() {
            path.push_outer(step.clone());
        }
        let places = self.tree.places(parent);
        self.report.fault(kind, path, &places, None, expected)
    }
}

/// The values that a leafref takes, in words.
pub(super) fn dangling(path: &LeafrefPath<'_>) -> String {
    let path = match path {
        LeafrefPath::Plain(path) => super::references::path_text(path),
        LeafrefPath::Expr { source, .. } => (*source).to_owned(),
    };
    format!("a value that {path} has in the same message")
}
