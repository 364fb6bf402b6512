//! A short run of what `make fuzz` does, the same each time: valid messages of every encoding are
//! changed at random, and so are random bytes; nothing panics, and what is accepted survives every
//! encoding.
#![allow(
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "a test states what must hold, and shares its code with another crate"
)]

use notif_runtime::Encoding;
use proptest::test_runner::{RngAlgorithm, TestRng};

#[path = "../../../benches/fuzz/decoders.rs"]
mod decoders;

/// The number of messages that are tried of each seed.
const CASES: usize = 2000;

/// Bytes that mean something in an encoding.
const TOKENS: &[&[u8]] = &[
    b"{",
    b"}",
    b"[",
    b"]",
    b"\"",
    b",",
    b":",
    b"null",
    b"<",
    b">",
    b"/",
    b"=",
    b"&#",
    b"\\u",
    b"-",
    b"1e9",
    b"0",
    b" ",
    b"\n",
    b"\xc3",
    b"\x00",
    b"\x01",
    b"\x17",
    b"\x18",
    b"\x1b",
    b"\x20",
    b"\x38",
    b"\x40",
    b"\x41",
    b"\x5f",
    b"\x60",
    b"\x61",
    b"\x7f",
    b"\x80",
    b"\x81",
    b"\x9f",
    b"\xa0",
    b"\xa1",
    b"\xbf",
    b"\xc4\x82",
    b"\xd8\x2b",
    b"\xd8\x2c",
    b"\xd8\x2d",
    b"\xd8\x2e",
    b"\xd8\x2f",
    b"\xf4",
    b"\xf6",
    b"\xf7",
    b"\xf9",
    b"\xff",
];

struct Random(TestRng);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        use proptest::prelude::Rng as _;
        usize::try_from(self.0.next_u32()).unwrap_or(0) % bound.max(1)
    }

    /// Changes some bytes: other ones, others' bytes, or what means something.
    fn change(&mut self, message: &mut Vec<u8>) {
        for _ in 0..=self.below(3) {
            let at = self.below(message.len() + 1);
            let end = (at + self.below(6)).min(message.len());
            let part = match self.below(4) {
                0 => Vec::new(),
                1 => vec![self.below(256).to_le_bytes()[0]],
                2 => TOKENS[self.below(TOKENS.len())].to_vec(),
                _ => {
                    let from = self.below(message.len() + 1);
                    let to = (from + self.below(40)).min(message.len());
                    message[from..to].to_vec()
                }
            };
            message.splice(at..end, part);
        }
    }
}

#[test]
fn changed_messages() {
    let mut random = Random(TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    for encoding in Encoding::ALL {
        for seed in decoders::seeds(*encoding) {
            decoders::check(*encoding, &seed);
            for _ in 0..CASES {
                let mut message = seed.clone();
                random.change(&mut message);
                decoders::check(*encoding, &message);
            }
        }
    }
}

#[test]
fn random_bytes() {
    let mut random = Random(TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    for _ in 0..CASES {
        let mut message = Vec::new();
        for _ in 0..random.below(20) {
            random.change(&mut message);
        }
        for encoding in Encoding::ALL {
            decoders::check(*encoding, &message);
        }
    }
}
