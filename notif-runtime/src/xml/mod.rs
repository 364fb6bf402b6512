//! XML as RFC 7950 maps YANG to it, in the envelope of RFC 5277.

mod reader;

pub use reader::XmlReader;
