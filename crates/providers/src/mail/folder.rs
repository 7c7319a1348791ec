//! Mail as files, for machines without a mail server: one `.eml` each, which every mail program opens.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use lettre::message::Mailbox;

use super::{Mail, MailError, Mailer, message, smtp};

/// A folder that is made when the first letter comes.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    from: Mailbox,
}

impl Folder {
    /// Answers what is wrong with the sender.
    pub fn new(path: impl Into<PathBuf>, from: &str) -> Result<Self, String> {
        Ok(Self {
            path: path.into(),
            from: smtp::parse_sender(from)?,
        })
    }
}

/// The letter's id with only what every file system takes.
fn file_name(message_id: &str) -> String {
    let id = message_id.split('@').next().unwrap_or_default();
    let safe: String = id
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '-' {
                c
            } else {
                '_'
            }
        })
        .collect();
    format!("{safe}.eml")
}

/// Written beside and renamed, so that nobody reads half a letter.
async fn write(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    tokio::fs::create_dir_all(folder).await?;
    let part = folder.join(format!("{name}.part"));
    tokio::fs::write(&part, bytes).await?;
    tokio::fs::rename(&part, folder.join(name)).await
}

#[async_trait]
impl Mailer for Folder {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let message = message::build(mail, &self.from)?;
        write(&self.path, &file_name(&mail.message_id), &message.formatted())
            .await
            .map_err(|error| MailError::Failed(format!("{}: {error}", self.path.display())))
    }

    fn is_local(&self) -> bool {
        true
    }

    fn describe(&self) -> String {
        format!("files in {}", self.path.display())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_letter_becomes_a_file_and_a_repeat_replaces_it() {
        let home = tempfile::tempdir().expect("the temporary folder is writable");
        let folder = Folder::new(home.path().join("mail"), "Vitrine <a@b.cd>").expect("a sender");
        let mail = Mail {
            message_id: "0190-7@vitrine.test".to_owned(),
            to: "ada@example.com".to_owned(),
            subject: "Hello".to_owned(),
            text: "Hello".to_owned(),
            html: "<p>Hello</p>".to_owned(),
            unsubscribe_url: None,
        };
        folder.send(&mail).await.expect("it is written");
        folder.send(&mail).await.expect("it is written again");
        let names: Vec<_> = std::fs::read_dir(home.path().join("mail"))
            .expect("the folder was made")
            .map(|entry| entry.expect("readable").file_name())
            .collect();
        assert_eq!(names, ["0190-7.eml"]);
    }
}
