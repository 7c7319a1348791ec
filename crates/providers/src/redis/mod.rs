//! Token buckets that several processes share, in a Redis or Valkey server.
//!
//! One script call takes a token, so two processes never both get the last one. The connection is made again by itself;
//! until then calls fail, and at once: what to do without the server is `limits`' business in the platform.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::io::tcp::TcpSettings;
use redis::{Client, IntoConnectionInfo as _, Script};
use thiserror::Error;
use tokio::time::timeout;
use vitrine_kernel::Secret;

/// Longest that making a connection may take.
const CONNECTING: Duration = Duration::from_secs(2);
/// After this long without an acknowledgement a connection counts as broken, where the system can tell.
#[cfg(target_os = "linux")]
const SILENCE: Duration = Duration::from_secs(10);

/// What the server would have to answer for was not answered.
#[derive(Debug, Error)]
pub enum RedisError {
    #[error("no answer within {} ms", .0.as_millis())]
    Late(Duration),
    #[error(transparent)]
    Failed(#[from] redis::RedisError),
}

/// One bucket. Levels and prices are microseconds of filling: a bucket gains one per microsecond.
#[derive(Debug, Clone, Copy)]
pub struct BucketRule {
    /// Level of a full bucket.
    pub full_us: i64,
    /// What a token takes.
    pub price_us: i64,
    /// Seconds after which an untouched bucket may be forgotten; it must be full by then.
    pub expiry_s: i64,
}

/// What came of asking for a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    pub is_allowed: bool,
    /// Level afterwards.
    pub level_us: i64,
}

/// Buckets of a server. Cheap to clone.
#[derive(Clone)]
pub struct Buckets {
    connection: ConnectionManager,
    script: Arc<Script>,
    /// Host and port, or the socket; without who signs in.
    address: String,
    patience: Duration,
}

impl Buckets {
    /// Answers what the address must be, without repeating it.
    pub fn check(url: &str) -> Result<(), String> {
        client(url).map(drop)
    }

    /// Connects with the first call; no call takes longer than `patience`. Call it inside a runtime, which its
    /// connection lives on.
    pub fn new(url: &Secret<String>, patience: Duration) -> Result<Self, String> {
        let client = client(url.expose())?;
        let address = client.get_connection_info().addr().to_string();
        // Each call has its own bound. A handshake may take longer than one call, and goes on behind it.
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(CONNECTING))
            .set_response_timeout(None)
            .set_number_of_retries(0);
        let connection = ConnectionManager::new_lazy_with_config(client, config)
            .map_err(|error| format!("an address of a Redis server ({error})"))?;
        Ok(Self {
            connection,
            script: Arc::new(Script::new(include_str!("take.lua"))),
            address,
            patience,
        })
    }

    /// Where the server is, without who signs in.
    pub fn describe(&self) -> &str {
        &self.address
    }

    /// Takes a token of the bucket, if it holds one at `now_us`, microseconds since 1970.
    pub async fn take(&self, key: &str, rule: BucketRule, now_us: i64) -> Result<Taken, RedisError> {
        let mut connection = self.connection.clone();
        let mut call = self.script.key(key);
        call.arg(rule.full_us)
            .arg(rule.price_us)
            .arg(now_us)
            .arg(rule.expiry_s);
        let (is_allowed, level_us): (i64, i64) = self.within(call.invoke_async(&mut connection)).await?;
        Ok(Taken {
            is_allowed: is_allowed == 1,
            level_us,
        })
    }

    /// Whether the server answers.
    pub async fn ping(&self) -> Result<(), RedisError> {
        let mut connection = self.connection.clone();
        let ping = redis::cmd("PING");
        self.within(ping.query_async::<String>(&mut connection))
            .await
            .map(drop)
    }

    async fn within<T>(&self, call: impl Future<Output = redis::RedisResult<T>>) -> Result<T, RedisError> {
        match timeout(self.patience, call).await {
            Ok(answer) => Ok(answer?),
            Err(_) => Err(RedisError::Late(self.patience)),
        }
    }
}

impl fmt::Debug for Buckets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Buckets").field("address", &self.address).finish()
    }
}

fn client(url: &str) -> Result<Client, String> {
    let wrong = |_| {
        "an address such as redis://:password@host:6379/0, rediss://… or unix:///run/redis.sock".to_owned()
    };
    let tcp = TcpSettings::default().set_nodelay(true);
    #[cfg(target_os = "linux")]
    let tcp = tcp.set_user_timeout(SILENCE);
    let info = url.into_connection_info().map_err(wrong)?;
    Client::open(info.set_tcp_settings(tcp)).map_err(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_servers_are_taken_and_none_is_repeated() {
        for good in [
            "redis://localhost",
            "redis://:hunter2@cache.example.com:6380/3",
            "rediss://user:hunter2@cache.example.com",
            "unix:///run/redis.sock",
        ] {
            assert_eq!(Buckets::check(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "cache.example.com",
            "http://hunter2@host",
            "redis://host/hunter2",
        ] {
            let wanted = Buckets::check(bad).expect_err(bad);
            assert!(
                wanted.starts_with("an address such as") && !wanted.contains("hunter2"),
                "{wanted}"
            );
        }
    }

    #[tokio::test]
    async fn what_is_told_of_a_server_holds_no_password() {
        let url = Secret::new("redis://user:hunter2@cache.example.com:6380/3".to_owned());
        let buckets = Buckets::new(&url, Duration::from_millis(50)).expect("an address");
        assert_eq!(buckets.describe(), "cache.example.com:6380");
        assert!(!format!("{buckets:?}").contains("hunter2"));
    }
}
