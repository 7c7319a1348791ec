//! `vitrine serve`: the server.

use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::ConfigFile;
use crate::config::Config;
use crate::server;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// Web app, API and background work
    All,
    /// Web app and API only
    Api,
    /// Background work only
    Worker,
}

impl Role {
    pub fn serves(self) -> bool {
        self != Self::Worker
    }

    pub fn works(self) -> bool {
        self != Self::Api
    }
}

#[derive(Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    pub config: ConfigFile,
    /// What this process does
    #[arg(long, value_enum, default_value = "all")]
    role: Role,
}

impl Serve {
    pub async fn run(self, config: Config) -> anyhow::Result<ExitCode> {
        server::run(config, self.role).await?;
        Ok(ExitCode::SUCCESS)
    }
}
