//! Why a model could not be imported, in words a person can act on.

/// A typed refusal of the importer. Nothing it reads can make it panic.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// Not the kind of file it was taken for.
    #[error("this is no {0}")]
    WrongFormat(&'static str),
    /// The right kind of file, but it ends early or contradicts itself.
    #[error("the {file} is damaged: {what}")]
    Damaged { file: &'static str, what: String },
    /// A feature of the format this importer does not read.
    #[error("the model uses {0}, which this importer does not read")]
    Unsupported(String),
    /// More than one model may cost; see [`super::Limits`].
    #[error("the model has too many {what}: the limit is {limit}")]
    TooLarge { what: &'static str, limit: u64 },
    /// A name inside an archive that leads outside of it.
    #[error("the archive contains the unsafe name {0:?}")]
    UnsafeName(String),
    /// A file the model needs is not in the archive.
    #[error("{0:?} is not in the archive")]
    Missing(String),
    /// No triangle with an area is left.
    #[error("the model has no surface")]
    Empty,
    /// Sizes a room has no place for.
    #[error("the size of {width_m:.2} x {height_m:.2} x {depth_m:.2} m is not that of furniture", width_m = .0[0], height_m = .0[1], depth_m = .0[2])]
    ImpossibleSize(Size),
    /// Less than a foot of it touches the floor, and letting it down does not help.
    #[error("the model does not stand on the floor")]
    NotStanding,
    /// Neither the catalogue's words nor a shortlist say what the piece is.
    #[error("nothing says what kind of furniture {0:?} is")]
    UnknownKind(String),
    /// The shortlist excludes it and says why.
    #[error("excluded by the shortlist: {0}")]
    Excluded(String),
    /// A line of a shortlist that cannot be followed.
    #[error("line {line} of the shortlist: {what}")]
    Shortlist { line: usize, what: String },
}

/// Width, height, depth in metres, compared bit by bit.
#[derive(Debug, Clone, Copy)]
pub struct Size(pub [f32; 3]);

impl PartialEq for Size {
    fn eq(&self, other: &Self) -> bool {
        self.0.map(f32::to_bits) == other.0.map(f32::to_bits)
    }
}

impl Eq for Size {}

impl std::ops::Index<usize> for Size {
    type Output = f32;

    fn index(&self, index: usize) -> &f32 {
        &self.0[index]
    }
}

impl ImportError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::WrongFormat(_) => "wrong_format",
            Self::Damaged { .. } => "damaged",
            Self::Unsupported(_) => "unsupported",
            Self::TooLarge { .. } => "too_large",
            Self::UnsafeName(_) => "unsafe_name",
            Self::Missing(_) => "missing_file",
            Self::Empty => "empty",
            Self::ImpossibleSize(_) => "impossible_size",
            Self::NotStanding => "not_standing",
            Self::UnknownKind(_) => "unknown_kind",
            Self::Excluded(_) => "excluded",
            Self::Shortlist { .. } => "bad_shortlist",
        }
    }

    pub(super) fn damaged(file: &'static str, what: impl Into<String>) -> Self {
        Self::Damaged {
            file,
            what: what.into(),
        }
    }
}
