//! Routes, handlers and rows. `super` says on which engine.

use std::net::Ipv4Addr;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::{Pool, Row as _, Transaction};
use tokio::net::TcpListener;
use uuid::Uuid;
use vitrine_db::List;
use vitrine_kernel::{Clock as _, SystemClock, Time};
use vitrine_platform::billing::{Metric, Period, Plan};
use vitrine_platform::jobs::Job;
use vitrine_platform::{accounts, audit, billing, events};
use vitrine_staging::images::jobs::StageImage;
use vitrine_staging::{images, projects};

use super::{Database, begin, text};

type Row = <Database as sqlx::Database>::Row;
type Tx = Transaction<'static, Database>;

#[derive(Debug, Clone)]
pub struct Pools {
    pub read: Pool<Database>,
    pub write: Pool<Database>,
}

struct Server {
    pools: Pools,
    projects: ListTexts,
    images: ListTexts,
}

type Shared = State<Arc<Server>>;
type Result<T, E = Failure> = std::result::Result<T, E>;

/// Serves the database on a free port of this machine, on the calling runtime.
pub async fn serve(database_url: &str) -> u16 {
    let server = Server {
        pools: super::open(database_url).await.expect("the database opens"),
        projects: ListTexts::newest_first(&projects::sql::PROJECTS),
        images: ListTexts::newest_first(&images::sql::LIST_IMAGES),
    };
    let router = Router::new()
        .route("/api/v1/projects", get(list_projects).post(create_project))
        .route("/api/v1/projects/{id}", get(get_project))
        .route("/api/v1/images", get(list_images).post(create_image))
        .route("/api/v1/images/{id}", get(get_image))
        .with_state(Arc::new(server));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .expect("a free port");
    let port = listener.local_addr().expect("it listens").port();
    tokio::spawn(async move { axum::serve(listener, router).await });
    port
}

/// The two statements of a page by number.
struct ListTexts {
    count: &'static str,
    page: &'static str,
}

impl ListTexts {
    fn newest_first(list: &'static List) -> Self {
        let texts: Vec<&'static str> = list.texts().map(text).collect();
        let find = |fits: fn(&str) -> bool| {
            texts
                .iter()
                .copied()
                .find(|text| fits(text))
                .expect("every list has pages by number and a total")
        };
        Self {
            count: find(|text| text.starts_with("select count(*)")),
            page: find(|text| text.contains("created_at desc") && text.contains(" offset ")),
        }
    }
}

/// All that a failure tells.
struct Failure(StatusCode, String);

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (self.0, self.1).into_response()
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a bare server takes its ids from the library"
)]
fn new_id() -> Uuid {
    Uuid::now_v7()
}

fn not_found() -> Failure {
    Failure(StatusCode::NOT_FOUND, "not found".to_owned())
}

struct Caller {
    account_id: Uuid,
    workspace_id: Uuid,
}

/// `Bearer <account>.<session>`, believed as it is.
async fn caller(server: &Server, headers: &HeaderMap) -> Result<Caller> {
    let sent = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let ids = sent.and_then(|value| value.strip_prefix("Bearer ")?.split_once('.'));
    let ids = ids.and_then(|(account, session)| Some((account.parse().ok()?, session.parse().ok()?)));
    let unauthorized = || Failure(StatusCode::UNAUTHORIZED, "who is it?".to_owned());
    let (account_id, session_id): (Uuid, Uuid) = ids.ok_or_else(unauthorized)?;
    let row = sqlx::query(text(&accounts::sql::GET_ACTOR_IN_PERSONAL_WORKSPACE))
        .bind(session_id)
        .bind(account_id)
        .bind(SystemClock.now())
        .fetch_optional(&server.pools.read)
        .await?
        .ok_or_else(unauthorized)?;
    Ok(Caller {
        account_id,
        workspace_id: row.try_get("workspace_id")?,
    })
}

#[derive(Deserialize)]
struct PageQuery {
    page: Option<i64>,
    page_size: Option<i64>,
}

