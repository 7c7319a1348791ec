//! Tickets over HTTP.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vitrine_kernel::id::{AccountId, AttachmentId, TicketId, TicketMessageId};
use vitrine_platform::web::{ApiResult, Fields, Json, ListQuery, PageReply, PagingParams, Path, ProblemBody};
use vitrine_platform::{Actor, Ctx};

use super::model::{
    Message, NewMessage, NewTicket, Ticket, TicketChange, TicketFilter, TicketPriority, TicketStatus,
};
use super::{messages, service};
use crate::attachments::routes::AttachmentReply;
use crate::author::Author;
use crate::body::sent;
use crate::{markdown, text};

/// Routes under `/api/v1`.
pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(list_tickets, create_ticket))
        .routes(routes!(get_ticket, update_ticket))
        .routes(routes!(list_ticket_messages, create_ticket_message))
        .routes(routes!(list_support_staff))
}

/// A question to the support, with what became of it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Ticket)]
pub struct TicketReply {
    pub id: TicketId,
    pub subject: String,
    pub status: TicketStatus,
    pub priority: TicketPriority,
    pub requester: Author,
    /// Messages both sides see, the question included.
    pub message_count: u64,
    /// Told to the staff alone.
    pub staff: Option<TicketForStaff>,
    pub created_at: DateTime<Utc>,
    /// When something changed that the requester can see.
    pub updated_at: DateTime<Utc>,
}

/// What only the staff knows of a ticket.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TicketForStaff {
    pub requester_email: String,
    /// Who takes care of it.
    pub assignee: Option<Author>,
    pub note_count: u64,
}

impl TicketReply {
    fn new(actor: &Actor, ticket: Ticket) -> Self {
        Self {
            id: ticket.id,
            subject: ticket.subject,
            status: ticket.status,
            priority: ticket.priority,
            requester: ticket.requester,
            message_count: ticket.message_count,
            staff: actor.is_operator.then_some(TicketForStaff {
                requester_email: ticket.requester_email,
                assignee: ticket.assignee,
                note_count: ticket.note_count,
            }),
            created_at: ticket.created_at,
            updated_at: ticket.updated_at,
        }
    }
}

/// A message of a ticket.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TicketMessage {
    pub id: TicketMessageId,
    pub ticket_id: TicketId,
    pub author: Author,
    /// Written by the support.
    pub is_staff: bool,
    /// A note that only the staff sees.
    pub is_internal: bool,
    /// Markdown, as it was written.
    pub body: String,
    /// The same as HTML that is safe to show.
    pub body_html: String,
    pub attachments: Vec<AttachmentReply>,
    pub created_at: DateTime<Utc>,
}

impl TicketMessage {
    fn new(ctx: &Ctx, message: Message) -> Self {
        let attachments = message.attachments.into_iter();
        Self {
            id: message.id,
            ticket_id: message.ticket_id,
            author: message.author,
            is_staff: message.is_staff,
            is_internal: message.is_internal,
            body_html: markdown::render(&message.body),
            body: message.body,
            attachments: attachments.map(|file| AttachmentReply::new(ctx, file)).collect(),
            created_at: message.created_at,
        }
    }
}

/// A question to the support.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TicketBody {
    /// 1 to 200 characters after trimming.
    #[schema(min_length = 1, max_length = 200)]
    subject: String,
    /// Markdown, 1 to 20000 characters; the first message.
    #[schema(min_length = 1, max_length = 20_000)]
    body: String,
    /// `normal` when absent.
    priority: Option<TicketPriority>,
    /// Files from `POST /support/attachments`, at most 5.
    #[serde(default)]
    #[schema(max_items = 5)]
    attachments: Vec<AttachmentId>,
}

/// Fields of a ticket to change; what is absent stays as it is.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TicketChangeBody {
    #[serde(default, deserialize_with = "sent")]
    #[schema(nullable = false, min_length = 1, max_length = 200)]
    subject: Option<String>,
    #[serde(default, deserialize_with = "sent")]
    #[schema(nullable = false)]
    status: Option<TicketStatus>,
    #[serde(default, deserialize_with = "sent")]
    #[schema(nullable = false)]
    priority: Option<TicketPriority>,
    /// Who of the staff takes care of it, null for nobody. For the staff.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<AccountId>)]
    assignee_id: Option<Option<AccountId>>,
}

/// A message to add.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TicketMessageBody {
    /// Markdown, 1 to 20000 characters.
    #[schema(min_length = 1, max_length = 20_000)]
    body: String,
    /// A note that only the staff sees. For the staff.
    #[serde(default)]
    is_internal: bool,
    /// Files from `POST /support/attachments`, at most 5.
    #[serde(default)]
    #[schema(max_items = 5)]
    attachments: Vec<AttachmentId>,
}

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TicketFilters {
    status: Option<TicketStatus>,
    /// Whose tickets. For the staff.
    requester: Option<AccountId>,
    /// Tickets this member of the staff takes care of, or `none` for nobody's. For the staff.
    assignee: Option<String>,
    /// Text to look for in subject and question, whatever the letter case.
    #[param(max_length = 100)]
    q: Option<String>,
}

impl TicketFilters {
    fn check(self) -> ApiResult<TicketFilter> {
        let mut fields = Fields::new();
        let pattern = text::search_pattern(&mut fields, "q", self.q.as_deref());
        let assignee = match self.assignee.as_deref() {
            None => None,
            Some("none") => Some(None),
            Some(id) => {
                let id = fields.require(id.parse().ok(), "assignee", "invalid", "Must be an id or none.");
                Some(id)
            }
        };
        fields.finish()?;
        Ok(TicketFilter {
            status: self.status,
            requester: self.requester,
            assignee,
            pattern,
        })
    }
}

