//! Room staging: a photo of an empty room goes in, a furnished one comes out.
//!
//! [`projects`] is the reference slice: start reading there. [`originals`] are the photos people upload, [`images`] are
//! stagings of them, made by [`engines`]; [`scenes`] is what stands
//! where in them, from the catalogue of [`furniture`]; [`exports`] hands results out; [`samples`] are photos to try it with.

use std::sync::Arc;
use std::time::Duration;

use utoipa_axum::router::OpenApiRouter;
use vitrine_platform::Module;
use vitrine_platform::jobs::{JobKind, Schedule};

pub mod engines;
pub mod exports;
pub mod furniture;
pub mod images;
pub mod originals;
pub mod projects;
pub mod samples;
pub mod scenes;

/// Everything of this area, for the composition root.
pub fn module() -> Module {
    Module {
        name: "staging",
        routes: OpenApiRouter::new()
            .merge(projects::routes::router())
            .merge(originals::routes::router())
            .merge(images::routes::router())
            .merge(engines::routes::router())
            .merge(engines::settings::routes::router())
            .merge(exports::routes::router())
            .merge(scenes::routes::with_workbench(
                scenes::routes::router().merge(furniture::routes::router()),
            ))
            .merge(furniture::imports::routes::router()),
        jobs: vec![
            JobKind::of::<originals::jobs::PrepareOriginal>(),
            JobKind::of::<originals::jobs::ExpireUploads>(),
            JobKind::of::<originals::sweep::SweepFiles>(),
            JobKind::of::<projects::jobs::PurgeProjects>(),
            JobKind::of::<images::jobs::StageImage>(),
            JobKind::of::<images::jobs::PurgeImages>(),
            JobKind::of::<furniture::jobs::ImportFurniture>(),
        ],
        schedules: vec![
            Schedule::every(
                "staging.expire_uploads",
                Duration::from_secs(15 * 60),
                originals::jobs::ExpireUploads::default(),
            ),
            Schedule::every(
                "staging.purge_images",
                Duration::from_secs(6 * 3600),
                images::jobs::PurgeImages::default(),
            ),
            Schedule::every(
                "staging.purge_projects",
                Duration::from_secs(6 * 3600),
                projects::jobs::PurgeProjects::default(),
            ),
            Schedule::every(
                "staging.sweep_files",
                Duration::from_secs(24 * 3600),
                originals::sweep::SweepFiles::default(),
            ),
        ],
        statements: vec![
            engines::settings::sql::STATEMENTS,
            projects::sql::STATEMENTS,
            originals::sql::STATEMENTS,
            images::sql::STATEMENTS,
            exports::sql::STATEMENTS,
            scenes::sql::STATEMENTS,
            furniture::sql::STATEMENTS,
        ],
        snapshots: vec![Arc::new(images::snapshot::ImageSnapshot)],
        notices: vec![&images::notices::READY, &images::notices::FAILED],
        setup_hooks: vec![Arc::new(samples::SampleProject)],
        ..Module::default()
    }
}
