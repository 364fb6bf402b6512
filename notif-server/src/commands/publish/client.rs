//! The HTTP client of a publisher: reads the receiver's capabilities, and sends notifications.

use std::time::Duration;

use notif_runtime::Encoding;
use notif_runtime::text::shortened;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Certificate, Client, StatusCode, Url};

use super::args::Args;
use crate::causes::causes;

/// The media types to accept: JSON first, as it is easier to read.
const ACCEPTED: &str = "application/json, application/xml;q=0.9";

/// The suffix of encoding capabilities, in both families.
const ENCODING: &str = ":encoding:";

/// The prefix of the newer family. Its CBOR is RFC 9254's; in the other, CBOR has the data of JSON.
const NEWER: &str = "urn:ietf:params:";

/// The timeout of a request.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The bytes of an answer that are read, at most.
const READ: usize = 64 << 10;

/// The characters of a refusal's body that are shown, at most.
const SHOWN: usize = 2000;

/// Errors of the client: the notification is not delivered.
#[derive(Debug, thiserror::Error)]
pub(super) enum ClientError {
    #[error("cannot read the certificate {path}: {problem}")]
    Certificate { path: String, problem: String },
    #[error("{} cannot be the base of a receiver's resources", .0)]
    Url(Url),
    #[error("{}", with_causes(.0))]
    Http(#[from] reqwest::Error),
    #[error("the receiver accepts none of the encodings of this publisher: {0}")]
    NoEncoding(String),
    #[error("{status}: {body}")]
    Refused { status: StatusCode, body: String },
}

/// An error of the HTTP client with its causes.
fn with_causes(error: &reqwest::Error) -> String {
    let mut text = causes(error);
    if text.contains("certificate verify failed") {
        text.push_str("; name the receiver's certificate or its CA with --ca");
    }
    text
}

impl ClientError {
    /// True if sending the same again cannot help: the receiver has read it and refuses.
    pub(super) fn is_final(&self) -> bool {
        match self {
            Self::Certificate { .. } | Self::Url(_) | Self::NoEncoding(_) => true,
            Self::Refused { status, .. } => {
                status.is_client_error()
                    && !matches!(
                        *status,
                        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS
                    )
            }
            Self::Http(_) => false,
        }
    }
}

/// A receiver.
pub(super) struct Receiver {
    client: Client,
    capabilities: Url,
    relay: Url,
}

impl Receiver {
    pub(super) fn new(args: &Args) -> Result<Self, ClientError> {
        let mut builder = Client::builder().https_only(true).timeout(TIMEOUT);
        if let Some(path) = &args.ca {
            let unreadable = |problem: String| ClientError::Certificate {
                path: path.display().to_string(),
                problem,
            };
            let pem = std::fs::read(path).map_err(|error| unreadable(error.to_string()))?;
            let chain = Certificate::from_pem_bundle(&pem)
                .map_err(|error| unreadable(error.to_string()))?;
            if chain.is_empty() {
                return Err(unreadable("it holds no certificate in PEM".to_owned()));
            }
            builder = builder.tls_certs_merge(chain);
        }
        if args.insecure {
            builder = builder.tls_danger_accept_invalid_certs(true);
        }
        let resource = |name: &str| {
            let mut url = args.url.clone();
            match url.path_segments_mut() {
                Ok(mut segments) => segments.pop_if_empty().push(name),
                Err(()) => return Err(ClientError::Url(args.url.clone())),
            };
            Ok(url)
        };
        Ok(Self {
            client: builder.build()?,
            capabilities: resource("capabilities")?,
            relay: resource("relay-notification")?,
        })
    }

    /// The encoding to send in: the first of ours that the receiver takes. JSON comes first, since
    /// it is smaller.
    pub(super) async fn discover(&self) -> Result<Encoding, ClientError> {
        let request = self
            .client
            .get(self.capabilities.clone())
            .header(ACCEPT, ACCEPTED);
        let body = text_of_success(request.send().await?).await?;
        let taken = Encoding::ALL
            .iter()
            .find(|encoding| names(&body, **encoding));
        taken
            .copied()
            .ok_or_else(|| ClientError::NoEncoding(shorten(&body)))
    }

