//! The commands, as a user runs them.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test states what must hold"
)]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::common::{self, JSON, PROGRAM, server};
use notif_runtime::Encoding;
use notif_runtime::cbor::{self, Mapping};

fn data(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../examples/data")
        .join(file)
}

fn run(args: &[&str]) -> Output {
    let mut command = Command::new(PROGRAM);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("NOTIF_")) {
        command.env_remove(name);
    }
    command.args(args).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn validate_prints_faults_like_a_compiler() {
    let dir = tempfile::tempdir().unwrap();
    let bad = dir.path().join("bad.json");
    std::fs::write(&bad, JSON.replacen("\"if-index\": 2", "\"if-index\": 0", 1)).unwrap();
    let (good, bad) = (data("interfaces.xml"), bad.display().to_string());
    let output = run(&["validate", good.to_str().unwrap(), &bad]);
    assert_eq!(output.status.code(), Some(1));
    let out = text(&output.stdout);
    let fault = format!(
        "{bad}:13:33: error[range]: /ietf-https-notif:notification/interface_data/interface[name='wlp2s0']/if-index: \
         expected an int32 in 1..2147483647, found 0"
    );
    assert!(out.contains(&fault), "{out}");
    assert!(
        out.contains("interfaces.xml: valid xml: ietf-https-notif:notification"),
        "{out}"
    );
    assert!(run(&["validate", good.to_str().unwrap()]).status.success());
    assert_eq!(run(&["validate", "/no/such/file"]).status.code(), Some(2));
}

#[test]
fn validate_takes_cbor_in_both_mappings() {
    let dir = tempfile::tempdir().unwrap();
    let options = notif_runtime::Options::default();
    let data = notif_server::registry().decode(Encoding::Json, JSON.as_bytes(), &options);
    let data = data.unwrap();
    let file = |name: &str, body: &[u8]| {
        let path = dir.path().join(name);
        std::fs::write(&path, body).unwrap();
        path.display().to_string()
    };
    let names = cbor::to_vec(data.root(), Mapping::Yang);
    let json = cbor::to_vec(data.root(), Mapping::Json);
    let good = [file("a.cbor", &names), file("a.bin", &names)];
    let output = run(&["validate", &good[0], &good[1]]);
    assert!(output.status.success(), "{}", text(&output.stdout));
    let json = file("b", &json);
    assert_eq!(run(&["validate", &json]).status.code(), Some(1));
    let output = run(&["validate", "--encoding", "json-cbor", &json]);
    assert!(output.status.success(), "{}", text(&output.stdout));
    let end = names.len();
    let bad = file("c.cbor", &names[..end - 1]);
    let out = text(&run(&["validate", &bad]).stdout);
    let place = format!("{bad}:1:{end}: error[malformed]: /ietf-https-notif:notification/");
    assert!(out.starts_with(&place), "{out}");
}

#[test]
fn check_config_shows_what_is_in_effect_and_what_is_wrong() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("notif.toml");
    let path = file.to_str().unwrap();
    std::fs::write(
        &file,
        "listen = \"127.0.0.1:1234\"\n[limits]\nmax-body = \"1MiB\"\n",
    )
    .unwrap();
    let output = run(&["check-config", "--config", path, "--max-body", "2MiB"]);
    let out = text(&output.stdout);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(
        out.contains(&format!("listen = \"127.0.0.1:1234\"  # {path}:1")),
        "{out}"
    );
    assert!(
        out.contains("max-body = \"2MiB\"  # flag --max-body"),
        "{out}"
    );
    std::fs::write(&file, "[limits]\nmax-bdy = \"1MiB\"\n").unwrap();
    let output = run(&["check-config", "--config", path]);
    assert!(!output.status.success());
    let told = text(&output.stderr);
    assert_eq!(
        told,
        format!("error: {path}:2: there is no `limits.max-bdy`; did you mean `limits.max-body`?\n")
    );
}

