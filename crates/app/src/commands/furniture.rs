//! `vitrine furniture`: pieces for everybody's catalogue, from files on this machine.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use vitrine_platform::Ctx;
use vitrine_scene::furnish::{Kind, Style};
use vitrine_scene::model::import::{Choice, Library, Limits, shortlist};
use vitrine_staging::furniture::imports::ImportWish;
use vitrine_staging::furniture::{assets, models};

use super::ConfigFile;
use crate::assemble;
use crate::config::Config;

/// No library is larger; what is, is not read into memory.
const MAX_FILE_BYTES: u64 = 256 << 20;

#[derive(Debug, Args)]
pub struct Furniture {
    #[command(flatten)]
    pub config: ConfigFile,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Import furniture for everybody on this instance; a repeated import replaces its pieces
    Import(Import),
}

#[derive(Debug, Args)]
struct Import {
    /// Sweet Home 3D libraries (.sh3f) and models (.glb)
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Which models of the libraries to take, as what, with which repairs; without it as much as the catalogues tell
    #[arg(long, value_name = "CSV")]
    shortlist: Option<PathBuf>,
    /// What a .glb model is, such as armchair
    #[arg(long, value_parser = kind)]
    kind: Option<Kind>,
    /// Which style a .glb model goes with
    #[arg(long, value_parser = style)]
    style: Option<Style>,
    /// Who made a .glb model
    #[arg(long)]
    creator: Option<String>,
    /// Licence of a .glb model, such as "CC BY 4.0"
    #[arg(long)]
    licence: Option<String>,
}

fn kind(text: &str) -> Result<Kind, String> {
    serde_json::from_value(text.into())
        .map_err(|_| "it must be a kind of the catalogue, such as armchair".to_owned())
}

fn style(text: &str) -> Result<Style, String> {
    serde_json::from_value(text.into()).map_err(|_| {
        "it must be one of modern, contemporary, traditional, industrial, scandinavian".to_owned()
    })
}

impl Furniture {
    pub async fn run(self, config: Config) -> anyhow::Result<ExitCode> {
        let Action::Import(import) = self.action;
        let choices = match &import.shortlist {
            Some(path) => {
                let text = std::fs::read_to_string(path)
                    .with_context(|| format!("could not read {}", path.display()))?;
                Some(shortlist::parse(&text)?)
            }
            None => None,
        };
        let ctx = assemble::context(&config, config.addr).await?;
        let mut table = Table::default();
        for file in &import.files {
            read_file(&ctx, file, &import, choices.as_deref(), &mut table).await?;
        }
        ctx.db.close().await;
        println!("{} imported, {} not", table.imported, table.refused);
        Ok(if table.imported > 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }
}

/// Prints a line per model and counts.
#[derive(Default)]
struct Table {
    imported: usize,
    refused: usize,
}

impl Table {
    fn taken(&mut self, source: &str, name: &str, repairs: &[String]) {
        self.imported += 1;
        println!("imported  {source:<42} {name}; {}", repairs.join(", "));
    }

    fn refused(&mut self, source: &str, reason: &dyn std::fmt::Display) {
        self.refused += 1;
        println!("not taken {source:<42} {reason}");
    }
}

async fn read_file(
    ctx: &Ctx,
    file: &Path,
    import: &Import,
    choices: Option<&[Choice]>,
    table: &mut Table,
) -> anyhow::Result<()> {
    let shown = file.display();
    let size = std::fs::metadata(file)
        .with_context(|| format!("could not read {shown}"))?
        .len();
    anyhow::ensure!(size <= MAX_FILE_BYTES, "{shown} is too large");
    let bytes = std::fs::read(file).with_context(|| format!("could not read {shown}"))?;
    let filename = file
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    if filename.to_ascii_lowercase().ends_with(".glb") {
        anyhow::ensure!(import.kind.is_some(), "say with --kind what {shown} is");
        anyhow::ensure!(
            import.licence.is_some(),
            "say with --licence what {shown} may be used for"
        );
        let wish = ImportWish {
            filename,
            file_size: size,
            kind: import.kind,
            style: import.style,
            name: None,
            creator: import.creator.clone(),
            licence: import.licence.clone(),
            size_m: None,
            yaw_deg: None,
            models: None,
        };
        return keep(ctx, None, models::of_glb(&bytes, &wish)?, table).await;
    }
    let library =
        Library::open(&bytes, &Limits::default()).with_context(|| format!("could not read {shown}"))?;
    let stem = file
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let Some(choices) = choices else {
        for at in (0..library.entries.len()).filter(|&at| models::has_kind(&library.entries[at])) {
            keep(
                ctx,
                Some(&stem),
                models::of_entry(&library, &library.entries[at], None)?,
                table,
            )
            .await?;
        }
        return Ok(());
    };
    for choice in choices.iter().filter(|choice| choice.library == stem) {
        match library.entries.iter().find(|entry| entry.model == choice.model) {
            Some(entry) => {
                keep(
                    ctx,
                    Some(&stem),
                    models::of_entry(&library, entry, Some(choice))?,
                    table,
                )
                .await?
            }
            None => table.refused(&format!("{stem}/{}", choice.model), &"it is not in the library"),
        }
    }
    Ok(())
}

async fn keep(
    ctx: &Ctx,
    library: Option<&str>,
    model: models::Model,
    table: &mut Table,
) -> anyhow::Result<()> {
    let source = models::source_of(library, &model.model);
    match model.outcome {
        Ok(packed) => {
            let asset = packed.asset.clone();
            assets::keep(ctx, None, &source, packed).await?;
            table.taken(&source, &asset.header.name, &asset.header.repairs);
        }
        Err(error) => table.refused(&source, &error),
    }
    Ok(())
}
