//! `cargo xtask notices` writes `THIRD-PARTY-LICENSES.txt`: the licence texts of every crate that is compiled into the
//! program and of every package that is bundled into the UI.
//!
//! The surprise: of a choice of licences the shortest duty is taken, so a crate that is MIT or Apache-2.0 appears with
//! its MIT text. Needs the crates' sources and `web/node_modules`, so run `make test` or `make run` once before.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::{cargo_metadata, list};

const OUTPUT: &str = "THIRD-PARTY-LICENSES.txt";
const HEADER: &str = "\
Vitrine contains the following work of others. Each text is followed by what it covers to the next line of equal signs.
Made by `cargo xtask notices`; texts that are the same but for white space appear once. The Apache License 2.0 is in
LICENSE-APACHE.
";

/// Something that ships inside.
#[derive(Debug, PartialEq)]
struct Work {
    title: String,
    licence: String,
    folder: PathBuf,
}

pub fn run(root: &Path) -> Result<String, String> {
    let arguments = ["--locked", "--filter-platform", "x86_64-unknown-linux-gnu"];
    let mut works = crates(&cargo_metadata(root, &arguments)?)?;
    let lock = root.join("web/package-lock.json");
    let lock =
        fs::read_to_string(&lock).map_err(|error| format!("could not read {}: {error}", lock.display()))?;
    let lock =
        serde_json::from_str(&lock).map_err(|error| format!("could not read package-lock.json: {error}"))?;
    works.extend(web_packages(&lock, &root.join("web")));

    let mut by_text: BTreeMap<String, (String, BTreeSet<String>)> = BTreeMap::new();
    let mut without_text = BTreeSet::new();
    for work in &works {
        let line = format!("{} ({})", work.title, work.licence);
        let texts = licence_texts(work)?;
        if texts.is_empty() {
            without_text.insert(line);
            continue;
        }
        for text in texts {
            let key = text.split_whitespace().collect::<Vec<_>>().join(" ");
            by_text
                .entry(key)
                .or_insert_with(|| (text, BTreeSet::new()))
                .1
                .insert(line.clone());
        }
    }
    let output = render(&by_text, &without_text);
    fs::write(root.join(OUTPUT), output).map_err(|error| format!("could not write {OUTPUT}: {error}"))?;
    Ok(format!(
        "{OUTPUT}: {} works, {} texts",
        works.len(),
        by_text.len()
    ))
}

fn render(by_text: &BTreeMap<String, (String, BTreeSet<String>)>, without_text: &BTreeSet<String>) -> String {
    let rule = "=".repeat(80);
    let mut sections: Vec<(&BTreeSet<String>, &str)> = by_text
        .values()
        .map(|(text, lines)| (lines, text.as_str()))
        .collect();
    sections.sort();
    let mut output = HEADER.to_owned();
    for (lines, text) in sections {
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        output.push_str(&format!("\n{rule}\n{}\n\n{}\n", lines.join("\n"), text.trim()));
    }
    if !without_text.is_empty() {
        let lines: Vec<&str> = without_text.iter().map(String::as_str).collect();
        output.push_str(&format!(
            "\n{rule}\nUnder the named licence; the package holds no other text:\n\n"
        ));
        output.push_str(&lines.join("\n"));
        output.push('\n');
    }
    output
}

/// The crates of others that the program links: normal dependencies, transitively, without procedural macros.
fn crates(metadata: &Value) -> Result<Vec<Work>, String> {
    let empty = Vec::new();
    let packages: BTreeMap<&str, &Value> = metadata["packages"]
        .as_array()
        .unwrap_or(&empty)
        .iter()
        .filter_map(|package| Some((package["id"].as_str()?, package)))
        .collect();
    let nodes: BTreeMap<&str, &Value> = metadata["resolve"]["nodes"]
        .as_array()
        .unwrap_or(&empty)
        .iter()
        .filter_map(|node| Some((node["id"].as_str()?, node)))
        .collect();
    let program = packages
        .iter()
        .find(|(_, package)| package["name"].as_str() == Some("vitrine-app"))
        .map(|(id, _)| *id)
        .ok_or("cargo metadata does not know vitrine-app")?;
    let mut seen = BTreeSet::from([program]);
    let mut waiting = vec![program];
    let mut works = Vec::new();
    while let Some(id) = waiting.pop() {
        let package = packages
            .get(id)
            .ok_or_else(|| format!("cargo metadata does not describe {id}"))?;
        if is_macro(package) {
            continue;
        }
        if !package["source"].is_null() {
            works.push(crate_work(package)?);
        }
        for dependency in nodes
            .get(id)
            .and_then(|node| node["deps"].as_array())
            .into_iter()
            .flatten()
        {
            let kinds = dependency["dep_kinds"].as_array().unwrap_or(&empty);
            let is_linked = kinds.iter().any(|kind| kind["kind"].is_null());
            if let Some(used) = dependency["pkg"]
                .as_str()
                .filter(|used| is_linked && seen.insert(used))
            {
                waiting.push(used);
            }
        }
    }
    Ok(works)
}

fn is_macro(package: &Value) -> bool {
    let targets = package["targets"].as_array().into_iter().flatten();
    let mut kinds = targets.flat_map(|target| target["kind"].as_array().into_iter().flatten());
    kinds.any(|kind| kind.as_str() == Some("proc-macro"))
}

fn crate_work(package: &Value) -> Result<Work, String> {
    let text = |field: &str| package[field].as_str().unwrap_or_default().to_owned();
    let manifest = PathBuf::from(text("manifest_path"));
    let folder = manifest.parent().ok_or("a manifest lies in a folder")?.to_owned();
    let licence = package["license"].as_str().unwrap_or("see its text").to_owned();
    Ok(Work {
        title: format!("{} {}", text("name"), text("version")),
        licence,
        folder,
    })
}

