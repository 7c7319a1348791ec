//! What the planner may choose from the imported pieces of a workspace.
//!
//! A plan needs their sizes only; the file of a piece is read when it was chosen, by the thread that builds it.

use std::sync::Arc;

use tokio::runtime::Handle;
use vitrine_kernel::Result;
use vitrine_kernel::id::WorkspaceId;
use vitrine_platform::Ctx;
use vitrine_scene::furnish::{Assets, Imported, Library, Preference};
use vitrine_scene::model::import::Asset;
use vitrine_scene::model::ink::Ink;

use super::assets::{self, StoredAsset};

/// The pieces a workspace may use, its own and everybody's.
pub async fn of(ctx: &Ctx, workspace: WorkspaceId, preference: Preference) -> Result<Library> {
    let stored = assets::list(ctx, workspace).await?;
    Ok(Library {
        pieces: stored.iter().map(imported).collect(),
        preference,
        assets: Arc::new(Lender {
            ctx: ctx.clone(),
            workspace,
            handle: Handle::current(),
        }),
    })
}

fn imported(stored: &StoredAsset) -> Imported {
    Imported {
        id: stored.id.to_string(),
        kind: stored.kind,
        style: stored.style,
        size_m: stored.size_m.map(|side| side as f32),
        top_m: stored.top_m as f32,
        hangs: stored.hangs,
    }
}

/// Fetches pieces for threads that compute.
struct Lender {
    ctx: Ctx,
    workspace: WorkspaceId,
    handle: Handle,
}

impl Assets for Lender {
    /// `None` also for a piece that cannot be read: a room is furnished without it.
    fn asset(&self, id: &str) -> Option<Arc<Asset>> {
        let id = id.parse().ok()?;
        match self.handle.block_on(assets::fetch(&self.ctx, self.workspace, id)) {
            Ok(asset) => asset,
            Err(error) => {
                tracing::warn!("could not fetch the imported piece {id} for a plan: {error}");
                None
            }
        }
    }

    fn artwork(&self, _: &str) -> Option<Arc<Ink>> {
        None
    }
}
