//! A document as a tree that each encoding is printed from. It need not be valid.

use std::fmt::Write as _;

use notif_runtime::Encoding;
use notif_runtime::schema::Module;

/// A node of a document: members may stand twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Document {
    /// Members by the names that RFC 7951 gives them.
    Object(Vec<(String, Document)>),
    /// The entries of a list, or the values of a leaf-list.
    Array(Vec<Document>),
    /// A leaf's value.
    Value(Text),
}

/// The text of a leaf's value in each encoding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// As JSON has it: `"a"`, `1`, `[null]`.
    pub json: String,
    /// As XML has it, but for references to characters; the prefixes of names in it are the names
    /// of their modules.
    pub xml: String,
    /// The modules whose names are prefixes in it.
    pub prefixes: Vec<&'static str>,
}

impl Text {
    /// A value that both encodings write alike, but for the quotes that JSON gives it.
    #[must_use]
    pub fn string(text: &str) -> Self {
        Self {
            json: serde_json::Value::from(text).to_string(),
            xml: text.to_owned(),
            prefixes: Vec::new(),
        }
    }

    /// A value that JSON writes without quotes.
    #[must_use]
    pub fn bare(text: &impl ToString) -> Self {
        let text = text.to_string();
        Self {
            json: text.clone(),
            xml: text,
            prefixes: Vec::new(),
        }
    }

    /// A value as JSON has it.
    #[must_use]
    pub fn json(json: &str) -> Self {
        Self {
            json: json.to_owned(),
            xml: serde_json::from_str(json).unwrap_or_else(|_| json.to_owned()),
            prefixes: Vec::new(),
        }
    }
}

impl From<&serde_json::Value> for Document {
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
            other => Self::Value(Text::json(&other.to_string())),
        }
    }
}

impl Document {
    /// The number of nodes, this one included.
    #[must_use]
    pub fn count(&self) -> usize {
        1 + match self {
            Self::Object(members) => members.iter().map(|(_, node)| node.count()).sum(),
            Self::Array(nodes) => nodes.iter().map(Self::count).sum(),
            Self::Value(_) => 0,
        }
    }

    /// The document in an encoding of text.
    #[must_use]
    pub fn print(&self, encoding: Encoding, modules: &[&'static Module]) -> String {
        let mut out = String::new();
        match encoding {
            Encoding::Xml => self.print_xml(&mut out, None, modules),
            _ => self.print_json(&mut out),
        }
        out
    }

    fn print_json(&self, out: &mut String) {
        match self {
            Self::Value(text) => out.push_str(&text.json),
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
    fn print_xml(&self, out: &mut String, name: Option<&str>, modules: &[&'static Module]) {
        if let Self::Array(nodes) = self {
            return nodes
                .iter()
                .for_each(|node| node.print_xml(out, name, modules));
        }
        let Some(name) = name else {
            if let Self::Object(members) = self {
                for (name, node) in members {
                    node.print_xml(out, Some(name), modules);
                }
            }
            return;
        };
        let namespace = |module: &str| {
            let known = modules.iter().find(|known| known.name == module);
            known.map_or("urn:unknown", |known| known.namespace)
        };
        let (module, local) = name.split_once(':').unwrap_or(("", name));
        let _ = write!(out, "<{local}");
        if !module.is_empty() {
            let _ = write!(out, " xmlns=\"{}\"", namespace(module));
        }
        if let Self::Value(text) = self {
            for prefix in &text.prefixes {
                let _ = write!(out, " xmlns:{prefix}=\"{}\"", namespace(prefix));
            }
        }
        out.push('>');
        match self {
            Self::Object(members) => {
                for (name, node) in members {
                    node.print_xml(out, Some(name), modules);
                }
            }
            Self::Value(text) => push_escaped(out, &text.xml),
            Self::Array(_) => {}
        }
        let _ = write!(out, "</{local}>");
    }
}

fn push_escaped(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#13;"),
            other => out.push(other),
        }
    }
}