impl PageQuery {
    fn number_and_size(&self) -> (i64, i64) {
        (self.page.unwrap_or(1), self.page_size.unwrap_or(20))
    }
}

#[derive(Serialize)]
struct Page<T> {
    items: Vec<T>,
    total: i64,
    page: i64,
    page_size: i64,
}

#[derive(Serialize)]
struct Project {
    id: Uuid,
    name: String,
    description: String,
    original_count: i64,
    image_count: i64,
    ready_count: i64,
    cover_key: Option<String>,
    created_at: Time,
    updated_at: Time,
}

impl Project {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            name: row.try_get("name")?,
            description: row.try_get("description")?,
            original_count: row.try_get("original_count")?,
            image_count: row.try_get("image_count")?,
            ready_count: row.try_get("ready_count")?,
            cover_key: row.try_get("cover_key")?,
            created_at: row.try_get("created_at")?,
            updated_at: row.try_get("updated_at")?,
        })
    }
}

#[derive(Serialize)]
struct Image {
    id: Uuid,
    workspace_id: Uuid,
    project_id: Uuid,
    original_id: Uuid,
    status: String,
    progress: i64,
    step: Option<String>,
    requested_room_type: Option<String>,
    room_type: Option<String>,
    style: String,
    engine: String,
    seed: i64,
    prompt: Option<String>,
    version: i64,
    error_code: Option<String>,
    error_message: Option<String>,
    cost_micros: i64,
    cost_currency: String,
    processing_time_ms: Option<i64>,
    confidence: Option<f64>,
    staged_key: Option<String>,
    thumb_key: Option<String>,
    quota_period: Option<Time>,
    quota_state: String,
    created_at: Time,
    updated_at: Time,
    deleted_at: Option<Time>,
    original_key: String,
    original_content_type: String,
    original_filename: String,
}

impl Image {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            workspace_id: row.try_get("workspace_id")?,
            project_id: row.try_get("project_id")?,
            original_id: row.try_get("original_id")?,
            status: row.try_get("status")?,
            progress: row.try_get("progress")?,
            step: row.try_get("step")?,
            requested_room_type: row.try_get("requested_room_type")?,
            room_type: row.try_get("room_type")?,
            style: row.try_get("style")?,
            engine: row.try_get("engine")?,
            seed: row.try_get("seed")?,
            prompt: row.try_get("prompt")?,
            version: row.try_get("version")?,
            error_code: row.try_get("error_code")?,
            error_message: row.try_get("error_message")?,
            cost_micros: row.try_get("cost_micros")?,
            cost_currency: row.try_get("cost_currency")?,
            processing_time_ms: row.try_get("processing_time_ms")?,
            confidence: row.try_get("confidence")?,
            staged_key: row.try_get("staged_key")?,
            thumb_key: row.try_get("thumb_key")?,
            quota_period: row.try_get("quota_period")?,
            quota_state: row.try_get("quota_state")?,
            created_at: row.try_get("created_at")?,
            updated_at: row.try_get("updated_at")?,
            deleted_at: row.try_get("deleted_at")?,
            original_key: row.try_get("original_key")?,
            original_content_type: row.try_get("original_content_type")?,
            original_filename: row.try_get("original_filename")?,
        })
    }
}

