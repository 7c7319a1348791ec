//! What API tests share: [`TestApp`], a whole server without a socket on a fresh database of either engine, with a
//! clock that stands still and randomness from a seed; [`Client`], which speaks to it; [`app_test!`], which makes one
//! test per engine of a story.
//!
//! A story ends with a look at the queue: jobs that are left or gave up fail the test, unless it said so.

mod app;
mod client;
mod redis;
mod sql;

pub use app::{AppOptions, TestApp, run_story};
pub use client::{Call, Client, Reply};
pub use redis::RedisServer;

/// Makes one test per engine of each story. `modules` is a function that gives the modules to serve.
///
/// ```ignore
/// vitrine_testkit::app_test! {
///     modules = crate::modules;
///
///     async fn a_stranger_gets_404(app: &TestApp) {
///         app.client().get("/nothing").await.expect(404);
///     }
/// }
/// ```
#[macro_export]
macro_rules! app_test {
    (modules = $modules:path; $($(#[$attribute:meta])* async fn $name:ident($app:ident: $type:ty) $body:block)+) => {$(
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn story($app: $type) $body

            $(#[$attribute])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                $crate::run_story($crate::EngineKind::Sqlite, $modules(), |app| Box::pin(story(app))).await;
            }

            $(#[$attribute])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                $crate::run_story($crate::EngineKind::Postgres, $modules(), |app| Box::pin(story(app))).await;
            }
        }
    )+};
}

pub use vitrine_db::EngineKind;
