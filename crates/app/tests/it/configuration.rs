//! Configuration errors as a person meets them.

use crate::process::vitrine;

#[test]
fn a_wrong_setting_is_one_line_and_exit_code_78() {
    for (name, value) in [
        ("VITRINE_ADDR", "nowhere"),
        ("VITRINE_ADRR", "127.0.0.1:1"),
        ("VITRINE_ENV", "production"),
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
