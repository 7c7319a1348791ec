//! Routes for operators of the instance.

use axum::extract::FromRequestParts;
use http::request::Parts;
use vitrine_kernel::Error;

use super::Problem;
use crate::{Actor, Ctx};

/// Somebody who may administer this instance.
#[derive(Debug, Clone)]
pub struct Operator(pub Actor);

impl FromRequestParts<Ctx> for Operator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, ctx: &Ctx) -> Result<Self, Problem> {
        let actor = <Actor as FromRequestParts<Ctx>>::from_request_parts(parts, ctx).await?;
        if actor.is_operator {
            Ok(Self(actor))
        } else {
            Err(Error::forbidden("Only operators of this instance may do this.").into())
        }
    }
}
