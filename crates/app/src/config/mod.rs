//! Configuration: environment variables, then `vitrine.toml`, then defaults.
//!
//! Every setting is a [`Key`] in [`keys`]; a file may hold the same names in lower case without the prefix. Anything
//! unknown or malformed stops the start with one line and exit code 78 (`EX_CONFIG`). To add a setting, add its key
//! and read it in [`Config::from_sources`].

pub mod keys;
mod source;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use vitrine_kernel::Secret;
use vitrine_platform::Environment;
use vitrine_platform::accounts::oidc::OidcSettings;
use vitrine_platform::admin::settings::InstanceSetting;
use vitrine_providers::mail::Smtp;
use vitrine_providers::redis::Buckets;

pub use keys::{KEYS, Key};
pub use source::{ConfigError, Sources};

/// Exit code of a configuration error, from `sysexits.h`.
pub const EX_CONFIG: u8 = 78;

/// The checked configuration.
#[derive(Debug, Clone)]
pub struct Config {
    pub environment: Environment,
    pub addr: SocketAddr,
    /// Where people reach this instance; `None`: at the address it listens on.
    pub public_url: Option<String>,
    pub data_dir: PathBuf,
    pub database_url: Secret<String>,
    pub storage_url: String,
    pub s3_endpoint: Option<String>,
    pub s3_public_endpoint: Option<String>,
    /// `None` in development: made once and kept in the data directory.
    pub secret_key: Option<Secret<String>>,
    pub previous_secret_key: Option<Secret<String>>,
    pub smtp_url: Option<Secret<String>>,
    pub mail_from: String,
    pub cors_origins: Vec<String>,
    pub trusted_proxies: Vec<IpAddr>,
    pub upload_max_bytes: u64,
    pub default_plan: String,
    pub metrics_token: Option<Secret<String>>,
    pub metrics_addr: Option<SocketAddr>,
    pub worker_concurrency: usize,
    pub oidc: Option<OidcSettings>,
    pub rate_limits: bool,
    pub public_cache_seconds: u32,
    pub redis_url: Option<Secret<String>>,
    pub log: String,
    pub aws: AwsVariables,
    /// All of it as operators may see it.
    pub shown: Vec<InstanceSetting>,
    /// Settings that are accepted but have no effect in this version.
    pub without_effect: Vec<&'static str>,
}

/// The usual AWS variables, for S3.
#[derive(Debug, Clone, Default)]
pub struct AwsVariables {
    pub region: Option<String>,
    pub access_key_id: Option<String>,
    pub secret_access_key: Option<Secret<String>>,
    pub session_token: Option<Secret<String>>,
}

impl AwsVariables {
    fn from_environment() -> Self {
        let read = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        Self {
            region: read("AWS_REGION").or_else(|| read("AWS_DEFAULT_REGION")),
            access_key_id: read("AWS_ACCESS_KEY_ID"),
            secret_access_key: read("AWS_SECRET_ACCESS_KEY").map(Secret::new),
            session_token: read("AWS_SESSION_TOKEN").map(Secret::new),
        }
    }
}

/// Secrets that appear in examples and tutorials.
const KNOWN_SECRETS: [&str; 6] = [
    "secret",
    "changeme",
    "change-me",
    "password",
    "development",
    "vitrine",
];

impl Config {
    /// Reads the process environment and the configuration file.
    pub fn load(file: Option<PathBuf>) -> Result<Self, ConfigError> {
        let config = Self::from_sources(&Sources::load(file)?)?;
        Ok(Self {
            aws: AwsVariables::from_environment(),
            ..config
        })
    }

    /// The public URL, when this process listens on `addr`.
    pub fn public_url_at(&self, addr: SocketAddr) -> String {
        self.public_url
            .clone()
            .unwrap_or_else(|| format!("http://{addr}"))
    }

