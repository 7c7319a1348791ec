//! What rules and schedules check alike.

use vitrine_kernel::text::checked_title;

use crate::web::Fields;

/// The name as it was sent, or the one from before.
pub(super) fn name(fields: &mut Fields, sent: Option<&str>, before: String) -> Option<String> {
    let Some(text) = sent else {
        return Some(before);
    };
    fields.require(
        checked_title(text, 100),
        "name",
        "invalid_length",
        "A name has 1 to 100 characters and no control characters.",
    )
}

/// What is told nowhere is a mistake.
pub(super) fn channels(fields: &mut Fields, in_app: bool, email: bool) {
    fields.check(
        in_app || email,
        "in_app",
        "required",
        "Choose the app, mail, or both.",
    );
}
