//! Reading reports: `application/csp-report` (CSP level 2) and `application/reports+json` (Reporting API).

use serde_json::Value;

/// Characters kept of anything a browser says.
const MAX_CHARS: usize = 200;
/// Reports taken from one request.
const MAX_REPORTS: usize = 20;

/// What is kept of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Report {
    pub directive: String,
    /// Origin and path of what was stopped, or a word such as `inline`.
    pub blocked: String,
    /// Path of the page, without what follows it.
    pub page: String,
}

impl Report {
    /// The directive for a metric: one of a few, whatever was sent.
    pub fn label(&self) -> &'static str {
        const KNOWN: [&str; 10] = [
            "default-src",
            "script-src",
            "script-src-elem",
            "style-src",
            "style-src-elem",
            "img-src",
            "connect-src",
            "font-src",
            "frame-ancestors",
            "form-action",
        ];
        KNOWN
            .into_iter()
            .find(|known| *known == self.directive)
            .unwrap_or("other")
    }
}

fn text(value: &Value, names: [&str; 2]) -> Option<String> {
    names
        .iter()
        .find_map(|name| value.get(name)?.as_str())
        .map(str::to_owned)
}

/// Without query and fragment, which may hold what nobody wants in a log, and cut to length.
fn plain(text: &str) -> String {
    let end = text.find(['?', '#']).unwrap_or(text.len());
    text[..end]
        .chars()
        .filter(|c| !c.is_control())
        .take(MAX_CHARS)
        .collect()
}

fn path_of(address: &str) -> String {
    let address = plain(address);
    match address.split_once("://") {
        Some((_, rest)) => rest
            .find('/')
            .map_or_else(|| "/".to_owned(), |slash| rest[slash..].to_owned()),
        None => address,
    }
}

fn report(body: &Value) -> Option<Report> {
    let directive = text(body, ["effective-directive", "effectiveDirective"])
        .or_else(|| text(body, ["violated-directive", "violatedDirective"]))?;
    let directive = directive.split_whitespace().next().unwrap_or_default();
    Some(Report {
        directive: plain(directive),
        blocked: plain(&text(body, ["blocked-uri", "blockedURL"]).unwrap_or_default()),
        page: path_of(&text(body, ["document-uri", "documentURL"]).unwrap_or_default()),
    })
}

/// The reports of a body in either form; what is no report of a policy is left out.
pub(super) fn read(body: &[u8]) -> Vec<Report> {
    let Ok(value) = serde_json::from_slice::<Value>(body) else {
        return Vec::new();
    };
    match &value {
        Value::Array(all) => all
            .iter()
            .filter(|one| one.get("type").and_then(Value::as_str) == Some("csp-violation"))
            .filter_map(|one| report(one.get("body")?))
            .take(MAX_REPORTS)
            .collect(),
        other => other.get("csp-report").and_then(report).into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_say_the_same() {
        let old = br#"{"csp-report":{"document-uri":"https://v.test/projects/1?token=secret#x","referrer":"",
            "violated-directive":"img-src 'self'","effective-directive":"img-src","blocked-uri":"https://evil.test/a.png?id=7"}}"#;
        let new = br#"[{"type":"csp-violation","age":1,"url":"https://v.test/","user_agent":"x","body":{
            "documentURL":"https://v.test/projects/1?token=secret","effectiveDirective":"img-src","blockedURL":"https://evil.test/a.png"}},
            {"type":"deprecation","body":{}}]"#;
        let want = Report {
            directive: "img-src".into(),
            blocked: "https://evil.test/a.png".into(),
            page: "/projects/1".into(),
        };
        assert_eq!(read(old), std::slice::from_ref(&want));
        assert_eq!(read(new), [want]);
    }

    #[test]
    fn nonsense_is_no_report() {
        for body in [
            "",
            "[]",
            "{}",
            "[1]",
            "{\"csp-report\":7}",
            "[{\"type\":\"csp-violation\"}]",
            "nope",
        ] {
            assert_eq!(read(body.as_bytes()), [], "{body}");
        }
        let long = format!(
            "{{\"csp-report\":{{\"effective-directive\":\"{}\"}}}}",
            "x".repeat(5_000)
        );
        assert_eq!(read(long.as_bytes())[0].directive.len(), 200);
        assert_eq!(read(long.as_bytes())[0].label(), "other");
    }
}
