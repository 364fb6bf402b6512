//! Texts that would take all memory or time.

use std::fmt::Write as _;
use std::time::Instant;

use super::{compiler, faults};

#[test]
fn groupings_that_double_are_a_fault() {
    for used in [true, false] {
        let mut body = String::from("grouping g0 { leaf x { type int8; } }");
        for level in 1..40 {
            let below = level - 1;
            let _ = write!(
                body,
                "grouping g{level} {{ container a {{ uses g{below}; }} container b {{ uses g{below}; }} }}"
            );
        }
        if used {
            body.push_str("container top { uses g39; }");
        }
        let faults = faults(&compiler(&[("m", &body)]));
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(faults[0].ends_with("(RFC 7950 section 7.13)"), "{faults:?}");
    }
}

#[test]
fn groupings_that_double_without_a_node_are_a_fault() {
    let mut body = String::from("grouping g0 { }");
    for level in 1..40 {
        let below = level - 1;
        let _ = write!(
            body,
            "grouping g{level} {{ uses g{below}; uses g{below}; }}"
        );
    }
    assert_eq!(faults(&compiler(&[("m", &body)])).len(), 1);
}

#[test]
fn a_chain_of_groupings_is_bounded_in_depth() {
    let mut body = String::from("grouping g0 { leaf x { type int8; } }");
    for level in 1..2_000 {
        let _ = write!(
            body,
            "grouping g{level} {{ container a {{ uses g{}; }} }}",
            level - 1
        );
    }
    let faults = faults(&compiler(&[("m", &body)]));
    let levels = faults
        .iter()
        .filter(|fault| fault.ends_with("(RFC 7950 section 4.2.2)"));
    assert_eq!(levels.count(), faults.len().min(100), "{faults:?}");
    assert!(!faults.is_empty());
}

/// A flat container, and augments of each other in falling order.
#[test]
fn time_is_linear_in_the_nodes() {
    let time = |count: usize| {
        let mut body = String::from("container a {");
        for leaf in 0..count {
            let _ = write!(body, "leaf x{leaf} {{ type leafref {{ path ../x0; }} }}");
        }
        let mut body = body.replacen("type leafref { path ../x0; }", "type int8;", 1);
        body.push('}');
        let compiler = compiler(&[("m", &body)]);
        let start = Instant::now();
        assert_eq!(faults(&compiler), [""; 0]);
        start.elapsed()
    };
    let (few, many) = (time(2_000), time(16_000));
    assert!(
        many < few * 32,
        "{few:?} for 2,000 leafs, {many:?} for 16,000"
    );
}
