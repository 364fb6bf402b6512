use super::*;
use crate::config::Ack;

fn load_all(file: &str, env: &[(&str, &str)], flags: &[(&str, &str)]) -> Result<Loaded, String> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("notif.toml");
    std::fs::write(&path, file).unwrap();
    let env = env.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
    let flags = flags
        .iter()
        .map(|(key, text)| Setting::flag(key, key, text))
        .collect();
    let dir = format!("{}/", dir.path().display());
    load(Some(&path), env, flags).map_err(|e| e.to_string().replace(&dir, ""))
}

/// Like [`load_all`], for a command that uses all of the configuration.
fn consistent(file: &str, env: &[(&str, &str)]) -> Result<Loaded, String> {
    let loaded = load_all(file, env, &[])?;
    loaded.consistent().map_err(|error| error.to_string())
}

#[test]
fn the_memory_for_bodies_has_room_for_the_largest() {
    let told = consistent("[limits]\nmax-body = '1GiB'", &[]).unwrap_err();
    assert!(
        told.contains("limits.in-flight = 256MiB has no room"),
        "{told}"
    );
    assert!(told.contains("limits.max-body = 1GiB"), "{told}");
    let file = "[limits]\nmax-body = '1GiB'\nin-flight = '1GiB'";
    assert!(consistent(file, &[]).is_ok());
}

#[test]
fn later_sources_win() {
    let file = "listen = '127.0.0.1:1'\nworkers = 1\nprefix = '/file'\n[limits]\nmax-depth = 7";
    let env = [
        ("NOTIF_WORKERS", "2"),
        ("NOTIF_PREFIX", "/env"),
        ("NOTIF_LIMITS__MAX_BODY", "64KiB"),
        ("HOME", "/root"),
    ];
    let loaded = load_all(file, &env, &[("prefix", "/flag")]).unwrap();
    let config = &loaded.config;
    assert_eq!(config.listen.to_string(), "127.0.0.1:1");
    assert_eq!(config.workers.count().get(), 2);
    assert_eq!(config.prefix.as_str(), "/flag");
    assert_eq!(config.limits.max_body.bytes(), 64 << 10);
    assert_eq!(config.limits.max_depth.get(), 7);
    assert_eq!(
        config.limits.max_faults,
        Config::default().limits.max_faults
    );
    let origin = |key: &str| loaded.origins[key].to_string();
    assert!(origin("limits.max-depth").ends_with("notif.toml:5"));
    assert_eq!(origin("workers"), "environment NOTIF_WORKERS");
    assert_eq!(origin("prefix"), "flag --prefix");
    assert!(!loaded.origins.contains_key("data-dir"));
}

#[test]
fn the_environment_names_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.toml");
    std::fs::write(&path, "prefix = '/x'").unwrap();
    let env = [(ENV_FILE.to_owned(), path.display().to_string())];
    let loaded = load(None, env, Vec::new()).unwrap();
    assert_eq!(loaded.config.prefix.as_str(), "/x");
}

#[test]
fn every_error_is_reported_with_its_place() {
    let file = "data_dir = 'x'\n\nlisten = 'here'\n[limits]\nmax-boddy = 1\nmax-depth = 0\n";
    let error = load_all(
        file,
        &[("NOTIF_LIMITS__MAXBODY", "1")],
        &[("workers", "many")],
    );
    let error = error.unwrap_err();
    let lines: Vec<_> = error.lines().collect();
    assert_eq!(
        lines,
        [
            "notif.toml:1: there is no `data_dir`; did you mean `data-dir`?",
            "notif.toml:3: listen = \"here\": expected an address or a name, and a port, such as \"127.0.0.1:4433\", \"[::]:4433\" or \"localhost:4433\"",
            "notif.toml:5: there is no `limits.max-boddy`; did you mean `limits.max-body`?",
            "notif.toml:6: limits.max-depth = 0: expected a whole number over 0",
            "environment NOTIF_LIMITS__MAXBODY: there is no `NOTIF_LIMITS__MAXBODY`; did you mean `NOTIF_LIMITS__MAX_BODY`?",
            "flag --workers: workers = \"many\": expected \"auto\" or a number from 1 to 512",
        ]
    );
}

