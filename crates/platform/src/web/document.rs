//! What the OpenAPI document says of every operation alike, because layers do it for every route: how to sign in, the
//! headers that work everywhere, the problems that any route may answer, and that unknown fields are refused.
//!
//! There is no catch-all answer: a status that a route's own words or its shape do not give is an error of the
//! document, and the fuzzing of the API in `make test` finds it.

use std::collections::BTreeSet;

use http::Method;
use serde_json::{Map, Value, json};

use super::facts;

const PROBLEM: &str = "application/problem+json";

/// Name, status, and when it happens, of the problems that layers answer.
const PROBLEMS: [(&str, u16, &str); 12] = [
    (
        "BadRequest",
        400,
        "The request cannot be read: broken JSON, a bad cursor, a malformed idempotency key",
    ),
    ("Unauthorized", 401, "The access token is missing or not valid"),
    (
        "Forbidden",
        403,
        "Your role, or what the key may do, does not allow it",
    ),
    ("NotFound", 404, "It does not exist, or belongs to somebody else"),
    (
        "Conflict",
        409,
        "It contradicts the present state, or a request with this idempotency key is still running",
    ),
    (
        "PreconditionFailed",
        412,
        "It has changed since the version that `If-Match` names",
    ),
    ("PayloadTooLarge", 413, "The body is too large"),
    (
        "UnsupportedMediaType",
        415,
        "The body is of a type that this route does not take",
    ),
    (
        "ValidationFailed",
        422,
        "Some fields or parameters are not valid; `errors` names every one",
    ),
    (
        "RateLimited",
        429,
        "Too many requests; `Retry-After` says how long to wait",
    ),
    ("InternalError", 500, "Something is broken on our side"),
    (
        "Unavailable",
        503,
        "A part that this needs is not available right now",
    ),
];

/// Header parameters that layers read.
const HEADERS: [(&str, &str, &str, &str); 4] = [
    (
        "WorkspaceId",
        "X-Workspace-Id",
        "uuid",
        "One of your workspaces; your personal one when absent",
    ),
    (
        "IdempotencyKey",
        "Idempotency-Key",
        "",
        "Up to 255 of `A-Z a-z 0-9 _ . : -`; a repeat with the same key and body has no second effect and gets the first answer",
    ),
    (
        "IfNoneMatch",
        "If-None-Match",
        "",
        "An `ETag` you have; 304 without a body when it is still right",
    ),
    (
        "IfMatch",
        "If-Match",
        "",
        "The `ETag` of what you saw; 412 when it has changed since",
    ),
];

/// Adds what holds for every operation, and removes nothing that a route says itself.
pub(super) fn finish(document: &utoipa::openapi::OpenApi) -> Value {
    let mut document = serde_json::to_value(document).unwrap_or_default();
    add_components(&mut document);
    let facts = facts::Facts::new(&document);
    for (path, method, operation) in operations(&mut document) {
        let fact = facts.of(&path, &method);
        let is_recorded = fact.is_some_and(|fact| fact.is_recorded);
        let shape = Shape::new(&path, &method, operation, is_recorded);
        operation
            .entry("security")
            .or_insert_with(|| json!([{ "bearer": [] }]));
        add_headers(operation, &shape);
        add_responses(operation, &shape);
    }
    refuse_unknown_fields(&mut document);
    document
}

fn add_components(document: &mut Value) {
    document["components"]["securitySchemes"] = json!({
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "The access token of `POST /api/v1/auth/login`, good for 15 minutes.",
        }
    });
    for (name, _, description) in PROBLEMS {
        document["components"]["responses"][name] = json!({
            "description": description,
            "content": { PROBLEM: { "schema": problem_schema() } },
        });
    }
    for (name, header, format, description) in HEADERS {
        let mut schema = json!({ "type": "string" });
        if !format.is_empty() {
            schema["format"] = json!(format);
        }
        document["components"]["parameters"][name] = json!({
            "name": header, "in": "header", "required": false, "description": description, "schema": schema,
        });
    }
}

/// What of an operation decides which layers answer for it.
struct Shape {
    is_signed_in: bool,
    /// It looks at an access token, needed or not.
    reads_token: bool,
    has_path_parameters: bool,
    has_cursor: bool,
    takes_body: bool,
    is_read: bool,
    is_change: bool,
    is_recorded: bool,
}

impl Shape {
    fn new(path: &str, method: &Method, operation: &Map<String, Value>, is_recorded: bool) -> Self {
        let security = operation.get("security").and_then(Value::as_array);
        let is_open = security.is_some_and(|all| all.iter().any(|one| one == &json!({})));
        let reads_token = security.is_none_or(|all| all.iter().any(|one| one != &json!({})));
        let parameters = operation.get("parameters").and_then(Value::as_array);
        let has_json = operation["responses"]["200"]["content"]
            .get("application/json")
            .is_some();
        Self {
            is_signed_in: !is_open,
            reads_token,
            has_path_parameters: path.contains('{'),
            has_cursor: parameters.is_some_and(|all| all.iter().any(|one| one["name"] == "cursor")),
            takes_body: operation.contains_key("requestBody"),
            is_read: method == Method::GET && has_json,
            is_change: [Method::PUT, Method::PATCH, Method::DELETE].contains(method),
            is_recorded: is_recorded && !is_open,
        }
    }

