use std::path::Path;

use super::*;

fn load(environment: &[(&str, &str)], file: &str) -> Result<Config, String> {
    let mut sources = Sources::default();
    let read = |sources: &mut Sources| -> Result<(), ConfigError> {
        sources.add_file(Path::new("vitrine.toml"), file)?;
        sources.add_environment(
            environment
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        )
    };
    read(&mut sources)
        .and_then(|()| Config::from_sources(&sources))
        .map_err(|error| error.to_string())
}

const GOOD_SECRET: &str = "0123456789abcdef0123456789abcdef";

#[test]
fn nothing_given_is_a_development_instance_on_loopback() {
    let config = load(&[], "").expect("defaults are valid");
    assert_eq!(config.environment, Environment::Development);
    assert_eq!(config.public_url_at(config.addr), "http://127.0.0.1:8080");
    assert!(config.database_url.expose().ends_with("vitrine.db"));
    assert_eq!(config.upload_max_bytes, 25 * 1024 * 1024);
}

#[test]
fn the_environment_wins_over_the_file() {
    let config = load(
        &[("VITRINE_ADDR", "127.0.0.1:9000")],
        "addr = '127.0.0.1:7000'\nupload_max_bytes = 5",
    )
    .expect("valid");
    assert_eq!(config.addr.port(), 9000);
    assert_eq!(config.upload_max_bytes, 5);
}

#[test]
fn unknown_and_malformed_settings_stop_the_start_with_one_line() {
    type Case = (
        &'static [(&'static str, &'static str)],
        &'static str,
        &'static str,
    );
    let cases: [Case; 9] = [
        (&[("VITRINE_ADR", "x")], "", "VITRINE_ADR is not a setting"),
        (&[], "adr = 'x'", "adr in vitrine.toml is not a setting"),
        (&[("VITRINE_ADDR", "nowhere")], "", "VITRINE_ADDR is \"nowhere\""),
        (
            &[],
            "upload_max_bytes = 'many'",
            "upload_max_bytes in vitrine.toml is \"many\"",
        ),
        (&[("VITRINE_ENV", "staging")], "", "VITRINE_ENV"),
        (&[("VITRINE_DEFAULT_PLAN", "gold")], "", "VITRINE_DEFAULT_PLAN"),
        (
            &[("VITRINE_PUBLIC_CACHE_SECONDS", "3601")],
            "",
            "VITRINE_PUBLIC_CACHE_SECONDS is \"3601\"",
        ),
        (
            &[],
            "public_cache_seconds = -1",
            "public_cache_seconds in vitrine.toml is \"-1\"",
        ),
        (&[], "= broken", "not valid TOML"),
    ];
    for (environment, file, expected) in cases {
        let line = load(environment, file).expect_err(expected);
        assert!(line.contains(expected), "{line}");
        assert!(!line.contains('\n'), "{line}");
    }
}

#[test]
fn production_refuses_what_is_missing_or_weak() {
    let good = [
        ("VITRINE_ENV", "production"),
        ("VITRINE_PUBLIC_URL", "https://studio.example.com/"),
        ("VITRINE_SECRET_KEY", GOOD_SECRET),
    ];
    let config = load(&good, "").expect("a complete production configuration");
    assert_eq!(config.public_url.as_deref(), Some("https://studio.example.com"));
    for (name, value) in [
        ("VITRINE_SECRET_KEY", "short"),
        ("VITRINE_SECRET_KEY", "changeme-changeme-changeme-changeme"),
        ("VITRINE_SECRET_KEY", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
        ("VITRINE_SECRET_KEY", ""),
        ("VITRINE_PUBLIC_URL", ""),
        ("VITRINE_CORS_ORIGINS", "*"),
        ("VITRINE_CORS_ORIGINS", "http://plain.example.com"),
        ("VITRINE_RATE_LIMITS", "off"),
        ("VITRINE_STRIPE_SECRET_KEY", "sk_live_x"),
    ] {
        let mut environment = good.to_vec();
        environment.push((name, value));
        assert!(load(&environment, "").is_err(), "{name}={value} was accepted");
    }
}

#[test]
fn secrets_never_appear_in_messages() {
    let line = load(&[("VITRINE_DATABASE_URL", "mysql://user:hunter2@host/db")], "")
        .expect_err("not a database of ours");
    assert!(!line.contains("hunter2"), "{line}");
    let line = load(&[("VITRINE_REDIS_URL", "redis://:hunter2@host/first")], "")
        .expect_err("databases of Redis are numbers");
    assert!(
        line.contains("VITRINE_REDIS_URL") && !line.contains("hunter2"),
        "{line}"
    );
    let good = load(&[("VITRINE_REDIS_URL", "rediss://user:hunter2@host:6380/2")], "").expect("an address");
    assert!(!format!("{good:?}").contains("hunter2"));
}

#[test]
fn the_example_file_holds_the_defaults_and_every_setting() {
    let example = include_str!("../../../../config.example.toml");
    let config = load(&[], example).expect("the example is valid");
    // Where a value comes from is the one thing that differs.
    let read = |config: Config| {
        let shown = Vec::new();
        format!("{:?}", Config { shown, ..config })
    };
    assert_eq!(read(config), read(load(&[], "").expect("defaults")));
    for key in KEYS {
        assert!(
            example.contains(&format!("{} =", key.file_name())),
            "{} is missing in config.example.toml",
            key.name
        );
    }
}

#[test]
fn operators_see_every_setting_and_no_secret() {
    let environment: Vec<(&str, &str)> = vec![
        ("VITRINE_METRICS_TOKEN", "tell-nobody"),
        (
            "VITRINE_DATABASE_URL",
            "postgres://vitrine:tell-nobody@db/vitrine",
        ),
        ("VITRINE_STRIPE_SECRET_KEY", "tell-nobody"),
        ("VITRINE_DEFAULT_PLAN", "unlimited"),
    ];
    let shown = load(&environment, "public_cache_seconds = 90")
        .expect("it is valid")
        .shown;
    assert_eq!(shown.len(), KEYS.len());
    assert!(!format!("{shown:?}").contains("tell-nobody"));
    let of = |name: &str| {
        let one = shown.iter().find(|one| one.name == name).expect("it is listed");
        let origin = format!("{:?}", one.origin);
        (one.value.as_deref(), one.is_set, one.is_hidden, origin)
    };
    assert_eq!(
        of("VITRINE_METRICS_TOKEN"),
        (None, true, true, "Environment".into())
    );
    assert_eq!(of("VITRINE_SECRET_KEY"), (None, false, true, "Default".into()));
    assert_eq!(
        of("VITRINE_DEFAULT_PLAN"),
        (Some("unlimited"), true, false, "Environment".into())
    );
    assert_eq!(
        of("VITRINE_PUBLIC_CACHE_SECONDS"),
        (Some("90"), true, false, "File".into())
    );
    assert_eq!(
        of("VITRINE_ADDR"),
        (Some("127.0.0.1:8080"), false, false, "Default".into())
    );
    for key in KEYS {
        let sounds_secret = ["SECRET", "TOKEN", "API_KEY", "SMTP_URL", "DATABASE_URL"];
        if sounds_secret.iter().any(|word| key.name.contains(word)) {
            assert!(key.is_hidden, "{} holds a secret", key.name);
        }
    }
}
