//! The connection to InfluxDB: its URL, and the credentials.

use std::fs;
use std::path::{Path, PathBuf};

use notif_runtime::text::shortened;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::{Certificate, Client, Method, RequestBuilder, Response, Url, redirect};

use super::error::InfluxdbError;
use crate::causes::causes;
use crate::config::{Influxdb, InfluxdbVersion, shown_url};

/// The variable for the token, if the configuration has none.
pub(crate) const TOKEN_VARIABLE: &str = "INFLUXDB_TOKEN";

/// The part of an error answer that is read, in bytes.
const MAX_ERROR: usize = 1 << 20;

/// The part of an error's text that is shown, in characters.
const SHOWN: usize = 500;

/// A server, and the credentials for it.
#[derive(Debug)]
pub(crate) struct Connection {
    http: Client,
    url: Url,
    authorization: Option<HeaderValue>,
    /// The file that the token came from; its content may change.
    token_file: Option<PathBuf>,
    version: InfluxdbVersion,
}

impl Connection {
    /// The configured connection; `token` comes from the environment.
    pub(crate) fn new(config: &Influxdb, token: Option<String>) -> Result<Self, InfluxdbError> {
        check_keys(config)?;
        let (authorization, token_file) = match config.version {
            InfluxdbVersion::V1 => (basic(config)?, None),
            InfluxdbVersion::V2 | InfluxdbVersion::V3 => {
                let (token, file) = find_token(config, token)?;
                (Some(bearer(config.version, &token)?), file)
            }
        };
        Ok(Self {
            http: client(config)?,
            url: base(&config.url)?,
            authorization,
            token_file,
            version: config.version,
        })
    }

    /// The URL of the server.
    pub(crate) const fn url(&self) -> &Url {
        &self.url
    }

    /// A request for a resource below the server's URL.
    pub(crate) fn request(
        &self,
        method: Method,
        path: &[&str],
        query: &[(&str, &str)],
    ) -> RequestBuilder {
        let mut url = self.url.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        url.query_pairs_mut().extend_pairs(query);
        let request = self.http.request(method, url);
        match &self.authorization {
            Some(authorization) => request.header(AUTHORIZATION, authorization),
            None => request,
        }
    }

    /// Reads the token file again, after the server has refused the token.
    pub(super) fn renew_token(&mut self) {
        let token = self.token_file.as_deref().map(read_token);
        if let Some(Ok(token)) = token
            && let Ok(authorization) = bearer(self.version, &token)
        {
            self.authorization = Some(authorization);
        }
    }
}

/// Checks that the settings that the version needs are there; the token is checked elsewhere.
fn check_keys(config: &Influxdb) -> Result<(), InfluxdbError> {
    let keys = match config.version {
        InfluxdbVersion::V2 => vec![("org", &config.org), ("bucket", &config.bucket)],
        InfluxdbVersion::V1 | InfluxdbVersion::V3 => vec![("database", &config.database)],
    };
    match keys.iter().find(|(_, value)| value.is_empty()) {
        None => Ok(()),
        Some((key, _)) => Err(InfluxdbError::Missing {
            key,
            version: config.version,
            hint: "",
        }),
    }
}

/// The URL that names of resources are appended to.
fn base(text: &str) -> Result<Url, InfluxdbError> {
    let wrong = |problem: &str| InfluxdbError::Url {
        url: shown_url(text).into_owned(),
        problem: problem.to_owned(),
    };
    let url = Url::parse(text).map_err(|error| wrong(&error.to_string()))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong(
            "it holds a user or a password: set user and password, or token, instead",
        ));
    }
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(wrong("it is not an HTTP address"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("there is more behind the path"));
    }
    Ok(url)
}

