//! Refusals of requests: their status, and their text for the sender.

use std::time::Duration;

use actix_web::http::{Method, StatusCode};
use notif_runtime::fault::{ErrorTag, Faults};

use super::media::Media;
use crate::store::StoreError;

/// A refusal of a request. The text is for the sender's operator.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    #[error("nothing is served here; the resources are {}", .0.join(", "))]
    NoResource(Vec<String>),
    #[error("{given} is not allowed here; allowed: {}", list(allowed))]
    Method {
        given: Method,
        allowed: &'static [Method],
    },
    #[error(
        "none of the media types in Accept is offered; offered: {}",
        Media::list()
    )]
    NotAcceptable,
    #[error("{}; accepted, in UTF-8: {}", content_type(.0.as_deref()), Media::list())]
    MediaType(Option<String>),
    #[error("Content-Encoding {0:?} is not accepted; send the body as it is")]
    ContentEncoding(String),
    #[error("the body is larger than {limit} bytes{}", announced(*.length))]
    TooLarge { limit: usize, length: Option<u64> },
    #[error("the body did not arrive within {} s", .0.as_secs_f32())]
    Slow(Duration),
    #[error("the body broke off: {0}")]
    Broken(String),
    #[error("{0}")]
    Faults(Faults),
    #[error("{0}")]
    NotKept(String),
    #[error("{reason}")]
    Unavailable {
        reason: String,
        retry_after: Duration,
    },
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotNow {
                reason,
                retry_after,
            } => Self::Unavailable {
                reason,
                retry_after,
            },
            StoreError::Never(reason) => Self::NotKept(reason),
        }
    }
}

/// The content type that the sender declared.
fn content_type(given: Option<&str>) -> String {
    given.map_or_else(
        || "the Content-Type is missing".to_owned(),
        |given| format!("Content-Type {given:?} is not accepted"),
    )
}

fn announced(length: Option<u64>) -> String {
    length
        .map(|bytes| format!(": it has {bytes}"))
        .unwrap_or_default()
}

pub(super) fn list(methods: &[Method]) -> String {
    let names: Vec<_> = methods.iter().map(Method::as_str).collect();
    names.join(", ")
}

impl Refusal {
    /// The server is about to stop.
    pub(super) fn stopping() -> Self {
        Self::Unavailable {
            reason: "the server is stopping".to_owned(),
            retry_after: Duration::from_secs(1),
        }
    }

    pub(super) const fn status(&self) -> StatusCode {
        match self {
            Self::NoResource(_) => StatusCode::NOT_FOUND,
            Self::Method { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            Self::MediaType(_) | Self::ContentEncoding(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Slow(_) => StatusCode::REQUEST_TIMEOUT,
            Self::Broken(_) | Self::Faults(_) => StatusCode::BAD_REQUEST,
            Self::NotKept(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The kind of refusal in metrics and in the log.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::NoResource(_) => "no-resource",
            Self::Method { .. } => "method",
            Self::NotAcceptable => "not-acceptable",
            Self::MediaType(_) => "media-type",
            Self::ContentEncoding(_) => "content-encoding",
            Self::TooLarge { .. } => "too-large",
            Self::Slow(_) => "slow",
            Self::Broken(_) => "broken",
            Self::Faults(_) => "faults",
            Self::NotKept(_) => "not-kept",
            Self::Unavailable { .. } => "unavailable",
        }
    }

    /// The error-tag of RFC 8040 section 7; for a status that has none there, the nearest.
    pub(super) fn error_tag(&self) -> ErrorTag {
        match self {
            Self::NoResource(_) => ErrorTag::InvalidValue,
            Self::Method { .. }
            | Self::NotAcceptable
            | Self::MediaType(_)
            | Self::ContentEncoding(_) => ErrorTag::OperationNotSupported,
            Self::TooLarge { .. } => ErrorTag::TooBig,
            Self::Slow(_) | Self::NotKept(_) => ErrorTag::OperationFailed,
            Self::Broken(_) => ErrorTag::MalformedMessage,
            Self::Faults(faults) => faults
                .list
                .first()
                .map_or(ErrorTag::MalformedMessage, |fault| fault.kind.error_tag()),
            Self::Unavailable { .. } => ErrorTag::ResourceDenied,
        }
    }
}
