//! The verdict on data with conditions, and on expressions, beside libyang's.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test states what must hold"
)]

use fixtures::{conditions, expressions};
use notif_runtime::Options;
use notif_runtime::decode::Object;
use notif_runtime::validate::validate;
use notif_runtime::{Encoding, json};
use std::fmt::Write as _;

mod cases;

use crate::common::libyang::Libyang;
use cases::{AUTO, DATA, DEVIATIONS, DOCUMENTS, FALSE, ON};
use conditions::conditions::Top;
use expressions::expressions::Lab;

/// The faults of a document; what is taken must be valid as data that were built, too.
fn faults<T: Object>(document: &str) -> Option<String> {
    match json::from_slice::<T>(document.as_bytes(), &Options::default()) {
        Ok(data) => {
            assert_eq!(validate(&data), Ok(()), "{document}");
            None
        }
        Err(faults) => Some(faults.to_string()),
    }
}

#[test]
fn expressions_are_true_where_xpath_has_it_so() {
    let libyang = Libyang::new(&[("expressions", &[])]);
    let mut wrong = String::new();
    for leaf in Lab::NODE.children().iter().skip(1) {
        let name = leaf.name;
        let document = format!("{{\"expressions:lab\":{{{DATA},\"{name}\":[null]}}}}");
        let ours = faults::<Lab>(&document);
        let (theirs, wanted) = (
            libyang.takes(Encoding::Json, &document),
            !FALSE.contains(&name),
        );
        let deviates = DEVIATIONS.contains(&name);
        if ours.is_none() != wanted || (theirs != wanted) != deviates {
            let _ = writeln!(
                wrong,
                "{name}: libyang {theirs}, {}",
                ours.unwrap_or_default()
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn verdicts_on_conditions_are_libyangs() {
    let libyang = Libyang::new(&[("conditions", &[])]);
    let mut wrong = String::new();
    for (members, wanted) in DOCUMENTS {
        let members = members.replace("ON", ON).replace("AUTO", AUTO);
        let document = format!("{{\"conditions:top\":{{{members}}}}}");
        let ours = faults::<Top>(&document);
        let theirs = libyang.takes(Encoding::Json, &document);
        if theirs != *wanted || ours.is_none() != *wanted {
            let _ = writeln!(
                wrong,
                "{members}: libyang {theirs}, {}",
                ours.unwrap_or_default()
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn faults_say_what_is_wrong_with_conditions() {
    let mut shown = String::new();
    for (members, wanted) in DOCUMENTS {
        let members = members.replace("ON", ON).replace("AUTO", AUTO);
        let document = format!("{{\"conditions:top\":{{{members}}}}}");
        if !wanted {
            let faults = faults::<Top>(&document).expect("is refused");
            let _ = writeln!(shown, "{members}\n{faults}\n");
        }
    }
    insta::assert_snapshot!(shown);
}
