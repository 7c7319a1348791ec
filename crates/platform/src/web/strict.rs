//! Reading data strictly: unknown fields are refused, and all bad fields are found, not just the first.
//!
//! serde stops at the first mistake. So after a mistake the bad spot is filled with something that fits (or removed,
//! when it should not be there) and the data is read again, until no mistake is left or nothing fits.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use serde_path_to_error::{Path, Segment};
use vitrine_kernel::FieldError;

/// More mistakes than this are not worth listing.
const MAX_MISTAKES: usize = 64;

/// Reads JSON text into a type. `Err(None)` when it is no JSON at all.
pub(super) fn from_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Option<Vec<FieldError>>> {
    let mut unknown = false;
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let read = serde_ignored::deserialize(&mut reader, |_| unknown = true);
    if let Ok(value) = read {
        if reader.end().is_err() {
            return Err(None);
        }
        if !unknown {
            return Ok(value);
        }
    }
    let data: Value = serde_json::from_slice(bytes).map_err(|_| None)?;
    match from_value::<T>(data) {
        // The text says a field twice; a value cannot.
        (Some(_), mistakes) if mistakes.is_empty() => Err(Some(vec![FieldError::new(
            "",
            "duplicate_field",
            "A field appears more than once.",
        )])),
        (_, mistakes) => Err(Some(mistakes)),
    }
}

/// Reads a JSON value; answers the mistakes found.
fn from_value<T: DeserializeOwned>(mut data: Value) -> (Option<T>, Vec<FieldError>) {
    let mut mistakes: Vec<FieldError> = Vec::new();
    while mistakes.len() < MAX_MISTAKES {
        let mut unknown = Vec::new();
        match read::<T>(&data, &mut unknown) {
            Ok(value) => {
                for path in unknown {
                    mistakes.push(FieldError::new(
                        path,
                        "unknown_field",
                        "This field is not known here.",
                    ));
                }
                return (Some(value), mistakes);
            }
            Err((path, message)) => {
                let steps = steps_of(&path);
                let mistake = describe(&steps, &message);
                if mistakes.contains(&mistake) {
                    break;
                }
                mistakes.push(mistake);
                if !repair::<T>(&mut data, steps, &message) {
                    // The rest cannot be read, but unknown fields seen so far still count.
                    for path in unknown {
                        mistakes.push(FieldError::new(
                            path,
                            "unknown_field",
                            "This field is not known here.",
                        ));
                    }
                    break;
                }
            }
        }
    }
    (None, mistakes)
}

fn read<T: DeserializeOwned>(data: &Value, unknown: &mut Vec<String>) -> Result<T, (Path, String)> {
    let mut track = serde_path_to_error::Track::new();
    let tracked = serde_path_to_error::Deserializer::new(data, &mut track);
    let result = serde_ignored::deserialize(tracked, |path| unknown.push(ignored_path(&path)));
    result.map_err(|error: serde_json::Error| (track.path(), error.to_string()))
}

/// One step to a place in the data.
#[derive(Debug, Clone, PartialEq)]
enum Step {
    Key(String),
    Index(usize),
}

fn steps_of(path: &Path) -> Vec<Step> {
    path.iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(Step::Index(*index)),
            Segment::Map { key } => Some(Step::Key(key.clone())),
            Segment::Enum { .. } | Segment::Unknown => None,
        })
        .collect()
}

fn show(steps: &[Step]) -> String {
    let mut text = String::new();
    for step in steps {
        match step {
            Step::Key(key) => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(key);
            }
            Step::Index(index) => text.push_str(&format!("[{index}]")),
        }
    }
    text
}

/// `images.?.0.x` of the other library, in our spelling.
fn ignored_path(path: &serde_ignored::Path<'_>) -> String {
    use serde_ignored::Path as P;
    fn walk(path: &P<'_>, steps: &mut Vec<Step>) {
        match path {
            P::Root => {}
            P::Seq { parent, index } => {
                walk(parent, steps);
                steps.push(Step::Index(*index));
            }
            P::Map { parent, key } => {
                walk(parent, steps);
                steps.push(Step::Key(key.clone()));
            }
            P::Some { parent } | P::NewtypeStruct { parent } | P::NewtypeVariant { parent } => {
                walk(parent, steps)
            }
        }
    }
    let mut steps = Vec::new();
    walk(path, &mut steps);
    show(&steps)
}

