//! The catalogue over HTTP.

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vitrine_platform::web::{ApiResult, Json, ListQuery, PageReply, PagingParams, Path, ProblemBody, Query};
use vitrine_platform::{Actor, Ctx};
use vitrine_scene::document::SupportDocument;
use vitrine_scene::furnish::{Kind, Style};

use super::model::{Category, Entry, support_of};
use super::service::{self, Filter, Listed};
use crate::scenes::workbench::Workbench;

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(list_furniture))
        .routes(routes!(get_furniture_thumb))
}

/// A piece that can be put into a scene.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = Furniture)]
pub struct FurnitureReply {
    #[schema(example = "sofa-3-modern")]
    pub id: String,
    #[schema(value_type = String, example = "sofa")]
    pub kind: Kind,
    pub option: u8,
    #[schema(value_type = String, example = "modern")]
    pub style: Style,
    pub category: Category,
    #[schema(example = "Three-seat sofa")]
    pub name: String,
    /// Width, height, depth; a piece can be made 0.3 to 3 times as large.
    pub size_m: [f32; 3],
    /// Height of the surface that carries other things; 0 when it carries none.
    pub top_m: f32,
    /// Where it goes.
    pub support: SupportDocument,
    /// Its portrait; needs no token and may be kept for good.
    pub thumb_url: String,
    /// `builtin`, the library it was imported from, or `import`.
    #[schema(example = "builtin")]
    pub source: String,
    /// Whom to thank for it.
    pub credit: Option<String>,
    /// What `asset` of a scene's furniture must be for it; null for pieces of the engine.
    pub asset: Option<String>,
}

impl FurnitureReply {
    fn new(ctx: &Ctx, listed: Listed) -> Self {
        match listed {
            Listed::Builtin(entry) => entry.clone().into(),
            Listed::Imported(asset) => Self {
                thumb_url: ctx.files.view_url(&asset.thumb_key, "piece.jpg", "image/jpeg"),
                id: asset.id.to_string(),
                kind: asset.kind,
                option: 1,
                style: asset.style,
                category: Category::of(asset.kind),
                support: if asset.hangs && support_of(asset.kind, 1) == SupportDocument::Floor {
                    SupportDocument::Wall
                } else {
                    support_of(asset.kind, 1)
                },
                size_m: asset.size_m.map(|side| side as f32),
                top_m: asset.top_m as f32,
                name: asset.name,
                source: asset
                    .credit
                    .library
                    .clone()
                    .unwrap_or_else(|| "import".to_owned()),
                credit: Some(asset.credit.line()),
                asset: Some(asset.id.to_string()),
            },
        }
    }
}

impl From<Entry> for FurnitureReply {
    fn from(entry: Entry) -> Self {
        Self {
            thumb_url: format!("/api/v1/furniture/{}/thumb?v={}", entry.id, entry.fingerprint),
            id: entry.id,
            kind: entry.design.kind,
            option: entry.design.option,
            style: entry.style,
            category: entry.category,
            name: entry.name,
            size_m: entry.design.size.to_array(),
            top_m: entry.design.top,
            support: entry.support,
            source: "builtin".to_owned(),
            credit: None,
            asset: None,
        }
    }
}

/// Filters of the catalogue.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListFurniture {
    /// Such as `sofa`.
    #[param(value_type = Option<String>)]
    kind: Option<Kind>,
    #[param(value_type = Option<String>)]
    style: Option<Style>,
    category: Option<Category>,
    /// Only imported pieces, or only those of the engine.
    imported: Option<bool>,
}

/// List the furniture catalogue
///
/// In one order, by kind and style; `sort` is not taken.
#[utoipa::path(get, path = "/furniture", tag = "scenes", params(PagingParams, ListFurniture),
    responses((status = 200, body = PageReply<FurnitureReply>), (status = 422, body = ProblemBody)))]
async fn list_furniture(
    State(ctx): State<Ctx>,
    actor: Actor,
    query: ListQuery<ListFurniture>,
) -> ApiResult<Json<PageReply<FurnitureReply>>> {
    let ListFurniture {
        kind,
        style,
        category,
        imported,
    } = query.filters;
    let filter = Filter {
        kind,
        style,
        category,
        imported,
    };
    let page = service::list(&ctx, &actor, filter, &query.paging).await?;
    let page = page.map(|listed| FurnitureReply::new(&ctx, listed));
    Ok(Json(PageReply::new(&ctx, page)))
}

/// Which look of a piece is meant.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ThumbQuery {
    /// As in `thumb_url`; with it the answer may be kept for good.
    v: Option<String>,
}

/// Get the portrait of a piece
///
/// A JPEG of 256 × 256 pixels. The catalogue is the same for everybody, so no token is asked for.
#[utoipa::path(get, path = "/furniture/{id}/thumb", tag = "scenes", params(("id" = String, Path), ThumbQuery), security(()),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>), (status = 404, body = ProblemBody),
        (status = 503, body = ProblemBody)))]
async fn get_furniture_thumb(
    State(ctx): State<Ctx>,
    Extension(bench): Extension<Workbench>,
    Path(id): Path<String>,
    Query(query): Query<ThumbQuery>,
) -> ApiResult<Response> {
    let (jpeg, entry) = service::thumb(&ctx, &bench, &id).await?;
    let is_present = query.v.as_deref() == Some(&entry.fingerprint);
    let cache = if is_present {
        "public, max-age=31536000, immutable"
    } else {
        "public, max-age=300"
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg")),
        (header::CACHE_CONTROL, HeaderValue::from_static(cache)),
    ];
    Ok((headers, jpeg).into_response())
}
