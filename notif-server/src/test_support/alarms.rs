//! A notification that uses most of YANG, of a module other than the server's own, for tests.

use fixtures::alarms as generated;
use jiff::Timestamp;
use notif_runtime::registry::Registry;
use notif_runtime::{Encoding, Options};
use uuid::Uuid;

use crate::notification::{Entry, Envelope, Record, Stored};
use crate::sink::Item;

/// The notification in JSON, as the server writes it.
pub(crate) const JSON: &str = concat!(
    r#"{"alarms:alarm":{"eventTime":"2026-01-01T00:00:00Z","severity":11,"clear":[null],"slot":3,"#,
    r#""port":1,"cause":"alarms:fire","level":"0.25","exact":"1.123456789012345678","flags":"a c","#,
    r#""raw":"YQ==","count":"18446744073709551615","code":"AB","part-name":"p","#,
    r#""extra":{"alarms:x":"1"},"part":[{"name":"p","serial":"1"},{"name":"q"}],"label":["l","m"],"#,
    r#""event":[{"text":"t","number":1},{"word":"w"}]}}"#
);

/// The module.
pub(crate) fn registry() -> Registry {
    Registry::new(&generated::SCHEMA)
}

/// The notification as it came in.
pub(crate) fn item(encoding: Encoding) -> Item {
    let registry = registry();
    let data = registry.decode(Encoding::Json, JSON.as_bytes(), &Options::default());
    let data = data.unwrap();
    let entry = Entry {
        received: Timestamp::UNIX_EPOCH,
        event_time: None,
        publisher: "192.0.2.1".to_owned(),
        encoding,
        name: data.name().to_owned(),
        body: encoding.encode(data.root()),
        reading: None,
        envelope: Envelope::default(),
    };
    let stored = Stored {
        seq: 1,
        id: Uuid::nil(),
    };
    Item::decode(Record { stored, entry }, &registry)
}
