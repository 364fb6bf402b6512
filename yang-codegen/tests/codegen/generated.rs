//! The generated types of the shared modules, used as a crate uses them.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test states what must hold"
)]

use std::path::Path;

use crate::common::generator_of;
use fixtures::{forms, interfaces, metadata, restrictions, rules};
use notif_runtime::Options;
use notif_runtime::fault::FaultKind;
use notif_runtime::tree::Child;
use notif_runtime::validate::validate;
use notif_runtime::{Encoding, json, registry::Registry, xml};

#[test]
fn conditions_that_refer_to_nothing_are_warned_of() {
    let output = generator_of("rules").generate().expect("generates");
    let warnings: Vec<String> = output.warnings.iter().map(ToString::to_string).collect();
    // A backup has no MTU; the links, which use the grouping too, have one.
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(warnings[0].contains("/rules:network/backup/kind: must"));
    assert!(warnings[1].contains("/rules:grammar/level: must"));
}

/// The schema node of a child of `network/link`.
fn link_rules(name: &str) -> &'static notif_runtime::schema::Node<'static> {
    use notif_runtime::decode::Object as _;

    let link = rules::rules::network::Link::NODE;
    let children = link.children().iter();
    let found = children.into_iter().find(|node| node.name == name);
    found.expect("is there")
}

#[test]
fn conditions_make_nodes_optional() {
    use rules::rules::network::Link;
    use rules::rules::network::link::Radio;

    let mut link = Link::new("wlan0");
    assert_eq!(link.kind, None);
    link.radio = Some(Radio::new(36));
    let kind = link_rules("kind");
    assert!(!kind.mandatory && kind.rules.mandatory && kind.constrained);
    assert_eq!(kind.rules.when.len(), 1);
    assert!(kind.rules.when[0].of_parent);
    let radio = link_rules("radio");
    assert!(!radio.mandatory && radio.rules.mandatory);
    assert!(!radio.rules.when[0].of_parent);
    let [channel, power] = radio.children() else {
        panic!("has two children");
    };
    assert!(channel.mandatory && !channel.rules.mandatory);
    assert!(!power.mandatory && power.rules.mandatory);
}

#[test]
fn constraints_keep_their_words() {
    use notif_runtime::decode::Object as _;

    let must = &rules::rules::network::Link::NODE.rules.must[0];
    assert_eq!(must.source, "enabled = 'true' or not(mtu)");
    assert_eq!(must.message, Some("A link that is off has no MTU."));
    assert_eq!(must.app_tag, Some("link-off"));

    let message = r#"{"rules:network":{"link":[{"name":"a","enabled":false,"mtu":68}]}}"#;
    let network =
        json::from_slice::<rules::rules::Network>(message.as_bytes(), &Options::default());
    let faults = network.expect_err("has an MTU").list;
    let fault = faults.iter().find(|fault| fault.kind == FaultKind::Must);
    let fault = fault.expect("is violated");
    assert_eq!(fault.message.as_deref(), must.message);
    assert_eq!(
        fault.expected,
        "data of which \"enabled = 'true' or not(mtu)\" is true"
    );
}

/// A leaf with a value, what is said of it, and the error-app-tag.
const REFUSED: &[(&str, &str, &str, Option<&str>)] = &[
    ("port", "1024", "a well-known port", Some("port-unknown")),
    ("port", "70000", "a well-known port", Some("port-unknown")),
    ("port", "\"1\"", "a JSON number for uint16", None),
    ("high-port", "1", "a uint16 in 512..1023", None),
    (
        "word",
        "\"abcde\"",
        "a word of two to four letters",
        Some("word-length"),
    ),
    ("word", "\"AB\"", "small letters", Some("word-letters")),
    (
        "word",
        "\"xy\"",
        "a string that does not match the pattern x.*",
        Some("word-x"),
    ),
    (
        "octets",
        "\"AAAA\"",
        "a length of 1 octets",
        Some("one-octet"),
    ),
    ("share", "\"1.1\"", "a share of the whole", None),
];

/// Those of the module among them.
const OWN_WORDS: [&str; 4] = [
    "a well-known port",
    "a word of two to four letters",
    "small letters",
    "a share of the whole",
];

