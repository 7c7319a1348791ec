//! Handing letters over, and forgetting old ones.

use std::time::Duration;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use vitrine_db::{Tx, values};
use vitrine_kernel::Error;
use vitrine_kernel::backoff::Backoff;
use vitrine_kernel::id::MailId;
use vitrine_providers::mail::{Mail, MailError};

use super::letter::Content;
use super::{outbox, sql};
use crate::jobs::{Job, JobEnd, JobError, JobRun, Priority, Subject};
use crate::{Ctx, vault};

/// Days that the note about a sent letter is kept.
const KEPT_DAYS: i64 = 90;

/// Hands one letter over. A process that dies after the mail server took it and before that is noted cannot know, and
/// hands it over once more: under the same `Message-ID`, by which mailboxes know it for the same.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SendMail {
    pub mail_id: MailId,
}

#[async_trait]
impl Job for SendMail {
    const KIND: &'static str = "platform.send_mail";
    const MAX_ATTEMPTS: u32 = 8;
    const PRIORITY: Priority = Priority::Urgent;
    const TIMEOUT: Duration = Duration::from_secs(60);
    const BACKOFF: Backoff = Backoff::new(10_000, 3_600_000);

    fn subject(&self) -> Option<Subject> {
        Some(Subject {
            kind: "mail",
            id: self.mail_id.0,
        })
    }

    async fn run(&self, ctx: &Ctx, _run: &JobRun) -> Result<(), JobError> {
        let Some(row) = ctx
            .db
            .fetch_optional(&sql::GET_QUEUED_MAIL, values![self.mail_id])
            .await?
        else {
            return Ok(());
        };
        let to_key: String = row.get("to_key")?;
        let bounced = ctx
            .db
            .fetch_one(&sql::HAS_BOUNCED, values![&to_key])
            .await?
            .get::<bool>("is_so")?;
        if bounced && !row.get::<bool>("is_essential")? {
            return self.end(ctx, "suppressed", None).await;
        }
        let sealed: Vec<u8> = row.get("sealed_letter")?;
        let content: Content = serde_json::from_slice(&vault::open(ctx, outbox::PURPOSE, &sealed)?)
            .map_err(|error| Error::internal("mails.sealed_letter is not readable").with_source(error))?;
        let mail = self.compose(ctx, row.get("to_address")?, &content)?;
        match ctx.mailer.send(&mail).await {
            Ok(()) => {
                if ctx.mailer.is_local() {
                    let link = content.letter.action.as_ref().map_or("", |(_, url)| url);
                    tracing::info!(
                        "mail to {} in {}: {} {link}",
                        mail.to,
                        ctx.mailer.describe(),
                        mail.subject
                    );
                }
                self.end(ctx, "sent", None).await
            }
            Err(MailError::Refused(reason)) => {
                tracing::info!(mail.id = %self.mail_id, "mail {} was refused: {reason}", self.mail_id);
                let mut tx = ctx.db.begin().await?;
                tx.execute(&sql::RECORD_BOUNCE, values![&to_key, &reason, ctx.now()])
                    .await?;
                self.end_in(ctx, &mut tx, "bounced", Some(&reason)).await?;
                Ok(tx.commit().await?)
            }
            Err(error @ MailError::Failed(_)) => Err(JobError::retry(
                "mail_failed",
                "The mail server did not take the letter.",
            )
            .with_source(error)),
        }
    }

    async fn ended(&self, ctx: &Ctx, tx: &mut Tx, end: &JobEnd) -> Result<(), Error> {
        if *end == JobEnd::Done {
            return Ok(());
        }
        self.end_in(ctx, tx, "failed", None).await
    }
}

impl SendMail {
    fn compose(&self, ctx: &Ctx, to: String, content: &Content) -> Result<Mail, Error> {
        let public_url = &ctx.settings.public_url;
        let host = url::Url::parse(public_url)
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned))
            .unwrap_or_else(|| "localhost".to_owned());
        Ok(Mail {
            message_id: format!("{}@{host}", self.mail_id),
            to,
            subject: content.letter.subject.clone(),
            text: content.text(public_url)?,
            html: content.html(public_url)?,
            unsubscribe_url: content.letter.unsubscribe_url.clone(),
        })
    }

    async fn end(&self, ctx: &Ctx, status: &str, reason: Option<&str>) -> Result<(), JobError> {
        let mut tx = ctx.db.begin().await?;
        self.end_in(ctx, &mut tx, status, reason).await?;
        Ok(tx.commit().await?)
    }

    async fn end_in(&self, ctx: &Ctx, tx: &mut Tx, status: &str, reason: Option<&str>) -> Result<(), Error> {
        tx.execute(&sql::END_MAIL, values![self.mail_id, status, reason, ctx.now()])
            .await?;
        Ok(())
    }
}

/// Deletes notes about letters of long ago.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PurgeMails {}

#[async_trait]
impl Job for PurgeMails {
    const KIND: &'static str = "platform.purge_mails";
    const PRIORITY: Priority = Priority::Whenever;

    fn unique_key(&self) -> Option<String> {
        Some(Self::KIND.to_owned())
    }

    async fn run(&self, ctx: &Ctx, _run: &JobRun) -> Result<(), JobError> {
        let before = ctx.now() - chrono::Duration::days(KEPT_DAYS);
        let mut tx = ctx.db.begin().await?;
        tx.execute(&sql::PURGE_MAILS, values![before]).await?;
        Ok(tx.commit().await?)
    }
}
