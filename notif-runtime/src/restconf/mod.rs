//! Error bodies: `ietf-restconf:errors` (RFC 8040 section 7.1), which tells a sender what is wrong
//! with its message.
//!
//! ```no_run
//! # fn answer(faults: &notif_runtime::fault::Faults, registry: &notif_runtime::registry::Registry) {
//! use notif_runtime::Encoding;
//! use notif_runtime::restconf::Errors;
//!
//! let body = Errors::of_faults(faults, registry.modules()).to_vec(Encoding::Json);
//! # }
//! ```
//!
//! The types are generated from `notif-runtime/yang/ietf-restconf@2017-01-26.yang`, verbatim from
//! `libyang/tests/modules/yang/` of the crate libyang2-sys 0.9.0 (© 2017 IETF Trust, Simplified BSD,
//! as its description says). `make generate` writes them.

// Rustfmt would change the text, which is compared with the generator's.
#[rustfmt::skip]
#[allow(unreachable_pub, reason = "not all of the types are made public below")]
mod generated;

use std::borrow::Cow;

pub use generated::ietf_restconf::Errors;
pub use generated::ietf_restconf::errors::Error;
pub use generated::ietf_restconf::errors::error::ErrorType;

use crate::encoding::Encoding;
use crate::fault::{ErrorTag, Fault, Faults, InstancePath};
use crate::schema::Module;
use crate::text::shortened;
use crate::types::{InstanceIdentifier, is_yang_character};

/// The largest body that [`Errors::of_faults`] makes, in bytes and in any encoding.
pub const MAX_BODY: usize = 64 << 10;

/// The longest path or message of one fault, in characters. Each can take six bytes, as an escape.
const MAX_PART: usize = 2_000;

/// The part of [`MAX_BODY`] for the node around the errors and for the note that some are missing.
const RESERVED: usize = 1024;

impl Errors {
    /// The faults of a message, each as an error of its own. `modules` are those of the registry,
    /// whose names the paths have. Faults that would make a body of more than [`MAX_BODY`] are not
    /// listed; a last error tells how many.
    #[must_use]
    pub fn of_faults(faults: &Faults, modules: &[&'static Module]) -> Self {
        let mut left = MAX_BODY - RESERVED;
        let mut errors = Self::default();
        for fault in &faults.list {
            let error = Error::of_fault(fault, modules);
            let Some(rest) = left.checked_sub(size(&error)) else {
                let count = faults.list.len() - errors.error.len();
                errors.error.push(not_listed(count, faults.truncated));
                break;
            };
            left = rest;
            errors.error.push(error);
        }
        errors
    }

    /// One error, about the request as a whole.
    ///
    /// ```
    /// use notif_runtime::restconf::Errors;
    /// use notif_runtime::fault::ErrorTag;
    /// use notif_runtime::Encoding;
    ///
    /// let errors = Errors::of_request(ErrorTag::ResourceDenied, "the server is stopping");
    /// let body = errors.to_vec(Encoding::Json);
    /// assert!(body.starts_with(br#"{"ietf-restconf:errors":{"error":[{"error-type":"protocol""#));
    /// ```
    #[must_use]
    pub fn of_request(tag: ErrorTag, message: &str) -> Self {
        let mut errors = Self::default();
        let error = Error::with_message(ErrorType::Protocol, tag, &shortened(message, MAX_PART));
        errors.error.push(error);
        errors
    }

    /// The body. [`Encoding::Cbor`] and [`Encoding::JsonCbor`] have names rather than SIDs.
    #[must_use]
    pub fn to_vec(&self, encoding: Encoding) -> Vec<u8> {
        encoding.encode(self)
    }
}

impl Error {
    fn with_message(error_type: ErrorType, tag: ErrorTag, message: &str) -> Self {
        let mut error = Self::new(error_type, tag.as_str());
        error.error_message = Some(printable(message).into());
        error
    }

    fn of_fault(fault: &Fault, modules: &[&'static Module]) -> Self {
        let tag = fault.kind.error_tag();
        let error_type = match tag {
            ErrorTag::MalformedMessage | ErrorTag::TooBig => ErrorType::Protocol,
            _ => ErrorType::Application,
        };
        let mut error = Self::with_message(error_type, tag, &message(fault));
        error.error_app_tag = fault.app_tag.as_deref().map(Into::into);
        let path = bounded(&fault.path);
        error.error_path = (!path.is_root()).then(|| InstanceIdentifier::of_path(path, modules));
        error
    }
}

/// The place in the text and the fault; the path has a leaf of its own.
fn message(fault: &Fault) -> String {
    let position = fault.position.map_or_else(String::new, |at| {
        format!("line {}, column {}: ", at.line, at.column)
    });
    position + &shortened(&fault.problem(), MAX_PART)
}

/// The path, or that of the innermost node around it that has at most [`MAX_PART`] characters.
fn bounded(path: &InstancePath) -> InstancePath {
    let mut kept = InstancePath::default();
    let mut steps: Vec<_> = path.steps().cloned().collect();
    for step in &mut steps {
        step.name = printable(&step.name).into();
    }
    let mut left = MAX_PART;
    let fits = steps.iter().take_while(|step| {
        let length = step.to_string().chars().count() + 1;
        left.checked_sub(length)
            .inspect(|rest| left = *rest)
            .is_some()
    });
    let count = fits.count();
    steps.truncate(count);
    steps
        .into_iter()
        .rev()
        .for_each(|step| kept.push_outer(step));
    kept
}

/// The error in place of faults that are not listed.
fn not_listed(count: usize, more: bool) -> Error {
    let least = if more { "at least " } else { "" };
    let message = format!("{least}{count} more faults are not listed: the answer is too long");
    Error::with_message(ErrorType::Application, ErrorTag::TooBig, &message)
}

/// The bytes that an error takes at most. CBOR has no escapes: it is never longer than JSON.
fn size(error: &Error) -> usize {
    let alone = Errors {
        error: vec![error.clone()],
    };
    let encodings = [
        Encoding::Json,
        #[cfg(feature = "xml")]
        Encoding::Xml,
    ];
    let sizes = encodings
        .into_iter()
        .map(|encoding| alone.to_vec(encoding).len());
    sizes.max().unwrap_or(0)
}

/// The text with characters that YANG's strings exclude replaced: a message may repeat its input.
fn printable(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_yang_character) {
        return Cow::Borrowed(text);
    }
    let replaced = |character| {
        if is_yang_character(character) {
            character
        } else {
            '\u{FFFD}'
        }
    };
    Cow::Owned(text.chars().map(replaced).collect())
}