/// List tickets: your own, or all of them for the staff.
#[utoipa::path(
    get,
    path = "/support/tickets",
    tag = "support",
    params(PagingParams, TicketFilters),
    responses(
        (status = 200, body = PageReply<TicketReply>),
        (status = 403, description = "Only the staff may look for others' tickets", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "A parameter is not valid", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn list_tickets(
    State(ctx): State<Ctx>,
    actor: Actor,
    query: ListQuery<TicketFilters>,
) -> ApiResult<Json<PageReply<TicketReply>>> {
    let page = service::list(&ctx, &actor, query.filters.check()?, &query.paging).await?;
    let page = page.map(|ticket| TicketReply::new(&actor, ticket));
    Ok(Json(PageReply::new(&ctx, page)))
}

/// Ask the support something.
///
/// The staff gets a letter, and so will you when it answers.
#[utoipa::path(
    post,
    path = "/support/tickets",
    tag = "support",
    request_body = TicketBody,
    responses(
        (status = 201, body = TicketReply, headers(("Location" = String, description = "Path of the new ticket"))),
        (status = 409, description = "A file was attached elsewhere meanwhile", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "Some fields are not valid", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn create_ticket(
    State(ctx): State<Ctx>,
    actor: Actor,
    Json(body): Json<TicketBody>,
) -> ApiResult<impl IntoResponse> {
    let new = NewTicket::check(&body.subject, &body.body, body.priority, body.attachments)?;
    let ticket = service::create(&ctx, &actor, new).await?;
    let location = format!("/api/v1/support/tickets/{}", ticket.id);
    Ok((
        StatusCode::CREATED,
        [(header::LOCATION, location)],
        Json(TicketReply::new(&actor, ticket)),
    ))
}

/// Get a ticket.
#[utoipa::path(
    get,
    path = "/support/tickets/{id}",
    tag = "support",
    params(("id" = TicketId, Path)),
    responses(
        (status = 200, body = TicketReply),
        (status = 404, description = "No such ticket, or not yours", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn get_ticket(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<TicketId>,
) -> ApiResult<Json<TicketReply>> {
    let ticket = service::get(&ctx, &actor, id).await?;
    Ok(Json(TicketReply::new(&actor, ticket)))
}

/// Change some of a ticket's fields.
#[utoipa::path(
    patch,
    path = "/support/tickets/{id}",
    tag = "support",
    params(("id" = TicketId, Path)),
    request_body = TicketChangeBody,
    responses(
        (status = 200, body = TicketReply),
        (status = 403, description = "Only the staff hands tickets to somebody", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such ticket, or not yours", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "Some fields are not valid", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn update_ticket(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<TicketId>,
    Json(body): Json<TicketChangeBody>,
) -> ApiResult<Json<TicketReply>> {
    let change = TicketChange::check(
        body.subject.as_deref(),
        body.status,
        body.priority,
        body.assignee_id,
    )?;
    let ticket = service::update(&ctx, &actor, id, change).await?;
    Ok(Json(TicketReply::new(&actor, ticket)))
}

/// List the messages of a ticket. Notes are in it for the staff alone.
#[utoipa::path(
    get,
    path = "/support/tickets/{id}/messages",
    tag = "support",
    params(("id" = TicketId, Path), PagingParams),
    responses(
        (status = 200, body = PageReply<TicketMessage>),
        (status = 404, description = "No such ticket, or not yours", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "A parameter is not valid", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn list_ticket_messages(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<TicketId>,
    query: ListQuery,
) -> ApiResult<Json<PageReply<TicketMessage>>> {
    let page = messages::list(&ctx, &actor, id, &query.paging).await?;
    let page = page.map(|message| TicketMessage::new(&ctx, message));
    Ok(Json(PageReply::new(&ctx, page)))
}

/// Add a message to a ticket.
///
/// A reply of the staff makes the ticket `pending`, one of the requester makes it `open`; a note changes nothing.
#[utoipa::path(
    post,
    path = "/support/tickets/{id}/messages",
    tag = "support",
    params(("id" = TicketId, Path)),
    request_body = TicketMessageBody,
    responses(
        (status = 201, body = TicketMessage),
        (status = 403, description = "Only the staff writes notes", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such ticket, or not yours", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "A file was attached elsewhere meanwhile", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "Some fields are not valid", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn create_ticket_message(
    State(ctx): State<Ctx>,
    actor: Actor,
    Path(id): Path<TicketId>,
    Json(body): Json<TicketMessageBody>,
) -> ApiResult<impl IntoResponse> {
    let new = NewMessage::check(&body.body, body.is_internal, body.attachments)?;
    let message = messages::add(&ctx, &actor, id, new).await?;
    Ok((StatusCode::CREATED, Json(TicketMessage::new(&ctx, message))))
}

/// Everybody a ticket can be given to.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SupportStaff {
    pub items: Vec<Author>,
}

/// List the support staff, which is the operators of the instance. For the staff.
#[utoipa::path(
    get,
    path = "/support/staff",
    tag = "support",
    responses(
        (status = 200, body = SupportStaff),
        (status = 403, description = "Only the staff may see it", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn list_support_staff(State(ctx): State<Ctx>, actor: Actor) -> ApiResult<Json<SupportStaff>> {
    let items = service::list_staff(&ctx, &actor).await?;
    Ok(Json(SupportStaff { items }))
}
