//! A real Redis or Valkey server of a test's own, on a socket in a temporary folder.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};

use tempfile::TempDir;
use vitrine_kernel::Secret;

/// Ends the server when the pipe to it closes, which also happens when the test process is killed.
const GUARD: &str = r#""$0" "$@" & server=$!; cat >/dev/null; kill -9 "$server"; wait "$server""#;

/// The server; it ends when this is dropped.
#[derive(Debug)]
pub struct RedisServer {
    program: PathBuf,
    running: Option<Running>,
    folder: TempDir,
}

#[derive(Debug)]
struct Running {
    guard: Child,
    // Kept open, because the server ends when it cannot say what it wants to.
    _words: BufReader<ChildStdout>,
}

impl RedisServer {
    /// A new server; `None` when no program is there and none is required (`VITRINE_REQUIRE_REDIS`, as `make test` sets).
    pub fn start() -> Option<Self> {
        let Some(program) = find_program() else {
            assert!(
                std::env::var_os("VITRINE_REQUIRE_REDIS").is_none(),
                "neither valkey-server nor redis-server is on the PATH, but tests with one are required"
            );
            eprintln!("skipped: no Redis server (scripts/redis.sh installs one)");
            return None;
        };
        let mut server = Self {
            program,
            running: None,
            folder: tempfile::tempdir().expect("a temporary folder"),
        };
        server.restart();
        Some(server)
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("redis.sock")
    }

    pub fn url(&self) -> Secret<String> {
        Secret::new(format!("unix://{}", self.socket().display()))
    }

    /// Ends it at once; what it held is gone.
    pub fn kill(&mut self) {
        if let Some(mut running) = self.running.take() {
            drop(running.guard.stdin.take());
            let _ = running.guard.wait();
        }
    }

    /// Starts it at the same address, empty.
    pub fn restart(&mut self) {
        self.kill();
        let mut guard = Command::new("sh")
            .args(["-c", GUARD])
            .arg(&self.program)
            .args(["--port", "0", "--save", "", "--appendonly", "no"])
            .arg("--unixsocket")
            .arg(self.socket())
            .arg("--dir")
            .arg(self.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("sh is there");
        let mut words = BufReader::new(guard.stdout.take().expect("piped"));
        let mut line = String::new();
        while !line.to_lowercase().contains("ready to accept connections") {
            line.clear();
            let length = words.read_line(&mut line).expect("the server's words are text");
            assert!(length > 0, "the Redis server ended before it was ready");
        }
        self.running = Some(Running { guard, _words: words });
    }

    /// The raw reply to a command, such as `DBSIZE`.
    pub fn ask(&self, command: &str) -> String {
        let mut stream = UnixStream::connect(self.socket()).expect("the server listens");
        write!(stream, "{command}\r\nQUIT\r\n").expect("it takes commands");
        let mut reply = String::new();
        stream.read_to_string(&mut reply).expect("it answers");
        reply.trim_end().trim_end_matches("+OK").trim_end().to_owned()
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        self.kill();
    }
}

fn find_program() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    ["valkey-server", "redis-server"].iter().find_map(|name| {
        std::env::split_paths(&path)
            .map(|folder| folder.join(name))
            .find(|program| program.is_file())
    })
}
