//! A letter as RFC 5322 text with a plain and an HTML part.

use lettre::Message;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};

use super::{Mail, MailError};

/// `from` was checked when the mailer was made; a receiver that is no address is refused for good.
pub(super) fn build(mail: &Mail, from: &Mailbox) -> Result<Message, MailError> {
    let to: Mailbox = mail
        .to
        .parse()
        .map_err(|error| MailError::Refused(format!("not an address: {error}")))?;
    let mut message = Message::builder()
        .from(from.clone())
        .to(to)
        .subject(&mail.subject)
        .message_id(Some(format!("<{}>", mail.message_id)))
        .multipart(MultiPart::alternative_plain_html(
            mail.text.clone(),
            mail.html.clone(),
        ))
        .map_err(|error| MailError::Refused(format!("no letter can be made of it: {error}")))?;
    let headers = message.headers_mut();
    // RFC 3834: answering machines keep quiet.
    headers.insert_raw(raw("Auto-Submitted", "auto-generated"));
    if let Some(url) = &mail.unsubscribe_url {
        headers.insert_raw(raw("List-Unsubscribe", &format!("<{url}>")));
        headers.insert_raw(raw("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"));
    }
    Ok(message)
}

fn raw(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail() -> Mail {
        Mail {
            message_id: "1@vitrine.test".to_owned(),
            to: "ada@example.com".to_owned(),
            subject: "Grüße".to_owned(),
            text: "Open https://vitrine.test/x".to_owned(),
            html: "<p>Open</p>".to_owned(),
            unsubscribe_url: Some("https://vitrine.test/u".to_owned()),
        }
    }

    #[test]
    fn a_letter_has_both_parts_and_the_headers_of_automatic_mail() {
        let from: Mailbox = "Vitrine <studio@vitrine.test>".parse().expect("an address");
        let message = build(&mail(), &from).expect("it can be built");
        let text = String::from_utf8(message.formatted()).expect("mail is ASCII");
        for part in [
            "From: Vitrine <studio@vitrine.test>",
            "To: ada@example.com",
            "Message-ID: <1@vitrine.test>",
            "Auto-Submitted: auto-generated",
            "List-Unsubscribe: <https://vitrine.test/u>",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
            "multipart/alternative",
            "text/plain",
            "text/html",
        ] {
            assert!(text.contains(part), "{part} is missing in\n{text}");
        }
    }

    #[test]
    fn a_receiver_or_subject_cannot_add_headers() {
        let from: Mailbox = "studio@vitrine.test".parse().expect("an address");
        let bad = Mail {
            to: "a@b.cd\r\nBcc: eve@b.cd".to_owned(),
            ..mail()
        };
        assert!(matches!(build(&bad, &from), Err(MailError::Refused(_))));
        let bad = Mail {
            subject: "Hi\r\nBcc: eve@b.cd".to_owned(),
            ..mail()
        };
        let text =
            build(&bad, &from).map(|message| String::from_utf8_lossy(&message.formatted()).into_owned());
        assert!(text.is_err() || !text.expect("checked").contains("\nBcc:"));
    }
}
