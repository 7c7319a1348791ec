//! Telling operators that a part of their instance fails, and that it works again.

use vitrine_db::Tx;
use vitrine_kernel::Error;
use vitrine_platform::Ctx;
use vitrine_platform::notifications::{Cadence, Channels, Kind, Notice, news, service};

pub static HEALTH: Kind = Kind {
    code: "operator.health_changed",
    title: "A part of this instance fails or works again (operators)",
    channels: Channels {
        in_app: true,
        email: Cadence::Instant,
    },
    is_essential: false,
    is_shared: false,
    title_of_many: None,
};

pub(super) async fn changed(tx: &mut Tx, ctx: &Ctx, title: &str, body: &str) -> Result<(), Error> {
    for operator in news::operators(tx).await? {
        let notice = Notice {
            body: body.to_owned(),
            link: Some("/operator/status".to_owned()),
            ..Notice::new(operator, &HEALTH, title)
        };
        service::notify(tx, ctx, notice).await?;
    }
    Ok(())
}