/// The packages that the UI's bundle is made of: what the lock file does not mark as for development or optional.
fn web_packages(lock: &Value, web: &Path) -> Vec<Work> {
    let Some(packages) = lock["packages"].as_object() else {
        return Vec::new();
    };
    packages
        .iter()
        .filter(|(path, package)| !path.is_empty() && package["dev"] != true && package["optional"] != true)
        .filter(|(_, package)| package["devOptional"] != true)
        .map(|(path, package)| {
            let name = path.rsplit("node_modules/").next().unwrap_or(path);
            Work {
                title: format!("{name} {}", package["version"].as_str().unwrap_or_default()),
                licence: package["license"].as_str().unwrap_or("see its text").to_owned(),
                folder: web.join(path),
            }
        })
        // A peer that is only types is listed in the lock file and not installed.
        .filter(|work| work.folder.is_dir())
        .collect()
}

fn licence_texts(work: &Work) -> Result<Vec<String>, String> {
    let mut texts = Vec::new();
    for path in list(&work.folder)? {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .to_lowercase();
        let is_licence = [
            "licence",
            "license",
            "copying",
            "notice",
            "copyright",
            "unlicense",
        ]
        .iter()
        .any(|start| name.starts_with(start));
        if is_licence && path.is_file() && !name.ends_with(".rs") {
            // Some texts are Latin-1; a name with a replaced letter is better than none.
            let bytes =
                fs::read(&path).map_err(|error| format!("could not read {}: {error}", path.display()))?;
            texts.push(String::from_utf8_lossy(&bytes).replace("\r\n", "\n"));
        }
    }
    if work.licence.contains("MIT") && texts.iter().any(|text| is_mit(text)) && !work.licence.contains("AND")
    {
        texts.retain(|text| is_mit(text));
    }
    texts.retain(|text| !is_apache(text));
    Ok(texts)
}

fn is_mit(text: &str) -> bool {
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    flat.contains("Permission is hereby granted, free of charge, to any person obtaining a copy")
}

/// The bare text of the Apache License, which is in the repository already.
fn is_apache(text: &str) -> bool {
    text.contains("Apache License")
        && text.contains("TERMS AND CONDITIONS FOR USE, REPRODUCTION")
        && !is_mit(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn package(name: &str, source: Option<&str>, kind: &str) -> Value {
        json!({
            "id": name, "name": name, "version": "1.0.0", "license": "MIT", "source": source,
            "manifest_path": format!("/registry/{name}/Cargo.toml"), "targets": [{ "kind": [kind] }],
        })
    }

    fn node(name: &str, dependencies: &[(&str, Option<&str>)]) -> Value {
        let dependencies: Vec<Value> = dependencies
            .iter()
            .map(|(used, kind)| json!({ "pkg": used, "dep_kinds": [{ "kind": kind }] }))
            .collect();
        json!({ "id": name, "deps": dependencies })
    }

    #[test]
    fn only_crates_that_are_linked_are_named() {
        let registry = Some("registry");
        let metadata = json!({
            "packages": [
                package("vitrine-app", None, "bin"),
                package("vitrine-db", None, "lib"),
                package("driver", registry, "lib"),
                package("derive", registry, "proc-macro"),
                package("used-by-derive", registry, "lib"),
                package("test-tool", registry, "lib"),
                package("build-tool", registry, "lib"),
            ],
            "resolve": { "nodes": [
                node("vitrine-app", &[("vitrine-db", None), ("test-tool", Some("dev")), ("build-tool", Some("build"))]),
                node("vitrine-db", &[("driver", None), ("derive", None)]),
                node("derive", &[("used-by-derive", None)]),
            ] },
        });
        let names: Vec<String> = crates(&metadata)
            .unwrap()
            .into_iter()
            .map(|work| work.title)
            .collect();
        assert_eq!(names, ["driver 1.0.0"]);
    }

    #[test]
    fn packages_of_the_workshop_are_not_in_the_bundle() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["react", "vite", "@mantine/core"] {
            fs::create_dir_all(folder.path().join("node_modules").join(name)).unwrap();
        }
        let lock = json!({ "packages": {
            "": { "name": "web" },
            "node_modules/react": { "version": "19.0.0", "license": "MIT" },
            "node_modules/@mantine/core": { "version": "9.0.0", "license": "MIT" },
            "node_modules/vite": { "version": "8.0.0", "license": "MIT", "dev": true },
            "node_modules/@types/react": { "version": "19.0.0", "license": "MIT" },
        }});
        let titles: Vec<String> = web_packages(&lock, folder.path())
            .into_iter()
            .map(|work| work.title)
            .collect();
        assert_eq!(titles, ["@mantine/core 9.0.0", "react 19.0.0"]);
    }

    #[test]
    fn of_a_choice_the_short_text_is_kept_and_of_a_sum_all() {
        let folder = tempfile::tempdir().unwrap();
        let mit =
            "Copyright A\n\nPermission is hereby granted, free of charge, to any\nperson obtaining a copy";
        fs::write(folder.path().join("LICENSE-MIT"), mit).unwrap();
        fs::write(folder.path().join("LICENSE-UNICODE"), "UNICODE LICENSE V3").unwrap();
        fs::write(folder.path().join("README.md"), "hello").unwrap();
        let mut work = Work {
            title: "x".into(),
            licence: "MIT OR Unicode-3.0".into(),
            folder: folder.path().to_owned(),
        };
        assert_eq!(licence_texts(&work).unwrap(), [mit]);
        work.licence = "MIT AND Unicode-3.0".into();
        assert_eq!(licence_texts(&work).unwrap(), [mit, "UNICODE LICENSE V3"]);
    }
}
