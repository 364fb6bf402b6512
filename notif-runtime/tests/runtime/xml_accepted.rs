//! Messages that the XML decoder accepts: the forms that XML has for the same data.
#![allow(clippy::expect_used, reason = "a test states what must hold")]

use crate::common::{CAPTURED_XML, Notification, Top, XML_BASE, XMLNS, accepted, edit};
use notif_runtime::Options;
use notif_runtime::{Encoding, json, xml};

#[test]
fn the_captured_message_is_equal_through_json() {
    let data = accepted(Encoding::Xml, CAPTURED_XML);
    let text = xml::to_string(&data);
    let through = accepted(Encoding::Json, json::to_string(&data).as_bytes());
    assert_eq!(through, data);
    assert_eq!(xml::to_string(&through), text);
    assert_eq!(accepted(Encoding::Xml, text.as_bytes()), data);
    let interfaces = data.interface_data.expect("is there").interface;
    assert_eq!(interfaces.len(), 7);
    assert_eq!(interfaces[4].statistics.in_octets, Some(12_209_653));
}

/// The base message's data after a change.
fn changed(from: &str, to: &str) -> Notification {
    accepted(Encoding::Xml, edit(XML_BASE, from, to).as_bytes())
}

#[test]
fn forms_that_mean_the_same() {
    let base = accepted(Encoding::Xml, XML_BASE.as_bytes());
    let uri = "urn:ietf:params:xml:ns:netconf:notification:1.0";
    let speed = format!("<p:speed xmlns:p='{uri}'>10</p:speed >");
    let again = format!("<speed xmlns = \"{uri}\"\n>10</speed\t>");
    let unused = format!(
        "<speed xmlns:p=\"urn:&lt;{uri}\" xmlns:xml=\"http://www.w3.org/XML/1998/namespace\">"
    );
    let reference = uri.replace('n', "&#x6e;").replace(':', "&#58;");
    for (from, to) in [
        (">10<", ">1&#48;<"),
        (">10<", ">1&#x0030;<"),
        (">10<", ">\n +0010\t<"),
        (">10<", "><![CDATA[10]]><"),
        (">10<", ">1<![CDATA[0]]><"),
        (">10<", ">10<!-- ten --><?x?><"),
        ("<speed>10</speed>", speed.as_str()),
        ("<speed>10</speed>", again.as_str()),
        (
            "<speed>10</speed>",
            "<ietf-https-notif:speed>10</ietf-https-notif:speed>",
        ),
        ("<speed>", unused.as_str()),
        (uri, reference.as_str()),
        ("<statistics>", "<!-- a - b --><statistics><?pi x=\"?\"?>"),
        (
            "<notification",
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<notification",
        ),
        (
            "<notification",
            "<?xml version='1.0' encoding='utf-8' standalone='yes' ?><notification",
        ),
        (
            "<notification",
            "<?xml version = \"1.0\"?>\r\n<!-- a --><?a?>\n<notification",
        ),
        ("</notification>", "</notification>\n<!-- a --><?a?>\n"),
    ] {
        assert_eq!(changed(from, to), base, "{to}");
    }
    let lines = XML_BASE.replace('\n', "\r\n");
    assert_eq!(accepted(Encoding::Xml, lines.as_bytes()), base);
    let dense: String = XML_BASE.lines().map(str::trim).collect();
    assert_eq!(accepted(Encoding::Xml, dense.as_bytes()), base);
}

#[test]
fn the_three_forms_of_namespaces() {
    let base = accepted(Encoding::Xml, XML_BASE.as_bytes());
    let prefixed = XML_BASE
        .replace("</", "</n:")
        .replace(" <", " <n:")
        .replace(" <n:/", " </");
    let prefixed = prefixed
        .replace(" xmlns=", " xmlns:n=")
        .replace("<notif", "<n:notif");
    assert_eq!(accepted(Encoding::Xml, prefixed.as_bytes()), base);
    let undeclared = XML_BASE
        .replace(XMLNS, "")
        .replace("notification>", "ietf-https-notif:notification>");
    let undeclared = undeclared.replace("<notification", "<ietf-https-notif:notification");
    assert_eq!(accepted(Encoding::Xml, undeclared.as_bytes()), base);
    let everywhere = prefixed
        .replace("n:", "ietf-https-notif:")
        .replace(" xmlns:n=", " xmlns:x=");
    let start = everywhere.find(" xmlns").expect("is there");
    let end = start + everywhere[start..].find('>').expect("is there");
    let everywhere = format!("{}{}", &everywhere[..start], &everywhere[end..]);
    assert_eq!(accepted(Encoding::Xml, everywhere.as_bytes()), base);
}

#[test]
#[rustfmt::skip] // A case a line.
fn entries_between_other_members_and_any_order() {
    let entry = |name: &str, index: u8| {
        format!(
            "<interface><statistics><in-octets>1</in-octets><discontinuity-time>2025-01-02T03:04:05Z\
            </discontinuity-time></statistics><lower-layer-if>{name}</lower-layer-if><if-index>{index}\
            </if-index><lower-layer-if>lo</lower-layer-if><admin-status>down</admin-status>\
            <type/><name>{name}</name></interface>"
        )
    };
    let text = edit(
        XML_BASE,
        "  <interface>",
        &format!("{}  <interface>", entry("a", 2)),
    );
    let text = edit(
        &text,
        "</interface_data>",
        &format!("{}</interface_data>", entry("b", 3)),
    );
    let interfaces = accepted(Encoding::Xml, text.as_bytes())
        .interface_data
        .expect("is there")
        .interface;
    let names: Vec<&str> = interfaces.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(names, ["a", "lo", "b"]);
    assert_eq!(interfaces[2].lower_layer_if, ["b", "lo"]);
    assert_eq!(interfaces[0].type_, "");

    let text = "<top xmlns=\"urn:example:forms\" xmlns:m=\"urn:example:forms-more\"><tag>x</tag>\n\
        <item><id>2</id><zone>b</zone></item><m:added><m:note>n</m:note></m:added><tag>y</tag>\n\
        <item><id>1</id><zone>a</zone></item><state><when>2025-01-01T00:00:00Z</when></state></top>";
    let data: Top = xml::from_slice(text.as_bytes(), &Options::default()).expect("decodes");
    assert_eq!((data.item.len(), data.tag.len()), (2, 2));
    assert_eq!((data.item[0].id, data.item[1].id), (2, 1));
    let text = xml::to_string(&data);
    assert_eq!(
        xml::from_slice::<Top>(text.as_bytes(), &Options::default()),
        Ok(data)
    );
}

#[test]
fn text_with_references() {
    let value = |text: &str| {
        let data = changed(">772<", text);
        data.interface_data.expect("is there").interface[0]
            .type_
            .to_string()
    };
    for (text, expected) in [
        ("><", ""),
        ("> <", " "),
        (">&lt;&gt;&amp;&apos;&quot;<", "<>&'\""),
        (">&#60;a&#x3E;&#x1F600;<", "<a>😀"),
        (">é\u{7f}\u{80}\u{fffd}<", "é\u{7f}\u{80}\u{fffd}"),
        (">a\r\nb\rc\n\td<", "a\nb\nc\n\td"),
        (">a&#13;&#10;b&#xD;<", "a\r\nb\r"),
        (">a\r<![CDATA[\nb\r\n]]]]>&#62;<", "a\n\nb\n]]>"),
        (">]]&gt;<", "]]>"),
        ("><![CDATA[<b>&amp;</b>]]><", "<b>&amp;</b>"),
        ("><![CDATA[]]><", ""),
    ] {
        assert_eq!(value(text), expected, "{text}");
    }
}
