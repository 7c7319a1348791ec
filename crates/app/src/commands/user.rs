//! `vitrine user`: accounts from the command line, for the person who runs the machine.

use std::io::BufRead as _;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use vitrine_kernel::text::Email;
use vitrine_platform::accounts::operators;

use super::ConfigFile;
use crate::assemble;
use crate::config::Config;

#[derive(Debug, Args)]
pub struct User {
    #[command(flatten)]
    pub config: ConfigFile,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make a verified operator account; the password is read from standard input
    Create {
        email: String,
        #[arg(long)]
        full_name: Option<String>,
    },
    /// Make an existing account an operator
    Promote { email: String },
}

impl User {
    pub async fn run(self, config: Config) -> anyhow::Result<ExitCode> {
        let ctx = assemble::context(&config, config.addr).await?;
        let result = match &self.action {
            Action::Create { email, full_name } => {
                let password = read_password()?;
                let name = full_name
                    .clone()
                    .unwrap_or_else(|| email.split('@').next().unwrap_or_default().to_owned());
                operators::create(&ctx, email, &password, &name)
                    .await
                    .map(|_| format!("made the operator account {email}"))
            }
            Action::Promote { email } => {
                let Some(address) = Email::parse(email) else {
                    anyhow::bail!("{email} is not an e-mail address")
                };
                operators::promote(&ctx, &address)
                    .await
                    .map(|()| format!("{email} is an operator now"))
            }
        };
        ctx.db.close().await;
        match result {
            Ok(line) => {
                println!("{line}");
                Ok(ExitCode::SUCCESS)
            }
            Err(error) => {
                eprintln!("{}", error.detail());
                for field in error.fields() {
                    eprintln!("  {}: {}", field.field, field.message);
                }
                Ok(ExitCode::FAILURE)
            }
        }
    }
}

fn read_password() -> anyhow::Result<String> {
    eprint!("password: ");
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
