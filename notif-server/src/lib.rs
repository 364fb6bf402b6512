//! A receiver of YANG notifications over HTTPS.
#![forbid(unsafe_code)]

pub mod config;
