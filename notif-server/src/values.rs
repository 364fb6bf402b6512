//! Leaf values in JSON and as text.

use notif_runtime::tree::Value;

/// A leaf's value in the JSON form of RFC 7951.
pub(crate) fn json_value(value: Value<'_>) -> serde_json::Value {
    if value == Value::Empty {
        return serde_json::json!([null]);
    }
    let text = value.to_text();
    if value.is_json_string() {
        return text.as_str().into();
    }
    serde_json::from_str(&text).unwrap_or_else(|_| text.as_str().into())
}
