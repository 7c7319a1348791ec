use vitrine_db::{AnyStatement, db_test, jobs};

db_test! {
    async fn every_statement_of_the_job_engine_can_be_prepared(db: Db) {
        for entry in jobs::sql::STATEMENTS {
            let AnyStatement::One(statement) = entry else { panic!("the engine has no lists") };
            let text = match db.kind() {
                vitrine_db::EngineKind::Sqlite => statement.sqlite,
                vitrine_db::EngineKind::Postgres => statement.postgres,
            };
            db.prepare(statement.name, text).await.unwrap_or_else(|error| panic!("{}: {error}", statement.name));
        }
    }

    async fn the_claim_looks_jobs_up_by_its_index_and_never_reads_the_whole_queue(db: Db) {
        if db.kind() == vitrine_db::EngineKind::Postgres {
            return; // its planner goes by statistics, which an empty table does not have
        }
        let plan: &'static str = Box::leak(format!("explain query plan {}", jobs::sql::CLAIM_JOBS.sqlite).into_boxed_str());
        let explain: &'static vitrine_db::Statement = Box::leak(Box::new(vitrine_db::Statement::new("EXPLAIN", plan)));
        let now = vitrine_kernel::Clock::now(&vitrine_kernel::SystemClock);
        let values = vitrine_db::values![now, uuid::Uuid::nil(), now, "[]", 1_i64, "{}"];
        let steps: Vec<String> =
            db.fetch_all(explain, values).await.unwrap().iter().map(|row| row.get("detail").unwrap()).collect();
        let whole = steps.iter().find(|step| ["SCAN j ", "SCAN k "].iter().any(|scan| format!("{step} ").starts_with(scan)));
        assert_eq!(whole, None, "{steps:#?}");
        assert!(steps.iter().any(|step| step.starts_with("SEARCH k USING INDEX jobs_claim_idx")), "{steps:#?}");
    }
}
