//! Requests per second and latencies of the API, beside a bare axum + sqlx server that sends the same statements: list,
//! get and create of projects and images, over 1, 16 and 64 connections that stay open, on SQLite, and on PostgreSQL
//! when `VITRINE_TEST_POSTGRES_URL` names a server.
//!
//! `cargo bench -p vitrine-app --bench api -- [rounds] [words…]`, such as `-- 3 sqlite create 16`: only rows that hold
//! every word. Both servers run in this process, each with a runtime and a database of its own; no workers, no limits.
//! They take turns within each row, with the same number of requests, so that their tables grow alike; after each row
//! the bench looks whether both left the same rows. How to read the figures: `docs/performance.md`.

mod bare;
mod figures;
mod load;
mod operations;
mod ours;
mod seed;
mod sql;

use std::io;
use std::sync::Arc;

use figures::Runs;
use load::Load;
use operations::Operation;
use seed::{Rows, World};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use vitrine_db::EngineKind;
use vitrine_db::testing::TestDb;
use vitrine_platform::{Ctx, telemetry};

const CONNECTIONS: [usize; 3] = [1, 16, 64];
const DEFAULT_ROUNDS: usize = 5;
/// The slower server takes about this long for its part of a round.
const SECONDS: f64 = 0.8;
const MAX_REQUESTS: usize = 20_000;

/// What the command line asks for.
struct Wishes {
    rounds: usize,
    words: Vec<String>,
}

impl Wishes {
    fn read() -> Self {
        // Cargo adds `--bench`.
        let words: Vec<String> = std::env::args()
            .skip(1)
            .filter(|word| !word.starts_with('-'))
            .collect();
        let rounds = words.first().and_then(|word| word.parse().ok());
        let words = if rounds.is_some() {
            words[1..].to_vec()
        } else {
            words
        };
        Self {
            rounds: rounds.unwrap_or(DEFAULT_ROUNDS).max(1),
            words,
        }
    }

    fn include(&self, kind: EngineKind, operation: Operation, connections: usize) -> bool {
        let connections = connections.to_string();
        let row: Vec<&str> = [name(kind), &connections]
            .into_iter()
            .chain(operation.name().split(' '))
            .collect();
        self.words.iter().all(|word| row.contains(&word.as_str()))
    }
}

fn main() -> io::Result<()> {
    let wishes = Wishes::read();
    // Both pay for the same logging: what `VITRINE_LOG` is when nobody sets it.
    telemetry::init("info").expect("nobody else logs here");
    let load = Builder::new_current_thread().enable_all().build()?;
    println!(
        "{} rounds; {} projects, {} photos, {} images; pages of 20; ms",
        wishes.rounds,
        seed::PROJECTS,
        seed::ORIGINALS,
        seed::IMAGES
    );
    println!(
        "{:<9} {:<15} {:>5} {:>8} {:>8} {:>6} {:>12} {:>9} {:>9} {:>9} {:>9} {:>9}",
        "engine",
        "request",
        "conn.",
        "ours/s",
        "bare/s",
        "ratio",
        "min..max",
        "ours p50",
        "bare p50",
        "ours p99",
        "bare p99",
        "load µs"
    );
    let mut lowest: Option<(f64, String)> = None;
    for kind in [EngineKind::Sqlite, EngineKind::Postgres] {
        let wanted = |operation: &Operation| CONNECTIONS.iter().any(|c| wishes.include(kind, *operation, *c));
        if !Operation::ALL.iter().any(wanted) {
            continue;
        }
        let (Some(ours), Some(bare)) = (Side::open(kind, Server::Ours)?, Side::open(kind, Server::Bare)?)
        else {
            continue;
        };
        for operation in Operation::ALL {
            for connections in CONNECTIONS
                .into_iter()
                .filter(|c| wishes.include(kind, operation, *c))
            {
                let ratio = measure(
                    &load,
                    &ours,
                    &bare,
                    operation,
                    connections,
                    wishes.rounds,
                    name(kind),
                )?;
                if lowest.as_ref().is_none_or(|(low, _)| ratio < *low) {
                    let row = format!("{}, {}, {connections} connections", name(kind), operation.name());
                    lowest = Some((ratio, row));
                }
            }
        }
    }
    if let Some((ratio, row)) = lowest {
        println!("lowest median ratio: {ratio:.2} ({row}); both servers left the same rows");
    }
    Ok(())
}

