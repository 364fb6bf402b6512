//! Loads the settings from file, environment and flags. Each is checked by itself and replaces its
//! default, so that every error is reported, with the source of its setting.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use notif_runtime::fault::Position;
use serde_json::{Map, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::bounds;
use super::error::{ConfigError, ConfigErrors};
use super::key::join;
use super::origin::Origin;
use super::settings::Config;
use super::value::HIDDEN;

/// The prefix of the server's environment variables.
const ENV_PREFIX: &str = "NOTIF_";

/// The variable that names the configuration file, as `--config` does.
const ENV_FILE: &str = "NOTIF_CONFIG";

/// A value given by the user.
#[derive(Debug, Clone)]
pub struct Setting {
    /// The key with its table: `limits.max-body`.
    key: String,
    /// The values that it can be read as.
    readings: Vec<Value>,
    origin: Origin,
}

impl Setting {
    /// A value from an untyped source: the text, and the value that TOML reads from it.
    fn text(key: String, text: &str, origin: Origin) -> Self {
        let mut readings = vec![Value::from(text)];
        readings.extend(
            DeValue::parse(text)
                .ok()
                .map(|value| to_json(value.get_ref())),
        );
        Self {
            key,
            readings,
            origin,
        }
    }

    /// The value of a flag.
    #[must_use]
    pub fn flag(key: &str, flag: &str, text: &str) -> Self {
        Self::text(key.to_owned(), text, Origin::Flag(flag.to_owned()))
    }
}

/// The configuration in effect.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The values.
    pub config: Config,
    /// The source of each key that is not a default.
    pub origins: BTreeMap<String, Origin>,
}

/// The variables of the process's environment.
pub fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().map(|(name, value)| {
        let text = |text: std::ffi::OsString| text.to_string_lossy().into_owned();
        (text(name), text(value))
    })
}

/// Loads the configuration: `file`, or the one that the environment names, then the environment,
/// then flags. All commands load it this way; those that use all of it call [`Loaded::consistent`].
///
/// # Errors
/// All faults, not only the first.
pub fn load(
    file: Option<&Path>,
    environment: impl IntoIterator<Item = (String, String)>,
    flags: Vec<Setting>,
) -> Result<Loaded, ConfigErrors> {
    let defaults = tree(&Config::default());
    let mut variables: BTreeMap<_, _> = environment
        .into_iter()
        .filter(|(name, _)| name.starts_with(ENV_PREFIX))
        .collect();
    let from_env = variables.remove(ENV_FILE).map(PathBuf::from);
    let mut errors = Vec::new();
    let mut settings = match file.or(from_env.as_deref()) {
        Some(path) => read_file(path, &defaults).unwrap_or_else(|error| {
            errors.push(error);
            Vec::new()
        }),
        None => Vec::new(),
    };
    settings.extend(variables.into_iter().map(|(name, text)| {
        let key = key_of_variable(&name);
        Setting::text(key, &text, Origin::Environment(name))
    }));
    settings.extend(flags);
    lay_over(&defaults, settings, errors)
}

/// Checks each setting, and replaces the defaults by the valid ones.
fn lay_over(
    defaults: &Value,
    settings: Vec<Setting>,
    mut errors: Vec<ConfigError>,
) -> Result<Loaded, ConfigErrors> {
    let mut effective = defaults.clone();
    let mut origins = BTreeMap::new();
    for setting in settings {
        match check(defaults, &setting) {
            Ok((names, value)) => {
                put(&mut effective, &names, value);
                origins.insert(setting.key, setting.origin);
            }
            Err(error) => errors.push(error),
        }
    }
    match serde_json::from_value::<Config>(effective) {
        Ok(mut config) if errors.is_empty() => {
            // Rejected notifications are a part of the journal, however small that is.
            let journal = &mut config.journal;
            if !origins.contains_key("journal.max-rejected") {
                journal.max_rejected = journal.max_rejected.min(journal.max_size);
            }
            return Ok(Loaded { config, origins });
        }
        Ok(_) => {}
        Err(error) => errors.push(ConfigError::Contradiction(error.to_string())),
    }
    Err(ConfigErrors(errors))
}

