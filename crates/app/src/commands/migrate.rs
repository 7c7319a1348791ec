//! `vitrine migrate`: brings the schema up to date.

use std::process::ExitCode;

use clap::Args;
use vitrine_db::{Db, DbOptions, migrate};
use vitrine_kernel::{Clock as _, SystemClock};

use super::ConfigFile;
use crate::config::Config;

#[derive(Debug, Args)]
pub struct Migrate {
    #[command(flatten)]
    pub config: ConfigFile,
    /// Only say what is applied and what is waiting
    #[arg(long)]
    status: bool,
}

impl Migrate {
    pub async fn run(self, config: Config) -> anyhow::Result<ExitCode> {
        crate::assemble::prepare_data_dir(&config)?;
        let db = Db::open(config.database_url.expose(), DbOptions::default()).await?;
        if self.status {
            let status = migrate::status(&db).await?;
            for name in &status.applied {
                println!("applied  {name}");
            }
            for name in &status.pending {
                println!("waiting  {name}");
            }
        } else {
            let applied = migrate::migrate(&db, SystemClock.now()).await?;
            for name in &applied {
                println!("applied  {name}");
            }
            if applied.is_empty() {
                println!("nothing to do: the schema is up to date");
            }
        }
        db.close().await;
        Ok(ExitCode::SUCCESS)
    }
}