#[test]
fn a_key_in_the_wrong_table_is_found() {
    for (file, nearest) in [
        ("max-body = 1", Some("limits.max-body")),
        ("[tls]\nlisten = 'x'", Some("listen")),
        ("[limit]\nmax-body = 1", Some("limits")),
        ("zebra = 1", None),
    ] {
        let error = load_all(file, &[], &[]).unwrap_err();
        match nearest {
            Some(name) => assert!(
                error.contains(&format!("did you mean `{name}`?")),
                "{error}"
            ),
            None => assert!(error.contains("check-config"), "{error}"),
        }
    }
}

#[test]
fn tables_and_values_are_not_mistaken_for_each_other() {
    let error = load_all("limits = 5", &[], &[]).unwrap_err();
    assert_eq!(error, "notif.toml:1: limits = 5: expected a table");
    let error = load_all("[listen]\nport = 5", &[], &[]).unwrap_err();
    assert!(
        error.starts_with("notif.toml:1: listen = {\"port\":5}: expected an address"),
        "{error}"
    );
}

#[test]
fn a_file_that_is_no_toml_says_where() {
    let error = load_all("listen = \n", &[], &[]).unwrap_err();
    assert_eq!(
        error,
        "notif.toml:1: this is not TOML: string values must be quoted, expected literal string"
    );
    let error = load(Some(Path::new("/no/such")), [], Vec::new()).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("cannot read the configuration file /no/such")
    );
}

#[test]
fn half_of_a_certificate_is_a_contradiction() {
    let error = consistent("tls.cert = 'a.pem'", &[]).unwrap_err();
    assert!(
        error.starts_with("tls.cert is set but tls.key is not"),
        "{error}"
    );
    assert!(consistent("tls = {cert = 'a', key = 'b'}", &[]).is_ok());
}

#[test]
fn what_is_shown_can_be_loaded_again() {
    let shown = load_all("workers = 3", &[("NOTIF_LIMITS__MAX_BODY", "1KiB")], &[]).unwrap();
    let text = shown.to_string();
    assert!(
        text.contains("listen = \"127.0.0.1:4433\"  # default\n"),
        "{text}"
    );
    assert!(text.contains("notif.toml:1\n"), "{text}");
    assert!(text.contains("max-body = \"1KiB\"  # environment NOTIF_LIMITS__MAX_BODY\n"));
    assert!(text.contains("# cert is not set\n"), "{text}");
    assert_eq!(load_all(&text, &[], &[]).unwrap().config, shown.config);
}

#[test]
fn rules_are_shown_as_they_are_taken() {
    let text = "[[sinks.influxdb.rules]]\npath = 'a/b'\ntag = true\n\
                [[sinks.influxdb.rules]]\npath = 'c'\nrename = 'd'\n";
    let shown = load_all(text, &[], &[]).unwrap();
    assert_eq!(shown.config.sinks.influxdb.rules.len(), 2);
    let text = shown.to_string();
    let rules = r#"rules = [{ path = "a/b", tag = true }, { path = "c", rename = "d" }]  # "#;
    assert!(text.contains(rules), "{text}");
    assert_eq!(load_all(&text, &[], &[]).unwrap().config, shown.config);
}

#[test]
fn variables_and_keys_stand_for_each_other() {
    let mut keys = Vec::new();
    list_keys(&tree(&Config::default()), "", &mut keys);
    for key in keys {
        assert_eq!(key_of_variable(&variable_of_key(&key)), key);
    }
}

#[test]
fn an_acknowledgement_by_kafka_needs_kafka() {
    let told = consistent("ack = 'kafka'", &[]).unwrap_err();
    assert!(told.contains("set sinks.kafka.brokers"), "{told}");
    let file = "ack = 'kafka'\n[sinks.kafka]\nbrokers = 'x:1'";
    assert_eq!(consistent(file, &[]).unwrap().config.ack, Ack::Kafka);
}

