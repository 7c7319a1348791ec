//! Telling whoever asked for an image how it ended. Only its first picture is news; later versions are made under the
//! eyes of somebody who edits.

use vitrine_db::{Tx, values};
use vitrine_kernel::Result;
use vitrine_kernel::id::AccountId;
use vitrine_platform::Ctx;
use vitrine_platform::notifications::{Cadence, Channels, Group, Kind, Notice, service};

use super::model::{Image, ImageFailure};
use super::sql;

pub static READY: Kind = Kind {
    code: "staging.image_ready",
    title: "Images are ready",
    channels: Channels {
        in_app: true,
        email: Cadence::Off,
    },
    is_essential: false,
    is_shared: true,
    title_of_many: Some(|count| format!("{count} images are ready")),
};

pub static FAILED: Kind = Kind {
    code: "staging.image_failed",
    title: "A staging failed",
    channels: Channels {
        in_app: true,
        email: Cadence::Off,
    },
    is_essential: false,
    is_shared: true,
    title_of_many: Some(|count| format!("{count} images could not be made")),
};

pub(super) async fn ready(tx: &mut Tx, ctx: &Ctx, image: &Image) -> Result<()> {
    let title = "An image is ready".to_owned();
    tell(
        tx,
        ctx,
        image,
        &READY,
        title,
        image.original_filename.clone(),
        "ready",
    )
    .await
}

pub(super) async fn failed(tx: &mut Tx, ctx: &Ctx, image: &Image, failure: &ImageFailure) -> Result<()> {
    let title = format!("{} could not be furnished", image.original_filename);
    tell(tx, ctx, image, &FAILED, title, failure.message.clone(), "error").await
}

async fn tell(
    tx: &mut Tx,
    ctx: &Ctx,
    image: &Image,
    kind: &'static Kind,
    title: String,
    body: String,
    status: &'static str,
) -> Result<()> {
    if image.version > 1 {
        return Ok(());
    }
    let row = tx.fetch_one(&sql::GET_ASKED_BY, values![image.id]).await?;
    let Some(account) = row.get::<Option<AccountId>>("asked_by")? else {
        return Ok(());
    };
    let notice = Notice {
        workspace: Some(image.workspace_id),
        body,
        link: Some(format!("/projects/{}?view={}", image.project_id, image.id)),
        project: Some(image.project_id),
        status: Some(status),
        group: Some(Group {
            key: image.project_id.to_string(),
            link: Some(format!("/projects/{}", image.project_id)),
        }),
        ..Notice::new(account, kind, title)
    };
    service::notify(tx, ctx, notice).await
}
