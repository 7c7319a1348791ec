//! `/status` and what its forms and letters lead to. At the root, and no part of the API's document.

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use serde::Deserialize;
use vitrine_kernel::{Error, ErrorCode};
use vitrine_platform::Ctx;
use vitrine_platform::limits::{self, Tier};
use vitrine_platform::web::{ApiResult, Client, Form, Pages, Query};

use super::view::{self, Button, Note, Page};
use crate::public::cache_control;
use crate::status::board;
use crate::status::subscribers::service;

const STYLE: &str = include_str!("../../../templates/status.css");

/// Pages at the root.
pub fn router() -> Pages {
    Pages::new()
        .route("/status", get(show))
        .route("/status/style.css", get(style))
        .route("/status/subscribe", axum::routing::post(subscribe))
        .route("/status/confirm", get(ask_to_confirm).post(confirm))
        .route("/status/unsubscribe", get(ask_to_unsubscribe).post(unsubscribe))
}

#[derive(Debug, Deserialize)]
struct EmailForm {
    email: String,
}

#[derive(Debug, Deserialize)]
struct Token {
    token: Option<String>,
}

/// The page asks the database more than others do, so it is limited like the API.
async fn limit(ctx: &Ctx, client: &Client) -> Result<(), Error> {
    let address = limits::origin_key(client.ip);
    limits::require(ctx, Tier::Anonymous, &address).await
}

fn html(status: StatusCode, page: String, cache: HeaderValue) -> Response {
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    (
        status,
        [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, cache)],
        page,
    )
        .into_response()
}

fn note(status: StatusCode, note: &Note) -> Result<Response, Error> {
    Ok(html(
        status,
        view::write(note)?,
        HeaderValue::from_static("no-store"),
    ))
}

async fn show(State(ctx): State<Ctx>, client: Client) -> ApiResult<Response> {
    limit(&ctx, &client).await?;
    let page = Page::new(board::load(&ctx).await?, ctx.now());
    Ok(html(StatusCode::OK, view::write(&page)?, cache_control(&ctx)))
}

async fn style() -> Response {
    let kind = HeaderValue::from_static("text/css; charset=utf-8");
    let cache = HeaderValue::from_static("public, max-age=3600");
    (
        [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, cache)],
        STYLE,
    )
        .into_response()
}

async fn subscribe(
    State(ctx): State<Ctx>,
    client: Client,
    Form(form): Form<EmailForm>,
) -> ApiResult<Response> {
    limit(&ctx, &client).await?;
    let Ok(email) = service::parse_email(&form.email) else {
        let wrong = Note {
            title: "This is not an e-mail address",
            text: "Go back and look at it once more.".to_owned(),
            button: None,
        };
        return Ok(note(StatusCode::UNPROCESSABLE_ENTITY, &wrong)?);
    };
    service::subscribe(&ctx, &email, &client).await?;
    let thanks = Note {
        title: "Look into your mailbox",
        text: "A letter with a link to confirm is on its way, unless this address is subscribed already. It comes to \
               nothing if you do not open the link."
            .to_owned(),
        button: None,
    };
    Ok(note(StatusCode::ACCEPTED, &thanks)?)
}

/// Programs that look into letters open their links; so the link only asks, and the button does it.
async fn ask_to_confirm(Query(query): Query<Token>) -> ApiResult<Response> {
    let page = Note {
        title: "Letters about the status page",
        text: "You will hear of incidents and of planned maintenance. Every letter has a link that ends it."
            .to_owned(),
        button: Some(Button {
            label: "Yes, send me letters",
            action: "/status/confirm",
            token: query.token.unwrap_or_default(),
        }),
    };
    Ok(note(StatusCode::OK, &page)?)
}

async fn confirm(State(ctx): State<Ctx>, client: Client, Query(query): Query<Token>) -> ApiResult<Response> {
    limit(&ctx, &client).await?;
    let done = Note {
        title: "You are subscribed",
        text: "Letters will come when something happens.".to_owned(),
        button: None,
    };
    let outcome = service::confirm(&ctx, query.token.as_deref().unwrap_or_default()).await;
    ended(outcome, &done)
}

async fn ask_to_unsubscribe(Query(query): Query<Token>) -> ApiResult<Response> {
    let page = Note {
        title: "No more letters?",
        text: "You will not hear of incidents and maintenance by mail any more.".to_owned(),
        button: Some(Button {
            label: "Stop the letters",
            action: "/status/unsubscribe",
            token: query.token.unwrap_or_default(),
        }),
    };
    Ok(note(StatusCode::OK, &page)?)
}

/// For the button, and for mail programs that do it at one click (RFC 8058): the token is in the address, whatever the
/// body says.
async fn unsubscribe(
    State(ctx): State<Ctx>,
    client: Client,
    Query(query): Query<Token>,
) -> ApiResult<Response> {
    limit(&ctx, &client).await?;
    let done = Note {
        title: "No more letters",
        text: "You will not hear of incidents and maintenance by mail any more.".to_owned(),
        button: None,
    };
    let outcome = service::unsubscribe(&ctx, query.token.as_deref().unwrap_or_default()).await;
    ended(outcome, &done)
}

/// The good news, or a page that says that the link does not work.
fn ended(outcome: Result<(), Error>, done: &Note) -> ApiResult<Response> {
    match outcome {
        Ok(()) => Ok(note(StatusCode::OK, done)?),
        Err(error) if error.code() == ErrorCode::InvalidLink => {
            let wrong = Note {
                title: "This link does not work",
                text: error.detail().to_owned(),
                button: None,
            };
            Ok(note(StatusCode::BAD_REQUEST, &wrong)?)
        }
        Err(error) => Err(error.into()),
    }
}
