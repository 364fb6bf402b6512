//! The media types that the server speaks. [`OFFERED`] is the one list: negotiation, the
//! capabilities, and the refusals all read it, so a new encoding is added here.

use actix_web::mime::{self, Mime};
use notif_runtime::Encoding;

/// The two families of names in the field (`protocol.md` of the project's reference): deployed
/// code speaks that of the draft's revisions up to -15.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Profile {
    /// `application/json`, as in draft-ietf-netconf-https-notif up to revision -15.
    Plain,
    /// `application/yang-data+json`, as in revision -16.
    YangData,
}

/// A media type that the server takes and gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Media {
    /// The type as it stands in a header.
    pub name: &'static str,
    /// The encoding that it means.
    pub encoding: Encoding,
    /// The family that it belongs to.
    pub profile: Profile,
}

impl Media {
    /// What an error about a request without a known type is written in.
    pub const FALLBACK: Self = Self::new("application/json", Encoding::Json, Profile::Plain);

    const fn new(name: &'static str, encoding: Encoding, profile: Profile) -> Self {
        Self {
            name,
            encoding,
            profile,
        }
    }

    /// The type of an error body: RFC 8040 knows no other than `yang-data`.
    #[must_use]
    pub const fn for_errors(self) -> &'static str {
        match self.encoding {
            Encoding::Xml => "application/yang-data+xml",
            _ => "application/yang-data+json",
        }
    }

    /// The media type of a request's body; `None` if the server does not take it.
    ///
    /// Parameters do not matter but for `charset`: all that the server reads is UTF-8.
    #[must_use]
    pub fn of_body(content_type: &str) -> Option<Self> {
        // `Mime` takes no space before a semicolon, and no semicolon at the end; RFC 9110
        // section 5.6.6 does.
        let parts: Vec<_> = content_type.split(';').map(str::trim).collect();
        let body: Mime = parts.join(";").trim_end_matches(';').parse().ok()?;
        if has_foreign_charset(&body) {
            return None;
        }
        OFFERED
            .into_iter()
            .find(|media| media.name == body.essence_str())
    }

    /// The names of all types, as a sentence lists them.
    #[must_use]
    pub fn list() -> String {
        let names: Vec<_> = OFFERED.iter().map(|media| media.name).collect();
        names.join(", ")
    }
}

/// What the server speaks, by its own preference: XML is the default of the draft's examples.
pub const OFFERED: [Media; 4] = [
    Media::new("application/xml", Encoding::Xml, Profile::Plain),
    Media::new("application/json", Encoding::Json, Profile::Plain),
    Media::new(
        "application/yang-data+xml",
        Encoding::Xml,
        Profile::YangData,
    ),
    Media::new(
        "application/yang-data+json",
        Encoding::Json,
        Profile::YangData,
    ),
];

/// Whether the type names a character set other than UTF-8.
pub(super) fn has_foreign_charset(media_type: &Mime) -> bool {
    media_type
        .get_param(mime::CHARSET)
        .is_some_and(|charset| charset != mime::UTF_8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn body_types_are_found_whatever_their_case_and_parameters() {
        for (text, name) in [
            ("application/json", Some("application/json")),
            ("application/json; charset=utf-8", Some("application/json")),
            ("application/json;charset=UTF-8", Some("application/json")),
            (
                "application/json; charset=\"utf-8\"",
                Some("application/json"),
            ),
            ("application/json ; charset=utf-8", Some("application/json")),
            ("application/json;", Some("application/json")),
            ("Application/XML", Some("application/xml")),
            (
                "application/yang-data+json",
                Some("application/yang-data+json"),
            ),
            (
                "application/YANG-DATA+xml; v=1",
                Some("application/yang-data+xml"),
            ),
            ("application/json; charset=latin1", None),
            ("application/cbor", None),
            ("application/yang-data", None),
            ("text/xml", None),
            ("application/*", None),
            ("*/*", None),
            ("json", None),
            ("", None),
        ] {
            assert_eq!(Media::of_body(text).map(|m| m.name), name, "{text}");
        }
    }
}