/// The name between the first pair of backticks.
fn quoted(message: &str) -> Option<&str> {
    message.split('`').nth(1)
}

fn describe(steps: &[Step], message: &str) -> FieldError {
    let inner = |name: &str| {
        let mut steps = steps.to_vec();
        if steps.last() != Some(&Step::Key(name.to_owned())) {
            steps.push(Step::Key(name.to_owned()));
        }
        show(&steps)
    };
    if message.starts_with("missing field") {
        return FieldError::new(
            inner(quoted(message).unwrap_or_default()),
            "required",
            "This field is required.",
        );
    }
    if message.starts_with("unknown field") {
        let field = inner(quoted(message).unwrap_or_default());
        return FieldError::new(field, "unknown_field", "This field is not known here.");
    }
    if message.starts_with("unknown variant") {
        let known = message
            .split_once("expected")
            .map_or("", |(_, known)| known.trim())
            .replace('`', "");
        let known = known.strip_prefix("one of ").unwrap_or(&known);
        return FieldError::new(show(steps), "unknown_value", format!("Must be one of: {known}."));
    }
    let complaint = match message.split_once(", expected ") {
        Some((_, expected)) => {
            let expected = expected.split(" at line ").next().unwrap_or(expected);
            FieldError::new(show(steps), "wrong_type", format!("Must be {expected}."))
        }
        None => FieldError::new(show(steps), "invalid", "This value is not valid."),
    };
    match complaint.field.is_empty() {
        true => FieldError {
            field: "body".to_owned(),
            ..complaint
        },
        false => complaint,
    }
}

fn find<'d>(data: &'d mut Value, steps: &[Step]) -> Option<&'d mut Value> {
    steps.iter().try_fold(data, |at, step| match (at, step) {
        (Value::Object(map), Step::Key(key)) => map.get_mut(key),
        (Value::Array(list), Step::Index(index)) => list.get_mut(*index),
        _ => None,
    })
}

/// Fills the bad spot with something that is read without this mistake.
fn repair<T: DeserializeOwned>(data: &mut Value, mut steps: Vec<Step>, message: &str) -> bool {
    if message.starts_with("unknown field") {
        let name = quoted(message).unwrap_or_default();
        if steps.last() == Some(&Step::Key(name.to_owned())) {
            steps.pop();
        }
        return match find(data, &steps) {
            Some(Value::Object(map)) => map.remove(name).is_some(),
            _ => false,
        };
    }
    if message.starts_with("missing field") {
        let name = quoted(message).unwrap_or_default().to_owned();
        match find(data, &steps) {
            Some(Value::Object(map)) => map.insert(name.clone(), Value::Null),
            _ => return false,
        };
        steps.push(Step::Key(name));
    }
    if steps.is_empty() {
        return false;
    }
    let variant = match message.starts_with("unknown variant") {
        true => message
            .split_once("expected")
            .and_then(|(_, known)| quoted(known))
            .map(|known| json!(known)),
        false => None,
    };
    let fillers = [
        json!(""),
        json!(1),
        json!(false),
        Value::Array(Vec::new()),
        Value::Object(Map::new()),
        json!("00000000-0000-0000-0000-000000000000"),
        json!("2000-01-01T00:00:00Z"),
        Value::Null,
    ];
    for filler in variant.into_iter().chain(fillers) {
        let Some(spot) = find(data, &steps) else {
            return false;
        };
        *spot = filler;
        match read::<T>(data, &mut Vec::new()) {
            Ok(_) => return true,
            // A later mistake, or one inside the filler: this spot is past.
            Err((path, next)) => {
                let at = steps_of(&path);
                let same_spot = at == steps || (next.starts_with("missing field") && at.starts_with(&steps));
                if !same_spot {
                    return true;
                }
            }
        }
    }
    false
}

