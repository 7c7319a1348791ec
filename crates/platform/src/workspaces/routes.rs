//! `/workspaces`, their members and invitations, `/invitations/accept`.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vitrine_kernel::id::{AccountId, InvitationId, WorkspaceId};

use super::model::{Invitation, Member, Membership, NewInvitation, Role, Seats, checked_name};
use super::{deletion, invitations, members, service};
use crate::accounts::export::routes::ConfirmRequest;
use crate::billing::Plan;
use crate::web::{ApiResult, Client, Json, ListQuery, PageReply, PagingParams, Path};
use crate::{Actor, Ctx};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(list_workspaces, create_workspace))
        .routes(routes!(get_workspace, update_workspace, delete_workspace))
        .routes(routes!(list_members))
        .routes(routes!(get_member, update_member, remove_member))
        .routes(routes!(list_invitations, create_invitation))
        .routes(routes!(revoke_invitation))
        .routes(routes!(resend_invitation))
        .routes(routes!(accept_invitation))
}

/// A workspace of the account.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Workspace)]
pub struct WorkspaceReply {
    pub id: WorkspaceId,
    pub name: String,
    /// What the caller may do in it.
    pub role: Role,
    /// The one every account has for itself; nobody else can be invited to it.
    pub is_personal: bool,
    /// Code of its plan.
    pub plan: &'static str,
    pub member_count: u32,
    pub created_at: DateTime<Utc>,
}

impl From<Membership> for WorkspaceReply {
    fn from(membership: Membership) -> Self {
        Self {
            id: membership.workspace_id,
            name: membership.name,
            role: membership.role,
            is_personal: membership.is_personal,
            plan: Plan::of(&membership.plan).code,
            member_count: membership.member_count,
            created_at: membership.created_at,
        }
    }
}

/// People the plan has room for.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Seats)]
pub struct SeatsReply {
    /// Members and open invitations.
    pub used: u32,
    /// Null is without limit.
    pub limit: Option<u32>,
}

/// A workspace with its seats.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WorkspaceDetails {
    #[serde(flatten)]
    pub workspace: WorkspaceReply,
    pub seats: SeatsReply,
}

impl From<(Membership, Seats)> for WorkspaceDetails {
    fn from((membership, seats): (Membership, Seats)) -> Self {
        Self {
            workspace: membership.into(),
            seats: SeatsReply {
                used: seats.used,
                limit: seats.limit,
            },
        }
    }
}

/// A workspace to make, or its new name.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct WorkspaceBody {
    /// 1 to 100 characters after trimming.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
}

/// List the workspaces the account belongs to.
///
/// Sorts: `created_at`, `name`.
#[utoipa::path(get, path = "/workspaces", tag = "workspaces", params(PagingParams),
    responses((status = 200, body = PageReply<WorkspaceReply>)))]
pub async fn list_workspaces(
    State(ctx): State<Ctx>,
    actor: Actor,
    query: ListQuery,
) -> ApiResult<Json<PageReply<WorkspaceReply>>> {
    let page = service::list(&ctx, &actor, &query.paging).await?;
    Ok(Json(PageReply::new(&ctx, page.map(WorkspaceReply::from))))
}

/// Make a workspace to share. The caller owns it.
#[utoipa::path(post, path = "/workspaces", tag = "workspaces", request_body = WorkspaceBody,
    responses(
        (status = 201, body = WorkspaceReply, headers(("Location" = String, description = "Path of the new workspace"))),
        (status = 402, description = "The account owns as many as it may"),
    ))]
pub async fn create_workspace(
    State(ctx): State<Ctx>,
    actor: Actor,
    Json(body): Json<WorkspaceBody>,
) -> ApiResult<impl IntoResponse> {
    let made = service::create(&ctx, &actor, &checked_name(&body.name)?).await?;
    let location = format!("/api/v1/workspaces/{}", made.workspace_id);
    Ok((
        StatusCode::CREATED,
        [(header::LOCATION, location)],
        Json(WorkspaceReply::from(made)),
    ))
}

/// Get a workspace.
#[utoipa::path(get, path = "/workspaces/{id}", tag = "workspaces", params(("id" = WorkspaceId, Path)),
    responses((status = 200, body = WorkspaceDetails)))]
pub async fn get_workspace(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<WorkspaceId>,
) -> ApiResult<Json<WorkspaceDetails>> {
    Ok(Json(service::get(&ctx, &actor, id).await?.into()))
}

/// Rename a workspace. For admins.
#[utoipa::path(patch, path = "/workspaces/{id}", tag = "workspaces", params(("id" = WorkspaceId, Path)),
    request_body = WorkspaceBody,
    responses((status = 200, body = WorkspaceDetails), (status = 403, description = "The role does not allow it")))]
