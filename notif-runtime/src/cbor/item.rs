//! One data item of CBOR (RFC 8949), whose well-formedness was checked when it was met.

use std::borrow::Cow;

use minicbor::Decoder;
use minicbor::decode::Error;

use crate::text::{SHOWN, shortened};
use crate::value::{Scalar, Whole};

/// The initial byte of a data item that ends one of indefinite length.
const BREAK: u8 = 0xff;

/// A well-formed data item.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item<'de> {
    bytes: &'de [u8],
}

/// The reason that bytes are no data item.
#[derive(Debug)]
pub(super) enum Bad {
    /// They are not well-formed.
    Malformed(Error),
    /// They nest too deep.
    TooDeep,
}

impl From<Error> for Bad {
    fn from(error: Error) -> Self {
        Self::Malformed(error)
    }
}

/// The next byte.
pub(super) fn peek(decoder: &Decoder<'_>) -> Result<u8, Error> {
    let byte = decoder.input().get(decoder.position());
    byte.copied().ok_or_else(Error::end_of_input)
}

/// True if another item follows in an array or map, of which `left` are due; all up to a break if
/// the length is indefinite.
pub(super) fn advance(decoder: &mut Decoder<'_>, left: &mut Option<u64>) -> Result<bool, Error> {
    match left {
        Some(0) => Ok(false),
        Some(left) => {
            *left -= 1;
            Ok(true)
        }
        None if peek(decoder)? == BREAK => {
            decoder.set_position(decoder.position() + 1);
            *left = Some(0);
            Ok(false)
        }
        None => Ok(true),
    }
}

/// Steps over one item that nests at most `depth` levels.
pub(super) fn step_over(decoder: &mut Decoder<'_>, depth: usize) -> Result<(), Bad> {
    let start = decoder.position();
    let initial = peek(decoder)?;
    let inner = || depth.checked_sub(1).ok_or(Bad::TooDeep);
    match initial >> 5 {
        0 | 1 => {
            decoder.int()?;
        }
        2 => decoder.bytes_iter()?.try_for_each(|part| part.map(drop))?,
        3 => decoder.str_iter()?.try_for_each(|part| part.map(drop))?,
        4 => {
            let (depth, mut left) = (inner()?, decoder.array()?);
            while advance(decoder, &mut left)? {
                step_over(decoder, depth)?;
            }
        }
        5 => {
            let (depth, mut left) = (inner()?, decoder.map()?);
            while advance(decoder, &mut left)? {
                step_over(decoder, depth)?;
                step_over(decoder, depth)?;
            }
        }
        6 => {
            let depth = inner()?;
            decoder.tag()?;
            step_over(decoder, depth)?;
        }
        _ => step_over_simple(decoder, initial, start)?,
    }
    Ok(())
}

/// Steps over a simple value or a number of floating point (RFC 8949 section 3.3).
fn step_over_simple(decoder: &mut Decoder<'_>, initial: u8, start: usize) -> Result<(), Error> {
    let length = match initial & 0x1f {
        0..=23 => 1,
        24 => 2,
        25 => 3,
        26 => 5,
        27 => 9,
        _ => return Err(Error::message("no data item starts with this byte").at(start)),
    };
    let item = decoder.input().get(start..start + length);
    if let [0xf8, 0..=31] = item.ok_or_else(Error::end_of_input)? {
        return Err(Error::message("a simple value in too many bytes").at(start));
    }
    decoder.set_position(start + length);
    Ok(())
}

impl<'de> Item<'de> {
    /// The item at the decoder, which goes behind it.
    pub(super) fn read(decoder: &mut Decoder<'de>, depth: usize) -> Result<Self, Bad> {
        let start = decoder.position();
        step_over(decoder, depth)?;
        let bytes = decoder.input().get(start..decoder.position());
        Ok(Self {
            bytes: bytes.unwrap_or_default(),
        })
    }

