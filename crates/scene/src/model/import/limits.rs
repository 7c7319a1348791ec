//! What one import may cost.

/// Bounds on files from strangers, checked before memory is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Entries of an archive.
    pub entries: u64,
    /// All entries of an archive together, unpacked.
    pub archive_bytes: u64,
    /// One unpacked entry.
    pub entry_bytes: u64,
    pub vertices: u64,
    pub triangles: u64,
    pub materials: u64,
    /// Pixels of all textures of a model together, as stored in the file.
    pub texture_pixels: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            entries: 20_000,
            archive_bytes: 1 << 30,
            entry_bytes: 64 << 20,
            vertices: 1_000_000,
            triangles: 600_000,
            materials: 256,
            texture_pixels: 64_000_000,
        }
    }
}

impl Limits {
    pub(super) fn check(value: u64, limit: u64, what: &'static str) -> Result<(), super::ImportError> {
        if value > limit {
            return Err(super::ImportError::TooLarge { what, limit });
        }
        Ok(())
    }
}
