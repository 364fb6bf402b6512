//! Conditions on notifications.

use jiff::Timestamp;
use rusqlite::types::Value;

/// Conditions on notifications; all of them must hold. The default selects all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Received at this time or later.
    pub since: Option<Timestamp>,
    /// Received before this time.
    pub until: Option<Timestamp>,
    /// From this publisher.
    pub publisher: Option<String>,
    /// With this name: `module:name`, or the name alone.
    pub name: Option<String>,
}

impl Filter {
    /// The filter without the condition on the name.
    pub(crate) fn nameless(&self) -> Self {
        Self {
            name: None,
            ..self.clone()
        }
    }

    /// The conditions in SQL, with their values.
    pub(crate) fn sql(&self, after: u64) -> (String, Vec<Value>) {
        let mut conditions = vec!["seq > ?"];
        let mut values = vec![Value::from(i64::try_from(after).unwrap_or(i64::MAX))];
        let mut add = |condition, value: Option<Value>| {
            if let Some(value) = value {
                conditions.push(condition);
                values.push(value);
            }
        };
        let time = |time: Timestamp| Value::from(time.as_microsecond());
        add("received >= ?", self.since.map(time));
        add("received < ?", self.until.map(time));
        add("publisher = ?", self.publisher.clone().map(Value::from));
        let name = self.name.clone().map(Value::from);
        if self.name.as_deref().is_some_and(|name| name.contains(':')) {
            add("name = ?", name);
        } else {
            add("substr(name, instr(name, ':') + 1) = ?", name);
        }
        (conditions.join(" AND "), values)
    }
}
