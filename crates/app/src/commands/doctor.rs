//! `vitrine doctor`: looks at everything the server needs and says what is wrong.

use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use vitrine_db::{Db, DbOptions, migrate};
use vitrine_platform::vault::{self, Resealed};

use super::ConfigFile;
use crate::assemble;
use crate::config::Config;

/// How long another server may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Debug, Args)]
pub struct Doctor {
    #[command(flatten)]
    pub config: ConfigFile,
    /// List the kinds of background work
    #[arg(long)]
    jobs: bool,
    /// Seal every stored secret anew under VITRINE_SECRET_KEY; VITRINE_PREVIOUS_SECRET_KEY opens the old ones
    #[arg(long)]
    rotate: bool,
}

impl Doctor {
    pub async fn run(self, config: Config) -> anyhow::Result<ExitCode> {
        if self.jobs {
            for kind in assemble::modules().iter().flat_map(|module| &module.jobs) {
                println!("{}", kind.name());
            }
            return Ok(ExitCode::SUCCESS);
        }
        if self.rotate {
            return rotate(&config).await;
        }
        println!(
            "ok      configuration: {:?}, {}",
            config.environment,
            config.public_url_at(config.addr)
        );
        for name in &config.without_effect {
            println!("note    {name} has no effect in this version");
        }
        let mut healthy = true;
        let mut say = |what: &str, result: Result<String, String>| match result {
            Ok(words) => println!("ok      {what}: {words}"),
            Err(words) => {
                healthy = false;
                println!("WRONG   {what}: {words}");
            }
        };
        say(
            "data directory",
            assemble::prepare_data_dir(&config)
                .map(|()| config.data_dir.display().to_string())
                .map_err(|error| format!("{error:#}")),
        );
        match Db::open(config.database_url.expose(), DbOptions::default()).await {
            Err(error) => say("database", Err(error.to_string())),
            Ok(db) => {
                say(
                    "database",
                    db.ping()
                        .await
                        .map(|()| format!("{:?} answers", db.kind()))
                        .map_err(|error| error.to_string()),
                );
                let schema = migrate::status(&db)
                    .await
                    .map_err(|error| error.to_string())
                    .and_then(|status| {
                        if status.pending.is_empty() {
                            Ok("up to date".to_owned())
                        } else {
                            Err(format!(
                                "waiting for {}; run `vitrine migrate`",
                                status.pending.join(", ")
                            ))
                        }
                    });
                say("schema", schema);
                db.close().await;
            }
        }
        let storage = match assemble::files(&config) {
            Ok(files) => files
                .probe()
                .await
                .map(|()| config.storage_url.clone())
                .map_err(|error| error.to_string()),
            Err(error) => Err(format!("{error:#}")),
        };
        say("storage", storage);
        match assemble::buckets(&config, PATIENCE) {
            Ok(None) => {}
            Ok(Some(buckets)) => say(
                "redis",
                match buckets.ping().await {
                    Ok(()) => Ok(buckets.describe().to_owned()),
                    Err(error) => Err(format!("{}: {error}", buckets.describe())),
                },
            ),
            Err(error) => say("redis", Err(error.to_string())),
        }
        let mail = assemble::mailer(&config).map_err(|error| format!("{error:#}"));
        let note = mail
            .as_ref()
            .ok()
            .and_then(|mailer| assemble::mail_note(config.environment, &**mailer));
        match note {
            Some(note) => println!("note    mail: {note}"),
            None => say("mail", mail.map(|mailer| mailer.describe())),
        }
        Ok(if healthy {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }
}

/// Seals everything anew and says what is left under another secret.
async fn rotate(config: &Config) -> anyhow::Result<ExitCode> {
    let ctx = assemble::context(config, config.addr).await?;
    let mut sum = Resealed::default();
    for column in assemble::modules().iter().flat_map(|module| &module.sealed) {
        let found = vault::reseal(&ctx, column).await?;
        println!(
            "{}.{}: {} sealed anew, {} already were, {} changed meanwhile, {} cannot be opened",
            column.table, column.column, found.anew, found.already, found.changed, found.unreadable
        );
        sum.changed += found.changed;
        sum.unreadable += found.unreadable;
    }
    ctx.db.close().await;
    Ok(match sum {
        Resealed { unreadable: 1.., .. } => {
            println!("some secrets open with neither VITRINE_SECRET_KEY nor VITRINE_PREVIOUS_SECRET_KEY");
            ExitCode::FAILURE
        }
        Resealed { changed: 1.., .. } => {
            println!("run this again: somebody else wrote at the same time");
            ExitCode::FAILURE
        }
        Resealed { .. } => {
            println!("everything is sealed under VITRINE_SECRET_KEY; VITRINE_PREVIOUS_SECRET_KEY can go");
            ExitCode::SUCCESS
        }
    })
}
