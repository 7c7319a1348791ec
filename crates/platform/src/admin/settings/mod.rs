//! How this instance is set up, as far as operators may see it.
//!
//! The process is told its settings at the start (environment, file); nothing here changes them. What surprises people:
//! the value of a secret never comes this far, only that there is one.

pub mod routes;

use std::sync::Arc;

use serde::Serialize;

/// Where a setting's value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SettingOrigin {
    /// Nobody set it.
    Default,
    Environment,
    File,
}

/// A setting of the instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct InstanceSetting {
    /// Name in the environment.
    pub name: &'static str,
    /// What it does, in one or two sentences.
    pub description: &'static str,
    /// Null for a hidden one, and when there is neither a value nor a default.
    pub value: Option<String>,
    /// Somebody set it.
    pub is_set: bool,
    /// Its value is a secret and shown to nobody.
    pub is_hidden: bool,
    /// This version reads it.
    pub has_effect: bool,
    pub origin: SettingOrigin,
}

/// Every setting; put into the context's extensions at assembly.
#[derive(Debug, Clone, Default)]
pub struct InstanceSettings(pub Arc<Vec<InstanceSetting>>);