#[test]
fn what_is_set_for_a_sink_that_is_off_is_told() {
    for (file, told) in [
        (
            "[sinks.kafka]\ntopic = 't'",
            ":2: sinks.kafka.topic is set, but sinks.kafka.brokers is not, so nothing goes to kafka",
        ),
        (
            "[sinks.kafka.properties]\n'linger.ms' = 1",
            ":1: sinks.kafka.properties is set, but sinks.kafka.brokers is not",
        ),
        (
            "[sinks.influxdb]\ntoken = 'xyzzy'",
            ":2: sinks.influxdb.token is set, but sinks.influxdb.url is not",
        ),
    ] {
        let error = consistent(file, &[]).unwrap_err();
        assert!(error.contains(told) && !error.contains("xyzzy"), "{error}");
        // For other commands this is no error.
        assert!(load_all(file, &[], &[]).is_ok());
        // The address may come from another source; and an empty one is on purpose.
        for address in ["x:1", ""] {
            let env = [
                ("NOTIF_SINKS__KAFKA__BROKERS", address),
                ("NOTIF_SINKS__INFLUXDB__URL", address),
            ];
            assert!(consistent(file, &env).is_ok(), "{file} {address}");
        }
    }
    let shown = load_all("", &[], &[]).unwrap().to_string();
    assert!(
        consistent(&shown, &[]).is_ok(),
        "every default is set in {shown}"
    );
}

#[test]
fn values_that_would_be_nothing_are_refused_with_what_works() {
    for (line, told) in [
        (
            "journal.max-size = '1KiB'",
            "= \"1KiB\": expected at least 1MiB",
        ),
        ("journal.max-size = 1024", "= 1024: expected at least 1MiB"),
        ("journal.max-age = '0s'", "expected at least 1m"),
        ("limits.max-body = 1", "expected at least 1KiB"),
        ("timeouts.request = 0", "expected at least 100ms"),
        ("timeouts.handshake = 0", "expected at least 100ms"),
        ("timeouts.write = 0", "expected at least 100ms"),
        ("timeouts.keep-alive = '0s'", "expected at least 100ms"),
        ("timeouts.acknowledge = '1ms'", "expected at least 100ms"),
        ("sinks.influxdb.timeout = 0", "expected at least 100ms"),
        ("sinks.influxdb.linger = '1h'", "expected at most 10m"),
        ("journal.max-size = '1XiB'", "expected a size over 0"),
    ] {
        let error = load_all(line, &[], &[]).unwrap_err();
        assert!(
            error.starts_with("notif.toml:1: ") && error.contains(told),
            "{error}"
        );
    }
}

#[test]
fn secrets_are_taken_and_not_shown() {
    let file = "[sinks.influxdb]\ntoken = 'xyzzy'\npassword = 'plugh'";
    let loaded = load_all(file, &[], &[]).unwrap();
    assert_eq!(loaded.config.sinks.influxdb.token.expose(), "xyzzy");
    for text in [loaded.to_string(), format!("{loaded:?}")] {
        assert!(!text.contains("xyzzy") && !text.contains("plugh"), "{text}");
    }
    let file = "[sinks.kafka.properties]\n'sasl.password' = 'xyzzy'\n'linger.ms' = 5";
    let loaded = load_all(file, &[], &[]).unwrap();
    let properties = &loaded.config.sinks.kafka.properties.0;
    assert_eq!(properties.get("sasl.password").unwrap(), "xyzzy");
    for text in [loaded.to_string(), format!("{loaded:?}")] {
        assert!(
            !text.contains("xyzzy") && text.contains("linger.ms"),
            "{text}"
        );
    }
    let file = "[sinks.influxdb]\nurl = 'http://u:xyzzy@localhost'";
    let shown = load_all(file, &[], &[]).unwrap().to_string();
    assert!(
        shown.contains("********@localhost") && !shown.contains("xyzzy"),
        "{shown}"
    );
    for wrong in [
        "[sinks.influxdb]\ntoken = ['xyzzy']",
        "[sinks.influxdb]\npassword = {a = 'xyzzy'}",
        "[sinks.kafka.properties]\n'sasl.password' = 'xyzzy'\n'linger.ms' = [5]",
        "[[sinks.influxdb]]\ntoken = 'xyzzy'",
        "[[sinks.kafka.properties]]\n'sasl.password' = 'xyzzy'",
        "[sinks]\ninfluxdb = 'xyzzy'",
        "[sinks.influxdb]\ntoken = xyzzy",
        "[sinks.influxdb]\ntoken = 'xyzzy",
    ] {
        let told = load_all(wrong, &[], &[]).unwrap_err();
        assert!(
            !told.contains("xyzzy") && told.contains("expected"),
            "{told}"
        );
    }
}