async fn list_projects(
    State(server): Shared,
    headers: HeaderMap,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<Project>>> {
    let caller = caller(&server, &headers).await?;
    let (page, page_size) = query.number_and_size();
    let texts = &server.projects;
    let total = sqlx::query(texts.count)
        .bind(caller.workspace_id)
        .bind(false)
        .fetch_one(&server.pools.read)
        .await?
        .try_get("total")?;
    let rows = sqlx::query(texts.page)
        .bind(caller.workspace_id)
        .bind(false)
        .bind(page_size)
        .bind((page - 1) * page_size)
        .fetch_all(&server.pools.read)
        .await?;
    let items = rows.iter().map(Project::from_row).collect::<sqlx::Result<_>>()?;
    Ok(Json(Page {
        items,
        total,
        page,
        page_size,
    }))
}

async fn get_project(
    State(server): Shared,
    headers: HeaderMap,
    Path(id): Path<Uuid>,
) -> Result<Json<Project>> {
    let caller = caller(&server, &headers).await?;
    let row = sqlx::query(text(&projects::sql::GET_PROJECT))
        .bind(id)
        .bind(caller.workspace_id)
        .fetch_optional(&server.pools.read)
        .await?;
    Ok(Json(Project::from_row(&row.ok_or_else(not_found)?)?))
}

#[derive(Deserialize)]
struct NewProject {
    name: String,
    description: String,
}

async fn create_project(
    State(server): Shared,
    headers: HeaderMap,
    Json(new): Json<NewProject>,
) -> Result<(StatusCode, Json<Project>)> {
    let caller = caller(&server, &headers).await?;
    let (id, now) = (new_id(), SystemClock.now());
    let mut tx = begin(&server.pools).await?;
    sqlx::query(text(&projects::sql::INSERT_PROJECT))
        .bind(id)
        .bind(caller.workspace_id)
        .bind(new.name)
        .bind(new.description)
        .bind(now)
        .execute(&mut *tx)
        .await?;
    record(&mut tx, &caller, "project.created", "project", id).await?;
    let row = sqlx::query(text(&projects::sql::GET_PROJECT))
        .bind(id)
        .bind(caller.workspace_id)
        .fetch_one(&mut *tx)
        .await?;
    let project = Project::from_row(&row)?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(project)))
}

async fn list_images(
    State(server): Shared,
    headers: HeaderMap,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<Image>>> {
    let caller = caller(&server, &headers).await?;
    let (page, page_size) = query.number_and_size();
    let texts = &server.images;
    let total = sqlx::query(texts.count)
        .bind(caller.workspace_id)
        .bind(false)
        .fetch_one(&server.pools.read)
        .await?
        .try_get("total")?;
    let rows = sqlx::query(texts.page)
        .bind(caller.workspace_id)
        .bind(false)
        .bind(page_size)
        .bind((page - 1) * page_size)
        .fetch_all(&server.pools.read)
        .await?;
    let items = rows.iter().map(Image::from_row).collect::<sqlx::Result<_>>()?;
    Ok(Json(Page {
        items,
        total,
        page,
        page_size,
    }))
}

async fn get_image(State(server): Shared, headers: HeaderMap, Path(id): Path<Uuid>) -> Result<Json<Image>> {
    let caller = caller(&server, &headers).await?;
    let row = sqlx::query(text(&images::sql::GET_IMAGE))
        .bind(id)
        .bind(caller.workspace_id)
        .fetch_optional(&server.pools.read)
        .await?;
    Ok(Json(Image::from_row(&row.ok_or_else(not_found)?)?))
}

#[derive(Deserialize)]
struct NewImage {
    project_id: Uuid,
    original_id: Uuid,
    room_type: Option<String>,
    style: String,
}

async fn create_image(
    State(server): Shared,
    headers: HeaderMap,
    Json(new): Json<NewImage>,
) -> Result<(StatusCode, Json<Image>)> {
    let caller = caller(&server, &headers).await?;
    let workspace_id = caller.workspace_id;
    let (id, now) = (new_id(), SystemClock.now());
    let mut tx = begin(&server.pools).await?;
    for (statement, id) in [
        (&images::sql::FIND_PROJECT, new.project_id),
        (&images::sql::FIND_ORIGINAL, new.original_id),
    ] {
        let found = sqlx::query(text(statement))
            .bind(id)
            .bind(workspace_id)
            .fetch_optional(&mut *tx)
            .await?;
        found.ok_or_else(not_found)?;
    }
    let quota_period = reserve(&mut tx, workspace_id, now).await?;
    sqlx::query(text(&images::sql::INSERT_IMAGE))
        .bind(id)
        .bind(workspace_id)
        .bind(new.project_id)
        .bind(new.original_id)
        .bind(new.room_type)
        .bind(new.style)
        .bind("builtin")
        .bind(i64::from(id.as_u128() as u32 | 1))
        .bind(None::<String>)
        .bind(0_i64)
        .bind("USD")
        .bind(quota_period)
        .bind(now)
        .execute(&mut *tx)
        .await?;
    sqlx::query(text(&images::sql::LINK_ORIGINAL))
        .bind(new.project_id)
        .bind(new.original_id)
        .bind(now)
        .execute(&mut *tx)
        .await?;
    enqueue(&mut tx, workspace_id, id, now).await?;
    record(&mut tx, &caller, "image.create", "image", id).await?;
    publish(&mut tx, workspace_id, new.project_id, id, now).await?;
    let row = sqlx::query(text(&images::sql::GET_IMAGE))
        .bind(id)
        .bind(workspace_id)
        .fetch_one(&mut *tx)
        .await?;
    let image = Image::from_row(&row)?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(image)))
}