/// Reads `name=value` pairs; an unknown, repeated or unreadable one is a mistake.
pub(super) fn from_pairs<T: DeserializeOwned>(pairs: &[(String, String)]) -> Result<T, Vec<FieldError>> {
    let mut mistakes = Vec::new();
    let mut left: Vec<(&str, &str)> = Vec::new();
    for (name, value) in pairs {
        if left.iter().any(|(seen, _)| seen == name) {
            mistakes.push(FieldError::new(
                name,
                "duplicate_field",
                "This appears more than once.",
            ));
        } else {
            left.push((name, value));
        }
    }
    loop {
        let mut unknown = Vec::new();
        let text = serde_urlencoded::to_string(&left).unwrap_or_default();
        let mut track = serde_path_to_error::Track::new();
        let reader = serde_urlencoded::Deserializer::new(form_urlencoded::parse(text.as_bytes()));
        let tracked = serde_path_to_error::Deserializer::new(reader, &mut track);
        let result = serde_ignored::deserialize(tracked, |path| unknown.push(ignored_path(&path)));
        let result: Result<T, serde::de::value::Error> = result;
        let error = match result {
            Ok(value) => {
                for name in unknown {
                    mistakes.push(FieldError::new(
                        name,
                        "unknown_field",
                        "This parameter is not known here.",
                    ));
                }
                return if mistakes.is_empty() {
                    Ok(value)
                } else {
                    Err(mistakes)
                };
            }
            Err(error) => error,
        };
        let message = error.to_string();
        let steps = steps_of(&track.path());
        let mistake = describe(&steps, &message);
        let field = mistake.field.clone();
        let before = left.len();
        left.retain(|(name, _)| *name != field);
        mistakes.push(mistake);
        if left.len() == before {
            for name in unknown {
                mistakes.push(FieldError::new(
                    name,
                    "unknown_field",
                    "This parameter is not known here.",
                ));
            }
            return Err(mistakes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[allow(dead_code)]
    struct Sign {
        email: String,
        age: u8,
        id: uuid::Uuid,
        colour: Option<Colour>,
        items: Vec<Item>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Colour {
        Red,
        Blue,
    }

    #[derive(Debug, serde::Deserialize)]
    #[allow(dead_code)]
    struct Item {
        style: String,
    }

    fn fields(text: &str) -> Vec<String> {
        let mistakes = from_json::<Sign>(text.as_bytes())
            .expect_err("it is wrong")
            .expect("it is JSON");
        mistakes
            .into_iter()
            .map(|mistake| format!("{} {}", mistake.field, mistake.code))
            .collect()
    }

    #[test]
    fn every_missing_field_is_named() {
        assert_eq!(
            fields("{}"),
            ["email required", "age required", "id required", "items required"]
        );
    }

    #[test]
    fn wrong_types_and_unknown_fields_are_named_together_with_their_path() {
        let text = r#"{"email":1,"age":999,"id":"x","colour":"green","items":[{"style":"a"},{"style":3,"x":1}],"is_admin":true}"#;
        assert_eq!(
            fields(text),
            [
                "age wrong_type",
                "colour unknown_value",
                "email wrong_type",
                "id invalid",
                "items[1].style wrong_type",
                "is_admin unknown_field",
                "items[1].x unknown_field",
            ]
        );
    }

    #[test]
    fn a_body_of_another_shape_is_a_mistake_and_no_json_is_none() {
        assert_eq!(fields("[]"), ["body wrong_type"]);
        assert_eq!(fields("null"), ["body wrong_type"]);
        assert!(from_json::<Sign>(b"{").expect_err("cut off").is_none());
        assert!(from_json::<Sign>(b"").expect_err("empty").is_none());
        let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
        assert!(
            from_json::<Value>(deep.as_bytes())
                .expect_err("too deep")
                .is_none()
        );
    }

    #[test]
    fn a_repeated_field_is_refused() {
        assert_eq!(
            fields(
                r#"{"email":"a","email":"b","age":1,"id":"00000000-0000-0000-0000-000000000000","items":[]}"#
            ),
            [" duplicate_field"]
        );
    }

    #[derive(Debug, serde::Deserialize)]
    #[allow(dead_code)]
    struct Filter {
        page: Option<u32>,
        id: Option<uuid::Uuid>,
    }

    #[test]
    fn every_bad_parameter_is_named() {
        let pairs =
            [("page", "x"), ("id", "y"), ("z", "1"), ("z", "2")].map(|(n, v)| (n.to_owned(), v.to_owned()));
        let names: Vec<String> = from_pairs::<Filter>(&pairs)
            .expect_err("all are wrong")
            .into_iter()
            .map(|m| format!("{} {}", m.field, m.code))
            .collect();
        assert_eq!(
            names,
            [
                "z duplicate_field",
                "page invalid",
                "id invalid",
                "z unknown_field"
            ]
        );
    }
}
