//! `check-config`: the configuration in effect as TOML, with the source of each value.

use std::fmt;

use serde_json::Value;

use super::key::join;
use super::load::{Loaded, tree};

impl fmt::Display for Loaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.show_table(&tree(&self.config), "", f)
    }
}

impl Loaded {
    /// The table's values, then the tables in it.
    fn show_table(&self, table: &Value, above: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let members = || table.as_object().into_iter().flatten();
        for (name, value) in members().filter(|(_, value)| !value.is_object()) {
            // A table whose names the user chooses may come from one source.
            let origin = self.origins.get(&join(above, name));
            let origin = match origin.or_else(|| self.origins.get(above)) {
                Some(origin) => origin.to_string(),
                None => "default".to_owned(),
            };
            match toml::Value::try_from(value) {
                Ok(shown) => writeln!(f, "{name} = {shown}  # {origin}")?,
                Err(_) => writeln!(f, "# {name} is not set")?,
            }
        }
        for (name, value) in members().filter(|(_, value)| value.is_object()) {
            let key = join(above, name);
            writeln!(f, "\n[{key}]")?;
            self.show_table(value, &key, f)?;
        }
        Ok(())
    }
}
