//! Every kind this program knows, and those of the platform itself.

use std::fmt;
use std::sync::Arc;

use vitrine_kernel::Error;

use super::{Cadence, Channels, Kind};
use crate::Ctx;

const APP_AND_MAIL: Channels = Channels {
    in_app: true,
    email: Cadence::Instant,
};

/// Somebody signed in from a device that was not seen before.
pub static NEW_DEVICE: Kind = Kind {
    code: "account.new_device",
    title: "A sign-in from a new device",
    channels: APP_AND_MAIL,
    is_essential: true,
    is_shared: false,
    title_of_many: None,
};

/// The password of the account was changed; its letter is the one of `accounts::recovery`.
pub static PASSWORD_CHANGED: Kind = Kind {
    code: "account.password_changed",
    title: "Your password was changed",
    channels: APP_AND_MAIL,
    is_essential: true,
    is_shared: false,
    title_of_many: None,
};

/// Somebody joined a workspace. Whoever makes the membership (`workspaces`) calls `news::member_joined`.
pub static MEMBER_JOINED: Kind = Kind {
    code: "workspace.member_joined",
    title: "Somebody joined a workspace of yours",
    channels: APP_AND_MAIL,
    is_essential: false,
    is_shared: true,
    title_of_many: None,
};

/// An owner deleted a workspace; everybody else who belonged to it is told.
pub static WORKSPACE_DELETED: Kind = Kind {
    code: "workspace.deleted",
    title: "A workspace you belong to was deleted",
    channels: APP_AND_MAIL,
    is_essential: false,
    is_shared: false,
    title_of_many: None,
};

/// The archive of everything an account has can be downloaded.
pub static EXPORT_READY: Kind = Kind {
    code: "account.export_ready",
    title: "Your archive is ready",
    channels: APP_AND_MAIL,
    is_essential: false,
    is_shared: false,
    title_of_many: None,
};

/// Most of the month's quota is used, or all of it.
pub static QUOTA_LOW: Kind = Kind {
    code: "billing.quota_low",
    title: "The month's quota runs out",
    channels: APP_AND_MAIL,
    is_essential: false,
    is_shared: true,
    title_of_many: None,
};

/// A job gave up; operators are told.
pub static JOB_DEAD: Kind = Kind {
    code: "operator.job_dead",
    title: "Background work gave up (operators)",
    channels: Channels {
        in_app: true,
        email: Cadence::Off,
    },
    is_essential: false,
    is_shared: false,
    title_of_many: Some(|count| format!("{count} jobs gave up")),
};

/// What people asked to be told by the clock; each schedule says where.
pub static SCHEDULE: Kind = Kind {
    code: "notifications.schedule",
    title: "Your schedules",
    channels: APP_AND_MAIL,
    is_essential: false,
    is_shared: false,
    title_of_many: None,
};

/// Kinds of the platform.
pub static PLATFORM: [&Kind; 8] = [
    &NEW_DEVICE,
    &PASSWORD_CHANGED,
    &MEMBER_JOINED,
    &WORKSPACE_DELETED,
    &EXPORT_READY,
    &QUOTA_LOW,
    &SCHEDULE,
    &JOB_DEAD,
];

/// Every kind of all modules. It hangs on the context's extensions.
#[derive(Clone)]
pub struct NoticeKinds(Arc<Vec<&'static Kind>>);

impl NoticeKinds {
    pub fn new(kinds: impl IntoIterator<Item = &'static Kind>) -> Self {
        Self(Arc::new(kinds.into_iter().collect()))
    }

    pub fn get(&self, code: &str) -> Option<&'static Kind> {
        self.0.iter().copied().find(|kind| kind.code == code)
    }

    /// In the order of the modules.
    pub fn iter(&self) -> impl Iterator<Item = &'static Kind> + '_ {
        self.0.iter().copied()
    }

    pub(crate) fn of_ctx(ctx: &Ctx) -> Result<&Self, Error> {
        ctx.extension()
            .ok_or_else(|| Error::internal("the context holds no notifications::NoticeKinds"))
    }

    /// The kind with this code, or a complaint about the field it came in.
    pub(crate) fn require(ctx: &Ctx, code: &str, field: &str) -> Result<&'static Kind, Error> {
        Self::of_ctx(ctx)?
            .get(code)
            .ok_or_else(|| Error::field(field, "unknown_value", "There is no such kind of notification."))
    }
}

impl fmt::Debug for NoticeKinds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|kind| kind.code))
            .finish()
    }
}
