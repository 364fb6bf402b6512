#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| fuzz::decoders::check(notif_runtime::Encoding::JsonCbor, input));
