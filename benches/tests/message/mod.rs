//! A message as a tree that both encodings are printed from, and its changes.

use std::fmt::Write as _;

use notif_runtime::Encoding;
use proptest::arbitrary::{Arbitrary, any};
use proptest::strategy::{BoxedStrategy, Strategy};

/// A valid message with every node, a reference of each kind, and two entries.
const BASE: &str = r#"{"ietf-https-notif:notification":{"eventTime":"2025-03-17T19:43:27.972894Z",
    "interface_data":{"interface":[
    {"name":"lo","description":"","type":"772","enabled":true,"admin-status":"up","oper-status":"unknown",
     "last-change":"2025-03-17T19:43:27Z","if-index":1,"phys-address":"00:00:00:00:00:00",
     "higher-layer-if":["br0"],"speed":"0",
     "statistics":{"discontinuity-time":"2025-03-17T19:43:27+01:00","in-octets":"10222658",
      "in-unicast-pkts":"1","in-broadcast-pkts":"2","in-multicast-pkts":"3","in-discards":0,"in-errors":4294967295,
      "in-unknown-protos":5,"out-octets":"18446744073709551615","out-unicast-pkts":"6","out-broadcast-pkts":"7",
      "out-multicast-pkts":"8","out-discards":9,"out-errors":10}},
    {"name":"br0","type":"1","enabled":false,"admin-status":"down","if-index":2147483647,
     "higher-layer-if":[],"lower-layer-if":["lo","br0"],"statistics":{"discontinuity-time":"2025-03-17T19:43:27Z"}}]}}}"#;

/// Values, as JSON has them, that stand in for others.
const VALUES: &[&str] = &[
    "\"\"",
    "\"lo\"",
    "\"br0\"",
    "\"eth9\"",
    "\"up\"",
    "\"Up\"",
    "\"testing\"",
    "\"lower-layer-down\"",
    "\"unknown\"",
    "0",
    "1",
    "-1",
    "2147483647",
    "2147483648",
    "4294967295",
    "4294967296",
    "18446744073709551615",
    "1.0",
    "1e3",
    "\"0\"",
    "\"1\"",
    "\"-1\"",
    "\"+1\"",
    "\" 1\"",
    "\"1 \"",
    "\"4294967295\"",
    "\"4294967296\"",
    "\"18446744073709551615\"",
    "\"18446744073709551616\"",
    "\"1.0\"",
    "\"abc\"",
    "true",
    "false",
    "null",
    "\"true\"",
    "\"false\"",
    "\"True\"",
    "{}",
    "[]",
    "[null]",
    "[{}]",
    "\"2025-03-17T19:43:27Z\"",
    "\"2025-03-17T19:43:27.5-05:00\"",
    "\"2025-13-17T19:43:27Z\"",
    "\"2025-02-30T19:43:27Z\"",
    "\"2025-03-17T24:00:00Z\"",
    "\"2025-03-17T19:43:60Z\"",
    "\"2025-03-17t19:43:27z\"",
    "\"2025-03-17 19:43:27Z\"",
    "\"2025-03-17T19:43:27\"",
    "\"00:1A:2b\"",
    "\"0:1\"",
    "\"00-11\"",
    "\"00:11:\"",
    "\"é\"",
    "\"日本\"",
    "\"a\\tb\\nc\"",
    "\"a'b\\\"c\"",
    "\"&<>\"",
];

/// Names that stand in for others.
const NAMES: &[&str] = &[
    "name",
    "description",
    "type",
    "enabled",
    "if-index",
    "speed",
    "statistics",
    "in-octets",
    "interface",
    "interface_data",
    "eventTime",
    "notification",
    "ietf-https-notif:name",
    "ietf-https-notif:interface_data",
    "ietf-yang-types:name",
    "unknown",
    "higher-layer-if",
    "Name",
    "",
];

/// What goes into changed bytes.
const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "\"",
    ",",
    ":",
    "<",
    ">",
    "/",
    "&",
    ";",
    "=",
    "'",
    " ",
    "\n",
    "\t",
    "\\",
    "0",
    "1",
    "9",
    "-",
    "+",
    ".",
    "e",
    "a",
    "x",
    "#",
    "é",
    "null",
    "true",
    "<!--x-->",
    "<?x y?>",
    "<![CDATA[x]]>",
    "&amp;",
    "&#65;",
    "&lo;",
    "]]>",
    "\\u0041",
    "\\ud83d\\ude00",
    "\\ud83d",
    " xmlns=\"\"",
    " xmlns:a=\"b\"",
    " a=\"b\"",
    "name",
    "lo",
];

/// One change: what is changed, how, and into what. All numbers wrap.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Change {
    place: u16,
    way: u8,
    with: u16,
}

impl Arbitrary for Change {
    type Parameters = ();
    type Strategy = BoxedStrategy<Self>;

    fn arbitrary_with((): ()) -> Self::Strategy {
        any::<(u16, u8, u16)>()
            .prop_map(|(place, way, with)| Self { place, way, with })
            .boxed()
    }
}

fn pick<'a>(from: &[&'a str], number: u16) -> &'a str {
    from[usize::from(number) % from.len()]
}

/// A node: members may stand twice, and a value is the text that JSON has.
#[derive(Debug, Clone)]
pub(crate) enum Message {
    Object(Vec<(String, Message)>),
    Array(Vec<Message>),
    Value(String),
}