#[test]
fn check_config_refuses_what_a_sink_cannot_start_with() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("notif.toml");
    let check = |lines: &str| {
        std::fs::write(&file, lines).unwrap();
        let output = run(&["check-config", "--config", file.to_str().unwrap()]);
        (output.status.success(), text(&output.stderr))
    };
    let kafka = "[sinks.kafka]\nbrokers = '127.0.0.1:1'\n[sinks.kafka.properties]\n";
    assert_eq!(check(kafka), (true, String::new()));
    for (lines, told) in [
        (
            "acks = 1",
            "sinks.kafka.properties: acks: it is the server's own",
        ),
        (
            "lingr.ms = 1",
            "No such configuration property: \"lingr.ms\"",
        ),
        ("'group.id' = 'x'", "set `consume.group` instead"),
    ] {
        let (good, error) = check(&format!("{kafka}{lines}"));
        assert!(!good && error.contains(told), "{error}");
    }
    // While a publisher waits there is no time for that.
    let slow = format!("{kafka}'linger.ms' = 60000");
    assert_eq!(check(&slow), (true, String::new()));
    let (good, error) = check(&format!("ack = 'kafka'\n{slow}"));
    assert!(!good && error.contains("linger.ms"), "{error}");
    let (good, error) = check("[sinks.influxdb]\nurl = 'http://127.0.0.1:1'");
    assert!(!good && error.contains("sinks.influxdb"), "{error}");
}

#[test]
fn check_config_holds_the_rules_of_influxdb_against_the_modules() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("notif.toml");
    let check = |rule: &str| {
        let sink = "[sinks.influxdb]\nurl = 'http://127.0.0.1:1'\nversion = 1\ndatabase = 'd'\n";
        std::fs::write(&file, format!("{sink}rules = [{rule}]\n")).unwrap();
        let output = run(&["check-config", "--config", file.to_str().unwrap()]);
        text(&output.stderr)
    };
    assert_eq!(check("{path = 'interface/phys-address', tag = true}"), "");
    let told = check("{path = 'interface/phys-adress', tag = true}");
    assert!(
        told.starts_with(
            "error: sinks.influxdb.rules: no module has interface/phys-adress: there is no \
             phys-adress in interface; the nearest names are phys-address, "
        ),
        "{told}"
    );
}

#[test]
fn every_command_has_its_help() {
    for command in [
        "serve",
        "consume",
        "replay",
        "validate",
        "query",
        "journal",
        "publish",
        "check-config",
    ] {
        let output = run(&[command, "--help"]);
        assert!(output.status.success());
        assert!(
            text(&output.stdout).contains("Usage: notif-server"),
            "{command}"
        );
    }
}

#[tokio::test]
async fn publish_sends_and_query_shows() {
    let (dir, server, _client) = server(&[]);
    let (ca, file) = (dir.path().join("tls/cert.pem"), data("interfaces.json"));
    let url = server.base.replace("127.0.0.1", "localhost");
    let publish = |more: &[&str]| {
        let mut args = vec![
            "publish",
            &url,
            "--interval",
            "10ms",
            "--file",
            file.to_str().unwrap(),
        ];
        args.extend(more);
        run(&args)
    };
    let ca = ca.to_str().unwrap();
    for (more, encoding) in [
        (vec!["--count", "2", "--ca", ca], "json"),
        (vec!["--count", "1", "--ca", ca, "--encoding", "xml"], "xml"),
        (vec!["--count", "1", "--insecure"], "json"),
        (
            vec!["--count", "1", "--ca", ca, "--encoding", "cbor"],
            "cbor",
        ),
        (
            vec!["--count", "1", "--ca", ca, "--encoding", "json-cbor"],
            "json-cbor",
        ),
    ] {
        let output = publish(&more);
        let out = text(&output.stdout);
        assert!(output.status.success(), "{}", text(&output.stderr));
        let told = format!(" 204 ietf-https-notif:notification {encoding} ");
        assert!(out.lines().all(|line| line.contains(&told)), "{out}");
    }
    let untrusted = publish(&["--retries", "0"]);
    assert!(!untrusted.status.success());
    assert!(
        text(&untrusted.stderr).contains("--ca"),
        "{}",
        text(&untrusted.stderr)
    );

    let query = |more: &[&str]| {
        let mut args = vec!["query", "--data-dir", dir.path().to_str().unwrap()];
        args.extend(more);
        text(&run(&args).stdout)
    };
    assert_eq!(query(&["--format", "csv"]).lines().count(), 7);
    let octets = query(&["interface[name='lo']/statistics/in-octets"]);
    assert_eq!(octets.matches(" 10222658").count(), 6, "{octets}");
}

#[test]
fn publish_fails_with_a_wrong_configuration() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("notif.toml");
    std::fs::write(&file, "[limits]\nmax-body = \"many\"\n").unwrap();
    let output = run(&["publish", "--config", file.to_str().unwrap()]);
    let told = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(
        told.starts_with("error: ") && told.contains("max-body"),
        "{told}"
    );
}

