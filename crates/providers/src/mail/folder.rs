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

/// Written beside and renamed, so that nobody reads half a letter; what a full disk cut short is removed.
async fn write(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    tokio::fs::create_dir_all(folder).await?;
    let part = folder.join(format!("{name}.part"));
    let written = match tokio::fs::write(&part, bytes).await {
        Ok(()) => tokio::fs::rename(&part, folder.join(name)).await,
        failed => failed,
    };
    if written.is_err() {
        let _ = tokio::fs::remove_file(&part).await;
    }
    written
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

    fn mail() -> Mail {
        Mail {
            message_id: "0190-7@vitrine.test".to_owned(),
            to: "ada@example.com".to_owned(),
            subject: "Hello".to_owned(),
            text: "Hello".to_owned(),
            html: "<p>Hello</p>".to_owned(),
            unsubscribe_url: None,
        }
    }

    fn names(home: &tempfile::TempDir) -> Vec<String> {
        std::fs::read_dir(home.path().join("mail"))
            .expect("the folder was made")
            .map(|entry| entry.expect("readable").file_name())
            .map(|name| name.into_string().expect("plain names"))
            .collect()
    }

    #[tokio::test]
    async fn a_letter_becomes_a_file_and_a_repeat_replaces_it() {
        let home = tempfile::tempdir().expect("the temporary folder is writable");
        let folder = Folder::new(home.path().join("mail"), "Vitrine <a@b.cd>").expect("a sender");
        folder.send(&mail()).await.expect("it is written");
        folder.send(&mail()).await.expect("it is written again");
        assert_eq!(names(&home), ["0190-7.eml"]);
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_full_disk_leaves_no_half_letter_and_the_next_try_writes_it() {
        let home = tempfile::tempdir().expect("the temporary folder is writable");
        let folder = Folder::new(home.path().join("mail"), "Vitrine <a@b.cd>").expect("a sender");
        std::fs::create_dir(home.path().join("mail")).expect("it is writable");
        // What is written there goes to a device that is always full.
        let part = home.path().join("mail/0190-7.eml.part");
        std::os::unix::fs::symlink("/dev/full", part).expect("it is writable");
        let error = folder.send(&mail()).await.expect_err("nothing fits");
        assert!(
            matches!(&error, MailError::Failed(text) if text.contains("os error 28")),
            "{error:?}"
        );
        assert_eq!(names(&home), [""; 0]);
        folder.send(&mail()).await.expect("there is space again");
        assert_eq!(names(&home), ["0190-7.eml"]);
    }
}