/// Takes one image of the month's quota; answers the month.
async fn reserve(tx: &mut Tx, workspace_id: Uuid, now: Time) -> Result<Time> {
    let (metric, start) = (Metric::Images, Period::containing(now).start);
    let plan: String = sqlx::query(text(&billing::sql::GET_PLAN))
        .bind(workspace_id)
        .fetch_one(&mut **tx)
        .await?
        .try_get("plan")?;
    let period = |statement| {
        sqlx::query(text(statement))
            .bind(workspace_id)
            .bind(metric.as_str())
            .bind(start)
    };
    let row = match period(&billing::sql::LOCK_PERIOD)
        .fetch_optional(&mut **tx)
        .await?
    {
        Some(row) => row,
        None => {
            period(&billing::sql::OPEN_PERIOD).execute(&mut **tx).await?;
            period(&billing::sql::LOCK_PERIOD).fetch_one(&mut **tx).await?
        }
    };
    let taken: i64 = row.try_get::<i64, _>("reserved")? + row.try_get::<i64, _>("used")?;
    if Plan::of(&plan)
        .limit(metric)
        .is_some_and(|limit| taken >= i64::from(limit))
    {
        return Err(Failure(StatusCode::PAYMENT_REQUIRED, "used up".to_owned()));
    }
    period(&billing::sql::TAKE).bind(1_i64).execute(&mut **tx).await?;
    Ok(start)
}

async fn enqueue(tx: &mut Tx, workspace_id: Uuid, image_id: Uuid, now: Time) -> sqlx::Result<()> {
    sqlx::query(text(&vitrine_db::jobs::sql::INSERT_JOB))
        .bind(new_id())
        .bind(StageImage::KIND)
        .bind(json!({ "image_id": image_id }).to_string())
        .bind(workspace_id)
        .bind(workspace_id)
        .bind("image")
        .bind(image_id)
        .bind(100_i64)
        .bind(i64::from(StageImage::MAX_ATTEMPTS))
        .bind(now)
        .bind(format!("stage_image:{image_id}"))
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

async fn publish(
    tx: &mut Tx,
    workspace_id: Uuid,
    project_id: Uuid,
    image_id: Uuid,
    now: Time,
) -> sqlx::Result<()> {
    let payload = json!({
        "image_id": image_id,
        "project_id": project_id,
        "status": "queued",
        "progress": 0,
        "step": null,
        "error": null,
    });
    sqlx::query(text(&events::sql::INSERT_EVENT))
        .bind(workspace_id)
        .bind("job_update")
        .bind(project_id)
        .bind(image_id)
        .bind(None::<Uuid>)
        .bind(payload.to_string())
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

async fn record(tx: &mut Tx, caller: &Caller, action: &str, noun: &str, id: Uuid) -> sqlx::Result<()> {
    sqlx::query(text(&audit::sql::INSERT_ENTRY))
        .bind(new_id())
        .bind(SystemClock.now())
        .bind(caller.account_id)
        .bind(caller.workspace_id)
        .bind(action)
        .bind(noun)
        .bind(id.to_string())
        .bind("127.0.0.1")
        .bind(None::<String>)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