#[tokio::test]
async fn publish_waits_for_a_receiver_that_comes_back() {
    let (dir, server, _client) = server(&[]);
    let address = server.base.trim_start_matches("https://").to_owned();
    let url = format!("https://{address}");
    let ca = dir.path().join("tls/cert.pem");
    server.signal("TERM");
    server.wait();
    let file = data("interfaces.xml");
    let mut publisher = Command::new(PROGRAM)
        .args([
            "publish",
            &url,
            "--count",
            "1",
            "--file",
            file.to_str().unwrap(),
            "--ca",
        ])
        .arg(ca)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(publisher.stdout.take().unwrap()).lines();
    // Only a publisher that has been turned away can come back.
    let first = lines.next().unwrap().unwrap();
    assert!(
        first.contains("not sent: ") && first.contains("trying again in 0.5 s"),
        "{first}"
    );
    let server = common::Server::start(dir.path(), &["--listen", &address]);
    let last = lines.last().unwrap().unwrap();
    assert!(last.contains(" 204 "), "{last}");
    assert!(publisher.wait().unwrap().success());
    drop(server);
}

#[tokio::test]
async fn the_operator_sees_what_was_rejected_and_looks_after_the_journal() {
    let (dir, server, client) = server(&[]);
    let bad = JSON.replacen("\"if-index\": 2", "\"if-index\": 0", 1);
    for body in [JSON, JSON, &bad] {
        common::relay(&client, &server, "application/json", body).await;
    }
    let path = dir.path().to_str().unwrap();
    let rejected = |more: &[&str]| {
        let mut args = vec!["query", "--rejected", "--data-dir", path];
        args.extend(more);
        text(&run(&args).stdout)
    };
    // It is written with the next notification, or soon.
    while rejected(&[]).is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let table = rejected(&[]);
    assert!(
        table.contains("/if-index: line 13, column 33: expected"),
        "{table}"
    );
    let lines = rejected(&["--format", "jsonl"]);
    let line: serde_json::Value = serde_json::from_str(&lines).unwrap();
    assert_eq!(line["body"], *bad);
    assert_eq!(
        line["faults"]["ietf-restconf:errors"]["error"][0]["error-tag"],
        "invalid-value"
    );

    let journal = |task: &[&str]| {
        let output = run(&[&["journal", "--data-dir", path], task].concat());
        let told = text(&output.stdout) + &text(&output.stderr);
        (output.status.code(), told)
    };
    let (code, told) = journal(&["stats", "--json"]);
    let stats: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!(
        (code, &stats["journal"]["accepted"]["count"]),
        (Some(0), &2.into())
    );
    assert_eq!(stats["journal"]["rejected"]["bytes"], bad.len());
    assert_eq!(stats["journal"]["by-origin"][0]["publisher"], "127.0.0.1");
    let (_, told) = journal(&["stats"]);
    assert!(told.contains("ietf-https-notif:notification"), "{told}");
    let hour: Vec<_> = told
        .lines()
        .skip_while(|line| !line.starts_with("LAST HOUR"))
        .filter_map(|line| line.strip_prefix("127.0.0.1"))
        .collect();
    assert_eq!(hour.len(), 1, "{told}");
    assert!(hour[0].trim().starts_with('2'), "{told}");
    let (code, told) = journal(&["verify"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(
        told.starts_with("2 notifications read: 0 damaged"),
        "{told}"
    );
    let (code, told) = journal(&["compact"]);
    assert_eq!(code, Some(2));
    assert!(told.contains("another notif-server uses"), "{told}");
    server.signal("TERM");
    server.wait();

    let file = rusqlite::Connection::open(dir.path().join("journal.db")).unwrap();
    file.execute_batch(
        "UPDATE notification SET body = x'00' WHERE seq = 1; UPDATE rejected SET body = x'00'",
    )
    .unwrap();
    drop(file);
    let (code, told) = journal(&["verify"]);
    assert_eq!(code, Some(1));
    assert!(told.contains("1 notifications read: 2 damaged"), "{told}");
    for (flag, lines) in [("--all", 1), ("--rejected", 0)] {
        let output = run(&["query", "--format", "jsonl", "--data-dir", path, flag]);
        let (shown, notes) = (text(&output.stdout), text(&output.stderr));
        assert!(output.status.success(), "{notes}");
        assert_eq!(shown.lines().count(), lines, "what is whole is shown");
        assert!(
            notes.contains("cannot be read, the journal is damaged there: 1; `notif"),
            "{notes}"
        );
    }
    let (code, told) = journal(&["compact"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains(" bytes before, "), "{told}");
    assert_eq!(journal(&["verify"]).0, Some(1), "it is no repair");
}