    /// The item that these bytes are.
    pub(super) const fn new(bytes: &'de [u8]) -> Self {
        Self { bytes }
    }

    pub(super) const fn bytes(self) -> &'de [u8] {
        self.bytes
    }

    fn decoder(self) -> Decoder<'de> {
        Decoder::new(self.bytes)
    }

    /// The integer that it is.
    pub(super) fn integer(self) -> Option<i128> {
        self.decoder().int().ok().map(i128::from)
    }

    /// The same as a scalar.
    pub(super) fn whole(self) -> Option<Scalar<'de>> {
        self.integer().and_then(Whole::new).map(Scalar::Integer)
    }

    /// The SID that it can be.
    pub(super) fn unsigned(self) -> Option<u64> {
        self.decoder().u64().ok()
    }

    /// The text string that it is.
    pub(super) fn text(self) -> Option<Cow<'de, str>> {
        if let Ok(text) = self.decoder().str() {
            return Some(Cow::Borrowed(text));
        }
        let mut decoder = self.decoder();
        let parts = decoder.str_iter().ok()?.collect::<Result<String, _>>();
        parts.ok().map(Cow::Owned)
    }

    /// The byte string that it is.
    pub(super) fn octets(self) -> Option<Cow<'de, [u8]>> {
        if let Ok(octets) = self.decoder().bytes() {
            return Some(Cow::Borrowed(octets));
        }
        let mut decoder = self.decoder();
        let parts = decoder.bytes_iter().ok()?.collect::<Result<Vec<_>, _>>();
        parts.ok().map(|parts| Cow::Owned(parts.concat()))
    }

    /// The number of floating point that it is; of the shortest kind there is no use.
    pub(super) fn float(self) -> Option<f64> {
        self.decoder().f64().ok()
    }

    /// true or false.
    pub(super) fn boolean(self) -> Option<bool> {
        self.decoder().bool().ok()
    }

    /// True for null.
    pub(super) fn is_null(self) -> bool {
        self.decoder().null().is_ok()
    }

    /// The item in this tag, if it is one.
    pub(super) fn tagged(self, tag: u64) -> Option<Self> {
        let mut decoder = self.decoder();
        let found = decoder.tag().ok()?;
        let bytes = self.bytes.get(decoder.position()..)?;
        (found.as_u64() == tag).then_some(Self { bytes })
    }

    /// The elements of the array that it is.
    pub(super) fn elements(self) -> Option<impl Iterator<Item = Self>> {
        let mut decoder = self.decoder();
        let mut left = decoder.array().ok()?;
        Some(std::iter::from_fn(move || {
            // The depth of the whole was checked.
            let more = advance(&mut decoder, &mut left).unwrap_or(false);
            more.then(|| Self::read(&mut decoder, usize::MAX).ok())?
        }))
    }

    /// The kind of the item, for a message.
    pub(super) fn kind(self) -> &'static str {
        kind(self.bytes.first().copied().unwrap_or(BREAK))
    }

    /// The item as a fault shows it.
    pub(super) fn shown(self) -> String {
        if let Some(value) = self.integer() {
            return value.to_string();
        }
        if let Some(text) = self.text() {
            return format!("\"{}\"", shortened(&text, SHOWN));
        }
        match (self.boolean(), self.decoder().tag()) {
            (Some(value), _) => value.to_string(),
            (None, Ok(tag)) => format!("tag {}", tag.as_u64()),
            _ => self.kind().to_owned(),
        }
    }
}

/// The kind of an item that starts with this byte, for a message.
pub(super) const fn kind(initial: u8) -> &'static str {
    match initial >> 5 {
        0 | 1 => "an integer",
        2 => "a byte string",
        3 => "a text string",
        4 => "an array",
        5 => "a map",
        6 => "a tag",
        _ => match initial {
            0xf4 | 0xf5 => "a boolean",
            0xf6 => "null",
            0xf7 => "undefined",
            0xf9..=0xfb => "a number of floating point",
            _ => "a simple value",
        },
    }
}
