//! Tests of points that the server refuses.

use std::num::NonZeroUsize;

use notif_runtime::Encoding;

use super::fake_server::{Fake, Reply};
use super::*;
use super::{deliver, deliver_to, item, item_of, settings};

fn is_bad(line: &str) -> bool {
    line.contains("name=bad")
}

fn refused(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Refused(reason) => reason,
        Outcome::Delivered => panic!("delivered"),
    }
}

#[tokio::test]
async fn one_bad_point_does_not_stop_the_rest() {
    for told in [
        // 2.x of a line that it cannot read: nothing is written.
        (400, r#"{"code":"invalid","message":"unable to parse"}"#),
        // 1.x and 2.x of a conflict: the rest is written.
        (
            422,
            r#"{"code":"unprocessable entity","message":"failure writing points to database: partial write: field type conflict: input field x dropped=1"}"#,
        ),
    ] {
        let fake = Fake::judging(move |lines| {
            if lines.iter().any(|line| is_bad(line)) {
                Reply::body(told.0, told.1)
            } else {
                Reply::status(204)
            }
        });
        let good = ["a", "b", "c"];
        let items = [item(&good), item(&["d", "bad", "e"]), item(&good)];
        let (outcomes, status) = deliver_to(&fake, &items).await;
        assert_eq!(
            (&outcomes[0], &outcomes[2]),
            (&Outcome::Delivered, &Outcome::Delivered)
        );
        let reason = refused(&outcomes[1]);
        let point = "InfluxDB refuses the point ietf-https-notif:notification/interface_data/interface,\
                     publisher=192.0.2.1,name=bad: ";
        assert!(reason.starts_with(point), "{reason}");
        assert!(
            reason.contains("unable to parse") || reason.contains("type conflict"),
            "{reason}"
        );
        let asked = fake.asked();
        let written: Vec<_> = asked
            .iter()
            .filter(|asked| !asked.body.contains("name=bad"))
            .flat_map(|asked| asked.lines())
            .filter(|line| !line.starts_with('#'))
            .collect();
        // All but the bad one of 3 messages and 9 entries, each in the order of the items.
        assert_eq!(written.len(), 11, "{written:#?}");
        assert_eq!(status.is_up(), Some(true));
    }
}

/// The bodies of requests with points of notifications.
fn asked_for_points(fake: &Fake) -> Vec<String> {
    let bodies = fake.asked().into_iter().map(|asked| asked.body);
    bodies
        .filter(|body| body.contains("notification"))
        .collect()
}

#[tokio::test]
async fn a_bad_point_is_found_whatever_the_status_is() {
    // InfluxDB 2.0 to 2.0.9 say so with 500; what is counted need not be the bad ones alone.
    let conflict = |lines: &[&str]| {
        let text =
            "unexpected error writing points to database: partial write: field type conflict";
        let count = lines.len();
        Reply::body(
            500,
            &format!(r#"{{"code":"internal error","message":"{text} dropped={count}"}}"#),
        )
    };
    // Nothing is said but that it failed.
    let silent = |_: &[&str]| Reply::body(500, r#"{"code":"internal error"}"#);
    let judges: [fn(&[&str]) -> Reply; 2] = [conflict, silent];
    for judge in judges {
        let fake = Fake::judging(move |lines| {
            if lines.iter().any(|line| is_bad(line)) {
                judge(lines)
            } else {
                Reply::status(204)
            }
        });
        let mut items: Vec<_> = (0..40).map(|_| item(&["a", "b"])).collect();
        items[17] = item(&["c", "bad", "d"]);
        let (outcomes, status) = deliver_to(&fake, &items).await;
        for (at, outcome) in outcomes.iter().enumerate() {
            let is_refused = matches!(outcome, Outcome::Refused(_));
            assert_eq!(is_refused, at == 17, "{at}: {outcome:?}");
        }
        let reason = refused(&outcomes[17]);
        assert!(
            reason.contains("name=bad: ") && !reason.contains("more"),
            "{reason}"
        );
        assert_eq!(status.is_up(), Some(true));
        // 121 points are halved seven times; one point alone is tried four times.
        let asked = fake.asked().len();
        assert!(asked < 40, "{asked} requests");
    }
}

#[tokio::test]
async fn a_server_that_fails_over_everything_gets_whole_requests() {
    let mut failures = 5;
    let fake = Fake::judging(move |lines| {
        // It would take a write that it need not keep, as with a disk that is full.
        if failures > 0 && lines != ["# nothing"] {
            failures -= 1;
            return Reply::body(500, r#"{"message":"no space left on device"}"#);
        }
        Reply::status(204)
    });
    let items = [item(&["a", "b"]), item(&["c"])];
    let (outcomes, status) = deliver_to(&fake, &items).await;
    assert_eq!(outcomes, [Outcome::Delivered, Outcome::Delivered]);
    assert_eq!(status.failures.get(), 5);
    let asked = asked_for_points(&fake);
    assert!(
        asked.iter().all(|body| body.lines().count() == 5),
        "{asked:#?}"
    );
}

/// The answer of 3 Core if line `number`, from 1, is bad; `line` is the part of it that is shown.
fn partial(number: usize, line: &str) -> Reply {
    let body = serde_json::json!({
        "error": "partial write of line protocol occurred",
        "data": [{"original_line": line, "line_number": number, "error_message": "no"}],
    });
    Reply::body(400, &body.to_string())
}

#[tokio::test]
async fn lines_that_the_server_names_are_not_looked_for() {
    let fake = Fake::judging(|lines| {
        let bad = lines.iter().position(|line| is_bad(line));
        bad.map_or(Reply::status(204), |at| partial(at + 1, lines[at]))
    });
    let (outcomes, _) = deliver_to(&fake, &[item(&["a", "bad"]), item(&["b"])]).await;
    assert!(refused(&outcomes[0]).ends_with("name=bad: no"));
    assert_eq!(outcomes[1], Outcome::Delivered);
    let sizes: Vec<_> = fake.asked().iter().map(|one| one.lines().len()).collect();
    assert_eq!(sizes, [5, 4]);
}

#[tokio::test]
async fn what_the_server_does_not_name_is_written_again() {
    // 3 Core names up to 100 lines, however many it does not take.
    let fake = Fake::judging(|lines| {
        let bad = lines.iter().zip(1..).filter(|(line, _)| is_bad(line));
        let data: Vec<_> = bad
            .take(100)
            .map(|(line, number)| {
                serde_json::json!({
                    "original_line": line, "line_number": number, "error_message": "no"
                })
            })
            .collect();
        if data.is_empty() {
            return Reply::status(204);
        }
        let body = serde_json::json!({"error": "partial write", "data": data});
        Reply::body(400, &body.to_string())
    });
    let items: Vec<_> = (0..250).map(|_| item(&["bad"])).collect();
    let (outcomes, _) = deliver_to(&fake, &items).await;
    let delivered = outcomes
        .iter()
        .filter(|outcome| **outcome == Outcome::Delivered);
    assert_eq!(delivered.count(), 0);
}

#[tokio::test]
async fn lines_that_the_server_counts_otherwise_are_looked_for() {
    // The number is one too large, as if a line before it were two.
    let fake = Fake::judging(|lines| {
        let bad = lines.iter().position(|line| is_bad(line));
        bad.map_or(Reply::status(204), |at| partial(at + 2, lines[at]))
    });
    let (outcomes, _) = deliver_to(&fake, &[item(&["a", "bad", "c"]), item(&["b"])]).await;
    assert!(
        refused(&outcomes[0]).ends_with("name=bad: no"),
        "{outcomes:?}"
    );
    assert_eq!(outcomes[1], Outcome::Delivered);
}

#[tokio::test]
async fn a_point_alone_is_refused_only_by_a_server_that_takes_others() {
    // Every point is bad, and no write shows that it is not the address that is wrong.
    let fake = Fake::judging(|lines| match lines {
        ["# nothing"] => Reply::status(204),
        _ => Reply::body(400, r#"{"message":"no"}"#),
    });
    let (outcomes, _) = deliver_to(&fake, &[item(&["a"])]).await;
    assert!(refused(&outcomes[0]).ends_with("notification,publisher=192.0.2.1: no (and 1 more)"));
}

#[tokio::test]
async fn a_server_that_refuses_everything_meanwhile_is_waited_for() {
    // A proxy before it, for instance: one request passes, then none, then all do.
    let refusals = (0..6).map(|_| Reply::body(400, r#"{"message":"no"}"#));
    let fake = Fake::new([Reply::status(204)].into_iter().chain(refusals));
    let mut config = settings(&fake.url());
    config.batch = NonZeroUsize::new(2).unwrap();
    let items = [item(&["a", "b", "c"])];
    let outcomes = deliver(&config, &items, &Status::new("influxdb")).await;
    assert_eq!(outcomes, [Outcome::Delivered]);
}

#[tokio::test]
async fn a_whole_request_that_is_dropped_is_not_split() {
    let fake = Fake::judging(|lines| {
        Reply::body(
            422,
            &format!(
                r#"{{"message":"partial write: old dropped={}"}}"#,
                lines.len()
            ),
        )
    });
    let (outcomes, _) = deliver_to(&fake, &[item(&["a", "b"])]).await;
    assert!(
        refused(&outcomes[0]).ends_with("dropped=3 (and 2 more)"),
        "{outcomes:?}"
    );
    assert_eq!(fake.asked().len(), 1);
}

#[tokio::test]
async fn requests_that_are_too_large_are_halved() {
    let fake = Fake::judging(|lines| {
        let large = lines.len() > 2 || lines.iter().any(|line| is_bad(line));
        Reply::status(if large { 413 } else { 204 })
    });
    let items = [item(&["a", "b", "c", "d"]), item(&["bad"])];
    let (outcomes, _) = deliver_to(&fake, &items).await;
    assert_eq!(outcomes[0], Outcome::Delivered);
    assert!(
        refused(&outcomes[1]).contains("it is too large"),
        "{outcomes:?}"
    );
}

#[tokio::test]
async fn what_does_not_fit_the_modules_is_refused() {
    let fake = Fake::new([]);
    let unfit = item_of(&crate::registry(), Encoding::Json, "{}");
    let (outcomes, _) = deliver_to(&fake, &[unfit, item(&["a"])]).await;
    assert!(refused(&outcomes[0]).starts_with("it does not fit this server's modules: "));
    assert_eq!(outcomes[1], Outcome::Delivered);
}
