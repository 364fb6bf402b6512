//! Messages that the XML decoder refuses, with the exact place and tag of each fault.
#![allow(clippy::expect_used, reason = "a test states what must hold")]

use crate::common::{
    CAPTURED_XML, Case, Top, XML_BASE, XMLNS, check_edits, check_refused, decode, edit, lines,
    refused,
};
use notif_runtime::Options;
use notif_runtime::{Encoding, json, xml};

fn refuses(cases: &[Case<'_>]) {
    check_edits(Encoding::Xml, XML_BASE, cases);
}

#[test]
#[rustfmt::skip] // A case a line.
fn names() {
    refuses(&[
        ("<speed>10</speed>", "<spee>10</spee>", &["12:4 unknown-element %[name='lo']/spee unknown-element"]),
        ("<speed>10</speed>", "<in-octets>10</in-octets>", &["12:4 unknown-element %[name='lo']/in-octets unknown-element"]),
        ("<speed>10</speed>", "<a b=\"c\"><d>&lt;</d>x</a>", &["12:4 unknown-element %[name='lo']/a unknown-element"]),
        ("<speed>10</speed>", "<speed/><in-octets/>", &["12:4 lexical %[name='lo']/speed invalid-value \"\"", "12:12 unknown-element %[name='lo']/in-octets unknown-element"]),
        ("<in-octets>7</in-octets>", "<speed>7</speed>", &["15:5 unknown-element %[name='lo']/statistics/speed unknown-element"]),
        (" <eventTime>", "<interface/><eventTime>", &["2:1 unknown-element /ietf-https-notif:notification/interface unknown-element"]),
        ("<speed>10</speed>", "<a:b:c/>", &["12:4 malformed %[name='lo'] malformed-message"]),
        ("<speed>10</speed>", "<Speed>10</Speed>", &["12:4 unknown-element %[name='lo']/Speed unknown-element"]),
    ]);
    let other = XML_BASE.replace("notification>", "interface_data>");
    let other = other.replace("<notification", "<interface_data");
    check_refused(
        Encoding::Xml,
        &[(
            other,
            &["1:1 unknown-element /ietf-https-notif:interface_data unknown-element"],
        )],
    );
}

#[test]
#[rustfmt::skip] // A case a line.
fn namespaces() {
    let types = "urn:ietf:params:xml:ns:yang:ietf-yang-types";
    let known = format!("<speed xmlns=\"{types}\">10</speed>");
    let prefixed = format!("<y:speed xmlns:y=\"{types}\">10</y:speed>");
    let other = format!("<y:sped xmlns:y=\"{types}\">10</y:sped>");
    refuses(&[
        (XMLNS, "", &["1:1 unknown-namespace /notification unknown-namespace no namespace"]),
        (XMLNS, " xmlns=\"\"", &["1:1 unknown-namespace /notification unknown-namespace no namespace"]),
        (XMLNS, " xmlns=\"urn:x\"", &["1:1 unknown-namespace /notification unknown-namespace urn:x"]),
        (XMLNS, &format!(" xmlns=\"{types}\""), &["1:1 unknown-element /ietf-yang-types:notification unknown-element"]),
        (XMLNS, " xmlns:hn=\"urn:ietf:params:xml:ns:netconf:notification:1.0\"", &["1:1 unknown-namespace /notification unknown-namespace no namespace"]),
        ("<speed>10</speed>", "<speed xmlns=\"\">10</speed>", &["12:4 unknown-namespace %[name='lo']/speed unknown-namespace no namespace"]),
        ("<speed>10</speed>", "<speed xmlns=\"urn:x\">10</speed>", &["12:4 unknown-namespace %[name='lo']/speed unknown-namespace urn:x"]),
        ("<speed>10</speed>", "<speed xmlns=\"urn:ietf:params:xml:ns:netconf:notification:1.0 \">10</speed>", &["12:4 unknown-namespace %[name='lo']/speed unknown-namespace urn:ietf:params:xml:ns:netconf:notification:1.0 "]),
        ("<speed>10</speed>", "<hn:speed>10</hn:speed>", &["12:4 unknown-namespace %[name='lo']/speed unknown-namespace the undeclared prefix of <hn:speed>"]),
        ("<speed>10</speed>", "<ietf-yang-types:speed>10</ietf-yang-types:speed>", &["12:4 unknown-namespace %[name='lo']/speed unknown-namespace urn:ietf:params:xml:ns:yang:ietf-yang-types"]),
        ("<speed>10</speed>", &known, &["12:4 unknown-namespace %[name='lo']/speed unknown-namespace urn:ietf:params:xml:ns:yang:ietf-yang-types"]),
        ("<speed>10</speed>", &prefixed, &["12:4 unknown-namespace %[name='lo']/speed unknown-namespace urn:ietf:params:xml:ns:yang:ietf-yang-types"]),
        ("<speed>10</speed>", &other, &["12:4 unknown-element %[name='lo']/ietf-yang-types:sped unknown-element"]),
        ("<statistics>", "<statistics xmlns=\"urn:x\">", &["13:4 unknown-namespace %[name='lo']/statistics unknown-namespace urn:x", "4:3 missing-mandatory %[name='lo']/statistics/discontinuity-time data-missing"]),
        ("<speed>10</speed>", "<a xmlns:p=\"urn:ietf:params:xml:ns:netconf:notification:1.0\"/><p:speed>1</p:speed>", &["12:4 unknown-element %[name='lo']/a unknown-element", "12:66 unknown-namespace %[name='lo']/speed unknown-namespace the undeclared prefix of <p:speed>"]),
        (XMLNS, " xmlns:=\"urn:x\"", &["1:1 unknown-namespace /notification unknown-namespace no namespace"]),
        ("<speed>", "<speed xmlns:p=\"\">", &["12:4 malformed %[name='lo'] malformed-message"]),
        ("<speed>", "<speed xmlns:xml=\"urn:x\">", &["12:4 malformed %[name='lo'] malformed-message"]),
        ("<speed>", "<speed xmlns:xmlns=\"urn:x\">", &["12:4 malformed %[name='lo'] malformed-message"]),
        ("<speed>", "<speed xmlns:p=\"http://www.w3.org/2000/xmlns/\">", &["12:4 malformed %[name='lo'] malformed-message"]),
        ("<speed>", "<speed xmlns:p=\"http://www.w3.org/XML/1998/namespace\">", &["12:4 malformed %[name='lo'] malformed-message"]),
        ("<speed>", "<speed xmlns=\"http://www.w3.org/XML/1998/namespace\">", &["12:4 malformed %[name='lo'] malformed-message"]),
    ]);
}

#[test]
#[rustfmt::skip] // A case a line.
fn attributes() {
    let operation =
        "<interface nc:operation=\"merge\" xmlns:nc=\"urn:ietf:params:xml:ns:netconf:base:1.0\">";
    refuses(&[
        (XMLNS, &format!(" a=\"b\"{XMLNS}"), &["1:1 unknown-attribute /ietf-https-notif:notification unknown-attribute a"]),
        ("<speed>", "<speed a=\"b\">", &["12:4 unknown-attribute %[name='lo']/speed unknown-attribute a"]),
        ("<speed>", "<speed a='1' b='2'>", &["12:4 unknown-attribute %[name='lo']/speed unknown-attribute a", "12:4 unknown-attribute %[name='lo']/speed unknown-attribute b"]),
        ("<speed>", "<speed xml:lang=\"en\">", &["12:4 unknown-attribute %[name='lo']/speed unknown-attribute xml:lang"]),
        ("<interface>", operation, &["4:3 unknown-attribute % unknown-attribute nc:operation"]),
        ("<speed>10</speed>", "<p:speed xmlns:p=\"urn:ietf:params:xml:ns:netconf:notification:1.0\" a=\"\">1</p:speed>", &["12:4 unknown-attribute %[name='lo']/speed unknown-attribute a"]),
        ("<speed>", "<speed a>", &["12:4 malformed %[name='lo'] malformed-message"]),
        ("<speed>", "<speed a=b>", &["12:4 malformed %[name='lo'] malformed-message"]),
        ("<speed>", "<speed a=\"1\" a=\"2\">", &["12:4 malformed %[name='lo'] malformed-message"]),
        ("<speed>", "<speed xmlns:p=\"urn:a\" xmlns:p=\"urn:b\">", &["12:4 malformed %[name='lo'] malformed-message"]),
        ("<speed>", "<speed xmlns:p=\"urn:a\"xmlns:q=\"urn:b\">", &["12:4 malformed %[name='lo'] malformed-message"]),
        ("<speed>", "<speed xmlns:p=\"urn:<a\">", &["12:4 malformed %[name='lo'] malformed-message"]),
        ("<speed>", "<speed xmlns:p=\"urn:&a\">", &["12:4 malformed %[name='lo'] malformed-message"]),
        ("<speed>", "<speed xmlns:p=\"urn:&a;\">", &["12:4 malformed %[name='lo'] malformed-message"]),
        ("<speed>", "<speed xmlns:p=\"urn:&#0;\">", &["12:4 malformed %[name='lo'] malformed-message"]),
        ("<speed>", "<speed =\"b\">", &["12:4 malformed %[name='lo'] malformed-message"]),
        ("<speed>", "<speed / >", &["12:4 malformed %[name='lo'] malformed-message"]),
        ("</speed>", "</speed a=\"b\">", &["12:13 malformed %[name='lo']/speed malformed-message"]),
        ("<interface>", "<interface \"x\">", &["4:3 malformed /ietf-https-notif:notification/interface_data malformed-message"]),
    ]);
}

#[test]
#[rustfmt::skip] // A case a line.
fn values() {
    refuses(&[
        ("<if-index>1<", "<if-index>0<", &["9:4 range %[name='lo']/if-index invalid-value \"0\""]),
        ("<if-index>1<", "<if-index>2147483648<", &["9:4 range %[name='lo']/if-index invalid-value \"2147483648\""]),
        ("<if-index>1<", "<if-index>1.0<", &["9:4 lexical %[name='lo']/if-index invalid-value \"1.0\""]),
        ("<if-index>1<", "<if-index>1 2<", &["9:4 lexical %[name='lo']/if-index invalid-value \"1 2\""]),
        ("<if-index>1<", "<if-index><", &["9:4 lexical %[name='lo']/if-index invalid-value \"\""]),
        ("<if-index>1</if-index>", "<if-index/>", &["9:4 lexical %[name='lo']/if-index invalid-value \"\""]),
        ("<in-discards>2<", "<in-discards>-1<", &["16:5 range %[name='lo']/statistics/in-discards invalid-value \"-1\""]),
        ("<in-discards>2<", "<in-discards>4294967296<", &["16:5 range %[name='lo']/statistics/in-discards invalid-value \"4294967296\""]),
        ("<in-octets>7<", "<in-octets>18446744073709551616<", &["15:5 range %[name='lo']/statistics/in-octets invalid-value \"18446744073709551616\""]),
        ("<in-octets>7<", "<in-octets>1e1<", &["15:5 lexical %[name='lo']/statistics/in-octets invalid-value \"1e1\""]),
        ("<in-octets>7<", "<in-octets>seven &amp; a half<", &["15:5 lexical %[name='lo']/statistics/in-octets invalid-value \"seven & a half\""]),
        ("<enabled>true<", "<enabled>1<", &["7:4 lexical %[name='lo']/enabled invalid-value \"1\""]),
        ("<enabled>true<", "<enabled> true <", &["7:4 lexical %[name='lo']/enabled invalid-value \" true \""]),
        ("00:11", "00:1", &["10:4 pattern %[name='lo']/phys-address invalid-value \"00:1\""]),
        ("00:11", " 00:11", &["10:4 pattern %[name='lo']/phys-address invalid-value \" 00:11\""]),
        ("2025-01-02T03:04:05Z", "2025-01-02T24:04:05Z", &["2:2 pattern /ietf-https-notif:notification/eventTime invalid-value \"2025-01-02T24:04:05Z\""]),
        ("2025-01-02T03:04:05Z", " 2025-01-02T03:04:05Z", &["2:2 pattern /ietf-https-notif:notification/eventTime invalid-value \" 2025-01-02T03:04:05Z\""]),
        (">up<", ">Up<", &["8:4 enumeration %[name='lo']/admin-status invalid-value \"Up\""]),
        (">up<", "> up<", &["8:4 enumeration %[name='lo']/admin-status invalid-value \" up\""]),
        ("<higher-layer-if>lo<", "<higher-layer-if>eth0<", &["11:4 dangling-leafref %[name='lo']/higher-layer-if[.='eth0'] data-missing \"eth0\""]),
        ("<higher-layer-if>lo</higher-layer-if>", "<higher-layer-if>lo</higher-layer-if><speed>10</speed><higher-layer-if/>", &["12:4 duplicate %[name='lo']/speed bad-element"]),
        ("<name>lo<", "<name>\u{fffe}<", &["5:4 lexical %[1]/name invalid-value \"\\u{fffe}\""]),
        ("<name>lo<", "<name>\u{fdd0}<", &["5:4 lexical %[1]/name invalid-value \"\\u{fdd0}\""]),
    ]);
}

#[test]
#[rustfmt::skip] // A case a line.
fn instances() {
    refuses(&[
        ("<speed>10</speed>", "<type>1</type>", &["12:4 duplicate %[name='lo']/type bad-element"]),
        ("<speed>10</speed>", "<name>eth0</name>", &["12:4 duplicate %[name='lo']/name bad-element"]),
        ("<speed>10</speed>", "<statistics/>", &["12:4 missing-mandatory %[name='lo']/statistics/discontinuity-time data-missing", "13:4 duplicate %[name='lo']/statistics bad-element"]),
        ("<name>lo</name>", "", &["4:3 missing-key %[1]/name missing-element"]),
        ("<type>772</type>", "", &["4:3 missing-mandatory %[name='lo']/type data-missing"]),
        ("<discontinuity-time>2025-01-02T03:04:06Z</discontinuity-time>", "", &["13:4 missing-mandatory %[name='lo']/statistics/discontinuity-time data-missing"]),
        (" <eventTime>2025-01-02T03:04:05Z</eventTime>", "", &["1:1 missing-mandatory /ietf-https-notif:notification/eventTime data-missing"]),
        ("<interface>", "<interface/>\n<interface>", &["4:3 missing-key %[1]/name missing-element", "4:3 missing-mandatory %[1]/type data-missing", "4:3 missing-mandatory %[1]/admin-status data-missing", "4:3 missing-mandatory %[1]/if-index data-missing", "4:3 missing-mandatory %[1]/statistics/discontinuity-time data-missing"]),
        ("</interface_data>", "</interface_data><interface_data/>", &["19:19 duplicate /ietf-https-notif:notification/interface_data bad-element"]),
        ("<speed>10</speed>", "<statistic><a/></statistic>", &["12:4 unknown-element %[name='lo']/statistic unknown-element"]),
    ]);
    let entry = "<interface><name>lo</name><type>1</type><admin-status>up</admin-status>\
        <if-index>2</if-index><statistics><discontinuity-time>2025-01-02T03:04:05Z\
        </discontinuity-time></statistics></interface>\n";
    let twice = edit(
        XML_BASE,
        "  <interface>",
        &format!("{entry}{entry}  <interface>"),
    );
    check_refused(
        Encoding::Xml,
        &[(
            twice,
            &[
                "5:1 duplicate-entry %[name='lo'] bad-element",
                "6:3 duplicate-entry %[name='lo'] bad-element",
            ],
        )],
    );
}

#[test]
#[rustfmt::skip] // A case a line.
fn mixed_content() {
    refuses(&[
        ("<statistics>", "<statistics>x", &["13:16 wrong-kind %[name='lo']/statistics invalid-value \"x\""]),
        ("<statistics>", "<statistics>\n x &lt;", &["14:2 wrong-kind %[name='lo']/statistics invalid-value \"x\"", "14:4 wrong-kind %[name='lo']/statistics invalid-value \"<\""]),
        ("<statistics>", "<statistics><![CDATA[x]]>", &["13:16 wrong-kind %[name='lo']/statistics invalid-value \"x\""]),
        ("<statistics>", "<statistics>&#32;", &["13:16 wrong-kind %[name='lo']/statistics invalid-value \"\""]),
        ("</interface_data>", "\u{a0}</interface_data>", &["19:2 wrong-kind /ietf-https-notif:notification/interface_data invalid-value \"\u{a0}\""]),
        ("<name>lo", "<name>l<b>o</b>", &["5:11 wrong-kind %[1]/name invalid-value <b>"]),
        ("<name>lo", "<name>l<b><c>&gt;</c></b><d/>o", &["5:11 wrong-kind %[1]/name invalid-value <b>", "5:29 wrong-kind %[1]/name invalid-value <d>"]),
        ("<name>lo", "<name>l<!-- -- -->o", &["5:16 malformed %[1]/name malformed-message"]),
        ("<name>lo", "<name>l<?xml i?>o", &["5:11 malformed %[1]/name malformed-message"]),
        ("<speed>10", "<speed>1<!-- c -->x", &["12:4 lexical %[name='lo']/speed invalid-value \"1x\""]),
    ]);
}

#[test]
fn comments_and_instructions_are_no_part_of_a_text() {
    let read = |text: &str| {
        let notification = decode(Encoding::Xml, text.as_bytes(), &Options::default());
        json::to_string(&notification.expect("is taken"))
    };
    let plain = read(XML_BASE);
    for (from, to) in [
        ("<name>lo", "<name>l<!-- c -->o"),
        ("<name>lo", "<name><?p i?>lo<!-- </name> -->"),
        ("<name>lo", "<name><!-- a --><![CDATA[l]]><!-- b -->o<?p?>"),
        ("<speed>10", "<speed>1<!-- c -->0"),
    ] {
        assert_eq!(read(&edit(XML_BASE, from, to)), plain, "{to}");
    }
}

#[test]
#[rustfmt::skip] // A case a line.
fn entities() {
    let entity = |at: u8| format!("<!ENTITY l{at} \"{}\">", format!("&l{};", at - 1).repeat(10));
    let more: Vec<String> = (1..10).map(entity).collect();
    let laughs = format!("<!DOCTYPE lolz [<!ENTITY l0 \"lol\">{}]>\n", more.concat());
    let laughs = format!("{laughs}{}", edit(XML_BASE, "<name>lo<", "<name>&l9;<"));
    let external = "<?xml version=\"1.0\"?>\n<!DOCTYPE a SYSTEM \"file:///etc/passwd\">\n";
    check_refused(
        Encoding::Xml,
        &[
            (laughs, &["1:1 entity / malformed-message"]),
            (format!("{external}{XML_BASE}"), &["2:1 entity / malformed-message"]),
            (format!("<!DOCTYPE notification>{XML_BASE}"), &["1:1 entity / malformed-message"]),
            (format!("{XML_BASE}<!DOCTYPE notification>"), &["20:16 entity / malformed-message"]),
            ("<!DOCTYPE a [<!ENTITY b \"c\">".to_owned(), &["1:1 malformed / malformed-message"]),
        ],
    );
    refuses(&[
        ("<name>lo<", "<name>&l9;<", &["5:10 entity %[1]/name malformed-message"]),
        ("<name>lo<", "<name>&nbsp;<", &["5:10 entity %[1]/name malformed-message"]),
        ("<name>lo<", "<name>&LT;<", &["5:10 entity %[1]/name malformed-message"]),
        ("<name>lo<", "<name>&#0;<", &["5:10 malformed %[1]/name malformed-message"]),
        ("<name>lo<", "<name>&#1;<", &["5:10 malformed %[1]/name malformed-message"]),
        ("<name>lo<", "<name>&#xD800;<", &["5:10 malformed %[1]/name malformed-message"]),
        ("<name>lo<", "<name>&#xFFFE;<", &["5:10 malformed %[1]/name malformed-message"]),
        ("<name>lo<", "<name>&#x110000;<", &["5:10 malformed %[1]/name malformed-message"]),
        ("<name>lo<", "<name>&#X41;<", &["5:10 malformed %[1]/name malformed-message"]),
        ("<name>lo<", "<name>&#+65;<", &["5:10 malformed %[1]/name malformed-message"]),
        ("<name>lo<", "<name>&#;<", &["5:10 malformed %[1]/name malformed-message"]),
        ("<name>lo<", "<name>&;<", &["5:10 entity %[1]/name malformed-message"]),
        ("<name>lo<", "<name>a & b<", &["5:12 malformed %[1]/name malformed-message"]),
        ("<name>lo<", "<name>a &lt b<", &["5:12 malformed %[1]/name malformed-message"]),
        ("<statistics>", "<statistics>&x;", &["13:16 entity %[name='lo']/statistics malformed-message"]),
        ("<statistics>", "<statistics><!DOCTYPE a>", &["13:16 entity %[name='lo']/statistics malformed-message"]),
        ("<name>lo<", "<name><!DOCTYPE a><", &["5:10 entity %[1]/name malformed-message"]),
        ("<speed>10<", "<a>&x;</a><speed>10<", &["12:4 unknown-element %[name='lo']/a unknown-element", "12:7 entity %[name='lo'] malformed-message"]),
        ("<speed>10<", "<a><!DOCTYPE a></a><speed>10<", &["12:4 unknown-element %[name='lo']/a unknown-element", "12:7 entity %[name='lo'] malformed-message"]),
    ]);
}

#[test]
#[rustfmt::skip] // A case a line.
fn markup() {
    let declared = |text: &str| format!("{text}{XML_BASE}");
    check_refused(
        Encoding::Xml,
        &[
            (declared("<?xml version=\"1.1\"?>"), &["1:1 malformed / malformed-message"]),
            (declared("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>"), &["1:1 malformed / malformed-message"]),
            (declared("<?xml encoding=\"UTF-8\"?>"), &["1:1 malformed / malformed-message"]),
            (declared("<?xml?>"), &["1:1 malformed / malformed-message"]),
            (declared("<?xml version=\"1.0\" standalone=\"maybe\"?>"), &["1:1 malformed / malformed-message"]),
            (declared("<?xml version=\"1.0\" standalone=\"yes\" encoding=\"UTF-8\"?>"), &["1:1 malformed / malformed-message"]),
            (declared("<?xml version=\"1.0\" a=\"b\"?>"), &["1:1 malformed / malformed-message"]),
            (declared("<?xml version=\"1.0\"encoding=\"UTF-8\"?>"), &["1:1 malformed / malformed-message"]),
            (declared("\n<?xml version=\"1.0\"?>"), &["2:1 malformed / malformed-message"]),
            (declared("<?xml version=\"1.0\"?><?xml version=\"1.0\"?>"), &["1:22 malformed / malformed-message"]),
            (declared("<?XML version=\"1.0\"?>"), &["1:1 malformed / malformed-message"]),
            (declared("<? x?>"), &["1:1 malformed / malformed-message"]),
            (declared("<!-- a -- b -->"), &["1:8 malformed / malformed-message"]),
            (declared("<!-- a --->"), &["1:8 malformed / malformed-message"]),
            (declared("<!a>"), &["1:1 malformed / malformed-message"]),
            (declared("<![CDATA[ ]]>"), &["1:1 malformed / malformed-message"]),
            (declared("&#32;"), &["1:1 malformed / malformed-message"]),
            (declared("\u{feff}"), &["1:1 malformed / malformed-message"]),
            (declared("x"), &["1:1 malformed / malformed-message"]),
            (declared("</a>"), &["1:1 malformed / malformed-message"]),
            (declared("\u{b}"), &["1:1 malformed / malformed-message"]),
            (format!("{XML_BASE}\n<?xml version=\"1.0\"?>"), &["21:1 trailing-data / malformed-message"]),
        ],
    );
    refuses(&[
        ("<statistics>", "<statistics><?xml version=\"1.0\"?>", &["13:16 malformed %[name='lo']/statistics malformed-message"]),
        ("<name>", "<name><?xml version=\"1.0\"?>", &["5:10 malformed %[1]/name malformed-message"]),
        ("<statistics>", "<statistics><?xMl a?>", &["13:16 malformed %[name='lo']/statistics malformed-message"]),
        ("<statistics>", "<statistics><!-- a -- b -->", &["13:23 malformed %[name='lo']/statistics malformed-message"]),
        ("<statistics>", "<statistics><!-- a", &["13:16 malformed %[name='lo']/statistics malformed-message"]),
        ("<statistics>", "<statistics><![CDATA[", &["13:16 malformed %[name='lo']/statistics malformed-message"]),
        ("<statistics>", "<statistics><?a", &["13:16 malformed %[name='lo']/statistics malformed-message"]),
        ("<statistics>", "<statistics>]]>", &["13:16 wrong-kind %[name='lo']/statistics invalid-value \"]]>\""]),
        ("<name>lo", "<name>]]>", &["5:10 malformed %[1]/name malformed-message"]),
        ("<name>lo", "<name><![CDATA[a]]>]]>", &["5:23 malformed %[1]/name malformed-message"]),
        ("<name>lo", "<name>l\u{1}o", &["5:11 malformed / malformed-message"]),
        ("<speed>10</speed>", "<speed>10</spee>", &["12:13 malformed %[name='lo']/speed malformed-message"]),
        ("<speed>10</speed>", "<speed>10</Speed>", &["12:13 malformed %[name='lo']/speed malformed-message"]),
        ("<speed>10</speed>", "</speed>", &["12:4 malformed %[name='lo'] malformed-message"]),
        ("<speed>10</speed>", "< speed>10</speed>", &["12:4 malformed %[name='lo'] malformed-message"]),
        ("<speed>10</speed>", "<speed>1<0</speed>", &["12:12 malformed %[name='lo']/speed malformed-message"]),
        ("<speed>10</speed>", "<>10</>", &["12:4 malformed %[name='lo'] malformed-message"]),
        ("<speed>10</speed>", "<:speed>10</:speed>", &["12:4 malformed %[name='lo'] malformed-message"]),
        ("<speed>10</speed>", "<1:speed xmlns:1=\"urn:ietf:params:xml:ns:netconf:notification:1.0\">10</1:speed>", &["12:4 malformed %[name='lo'] malformed-message"]),
        ("<speed>10</speed>", "<!speed>", &["12:4 malformed %[name='lo'] malformed-message"]),
        ("<speed>10</speed>", "<p:speed xmlns:p=\"urn:ietf:params:xml:ns:netconf:notification:1.0\">10</speed>", &["12:73 malformed %[name='lo']/speed malformed-message"]),
    ]);
}

#[test]
#[rustfmt::skip] // A case a line.
fn the_message_as_a_whole() {
    let unprefixed = XML_BASE.replace("772", "7é2");
    let mut latin_1 = unprefixed.clone().into_bytes();
    latin_1.retain(|byte| *byte != 0xc3);
    let utf_16: Vec<u8> = XML_BASE.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let text = |text: &str| text.as_bytes().to_vec();
    check_refused(
        Encoding::Xml,
        &[
            (text(""), &["1:1 empty / malformed-message"]),
            (text("\r\n \t"), &["2:3 empty / malformed-message"]),
            (
                text("{}"),
                &["1:1 malformed / malformed-message '{': this is JSON"],
            ),
            (text("<"), &["1:1 malformed / malformed-message"]),
            (text("<notification"), &["1:1 malformed / malformed-message"]),
            (text("<!-- only -->"), &["1:14 empty / malformed-message"]),
            (text("<?xml version=\"1.0\"?>"), &["1:22 empty / malformed-message"]),
            (text(&format!("<notification{XMLNS}/>")), &["1:1 missing-mandatory /ietf-https-notif:notification/eventTime data-missing"]),
            (text(&format!("{XML_BASE}\n x")), &["21:2 trailing-data / malformed-message"]),
            (text(&format!("{XML_BASE}{XML_BASE}")), &["20:16 trailing-data / malformed-message"]),
            (text(&format!("{XML_BASE}</a>")), &["20:16 malformed / malformed-message"]),
            (text(&format!("{XML_BASE}&lt;")), &["20:16 trailing-data / malformed-message"]),
            (text(&format!("{XML_BASE}\0")), &["20:16 malformed / malformed-message"]),
            (latin_1, &["6:11 malformed / malformed-message"]),
            (utf_16, &["1:2 malformed / malformed-message"]),
        ],
    );
}

#[test]
fn truncated_input_is_a_fault_at_every_byte() {
    for message in [XML_BASE.as_bytes(), CAPTURED_XML.trim_ascii_end()] {
        for end in 0..message.len() {
            let faults = refused(Encoding::Xml, &message[..end]);
            assert_eq!(faults.len(), 1, "{end}: {faults:?}");
        }
    }
}

#[test]
fn limits_and_several_faults() {
    let refused = |text: &str, options: Options| {
        lines(&decode(Encoding::Xml, text.as_bytes(), &options).expect_err("is refused"))
    };
    let size = XML_BASE.len();
    let small = Options::default().with_max_size(size - 1);
    assert_eq!(refused(XML_BASE, small), ["20:15 too-large / too-big"]);
    let fits = Options::default().with_max_size(size).with_max_depth(5);
    assert!(decode(Encoding::Xml, XML_BASE.as_bytes(), &fits).is_ok());
    let path = "/ietf-https-notif:notification/interface_data/interface[name='lo']";
    let shallow = Options::default().with_max_depth(4);
    assert_eq!(
        refused(XML_BASE, shallow),
        [format!("14:5 too-deep {path}/statistics too-big")]
    );
    let deep = edit(XML_BASE, "<speed>", &"<a>".repeat(100_000));
    let faults = [
        format!("12:4 unknown-element {path}/a unknown-element"),
        format!("12:379 too-deep {path} too-big"),
    ];
    assert_eq!(refused(&deep, Options::default()), faults);

    let four = edit(XML_BASE, "<speed>10", "<a/><b>x</b><type>1</type><speed>x");
    let all = [
        format!("12:4 unknown-element {path}/a unknown-element"),
        format!("12:8 unknown-element {path}/b unknown-element"),
        format!("12:16 duplicate {path}/type bad-element"),
        format!("12:30 lexical {path}/speed invalid-value \"x\""),
    ];
    assert_eq!(refused(&four, Options::default().with_max_faults(4)), all);
    for bound in 1..4 {
        let listed = refused(&four, Options::default().with_max_faults(bound));
        assert_eq!(listed[..bound], all[..bound]);
        assert_eq!(listed[bound..], ["and more"]);
    }
}

#[test]
#[rustfmt::skip] // A case a line.
fn two_keys_and_two_modules() {
    let text = |note: &str| {
        format!(
            "<top xmlns=\"urn:example:forms\"><state><when>2025-01-01T00:00:00Z</when></state>\n\
            <item><id>1</id><zone>a</zone><peer>1</peer><peer>7</peer></item><tag>x</tag>\n\
            <item><id>1</id><zone>a</zone></item><tag>x</tag>{note}</top>"
        )
    };
    let faults = |text: &str| {
        lines(&xml::from_slice::<Top>(text.as_bytes(), &Options::default()).expect_err("wrong"))
    };
    assert_eq!(
        faults(&text("")),
        [
            "3:1 duplicate-entry /forms:top/item[id='1'][zone='a'] bad-element",
            "2:45 dangling-leafref /forms:top/item[id='1'][zone='a']/peer[.='7'] data-missing \"7\"",
            "3:38 duplicate-entry /forms:top/tag[.='x'] bad-element \"x\"",
        ]
    );
    assert_eq!(
        faults(&text("<added><note>n</note></added>")),
        ["3:50 unknown-namespace /forms:top/added unknown-namespace urn:example:forms"]
    );
    assert_eq!(
        faults(&text(
            "<forms-more:added a=\"\"><forms:note/></forms-more:added>"
        )),
        [
            "3:50 unknown-attribute /forms:top/forms-more:added unknown-attribute a",
            "3:73 unknown-namespace /forms:top/forms-more:added/note unknown-namespace urn:example:forms",
        ]
    );
}