pub async fn update_workspace(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<WorkspaceId>,
    Json(body): Json<WorkspaceBody>,
) -> ApiResult<Json<WorkspaceDetails>> {
    let name = checked_name(&body.name)?;
    Ok(Json(service::rename(&ctx, &actor, id, &name).await?.into()))
}

/// Delete a shared workspace. For owners.
///
/// Members, keys and invitations lose it at once and its work is stopped; its projects, photos and everything else in it
/// are removed for good soon after. There is no way back: take an archive along first (`POST /user/export`). The
/// personal workspace goes only with its account.
#[utoipa::path(delete, path = "/workspaces/{id}", tag = "workspaces", params(("id" = WorkspaceId, Path)),
    request_body = ConfirmRequest,
    responses((status = 204, description = "Nobody belongs to it any more"),
        (status = 403, description = "The role does not allow it"),
        (status = 409, description = "It is the personal workspace"),
        (status = 429, description = "Locked after wrong passwords or codes; see Retry-After")))]
pub async fn delete_workspace(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<WorkspaceId>,
    Json(body): Json<ConfirmRequest>,
) -> ApiResult<StatusCode> {
    deletion::delete(&ctx, &actor, id, body.proof()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Somebody who belongs to the workspace.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Member)]
pub struct MemberReply {
    pub account_id: AccountId,
    pub email: String,
    pub full_name: String,
    pub role: Role,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// The caller.
    pub is_you: bool,
}

impl MemberReply {
    fn new(actor: &Actor, member: Member) -> Self {
        Self {
            is_you: member.account_id == actor.account_id,
            account_id: member.account_id,
            email: member.email,
            full_name: member.full_name,
            role: member.role,
            created_at: member.created_at,
        }
    }
}

/// List the members of a workspace.
///
/// Sorts: `created_at`, `full_name`.
#[utoipa::path(get, path = "/workspaces/{id}/members", tag = "workspaces",
    params(("id" = WorkspaceId, Path), PagingParams),
    responses((status = 200, body = PageReply<MemberReply>)))]
pub async fn list_members(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<WorkspaceId>,
    query: ListQuery,
) -> ApiResult<Json<PageReply<MemberReply>>> {
    let page = members::list(&ctx, &actor, id, &query.paging).await?;
    Ok(Json(PageReply::new(
        &ctx,
        page.map(|member| MemberReply::new(&actor, member)),
    )))
}

/// Get a member of a workspace.
#[utoipa::path(get, path = "/workspaces/{id}/members/{account_id}", tag = "workspaces",
    params(("id" = WorkspaceId, Path), ("account_id" = AccountId, Path)),
    responses((status = 200, body = MemberReply)))]
pub async fn get_member(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path((id, account_id)): Path<(WorkspaceId, AccountId)>,
) -> ApiResult<Json<MemberReply>> {
    let member = members::get(&ctx, &actor, id, account_id).await?;
    Ok(Json(MemberReply::new(&actor, member)))
}

/// A member's new role.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct UpdateMember {
    role: Role,
}

/// Give a member another role.
///
/// For admins; only owners make somebody an owner or change one. The last owner stays.
#[utoipa::path(patch, path = "/workspaces/{id}/members/{account_id}", tag = "workspaces",
    params(("id" = WorkspaceId, Path), ("account_id" = AccountId, Path)), request_body = UpdateMember,
    responses((status = 200, body = MemberReply), (status = 403, description = "The role does not allow it"),
        (status = 409, description = "It is the last owner")))]
pub async fn update_member(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path((id, account_id)): Path<(WorkspaceId, AccountId)>,
    Json(body): Json<UpdateMember>,
) -> ApiResult<Json<MemberReply>> {
    let member = members::set_role(&ctx, &actor, id, account_id, body.role).await?;
    Ok(Json(MemberReply::new(&actor, member)))
}

/// Take a member out, or leave.
///
/// Admins remove others, anybody may leave. The last owner cannot.
#[utoipa::path(delete, path = "/workspaces/{id}/members/{account_id}", tag = "workspaces",
    params(("id" = WorkspaceId, Path), ("account_id" = AccountId, Path)),
    responses((status = 204, description = "No longer a member"),
        (status = 403, description = "The role does not allow it"),
        (status = 409, description = "It is the last owner")))]
