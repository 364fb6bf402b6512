//! The likely cause of faults: a message in another encoding than the one that was named.

use crate::encoding::Encoding;
use crate::fault::{FaultKind, Faults, Position};

/// The largest message that is tried with the other mapping, in bytes: the work of a refusal is bounded.
const PROBED: usize = 64 << 10;

/// Decodes a message. Faults that come of another encoding say so: the first byte tells JSON, XML
/// and CBOR apart, and CBOR of one mapping is tried with the other.
pub(crate) fn explained<T>(
    encoding: Encoding,
    input: &[u8],
    decode: impl Fn(Encoding) -> Result<T, Faults>,
) -> Result<T, Faults> {
    decode(encoding).map_err(|mut faults| {
        if !name_notation(&mut faults, encoding, input)
            && input.len() <= PROBED
            && let Some(other) = other_mapping(&faults, encoding)
            && decode(other).is_ok()
        {
            name_mapping(&mut faults, other);
        }
        faults
    })
}

/// The notations that the first byte of a message tells apart.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Notation {
    Json,
    Xml,
    Cbor,
}

impl Notation {
    const fn of(encoding: Encoding) -> Self {
        match encoding {
            Encoding::Json => Self::Json,
            #[cfg(feature = "xml")]
            Encoding::Xml => Self::Xml,
            #[cfg(feature = "cbor")]
            Encoding::Cbor | Encoding::JsonCbor => Self::Cbor,
        }
    }

    /// The notation of a message that is an object, an element or a map, and where that starts.
    fn found(message: &[u8]) -> Option<(Self, usize)> {
        let start = message
            .iter()
            .position(|byte| !byte.is_ascii_whitespace())?;
        match message.get(start)? {
            b'{' => Some((Self::Json, start)),
            b'<' => Some((Self::Xml, start)),
            // The major type of maps.
            0xa0..=0xbf if start == 0 => Some((Self::Cbor, 0)),
            _ => None,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Xml => "XML",
            Self::Cbor => "CBOR",
        }
    }

    const fn start(self) -> &'static str {
        match self {
            Self::Json => "'{'",
            Self::Xml => "'<'",
            Self::Cbor => "a map of CBOR",
        }
    }
}

/// Says that the message is in another notation, if its first fault is about the message as a whole
/// and its first byte is another's.
#[cold]
fn name_notation(faults: &mut Faults, encoding: Encoding, input: &[u8]) -> bool {
    let own = Notation::of(encoding);
    let of_message = matches!(faults.list.first(), Some(fault) if fault.path.is_root()
        && matches!(fault.kind, FaultKind::Malformed | FaultKind::WrongKind));
    let other = Notation::found(input).filter(|(found, _)| of_message && *found != own);
    if let (Some((found, start)), Some(fault)) = (other, faults.list.first_mut()) {
        fault.kind = FaultKind::Malformed;
        own.name().clone_into(&mut fault.expected);
        fault.value = Some(format!("{}: this is {}", found.start(), found.name()));
        fault.position = Some(match own {
            Notation::Cbor => Position::in_bytes(start),
            Notation::Json | Notation::Xml => Position::locate(input, start),
        });
        return true;
    }
    false
}

/// The other mapping of CBOR, if a value was of the wrong kind.
fn other_mapping(faults: &Faults, encoding: Encoding) -> Option<Encoding> {
    let mut kinds = faults.list.iter().map(|fault| fault.kind);
    match encoding {
        _ if kinds.all(|kind| kind != FaultKind::WrongKind) => None,
        #[cfg(feature = "cbor")]
        Encoding::Cbor => Some(Encoding::JsonCbor),
        #[cfg(feature = "cbor")]
        Encoding::JsonCbor => Some(Encoding::Cbor),
        _ => None,
    }
}

/// Says that the message is valid in the other mapping.
#[cold]
fn name_mapping(faults: &mut Faults, other: Encoding) {
    let media_type = other.media_type();
    let (media_type, _) = media_type.split_once(';').unwrap_or((media_type, ""));
    let mut list = faults.list.iter_mut();
    if let Some(fault) = list.find(|fault| fault.kind == FaultKind::WrongKind) {
        let found = fault.value.get_or_insert_default();
        found.push_str(": this is ");
        found.push_str(media_type);
    }
}