/// The names on the way to the setting's key, and the reading of its value that fits the key.
fn check<'s>(defaults: &Value, setting: &'s Setting) -> Result<(Vec<&'s str>, Value), ConfigError> {
    let Some((names, default)) = place(defaults, &setting.key) else {
        return Err(unknown(defaults, setting));
    };
    let mut problem = String::new();
    for reading in &setting.readings {
        let fits = match default {
            // The keys in other tables are settings of their own.
            Value::Object(members) => reading.is_object() && members.is_empty(),
            _ => true,
        };
        if !fits {
            "expected a table".clone_into(&mut problem);
            continue;
        }
        match serde_json::from_value::<Config>(nest(&names, reading.clone())) {
            Ok(_) => match bounds::expected(&setting.key, reading) {
                None => return Ok((names, reading.clone())),
                Some(expected) => problem = expected,
            },
            Err(_) if default.is_array() && !reading.is_array() => {
                r#"expected a list such as ["a", "b"]"#.clone_into(&mut problem);
            }
            // All numbers of the configuration are whole and not zero.
            Err(_) if default.is_number() => {
                "expected a whole number over 0".clone_into(&mut problem);
            }
            Err(error) => problem = error.to_string(),
        }
    }
    Err(ConfigError::Value {
        key: setting.key.clone(),
        value: shown(setting, &names, default),
        origin: setting.origin.clone(),
        problem: match problem.split_once("expected ") {
            Some((_, expected)) => format!("expected {expected}"),
            None => problem,
        },
    })
}

/// The value as given, if it is safe to show: in place of a table it may be a secret.
fn shown(setting: &Setting, names: &[&str], default: &Value) -> String {
    let probe = serde_json::from_value::<Config>(nest(names, "x".into()));
    let is_hidden = |config| find(&tree(&config), names).is_some_and(|text| text == HIDDEN);
    match setting.readings.first() {
        Some(_) if probe.is_ok_and(is_hidden) => HIDDEN.to_owned(),
        Some(Value::Object(_) | Value::Array(_) | Value::String(_)) if default.is_object() => {
            "...".to_owned()
        }
        given => given.map(ToString::to_string).unwrap_or_default(),
    }
}

/// The error for an unknown key, with the most similar known one, written as the user would.
fn unknown(defaults: &Value, setting: &Setting) -> ConfigError {
    let mut known = Vec::new();
    list_keys(defaults, "", &mut known);
    let nearest = nearest(&setting.key, &known);
    let (name, nearest) = match &setting.origin {
        Origin::Environment(name) => (name.clone(), nearest.map(variable_of_key)),
        _ => (setting.key.clone(), nearest.map(str::to_owned)),
    };
    ConfigError::UnknownKey {
        name,
        origin: setting.origin.clone(),
        nearest,
    }
}

/// The known key that a user most likely meant, by the whole key or by its last part.
fn nearest<'a>(key: &str, known: &'a [String]) -> Option<&'a str> {
    let last = |key: &str| key.rsplit('.').next().unwrap_or_default().to_owned();
    let distance = |candidate: &str| {
        let whole = strsim::damerau_levenshtein(key, candidate);
        let part = strsim::damerau_levenshtein(&last(key), &last(candidate)) + 1;
        whole.min(part)
    };
    known
        .iter()
        .map(|candidate| (distance(candidate), candidate))
        .min()
        .filter(|(distance, candidate)| distance * 3 <= candidate.len().max(key.len()))
        .map(|(_, candidate)| candidate.as_str())
}

/// The file's settings, each with its line.
fn read_file(path: &Path, defaults: &Value) -> Result<Vec<Setting>, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|e| ConfigError::unreadable(path, e))?;
    let line_of = |at| Position::locate(text.as_bytes(), at).line;
    let table = DeTable::parse(&text).map_err(|error| ConfigError::Syntax {
        // Leaves out the line's text, which may hold a secret.
        origin: Origin::File(
            path.to_owned(),
            line_of(error.span().map_or(0, |at| at.start)),
        ),
        message: error.message().to_owned(),
    })?;
    let mut settings = Vec::new();
    collect(table.get_ref(), "", defaults, &mut |key, span, value| {
        let origin = Origin::File(path.to_owned(), line_of(span));
        let readings = vec![value];
        settings.push((
            span,
            Setting {
                key,
                readings,
                origin,
            },
        ));
    });
    settings.sort_by_key(|(span, _)| *span);
    Ok(settings.into_iter().map(|(_, setting)| setting).collect())
}

