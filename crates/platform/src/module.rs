//! What a product area hands to the composition root.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use utoipa_axum::router::OpenApiRouter;
use vitrine_db::AnyStatement;
use vitrine_kernel::Error;

use crate::accounts::export::{ExportAccount, PurgeExports};
use crate::accounts::jobs::PurgeExpired;
use crate::accounts::leaving::PurgeAccounts;
use crate::accounts::recovery::SendResetLink;
use crate::accounts::setup::SetupHook;
use crate::accounts::verification::SendVerificationLink;
use crate::csp::PurgeReports;
use crate::events::{Hub, PurgeEvents, SnapshotSource};
use crate::idempotency::PurgeRecords;
use crate::jobs::{JobKind, JobSnapshot, Kinds, PurgeJobs, Schedule};
use crate::mail::jobs::{PurgeMails, SendMail};
use crate::notifications::jobs::{PurgeNotifications, Tick};
use crate::notifications::{Kind, NoticeKinds};
use crate::vault::Sealed;
use crate::web::{Pages, Probe, Probes};
use crate::workspaces::{PurgeInvitations, PurgeWorkspace};
use crate::{
    Ctx, accounts, admin, api_keys, audit, billing, csp, events, files, idempotency, jobs, mail,
    notifications, telemetry, workspaces,
};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3_600);

/// An area: its routes under `/api/v1`, its background work, its statements.
#[derive(Default)]
pub struct Module {
    pub name: &'static str,
    pub routes: OpenApiRouter<Ctx>,
    /// Pages at the root that the server writes itself.
    pub pages: Pages,
    pub jobs: Vec<JobKind>,
    pub schedules: Vec<Schedule>,
    /// Every statement of the area's `sql.rs` files, so that a test can prepare them on both engines.
    pub statements: Vec<&'static [AnyStatement]>,
    /// Columns of secrets the area keeps sealed.
    pub sealed: Vec<&'static Sealed>,
    /// What a new event stream is told first.
    pub snapshots: Vec<Arc<dyn SnapshotSource>>,
    /// What the area does for the operator of a new instance.
    pub setup_hooks: Vec<Arc<dyn SetupHook>>,
    /// Kinds of notifications the area tells.
    pub notices: Vec<&'static Kind>,
    /// Parts of the area that `/ready` asks.
    pub probes: Vec<Arc<dyn Probe>>,
    /// What the area does when a process starts, and while it serves.
    pub attendants: Vec<Arc<dyn Attendant>>,
}

/// Something that happens in processes, whatever is asked of them.
#[async_trait]
pub trait Attendant: Send + Sync {
    /// Once in every process, before it works or serves. Several may start at the same moment.
    async fn start(&self, ctx: &Ctx) -> Result<(), Error>;
    /// Every half minute in a process that answers requests.
    async fn attend(&self, ctx: &Ctx) -> Result<(), Error>;
}

/// The platform's own part.
pub fn module() -> Module {
    Module {
        name: "platform",
        routes: accounts::routes::router()
            .merge(api_keys::routes::router())
            .merge(admin::router())
            .merge(audit::routes::router())
            .merge(csp::routes::router())
            .merge(billing::routes::router())
            .merge(files::routes::router())
            .merge(jobs::routes::router())
            .merge(notifications::routes::router())
            .merge(events::routes::router())
            .merge(workspaces::routes::router()),
        jobs: vec![
            JobKind::of::<PurgeExpired>(),
            JobKind::of::<ExportAccount>(),
            JobKind::of::<PurgeExports>(),
            JobKind::of::<PurgeAccounts>(),
            JobKind::of::<PurgeWorkspace>(),
            JobKind::of::<PurgeEvents>(),
            JobKind::of::<PurgeJobs>(),
            JobKind::of::<PurgeRecords>(),
            JobKind::of::<PurgeReports>(),
            JobKind::of::<SendMail>(),
            JobKind::of::<PurgeMails>(),
            JobKind::of::<PurgeInvitations>(),
            JobKind::of::<Tick>(),
            JobKind::of::<PurgeNotifications>(),
            JobKind::of::<SendResetLink>(),
            JobKind::of::<SendVerificationLink>(),
        ],
        schedules: vec![
            Schedule::every("accounts.purge_expired", HOUR, PurgeExpired {}),
            Schedule::every("accounts.purge_exports", HOUR, PurgeExports {}),
            Schedule::every("accounts.purge_accounts", HOUR, PurgeAccounts {}),
            Schedule::every("workspaces.purge_invitations", HOUR, PurgeInvitations {}),
            Schedule::every("platform.purge_events", HOUR, PurgeEvents {}),
            Schedule::every("platform.purge_jobs", HOUR, PurgeJobs {}),
            Schedule::every("platform.purge_csp_reports", HOUR, PurgeReports {}),
            Schedule::every("platform.purge_idempotency", HOUR, PurgeRecords {}),
            Schedule::every("platform.purge_mails", HOUR, PurgeMails {}),
            Schedule::every("notifications.tick", MINUTE, Tick {}),
            Schedule::every("notifications.purge", HOUR, PurgeNotifications {}),
        ],
        statements: vec![
            accounts::sql::STATEMENTS,
            accounts::mfa::sql::STATEMENTS,
            accounts::export::sql::STATEMENTS,
            accounts::leaving::sql::STATEMENTS,
            accounts::profile::sql::STATEMENTS,
            admin::sql::STATEMENTS,
            api_keys::sql::STATEMENTS,
            accounts::oidc::sql::STATEMENTS,
            accounts::passkeys::sql::STATEMENTS,
            audit::sql::STATEMENTS,
            billing::sql::STATEMENTS,
            csp::sql::STATEMENTS,
            events::sql::STATEMENTS,
            jobs::sql::STATEMENTS,
            idempotency::sql::STATEMENTS,
            mail::sql::STATEMENTS,
            notifications::sql::STATEMENTS,
            telemetry::sql::STATEMENTS,
            workspaces::sql::STATEMENTS,
            vitrine_db::jobs::sql::STATEMENTS,
        ],
        sealed: vec![&accounts::mfa::SEALED, &mail::SEALED],
        snapshots: vec![Arc::new(JobSnapshot)],
        notices: notifications::kinds::PLATFORM.to_vec(),
        ..Module::default()
    }
}

/// What the platform itself looks up in the context's extensions: every kind of work, and the streams with what they
/// are told first. For whoever assembles a context.
pub fn extensions(modules: &[Module]) -> http::Extensions {
    let mut extensions = http::Extensions::new();
    extensions.insert(Kinds::new(
        modules.iter().flat_map(|module| module.jobs.iter().cloned()),
    ));
    extensions.insert(Probes::new(
        modules.iter().flat_map(|module| module.probes.iter().cloned()),
    ));
    extensions.insert(Hub::new(
        modules.iter().flat_map(|module| module.snapshots.iter().cloned()),
    ));
    extensions.insert(NoticeKinds::new(
        modules.iter().flat_map(|module| module.notices.iter().copied()),
    ));
    extensions
}
