//! Builds the context and collects the modules. What two modules both claim is found here, at start, by name.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use vitrine_db::{Db, DbOptions, migrate};
use vitrine_kernel::{Clock, Entropy, Secret, SystemClock, SystemEntropy};
use vitrine_platform::accounts::oidc::Oidc;
use vitrine_platform::admin::settings::InstanceSettings;
use vitrine_platform::ctx::Inner;
use vitrine_platform::files::{Files, FilesOptions, S3Options};
use vitrine_platform::limits::{self, Limiter, Shared};
use vitrine_platform::{Ctx, Environment, Module, Settings, module};
use vitrine_providers::mail::{Folder, Mailer, Smtp};
use vitrine_providers::oidc::HttpIssuer;
use vitrine_providers::redis::Buckets;

use crate::config::Config;

/// The areas of the product, in the order their routes appear in the document.
pub fn modules() -> Vec<Module> {
    let modules = vec![module::module(), vitrine_staging::module(), vitrine_hub::module()];
    check(&modules);
    modules
}

/// Two modules with one job kind or schedule would silently do each other's work.
fn check(modules: &[Module]) {
    let (mut kinds, mut schedules) = (HashSet::new(), HashSet::new());
    for kind in modules.iter().flat_map(|module| &module.jobs) {
        assert!(
            kinds.insert(kind.name()),
            "two modules claim the job kind {}",
            kind.name()
        );
    }
    for schedule in modules.iter().flat_map(|module| &module.schedules) {
        assert!(
            schedules.insert(schedule.name()),
            "two modules claim the schedule {}",
            schedule.name()
        );
    }
}

/// The OpenAPI document of all areas.
pub fn openapi() -> vitrine_platform::web::OpenApi {
    vitrine_platform::web::openapi(modules())
}

/// Opens database and storage and makes the context; the schema is brought up to date. `addr` is where this process
/// listens, or would.
pub async fn context(config: &Config, addr: SocketAddr) -> anyhow::Result<Ctx> {
    prepare_data_dir(config)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
    let secret = secret(config, &*entropy)?;
    let public_url = config.public_url_at(addr);
    let files = open_files(config, &public_url, &secret, &clock)?;
    let mailer = mailer(config)?;
    let db = Db::open(config.database_url.expose(), DbOptions { max_connections: 10 }).await?;
    let applied = migrate::migrate(&db, clock.now()).await?;
    if !applied.is_empty() {
        tracing::info!("brought the schema up to date: {}", applied.join(", "));
    }
    let settings = Settings {
        environment: config.environment,
        public_url,
        secret_key: secret,
        previous_secret_key: config
            .previous_secret_key
            .as_ref()
            .map(|secret| Secret::new(secret.expose().as_bytes().to_vec())),
        cors_origins: config.cors_origins.clone(),
        trusted_proxies: config.trusted_proxies.clone(),
        upload_max_bytes: config.upload_max_bytes,
        default_plan: config.default_plan.clone(),
        metrics_token: config.metrics_token.clone(),
        is_loopback: addr.ip().is_loopback(),
        data_dir: config.data_dir.clone(),
        worker_concurrency: config.worker_concurrency,
        rate_limits: config.rate_limits,
        public_cache_seconds: config.public_cache_seconds,
    };
    let mut extensions = module::extensions(&modules());
    extensions.insert(InstanceSettings(Arc::new(config.shown.clone())));
    if let Some(settings) = &config.oidc {
        extensions.insert(Oidc::new(settings.clone(), Arc::new(HttpIssuer::new()?)));
    }
    Ok(Ctx::new(Inner {
        db,
        clock,
        entropy,
        files,
        mailer,
        limiter: limiter(config)?,
        settings,
        extensions,
    }))
}

/// Makes the data directory, readable for nobody else.
pub fn prepare_data_dir(config: &Config) -> anyhow::Result<()> {
    let folder = &config.data_dir;
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(folder)
        .with_context(|| format!("could not make the data directory {}", folder.display()))
}

/// The storage alone, for looking at it.
pub fn files(config: &Config) -> anyhow::Result<Files> {
    prepare_data_dir(config)?;
    let secret = secret(config, &SystemEntropy)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    open_files(config, &config.public_url_at(config.addr), &secret, &clock)
}

