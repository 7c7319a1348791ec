//! `GET /billing/plans`, `GET /billing/usage`.

use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vitrine_kernel::Money;

use super::model::{Metric, PLANS, Plan, Usage};
use super::service;
use crate::web::{ApiResult, Json};
use crate::{Actor, Ctx};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(list_plans))
        .routes(routes!(get_usage))
}

/// A plan.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Plan)]
pub struct PlanReply {
    /// Stable code.
    pub code: &'static str,
    pub name: &'static str,
    /// Images a month; null is without limit.
    pub images_per_month: Option<u32>,
    /// Images rendered at the same time.
    pub concurrency: u32,
    /// People in a workspace, open invitations included; null is without limit.
    pub seats: Option<u32>,
    /// Price a month; null when it cannot be bought.
    pub price: Option<Money>,
}

impl From<&Plan> for PlanReply {
    fn from(plan: &Plan) -> Self {
        Self {
            code: plan.code,
            name: plan.name,
            images_per_month: plan.images_per_month,
            concurrency: plan.concurrency,
            seats: plan.seats,
            price: plan.price,
        }
    }
}

/// The plans there are.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PlanList {
    pub items: Vec<PlanReply>,
}

/// A plan in short.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PlanName {
    pub code: &'static str,
    pub name: &'static str,
}

/// Images of the period.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ImageUsage {
    /// Delivered.
    pub used: u32,
    /// Queued or being made.
    pub reserved: u32,
    /// Of the plan; null is without limit.
    pub limit: Option<u32>,
    /// What is left; null is without limit.
    pub remaining: Option<u32>,
}

/// What the workspace used of its plan.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Usage)]
pub struct UsageReply {
    pub plan: PlanName,
    /// First moment of the billing period.
    pub period_start: DateTime<Utc>,
    /// First moment after it.
    pub period_end: DateTime<Utc>,
    pub images: ImageUsage,
}

impl From<Usage> for UsageReply {
    fn from(usage: Usage) -> Self {
        Self {
            plan: PlanName {
                code: usage.plan.code,
                name: usage.plan.name,
            },
            period_start: usage.period.start,
            period_end: usage.period.end,
            images: ImageUsage {
                used: usage.used,
                reserved: usage.reserved,
                limit: usage.limit,
                remaining: usage.remaining(),
            },
        }
    }
}

/// The plans and their prices.
#[utoipa::path(get, path = "/billing/plans", tag = "billing", security(()), responses((status = 200, body = PlanList)))]
pub async fn list_plans() -> Json<PlanList> {
    Json(PlanList {
        items: PLANS.iter().map(PlanReply::from).collect(),
    })
}

/// What the workspace used this month.
#[utoipa::path(get, path = "/billing/usage", tag = "billing", responses((status = 200, body = UsageReply)))]
pub async fn get_usage(State(ctx): State<Ctx>, actor: Actor) -> ApiResult<Json<UsageReply>> {
    let usage = service::usage(&ctx, actor.workspace_id, Metric::Images).await?;
    Ok(Json(usage.into()))
}