/// Descends into the tables that the defaults have; collects every other key with its offset.
fn collect(
    table: &DeTable<'_>,
    above: &str,
    defaults: &Value,
    give: &mut impl FnMut(String, usize, Value),
) {
    for (name, value) in table {
        let key = join(above, name.get_ref());
        match (value.get_ref(), place(defaults, &key)) {
            (DeValue::Table(inner), Some((_, Value::Object(members)))) if !members.is_empty() => {
                collect(inner, &key, defaults, give);
            }
            (other, _) => give(key, name.span().start, to_json(other)),
        }
    }
}

/// A TOML value as JSON; kinds that JSON lacks become text.
fn to_json(value: &DeValue<'_>) -> Value {
    let inner = |value: &Spanned<DeValue<'_>>| to_json(value.get_ref());
    match value {
        DeValue::String(text) => Value::from(text.as_ref()),
        DeValue::Boolean(truth) => Value::from(*truth),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or_else(|_| Value::from(number.as_str()), Value::from),
        DeValue::Float(number) => number
            .as_str()
            .parse::<f64>()
            .map_or_else(|_| Value::from(number.as_str()), Value::from),
        DeValue::Datetime(time) => Value::from(time.to_string()),
        DeValue::Array(values) => values.iter().map(inner).collect(),
        DeValue::Table(table) => table
            .iter()
            .map(|(name, value)| (name.get_ref().to_string(), inner(value)))
            .collect::<Map<_, _>>()
            .into(),
    }
}

/// The configuration as a tree, with the names of the file.
pub(super) fn tree(config: &Config) -> Value {
    serde_json::to_value(config).unwrap_or_default()
}

/// The key of a variable: `NOTIF_LIMITS__MAX_BODY` is `limits.max-body`.
fn key_of_variable(name: &str) -> String {
    name.strip_prefix(ENV_PREFIX)
        .unwrap_or(name)
        .to_ascii_lowercase()
        .replace("__", ".")
        .replace('_', "-")
}

/// The variable of a key.
#[must_use]
pub(crate) fn variable_of_key(key: &str) -> String {
    let name = key.to_ascii_uppercase().replace('-', "_");
    format!("{ENV_PREFIX}{}", name.replace('.', "__"))
}

/// The default of a key as a user would write it; empty if there is none.
#[must_use]
pub(crate) fn default_of_key(key: &str) -> String {
    let names: Vec<_> = key.split('.').collect();
    match find(&tree(&Config::default()), &names) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null) | None => String::new(),
        Some(other) => other.to_string(),
    }
}

/// The names on the way to a key, and its default; none if there is no such key. In a table that is
/// empty by default the user chooses the names, which may contain dots and have no default.
fn place<'d, 'k>(defaults: &'d Value, key: &'k str) -> Option<(Vec<&'k str>, &'d Value)> {
    let (mut names, mut at, mut rest) = (Vec::new(), defaults, Some(key));
    while let Some(key) = rest {
        if at.as_object().is_some_and(Map::is_empty) {
            names.push(key);
            return Some((names, &Value::Null));
        }
        let (name, behind) = match key.split_once('.') {
            Some((name, behind)) => (name, Some(behind)),
            None => (key, None),
        };
        at = at.get(name)?;
        names.push(name);
        rest = behind;
    }
    Some((names, at))
}

fn find<'a>(tree: &'a Value, names: &[&str]) -> Option<&'a Value> {
    names.iter().try_fold(tree, |at, name| at.get(name))
}

fn put(tree: &mut Value, names: &[&str], value: Value) {
    match names {
        [] => *tree = value,
        [name, below @ ..] => {
            if let Value::Object(members) = tree {
                put(members.entry(*name).or_insert(Value::Null), below, value);
            }
        }
    }
}

/// A tree with this key alone.
fn nest(names: &[&str], value: Value) -> Value {
    names.iter().rev().fold(value, |inner, name| {
        Value::Object(Map::from_iter([((*name).to_owned(), inner)]))
    })
}

fn list_keys(tree: &Value, above: &str, keys: &mut Vec<String>) {
    for (name, value) in tree.as_object().into_iter().flatten() {
        let key = join(above, name);
        list_keys(value, &key, keys);
        keys.push(key);
    }
}

#[cfg(test)]
#[path = "load_tests.rs"]
mod tests;