/// The mail server, or without one a folder in the data directory.
pub fn mailer(config: &Config) -> anyhow::Result<Arc<dyn Mailer>> {
    let from = &config.mail_from;
    let mailer: Result<Arc<dyn Mailer>, String> = match &config.smtp_url {
        Some(url) => Smtp::new(url.expose(), from).map(|smtp| Arc::new(smtp) as _),
        None => Folder::new(config.data_dir.join("mail"), from).map(|folder| Arc::new(folder) as _),
    };
    mailer.map_err(|wrong| anyhow::anyhow!("VITRINE_MAIL_FROM must be {wrong}"))
}

/// Buckets of rate limits: those of a Redis server when there is one, and of this process otherwise.
fn limiter(config: &Config) -> anyhow::Result<Limiter> {
    Ok(match buckets(config, limits::PATIENCE)? {
        Some(buckets) => Limiter::shared(Shared::new(buckets, limits::PAUSE)),
        None => Limiter::default(),
    })
}

/// The Redis server, if there is to be one; `patience` is how long each call may take.
pub fn buckets(config: &Config, patience: Duration) -> anyhow::Result<Option<Buckets>> {
    let buckets = config
        .redis_url
        .as_ref()
        .map(|url| Buckets::new(url, patience))
        .transpose();
    buckets.map_err(|wanted| anyhow::anyhow!("VITRINE_REDIS_URL must be {wanted}"))
}

/// What is to be said about mail that reaches nobody; `None` when there is a mail server.
pub fn mail_note(environment: Environment, mailer: &dyn Mailer) -> Option<String> {
    let files = mailer.is_local().then(|| mailer.describe())?;
    Some(match environment {
        Environment::Production => {
            format!("no mail server, letters become {files} and reach nobody; set VITRINE_SMTP_URL")
        }
        Environment::Development | Environment::Test => format!("no mail server, letters become {files}"),
    })
}

fn open_files(
    config: &Config,
    public_url: &str,
    secret: &Secret<Vec<u8>>,
    clock: &Arc<dyn Clock>,
) -> anyhow::Result<Files> {
    let options = FilesOptions {
        public_url: public_url.to_owned(),
        secret: secret.clone(),
        clock: clock.clone(),
        s3: S3Options {
            endpoint: config.s3_endpoint.clone(),
            public_endpoint: config.s3_public_endpoint.clone(),
            region: config.aws.region.clone(),
            access_key_id: config.aws.access_key_id.clone(),
            secret_access_key: config.aws.secret_access_key.clone(),
            session_token: config.aws.session_token.clone(),
        },
    };
    Ok(Files::open(&config.storage_url, options)?)
}

/// The configured secret, or in development one that is made once and kept in the data directory.
fn secret(config: &Config, entropy: &dyn Entropy) -> anyhow::Result<Secret<Vec<u8>>> {
    if let Some(secret) = &config.secret_key {
        return Ok(Secret::new(secret.expose().as_bytes().to_vec()));
    }
    let path = config.data_dir.join("secret.key");
    match std::fs::read(&path) {
        Ok(bytes) if bytes.len() >= 32 => Ok(Secret::new(bytes)),
        Ok(_) => anyhow::bail!(
            "{} is damaged; restore it, or delete it to sign everyone out",
            path.display()
        ),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let fresh = entropy.bytes::<32>();
            write_private(&path, &fresh).with_context(|| format!("could not write {}", path.display()))?;
            Ok(Secret::new(fresh.to_vec()))
        }
        Err(error) => Err(error).with_context(|| format!("could not read {}", path.display())),
    }
}

fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use vitrine_providers::mail::Memory;

    use super::*;

    #[test]
    fn mail_that_reaches_nobody_is_told_and_a_mail_server_is_no_news() {
        let folder = Folder::new("/srv/data/mail", "studio@vitrine.test").expect("a sender");
        assert_eq!(
            mail_note(Environment::Development, &folder).as_deref(),
            Some("no mail server, letters become files in /srv/data/mail")
        );
        let warning = mail_note(Environment::Production, &folder).expect("a warning");
        assert!(
            warning.contains("reach nobody") && warning.ends_with("set VITRINE_SMTP_URL"),
            "{warning}"
        );
        assert_eq!(mail_note(Environment::Production, &Memory::default()), None);
    }
}
