//! Writing data in an encoding that is known only when the program runs.

#[cfg(feature = "cbor")]
use crate::cbor;
use crate::encoding::Encoding;
#[cfg(feature = "xml")]
use crate::xml;
use crate::{json, tree};

impl Encoding {
    /// A message in this encoding; CBOR has the names of nodes rather than SIDs.
    ///
    /// ```
    /// use notif_runtime::Encoding;
    /// use notif_runtime::restconf::Errors;
    ///
    /// let json = Encoding::Json.encode(&Errors::new());
    /// assert_eq!(json, br#"{"ietf-restconf:errors":{}}"#);
    /// ```
    #[must_use]
    pub fn encode(self, root: &dyn tree::Node) -> Vec<u8> {
        match self {
            Self::Json => json::to_string(root).into_bytes(),
            #[cfg(feature = "xml")]
            Self::Xml => xml::to_string(root).into_bytes(),
            #[cfg(feature = "cbor")]
            Self::Cbor => cbor::to_vec(root, cbor::Mapping::Yang),
            #[cfg(feature = "cbor")]
            Self::JsonCbor => cbor::to_vec(root, cbor::Mapping::Json),
        }
    }
}
