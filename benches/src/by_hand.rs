//! The same message as structs for serde_json, by hand: what a careful user would write without a
//! generator. It checks kinds and numbers, but neither patterns nor keys nor references.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The message's object.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// The envelope.
    #[serde(rename = "ietf-https-notif:notification")]
    pub notification: Notification,
}

/// The envelope.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the module's own names")]
pub struct Notification {
    #[serde(rename = "eventTime")]
    pub event_time: String,
    pub interface_data: Option<InterfaceData>,
}

/// The list of interfaces.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the module's own names")]
pub struct InterfaceData {
    pub interface: Vec<Interface>,
}

/// One interface.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the module's own names")]
pub struct Interface {
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    pub r#type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    pub admin_status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oper_status: Option<Status>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_change: Option<String>,
    pub if_index: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phys_address: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub higher_layer_if: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lower_layer_if: Vec<String>,
    #[serde(
        default,
        with = "number_in_string",
        skip_serializing_if = "Option::is_none"
    )]
    pub speed: Option<u64>,
    pub statistics: Statistics,
}

/// admin-status and oper-status.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the module's own names")]
pub enum Status {
    Up,
    Down,
    Testing,
    Unknown,
    Dormant,
    NotPresent,
    LowerLayerDown,
}

/// The counters.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the module's own names")]
pub struct Statistics {
    pub discontinuity_time: String,
    #[serde(
        default,
        with = "number_in_string",
        skip_serializing_if = "Option::is_none"
    )]
    pub in_octets: Option<u64>,
    #[serde(
        default,
        with = "number_in_string",
        skip_serializing_if = "Option::is_none"
    )]
    pub in_unicast_pkts: Option<u64>,
    #[serde(
        default,
        with = "number_in_string",
        skip_serializing_if = "Option::is_none"
    )]
    pub in_broadcast_pkts: Option<u64>,
    #[serde(
        default,
        with = "number_in_string",
        skip_serializing_if = "Option::is_none"
    )]
    pub in_multicast_pkts: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_discards: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_errors: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_unknown_protos: Option<u32>,
    #[serde(
        default,
        with = "number_in_string",
        skip_serializing_if = "Option::is_none"
    )]
    pub out_octets: Option<u64>,
    #[serde(
        default,
        with = "number_in_string",
        skip_serializing_if = "Option::is_none"
    )]
    pub out_unicast_pkts: Option<u64>,
    #[serde(
        default,
        with = "number_in_string",
        skip_serializing_if = "Option::is_none"
    )]
    pub out_broadcast_pkts: Option<u64>,
    #[serde(
        default,
        with = "number_in_string",
        skip_serializing_if = "Option::is_none"
    )]
    pub out_multicast_pkts: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub out_discards: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub out_errors: Option<u32>,
}

/// RFC 7951's 64-bit integers.
mod number_in_string {
    use super::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::ref_option, reason = "serde's own signature")]
    pub(super) fn serialize<S: Serializer>(
        value: &Option<u64>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => serializer.collect_str(value),
            None => serializer.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<u64>, D::Error> {
        let text = <&str>::deserialize(deserializer)?;
        text.parse().map(Some).map_err(serde::de::Error::custom)
    }
}
