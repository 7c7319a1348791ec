//! Stories through the API of the hub, each on both databases.

mod community;
mod notices;
mod public_cache;
mod status;
mod status_health;
mod status_letters;
mod status_support;
mod support;
mod tickets;

#[test]
fn every_file_of_this_folder_is_listed() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    let listed = std::fs::read_to_string(folder.join("main.rs")).expect("this file is there");
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let name = entry
            .expect("it can be listed")
            .file_name()
            .into_string()
            .expect("plain names");
        let module = name.strip_suffix(".rs").expect("only Rust files");
        assert!(
            module == "main" || listed.contains(&format!("mod {module};\n")),
            "{name} is not listed in main.rs"
        );
    }
}

#[test]
fn the_document_says_the_words_that_are_sent() {
    let document = vitrine_platform::web::openapi(vec![vitrine_hub::module()]);
    let schemas = &document.0["components"]["schemas"];
    for (name, words) in [
        ("TicketStatus", vec!["open", "pending", "resolved", "closed"]),
        ("PostState", vec!["visible", "hidden", "removed", "deleted"]),
        (
            "FlagReason",
            vec!["spam", "abuse", "off_topic", "illegal", "other"],
        ),
    ] {
        assert_eq!(schemas[name]["enum"], serde_json::json!(words), "{name}");
    }
}

vitrine_db::db_test! {
    async fn every_statement_of_this_area_can_be_prepared(db: Db) {
        for statement in vitrine_hub::module().statements.into_iter().flatten() {
            let all: Vec<&vitrine_db::Statement> = match statement {
                vitrine_db::AnyStatement::One(one) => vec![one],
                vitrine_db::AnyStatement::List(list) => list.texts().collect(),
            };
            for one in all {
                let text = match db.kind() {
                    vitrine_db::EngineKind::Sqlite => one.sqlite,
                    vitrine_db::EngineKind::Postgres => one.postgres,
                };
                db.prepare(one.name, text).await.unwrap_or_else(|error| panic!("{}: {error}\n{text}", one.name));
            }
        }
    }
}
