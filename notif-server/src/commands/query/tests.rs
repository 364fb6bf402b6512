use clap::Parser;
use jiff::Timestamp;
use notif_runtime::Encoding;

use super::*;
use crate::journal::{Bounds, Journal};
use crate::notification::{Entry, Envelope};

const JSON: &[u8] = include_bytes!("../../../../examples/data/interfaces.json");
const XML: &[u8] = include_bytes!("../../../../examples/data/interfaces.xml");

#[derive(Debug, Parser)]
struct Cli {
    #[command(flatten)]
    args: Args,
}

/// The arguments of a command line.
pub(super) fn args(args: &[&str]) -> Args {
    let args = ["query"].into_iter().chain(args.iter().copied());
    Cli::parse_from(args).args
}

fn entry(encoding: Encoding, body: &[u8]) -> Entry {
    Entry {
        received: Timestamp::from_second(1_000_000_000).unwrap(),
        event_time: None,
        publisher: "192.0.2.1".to_owned(),
        encoding,
        name: "ietf-https-notif:notification".to_owned(),
        body: body.to_vec(),
        reading: None,
        envelope: Envelope::default(),
    }
}

async fn journal(entries: &[(Encoding, &[u8])]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let journal = Journal::open(dir.path(), Bounds::NONE, &[]).unwrap();
    for (encoding, body) in entries {
        journal.append(entry(*encoding, body)).await.unwrap();
    }
    journal.close().await;
    dir
}

/// The output and the notes.
fn ask(dir: &FilePath, args: &[&str]) -> Result<(String, String), String> {
    let args = ["query"].into_iter().chain(args.iter().copied());
    let cli = Cli::try_parse_from(args).map_err(|error| error.to_string())?;
    let (mut out, mut notes) = (Vec::new(), Vec::new());
    answer(&cli.args, dir, &crate::registry(), &mut out, &mut notes)
        .map_err(|error| error.to_string())?;
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ok((text(out), text(notes)))
}

#[tokio::test]
async fn counters_of_both_encodings_are_shown() {
    let dir = journal(&[(Encoding::Json, JSON), (Encoding::Xml, XML)]).await;
    let path = "interface[name='wlp2s0']/statistics/in-octets";
    let (out, notes) = ask(dir.path(), &[path, "--format", "csv"]).unwrap();
    let rows: Vec<_> = out.lines().skip(1).collect();
    let prefix = "2001-09-09T01:46:40Z,,192.0.2.1,ietf-https-notif:notification,\
                  /ietf-https-notif:notification/interface_data/interface[name='wlp2s0']/statistics/in-octets";
    assert_eq!(
        rows,
        [
            format!("1,{prefix},1592834446"),
            format!("2,{prefix},2005896840")
        ]
    );
    assert_eq!(notes, "");
    let (table, _) = ask(dir.path(), &[path]).unwrap();
    assert!(table.contains(&format!("{path}  1592834446\n")), "{table}");
}

#[tokio::test]
async fn json_lines_hold_the_message_whatever_it_came_in() {
    let dir = journal(&[(Encoding::Xml, XML)]).await;
    let (out, _) = ask(dir.path(), &["--format", "jsonl"]).unwrap();
    let line: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(line["encoding"], "xml");
    let octets = "/notification/ietf-https-notif:notification/interface_data/interface/0/statistics/in-octets";
    assert_eq!(line.pointer(octets).unwrap(), "2005896840");
}

#[tokio::test]
async fn the_newest_are_shown_and_it_is_said_that_there_are_more() {
    let dir = journal(&[(Encoding::Json, JSON); 5]).await;
    let (out, notes) = ask(dir.path(), &["--limit", "2"]).unwrap();
    assert_eq!(out.lines().count(), 3, "{out}");
    assert!(out.lines().last().unwrap().starts_with("5  "), "{out}");
    assert_eq!(
        notes,
        "these are the newest 2; --limit NUMBER or --all shows more\n"
    );
    let (out, notes) = ask(dir.path(), &["--all"]).unwrap();
    assert_eq!((out.lines().count(), notes.as_str()), (6, ""));
}

#[tokio::test]
async fn an_empty_answer_says_what_to_try() {
    let dir = journal(&[]).await;
    let note = |dir: &FilePath, args: &[&str]| ask(dir, args).unwrap().1;
    assert!(note(dir.path(), &[]).contains("is empty: send a notification"));
    let dir = journal(&[(Encoding::Json, JSON)]).await;
    assert_eq!(
        note(dir.path(), &["--since", "1h"]),
        "no notification matches. There are 1, from 2001-09-09T01:46:40Z to 2001-09-09T01:46:40Z; \
         publishers: 192.0.2.1; names: ietf-https-notif:notification\n"
    );
    assert!(
        note(dir.path(), &["interface[name='no']/name"]).starts_with("none of the 1 notifications")
    );
    let missing = ask(&dir.path().join("none"), &[]).unwrap_err();
    assert!(missing.starts_with("there is no journal in "), "{missing}");
    let unknown = ask(dir.path(), &["interfaces/name"]).unwrap_err();
    assert!(
        unknown.contains("the nearest names are interface, "),
        "{unknown}"
    );
}

#[tokio::test]
async fn what_does_not_fit_the_modules_is_noted() {
    let dir = journal(&[(Encoding::Json, b"{}"), (Encoding::Json, JSON)]).await;
    let (out, notes) = ask(dir.path(), &["interface[1]/name"]).unwrap();
    assert_eq!(out.lines().count(), 2);
    assert!(
        notes.starts_with("notification 1 does not fit this server's modules: "),
        "{notes}"
    );
}
