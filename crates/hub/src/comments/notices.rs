//! Telling people that somebody answered what they wrote.

use vitrine_db::Tx;
use vitrine_kernel::Error;
use vitrine_platform::Ctx;
use vitrine_platform::notifications::{Cadence, Channels, Group, Kind, Notice, service};

use super::model::Comment;
use crate::posts::model::{Post, PostState};
use crate::text::excerpt;

pub static REPLIED: Kind = Kind {
    code: "community.replied",
    title: "Replies to your posts and comments",
    channels: Channels {
        in_app: true,
        email: Cadence::Daily,
    },
    is_essential: false,
    is_shared: false,
    title_of_many: Some(|count| format!("{count} replies to what you wrote")),
};

/// A new comment: the post's author hears of it, and who wrote the comment it answers.
pub(super) async fn replied(
    tx: &mut Tx,
    ctx: &Ctx,
    post: &Post,
    parent: Option<&Comment>,
    comment: &Comment,
) -> Result<(), Error> {
    let of_post = (post.state != PostState::Deleted).then_some(post.author.id);
    let of_parent = parent
        .filter(|parent| parent.state != PostState::Deleted)
        .map(|parent| parent.author.id)
        .filter(|author| Some(*author) != of_post);
    for account in [of_post, of_parent].into_iter().flatten() {
        if account == comment.author.id {
            continue;
        }
        let what = if Some(account) == of_post {
            "commented on"
        } else {
            "answered you on"
        };
        let title = format!("{} {what} “{}”", comment.author.full_name, post.title);
        let notice = Notice {
            body: excerpt(&comment.body),
            link: Some(format!("/community/{}", post.id)),
            group: Some(Group {
                key: post.id.to_string(),
                link: None,
            }),
            ..Notice::new(account, &REPLIED, title)
        };
        service::notify(tx, ctx, notice).await?;
    }
    Ok(())
}
