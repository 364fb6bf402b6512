//! Text with its special characters written as references.

/// Writes text. A carriage return would be read back as a line feed (XML 1.0 section 2.11), so it
/// goes as a reference.
pub(super) fn escape(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(['<', '>', '&', '"', '\r']) {
        let (plain, special) = rest.split_at(at);
        out.push_str(plain);
        let mut characters = special.chars();
        out.push_str(match characters.next() {
            Some('<') => "&lt;",
            Some('>') => "&gt;",
            Some('&') => "&amp;",
            Some('"') => "&quot;",
            _ => "&#xD;",
        });
        rest = characters.as_str();
    }
    out.push_str(rest);
}

/// Writes the value of an attribute, in which white space other than blanks goes as references
/// (XML 1.0 section 3.3.3).
pub(super) fn escape_value(out: &mut String, text: &str) {
    for part in text.split_inclusive(['\n', '\t']) {
        let plain = part.trim_end_matches(['\n', '\t']);
        escape(out, plain);
        match part.as_bytes().last() {
            Some(b'\n') => out.push_str("&#xA;"),
            Some(b'\t') => out.push_str("&#x9;"),
            _ => {}
        }
    }
}
