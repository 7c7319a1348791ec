//! Writing an archive to whoever reads it, photo by photo.

use bytes::Bytes;
use tokio::sync::mpsc;
use vitrine_kernel::Time;
use vitrine_platform::Ctx;
use vitrine_platform::files::{FileError, ZipWriter};
use vitrine_scene::model::import::Credit;

use super::manifest::Csv;
use super::service::{Plan, PlannedEntry};

/// Larger objects than any photo we store are not ours.
const ENTRY_MAX_BYTES: u64 = 512 * 1024 * 1024;
/// Pieces that may wait for a slow reader.
const WAITING_PIECES: usize = 2;
const PIECE_BYTES: usize = 256 * 1024;

/// The reader has gone away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gone;

/// Starts writing; the receiver ends after the last piece. Dropping it stops the work at the next piece.
pub fn write(ctx: Ctx, plan: Plan) -> mpsc::Receiver<Bytes> {
    let (sender, receiver) = mpsc::channel(WAITING_PIECES);
    tokio::spawn(async move {
        if write_to(&ctx, &plan, sender).await == Err(Gone) {
            tracing::debug!("a download of {} was given up by its reader", plan.filename);
        }
    });
    receiver
}

/// Writes all of it to a channel.
pub async fn write_to(ctx: &Ctx, plan: &Plan, sender: mpsc::Sender<Bytes>) -> Result<(), Gone> {
    Archive {
        zip: ZipWriter::default(),
        sender,
    }
    .write(ctx, plan)
    .await
}

struct Archive {
    zip: ZipWriter,
    sender: mpsc::Sender<Bytes>,
}

impl Archive {
    async fn write(&mut self, ctx: &Ctx, plan: &Plan) -> Result<(), Gone> {
        let mut missing = Vec::new();
        let mut manifest = Csv::default();
        manifest.row([
            "file",
            "photo",
            "room_type",
            "style",
            "engine",
            "seed",
            "image_id",
            "created_at",
            "credits",
        ]);
        let mut attribution = Attribution::default();
        for entry in &plan.entries {
            if self.sender.is_closed() {
                return Err(Gone);
            }
            // The whole entry, so that one that cannot be read to its end leaves no torso in the archive.
            match ctx.files.get_up_to(&entry.key, ENTRY_MAX_BYTES).await {
                Ok(bytes) => {
                    self.entry(&entry.name, bytes, entry.modified_at).await?;
                    add_to_manifest(&mut manifest, entry);
                    attribution.add(entry);
                }
                Err(error) => {
                    tracing::warn!(
                        file.key = entry.key,
                        "left {} out of a download: {error}",
                        entry.name
                    );
                    missing.push((entry.name.as_str(), reason(&error)));
                }
            }
        }
        if !missing.is_empty() {
            let mut text = String::from("These files could not be read and are not in this archive:\r\n\r\n");
            for (name, reason) in missing {
                text.push_str(&format!("{name}: {reason}\r\n"));
            }
            self.entry("MISSING.txt", text.into(), ctx.now()).await?;
        }
        if let Some(text) = attribution.into_text() {
            self.entry("ATTRIBUTION.txt", text.into(), ctx.now()).await?;
        }
        self.entry("manifest.csv", manifest.into_bytes().into(), ctx.now())
            .await?;
        let directory = std::mem::take(&mut self.zip).finish();
        self.send(directory.into()).await
    }

    async fn entry(&mut self, name: &str, bytes: Bytes, modified: Time) -> Result<(), Gone> {
        let size = u32::try_from(bytes.len()).expect("entries are read up to a limit below 4 GiB");
        let header = self.zip.start(name, size, crc32fast::hash(&bytes), modified);
        self.send(header.into()).await?;
        let mut rest = bytes;
        while !rest.is_empty() {
            let piece = rest.split_to(rest.len().min(PIECE_BYTES));
            self.send(piece).await?;
        }
        Ok(())
    }

    async fn send(&self, bytes: Bytes) -> Result<(), Gone> {
        self.sender.send(bytes).await.map_err(|_| Gone)
    }
}

fn lines(credits: &[Credit]) -> Vec<String> {
    credits.iter().map(Credit::line).collect()
}

/// Whose work is in which picture, as licences such as CC BY ask it to be said.
#[derive(Default)]
struct Attribution(String);

impl Attribution {
    fn add(&mut self, entry: &PlannedEntry) {
        let credits = entry.staging.as_ref().map_or(&[][..], |staging| &staging.credits);
        if credits.is_empty() {
            return;
        }
        self.0.push_str(&format!("\r\n{}\r\n", entry.name));
        for line in lines(credits) {
            self.0.push_str(&format!("  {line}\r\n"));
        }
    }

    /// Nothing when no picture has a piece that somebody must be thanked for.
    fn into_text(self) -> Option<String> {
        (!self.0.is_empty()).then(|| {
            let head = "These pictures show furniture models made by others. Print these lines with a picture when you \
                publish it.\r\n";
            format!("{head}{}", self.0)
        })
    }
}

fn add_to_manifest(manifest: &mut Csv, entry: &PlannedEntry) {
    let created_at = entry
        .modified_at
        .to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    match &entry.staging {
        Some(staging) => manifest.row([
            entry.name.as_str(),
            &entry.photo,
            staging.room_type.as_deref().unwrap_or_default(),
            &staging.style,
            &staging.engine,
            &staging.seed.to_string(),
            &staging.image_id.to_string(),
            &created_at,
            &lines(&staging.credits).join("; "),
        ]),
        None => manifest.row([
            entry.name.as_str(),
            &entry.photo,
            "",
            "",
            "",
            "",
            "",
            &created_at,
            "",
        ]),
    }
}

/// Why a file is missing, for a person.
fn reason(error: &FileError) -> &'static str {
    match error {
        FileError::NotFound { .. } => "it is no longer in the storage",
        _ => "the storage could not deliver it; download again later",
    }
}
