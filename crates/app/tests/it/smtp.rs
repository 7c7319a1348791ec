//! A mail server of our own, which can leave a conversation hanging: what the kill of a worker is tried with.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Where conversations stop to be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stall {
    Nowhere,
    /// Before the letter itself was sent.
    BeforeLetter,
    /// The letter is here whole, and nobody has said that it is taken.
    BeforeTaking,
}

/// A letter that was taken: we answered 250 to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub to: String,
    pub subject: String,
    pub message_id: String,
    text: String,
}

impl Letter {
    fn parse(text: String) -> Self {
        let header = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name));
            line.unwrap_or_default().trim().to_owned()
        };
        Self {
            to: header("To:"),
            subject: header("Subject:"),
            message_id: header("Message-ID:"),
            text: text.replace("=\r\n", "").replace("=3D", "="),
        }
    }

    /// The token of its link.
    pub fn token(&self) -> &str {
        let (_, rest) = self.text.split_once("?token=").expect("the letter has a link");
        rest.split(|letter: char| !letter.is_alphanumeric() && letter != '-' && letter != '_')
            .next()
            .expect("a token follows")
    }
}

struct State {
    stall: Mutex<Stall>,
    taken: Mutex<Vec<Letter>>,
    /// Conversations that hang.
    hanging: watch::Sender<usize>,
    /// Those that hang before the letter is taken go on when this is true.
    may_take: watch::Sender<bool>,
}

pub struct Smtp {
    url: String,
    state: Arc<State>,
}

impl Smtp {
    /// On a free port.
    pub async fn start(stall: Stall) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("smtp://{}", listener.local_addr().expect("it is bound"));
        let state = Arc::new(State {
            stall: Mutex::new(stall),
            taken: Mutex::default(),
            hanging: watch::Sender::new(0),
            may_take: watch::Sender::new(false),
        });
        let served = state.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(talk(socket, served.clone()));
            }
        });
        Self { url, state }
    }

    /// For a server that is to send its letters here.
    pub fn environment(&self) -> [(&str, &str); 2] {
        [
            ("VITRINE_SMTP_URL", &self.url),
            ("VITRINE_MAIL_FROM", "Studio <studio@vitrine.test>"),
        ]
    }

    pub fn stall(&self, at: Stall) {
        *self.state.stall.lock().expect("nobody panicked") = at;
    }

    /// Waits until a conversation hangs.
    pub async fn hangs(&self) {
        let mut hanging = self.state.hanging.subscribe();
        let waited =
            tokio::time::timeout(Duration::from_secs(60), hanging.wait_for(|count| *count > 0)).await;
        let _ = waited.expect("a conversation began").expect("the server lives");
    }

    /// Takes the letters of conversations that hang for it.
    pub fn take(&self) {
        self.state.may_take.send_replace(true);
    }

    pub fn taken(&self) -> Vec<Letter> {
        self.state.taken.lock().expect("nobody panicked").clone()
    }

    pub fn taken_for(&self, to: &str) -> Vec<Letter> {
        let mut letters = self.taken();
        letters.retain(|letter| letter.to == to);
        letters
    }

    /// Waits until somebody has so many letters.
    pub async fn wait_for(&self, to: &str, count: usize) -> Vec<Letter> {
        for _ in 0..600 {
            let letters = self.taken_for(to);
            if letters.len() >= count {
                return letters;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{to} has only {:?}", self.taken_for(to));
    }
}

async fn talk(socket: TcpStream, state: Arc<State>) -> std::io::Result<()> {
    let mut stream = BufReader::new(socket);
    stream.write_all(b"220 test ESMTP\r\n").await?;
    let mut line = String::new();
    while stream.read_line(&mut line).await? > 0 {
        let stall = *state.stall.lock().expect("nobody panicked");
        let command = line.trim().to_uppercase();
        let answer = match command.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" => "250-test\r\n250 8BITMIME",
            "DATA" if stall == Stall::BeforeLetter => {
                state.hanging.send_modify(|count| *count += 1);
                // Until the other side is gone.
                while stream.read_line(&mut line).await? > 0 {}
                return Ok(());
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                let letter = Letter::parse(read_letter(&mut stream).await?);
                if stall == Stall::BeforeTaking {
                    let mut may_take = state.may_take.subscribe();
                    state.hanging.send_modify(|count| *count += 1);
                    let _ = may_take.wait_for(|may| *may).await;
                }
                state.taken.lock().expect("nobody panicked").push(letter);
                "250 taken"
            }
            "QUIT" => "221 bye",
            _ => "250 fine",
        };
        stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
        line.clear();
    }
    Ok(())
}

async fn read_letter(stream: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let mut letter = String::new();
    let mut line = String::new();
    while stream.read_line(&mut line).await? > 0 && line != ".\r\n" {
        letter.push_str(&line);
        line.clear();
    }
    Ok(letter)
}