    pub fn from_sources(sources: &Sources) -> Result<Self, ConfigError> {
        let environment = match sources.text("VITRINE_ENV").as_str() {
            "development" => Environment::Development,
            "test" => Environment::Test,
            "production" => Environment::Production,
            other => {
                return Err(sources.malformed("VITRINE_ENV", other, "one of development, test, production"));
            }
        };
        let production = environment == Environment::Production;
        let addr: SocketAddr = sources.parse("VITRINE_ADDR", "an address such as 127.0.0.1:8080")?;
        let data_dir = PathBuf::from(sources.text("VITRINE_DATA_DIR"));
        let public_url = match sources.optional("VITRINE_PUBLIC_URL") {
            Some(url) => Some(checked_url(sources, "VITRINE_PUBLIC_URL", &url)?),
            None if production => return Err(ConfigError::missing("VITRINE_PUBLIC_URL", "in production")),
            None => None,
        };
        let cors_origins = sources
            .words("VITRINE_CORS_ORIGINS")
            .map(|origin| {
                if production && (origin == "*" || !origin.starts_with("https://")) {
                    return Err(sources.malformed(
                        "VITRINE_CORS_ORIGINS",
                        &origin,
                        "https:// origins only in production",
                    ));
                }
                checked_url(sources, "VITRINE_CORS_ORIGINS", &origin)
            })
            .collect::<Result<_, _>>()?;
        let config = Self {
            environment,
            addr,
            public_url,
            database_url: Secret::new(match sources.optional("VITRINE_DATABASE_URL") {
                Some(url) => checked_database(sources, url)?,
                None => format!("sqlite:{}", data_dir.join("vitrine.db").display()),
            }),
            storage_url: match sources.optional("VITRINE_STORAGE_URL") {
                Some(url) if url.starts_with("file://") || url.starts_with("s3://") => url,
                Some(url) => {
                    return Err(sources.malformed("VITRINE_STORAGE_URL", &url, "file://… or s3://bucket"));
                }
                None => format!("file://{}", absolute(&data_dir.join("files"))),
            },
            s3_endpoint: sources.optional("VITRINE_S3_ENDPOINT"),
            s3_public_endpoint: sources.optional("VITRINE_S3_PUBLIC_ENDPOINT"),
            secret_key: checked_secret(sources, production)?,
            previous_secret_key: sources.optional("VITRINE_PREVIOUS_SECRET_KEY").map(Secret::new),
            smtp_url: sources.optional("VITRINE_SMTP_URL").map(Secret::new),
            mail_from: sources.text("VITRINE_MAIL_FROM"),
            cors_origins,
            trusted_proxies: sources
                .words("VITRINE_TRUSTED_PROXIES")
                .map(|word| {
                    word.parse()
                        .map_err(|_| sources.malformed("VITRINE_TRUSTED_PROXIES", &word, "IP addresses"))
                })
                .collect::<Result<_, _>>()?,
            upload_max_bytes: sources.parse("VITRINE_UPLOAD_MAX_BYTES", "a number of bytes")?,
            default_plan: match sources.text("VITRINE_DEFAULT_PLAN") {
                plan if vitrine_platform::billing::plan(&plan).is_some() => plan,
                plan => return Err(sources.malformed("VITRINE_DEFAULT_PLAN", &plan, "the code of a plan")),
            },
            metrics_token: sources.optional("VITRINE_METRICS_TOKEN").map(Secret::new),
            metrics_addr: match sources.optional("VITRINE_METRICS_ADDR") {
                Some(_) => Some(sources.parse("VITRINE_METRICS_ADDR", "an address such as 127.0.0.1:9100")?),
                None => None,
            },
            worker_concurrency: match sources.parse("VITRINE_WORKER_CONCURRENCY", "a number from 1 to 64")? {
                count @ 1..=64 => count,
                other => {
                    return Err(sources.malformed(
                        "VITRINE_WORKER_CONCURRENCY",
                        &other.to_string(),
                        "a number from 1 to 64",
                    ));
                }
            },
            oidc: checked_oidc(sources, production)?,
            rate_limits: match sources.text("VITRINE_RATE_LIMITS").as_str() {
                "on" => true,
                "off" if production => {
                    return Err(sources.malformed("VITRINE_RATE_LIMITS", "off", "on in production"));
                }
                "off" => false,
                other => return Err(sources.malformed("VITRINE_RATE_LIMITS", other, "on or off")),
            },
            public_cache_seconds: checked_cache(sources)?,
            redis_url: checked_redis(sources)?,
            log: sources.text("VITRINE_LOG"),
            aws: AwsVariables::default(),
            shown: sources.shown(),
            without_effect: KEYS
                .iter()
                .filter(|key| !key.has_effect && sources.optional(key.name).is_some())
                .map(|key| key.name)
                .collect(),
            data_dir,
        };
        if production
            && sources.optional("VITRINE_STRIPE_SECRET_KEY").is_some()
            && sources.optional("VITRINE_STRIPE_WEBHOOK_SECRET").is_none()
        {
            return Err(ConfigError::missing(
                "VITRINE_STRIPE_WEBHOOK_SECRET",
                "with a Stripe key in production",
            ));
        }
        if config.smtp_url.is_some() && sources.optional("VITRINE_MAIL_FROM").is_none() {
            return Err(ConfigError::missing("VITRINE_MAIL_FROM", "with a mail server"));
        }
        if let Some(url) = &config.smtp_url {
            // The address may hold a password, so it is not repeated.
            Smtp::check(url.expose(), &config.mail_from)
                .map_err(|wanted| sources.malformed("VITRINE_SMTP_URL", "…", &wanted))?;
        }
        Ok(config)
    }
}

