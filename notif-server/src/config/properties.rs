//! Properties of librdkafka in the configuration.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, Deserializer};
use serde::{Deserialize, Serialize, Serializer};

use super::key::join;
use super::value::HIDDEN;

/// Properties of librdkafka: dotted names in quotes, or tables. Secrets among them are not shown.
#[derive(Clone, Default, PartialEq)]
pub struct Properties(pub BTreeMap<String, String>);

/// The endings of the names of secret properties.
const SECRET: [&str; 5] = ["password", "secret", "passphrase", "key.pem", "jaas.config"];

impl Properties {
    /// The properties, with secrets hidden.
    fn shown(&self) -> impl Iterator<Item = (&String, &str)> {
        self.0.iter().map(|(name, value)| {
            let secret = SECRET.iter().any(|end| name.ends_with(end));
            (name, if secret { HIDDEN } else { value })
        })
    }
}

impl fmt::Debug for Properties {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.shown()).finish()
    }
}

impl Serialize for Properties {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.shown())
    }
}

impl<'de> Deserialize<'de> for Properties {
    /// Reads `"security.protocol" = "ssl"` and, without the quotes, the tables that TOML makes of
    /// it.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let tree = serde_json::Map::deserialize(deserializer)?;
        let mut properties = BTreeMap::new();
        flatten(&tree, "", &mut properties).map_err(de::Error::custom)?;
        Ok(Self(properties))
    }
}

fn flatten(
    tree: &serde_json::Map<String, serde_json::Value>,
    above: &str,
    properties: &mut BTreeMap<String, String>,
) -> Result<(), String> {
    use serde_json::Value;
    for (name, value) in tree {
        let name = join(above, name);
        let text = match value {
            Value::Object(tree) => {
                flatten(tree, &name, properties)?;
                continue;
            }
            Value::String(text) => text.clone(),
            Value::Number(_) | Value::Bool(_) => value.to_string(),
            Value::Array(_) | Value::Null => {
                return Err(format!("{name}: expected a string, a number or a boolean"));
            }
        };
        properties.insert(name, text);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_are_taken_with_and_without_quotes() {
        let text = "'a.b' = 'x'\na.c = 1\n[a.d]\ne = true";
        let properties: Properties = toml::from_str(text).unwrap();
        let expected = [("a.b", "x"), ("a.c", "1"), ("a.d.e", "true")];
        assert!(
            properties
                .0
                .iter()
                .map(|(k, v)| (k.as_str(), v.as_str()))
                .eq(expected)
        );
        assert!(toml::from_str::<Properties>("a = [1]").is_err());
    }
}
