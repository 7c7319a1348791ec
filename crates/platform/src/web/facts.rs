//! What layers need to know of a route, read from the document, so that it cannot be forgotten for a new one.

use std::collections::{HashMap, HashSet};

use axum::extract::{MatchedPath, Request};
use http::Method;
use serde_json::Value;

/// By the contract signing in and out is never recorded, whatever it answers.
const UNRECORDED: &str = "/api/v1/auth/";

/// Facts of every documented route.
#[derive(Debug, Default)]
pub(super) struct Facts(HashMap<String, HashMap<Method, Fact>>);

/// Facts of one operation.
#[derive(Debug, Default)]
pub(super) struct Fact {
    /// Its query parameters.
    pub query_names: HashSet<String>,
    /// `Idempotency-Key` works: it is a POST or PATCH, and its answer holds no secret that a record would copy. A
    /// secret is what the document gives the format `password`.
    pub is_recorded: bool,
    /// It answers with an access token.
    pub signs_in: bool,
}

impl Facts {
    pub fn new(document: &Value) -> Self {
        let mut routes = HashMap::new();
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            let mut methods = HashMap::new();
            for (name, operation) in item.as_object().into_iter().flatten() {
                let Ok(method) = Method::from_bytes(name.to_ascii_uppercase().as_bytes()) else {
                    continue;
                };
                let fact = Fact::new(document, path, &method, operation);
                methods.insert(method, fact);
            }
            routes.insert(path.clone(), methods);
        }
        Self(routes)
    }

    /// `None` for a route that is not documented.
    pub fn of(&self, route: &str, method: &Method) -> Option<&Fact> {
        self.0.get(route)?.get(method)
    }

    pub fn of_request(&self, request: &Request) -> Option<&Fact> {
        let route = request.extensions().get::<MatchedPath>()?;
        self.of(route.as_str(), request.method())
    }
}

impl Fact {
    fn new(document: &Value, path: &str, method: &Method, operation: &Value) -> Self {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let query_names = parameters
            .filter(|parameter| parameter["in"] == "query")
            .filter_map(|parameter| parameter["name"].as_str().map(str::to_owned))
            .collect();
        let mut answer = Answer::default();
        for (status, response) in operation["responses"].as_object().into_iter().flatten() {
            if status.starts_with('2') {
                for media in response["content"].as_object().into_iter().flatten() {
                    answer.look(document, &media.1["schema"]);
                }
            }
        }
        let can_be_recorded = [Method::POST, Method::PATCH].contains(method) && !path.starts_with(UNRECORDED);
        Self {
            query_names,
            is_recorded: can_be_recorded && !answer.holds_secret,
            signs_in: answer.fields.contains("access_token"),
        }
    }
}

/// What a successful answer holds, at any depth.
#[derive(Default)]
struct Answer {
    fields: HashSet<String>,
    holds_secret: bool,
    seen: HashSet<String>,
}

impl Answer {
    fn look(&mut self, document: &Value, schema: &Value) {
        if let Some(name) = schema["$ref"].as_str() {
            if self.seen.insert(name.to_owned())
                && let Some(target) = document.pointer(name.trim_start_matches('#'))
            {
                self.look(document, target);
            }
            return;
        }
        self.holds_secret |= schema["format"] == "password";
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            self.fields.insert(name.clone());
            self.look(document, field);
        }
        for part in ["items", "additionalProperties"] {
            self.look_if_there(document, &schema[part]);
        }
        for part in ["oneOf", "anyOf", "allOf", "prefixItems"] {
            for one in schema[part].as_array().into_iter().flatten() {
                self.look(document, one);
            }
        }
    }

    fn look_if_there(&mut self, document: &Value, schema: &Value) {
        if schema.is_object() {
            self.look(document, schema);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document() -> Value {
        let reply = |name: &str| json!({ "responses": { "200": { "content": { "application/json": { "schema": { "$ref": format!("#/components/schemas/{name}") } } } } } });
        json!({
            "paths": {
                "/api/v1/keys": { "post": reply("Key"), "get": reply("Tree") },
                "/api/v1/trees": { "post": reply("Tree") },
                "/api/v1/auth/words": { "post": reply("Tree") },
                "/api/v1/setup": { "post": reply("Tokens") },
            },
            "components": { "schemas": {
                "Key": { "properties": { "all": { "type": "array", "items": { "$ref": "#/components/schemas/Secret" } } } },
                "Secret": { "oneOf": [{ "type": "null" }, { "type": "string", "format": "password" }] },
                "Tree": { "properties": { "children": { "type": "array", "items": { "$ref": "#/components/schemas/Tree" } } } },
                "Tokens": { "properties": { "access_token": { "type": "string", "format": "password" } } },
            } },
        })
    }

    #[test]
    fn answers_with_secrets_are_not_recorded_and_those_with_tokens_sign_in() {
        let facts = Facts::new(&document());
        let fact = |path: &str, method: Method| {
            let fact = facts.of(path, &method).unwrap();
            (fact.is_recorded, fact.signs_in)
        };
        assert_eq!(fact("/api/v1/keys", Method::POST), (false, false));
        assert_eq!(
            fact("/api/v1/keys", Method::GET),
            (false, false),
            "nothing to repeat"
        );
        assert_eq!(fact("/api/v1/trees", Method::POST), (true, false));
        assert_eq!(fact("/api/v1/auth/words", Method::POST), (false, false));
        assert_eq!(fact("/api/v1/setup", Method::POST), (false, true));
    }
}
