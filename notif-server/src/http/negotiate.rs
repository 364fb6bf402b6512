//! Selects the media type of an answer: RFC 9110 section 12.5.1.
//!
//! actix-web's `Accept` parses the header (several lines, spaces, capitals; it skips invalid
//! members such as `q=2`), but does not weigh an offer by the most specific range that matches it:
//! `application/xml;q=0, */*` would still get XML. That is done here.
//!
//! Among offers of equal weight, the most specific range wins, then the client's order, then the
//! server's.

use std::cmp::Reverse;

use actix_web::http::header::{Accept, Quality};
use actix_web::mime::{self, Mime};

use super::media::{Media, OFFERED, has_foreign_charset, id_of};

/// The best of [`OFFERED`] for this header; `None` if the client wants none of them (406).
///
/// A header without a single valid member counts as absent: any type will do.
#[must_use]
pub fn negotiate(accept: &Accept) -> Option<Media> {
    if accept.is_empty() {
        return OFFERED.first().copied();
    }
    OFFERED
        .into_iter()
        .filter_map(|media| Some((weigh(accept, media)?, media)))
        // Among equals, the first is the one that the server prefers.
        .rev()
        .max_by_key(|(weight, _)| *weight)
        .map(|(_, media)| media)
}

/// The weight of an offer: its quality, the range's specificity, and its position. `None` if the
/// client does not accept it.
fn weigh(accept: &Accept, media: Media) -> Option<(Quality, Specificity, Reverse<usize>)> {
    let (at, item, specificity) = accept
        .iter()
        .enumerate()
        .filter_map(|(at, item)| Some((at, item, matches(&item.item, media)?)))
        // The first of equally specific ranges counts.
        .max_by_key(|(at, _, specificity)| (*specificity, Reverse(*at)))?;
    (item.quality > Quality::ZERO).then_some((item.quality, specificity, Reverse(at)))
}

/// The specificity of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Specificity {
    Anything,
    Type,
    Subtype,
}

/// The specificity of the range, if it covers the offer.
///
/// `charset=utf-8` is ignored, as all text is served in UTF-8; an `id` must be that of the offer.
/// No offer has another parameter, so a range with one covers none.
fn matches(range: &Mime, media: Media) -> Option<Specificity> {
    let is_known = |name| name == mime::CHARSET || media.id.is_some() && name == "id";
    let only_known = range.params().all(|(name, _)| is_known(name));
    if !only_known || has_foreign_charset(range) || !id_of(range, media.id.as_slice()) {
        return None;
    }
    let essence = range.essence_str();
    if essence == "*/*" {
        Some(Specificity::Anything)
    } else if essence == media.name {
        Some(Specificity::Subtype)
    } else {
        let main = essence.strip_suffix("/*")?;
        let (offered, _) = media.name.split_once('/')?;
        (main == offered).then_some(Specificity::Type)
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::Header;
    use actix_web::test::TestRequest;

    use super::*;

    fn negotiated(lines: &[&str]) -> Option<&'static str> {
        let request = lines
            .iter()
            .fold(TestRequest::default(), |request, line| {
                request.append_header(("accept", *line))
            })
            .to_http_request();
        negotiate(&Accept::parse(&request).unwrap()).map(|media| media.name)
    }

    #[test]
    fn the_best_offer_wins() {
        const XML: Option<&str> = Some("application/xml");
        const JSON: Option<&str> = Some("application/json");
        const YANG_XML: Option<&str> = Some("application/yang-data+xml");
        const YANG_JSON: Option<&str> = Some("application/yang-data+json");
        const CBOR: Option<&str> = Some("application/cbor");
        const YANG_CBOR: Option<&str> = Some("application/yang-data+cbor");
        for (accept, best) in [
            // Any type will do.
            ("*/*", XML),
            ("application/*", XML),
            ("", XML),
            ("*/*;q=0.1", XML),
            // The examples of the drafts and of the Python publisher.
            ("application/xml, application/json;q=0.5", XML),
            (
                "application/yang-data+cbor; id=name, application/yang-data+xml;q=0.9, application/yang-data+json;q=0.5",
                YANG_CBOR,
            ),
            (
                "application/yang-data+cbor; id=sid, application/yang-data+xml;q=0.9",
                YANG_XML,
            ),
            ("application/yang-data+cbor", YANG_CBOR),
            ("application/json, application/xml, application/cbor", JSON),
            ("application/cbor, application/json;q=0.9", CBOR),
            // Quality.
            ("application/xml;q=0.5, application/json;q=0.501", JSON),
            ("application/xml;q=0.5, application/json", JSON),
            ("application/json ; q=0.3 , application/xml ; q=0.2", JSON),
            ("application/json; Q=0.1, application/xml; q=0.2", XML),
            ("application/yang-data+json, */*;q=0.9", YANG_JSON),
            // Zero means not accepted, whatever a wider range says.
            ("application/json;q=0", None),
            ("*/*;q=0", None),
            ("application/xml;q=0, */*", JSON),
            (
                "application/xml;q=0.0, application/json;q=0.000, */*;q=0.1",
                YANG_XML,
            ),
            (
                "application/*;q=0, application/yang-data+json;q=0.1",
                YANG_JSON,
            ),
            // The most specific range counts, at any position.
            ("*/*, application/*;q=0.2, application/json;q=0.3", JSON),
            ("application/*;q=0.5, */*;q=0.9", XML),
            ("application/json, */*", JSON),
            (
                "application/json;q=0.3, application/json;q=0.9, application/xml;q=0.5",
                XML,
            ),
            // Parameters.
            ("application/json; charset=utf-8", JSON),
            ("application/json; charset=UTF-8; q=0.5", JSON),
            ("application/json; charset=latin1", None),
            ("application/json; version=2, application/xml;q=0.1", XML),
            // Case does not matter; other types are not offered.
            ("APPLICATION/JSON", JSON),
            ("text/html", None),
            ("text/*", None),
            ("application/cbor", CBOR),
            ("application/cbor; id=name", None),
            ("application/yang-data+json; id=name", None),
            (
                "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8",
                XML,
            ),
            // Invalid members are skipped.
            (
                "application/json;q=2, application/yang-data+xml;q=0.1",
                YANG_XML,
            ),
            ("application/json;q=x, application/yang-data+xml", YANG_XML),
            ("garbage, application/json", JSON),
            (", ,application/json,,", JSON),
            ("application/json;q=2", XML),
            ("garbage", XML),
        ] {
            assert_eq!(negotiated(&[accept]), best, "{accept}");
        }
    }

    #[test]
    fn several_lines_are_one_list() {
        assert_eq!(negotiated(&[]), Some("application/xml"));
        let lines = ["application/xml;q=0.1", "application/json;q=0.2"];
        assert_eq!(negotiated(&lines), Some("application/json"));
    }
}
