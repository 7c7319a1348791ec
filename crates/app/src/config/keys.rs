//! Every setting there is. `docs/configuration.md` and `config.example.toml` are made from this list.

/// A setting.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// Name in the environment; in the file it is lower case without the prefix.
    pub name: &'static str,
    /// Default as text; `None` when there is none or it depends on other settings (then the words say how).
    pub default: Option<&'static str>,
    pub words: &'static str,
    /// Whether this version reads it. Names of the contract that a later version will read are accepted, and the
    /// start warns that they do nothing yet.
    pub has_effect: bool,
    /// Its value is a secret, or may hold one.
    pub is_hidden: bool,
}

impl Key {
    /// Name in `vitrine.toml`.
    pub fn file_name(&self) -> String {
        self.name.trim_start_matches("VITRINE_").to_lowercase()
    }
}

const fn key(name: &'static str, default: Option<&'static str>, words: &'static str) -> Key {
    Key {
        name,
        default,
        words,
        has_effect: true,
        is_hidden: false,
    }
}

const fn later(name: &'static str, words: &'static str) -> Key {
    Key {
        name,
        default: None,
        words,
        has_effect: false,
        is_hidden: false,
    }
}

/// The same with a value that is shown to nobody.
const fn hidden(key: Key) -> Key {
    Key {
        is_hidden: true,
        ..key
    }
}

pub const KEYS: &[Key] = &[
    key(
        "VITRINE_ENV",
        Some("development"),
        "development, test or production. Production refuses weak or missing secrets.",
    ),
    key("VITRINE_ADDR", Some("127.0.0.1:8080"), "Address to listen on."),
    key(
        "VITRINE_PUBLIC_URL",
        None,
        "Where people reach this instance; required in production. Default: http:// and the address.",
    ),
    key(
        "VITRINE_DATA_DIR",
        Some("./data"),
        "Folder for the database, files and the development secret.",
    ),
    hidden(key(
        "VITRINE_DATABASE_URL",
        None,
        "sqlite:<path> or postgres://user:password@host/name. Default: vitrine.db in the data directory.",
    )),
    key(
        "VITRINE_STORAGE_URL",
        None,
        "file://<folder> or s3://<bucket>; S3 credentials come from the usual AWS variables. Default: files in the data directory.",
    ),
    key(
        "VITRINE_S3_ENDPOINT",
        None,
        "Address of an S3-compatible store other than AWS.",
    ),
    key(
        "VITRINE_S3_PUBLIC_ENDPOINT",
        None,
        "The same store as browsers reach it, when that differs.",
    ),
    hidden(key(
        "VITRINE_SECRET_KEY",
        None,
        "32 or more random bytes that sign tokens and links; required in production. In development it is made once and kept in the data directory.",
    )),
    hidden(key(
        "VITRINE_PREVIOUS_SECRET_KEY",
        None,
        "The secret before it was changed: opens stored secrets until they were sealed anew.",
    )),
    hidden(key(
        "VITRINE_SMTP_URL",
        None,
        "Server for outgoing mail: smtps://user:password@host, or smtp://user:password@host:587?tls=required. Without it letters become files in the data directory.",
    )),
    key(
        "VITRINE_MAIL_FROM",
        Some("Vitrine <no-reply@localhost>"),
        "Sender of outgoing mail; required with a mail server.",
    ),
    key(
        "VITRINE_CORS_ORIGINS",
        Some(""),
        "Origins of other web apps that may call the API, separated by commas.",
    ),
    key(
        "VITRINE_TRUSTED_PROXIES",
        Some(""),
        "IP addresses of proxies whose X-Forwarded-For is believed, separated by commas.",
    ),
    key(
        "VITRINE_UPLOAD_MAX_BYTES",
        Some("26214400"),
        "Largest photo that may be uploaded, in bytes.",
    ),
    key(
        "VITRINE_DEFAULT_PLAN",
        Some("free"),
        "Plan of new workspaces: free (100 images a month) or unlimited, for private use.",
    ),
    hidden(key(
        "VITRINE_METRICS_TOKEN",
        None,
        "Bearer token for /metrics when the listener is not a loopback address.",
    )),
    key(
        "VITRINE_METRICS_ADDR",
        None,
        "Address of a listener of its own for /metrics.",
    ),
    key(
        "VITRINE_WORKER_CONCURRENCY",
        Some("2"),
        "Jobs that run at the same time in this process.",
    ),
    key(
        "VITRINE_RATE_LIMITS",
        Some("on"),
        "off for load tests; refused in production.",
    ),
    key(
        "VITRINE_PUBLIC_CACHE_SECONDS",
        Some("15"),
        "Seconds for which browsers and proxies may keep what everybody may read (community, status), up to 3600; 0 for not at all.",
    ),
    key(
        "VITRINE_LOG",
        Some("info"),
        "What is logged: error, warn, info, debug, trace, or a filter such as vitrine_platform=debug.",
    ),
    hidden(key(
        "VITRINE_REDIS_URL",
        None,
        "Redis or Valkey server through which several processes share rate limits: redis://:password@host:6379/0, rediss://… or unix:///run/redis.sock. Without it each process counts for itself.",
    )),
    key(
        "VITRINE_OIDC_ISSUER",
        None,
        "Another sign-in service (OpenID Connect), exactly as it calls itself, such as https://login.example.com/.",
    ),
    key(
        "VITRINE_OIDC_AUDIENCE",
        None,
        "Accept that service's access tokens (RS256, ES256) for this audience as bearer tokens.",
    ),
    key(
        "VITRINE_OIDC_CLIENT_ID",
        None,
        "This application there; people can then sign in with that service. Its redirect address is <public URL>/api/v1/auth/oidc/callback.",
    ),
    hidden(key(
        "VITRINE_OIDC_CLIENT_SECRET",
        None,
        "Secret of this application there; none for a public client.",
    )),
    hidden(later("VITRINE_STRIPE_SECRET_KEY", "Stripe key for billing.")),
    hidden(later(
        "VITRINE_STRIPE_WEBHOOK_SECRET",
        "Secret of the Stripe webhook.",
    )),
    later("VITRINE_STRIPE_API_BASE", "Address of the Stripe API."),
    hidden(later(
        "VITRINE_REPLICATE_TOKEN",
        "Token for staging by Replicate.",
    )),
    later("VITRINE_REPLICATE_API_BASE", "Address of the Replicate API."),
    hidden(later("VITRINE_OPENAI_API_KEY", "Key for staging by OpenAI.")),
    later("VITRINE_OPENAI_API_BASE", "Address of the OpenAI API."),
    later("VITRINE_COMFYUI_URL", "Address of a ComfyUI server."),
    later("VITRINE_ETSY_CLIENT_ID", "Etsy application."),
    hidden(later("VITRINE_ETSY_CLIENT_SECRET", "Etsy application.")),
    later("VITRINE_ETSY_API_BASE", "Address of the Etsy API."),
    later("VITRINE_PRINTIFY_CLIENT_ID", "Printify application."),
    hidden(later("VITRINE_PRINTIFY_CLIENT_SECRET", "Printify application.")),
    later("VITRINE_PRINTIFY_API_BASE", "Address of the Printify API."),
    later("VITRINE_OTLP_ENDPOINT", "Collector for traces."),
];

/// The key of a name, if it is one of ours.
pub fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}
