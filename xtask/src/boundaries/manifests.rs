//! Which crate may name which in its manifest.

use serde_json::Value;

use super::Breach;

/// Crate, and what it may use of ours. Names without the `vitrine-` prefix.
const MAY_USE: &[(&str, &[&str])] = &[
    ("kernel", &[]),
    ("scene", &[]),
    ("xtask", &[]),
    ("db", &["kernel"]),
    ("providers", &["kernel"]),
    ("platform", &["kernel", "db", "providers"]),
    ("staging", &["kernel", "db", "providers", "platform", "scene"]),
    ("merch", &["kernel", "db", "providers", "platform", "scene"]),
    ("hub", &["kernel", "db", "providers", "platform"]),
    (
        "app",
        &[
            "kernel",
            "scene",
            "db",
            "providers",
            "platform",
            "staging",
            "merch",
            "hub",
        ],
    ),
    ("testkit", &["kernel", "db", "providers", "platform"]),
];

const AREAS: &[&str] = &["staging", "merch", "hub"];

/// Checks the answer of `cargo metadata --no-deps`.
pub fn check(metadata: &Value) -> Result<Vec<Breach>, String> {
    let packages = metadata["packages"]
        .as_array()
        .ok_or("cargo metadata lists no packages")?;
    let own: Vec<&str> = packages
        .iter()
        .filter_map(|package| package["name"].as_str())
        .collect();
    let mut breaches = Vec::new();
    for package in packages {
        let name = package["name"]
            .as_str()
            .ok_or("cargo metadata has a package without a name")?;
        let place = place_of(package, metadata);
        let Some(allowed) = allowed_for(short(name)) else {
            breaches.push(Breach {
                place,
                edge: format!("{name} is in no row of the table"),
                rule: "every crate has its place in the table of docs/ARCHITECTURE.md and of xtask"
                    .to_owned(),
            });
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let Some(used) = dependency["name"].as_str().filter(|used| own.contains(used)) else {
                continue;
            };
            let is_dev = dependency["kind"].as_str() == Some("dev");
            if let Some(rule) = broken_rule(short(name), short(used), allowed, is_dev) {
                let kind = if is_dev { "dev-dependency" } else { "dependency" };
                breaches.push(Breach {
                    place: place.clone(),
                    edge: format!("{name} → {used} ({kind})"),
                    rule,
                });
            }
        }
    }
    Ok(breaches)
}

fn allowed_for(krate: &str) -> Option<&'static [&'static str]> {
    MAY_USE
        .iter()
        .find(|(name, _)| *name == krate)
        .map(|(_, allowed)| *allowed)
}

fn broken_rule(user: &str, used: &str, allowed: &[&str], is_dev: bool) -> Option<String> {
    // A crate may name itself in its dev-dependencies to switch a feature on for its own tests.
    let is_fine = allowed.contains(&used) || (is_dev && (used == "testkit" || used == user));
    if is_fine {
        return None;
    }
    if used == "testkit" {
        return Some("testkit is for tests: it may only be a dev-dependency".to_owned());
    }
    if AREAS.contains(&user) && AREAS.contains(&used) {
        return Some(
            "an area never names another area: send an event or a job, or move the shared rule down"
                .to_owned(),
        );
    }
    let allowed = if allowed.is_empty() {
        "nothing of ours".to_owned()
    } else {
        allowed.join(", ")
    };
    Some(format!("arrows only go down: {user} may use {allowed}"))
}

fn short(name: &str) -> &str {
    name.strip_prefix("vitrine-").unwrap_or(name)
}

fn place_of(package: &Value, metadata: &Value) -> String {
    let manifest = package["manifest_path"].as_str().unwrap_or("Cargo.toml");
    let root = metadata["workspace_root"].as_str().unwrap_or("");
    manifest
        .strip_prefix(root)
        .unwrap_or(manifest)
        .trim_start_matches('/')
        .to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn workspace(user: &str, dependencies: &[(&str, Option<&str>)]) -> Value {
        let dependencies: Vec<Value> = dependencies
            .iter()
            .map(|(name, kind)| json!({ "name": name, "kind": kind }))
            .collect();
        let mut packages = vec![json!({
            "name": format!("vitrine-{user}"),
            "manifest_path": format!("/repo/crates/{user}/Cargo.toml"),
            "dependencies": dependencies,
        })];
        for (name, _) in MAY_USE.iter().filter(|(name, _)| *name != user) {
            packages.push(json!({ "name": format!("vitrine-{name}"), "dependencies": [] }));
        }
        json!({ "workspace_root": "/repo", "packages": packages })
    }

    fn breaches(user: &str, dependencies: &[(&str, Option<&str>)]) -> Vec<String> {
        check(&workspace(user, dependencies))
            .unwrap()
            .iter()
            .map(Breach::to_string)
            .collect()
    }

    #[test]
    fn the_arrows_of_the_table_are_allowed() {
        for (user, allowed) in MAY_USE {
            let names: Vec<String> = allowed.iter().map(|used| format!("vitrine-{used}")).collect();
            let dependencies: Vec<(&str, Option<&str>)> =
                names.iter().map(|name| (name.as_str(), None)).collect();
            assert_eq!(breaches(user, &dependencies), Vec::<String>::new());
        }
    }

    #[test]
    fn an_area_that_names_another_area_is_reported_with_the_way_out() {
        assert_eq!(
            breaches("merch", &[("vitrine-staging", None)]),
            [
                "crates/merch/Cargo.toml: vitrine-merch → vitrine-staging (dependency)\n    \
              an area never names another area: send an event or a job, or move the shared rule down"
            ]
        );
    }

    #[test]
    fn an_area_that_names_another_area_for_its_tests_is_reported_too() {
        assert_eq!(breaches("hub", &[("vitrine-staging", Some("dev"))]).len(), 1);
    }

    #[test]
    fn an_arrow_that_goes_up_is_reported_with_what_is_allowed() {
        assert_eq!(
            breaches("db", &[("vitrine-platform", None)]),
            [
                "crates/db/Cargo.toml: vitrine-db → vitrine-platform (dependency)\n    \
              arrows only go down: db may use kernel"
            ]
        );
        assert!(breaches("kernel", &[("vitrine-db", None)])[0].ends_with("kernel may use nothing of ours"));
    }

    #[test]
    fn the_numeric_core_uses_nothing_of_ours() {
        assert_eq!(breaches("scene", &[("vitrine-kernel", None)]).len(), 1);
    }

    #[test]
    fn the_testkit_is_a_dev_dependency_only() {
        assert_eq!(
            breaches("staging", &[("vitrine-testkit", Some("dev"))]),
            Vec::<String>::new()
        );
        assert!(breaches("staging", &[("vitrine-testkit", None)])[0].contains("only be a dev-dependency"));
        assert!(
            breaches("app", &[("vitrine-testkit", Some("build"))])[0].contains("only be a dev-dependency")
        );
    }

    #[test]
    fn a_crate_may_name_itself_for_its_tests() {
        assert_eq!(
            breaches("db", &[("vitrine-db", Some("dev"))]),
            Vec::<String>::new()
        );
    }

    #[test]
    fn a_crate_outside_the_table_is_reported() {
        assert!(breaches("gadgets", &[])[0].contains("vitrine-gadgets is in no row of the table"));
    }

    #[test]
    fn crates_of_others_are_not_our_business() {
        assert_eq!(
            breaches("kernel", &[("serde", None), ("sqlx", None)]),
            Vec::<String>::new()
        );
    }
}