#[test]
fn faults_have_the_modules_own_words_and_tags() {
    use restrictions::restrictions::{Data, Port};

    for (leaf, value, said, app_tag) in REFUSED {
        let message = format!("{{\"restrictions:data\":{{\"{leaf}\":{value}}}}}");
        let faults = json::from_slice::<Data>(message.as_bytes(), &Options::default());
        let fault = &faults.expect_err("is refused").list[0];
        let told = fault.message.as_deref().unwrap_or(&fault.expected);
        assert_eq!(
            (told, fault.app_tag.as_deref()),
            (*said, *app_tag),
            "{message}"
        );
        let own = OWN_WORDS.iter().copied().find(|own| own == said);
        assert_eq!(fault.message.as_deref(), own, "{message}");
        // The module's words stand in one place.
        assert_ne!(
            fault.message.as_deref(),
            Some(&*fault.expected),
            "{message}"
        );
    }
    assert_eq!(
        Port::new(0).expect_err("is too small").to_string(),
        "\"0\" is no port: expected a well-known port"
    );
    // Data that was built shows the same.
    let mut data = Data::new();
    data.word = Some("AB".into());
    let faults = validate(&data).expect_err("is wrong");
    assert_eq!(faults.list[0].app_tag.as_deref(), Some("word-letters"));
}

#[test]
fn types_inside_unions_yield_to_nodes_of_their_name() {
    use restrictions::restrictions::{Data, data};

    let message = r#"{"restrictions:data":{"mode":"auto","mode-enumeration":{"kind":"one","same":"one","same-target":"two"}}}"#;
    let read: Data = json::from_slice(message.as_bytes(), &Options::default()).expect("decodes");
    let mode = data::Mode::Enumeration(data::ModeEnumeration2::Auto);
    assert_eq!(read.mode, Some(mode));
    assert_eq!(json::to_string(&read), message);
}

#[test]
fn the_interfaces_decode() {
    use interfaces::ietf_https_notif::Notification;

    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let file = project.join("examples/data/interfaces.json");
    let message = std::fs::read(file).expect("reads");
    let data: Notification = json::from_slice(&message, &Options::default()).expect("decodes");
    let interfaces = &data.interface_data.as_ref().expect("is there").interface;
    let lo = interfaces
        .iter()
        .find(|interface| interface.name == "lo")
        .expect("is there");
    assert_eq!(lo.statistics.in_octets, Some(10_222_658));
    assert!(lo.enabled_or_default());
    assert_eq!(lo.admin_status.as_str(), "testing");
    assert_eq!(
        interfaces::ietf_https_notif::MODULE.features,
        ["arbitrary-names", "pre-provisioning", "if-mib"]
    );
}

const FORMS: &str = r#"{"forms:top":{"level":7,"label":"ab","state":{"when":"2025-01-01T00:00:00Z"},
    "item":[{"id":1,"zone":"a","kind":"10-mb","peer":[1]},{"id":1,"zone":"b"}],
    "tag":["x","y"],"self":"s","foo-bar":1,"foo_bar":2,"forms-more:added":{"note":"n"}}}"#;

#[test]
fn the_forms_decode_and_encode() {
    use forms::forms::Top;

    let data: Top = json::from_slice(FORMS.as_bytes(), &Options::default()).expect("decodes");
    assert_eq!(data.level.map(forms::forms::Percent::get), Some(7));
    assert_eq!(
        data.item[0].kind,
        Some(forms::forms::top::item::Sort::_10Mb)
    );
    assert_eq!(
        data.item[1].kind_or_default(),
        forms::forms::top::item::Sort::Other
    );
    assert_eq!((data.foo_bar, data.foo_bar_2), (Some(1), Some(2)));
    assert_eq!(data.label_or_default(), "ab");
    let text = json::to_string(&data);
    assert_eq!(
        json::from_slice::<Top>(text.as_bytes(), &Options::default()).as_ref(),
        Ok(&data)
    );
    let any = Registry::new(&forms::SCHEMA)
        .decode(Encoding::Json, text.as_bytes(), &Options::default())
        .expect("decodes");
    assert_eq!(any.downcast_ref::<Top>(), Some(&data));
    assert!(matches!(
        any.root().get("forms-more:added"),
        Some((_, Child::Node(_)))
    ));
}