const fn name(kind: EngineKind) -> &'static str {
    match kind {
        EngineKind::Sqlite => "sqlite",
        EngineKind::Postgres => "postgres",
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Server {
    Ours,
    Bare,
}

/// One server with its runtime and database, and a second door to that database for filling and counting.
struct Side {
    server: Server,
    port: u16,
    world: World,
    control: Ctx,
    runtime: Runtime,
    _test: TestDb,
    _folder: TempDir,
}

impl Side {
    /// `None` without a PostgreSQL server.
    fn open(kind: EngineKind, server: Server) -> io::Result<Option<Self>> {
        let runtime = Builder::new_multi_thread().enable_all().build()?;
        let folder = tempfile::tempdir()?;
        let Some(test) = runtime.block_on(TestDb::open(kind)) else {
            return Ok(None);
        };
        let control = ours::context(test.db.clone(), folder.path());
        let world = runtime
            .block_on(seed::fill(&control))
            .expect("the database can be filled");
        let url = test.db.url().to_owned();
        let port = match (server, kind) {
            (Server::Ours, _) => runtime.block_on(ours::serve(&url, folder.path())),
            (Server::Bare, EngineKind::Sqlite) => runtime.block_on(bare::sqlite::server::serve(&url)),
            (Server::Bare, EngineKind::Postgres) => runtime.block_on(bare::postgres::server::serve(&url)),
        };
        Ok(Some(Self {
            server,
            port,
            world,
            control,
            runtime,
            _test: test,
            _folder: folder,
        }))
    }

    fn load(&self, operation: Operation) -> Load {
        let (token, ids) = self
            .runtime
            .block_on(seed::sign_in(&self.control))
            .expect("the account signs in");
        let proof = match self.server {
            Server::Ours => token,
            Server::Bare => ids,
        };
        Load {
            port: self.port,
            requests: Arc::new(operation.requests(&self.world, &proof)),
            status: operation.status(),
        }
    }

    fn rows(&self) -> Rows {
        self.runtime
            .block_on(Rows::count(&self.control))
            .expect("rows can be counted")
    }
}

/// Measures and prints one row; answers the median ratio.
fn measure(
    load: &Runtime,
    ours: &Side,
    bare: &Side,
    operation: Operation,
    connections: usize,
    rounds: usize,
    engine: &str,
) -> io::Result<f64> {
    let loads = [ours.load(operation), bare.load(operation)];
    let before = [ours.rows(), bare.rows()];
    let mut sent = 0;

    let bodies = [
        load.block_on(loads[0].first_body())?,
        load.block_on(loads[1].first_body())?,
    ];
    sent += 1;
    let [our_essence, bare_essence] = bodies.map(|body| operation.essence(&body));
    assert_eq!(
        our_essence,
        bare_essence,
        "the servers answer {} differently",
        operation.name()
    );

    // Warms both up, and says how many requests make a round of the wanted length.
    let some = 100 + 4 * connections;
    let mut slower = f64::INFINITY;
    for load_of_side in &loads {
        slower = slower.min(load.block_on(load_of_side.run(connections, some))?.per_second());
    }
    sent += some;
    let total = ((SECONDS * slower) as usize).clamp(8 * connections, MAX_REQUESTS);

    let (mut our_runs, mut bare_runs) = (Runs::default(), Runs::default());
    for _ in 0..rounds {
        our_runs.add(load.block_on(loads[0].run(connections, total))?);
        bare_runs.add(load.block_on(loads[1].run(connections, total))?);
        sent += total;
    }

    for (side, before) in [(ours, before[0]), (bare, before[1])] {
        let expected = operation.rows_after(before, sent);
        assert_eq!(
            side.rows(),
            expected,
            "{:?} left other rows after {sent} requests",
            side.server
        );
    }

    let (ratio, low, high) = our_runs.ratios(&bare_runs);
    let ((our_p50, our_p99), (bare_p50, bare_p99)) = (our_runs.percentiles(), bare_runs.percentiles());
    println!(
        "{engine:<9} {:<15} {connections:>5} {:>8.0} {:>8.0} {ratio:>6.2} {:>12} {our_p50:>9.2} {bare_p50:>9.2} \
         {our_p99:>9.2} {bare_p99:>9.2} {:>4.0}/{:<4.0}",
        operation.name(),
        our_runs.per_second(),
        bare_runs.per_second(),
        format!("{low:.2}..{high:.2}"),
        our_runs.generator_us(),
        bare_runs.generator_us(),
    );
    Ok(ratio)
}
