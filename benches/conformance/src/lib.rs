//! Documents with the verdict that is right for them, run through generated decoders.
//!
//! [`harness`] reads vectors, generates every schema set, and compiles all into one program, which
//! it then asks; [`runner`] is what that program does. They talk in lines of JSON, so a decoder that
//! takes its process down takes nothing else with it.
#![forbid(unsafe_code)]

#[cfg(feature = "harness")]
pub mod harness;
pub mod runner;