fn client(config: &Influxdb) -> Result<Client, InfluxdbError> {
    let failed = |problem: String| InfluxdbError::Client(problem);
    let mut builder = Client::builder()
        .timeout(config.timeout.get())
        // A redirected write would become a GET, whose answer says nothing of the write.
        .redirect(redirect::Policy::none());
    if let Some(path) = &config.ca {
        let unreadable = |problem: String| failed(format!("{}: {problem}", path.display()));
        let pem = fs::read(path).map_err(|error| unreadable(error.to_string()))?;
        let chain =
            Certificate::from_pem_bundle(&pem).map_err(|error| unreadable(error.to_string()))?;
        if chain.is_empty() {
            return Err(unreadable("it holds no certificate in PEM".to_owned()));
        }
        builder = builder.tls_certs_merge(chain);
    }
    builder.build().map_err(|error| failed(causes(&error)))
}

/// The token from the configuration, else from its file, else from the environment.
fn find_token(
    config: &Influxdb,
    environment: Option<String>,
) -> Result<(String, Option<PathBuf>), InfluxdbError> {
    if !config.token.is_empty() {
        return Ok((config.token.expose().to_owned(), None));
    }
    if let Some(path) = &config.token_file {
        let token = read_token(path).map_err(|source| InfluxdbError::TokenFile {
            path: path.clone(),
            source,
        })?;
        return Ok((token, Some(path.clone())));
    }
    let token = environment.filter(|token| !token.is_empty());
    let token = token.ok_or(InfluxdbError::Missing {
        key: "token",
        version: config.version,
        hint: ", or token-file, or INFLUXDB_TOKEN in the environment",
    })?;
    Ok((token, None))
}

fn read_token(path: &Path) -> std::io::Result<String> {
    Ok(fs::read_to_string(path)?.trim().to_owned())
}

fn bearer(version: InfluxdbVersion, token: &str) -> Result<HeaderValue, InfluxdbError> {
    let scheme = match version {
        InfluxdbVersion::V3 => "Bearer",
        InfluxdbVersion::V1 | InfluxdbVersion::V2 => "Token",
    };
    let is_token = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
    let value = HeaderValue::from_str(&format!("{scheme} {token}"));
    secret(value.ok().filter(|_| is_token), "token")
}

/// Basic authentication, if there is a user (RFC 7617).
fn basic(config: &Influxdb) -> Result<Option<HeaderValue>, InfluxdbError> {
    if config.user.is_empty() {
        return Ok(None);
    }
    if config.user.contains(':') {
        return Err(InfluxdbError::Credentials("user"));
    }
    let both = format!("{}:{}", config.user, config.password.expose());
    let value = format!("Basic {}", openssl::base64::encode_block(both.as_bytes()));
    secret(HeaderValue::from_str(&value).ok(), "user or password").map(Some)
}

fn secret(value: Option<HeaderValue>, what: &'static str) -> Result<HeaderValue, InfluxdbError> {
    let mut value = value.ok_or(InfluxdbError::Credentials(what))?;
    value.set_sensitive(true);
    Ok(value)
}

/// The body of an error answer, up to [`MAX_ERROR`] bytes.
pub(crate) async fn error_body(mut response: Response) -> Vec<u8> {
    let mut body = Vec::new();
    // If the connection breaks, the part received so far has to do.
    while let Ok(Some(chunk)) = response.chunk().await {
        body.extend_from_slice(&chunk);
        if body.len() > MAX_ERROR {
            break;
        }
    }
    body
}

/// The message in an error body: 1.x and 3 call it `error`, 2.x `message`.
pub(crate) fn message(body: &[u8]) -> String {
    let json: Option<serde_json::Value> = serde_json::from_slice(body).ok();
    let member = |name| json.as_ref().and_then(|json| json.get(name)?.as_str());
    let text = member("message").or_else(|| member("error"));
    let text = text.map_or_else(|| String::from_utf8_lossy(body), Into::into);
    shorten(text.trim())
}

pub(crate) fn shorten(text: &str) -> String {
    shortened(text, SHOWN).into_owned()
}
