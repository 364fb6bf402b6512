//! Bodies as the journal keeps them: zstd frames.
//!
//! Measured on the seed's messages (`cargo bench -p benches --bench journal`): zstd at level 1
//! makes them about 8 times smaller, lz4 4 times, and at some 300 MB/s of input neither takes
//! a tenth of what TLS and decoding take.

use std::cell::RefCell;
use std::io;

use zstd::bulk::{Compressor, Decompressor};

/// Higher levels gain a few percent for twice the time.
const LEVEL: i32 = 1;

thread_local! {
    /// Contexts are costly to make: each worker keeps its own.
    static COMPRESSOR: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
}

pub(super) fn compress(body: &[u8]) -> io::Result<Vec<u8>> {
    COMPRESSOR.with_borrow_mut(|slot| {
        let compressor = match slot {
            Some(compressor) => compressor,
            None => slot.insert(Compressor::new(LEVEL)?),
        };
        compressor.compress(body)
    })
}

/// The body of `size` bytes in a frame.
pub(super) fn decompress(frame: &[u8], size: usize) -> io::Result<Vec<u8>> {
    let body = Decompressor::new()?.decompress(frame, size)?;
    if body.len() == size {
        Ok(body)
    } else {
        let problem = format!("{} bytes instead of {size}", body.len());
        Err(io::Error::new(io::ErrorKind::InvalidData, problem))
    }
}
