//! What a new event stream is told about images first.

use async_trait::async_trait;
use serde_json::{Value, json};
use vitrine_db::values;
use vitrine_kernel::Error;
use vitrine_kernel::id::{ImageId, WorkspaceId};
use vitrine_platform::Ctx;
use vitrine_platform::events::{SnapshotSource, StreamFilter};

use super::sql;

/// The unfinished images the stream covers, and the one that was asked for by id.
#[derive(Debug, Clone, Copy)]
pub struct ImageSnapshot;

#[async_trait]
impl SnapshotSource for ImageSnapshot {
    fn key(&self) -> &'static str {
        "images"
    }

    async fn snapshot(
        &self,
        ctx: &Ctx,
        workspace: WorkspaceId,
        filter: &StreamFilter,
    ) -> Result<Vec<Value>, Error> {
        let values = values![workspace, filter.image_id, filter.project_id];
        let rows = ctx.db.fetch_all(&sql::LIST_LIVE_IMAGES, values).await?;
        let mut images = Vec::with_capacity(rows.len());
        for row in rows {
            images.push(json!({
                "image_id": row.get::<ImageId>("id")?,
                "status": row.get::<String>("status")?,
                "progress": row.get::<u8>("progress")?,
                "step": row.get::<Option<String>>("step")?,
            }));
        }
        Ok(images)
    }

    async fn covers(&self, ctx: &Ctx, workspace: WorkspaceId, filter: &StreamFilter) -> Result<bool, Error> {
        if let Some(image) = filter.image_id
            && ctx
                .db
                .fetch_optional(&sql::GET_IMAGE, values![image, workspace])
                .await?
                .is_none()
        {
            return Ok(false);
        }
        if let Some(project) = filter.project_id
            && ctx
                .db
                .fetch_optional(&sql::FIND_PROJECT, values![project, workspace])
                .await?
                .is_none()
        {
            return Ok(false);
        }
        Ok(true)
    }
}
