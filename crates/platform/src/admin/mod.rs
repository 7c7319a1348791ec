//! What operators of the instance may see and do: accounts, workspaces and jobs of everybody, and the settings.
//!
//! Every change is written to the audit trail. What surprises people: nobody may take the operator's role or the access
//! from themselves, so that an instance is never left without somebody who can let people in.

pub mod jobs;
pub mod settings;
pub mod sql;
pub mod users;
pub mod workspaces;

use utoipa_axum::router::OpenApiRouter;

use crate::Ctx;

/// Routes under `/api/v1`.
pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .merge(users::routes::router())
        .merge(workspaces::routes::router())
        .merge(jobs::routes::router())
        .merge(settings::routes::router())
}

/// A pattern for `like` that finds a text anywhere; what is special to `like` is taken as it is.
fn pattern(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.trim().to_lowercase().chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_special_to_like_is_searched_for_as_it_is() {
        assert_eq!(super::pattern(" A_b%\\ "), "%a\\_b\\%\\\\%");
    }
}
