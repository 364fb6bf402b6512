//! The media types that the server speaks. [`OFFERED`] is the one list: negotiation, the
//! capabilities, and the refusals all read it, so a new encoding is added here.

use actix_web::mime::{self, Mime};
use notif_runtime::Encoding;

/// The two families of media types in use (`protocol.md` of the project's reference): deployed code
/// uses that of the draft's revisions up to -15.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Profile {
    /// `application/json`, as in draft-ietf-netconf-https-notif up to revision -15.
    Plain,
    /// `application/yang-data+json`, as in revision -16.
    YangData,
}

/// A media type that the server accepts and sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Media {
    /// The media type as in a header.
    pub name: &'static str,
    /// The parameter `id` that the server adds: the way in which CBOR names nodes (RFC 9254 section
    /// 7).
    pub id: Option<&'static str>,
    /// The encoding that it stands for.
    pub encoding: Encoding,
    /// The family that it belongs to.
    pub profile: Profile,
}

impl Media {
    /// The media type of errors about a request without a known type.
    pub const FALLBACK: Self = Self::new("application/json", Encoding::Json, Profile::Plain);

    const fn new(name: &'static str, encoding: Encoding, profile: Profile) -> Self {
        Self {
            name,
            id: None,
            encoding,
            profile,
        }
    }

    /// The media type with its parameter, for an answer.
    #[must_use]
    pub fn header(self) -> String {
        match self.id {
            Some(id) => format!("{}; id={id}", self.name),
            None => self.name.to_owned(),
        }
    }

    /// The media type of an error in this encoding: RFC 8040 has only `yang-data`.
    #[must_use]
    pub const fn for_errors(self) -> Self {
        match self.encoding {
            Encoding::Xml => YANG_XML,
            Encoding::Cbor | Encoding::JsonCbor => YANG_CBOR,
            _ => YANG_JSON,
        }
    }

    /// The encoding's name in a capability; the CBOR of each profile is called `cbor`.
    #[must_use]
    pub const fn capability(self) -> &'static str {
        match self.encoding {
            Encoding::JsonCbor => Encoding::Cbor.as_str(),
            other => other.as_str(),
        }
    }

    /// The media type of a request's body; `None` if the server does not take it.
    ///
    /// [`Encoding::from_media_type`] has what its parameters may be.
    #[must_use]
    pub fn of_body(content_type: &str) -> Option<Self> {
        let encoding = Encoding::from_media_type(content_type)?;
        let essence = content_type.split(';').next()?.trim();
        OFFERED
            .into_iter()
            .find(|media| media.encoding == encoding && media.name.eq_ignore_ascii_case(essence))
    }

    /// The names of all media types, as a list in a sentence.
    #[must_use]
    pub fn list() -> String {
        let names: Vec<_> = OFFERED.iter().map(|media| media.name).collect();
        names.join(", ")
    }
}

const YANG_XML: Media = Media::new(
    "application/yang-data+xml",
    Encoding::Xml,
    Profile::YangData,
);
const YANG_JSON: Media = Media::new(
    "application/yang-data+json",
    Encoding::Json,
    Profile::YangData,
);
const YANG_CBOR: Media = Media {
    id: Some("name"),
    ..Media::new(
        "application/yang-data+cbor",
        Encoding::Cbor,
        Profile::YangData,
    )
};

/// The media types of the server in its order of preference: XML is the default of the draft's
/// examples. `application/cbor` has the data of JSON, as deployed publishers send it.
pub const OFFERED: [Media; 6] = [
    Media::new("application/xml", Encoding::Xml, Profile::Plain),
    Media::new("application/json", Encoding::Json, Profile::Plain),
    YANG_XML,
    YANG_JSON,
    Media::new("application/cbor", Encoding::JsonCbor, Profile::Plain),
    YANG_CBOR,
];

/// True if the parameter `id` is absent or one of `known`.
pub(super) fn id_of(media_type: &Mime, known: &[&str]) -> bool {
    let id = media_type.get_param("id");
    id.is_none_or(|id| known.iter().any(|known| id == *known))
}

/// True if the media type names a character set other than UTF-8.
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
            ("application/cbor", Some("application/cbor")),
            (
                "application/yang-data+cbor",
                Some("application/yang-data+cbor"),
            ),
            (
                "application/yang-data+cbor; id=name",
                Some("application/yang-data+cbor"),
            ),
            (
                "application/yang-data+cbor;ID=\"sid\"",
                Some("application/yang-data+cbor"),
            ),
            ("application/yang-data+cbor; id=other", None),
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
