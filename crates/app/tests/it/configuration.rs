//! Configuration errors as a person meets them.

use vitrine_testkit::RedisServer;

use crate::process::vitrine;

#[test]
fn a_wrong_setting_is_one_line_and_exit_code_78() {
    for (name, value) in [
        ("VITRINE_ADDR", "nowhere"),
        ("VITRINE_ADRR", "127.0.0.1:1"),
        ("VITRINE_ENV", "production"),
        ("VITRINE_REDIS_URL", "localhost:6379"),
    ] {
        let output = vitrine(&["serve"]).env(name, value).output().expect("it runs");
        let text = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(78), "{name}: {text}");
        assert_eq!(text.trim_end().lines().count(), 1, "{text}");
        assert!(text.starts_with("configuration: VITRINE_"), "{text}");
    }
}

#[test]
fn a_taken_port_is_said_and_nothing_is_touched() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("bound").to_string();
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let output = vitrine(&["serve"])
        .env("VITRINE_ADDR", &address)
        .env("VITRINE_DATA_DIR", &data)
        .output()
        .expect("it runs");
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains(&format!("could not listen on {address}")), "{text}");
    assert!(!data.exists());
}

/// What `vitrine doctor` says, and whether it is content.
fn doctor(arguments: &[&str], environment: &[(&str, &str)]) -> (bool, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let output = vitrine(&[&["doctor"], arguments].concat())
        .env("VITRINE_DATA_DIR", folder.path().join("data"))
        .envs(environment.iter().copied())
        .output()
        .expect("it runs");
    (
        output.status.success(),
        String::from_utf8_lossy(&output.stdout).into_owned(),
    )
}

#[test]
fn the_doctor_says_whether_redis_answers() {
    let Some(mut server) = RedisServer::start() else {
        return;
    };
    let url = server.url();
    let redis = [("VITRINE_REDIS_URL", url.expose().as_str())];
    let line_of = |text: &str| {
        text.lines()
            .find(|line| line.contains("redis:"))
            .map(str::to_owned)
    };
    let (_, text) = doctor(&[], &redis);
    assert!(
        line_of(&text).is_some_and(|line| line.starts_with("ok ")),
        "{text}"
    );
    server.kill();
    let (is_content, text) = doctor(&[], &redis);
    assert!(
        !is_content && line_of(&text).is_some_and(|line| line.starts_with("WRONG ")),
        "{text}"
    );
    let (_, text) = doctor(&[], &[]);
    assert_eq!(line_of(&text), None);
}

#[test]
fn the_doctor_seals_every_listed_column_anew_and_says_that_the_old_secret_can_go() {
    let secrets = [
        ("VITRINE_SECRET_KEY", "qv2Jr8Wn0aLx5Tz7Yb3Kd9Hs6Mf1Pc4E"),
        ("VITRINE_PREVIOUS_SECRET_KEY", "Zt4Gm1Xk8Rw6Nq3Vy7Bh2Jd5Lc9Sf0Pa"),
    ];
    let (is_content, text) = doctor(&["--rotate"], &secrets);
    assert!(is_content, "{text}");
    for column in vitrine_app::modules().iter().flat_map(|module| &module.sealed) {
        let line = format!("{}.{}: 0 sealed anew", column.table, column.column);
        assert!(text.contains(&line), "{text}");
    }
    assert!(text.contains("VITRINE_PREVIOUS_SECRET_KEY can go"), "{text}");
}