    /// Sends one notification; returns the status.
    pub(super) async fn relay(
        &self,
        encoding: Encoding,
        body: Vec<u8>,
    ) -> Result<StatusCode, ClientError> {
        let media = match encoding {
            Encoding::Xml => "application/xml",
            Encoding::Cbor => "application/yang-data+cbor; id=name",
            Encoding::JsonCbor => "application/cbor",
            _ => "application/json",
        };
        let request = self
            .client
            .post(self.relay.clone())
            .header(CONTENT_TYPE, media);
        let response = request.body(body).send().await?;
        let status = response.status();
        text_of_success(response).await?;
        Ok(status)
    }
}

/// True if the capabilities, in JSON or XML, name the encoding. Unknown names must be ignored, so
/// this searches for the name and does not check the rest.
fn names(capabilities: &str, encoding: Encoding) -> bool {
    let urns = capabilities.split(['"', '<', '>']).map(str::trim);
    urns.filter(|urn| urn.starts_with("urn:"))
        .filter_map(|urn| urn.split_once(ENCODING))
        .any(|(family, name)| match encoding {
            Encoding::Cbor => name == "cbor" && family.starts_with(NEWER),
            Encoding::JsonCbor => name == "cbor" && !family.starts_with(NEWER),
            other => name == other.as_str(),
        })
}

/// The text of an answer, up to [`READ`] bytes.
async fn text_of_success(mut response: reqwest::Response) -> Result<String, ClientError> {
    let status = response.status();
    let mut body = Vec::new();
    while body.len() < READ
        && let Some(chunk) = response.chunk().await?
    {
        body.extend_from_slice(&chunk);
    }
    body.truncate(READ);
    let body = String::from_utf8_lossy(&body).into_owned();
    if status.is_success() {
        return Ok(body);
    }
    Err(ClientError::Refused {
        status,
        body: shorten(&body),
    })
}

fn shorten(body: &str) -> String {
    shortened(body, SHOWN).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_found_in_both_forms_and_families() {
        let json = r#"{"receiver-capabilities":{"receiver-capability":["urn:ietf:capability:https-notif-receiver:encoding:json","urn:x:encoding:jsonb"]}}"#;
        assert!(names(json, Encoding::Json) && !names(json, Encoding::Xml));
        let xml = "<a xmlns=\"urn:x\"><b>\n urn:ietf:params:yang-notif:https-capability:encoding:xml </b></a>";
        assert!(names(xml, Encoding::Xml) && !names(xml, Encoding::Json));
        assert!(!names("encoding:json", Encoding::Json));
        let older = "\"urn:ietf:capability:https-notif-receiver:encoding:cbor\"";
        assert!(names(older, Encoding::JsonCbor) && !names(older, Encoding::Cbor));
        let newer = "\"urn:ietf:params:yang-notif:https-capability:encoding:cbor\"";
        assert!(names(newer, Encoding::Cbor) && !names(newer, Encoding::JsonCbor));
    }

    #[tokio::test]
    async fn an_answer_is_read_up_to_a_bound() {
        let long = || reqwest::Response::from(hyper::Response::new("a".repeat(10 * READ)));
        assert_eq!(text_of_success(long()).await.unwrap().len(), READ);
        let short = reqwest::Response::from(hyper::Response::new("short"));
        assert_eq!(text_of_success(short).await.unwrap(), "short");
    }

    #[test]
    fn only_a_receivers_no_is_final() {
        let refused = |status| ClientError::Refused {
            status,
            body: String::new(),
        };
        assert!(refused(StatusCode::BAD_REQUEST).is_final());
        assert!(!refused(StatusCode::SERVICE_UNAVAILABLE).is_final());
        assert!(!refused(StatusCode::REQUEST_TIMEOUT).is_final());
    }
}
