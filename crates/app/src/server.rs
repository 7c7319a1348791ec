//! The running server: listener, background work, events, and a graceful end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use vitrine_platform::accounts::setup;
use vitrine_platform::jobs::{Worker, WorkerOptions};
use vitrine_platform::module::Attendant;
use vitrine_platform::{Ctx, Environment, Module, events, telemetry, web};

use crate::commands::serve::Role;
use crate::config::Config;
use crate::{assemble, assets, connections, lifecycle};

const ATTEND_EVERY: Duration = Duration::from_secs(30);

/// Runs until a signal asks it to stop.
pub async fn run(config: Config, role: Role) -> anyhow::Result<()> {
    telemetry::init(&config.log)?;
    for name in &config.without_effect {
        tracing::warn!("{name} is set but has no effect in this version");
    }
    // Listening first: a taken port is said before anything is touched, and a free one may name the public URL.
    let listener = if role.serves() {
        Some(listen(config.addr).await?)
    } else {
        None
    };
    let addr = match &listener {
        Some(listener) => listener.local_addr()?,
        None => config.addr,
    };
    let ctx = assemble::context(&config, addr).await?;
    if config.environment == Environment::Production
        && let Some(note) = assemble::mail_note(config.environment, &*ctx.mailer)
    {
        tracing::warn!("mail: {note}");
    }
    ctx.limiter.greet().await;
    let shutdown = lifecycle::shutdown_on_signals();

    let mut background = tokio::task::JoinSet::new();
    background.spawn(ctx.db.wake().clone().run());
    background.spawn(async {
        let mut ticks = tokio::time::interval(Duration::from_secs(5));
        loop {
            ticks.tick().await;
            telemetry::upkeep();
        }
    });
    let modules = assemble::modules();
    let attendants: Vec<_> = modules
        .iter()
        .flat_map(|module| module.attendants.iter().cloned())
        .collect();
    for attendant in &attendants {
        attendant.start(&ctx).await?;
    }
    let mut work = None;
    if role.works() {
        let kinds = modules.iter().flat_map(|module| module.jobs.clone()).collect();
        let schedules = modules
            .iter()
            .flat_map(|module| module.schedules.clone())
            .collect();
        let options = WorkerOptions {
            concurrency: config.worker_concurrency,
            ..WorkerOptions::default()
        };
        let worker = Worker::new(ctx.clone(), kinds, schedules, options);
        work = Some(tokio::spawn(worker.run(shutdown.clone())));
    }
    if let Some(addr) = config.metrics_addr {
        let metrics = listen(addr).await?;
        background.spawn(async move {
            if let Err(error) = axum::serve(metrics, web::metrics_router()).await {
                tracing::error!("the listener for metrics failed: {error}");
            }
        });
    }
    if let Some(listener) = listener {
        background.spawn(events::tail(ctx.clone(), shutdown.clone()));
        background.spawn(attend(ctx.clone(), attendants));
        serve(listener, &ctx, modules, &shutdown).await?;
    } else {
        tracing::info!("working without a web server");
        shutdown.cancelled().await;
    }
    let deadline = lifecycle::DRAIN_DEADLINE + Duration::from_secs(5);
    if let Some(work) = work
        && tokio::time::timeout(deadline, work).await.is_err()
    {
        tracing::warn!("background work did not stop in time; another worker takes it over");
    }
    ctx.db.close().await;
    background.abort_all();
    tracing::info!("stopped");
    Ok(())
}

/// Lets the areas look after their things while this process serves.
async fn attend(ctx: Ctx, attendants: Vec<Arc<dyn Attendant>>) {
    let mut ticks = tokio::time::interval(ATTEND_EVERY);
    loop {
        ticks.tick().await;
        for attendant in &attendants {
            if let Err(error) = attendant.attend(&ctx).await {
                tracing::warn!("could not look after things, trying again: {error}");
            }
        }
    }
}

async fn listen(addr: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(addr)
        .await
        .with_context(|| format!("could not listen on {addr}"))
}

async fn serve(
    listener: TcpListener,
    ctx: &Ctx,
    modules: Vec<Module>,
    shutdown: &CancellationToken,
) -> anyhow::Result<()> {
    let router = web::router_with_fallback(ctx, modules, axum::routing::any(assets::serve));
    announce(ctx).await?;
    let server = connections::serve(listener, router, shutdown.clone(), connections::HEAD_TIME);
    let deadline = async {
        shutdown.cancelled().await;
        tokio::time::sleep(lifecycle::DRAIN_DEADLINE).await;
    };
    tokio::select! {
        () = server => {}
        () = deadline => tracing::warn!("some requests did not finish in time"),
    }
    Ok(())
}

/// Says where the server is, and on a new instance how to make the first account.
async fn announce(ctx: &Ctx) -> anyhow::Result<()> {
    let url = &ctx.settings.public_url;
    println!("Vitrine is running at {url}");
    if let Some(token) = setup::issue_token(ctx).await? {
        println!("Make the first account here (once): {url}/setup?token={token}");
    }
    Ok(())
}
