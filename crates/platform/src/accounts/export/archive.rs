//! Writing the archive, entry by entry, straight into the storage.

use bytes::Bytes;
use futures_util::TryStreamExt as _;
use serde_json::Value;
use vitrine_db::belongings::{Belonging, Owner, belongings, traces};
use vitrine_db::{Row, values};
use vitrine_kernel::Error;
use vitrine_kernel::id::{AccountId, WorkspaceId};

use super::sql;
use crate::Ctx;
use crate::files::{FileWriter, ZipWriter};
use crate::jobs::JobRun;

/// What only the machinery needs.
const LEFT_OUT: [&str; 6] = [
    "idempotency_records",
    "event_tickets",
    "events",
    "jobs",
    "refresh_tokens",
    "account_tokens",
];
/// Columns that name an account in a row about somebody else: whom a request was handed to, who sent an invitation.
const ABOUT_OTHERS: [&str; 2] = ["assignee_id", "invited_by"];
/// Columns whose names begin or end like this hold what opens something.
const SECRET_MARKS: [&str; 4] = ["hash", "secret", "sealed", "token"];
/// Larger than anything that is stored for a person; such a file is named in the list and left out.
const FILE_MAX_BYTES: u64 = 512 * 1024 * 1024;

const README: &str = "Everything Vitrine keeps about your account.

account/      you: your account, settings, sessions and what was done with them
workspaces/   one folder for each workspace you own: its rows as JSON, and its files under files/

elsewhere/    what you wrote, uploaded or were told in workspaces of others, and that you belong to them. The photos and
              rooms there are theirs and not in here, nor are files you attached

Each .json file is a list of rows. Passwords, keys and other secrets are not in here: only their fingerprints are kept,
and those are left out.
";

pub(super) struct Archive<'a> {
    ctx: &'a Ctx,
    zip: ZipWriter,
    writer: FileWriter,
    size_bytes: u64,
}

/// Writes everything of an account; answers the size of the archive.
pub(super) async fn write(
    ctx: &Ctx,
    run: &JobRun,
    writer: FileWriter,
    account: AccountId,
) -> Result<u64, Error> {
    let mut archive = Archive {
        ctx,
        zip: ZipWriter::default(),
        writer,
        size_bytes: 0,
    };
    match archive.everything(run, account).await {
        Ok(()) => archive.finish().await,
        Err(error) => {
            archive.writer.abort().await;
            Err(error)
        }
    }
}

impl Archive<'_> {
    async fn everything(&mut self, run: &JobRun, account: AccountId) -> Result<(), Error> {
        let ctx = self.ctx;
        self.entry("README.txt", Bytes::from_static(README.as_bytes()))
            .await?;
        let me = ctx
            .db
            .fetch_all(&sql::GET_WHOLE_ACCOUNT, values![account])
            .await?;
        self.rows("account/account.json", &me).await?;
        let trail = ctx.db.fetch_all(&sql::LIST_TRAIL, values![account]).await?;
        self.rows("account/activity.json", &trail).await?;
        self.tables("account", Owner::Account(account.0)).await?;
        let owned = ctx
            .db
            .fetch_all(&sql::LIST_OWNED_WORKSPACES, values![account])
            .await?;
        self.rows("workspaces/workspaces.json", &owned).await?;
        for row in &owned {
            let id: WorkspaceId = row.get("id")?;
            run.progress(10, "collecting_rows").await;
            self.tables(&format!("workspaces/{id}"), Owner::Workspace(id.0))
                .await?;
            run.progress(40, "collecting_files").await;
            self.files(run, id).await?;
        }
        let scattered = traces(&ctx.db, &ABOUT_OTHERS).await?;
        self.tables_of("elsewhere", Owner::Account(account.0), scattered)
            .await
    }

    async fn tables(&mut self, folder: &str, owner: Owner) -> Result<(), Error> {
        let all = belongings(&self.ctx.db, owner).await?;
        self.tables_of(folder, owner, all).await
    }

    /// One file for each table, or several when it is long.
    async fn tables_of(&mut self, folder: &str, owner: Owner, all: Vec<Belonging>) -> Result<(), Error> {
        for one in all {
            if LEFT_OUT.contains(&one.table.as_str()) {
                continue;
            }
            for page in 0.. {
                let rows = one.page(&self.ctx.db, owner, page).await?;
                if rows.is_empty() {
                    break;
                }
                let name = match page {
                    0 => format!("{folder}/{}.json", one.table),
                    more => format!("{folder}/{}-{}.json", one.table, more + 1),
                };
                self.rows(&name, &rows).await?;
            }
        }
        Ok(())
    }

    async fn rows(&mut self, name: &str, rows: &[Row]) -> Result<(), Error> {
        let mut all = Vec::with_capacity(rows.len());
        for row in rows {
            let mut row = row.to_json()?;
            row.retain(|name, _| {
                !SECRET_MARKS
                    .iter()
                    .any(|mark| name.starts_with(mark) || name.ends_with(mark))
            });
            all.push(Value::Object(row));
        }
        let text = serde_json::to_vec_pretty(&all)
            .map_err(|error| Error::internal("rows cannot be written as JSON").with_source(error))?;
        self.entry(name, text.into()).await
    }

    /// One file in memory at a time.
    async fn files(&mut self, run: &JobRun, workspace: WorkspaceId) -> Result<(), Error> {
        for folder in self.ctx.files.folders_of(workspace).await? {
            let mut objects = self.ctx.files.list(&folder);
            while let Some(object) = objects.try_next().await? {
                if run.canceled().is_cancelled() {
                    return Err(Error::internal("an export was stopped"));
                }
                let name = format!("workspaces/{workspace}/files/{}", object.key);
                match self.ctx.files.get_up_to(&object.key, FILE_MAX_BYTES).await {
                    Ok(bytes) => self.entry(&name, bytes).await?,
                    // It was deleted meanwhile, or cannot be read; the rest is still worth having.
                    Err(error) => tracing::warn!(file.key = object.key, "left out of an export: {error}"),
                }
            }
        }
        Ok(())
    }

    async fn entry(&mut self, name: &str, bytes: Bytes) -> Result<(), Error> {
        let size = u32::try_from(bytes.len()).map_err(|error| {
            Error::internal(format!("{name} is too long for an archive")).with_source(error)
        })?;
        let head = self
            .zip
            .start(name, size, crc32fast::hash(&bytes), self.ctx.now());
        self.write(head.into()).await?;
        self.write(bytes).await
    }

    async fn write(&mut self, bytes: Bytes) -> Result<(), Error> {
        self.size_bytes += bytes.len() as u64;
        Ok(self.writer.write(bytes).await?)
    }

    async fn finish(mut self) -> Result<u64, Error> {
        let end = std::mem::take(&mut self.zip).finish();
        self.write(end.into()).await?;
        self.writer.finish().await?;
        Ok(self.size_bytes)
    }
}
