//! Vitrine's composition root: arguments, configuration, assembly, and the life of the process.

mod assemble;
mod assets;
pub mod commands;
pub mod config;
mod connections;
mod lifecycle;
mod server;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;
use commands::Command;

pub use assemble::{modules, openapi};

/// A self-hosted studio for people who sell with pictures.
#[derive(Debug, Parser)]
#[command(name = "vitrine", version, about, propagate_version = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

/// Parses the arguments, runs the command and answers the exit code.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    // One TLS provider for the whole program, chosen before any client is built.
    let _ = rustls::crypto::ring::default_provider().install_default();
    match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments.command.run(),
        Err(error) => {
            let _ = error.print();
            ExitCode::from(if error.use_stderr() { 2 } else { 0 })
        }
    }
}
