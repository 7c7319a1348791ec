//! The load: a small HTTP/1.1 client that keeps its connections open. It knows what these two servers answer, a status
//! and a body with a length, and refuses anything else. All connections live on the calling thread, so that the
//! generator's own share of the processor can be read off that thread.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// A run that takes longer than this has failed.
const DEADLINE: Duration = Duration::from_secs(120);
const MAX_HEAD_BYTES: usize = 16 * 1024;
const MAX_BODY_BYTES: usize = 4 * 1024 * 1024;
const READ_BYTES: usize = 16 * 1024;

/// What is asked, over and over in turns, and the status that every answer must have.
#[derive(Debug, Clone)]
pub struct Load {
    /// A port of 127.0.0.1; nothing else is ever called.
    pub port: u16,
    pub requests: Arc<Vec<Vec<u8>>>,
    pub status: u16,
}

/// What a run showed.
#[derive(Debug)]
pub struct Outcome {
    pub elapsed: Duration,
    /// One per request, unordered.
    pub latencies: Vec<Duration>,
    /// Processor time of the generator itself; zero where /proc does not tell.
    pub generator: Duration,
}

impl Outcome {
    pub fn per_second(&self) -> f64 {
        self.latencies.len() as f64 / self.elapsed.as_secs_f64()
    }
}

impl Load {
    /// Sends `total` requests over so many connections, each with one request under way.
    pub async fn run(&self, connections: usize, total: usize) -> io::Result<Outcome> {
        let mut open = Vec::with_capacity(connections);
        for _ in 0..connections {
            open.push(Connection::open(self.port).await?);
        }
        let next = Arc::new(AtomicUsize::new(0));
        let (began, generator) = (Instant::now(), thread_time());
        let mut tasks = JoinSet::new();
        for connection in open {
            tasks.spawn(self.clone().keep_asking(connection, next.clone(), total));
        }
        let all = async {
            let mut latencies = Vec::with_capacity(total);
            while let Some(task) = tasks.join_next().await {
                latencies.extend(task.map_err(io::Error::other)??);
            }
            io::Result::Ok(latencies)
        };
        let latencies = tokio::time::timeout(DEADLINE, all)
            .await
            .map_err(|_| io::Error::new(io::ErrorKind::TimedOut, "the run did not end in time"))??;
        Ok(Outcome {
            elapsed: began.elapsed(),
            latencies,
            generator: thread_time().saturating_sub(generator),
        })
    }

    async fn keep_asking(
        self,
        mut connection: Connection,
        next: Arc<AtomicUsize>,
        total: usize,
    ) -> io::Result<Vec<Duration>> {
        let mut latencies = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= total {
                return Ok(latencies);
            }
            let began = Instant::now();
            connection
                .exchange(&self.requests[number % self.requests.len()], self.status)
                .await?;
            latencies.push(began.elapsed());
        }
    }

    /// The body that answers the first request.
    pub async fn first_body(&self) -> io::Result<Vec<u8>> {
        let mut connection = Connection::open(self.port).await?;
        let body = connection.exchange(&self.requests[0], self.status).await?;
        Ok(body.to_vec())
    }
}

struct Connection {
    stream: TcpStream,
    answer: Vec<u8>,
}

impl Connection {
    async fn open(port: u16) -> io::Result<Self> {
        let stream = TcpStream::connect(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
        stream.set_nodelay(true)?;
        let answer = Vec::with_capacity(4 * READ_BYTES);
        Ok(Self { stream, answer })
    }

    /// Sends a request, reads its answer to the end and gives the body.
    async fn exchange(&mut self, request: &[u8], status: u16) -> io::Result<&[u8]> {
        self.stream.write_all(request).await?;
        self.answer.clear();
        let mut scanned = 0;
        let head = loop {
            self.read_more().await?;
            // The end may lie across two reads.
            let from = scanned.min(self.answer.len());
            if let Some(at) = find(&self.answer[from..], b"\r\n\r\n") {
                break from + at + 4;
            }
            scanned = self.answer.len().saturating_sub(3);
            if self.answer.len() > MAX_HEAD_BYTES {
                return Err(bad("the head of an answer is too long"));
            }
        };
        let (answered, length) = read_head(&self.answer[..head])?;
        if length > MAX_BODY_BYTES {
            return Err(bad("an answer is too long"));
        }
        let end = head + length;
        while self.answer.len() < end {
            self.read_more().await?;
        }
        if answered != status || self.answer.len() != end {
            let text = String::from_utf8_lossy(&self.answer);
            return Err(bad(&format!("expected {status} and nothing behind it: {text}")));
        }
        Ok(&self.answer[head..end])
    }

    async fn read_more(&mut self) -> io::Result<()> {
        self.answer.reserve(READ_BYTES);
        match self.stream.read_buf(&mut self.answer).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

/// Status and length of the body.
fn read_head(head: &[u8]) -> io::Result<(u16, usize)> {
    let text = std::str::from_utf8(head).map_err(|_| bad("a head is not text"))?;
    let mut lines = text.split("\r\n");
    let status = lines
        .next()
        .and_then(|line| line.strip_prefix("HTTP/1.1 "))
        .and_then(|rest| rest.get(..3)?.parse().ok())
        .ok_or_else(|| bad("an answer has no status"))?;
    let length = lines
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse().ok())
        .ok_or_else(|| bad("an answer has no content-length"))?;
    Ok((status, length))
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|window| window == what)
}

fn bad(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

/// Processor time of the calling thread so far.
fn thread_time() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = text
        .split_whitespace()
        .next()
        .and_then(|first| first.parse().ok());
    Duration::from_nanos(nanos.unwrap_or(0))
}