#[test]
fn data_templates_and_structures_decode() {
    use metadata::metadata::{Envelope, First, MODULE, Report, Report2, Second, envelope};

    let options = Options::default();
    let report = br#"{"metadata:report":{"text":"x","part":[{"id":1}]}}"#;
    let data: Report = json::from_slice(report, &options).expect("decodes");
    assert_eq!((data.text.as_str(), data.part.len()), ("x", 1));
    let other = br#"{"metadata:report":{"code":3}}"#;
    let data: Report2 = json::from_slice(other, &options).expect("decodes");
    assert_eq!(data.code, Some(3));
    let second = br#"{"metadata:second":{"b":2}}"#;
    let data: Second = json::from_slice(second, &options).expect("decodes");
    assert_eq!(data.b, Some(2));
    assert!(json::from_slice::<First>(second, &options).is_err());
    let envelope = r#"<envelope xmlns="urn:example:metadata"><to>you</to><inside><x>3</x></inside>
        <more><b/></more></envelope>"#;
    let data: Envelope = xml::from_slice(envelope.as_bytes(), &options).expect("decodes");
    assert_eq!(data.inside, Some(envelope::Inside { x: Some(3) }));
    assert!(data.more.is_some());
    let without = br#"{"metadata:envelope":{}}"#;
    assert!(json::from_slice::<Envelope>(without, &options).is_err());

    // They are no messages of their own.
    let registry = Registry::new(&metadata::SCHEMA);
    assert_eq!(registry.roots().count(), 2);
    assert!(registry.decode(Encoding::Json, report, &options).is_err());
    let names = MODULE.structures.iter().map(|node| node().name);
    let expected = ["report", "report", "first", "second", "envelope"];
    assert_eq!(names.collect::<Vec<_>>(), expected);
}

#[test]
fn extensions_are_kept() {
    use metadata::metadata::{MODULE, Top};
    use notif_runtime::decode::Object;

    let named = |extensions: &[notif_runtime::schema::Extension]| -> Vec<_> {
        let pairs = extensions.iter().map(|known| (known.name, known.argument));
        pairs.collect()
    };
    let note = |text| vec![("metadata:note", Some(text))];
    assert_eq!(named(MODULE.extensions), note("At the top."));
    assert_eq!(named(Top::NODE.extensions), [("metadata:mark", None)]);
    let name = &Top::NODE.children()[0];
    assert_eq!(named(name.extensions), note("kept `as` it is"));
    assert!(!name.constrained);
}

#[test]
fn data_that_was_built_is_validated() {
    use forms::forms::{Percent, ShortText, Top, top};

    let when = "2025-01-01T00:00:00Z".parse().expect("is a date");
    let mut data = Top::new(top::State::new(when));
    assert_eq!(validate(&data), Ok(()));
    assert!(Percent::new(101).is_err());
    assert_eq!(
        ShortText::new("too long")
            .expect_err("is too long")
            .to_string(),
        "\"too long\" is no short-text: expected a length of 1..4 characters"
    );
    let tag: forms::forms_types::Text = "x".parse().expect("is a text");
    data.tag = vec![tag.clone(), tag];
    data.item = vec![
        top::Item::new(1, "a"),
        top::Item::new(1, "a"),
        top::Item::new(2, "xy"),
    ];
    data.item[0].peer = vec![9];
    let faults: Vec<String> = validate(&data)
        .expect_err("is wrong")
        .list
        .iter()
        .map(ToString::to_string)
        .collect();
    insta::assert_snapshot!(faults.join("\n"));
}

#[test]
fn faults_of_every_form() {
    let wrong = r#"{"forms:top":{"level":101,"label":"a b","item":[{"id":"1","zone":"b","kind":"20-mb",
        "peer":["1",{}]}],"tag":"x","forms-more:added":{"note":1},"forms:level":1,"added":{}}}"#;
    let faults = json::from_slice::<forms::forms::Top>(wrong.as_bytes(), &Options::default())
        .expect_err("is wrong");
    insta::assert_snapshot!(faults.to_string());
}
