//! Stories through the API of room staging, each on both databases; those about files also on both storages.

mod asked;
mod deletion;
mod engines;
mod etags;
mod exports;
mod files;
mod full_disk;
mod furniture;
mod furniture_imports;
mod idempotency;
mod images;
mod originals;
mod prints;
mod projects;
mod roles;
mod scene_furniture;
mod scene_kit;
mod scene_tools;
mod scene_versions;
mod scenes;
mod sql;
mod support;
mod uploads;

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

vitrine_db::db_test! {
    async fn every_statement_of_this_area_can_be_prepared(db: Db) {
        for statement in vitrine_staging::module().statements.into_iter().flatten() {
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
