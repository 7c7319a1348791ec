//! The one binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    vitrine_app::run(std::env::args_os())
}