#[test]
fn lists_and_tables_come_from_the_environment_too() {
    let file =
        "[sinks.kafka.properties]\nsasl.username = 'u'\nsasl.password = 'file'\n'linger.ms' = 5";
    let env = [
        ("NOTIF_CONSUME__TOPICS", r#"["a", "^b"]"#),
        (
            "NOTIF_SINKS__INFLUXDB__RULES",
            r#"[{ path = "interface/type", drop = true }]"#,
        ),
        ("NOTIF_SINKS__KAFKA__SCHEMA_IDS", r#"{ a = "1" }"#),
        ("NOTIF_SINKS__KAFKA__PROPERTIES__SASL__PASSWORD", "xyzzy"),
    ];
    let loaded = load_all(file, &env, &[]).unwrap();
    let config = &loaded.config;
    assert_eq!(config.consume.topics, ["a", "^b"]);
    assert!(config.sinks.influxdb.rules[0].drop);
    assert_eq!(config.sinks.kafka.schema_ids["a"], "1");
    let properties = &config.sinks.kafka.properties.0;
    let properties: Vec<_> = properties
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    assert_eq!(
        properties,
        [
            ("linger.ms", "5"),
            ("sasl.password", "xyzzy"),
            ("sasl.username", "u")
        ]
    );
    let shown = loaded.to_string();
    let linger = shown.lines().find(|line| line.starts_with("linger.ms"));
    assert!(linger.unwrap().ends_with("notif.toml:1"), "{shown}");
    let line = "sasl.password = \"********\"  # environment NOTIF_SINKS__KAFKA__PROPERTIES__SASL__PASSWORD\n";
    assert!(shown.contains(line), "{shown}");
    assert!(shown.contains("a = \"1\"  # environment NOTIF_SINKS__KAFKA__SCHEMA_IDS\n"));
}

#[test]
fn lists_and_tables_that_are_none_are_told() {
    for (name, value, told) in [
        (
            "NOTIF_CONSUME__TOPICS",
            "a,b",
            r#"consume.topics = "a,b": expected a list such as ["a", "b"]"#,
        ),
        (
            "NOTIF_SINKS__KAFKA__PROPERTIES",
            "sasl.password=xyzzy",
            "sinks.kafka.properties = ...: expected a table",
        ),
        (
            "NOTIF_LIMITS",
            "{ max-depth = 1 }",
            "limits = ...: expected a table",
        ),
    ] {
        let error = load_all("", &[(name, value)], &[]).unwrap_err();
        assert_eq!(error, format!("environment {name}: {told}"));
    }
}

#[test]
fn a_small_journal_has_a_small_part_for_what_was_rejected() {
    let loaded = consistent("journal.max-size = '32MiB'", &[]).unwrap();
    let journal = &loaded.config.journal;
    assert_eq!(journal.max_rejected, journal.max_size);
    // The configuration that is shown is one that is taken.
    assert!(consistent(&loaded.to_string(), &[]).is_ok());
    assert!(consistent("journal = {max-size = '1MiB', max-rejected = '2MiB'}", &[]).is_err());
}
