//! `vitrine openapi`: the document that `GET /api/v1/openapi.json` serves.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Args;

#[derive(Debug, Args)]
pub struct Openapi {}

impl Openapi {
    pub fn run(self) -> ExitCode {
        match crate::assemble::openapi().to_pretty_json() {
            Ok(text) if writeln!(std::io::stdout(), "{text}").is_ok() => ExitCode::SUCCESS,
            _ => ExitCode::FAILURE,
        }
    }
}
