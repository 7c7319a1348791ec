//! What is measured: the requests, and what has to be true of their answers and of the rows they leave.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::seed::{PROJECTS, Rows, World};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    ListProjects,
    GetProject,
    ListImages,
    GetImage,
    CreateProject,
    CreateImage,
}

impl Operation {
    /// Reading comes first, so that every list is as long as it was at the start.
    pub const ALL: [Self; 6] = [
        Self::ListProjects,
        Self::GetProject,
        Self::ListImages,
        Self::GetImage,
        Self::CreateProject,
        Self::CreateImage,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::ListProjects => "list projects",
            Self::GetProject => "get project",
            Self::ListImages => "list images",
            Self::GetImage => "get image",
            Self::CreateProject => "create project",
            Self::CreateImage => "create image",
        }
    }

    pub const fn status(self) -> u16 {
        match self {
            Self::CreateProject | Self::CreateImage => 201,
            _ => 200,
        }
    }

    /// The requests to send in turns; the same number and order for both servers.
    pub fn requests(self, world: &World, proof: &str) -> Vec<Vec<u8>> {
        let get = |path: &str| request("GET", path, proof, None);
        match self {
            Self::ListProjects => vec![get("/projects?page=1&page_size=20")],
            Self::ListImages => vec![get("/images?page=1&page_size=20")],
            Self::GetProject => world
                .projects
                .iter()
                .map(|id| get(&format!("/projects/{id}")))
                .collect(),
            Self::GetImage => world
                .images
                .iter()
                .map(|id| get(&format!("/images/{id}")))
                .collect(),
            Self::CreateProject => {
                let body = json!({ "name": "7 Oak Lane", "description": "Two rooms under the roof" });
                vec![request("POST", "/projects", proof, Some(&body))]
            }
            Self::CreateImage => (0..PROJECTS)
                .map(|number| {
                    let body = json!({
                        "project_id": world.projects[number],
                        "original_id": world.originals[number % world.originals.len()],
                        "room_type": "living_room",
                        "style": "scandinavian",
                    });
                    request("POST", "/images", proof, Some(&body))
                })
                .collect(),
        }
    }

    /// What has to be alike in the answers of both servers to the first request.
    pub fn essence(self, body: &[u8]) -> Value {
        let reply: Value = serde_json::from_slice(body).expect("both servers answer JSON");
        let of_project = |reply: &Value| {
            json!([
                reply["name"],
                reply["description"],
                reply["original_count"],
                reply["image_count"],
                reply["ready_count"]
            ])
        };
        let of_image = |reply: &Value| {
            json!([
                reply["status"],
                reply["progress"],
                reply["room_type"],
                reply["style"],
                reply["engine"],
                reply["version"]
            ])
        };
        let list = |essence: &dyn Fn(&Value) -> Value| {
            let items: Vec<Value> = reply["items"]
                .as_array()
                .into_iter()
                .flatten()
                .map(essence)
                .collect();
            assert!(!items.is_empty(), "a list is empty: {reply}");
            json!([reply["total"], reply["page"], reply["page_size"], items])
        };
        match self {
            Self::ListProjects => list(&of_project),
            Self::ListImages => list(&of_image),
            Self::GetProject | Self::CreateProject => of_project(&reply),
            Self::GetImage | Self::CreateImage => of_image(&reply),
        }
    }

    /// The rows after so many requests.
    pub fn rows_after(self, before: Rows, requests: usize) -> Rows {
        let more = i64::try_from(requests).unwrap_or(i64::MAX);
        let mut rows = before;
        match self {
            Self::CreateProject => {
                rows.projects += more;
                rows.audit_entries += more;
            }
            Self::CreateImage => {
                rows.images += more;
                rows.jobs += more;
                rows.events += more;
                rows.audit_entries += more;
                rows.reserved += more;
            }
            _ => {}
        }
        rows
    }
}

fn request(method: &str, path: &str, proof: &str, body: Option<&Value>) -> Vec<u8> {
    let mut text = format!(
        "{method} /api/v1{path} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: application/json\r\nauthorization: Bearer {proof}\r\n"
    );
    match body.map(Value::to_string) {
        Some(body) => {
            let length = body.len();
            let _ = write!(
                text,
                "content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
            );
        }
        None => text.push_str("\r\n"),
    }
    text.into_bytes()
}
