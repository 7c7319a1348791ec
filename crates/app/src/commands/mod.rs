//! What the program can do, one file per command.

mod doctor;
mod furniture;
mod migrate;
mod mockup;
mod openapi;
pub(crate) mod serve;
mod shelf;
mod stage;
mod user;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::config::{Config, ConfigError, EX_CONFIG};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the server: web app, API and background work
    Serve(serve::Serve),
    /// Bring the database's schema up to date
    Migrate(migrate::Migrate),
    /// Furnish photos of empty rooms with the built-in engine; no server, no network
    Stage(stage::Stage),
    /// Show a design on a poster, a mug, a T-shirt or a tote bag; no server, no network
    Mockup(mockup::Mockup),
    /// Import furniture into the catalogue
    Furniture(furniture::Furniture),
    /// Make or promote an account
    User(user::User),
    /// Print the OpenAPI document
    Openapi(openapi::Openapi),
    /// Check configuration, database and storage, and say what is wrong
    Doctor(doctor::Doctor),
}

impl Command {
    pub fn run(self) -> ExitCode {
        match self {
            Self::Serve(command) => with_runtime(command.config.clone(), |config| command.run(config)),
            Self::Migrate(command) => with_runtime(command.config.clone(), |config| command.run(config)),
            Self::User(command) => with_runtime(command.config.clone(), |config| command.run(config)),
            Self::Furniture(command) => with_runtime(command.config.clone(), |config| command.run(config)),
            Self::Doctor(command) => with_runtime(command.config.clone(), |config| command.run(config)),
            Self::Openapi(command) => command.run(),
            Self::Stage(command) => command.run(),
            Self::Mockup(command) => command.run(),
        }
    }
}

/// Where the configuration file is.
#[derive(Debug, Clone, Args)]
pub struct ConfigFile {
    /// Configuration file; `vitrine.toml` in the current folder is read when it is there
    #[arg(long = "config", value_name = "FILE")]
    file: Option<PathBuf>,
}

/// Loads the configuration and runs the command on a runtime; a bad configuration ends with exit code 78.
fn with_runtime<F>(file: ConfigFile, command: impl FnOnce(Config) -> F) -> ExitCode
where
    F: Future<Output = anyhow::Result<ExitCode>>,
{
    let config = match Config::load(file.file) {
        Ok(config) => config,
        Err(error) => return bad_configuration(&error),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("could not start: {error}");
            return ExitCode::FAILURE;
        }
    };
    let code = runtime.block_on(command(config)).unwrap_or_else(|error| {
        if let Some(error) = error.downcast_ref::<ConfigError>() {
            return bad_configuration(error);
        }
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    });
    // Whatever still runs on the blocking pool was asked to stop; do not wait for it forever.
    runtime.shutdown_timeout(std::time::Duration::from_secs(5));
    code
}

fn bad_configuration(error: &ConfigError) -> ExitCode {
    eprintln!("{error}");
    ExitCode::from(EX_CONFIG)
}