fn checked_cache(sources: &Sources) -> Result<u32, ConfigError> {
    const KEY: &str = "VITRINE_PUBLIC_CACHE_SECONDS";
    let wanted = "a number of seconds up to 3600";
    match sources.parse(KEY, wanted)? {
        seconds @ 0..=3600 => Ok(seconds),
        other => Err(sources.malformed(KEY, &other.to_string(), wanted)),
    }
}

/// The other sign-in service. Its name is compared letter by letter, so that it is not changed here.
fn checked_oidc(sources: &Sources, production: bool) -> Result<Option<OidcSettings>, ConfigError> {
    const ISSUER: &str = "VITRINE_OIDC_ISSUER";
    let audience = sources.optional("VITRINE_OIDC_AUDIENCE");
    let client_id = sources.optional("VITRINE_OIDC_CLIENT_ID");
    let client_secret = sources.optional("VITRINE_OIDC_CLIENT_SECRET");
    let Some(issuer) = sources.optional(ISSUER) else {
        return match audience.or(client_id).or(client_secret) {
            Some(_) => Err(ConfigError::missing(ISSUER, "with other VITRINE_OIDC settings")),
            None => Ok(None),
        };
    };
    checked_url(sources, ISSUER, &issuer)?;
    if production && !issuer.starts_with("https://") {
        return Err(sources.malformed(ISSUER, &issuer, "an https:// address in production"));
    }
    if audience.is_none() && client_id.is_none() {
        let why = "with VITRINE_OIDC_ISSUER, or VITRINE_OIDC_AUDIENCE";
        return Err(ConfigError::missing("VITRINE_OIDC_CLIENT_ID", why));
    }
    Ok(Some(OidcSettings {
        issuer,
        audience,
        client_id,
        client_secret: client_secret.map(Secret::new),
    }))
}

fn absolute(path: &std::path::Path) -> String {
    std::path::absolute(path)
        .unwrap_or_else(|_| path.to_owned())
        .display()
        .to_string()
}

fn checked_url(sources: &Sources, key: &'static str, url: &str) -> Result<String, ConfigError> {
    let trimmed = url.trim_end_matches('/');
    let host = trimmed
        .strip_prefix("https://")
        .or_else(|| trimmed.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !host.contains(char::is_whitespace) => Ok(trimmed.to_owned()),
        _ => Err(sources.malformed(key, url, "an address such as https://studio.example.com")),
    }
}

fn checked_database(sources: &Sources, url: String) -> Result<String, ConfigError> {
    if ["sqlite:", "postgres://", "postgresql://"]
        .iter()
        .any(|scheme| url.starts_with(scheme))
    {
        Ok(url)
    } else {
        // The address may hold a password, so it is not repeated.
        Err(sources.malformed("VITRINE_DATABASE_URL", "…", "sqlite:<path> or postgres://…"))
    }
}

fn checked_redis(sources: &Sources) -> Result<Option<Secret<String>>, ConfigError> {
    const NAME: &str = "VITRINE_REDIS_URL";
    let Some(url) = sources.optional(NAME) else {
        return Ok(None);
    };
    // The address may hold a password, so it is not repeated.
    Buckets::check(&url).map_err(|wanted| sources.malformed(NAME, "…", &wanted))?;
    Ok(Some(Secret::new(url)))
}

fn checked_secret(sources: &Sources, production: bool) -> Result<Option<Secret<String>>, ConfigError> {
    let Some(secret) = sources.optional("VITRINE_SECRET_KEY") else {
        return if production {
            Err(ConfigError::missing("VITRINE_SECRET_KEY", "in production"))
        } else {
            Ok(None)
        };
    };
    let lower = secret.to_lowercase();
    let repeats_one = secret.chars().all(|c| secret.starts_with(c));
    let weak = secret.len() < 32 || repeats_one || KNOWN_SECRETS.iter().any(|known| lower.starts_with(known));
    if production && weak {
        return Err(sources.malformed(
            "VITRINE_SECRET_KEY",
            "…",
            "32 or more random bytes, such as `openssl rand -hex 32` prints",
        ));
    }
    Ok(Some(Secret::new(secret)))
}

#[cfg(test)]
mod tests;
