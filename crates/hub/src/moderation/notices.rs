//! Telling moderators what was flagged, and authors what was decided.

use vitrine_db::Tx;
use vitrine_kernel::Error;
use vitrine_kernel::id::AccountId;
use vitrine_platform::notifications::{Cadence, Channels, Group, Kind, Notice, news, service};
use vitrine_platform::{Actor, Ctx};

use super::model::{Decision, FlagReason, Item, SubjectKind};
use crate::posts::model::PostState;
use crate::text::excerpt;

pub static DECIDED: Kind = Kind {
    code: "community.moderated",
    title: "Moderators decided about what you wrote",
    channels: Channels {
        in_app: true,
        email: Cadence::Instant,
    },
    is_essential: false,
    is_shared: false,
    title_of_many: None,
};

pub static FLAGGED: Kind = Kind {
    code: "operator.flagged",
    title: "Readers flag a post or comment (operators)",
    channels: Channels {
        in_app: true,
        email: Cadence::Off,
    },
    is_essential: false,
    is_shared: false,
    title_of_many: Some(|count| format!("{count} flags wait for a moderator")),
};

/// A reader flagged something: every moderator but the reader and its author hears of it, of several in one line.
pub(super) async fn flagged(
    tx: &mut Tx,
    ctx: &Ctx,
    reader: AccountId,
    author: AccountId,
    kind: SubjectKind,
    reason: FlagReason,
    text: &str,
) -> Result<(), Error> {
    for moderator in news::operators(tx).await? {
        if moderator == reader || moderator == author {
            continue;
        }
        let reason = reason.as_str().replace('_', " ");
        let title = format!("A {} was flagged: {reason}", kind.as_str());
        let notice = Notice {
            body: excerpt(text),
            link: Some("/community/moderation".to_owned()),
            group: Some(Group {
                key: "flags".to_owned(),
                link: None,
            }),
            ..Notice::new(moderator, &FLAGGED, title)
        };
        service::notify(tx, ctx, notice).await?;
    }
    Ok(())
}

/// A decision that changed what others see, to the author unless it is the moderator's own text.
pub(super) async fn decided(
    tx: &mut Tx,
    ctx: &Ctx,
    actor: &Actor,
    before: &Item,
    decision: Decision,
) -> Result<(), Error> {
    let what = before.kind.as_str();
    let (title, body) = match decision {
        Decision::Remove if before.state != PostState::Removed => {
            (format!("Your {what} was removed"), excerpt(&before.body))
        }
        Decision::Keep if before.state != PostState::Visible => {
            (format!("Your {what} can be seen again"), excerpt(&before.body))
        }
        Decision::Lock if !before.is_locked => (
            "Your post was locked".to_owned(),
            format!("“{}” takes no more comments or changes.", before.title),
        ),
        Decision::Unlock if before.is_locked => (
            "Your post was unlocked".to_owned(),
            format!("“{}” takes comments again.", before.title),
        ),
        _ => return Ok(()),
    };
    if before.author.id == actor.account_id {
        return Ok(());
    }
    // Of a post that is gone there is nothing to open.
    let is_gone = decision == Decision::Remove && before.kind == SubjectKind::Post;
    let link = match is_gone {
        true => "/community".to_owned(),
        false => format!("/community/{}", before.post_id),
    };
    let notice = Notice {
        body,
        link: Some(link),
        ..Notice::new(before.author.id, &DECIDED, title)
    };
    service::notify(tx, ctx, notice).await
}
