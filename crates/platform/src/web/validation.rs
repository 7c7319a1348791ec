//! Collecting every bad field of a request before refusing it.

use std::borrow::Cow;

use vitrine_kernel::{Error, FieldError};

/// Bad fields so far:
///
/// ```
/// use vitrine_platform::web::Fields;
/// let mut fields = Fields::new();
/// fields.check(false, "name", "too_long", "At most 100 characters.");
/// assert!(fields.finish().is_err());
/// ```
#[derive(Debug, Default)]
pub struct Fields(Vec<FieldError>);

impl Fields {
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes a complaint unless the claim holds.
    pub fn check(
        &mut self,
        holds: bool,
        field: impl Into<String>,
        code: &'static str,
        message: impl Into<Cow<'static, str>>,
    ) {
        if !holds {
            self.add(field, code, message);
        }
    }

    /// Notes a complaint.
    pub fn add(
        &mut self,
        field: impl Into<String>,
        code: &'static str,
        message: impl Into<Cow<'static, str>>,
    ) {
        self.0.push(FieldError::new(field, code, message.into()));
    }

    /// Notes a complaint made elsewhere.
    pub fn push(&mut self, complaint: FieldError) {
        self.0.push(complaint);
    }

    /// Notes a complaint when the value is missing, and hands it on.
    pub fn require<T>(
        &mut self,
        value: Option<T>,
        field: impl Into<String>,
        code: &'static str,
        message: impl Into<Cow<'static, str>>,
    ) -> Option<T> {
        if value.is_none() {
            self.add(field, code, message);
        }
        value
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `validation_failed` with all complaints, if there are any.
    pub fn finish(self) -> Result<(), Error> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(self.into_error())
        }
    }

    /// `validation_failed` with all complaints.
    pub fn into_error(self) -> Error {
        Error::validation(self.0)
    }
}

impl From<Vec<FieldError>> for Fields {
    fn from(fields: Vec<FieldError>) -> Self {
        Self(fields)
    }
}
