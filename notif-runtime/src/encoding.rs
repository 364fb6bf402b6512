//! The encodings of messages and their media types. Those of features that are off do not exist.

use std::fmt;

/// The encodings of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Encoding {
    /// JSON (RFC 7951).
    Json,
    /// RFC 7950.
    #[cfg(feature = "xml")]
    Xml,
    /// RFC 9254.
    #[cfg(feature = "cbor")]
    Cbor,
    /// The data of RFC 7951's JSON as CBOR: `application/cbor` of draft-ietf-netconf-https-notif.
    #[cfg(feature = "cbor")]
    JsonCbor,
}

/// The media types of RFC 8040 and RFC 9254, and the plain ones of deployed publishers.
const MEDIA_TYPES: &[(&str, Encoding)] = &[
    ("application/yang-data+json", Encoding::Json),
    #[cfg(feature = "xml")]
    ("application/yang-data+xml", Encoding::Xml),
    #[cfg(feature = "cbor")]
    ("application/yang-data+cbor", Encoding::Cbor),
    ("application/json", Encoding::Json),
    #[cfg(feature = "xml")]
    ("application/xml", Encoding::Xml),
    #[cfg(feature = "cbor")]
    ("application/cbor", Encoding::JsonCbor),
];

impl Encoding {
    /// All encodings.
    pub const ALL: &[Self] = &[
        Self::Json,
        #[cfg(feature = "xml")]
        Self::Xml,
        #[cfg(feature = "cbor")]
        Self::Cbor,
        #[cfg(feature = "cbor")]
        Self::JsonCbor,
    ];

    /// The encoding's short name: `json`, `xml`, `cbor` or `json-cbor`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            #[cfg(feature = "xml")]
            Self::Xml => "xml",
            #[cfg(feature = "cbor")]
            Self::Cbor => "cbor",
            #[cfg(feature = "cbor")]
            Self::JsonCbor => "json-cbor",
        }
    }

    /// The encoding with this short name.
    ///
    /// ```
    /// use notif_runtime::Encoding;
    ///
    /// assert_eq!(Encoding::from_name("xml"), Some(Encoding::Xml));
    /// assert_eq!(Encoding::from_name("yaml"), None);
    /// ```
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|encoding| encoding.as_str() == name)
    }

    /// The encoding of a body with this `Content-Type`; `None` if it is no type of YANG data.
    ///
    /// A `charset` must be UTF-8, and the `id` of CBOR `name` or `sid` (RFC 9254 section 7), which
    /// are read alike. Other parameters do not matter.
    ///
    /// ```
    /// use notif_runtime::Encoding;
    ///
    /// let json = Encoding::from_media_type("application/yang-data+json; charset=utf-8");
    /// assert_eq!(json, Some(Encoding::Json));
    /// let cbor = Encoding::from_media_type("application/yang-data+cbor; id=sid");
    /// assert_eq!(cbor, Some(Encoding::Cbor));
    /// assert_eq!(Encoding::from_media_type("text/plain"), None);
    /// ```
    #[must_use]
    pub fn from_media_type(media_type: &str) -> Option<Self> {
        let mut in_quotes = false;
        let ends = |character: char| {
            in_quotes ^= character == '"';
            character == ';' && !in_quotes
        };
        let mut parts = media_type.split(ends).map(str::trim);
        let essence = parts.next()?;
        let mut known = MEDIA_TYPES.iter();
        let (essence, encoding) = known.find(|(name, _)| name.eq_ignore_ascii_case(essence))?;
        let takes_id = *essence == "application/yang-data+cbor";
        let mut parameters = parts.filter(|part| !part.is_empty());
        parameters
            .all(|parameter| fits(parameter, takes_id))
            .then_some(*encoding)
    }

    /// The media type of RFC 8040 and RFC 9254; [`JsonCbor`](Self::JsonCbor) has the plain one of
    /// deployed publishers alone.
    ///
    /// ```
    /// use notif_runtime::Encoding;
    ///
    /// assert_eq!(Encoding::Json.media_type(), "application/yang-data+json");
    /// ```
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/yang-data+json",
            #[cfg(feature = "xml")]
            Self::Xml => "application/yang-data+xml",
            #[cfg(feature = "cbor")]
            Self::Cbor => "application/yang-data+cbor; id=name",
            #[cfg(feature = "cbor")]
            Self::JsonCbor => "application/cbor",
        }
    }
}

/// Returns true if a parameter of a media type leaves the encoding as it is.
fn fits(parameter: &str, takes_id: bool) -> bool {
    let Some((name, value)) = parameter.split_once('=') else {
        return false;
    };
    let (name, value) = (name.trim_end(), value.trim_start());
    let quoted = value
        .strip_prefix('"')
        .and_then(|value| value.strip_suffix('"'));
    let value = quoted.unwrap_or(value);
    let is_one_of = |known: &[&str]| known.iter().any(|known| value.eq_ignore_ascii_case(known));
    if name.eq_ignore_ascii_case("charset") {
        is_one_of(&["utf-8"])
    } else if name.eq_ignore_ascii_case("id") && takes_id {
        is_one_of(&["name", "sid"])
    } else {
        true
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_are_known_whatever_their_case_and_parameters() {
        for (text, encoding) in [
            ("application/json", Some(Encoding::Json)),
            ("application/json; charset=utf-8", Some(Encoding::Json)),
            ("application/json;charset=UTF-8", Some(Encoding::Json)),
            ("application/json; charset=\"utf-8\"", Some(Encoding::Json)),
            ("application/json ; charset=utf-8", Some(Encoding::Json)),
            ("application/json;", Some(Encoding::Json)),
            ("application/json; id=other", Some(Encoding::Json)),
            ("Application/XML", Some(Encoding::Xml)),
            ("application/yang-data+json", Some(Encoding::Json)),
            ("application/YANG-DATA+xml; v=1", Some(Encoding::Xml)),
            ("application/json; charset=latin1", None),
            ("application/json; charset", None),
            ("application/json; charset =latin1", None),
            ("application/json; title=\"a;b\"", Some(Encoding::Json)),
            (
                "application/json; title=\"a;charset=latin1\"",
                Some(Encoding::Json),
            ),
            ("application/cbor", Some(Encoding::JsonCbor)),
            ("application/yang-data+cbor", Some(Encoding::Cbor)),
            ("application/yang-data+cbor; id=name", Some(Encoding::Cbor)),
            (
                "application/yang-data+cbor;ID=\"sid\"",
                Some(Encoding::Cbor),
            ),
            ("application/yang-data+cbor; id=other", None),
            ("application/yang-data", None),
            ("text/xml", None),
            ("application/*", None),
            ("*/*", None),
            ("json", None),
            ("", None),
        ] {
            assert_eq!(Encoding::from_media_type(text), encoding, "{text}");
        }
        for encoding in Encoding::ALL {
            assert_eq!(
                Encoding::from_media_type(encoding.media_type()),
                Some(*encoding)
            );
            assert_eq!(Encoding::from_name(encoding.as_str()), Some(*encoding));
        }
    }
}