pub async fn remove_member(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path((id, account_id)): Path<(WorkspaceId, AccountId)>,
) -> ApiResult<StatusCode> {
    members::remove(&ctx, &actor, id, account_id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// An invitation that waits to be accepted.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Invitation)]
pub struct InvitationReply {
    pub id: InvitationId,
    pub email: String,
    pub role: Role,
    /// Null when that account is gone.
    pub invited_by: Option<AccountId>,
    pub created_at: DateTime<Utc>,
    /// When the newest letter was written.
    pub sent_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    /// Its link no longer works; send it again.
    pub is_expired: bool,
}

impl InvitationReply {
    fn new(ctx: &Ctx, invitation: Invitation) -> Self {
        Self {
            is_expired: invitation.expires_at <= ctx.now(),
            id: invitation.id,
            email: invitation.email,
            role: invitation.role,
            invited_by: invitation.invited_by,
            created_at: invitation.created_at,
            sent_at: invitation.sent_at,
            expires_at: invitation.expires_at,
        }
    }
}

/// List the invitations of a workspace. For admins.
///
/// Sorts: `created_at`, `email`.
#[utoipa::path(get, path = "/workspaces/{id}/invitations", tag = "workspaces",
    params(("id" = WorkspaceId, Path), PagingParams),
    responses((status = 200, body = PageReply<InvitationReply>), (status = 403, description = "The role does not allow it")))]
pub async fn list_invitations(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<WorkspaceId>,
    query: ListQuery,
) -> ApiResult<Json<PageReply<InvitationReply>>> {
    let page = invitations::list(&ctx, &actor, id, &query.paging).await?;
    Ok(Json(PageReply::new(
        &ctx,
        page.map(|invitation| InvitationReply::new(&ctx, invitation)),
    )))
}

/// Whom to invite as what.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct CreateInvitation {
    email: String,
    /// `viewer`, `editor` or `admin`.
    role: Role,
}

/// Invite somebody by mail. For admins with a verified address.
#[utoipa::path(post, path = "/workspaces/{id}/invitations", tag = "workspaces",
    params(("id" = WorkspaceId, Path)), request_body = CreateInvitation,
    responses((status = 201, body = InvitationReply),
        (status = 402, description = "Every seat of the plan is taken"),
        (status = 403, description = "The role does not allow it, or the caller's address is not verified"),
        (status = 409, description = "A member or invited already, or the workspace is a personal one")))]
pub async fn create_invitation(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<WorkspaceId>,
    Json(body): Json<CreateInvitation>,
) -> ApiResult<impl IntoResponse> {
    let new = NewInvitation::check(&body.email, body.role)?;
    let invitation = invitations::create(&ctx, &actor, id, &new).await?;
    Ok((StatusCode::CREATED, Json(InvitationReply::new(&ctx, invitation))))
}

/// Take an invitation back. For admins.
#[utoipa::path(delete, path = "/workspaces/{id}/invitations/{invitation_id}", tag = "workspaces",
    params(("id" = WorkspaceId, Path), ("invitation_id" = InvitationId, Path)),
    responses((status = 204, description = "Its link no longer works"),
        (status = 403, description = "The role does not allow it")))]
pub async fn revoke_invitation(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path((id, invitation_id)): Path<(WorkspaceId, InvitationId)>,
) -> ApiResult<StatusCode> {
    invitations::revoke(&ctx, &actor, id, invitation_id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Send an invitation again. For admins.
///
/// Seven days begin anew; the earlier letter's link stops working.
#[utoipa::path(post, path = "/workspaces/{id}/invitations/{invitation_id}/resend", tag = "workspaces",
    params(("id" = WorkspaceId, Path), ("invitation_id" = InvitationId, Path)),
    responses((status = 200, body = InvitationReply),
        (status = 402, description = "It had expired, and every seat is taken by now"),
        (status = 403, description = "The role does not allow it")))]
pub async fn resend_invitation(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path((id, invitation_id)): Path<(WorkspaceId, InvitationId)>,
) -> ApiResult<Json<InvitationReply>> {
    let invitation = invitations::resend(&ctx, &actor, id, invitation_id).await?;
    Ok(Json(InvitationReply::new(&ctx, invitation)))
}

/// The token of a letter's link.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct AcceptInvitation {
    token: String,
}

/// Join a workspace by the link of a letter.
///
/// The caller's e-mail address must be the one that was invited.
#[utoipa::path(post, path = "/invitations/accept", tag = "workspaces", request_body = AcceptInvitation,
    responses((status = 200, body = WorkspaceReply),
        (status = 400, description = "The link was used, has expired or is wrong"),
        (status = 403, description = "It was sent to another address")))]
pub async fn accept_invitation(
    State(ctx): State<Ctx>,
    actor: Actor,
    client: Client,
    Json(body): Json<AcceptInvitation>,
) -> ApiResult<Json<WorkspaceReply>> {
    let joined = invitations::accept(&ctx, &actor, &body.token, &client).await?;
    Ok(Json(joined.into()))
}