impl From<&serde_json::Value> for Message {
    fn from(value: &serde_json::Value) -> Self {
        match value {
            serde_json::Value::Object(members) => Self::Object(
                members
                    .iter()
                    .map(|(name, value)| (name.clone(), value.into()))
                    .collect(),
            ),
            serde_json::Value::Array(values) => {
                Self::Array(values.iter().map(Into::into).collect())
            }
            other => Self::Value(other.to_string()),
        }
    }
}

impl Message {
    pub(crate) fn base() -> Self {
        Self::from(&serde_json::from_str(BASE).unwrap())
    }

    /// How many nodes there are, this one counted.
    fn count(&self) -> usize {
        1 + match self {
            Self::Object(members) => members.iter().map(|(_, node)| node.count()).sum(),
            Self::Array(nodes) => nodes.iter().map(Self::count).sum(),
            Self::Value(_) => 0,
        }
    }

    pub(crate) fn changed(mut self, changes: &[Change]) -> Self {
        for change in changes {
            let mut place = usize::from(change.place) % self.count();
            self.change(&mut place, *change);
        }
        self
    }

    /// Changes the node that is `place` nodes further on; whether that was one of these.
    fn change(&mut self, place: &mut usize, change: Change) -> bool {
        if *place == 0 {
            self.change_here(change);
            return true;
        }
        *place -= 1;
        match self {
            Self::Object(members) => members
                .iter_mut()
                .any(|(_, node)| node.change(place, change)),
            Self::Array(nodes) => nodes.iter_mut().any(|node| node.change(place, change)),
            Self::Value(_) => false,
        }
    }

    fn change_here(&mut self, change: Change) {
        let with = usize::from(change.with);
        let value = || Self::Value(pick(VALUES, change.with).to_owned());
        match self {
            Self::Object(members) if !members.is_empty() => {
                let at = with % members.len();
                match change.way % 8 {
                    0 | 1 => drop(members.remove(at)),
                    2 => members.push(members[at].clone()),
                    3 => pick(NAMES, change.place).clone_into(&mut members[at].0),
                    4 => members.rotate_left(at),
                    5 => members.push((
                        pick(NAMES, change.with).to_owned(),
                        Self::Value("\"1\"".to_owned()),
                    )),
                    6 => members.swap(0, at),
                    _ => *self = value(),
                }
            }
            Self::Array(nodes) if !nodes.is_empty() => {
                let at = with % nodes.len();
                match change.way % 6 {
                    0 => drop(nodes.remove(at)),
                    1 => nodes.push(nodes[at].clone()),
                    2 => nodes.rotate_left(at),
                    3 => nodes.push(value()),
                    4 => *self = nodes[at].clone(),
                    _ => *self = value(),
                }
            }
            other if change.way.is_multiple_of(8) => *other = Self::Array(vec![other.clone()]),
            other => *other = value(),
        }
    }

    pub(crate) fn print(&self, encoding: Encoding) -> String {
        let mut out = String::new();
        match encoding {
            Encoding::Xml => self.print_xml(&mut out, None),
            _ => self.print_json(&mut out),
        }
        out
    }

    fn print_json(&self, out: &mut String) {
        match self {
            Self::Value(text) => out.push_str(text),
            Self::Array(nodes) => {
                out.push('[');
                for (at, node) in nodes.iter().enumerate() {
                    out.push_str(if at == 0 { "" } else { "," });
                    node.print_json(out);
                }
                out.push(']');
            }
            Self::Object(members) => {
                out.push('{');
                for (at, (name, node)) in members.iter().enumerate() {
                    let comma = if at == 0 { "" } else { "," };
                    let _ = write!(out, "{comma}\"{name}\":");
                    node.print_json(out);
                }
                out.push('}');
            }
        }
    }

    /// Prints elements called `name`; a member's module becomes the element's namespace.
    fn print_xml(&self, out: &mut String, name: Option<&str>) {
        if let Self::Array(nodes) = self {
            return nodes.iter().for_each(|node| node.print_xml(out, name));
        }
        let Some(name) = name else {
            if let Self::Object(members) = self {
                for (name, node) in members {
                    node.print_xml(out, Some(name));
                }
            }
            return;
        };
        let (module, local) = name.split_once(':').unwrap_or(("", name));
        let namespace = match module {
            "ietf-https-notif" => " xmlns=\"urn:ietf:params:xml:ns:netconf:notification:1.0\"",
            "" => "",
            _ => " xmlns=\"urn:ietf:params:xml:ns:yang:ietf-yang-types\"",
        };
        let _ = write!(out, "<{local}{namespace}>");
        match self {
            Self::Object(members) => members
                .iter()
                .for_each(|(name, node)| node.print_xml(out, Some(name))),
            Self::Value(text) => {
                let text = serde_json::from_str::<String>(text).unwrap_or_else(|_| text.clone());
                out.push_str(
                    &text
                        .replace('&', "&amp;")
                        .replace('<', "&lt;")
                        .replace('>', "&gt;"),
                );
            }
            Self::Array(_) => {}
        }
        let _ = write!(out, "</{local}>");
    }
}

/// Changes the text itself: takes characters away, or puts a piece in or in their place.
pub(crate) fn change_bytes(text: &str, changes: &[Change]) -> String {
    let mut text = text.to_owned();
    for change in changes {
        let mut at = usize::from(change.place) % (text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let taken = text[at..].chars().next().map_or(0, char::len_utf8);
        match change.way % 4 {
            0 => text.replace_range(at..at + taken, ""),
            1 => text.replace_range(at..at + taken, pick(PIECES, change.with)),
            2 => text.insert_str(at, pick(PIECES, change.with)),
            _ => text.truncate(at),
        }
    }
    text
}
