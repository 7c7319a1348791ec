//! Signals from whoever commits to whoever waits: jobs to claim, events to deliver.
//!
//! Within a process a signal is immediate. Between processes PostgreSQL carries it (`NOTIFY`, sent after the commit
//! and coalesced, so that commits never queue behind its global lock); SQLite has no such thing, so waiting sides
//! also look by themselves now and then. A signal is a hint: losing one costs a wait, never work.

use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgListener, PgPool};
use tokio::sync::Notify;
use tokio::sync::watch;

use crate::engine::Pools;

/// What a signal is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Channel {
    /// Jobs may be there to claim.
    Jobs,
    /// Somebody asked for running jobs to stop.
    JobControl,
    /// Events may be there to deliver.
    Events,
}

impl Channel {
    const ALL: [Self; 3] = [Self::Jobs, Self::JobControl, Self::Events];

    const fn index(self) -> usize {
        self as usize
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Jobs => "vitrine_jobs",
            Self::JobControl => "vitrine_job_control",
            Self::Events => "vitrine_events",
        }
    }
}

#[derive(Debug)]
struct Shared {
    /// A counter per channel; waiting is "has it moved since I looked".
    counters: [watch::Sender<u64>; 3],
    outgoing: [Notify; 3],
}

/// The signals of one database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Wake {
    shared: Arc<Shared>,
    postgres: Option<PgPool>,
}

impl Wake {
    pub(crate) fn new(pools: &Pools) -> Self {
        let shared = Shared {
            counters: std::array::from_fn(|_| watch::Sender::new(0)),
            outgoing: std::array::from_fn(|_| Notify::new()),
        };
        let postgres = match pools {
            Pools::Postgres(pool) => Some(pool.clone()),
            Pools::Sqlite { .. } => None,
        };
        Self {
            shared: Arc::new(shared),
            postgres,
        }
    }

    /// Wakes everyone who waits on the channel, here and in other processes.
    pub fn signal(&self, channel: Channel) {
        self.signal_here(channel);
        if self.postgres.is_some() {
            self.shared.outgoing[channel.index()].notify_one();
        }
    }

    fn signal_here(&self, channel: Channel) {
        self.shared.counters[channel.index()].send_modify(|count| *count = count.wrapping_add(1));
    }

    /// A waiter that sees every signal from now on.
    pub fn subscribe(&self, channel: Channel) -> Waiter {
        Waiter {
            receiver: self.shared.counters[channel.index()].subscribe(),
        }
    }

    /// Carries signals between processes until the database closes. On SQLite there is nothing to carry.
    pub async fn run(self) {
        let Some(pool) = self.postgres.clone() else { return };
        let senders = Channel::ALL.map(|channel| self.send_outgoing(pool.clone(), channel));
        let listener = self.listen(pool);
        tokio::join!(listener, futures_util::future::join_all(senders));
    }

    async fn send_outgoing(&self, pool: PgPool, channel: Channel) {
        loop {
            self.shared.outgoing[channel.index()].notified().await;
            let sent = sqlx::query("select pg_notify($1, '')")
                .bind(channel.name())
                .execute(&pool)
                .await;
            if let Err(error) = sent {
                if pool.is_closed() {
                    return;
                }
                tracing::warn!("could not notify {}: {error}", channel.name());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    async fn listen(&self, pool: PgPool) {
        while !pool.is_closed() {
            if let Err(error) = self.listen_once(&pool).await {
                tracing::warn!("listening for database signals stopped, trying again: {error}");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }

    async fn listen_once(&self, pool: &PgPool) -> Result<(), sqlx::Error> {
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen_all(Channel::ALL.map(Channel::name)).await?;
        // Whatever was signalled while nobody listened.
        for channel in Channel::ALL {
            self.signal_here(channel);
        }
        loop {
            let notification = listener.recv().await?;
            for channel in Channel::ALL {
                if channel.name() == notification.channel() {
                    self.signal_here(channel);
                }
            }
        }
    }
}

/// Waits for signals of one channel.
#[derive(Debug)]
pub struct Waiter {
    receiver: watch::Receiver<u64>,
}

impl Waiter {
    /// Returns at the next signal since the last call, or after `at_most`.
    pub async fn wait(&mut self, at_most: Duration) {
        // The sender lives as long as the database; a closed channel just means waiting out the time.
        let changed = async {
            if self.receiver.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        let _ = tokio::time::timeout(at_most, changed).await;
    }
}
