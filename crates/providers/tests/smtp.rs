//! The SMTP client against a small server that speaks RFC 5321 over a real socket.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use vitrine_providers::mail::{Mail, MailError, Mailer as _, Smtp};

type Letters = Arc<Mutex<Vec<String>>>;

/// Serves on a free port. Addresses that start with `gone` are refused for good, with `full` for now.
async fn server() -> (String, Letters) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("smtp://{}", listener.local_addr().expect("it is bound"));
    let letters = Letters::default();
    let kept = letters.clone();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(talk(socket, kept.clone()));
        }
    });
    (url, letters)
}

async fn talk(socket: TcpStream, letters: Letters) -> std::io::Result<()> {
    let mut stream = BufReader::new(socket);
    stream.write_all(b"220 test ESMTP\r\n").await?;
    let mut line = String::new();
    while stream.read_line(&mut line).await? > 0 {
        let command = line.trim().to_uppercase();
        let answer = match command.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" => "250-test\r\n250 8BITMIME",
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                let letter = read_letter(&mut stream).await?;
                letters.lock().expect("nobody panicked").push(letter);
                "250 taken"
            }
            "RCPT" if command.contains("<GONE") => "550 5.1.1 no such user",
            "RCPT" if command.contains("<FULL") => "452 4.2.2 mailbox full",
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

fn mail(to: &str) -> Mail {
    Mail {
        message_id: "0190@vitrine.test".to_owned(),
        to: to.to_owned(),
        subject: "Confirm your e-mail address".to_owned(),
        text: "Open the link.".to_owned(),
        html: "<p>Open the link.</p>".to_owned(),
        unsubscribe_url: None,
    }
}

#[tokio::test]
async fn a_letter_arrives_and_the_connection_is_used_again() {
    let (url, letters) = server().await;
    let smtp = Smtp::new(&url, "Studio <studio@vitrine.test>").expect("it is fine");
    for to in ["ada@example.com", "bea@example.com"] {
        smtp.send(&mail(to)).await.expect("it is taken");
    }
    let letters = letters.lock().expect("nobody panicked").clone();
    assert_eq!(letters.len(), 2);
    assert!(letters[0].contains("Message-ID: <0190@vitrine.test>"));
    assert!(letters[1].contains("To: bea@example.com"));
}

#[tokio::test]
async fn a_refusal_for_good_is_told_from_one_for_now() {
    let (url, letters) = server().await;
    let smtp = Smtp::new(&url, "studio@vitrine.test").expect("it is fine");
    let gone = smtp.send(&mail("gone@example.com")).await;
    assert!(matches!(gone, Err(MailError::Refused(_))), "{gone:?}");
    let full = smtp.send(&mail("full@example.com")).await;
    assert!(matches!(full, Err(MailError::Failed(_))), "{full:?}");
    assert!(letters.lock().expect("nobody panicked").is_empty());
}

#[tokio::test]
async fn a_server_that_is_not_there_is_worth_another_attempt() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    drop(listener);
    let smtp = Smtp::new(&format!("smtp://{address}"), "studio@vitrine.test").expect("it is fine");
    let outcome = smtp.send(&mail("ada@example.com")).await;
    assert!(matches!(outcome, Err(MailError::Failed(_))), "{outcome:?}");
}
