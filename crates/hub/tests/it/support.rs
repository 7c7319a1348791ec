//! What the stories share: an operator, a ticket, a file.

use serde_json::{Value, json};
use vitrine_kernel::text::Email;
use vitrine_platform::accounts::operators;
use vitrine_platform::{Module, module};
use vitrine_testkit::{Client, TestApp};

pub fn modules() -> Vec<Module> {
    vec![module::module(), vitrine_hub::module()]
}

/// A new account that operates the instance, signed in.
pub async fn operator(app: &TestApp, email: &str) -> Client {
    let client = app.register(email).await;
    let email = Email::parse(email).expect("an address");
    operators::promote(&app.ctx, &email)
        .await
        .expect("the account is there");
    client
}

pub fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field]
        .as_str()
        .unwrap_or_else(|| panic!("{field} is no text in {value}"))
}

pub fn account_id(client: &Client) -> String {
    text(&client.tokens["user"], "id").to_owned()
}

/// Asks the support something; the id of the ticket.
pub async fn ask(client: &Client, subject: &str, body: &str) -> String {
    let body = json!({ "subject": subject, "body": body });
    let ticket = client.post("/support/tickets", &body).await.expect(201).json();
    text(&ticket, "id").to_owned()
}

/// Announces a file and sends its bytes; the id to attach it with.
pub async fn announce(
    app: &TestApp,
    client: &Client,
    filename: &str,
    kind: &'static str,
    bytes: &[u8],
) -> String {
    let body = json!({ "filename": filename, "content_type": kind, "file_size": bytes.len() });
    let announced = client
        .post("/support/attachments", &body)
        .await
        .expect(201)
        .json();
    let sent = app
        .client()
        .call(http::Method::PUT, text(&announced, "upload_url"))
        .body(kind, bytes.to_vec())
        .send()
        .await;
    let _ = sent.expect(200);
    text(&announced, "attachment_id").to_owned()
}

/// One field of every item of a page.
pub fn all(page: &Value, field: &str) -> Vec<String> {
    let items = page["items"].as_array().expect("a page has items");
    items.iter().map(|item| text(item, field).to_owned()).collect()
}

/// Posts something; its id.
pub async fn post(client: &Client, title: &str, body: &str) -> String {
    let body = json!({ "title": title, "body": body });
    let post = client.post("/community/posts", &body).await.expect(201).json();
    text(&post, "id").to_owned()
}
