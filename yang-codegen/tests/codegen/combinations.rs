//! Verdicts on combinations of members of choices beside libyang's: conditions, defaults and
//! mandatory nodes of cases.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test states what must hold"
)]

use std::fmt::Write as _;

use fixtures::cases as generated;
use notif_runtime::Options;
use notif_runtime::validate::validate;
use notif_runtime::{Encoding, json};

use crate::common::libyang::Libyang;
use generated::cases::Top;

/// Members of `top`, of which up to four are put together.
const MEMBERS: &[&str] = &[
    r#""mode":"on""#,
    r#""mode":"odd""#,
    r#""mode":"need""#,
    r#""port":830"#,
    r#""port":1"#,
    r#""host":"h","psk":"p""#,
    r#""host":"h""#,
    r#""cert":"c""#,
    r#""tls":{}"#,
    r#""tls":{"version":"1"}"#,
    r#""file":"x""#,
    r#""inline":"i""#,
    r#""part":["a"]"#,
    r#""unusual":"o""#,
    r#""rare":"o""#,
    r#""seldom":[{"id":"a"}]"#,
    r#""one":"1""#,
    r#""two":{"inner":"x"}"#,
    r#""fancy":"f""#,
    r#""plain":"yes""#,
    r#""sees-port":"s""#,
    r#""sees-file":"s""#,
    r#""sees-part":"s""#,
    r#""sees-level":"s""#,
    r#""sees-plain":"s""#,
    r#""sees-inner":"s""#,
    r#""refers":"f""#,
    r#""refers":"x""#,
];

/// All sets of up to `left` of the members from `first` on, no name twice, put after `taken`.
fn combine(first: usize, left: usize, taken: &mut Vec<&'static str>, visit: &mut dyn FnMut(&str)) {
    visit(&taken.join(","));
    if left == 0 {
        return;
    }
    let name = |member: &str| member.split(':').next().map(ToOwned::to_owned);
    for (at, member) in MEMBERS.iter().enumerate().skip(first) {
        if taken.iter().all(|other| name(other) != name(member)) {
            taken.push(member);
            combine(at + 1, left - 1, taken, visit);
            taken.pop();
        }
    }
}

/// True for a known difference from libyang 2.
fn is_known_difference(members: &str) -> bool {
    // Data of a choice in a case do not bring the defaults of that case (RFC 7950 section 7.6.1).
    let is_nested = members.contains("inline") || members.contains("part");
    let uses_default = members.contains("sees-file") || members.contains(r#""refers":"f""#);
    is_nested && uses_default
}

#[test]
fn verdicts_on_combinations_are_libyangs() {
    let libyang = Libyang::new(&[("cases", &[])]);
    let (mut taken, mut refused, mut wrong) = (0, 0, String::new());
    combine(0, 4, &mut Vec::new(), &mut |members| {
        let document = format!("{{\"cases:top\":{{{members}}}}}");
        let theirs = libyang.takes(Encoding::Json, &document);
        let ours = json::from_slice::<Top>(document.as_bytes(), &Options::default());
        if theirs {
            taken += 1;
        } else {
            refused += 1;
        }
        if theirs != ours.is_ok() && !is_known_difference(members) {
            let ours = ours
                .as_ref()
                .map_or_else(ToString::to_string, |_| String::new());
            let _ = writeln!(wrong, "{members}: libyang {theirs}, {ours}");
        }
        if let Ok(data) = ours {
            assert_eq!(validate(&data), Ok(()), "{document}");
        }
    });
    assert!(taken > 100 && refused > 1_000, "{taken} {refused}");
    assert!(wrong.is_empty(), "{wrong}");
}
