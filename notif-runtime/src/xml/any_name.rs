//! The names of members of anydata in XML.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::schema::Module;
use crate::types::AnyMember;

/// The namespace that the prefix `xml` stands for everywhere.
pub(super) const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";

impl AnyMember {
    /// The namespace and the local name; no namespace stands for that of what is around it. Of a
    /// module that is not known the name stands for its namespace.
    pub(super) fn expanded(&self) -> (Option<Cow<'_, str>>, &str) {
        expanded(self.name(), self.module())
    }

    /// The name of the annotated member, if the member is an annotation: `"name"` for `"@name"`.
    pub(super) fn annotates(&self) -> Option<&str> {
        self.name().strip_prefix('@')
    }
}

/// The namespace and the local name of `name`, in which `module` is the known module.
fn expanded<'n>(name: &'n str, module: Option<&'static Module>) -> (Option<Cow<'n, str>>, &'n str) {
    /// No element or attribute can be in the namespace of declarations.
    const DECLARATIONS: &str = "http://www.w3.org/2000/xmlns/";
    if let Some((namespace, local)) = name
        .strip_prefix('{')
        .and_then(|rest| rest.rsplit_once('}'))
    {
        let namespace = Some(namespace.into()).filter(|namespace| namespace != DECLARATIONS);
        return (namespace, local);
    }
    match (module, name.split_once(':')) {
        (Some(module), Some((_, local))) => (Some(module.namespace.into()), local),
        (None, Some((unknown, local))) => (Some(unknown.into()), local),
        (_, None) => (None, name),
    }
}

/// Returns true if a name can start with it (Namespaces in XML 1.0, section 3).
const fn starts_name(character: char) -> bool {
    matches!(character, 'A'..='Z' | '_' | 'a'..='z' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}'
        | '\u{f8}'..='\u{2ff}' | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}' | '\u{200c}'..='\u{200d}'
        | '\u{2070}'..='\u{218f}' | '\u{2c00}'..='\u{2fef}' | '\u{3001}'..='\u{d7ff}'
        | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}' | '\u{10000}'..='\u{effff}')
}

/// `name` as an element or attribute can be called: a character that no name of XML has is written
/// `_xHHHH_`.
pub(super) fn xml_name(name: &str) -> Cow<'_, str> {
    let fits = |(at, character): (usize, char)| {
        starts_name(character)
            || at > 0
                && matches!(character, '0'..='9' | '-' | '.' | '\u{b7}' | '\u{300}'..='\u{36f}')
    };
    if !name.is_empty() && name.char_indices().all(fits) {
        return name.into();
    }
    let mut written = String::new();
    for (at, character) in name.char_indices() {
        if fits((at, character)) {
            written.push(character);
        } else {
            // Writing to a string cannot fail.
            let _ = write!(written, "_x{:04X}_", u32::from(character));
        }
    }
    if written.is_empty() {
        written.push('_');
    }
    written.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_xml_does_not_have() {
        for (name, written) in [
            ("a-b.c", "a-b.c"),
            ("a b", "a_x0020_b"),
            ("1a", "_x0031_a"),
            ("<", "_x003C_"),
            ("é", "é"),
            ("", "_"),
        ] {
            assert_eq!(xml_name(name), written);
        }
    }

    #[test]
    fn namespaces_in_names() {
        assert_eq!(expanded("a", None), (None, "a"));
        assert_eq!(expanded("far:a", None), (Some("far".into()), "a"));
        assert_eq!(expanded("{urn:x}a", None), (Some("urn:x".into()), "a"));
        assert_eq!(expanded("{}a", None), (Some("".into()), "a"));
    }
}
