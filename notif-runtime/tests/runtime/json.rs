//! Messages that the JSON decoder accepts or refuses, with the exact place and tag of each fault.
#![allow(clippy::expect_used, reason = "a test states what must hold")]

use crate::common::{
    CAPTURED_JSON, CAPTURED_XML, Case, Notification, Top, accepted, check_edits, check_refused,
    decode, edit, lines, refused,
};
use notif_runtime::Options;
use notif_runtime::{Encoding, Registry, json, xml};

const BASE: &str = r#"{
 "ietf-https-notif:notification": {
  "eventTime": "2025-01-02T03:04:05Z",
  "interface_data": {
   "interface": [
    {
     "name": "lo",
     "type": "772",
     "enabled": true,
     "admin-status": "up",
     "if-index": 1,
     "phys-address": "00:11",
     "higher-layer-if": ["lo"],
     "speed": "10",
     "statistics": {
      "discontinuity-time": "2025-01-02T03:04:06Z",
      "in-octets": "7",
      "in-discards": 2
     }
    }
   ]
  }
 }
}"#;

fn refuses(cases: &[Case<'_>]) {
    check_edits(Encoding::Json, BASE, cases);
}

#[test]
#[rustfmt::skip] // A case a line.
fn names() {
    refuses(&[
        (r#""speed""#, r#""spee""#, &["14:6 unknown-element %[name='lo']/spee unknown-element"]),
        (r#""speed""#, r#""ietf-yang-types:speed""#, &["14:6 unknown-element %[name='lo']/ietf-yang-types:speed unknown-element"]),
        (r#""speed""#, r#""x:speed""#, &["14:6 unknown-element %[name='lo']/x:speed unknown-element"]),
        (r#""speed""#, r#""in-octets""#, &["14:6 unknown-element %[name='lo']/in-octets unknown-element"]),
        (r#""speed""#, r#""@speed""#, &["14:16 wrong-kind %[name='lo']/speed invalid-value a string"]),
        (r#""in-octets""#, r#""speed""#, &["17:7 unknown-element %[name='lo']/statistics/speed unknown-element"]),
        (r#""in-octets": "7""#, r#""in-octetz": {"a": [1, {"b": null}]}"#, &["17:7 unknown-element %[name='lo']/statistics/in-octetz unknown-element"]),
        (r#""eventTime": "#, r#""interface": [], "eventTime": "#, &["3:3 unknown-element /ietf-https-notif:notification/interface unknown-element"]),
        ("ietf-https-notif:notification", "notification", &["2:2 unknown-element /notification unknown-element"]),
        ("ietf-https-notif:notification", "ietf-yang-types:notification", &["2:2 unknown-element /ietf-yang-types:notification unknown-element"]),
        ("ietf-https-notif:notification", "ietf-https-notif:interface_data", &["2:2 unknown-element /ietf-https-notif:interface_data unknown-element"]),
        ("ietf-https-notif:notification", "hn:notification", &["2:2 unknown-element /hn:notification unknown-element"]),
    ]);
}

#[test]
#[rustfmt::skip] // A case a line.
fn kinds() {
    refuses(&[
        (r#""in-octets": "7""#, r#""in-octets": 7"#, &["17:20 wrong-kind %[name='lo']/statistics/in-octets invalid-value 7"]),
        (r#""in-discards": 2"#, r#""in-discards": "2""#, &["18:22 wrong-kind %[name='lo']/statistics/in-discards invalid-value \"2\""]),
        (r#""enabled": true"#, r#""enabled": "true""#, &["9:17 wrong-kind %[name='lo']/enabled invalid-value \"true\""]),
        (r#""enabled": true"#, r#""enabled": null"#, &["9:17 wrong-kind %[name='lo']/enabled invalid-value null"]),
        (r#""enabled": true"#, r#""enabled": [null]"#, &["9:17 wrong-kind %[name='lo']/enabled invalid-value [null]"]),
        (r#""enabled": true"#, r#""enabled": 1"#, &["9:17 wrong-kind %[name='lo']/enabled invalid-value 1"]),
        (r#""type": "772""#, r#""type": 772"#, &["8:14 wrong-kind %[name='lo']/type invalid-value 772"]),
        (r#""type": "772""#, r#""type": ["772"]"#, &["8:14 wrong-kind %[name='lo']/type invalid-value an array"]),
        (r#""type": "772""#, r#""type": {"a": "772"}"#, &["8:14 wrong-kind %[name='lo']/type invalid-value an object"]),
        (r#""admin-status": "up""#, r#""admin-status": 1"#, &["10:22 wrong-kind %[name='lo']/admin-status invalid-value 1"]),
        (r#""eventTime": "2025-01-02T03:04:05Z""#, r#""eventTime": 1735787045"#, &["3:16 wrong-kind /ietf-https-notif:notification/eventTime invalid-value 1735787045"]),
        (r#"["lo"]"#, r#""lo""#, &["13:25 wrong-kind %[name='lo']/higher-layer-if invalid-value a string"]),
        (r#"["lo"]"#, r#"[["lo"], {}, null, 1]"#, &["13:26 wrong-kind %[name='lo']/higher-layer-if invalid-value an array", "13:34 wrong-kind %[name='lo']/higher-layer-if invalid-value an object", "13:38 wrong-kind %[name='lo']/higher-layer-if invalid-value null", "13:44 wrong-kind %[name='lo']/higher-layer-if invalid-value 1"]),
        (r#"["lo"]"#, "null", &["13:25 wrong-kind %[name='lo']/higher-layer-if invalid-value null"]),
        ("[\n    {", "[ null, 5, [], {", &["5:19 wrong-kind %[1] invalid-value null", "5:25 wrong-kind %[2] invalid-value a number", "5:28 wrong-kind %[3] invalid-value an array"]),
        (r#""name": "lo""#, r#""name": 5"#, &["7:14 wrong-kind %[1]/name invalid-value 5"]),
    ]);
    let one = edit(&edit(BASE, "[\n    {", "{"), "}\n   ]", "}");
    let array = r#"{"ietf-https-notif:notification": []}"#.to_owned();
    check_refused(
        Encoding::Json,
        &[
            (one, &["5:17 wrong-kind % invalid-value an object"]),
            (array, &["1:35 wrong-kind /ietf-https-notif:notification invalid-value an array"]),
        ],
    );
}

#[test]
#[rustfmt::skip] // A case a line.
fn values() {
    refuses(&[
        (r#""if-index": 1"#, r#""if-index": 0"#, &["11:18 range %[name='lo']/if-index invalid-value 0"]),
        (r#""if-index": 1"#, r#""if-index": 2147483648"#, &["11:18 range %[name='lo']/if-index invalid-value 2147483648"]),
        (r#""if-index": 1"#, r#""if-index": 1.5"#, &["11:18 lexical %[name='lo']/if-index invalid-value 1.5"]),
        (r#""if-index": 1"#, r#""if-index": 1.0"#, &["11:18 lexical %[name='lo']/if-index invalid-value 1.0"]),
        (r#""in-discards": 2"#, r#""in-discards": -1"#, &["18:22 range %[name='lo']/statistics/in-discards invalid-value -1"]),
        (r#""in-discards": 2"#, r#""in-discards": 4294967296"#, &["18:22 range %[name='lo']/statistics/in-discards invalid-value 4294967296"]),
        (r#""in-octets": "7""#, r#""in-octets": "18446744073709551616""#, &["17:20 range %[name='lo']/statistics/in-octets invalid-value \"18446744073709551616\""]),
        (r#""in-octets": "7""#, r#""in-octets": "-1""#, &["17:20 range %[name='lo']/statistics/in-octets invalid-value \"-1\""]),
        (r#""in-octets": "7""#, r#""in-octets": "0x7""#, &["17:20 lexical %[name='lo']/statistics/in-octets invalid-value \"0x7\""]),
        (r#""in-octets": "7""#, r#""in-octets": """#, &["17:20 lexical %[name='lo']/statistics/in-octets invalid-value \"\""]),
        (r#""in-octets": "7""#, r#""in-octets": "7e1""#, &["17:20 lexical %[name='lo']/statistics/in-octets invalid-value \"7e1\""]),
        ("00:11", "00:1", &["12:22 pattern %[name='lo']/phys-address invalid-value \"00:1\""]),
        ("00:11", "00-11", &["12:22 pattern %[name='lo']/phys-address invalid-value \"00-11\""]),
        ("2025-01-02T03:04:05Z", "2025-01-02 03:04:05Z", &["3:16 pattern /ietf-https-notif:notification/eventTime invalid-value \"2025-01-02 03:04:05Z\""]),
        ("2025-01-02T03:04:05Z", "2025-01-02T03:04:05", &["3:16 pattern /ietf-https-notif:notification/eventTime invalid-value \"2025-01-02T03:04:05\""]),
        ("2025-01-02T03:04:05Z", "2025-13-02T03:04:05Z", &["3:16 pattern /ietf-https-notif:notification/eventTime invalid-value \"2025-13-02T03:04:05Z\""]),
        ("2025-01-02T03:04:06Z", "", &["16:29 pattern %[name='lo']/statistics/discontinuity-time invalid-value \"\""]),
        (r#""up""#, r#""UP""#, &["10:22 enumeration %[name='lo']/admin-status invalid-value \"UP\""]),
        (r#""up""#, r#""""#, &["10:22 enumeration %[name='lo']/admin-status invalid-value \"\""]),
        (r#"["lo"]"#, r#"["lo", "eth0", "eth1"]"#, &["13:32 dangling-leafref %[name='lo']/higher-layer-if[.='eth0'] data-missing \"eth0\"", "13:40 dangling-leafref %[name='lo']/higher-layer-if[.='eth1'] data-missing \"eth1\""]),
        (r#""name": "lo""#, r#""name": "a\u0000b""#, &["7:14 lexical %[1]/name invalid-value \"a\\0b\""]),
        (r#""name": "lo""#, "\"name\": \"é\u{fffe}\"", &["7:14 lexical %[1]/name invalid-value \"é\\u{fffe}\""]),
    ]);
    let long = edit(BASE, r#""up""#, &format!("\"{}\"", "é".repeat(70)));
    check_refused(
        Encoding::Json,
        &[(
            long,
            &[
                "10:22 enumeration %[name='lo']/admin-status invalid-value \"éééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé…\"",
            ],
        )],
    );
}

#[test]
#[rustfmt::skip] // A case a line.
fn instances() {
    refuses(&[
        (r#""speed""#, r#""type""#, &["14:14 duplicate %[name='lo']/type bad-element"]),
        (r#""speed": "10","#, r#""name": "eth0","#, &["14:14 duplicate %[name='lo']/name bad-element"]),
        (r#""speed": "10","#, r#""higher-layer-if": [],"#, &["14:25 duplicate %[name='lo']/higher-layer-if bad-element"]),
        (r#""in-octets": "7","#, r#""in-octets": "7", "in-octets": {"a": 1},"#, &["17:38 duplicate %[name='lo']/statistics/in-octets bad-element"]),
        (r#""name": "lo","#, "", &["6:5 missing-key %[1]/name missing-element"]),
        (r#""type": "772","#, "", &["6:5 missing-mandatory %[name='lo']/type data-missing"]),
        (r#""if-index": 1,"#, "", &["6:5 missing-mandatory %[name='lo']/if-index data-missing"]),
        (r#""discontinuity-time": "2025-01-02T03:04:06Z","#, "", &["15:20 missing-mandatory %[name='lo']/statistics/discontinuity-time data-missing"]),
        (r#""statistics""#, r#""statistic""#, &["15:6 unknown-element %[name='lo']/statistic unknown-element", "6:5 missing-mandatory %[name='lo']/statistics/discontinuity-time data-missing"]),
        ("\"eventTime\": \"2025-01-02T03:04:05Z\",\n", "", &["2:35 missing-mandatory /ietf-https-notif:notification/eventTime data-missing"]),
        (r#""name": "lo","#, r#""name": "it's","#, &["13:26 dangling-leafref %[name=\"it's\"]/higher-layer-if[.='lo'] data-missing \"lo\""]),
    ]);
    let entry = r#"{"name": "lo", "type": "1", "admin-status": "up", "if-index": 2,
        "statistics": {"discontinuity-time": "2025-01-02T03:04:05Z"}}"#;
    let twice = edit(BASE, "[\n    {", &format!("[{entry}, {entry},\n    {{"));
    let empty = edit(BASE, "[\n    {", "[{},\n    {");
    check_refused(
        Encoding::Json,
        &[
            (twice, &["6:72 duplicate-entry %[name='lo'] bad-element", "8:5 duplicate-entry %[name='lo'] bad-element"]),
            (empty, &["5:18 missing-key %[1]/name missing-element", "5:18 missing-mandatory %[1]/type data-missing", "5:18 missing-mandatory %[1]/admin-status data-missing", "5:18 missing-mandatory %[1]/if-index data-missing", "5:18 missing-mandatory %[1]/statistics/discontinuity-time data-missing"]),
        ],
    );
}

#[test]
#[rustfmt::skip] // A case a line.
fn several_lists_and_two_keys() {
    let text = r#"{"forms:top":{"level":101,"state":{"when":"2025-01-01T00:00:00Z"},
 "item":[{"id":1,"zone":"a","peer":["x"]},{"id":1},{"zone":"b"},{"id":1,"zone":"A"}],
 "tag":["x","x"]}}"#;
    let faults = json::from_slice::<Top>(text.as_bytes(), &Options::default()).expect_err("wrong");
    assert_eq!(
        lines(&faults),
        [
            "1:23 range /forms:top/level invalid-value 101",
            "2:37 wrong-kind /forms:top/item[id='1'][zone='a']/peer invalid-value \"x\"",
            "2:43 missing-key /forms:top/item[2]/zone missing-element",
            "2:52 missing-key /forms:top/item[3]/id missing-element",
            "2:80 pattern /forms:top/item[4]/zone invalid-value \"A\"",
        ]
    );
    let text = text.replace("101", "1").replace(r#"["x"]"#, "[7]");
    let text = text.replace(r#",{"id":1},{"zone":"b"}"#, r#",{"id":1,"zone":"a"}"#);
    let text = text.replace(r#""A""#, r#""b""#);
    let faults = json::from_slice::<Top>(text.as_bytes(), &Options::default()).expect_err("wrong");
    assert_eq!(
        lines(&faults),
        [
            "2:41 duplicate-entry /forms:top/item[id='1'][zone='a'] bad-element",
            "2:37 dangling-leafref /forms:top/item[id='1'][zone='a']/peer[.='7'] data-missing \"7\"",
            "3:13 duplicate-entry /forms:top/tag[.='x'] bad-element \"x\"",
        ]
    );
}

#[test]
#[rustfmt::skip] // A case a line.
fn syntax() {
    refuses(&[
        (r#""speed": "10","#, r#""speed": "10""#, &["15:6 malformed %[name='lo'] malformed-message"]),
        (r#""speed": "10","#, r#""speed" "10","#, &["14:14 malformed %[name='lo'] malformed-message"]),
        (r#""speed": "10","#, r#""speed": ,"#, &["14:15 malformed %[name='lo']/speed malformed-message"]),
        (r#""speed": "10","#, "speed: 1,", &["14:6 malformed %[name='lo'] malformed-message"]),
        (r#""speed": "10","#, "'speed': 1,", &["14:6 malformed %[name='lo'] malformed-message"]),
        (r#""in-discards": 2"#, r#""in-discards": 2,"#, &["19:6 malformed %[name='lo']/statistics malformed-message"]),
        (r#""in-discards": 2"#, r#""in-discards": 02"#, &["18:23 malformed %[name='lo']/statistics/in-discards malformed-message"]),
        (r#""in-discards": 2"#, r#""in-discards": +2"#, &["18:22 malformed %[name='lo']/statistics/in-discards malformed-message"]),
        (r#""in-discards": 2"#, r#""in-discards": 2."#, &["18:24 malformed %[name='lo']/statistics/in-discards malformed-message"]),
        (r#""in-discards": 2"#, r#""in-discards": NaN"#, &["18:22 malformed %[name='lo']/statistics/in-discards malformed-message"]),
        (r#""in-discards": 2"#, r#""in-discards": nul"#, &["18:22 malformed %[name='lo']/statistics/in-discards malformed-message"]),
        (r#""in-discards": 2"#, r#""in-discards": 2 // two"#, &["18:24 malformed %[name='lo']/statistics malformed-message"]),
        (r#"["lo"]"#, r#"["lo",]"#, &["13:31 malformed %[name='lo']/higher-layer-if malformed-message"]),
        (r#"["lo"]"#, r#"["lo" "lo"]"#, &["13:31 malformed %[name='lo']/higher-layer-if malformed-message"]),
        (r#"["lo"]"#, "[,]", &["13:26 malformed %[name='lo']/higher-layer-if malformed-message"]),
        (r#"["lo"]"#, r#"["lo"}"#, &["13:30 malformed %[name='lo']/higher-layer-if malformed-message"]),
        (r#""lo","#, r#""l\o","#, &["7:17 malformed %[1]/name malformed-message"]),
        (r#""lo","#, r#""\ud800","#, &["7:15 malformed %[1]/name malformed-message"]),
        (r#""lo","#, r#""\udc00\ud800","#, &["7:15 malformed %[1]/name malformed-message"]),
        (r#""lo","#, r#""\u12G4","#, &["7:17 malformed %[1]/name malformed-message"]),
        (r#""lo","#, "\"l\to\",", &["7:16 malformed %[1]/name malformed-message"]),
        (r#""lo","#, "\"l\no\",", &["7:16 malformed %[1]/name malformed-message"]),
    ]);
}

#[test]
#[rustfmt::skip] // A case a line.
fn the_message_as_a_whole() {
    let second = BASE.strip_suffix('}').expect("ends so");
    check_refused(
        Encoding::Json,
        &[
            (String::new(), &["1:1 empty / malformed-message"]),
            (" \n".to_owned(), &["2:1 empty / malformed-message"]),
            ("{}".to_owned(), &["1:2 empty / malformed-message"]),
            ("[]".to_owned(), &["1:1 malformed / malformed-message"]),
            ("null".to_owned(), &["1:1 malformed / malformed-message"]),
            ("\"x\"".to_owned(), &["1:1 malformed / malformed-message"]),
            ("{\"a\"".to_owned(), &["1:5 malformed / malformed-message"]),
            (format!("\u{feff}{BASE}"), &["1:1 malformed / malformed-message"]),
            (format!("{BASE}\n x"), &["25:2 trailing-data / malformed-message"]),
            (format!("{BASE}{BASE}"), &["24:2 trailing-data / malformed-message"]),
            (format!("{BASE}\0"), &["24:2 trailing-data / malformed-message"]),
            (format!("{second}, \"a:b\": 1, \"c\": 2}}"), &["24:3 unknown-element /a:b unknown-element a:b", "24:13 unknown-element /c unknown-element c"]),
        ],
    );
}

#[test]
fn only_utf_8() {
    let text = edit(BASE, "772", "7é2");
    let mut latin_1 = text.clone().into_bytes();
    latin_1.retain(|byte| *byte != 0xc3);
    let mut overlong = text.clone().into_bytes();
    overlong
        .iter_mut()
        .filter(|byte| **byte == 0xc3)
        .for_each(|byte| *byte = 0xc0);
    let utf_16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    check_refused(
        Encoding::Json,
        &[
            (latin_1, &["8:16 malformed / malformed-message"]),
            (overlong, &["8:16 malformed / malformed-message"]),
            (utf_16, &["8:32 malformed / malformed-message"]),
        ],
    );
}

#[test]
fn truncated_input_is_a_fault_at_every_byte() {
    for message in [BASE.as_bytes(), CAPTURED_JSON.trim_ascii_end()] {
        for end in 0..message.len() {
            let faults = refused(Encoding::Json, &message[..end]);
            assert_eq!(faults.len(), 1, "{end}: {faults:?}");
        }
    }
}

#[test]
fn limits() {
    let refused = |text: &str, options: Options| {
        lines(&decode(Encoding::Json, text.as_bytes(), &options).expect_err("is refused"))
    };
    let size = BASE.len();
    let small = Options::default().with_max_size(size - 1);
    assert_eq!(refused(BASE, small), ["24:1 too-large / too-big"]);
    let fits = Options::default().with_max_size(size).with_max_depth(6);
    assert!(decode(Encoding::Json, BASE.as_bytes(), &fits).is_ok());
    let path = "/ietf-https-notif:notification/interface_data/interface[name='lo']";
    let shallow = Options::default().with_max_depth(5);
    let fault = format!("13:25 too-deep {path}/higher-layer-if too-big");
    assert_eq!(refused(BASE, shallow), [fault]);
    let deep = edit(BASE, "\"10\"", &"[".repeat(100_000));
    let faults = [
        format!("14:15 wrong-kind {path}/speed invalid-value an array"),
        format!("14:138 too-deep {path}/speed too-big"),
    ];
    assert_eq!(refused(&deep, Options::default()), faults);
    let deep = edit(
        BASE,
        "\"speed\"",
        &format!("\"a\": {}", "{\"a\":".repeat(2000)),
    );
    let most = Options::default().with_max_depth(usize::MAX);
    let faults = [
        format!("14:6 unknown-element {path}/a unknown-element"),
        format!("14:5106 too-deep {path} too-big"),
    ];
    assert_eq!(refused(&deep, most), faults);
}

#[test]
fn several_faults_up_to_the_bound() {
    let text = edit(
        BASE,
        "\"speed\": \"10\",",
        r#""a": 1, "b": [2], "c": {}, "enabled": 3,"#,
    );
    let path = "/ietf-https-notif:notification/interface_data/interface[name='lo']";
    let all = [
        format!("14:6 unknown-element {path}/a unknown-element"),
        format!("14:14 unknown-element {path}/b unknown-element"),
        format!("14:24 unknown-element {path}/c unknown-element"),
        format!("14:44 duplicate {path}/enabled bad-element"),
    ];
    let with = |bound| {
        let options = Options::default().with_max_faults(bound);
        lines(&decode(Encoding::Json, text.as_bytes(), &options).expect_err("is refused"))
    };
    assert_eq!(with(4), all);
    for bound in 1..4 {
        let listed = with(bound);
        assert_eq!(listed[..bound], all[..bound]);
        assert_eq!(listed[bound..], ["and more"]);
    }
    assert_eq!(with(0), with(1));
    // What ends the reading counts too.
    let broken = edit(&text, "\"in-discards\": 2", "\"in-discards\": x");
    let options = Options::default().with_max_faults(4);
    let faults = decode(Encoding::Json, broken.as_bytes(), &options).expect_err("is refused");
    assert_eq!((faults.list.len(), faults.truncated), (4, true));
    let many = edit(BASE, "[\"lo\"]", &format!("[{}0]", "0,".repeat(1000)));
    let faults = decode(Encoding::Json, many.as_bytes(), &Options::default()).expect_err("wrong");
    assert_eq!((faults.list.len(), faults.truncated), (20, true));
}

#[test]
fn the_captured_messages_are_equal_through_xml() {
    for (encoding, message) in [
        (Encoding::Json, CAPTURED_JSON),
        (Encoding::Xml, CAPTURED_XML),
    ] {
        let data = accepted(encoding, message);
        let text = json::to_string(&data);
        let through = accepted(Encoding::Xml, xml::to_string(&data).as_bytes());
        assert_eq!(through, data);
        assert_eq!(json::to_string(&through), text);
        assert_eq!(accepted(Encoding::Json, text.as_bytes()), data);
        assert_eq!(
            data.interface_data.map(|data| data.interface.len()),
            Some(7)
        );
    }
}

/// The base message's data after a change.
fn changed(from: &str, to: &str) -> Notification {
    accepted(Encoding::Json, edit(BASE, from, to).as_bytes())
}

#[test]
fn forms_that_mean_the_same() {
    let base = accepted(Encoding::Json, BASE.as_bytes());
    for (from, to) in [
        (r#""speed": "10""#, r#""\u0073peed" :"+10""#),
        (
            r#""speed": "10""#,
            r#""speed": "0010", "lower-layer-if": []"#,
        ),
        (r#""name": "lo""#, r#""name": "\u006c\u006F""#),
        (r#""if-index": 1"#, r#""if-index": 1e0"#),
        (r#""in-discards": 2"#, r#""in-discards": 20E-1"#),
        (r#""in-discards": 2"#, "\"in-discards\"\r\n\t : 2"),
    ] {
        assert_eq!(changed(from, to), base, "{to}");
    }
    let lines = BASE.replace('\n', "\r\n");
    assert_eq!(accepted(Encoding::Json, lines.as_bytes()), base);
    let dense: String = BASE.split_ascii_whitespace().collect();
    assert_eq!(
        accepted(Encoding::Json, format!("\n{dense}\n\n").as_bytes()),
        base
    );
}

#[test]
fn members_in_any_order() {
    let text = r#"{"ietf-https-notif:notification":{"interface_data":{"interface":[{
        "statistics":{"in-discards":2,"in-octets":"7","discontinuity-time":"2025-01-02T03:04:06Z"},
        "speed":"10","higher-layer-if":["lo"],"phys-address":"00:11","if-index":1,
        "admin-status":"up","enabled":true,"type":"772","name":"lo"}]},
        "eventTime":"2025-01-02T03:04:05Z"}}"#;
    assert_eq!(
        accepted(Encoding::Json, text.as_bytes()),
        accepted(Encoding::Json, BASE.as_bytes())
    );
}

#[test]
fn equal_values_have_one_text() {
    let data = changed("\"00:11\"", "\"0A:fF\"");
    let interface = &data.interface_data.expect("is there").interface[0];
    assert_eq!(
        interface.phys_address.as_ref().expect("is there").as_str(),
        "0a:ff"
    );
}

#[test]
fn strings_with_escapes() {
    let name = |text: &str| {
        let data = changed("\"772\"", text);
        data.interface_data.expect("is there").interface[0]
            .type_
            .to_string()
    };
    for (text, value) in [
        (r#""""#, ""),
        (r#""\"\\\/\n\r\t""#, "\"\\/\n\r\t"),
        (r#""\ud83d\uDE00 \u00e9""#, "😀 é"),
        ("\"é\u{7f}\u{80}\u{fffd}😀\"", "é\u{7f}\u{80}\u{fffd}😀"),
        (r#"" 772 ""#, " 772 "),
    ] {
        assert_eq!(name(text), value, "{text}");
    }
}

#[test]
fn little_is_enough() {
    let text = r#"{"ietf-https-notif:notification":{"eventTime":"2025-01-02T03:04:05Z"}}"#;
    let data = accepted(Encoding::Json, text.as_bytes());
    assert!(data.interface_data.is_none());
    assert_eq!(json::to_string(&data), text);
    let text = edit(text, "}}", r#","interface_data":{"interface":[]}}}"#);
    let data = accepted(Encoding::Json, text.as_bytes());
    assert!(
        data.interface_data
            .is_some_and(|data| data.interface.is_empty())
    );
}

/// `?` from `main` prints an error's `Debug`.
#[test]
fn faults_read_the_same_from_main() {
    let faults = json::from_slice::<Notification>(b"{", &Options::default());
    let faults = faults.expect_err("is no message");
    assert_eq!(format!("{faults:?}"), faults.to_string());
}

#[test]
fn the_data_of_a_message_is_taken_out() {
    let registry = Registry::new(&crate::common::interfaces::SCHEMA);
    let decoded = registry.decode(Encoding::Json, CAPTURED_JSON, &Options::default());
    let message = decoded.expect("is valid");
    let expected = message.downcast_ref::<Notification>().cloned();
    let message = message.into_root::<notif_runtime::restconf::Errors>();
    let data = message
        .expect_err("is another type")
        .into_root::<Notification>();
    assert_eq!(data.ok(), expected);
}