    fn headers(&self) -> impl Iterator<Item = &'static str> {
        [
            ("WorkspaceId", self.reads_token),
            ("IdempotencyKey", self.is_recorded),
            ("IfNoneMatch", self.is_read),
            ("IfMatch", self.is_change),
        ]
        .into_iter()
        .filter_map(|(name, applies)| applies.then_some(name))
    }

    fn answers(&self, status: u16) -> bool {
        match status {
            400 => self.takes_body || self.has_cursor || self.is_recorded,
            401 => self.reads_token,
            403 => self.is_signed_in,
            404 => self.reads_token || self.has_path_parameters,
            409 => self.is_recorded,
            412 => self.is_change,
            413 | 415 => self.takes_body,
            // Unknown query parameters are refused everywhere, limits and accidents are everywhere.
            422 | 429 | 500 | 503 => true,
            _ => false,
        }
    }
}

fn add_headers(operation: &mut Map<String, Value>, shape: &Shape) {
    let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
    let Some(parameters) = parameters.as_array_mut() else {
        return;
    };
    for name in shape.headers() {
        let header = HEADERS.iter().find(|one| one.0 == name).map(|one| one.1);
        if !parameters.iter().any(|one| one["name"].as_str() == header) {
            parameters.push(json!({ "$ref": format!("#/components/parameters/{name}") }));
        }
    }
}

fn add_responses(operation: &mut Map<String, Value>, shape: &Shape) {
    let Some(Value::Object(responses)) = operation.get_mut("responses") else {
        return;
    };
    for (status, response) in responses.iter_mut() {
        if !status.starts_with('4') && !status.starts_with('5') {
            continue;
        }
        let content = response.as_object_mut().map(|response| {
            response
                .entry("content")
                .or_insert_with(|| json!({}))
                .as_object_mut()
        });
        if let Some(Some(content)) = content {
            content.retain(|_, media| media["schema"] != problem_schema());
            content.insert(PROBLEM.to_owned(), json!({ "schema": problem_schema() }));
        }
    }
    for (name, status, _) in PROBLEMS {
        if shape.answers(status) {
            responses
                .entry(status.to_string())
                .or_insert_with(|| json!({ "$ref": format!("#/components/responses/{name}") }));
        }
    }
    if shape.is_read {
        responses
            .entry("304")
            .or_insert_with(|| json!({ "description": "What you have is still right" }));
    }
}

fn problem_schema() -> Value {
    json!({ "$ref": "#/components/schemas/Problem" })
}

/// Bodies with fields that are not named are refused, so their schemas say so.
fn refuse_unknown_fields(document: &mut Value) {
    let mut named = BTreeSet::new();
    for (_, _, operation) in operations(document) {
        if let Some(Value::Object(content)) = operation
            .get_mut("requestBody")
            .and_then(|body| body.get_mut("content"))
        {
            for media in content.values_mut() {
                close(&mut media["schema"], &mut named);
            }
        }
    }
    let mut open: Vec<String> = named.iter().cloned().collect();
    while let Some(name) = open.pop() {
        let mut found = BTreeSet::new();
        close(&mut document["components"]["schemas"][&name], &mut found);
        for name in found {
            if named.insert(name.clone()) {
                open.push(name);
            }
        }
    }
}

/// Closes a schema and what it holds; collects the names of the schemas it refers to. Parts of an `allOf` stay open:
/// each of them knows only its share of the fields.
fn close(schema: &mut Value, named: &mut BTreeSet<String>) {
    let Value::Object(map) = schema else {
        return;
    };
    if let Some(name) = map.get("$ref").and_then(Value::as_str) {
        named.extend(name.strip_prefix("#/components/schemas/").map(str::to_owned));
    }
    if map.contains_key("properties") && !map.contains_key("additionalProperties") {
        map.insert("additionalProperties".to_owned(), json!(false));
    }
    for (key, value) in map.iter_mut() {
        match (key.as_str(), value) {
            ("properties", Value::Object(all)) => all.values_mut().for_each(|one| close(one, named)),
            ("items" | "additionalProperties", one) => close(one, named),
            ("oneOf" | "anyOf" | "prefixItems", Value::Array(all)) => {
                all.iter_mut().for_each(|one| close(one, named));
            }
            _ => {}
        }
    }
}

/// Path, method and object of every operation.
fn operations(document: &mut Value) -> impl Iterator<Item = (String, Method, &mut Map<String, Value>)> {
    let paths = document
        .get_mut("paths")
        .and_then(Value::as_object_mut)
        .into_iter()
        .flatten();
    paths
        .filter_map(|(path, item)| Some((path, item.as_object_mut()?)))
        .flat_map(|(path, item)| {
            item.iter_mut()
                .map(move |(name, operation)| (path, name, operation))
        })
        .filter_map(|(path, name, operation)| {
            let method = Method::from_bytes(name.to_ascii_uppercase().as_bytes()).ok()?;
            Some((path.clone(), method, operation.as_object_mut()?))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_closed_where_their_fields_are_known() {
        let mut document = json!({
            "paths": { "/a": { "post": {
                "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/A" } } } },
                "responses": {},
            } } },
            "components": { "schemas": {
                "A": { "type": "object", "properties": { "b": { "oneOf": [{ "$ref": "#/components/schemas/B" }, { "type": "null" }] } } },
                "B": { "type": "object", "properties": { "map": { "type": "object", "additionalProperties": { "$ref": "#/components/schemas/C" } } } },
                "C": { "allOf": [{ "$ref": "#/components/schemas/D" }, { "type": "object", "properties": {} }] },
                "D": { "type": "object", "properties": {} },
                "E": { "type": "object", "properties": {} },
            } },
        });
        refuse_unknown_fields(&mut document);
        let is_closed =
            |name: &str| document["components"]["schemas"][name]["additionalProperties"] == json!(false);
        assert!(is_closed("A") && is_closed("B"));
        assert!(!is_closed("C") && !is_closed("D"), "parts of a whole");
        assert!(!is_closed("E"), "only answered");
    }
}
