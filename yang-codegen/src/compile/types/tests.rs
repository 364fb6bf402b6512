//! Types of texts in memory.

mod conversion;
mod defaults;
mod restrictions;

use super::Types;
use crate::Features;
use crate::fault::Faults;
use crate::modules::{Modules, Request};
use crate::parse::{Keyword, Statement};
use crate::sources::Sources;

type Wanted = (
    Sources,
    Vec<(String, Option<String>)>,
    Vec<(String, Features)>,
);

/// The texts, their modules, and the feature `on` of those that have it.
fn request(texts: &[&str]) -> Wanted {
    let mut wanted: Wanted = Default::default();
    let (sources, names, features) = &mut wanted;
    for text in texts {
        let name = text.split_whitespace().nth(1).unwrap();
        sources.add(format!("{name}.yang"), *text);
        names.push((name.to_owned(), None));
        if text.contains("feature on;") {
            features.push((name.to_owned(), Features::from(["on"])));
        }
    }
    wanted
}

/// The modules of the texts, and the faults of loading them.
fn load(texts: &[&str]) -> (Modules, Faults) {
    let (sources, names, features) = request(texts);
    let request = Request {
        sources: &sources,
        modules: &names,
        features: &features,
        implement_imports: false,
    };
    let mut faults = Faults::new(false);
    let modules = Modules::load(&request, &mut faults).unwrap();
    (modules, faults)
}

/// A module of YANG 1.1 with this body.
fn module(body: &str) -> String {
    format!("module m {{ yang-version 1.1; namespace \"urn:m\"; prefix m; {body} }}")
}

/// The faults of all types and defaults.
fn faults_of(texts: &[&str]) -> Vec<String> {
    let (modules, mut faults) = load(texts);
    Types::new(&modules).check_all(&mut faults);
    let (found, ..) = faults.finish();
    found.iter().map(ToString::to_string).collect()
}

/// The statements of a keyword in the module m.
fn all(modules: &Modules, keyword: Keyword) -> Vec<Statement<'_>> {
    let m = modules.statement(modules.by_name("m").unwrap()).unwrap();
    m.descendants()
        .filter(|statement| statement.keyword() == keyword)
        .collect()
}

/// Checks that each body, of a module of YANG 1.1, is right, or has one fault with the text.
fn check(cases: &[(&str, Option<&str>)]) {
    for (body, expected) in cases {
        let found = faults_of(&[&module(body)]);
        match (expected, &*found) {
            (None, []) => {}
            (Some(expected), [fault]) if fault.contains(expected) => {}
            _ => panic!("{body}\nexpected {expected:?}\nfound {found:#?}"),
        }
    }
}
