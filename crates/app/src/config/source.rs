//! Where settings come from.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use vitrine_platform::admin::settings::{InstanceSetting, SettingOrigin};

use super::keys;

/// One line that says which setting is wrong and what it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError(String);

impl ConfigError {
    pub(super) fn missing(key: &str, when: &str) -> Self {
        Self(format!("configuration: {key} is required {when}"))
    }
}

impl std::fmt::Display for ConfigError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ConfigError {}

/// The settings that were given, by environment name.
#[derive(Debug, Default)]
pub struct Sources {
    values: BTreeMap<&'static str, String>,
    /// Where a value came from, when not from the environment.
    origins: BTreeMap<&'static str, String>,
}

/// Names that belong to our tests and scripts, not to the server.
const NOT_SETTINGS: [&str; 2] = ["VITRINE_TEST_", "VITRINE_REQUIRE_POSTGRES"];

impl Sources {
    /// Reads the process environment and the file (`./vitrine.toml` unless another is named).
    pub fn load(file: Option<PathBuf>) -> Result<Self, ConfigError> {
        let mut sources = Self::default();
        let named = file.is_some();
        let path = file.unwrap_or_else(|| PathBuf::from("vitrine.toml"));
        match std::fs::read_to_string(&path) {
            Ok(text) => sources.add_file(&path, &text)?,
            Err(error) if named || error.kind() != std::io::ErrorKind::NotFound => {
                return Err(ConfigError(format!(
                    "configuration: cannot read {}: {error}",
                    path.display()
                )));
            }
            Err(_) => {}
        }
        sources.add_environment(std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.to_string_lossy().into_owned()))
        }))?;
        Ok(sources)
    }

    /// Adds environment variables; they win over what is there.
    pub fn add_environment(
        &mut self,
        variables: impl Iterator<Item = (String, String)>,
    ) -> Result<(), ConfigError> {
        for (name, value) in variables {
            let ours =
                name.starts_with("VITRINE_") && !NOT_SETTINGS.iter().any(|prefix| name.starts_with(prefix));
            if !ours {
                continue;
            }
            let key = keys::find(&name).ok_or_else(|| {
                ConfigError(format!("configuration: {name} is not a setting of this version"))
            })?;
            self.values.insert(key.name, value);
            self.origins.remove(key.name);
        }
        Ok(())
    }

    /// Adds a file's settings.
    pub fn add_file(&mut self, path: &Path, text: &str) -> Result<(), ConfigError> {
        let shown = path.display();
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
            let line = error.message().replace('\n', " ");
            ConfigError(format!("configuration: {shown} is not valid TOML: {line}"))
        })?;
        for (name, value) in table {
            let key = keys::find(&format!("VITRINE_{}", name.to_uppercase())).ok_or_else(|| {
                ConfigError(format!(
                    "configuration: {name} in {shown} is not a setting of this version"
                ))
            })?;
            let text = match value {
                toml::Value::String(text) => text,
                toml::Value::Integer(number) => number.to_string(),
                toml::Value::Boolean(flag) => flag.to_string(),
                toml::Value::Array(words) if words.iter().all(toml::Value::is_str) => words
                    .iter()
                    .filter_map(toml::Value::as_str)
                    .collect::<Vec<_>>()
                    .join(","),
                _ => {
                    return Err(ConfigError(format!(
                        "configuration: {name} in {shown} must be text, a number or a list of texts"
                    )));
                }
            };
            self.values.insert(key.name, text);
            self.origins.insert(key.name, format!("{name} in {shown}"));
        }
        Ok(())
    }

    /// The value given; an empty one counts as not given.
    pub fn optional(&self, key: &'static str) -> Option<String> {
        self.values
            .get(key)
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty())
    }

    /// The value given, or the default.
    pub fn text(&self, key: &'static str) -> String {
        self.optional(key)
            .or_else(|| keys::find(key).and_then(|key| key.default).map(str::to_owned))
            .unwrap_or_default()
    }

    /// Every setting as operators may see it.
    pub fn shown(&self) -> Vec<InstanceSetting> {
        let shown = |key: &keys::Key| {
            let given = self.optional(key.name);
            let is_set = given.is_some();
            InstanceSetting {
                name: key.name,
                description: key.words,
                value: given
                    .or_else(|| key.default.map(str::to_owned))
                    .filter(|value| !key.is_hidden && !value.is_empty()),
                is_set,
                is_hidden: key.is_hidden,
                has_effect: key.has_effect,
                origin: match self.origins.contains_key(key.name) {
                    _ if !is_set => SettingOrigin::Default,
                    true => SettingOrigin::File,
                    false => SettingOrigin::Environment,
                },
            }
        };
        keys::KEYS.iter().map(shown).collect()
    }

    /// A list separated by commas.
    pub fn words(&self, key: &'static str) -> impl Iterator<Item = String> {
        let text = self.text(key);
        text.split(',')
            .map(|word| word.trim().to_owned())
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .into_iter()
    }

    pub fn parse<T: std::str::FromStr>(&self, key: &'static str, expected: &str) -> Result<T, ConfigError> {
        let text = self.text(key);
        text.parse().map_err(|_| self.malformed(key, &text, expected))
    }

    pub(super) fn malformed(&self, key: &'static str, value: &str, expected: &str) -> ConfigError {
        let name = self.origins.get(key).map_or(key, String::as_str);
        ConfigError(format!(
            "configuration: {name} is {value:?}; it must be {expected}"
        ))
    }
}
