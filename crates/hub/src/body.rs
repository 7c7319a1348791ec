//! Reading fields of request bodies.

use serde::{Deserialize, Deserializer};

/// A field that may be absent; a null is one more value, where there is one.
pub fn sent<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}
