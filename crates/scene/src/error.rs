//! Why a photo could not be staged, in words a person can act on.

/// A typed refusal or failure of the engine.
///
/// `code()` is stable and appears in the API (`error.code`) and in `--json` output.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum StageError {
    /// The bytes are no picture this engine reads, or they are damaged.
    #[error("the file could not be read as a picture: {0}")]
    Decode(String),
    /// More pixels than the limit allows.
    #[error(
        "the picture is too large: {width} x {height} pixels, the limit is {limit_megapixels} megapixels"
    )]
    TooLarge {
        width: u32,
        height: u32,
        limit_megapixels: u32,
    },
    /// Too few pixels to measure anything.
    #[error(
        "the picture is too small: {width} x {height} pixels, at least {minimum} on the long side are needed"
    )]
    TooSmall { width: u32, height: u32, minimum: u32 },
    /// The lines of the picture do not form a room.
    #[error("this does not look like a photo of a room: {0}")]
    NotARoom(String),
    /// A room, but hardly any floor to put furniture on: out of view, or full of things already.
    #[error("no free floor is visible to put furniture on")]
    NoFloorVisible,
    /// A room was found but not surely enough to furnish it unseen.
    #[error("the room's corners could not be found with certainty (confidence {confidence:.2})")]
    NeedsCorners { confidence: f32 },
    /// The caller asked to stop.
    #[error("canceled")]
    Canceled,
    /// A defect of ours; the text is for the log.
    #[error("the engine failed: {0}")]
    Internal(String),
}

impl StageError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Decode(_) | Self::TooLarge { .. } | Self::TooSmall { .. } => "decode_failed",
            Self::NotARoom(_) => "not_a_room",
            Self::NoFloorVisible => "no_floor_visible",
            Self::NeedsCorners { .. } => "needs_corners",
            Self::Canceled => "canceled",
            Self::Internal(_) => "engine_failed",
        }
    }
}
