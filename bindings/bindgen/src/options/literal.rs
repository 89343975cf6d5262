//! Values and names as source code writes them.
//!
//! Pure.

use serde_json::Value;

use crate::schema::{Field, Kind};

/// A default as documentation writes it: `3`, `250 ms`, `5.75 s`, `true`, `none`.
pub(crate) fn in_words(kind: &Kind, value: &Value) -> String {
    match (kind, value) {
        (_, value) if is_nothing(value) => "none".to_owned(),
        (Kind::Time, value) => time(value.as_f64().unwrap_or_default()),
        (Kind::Float, value) => value.as_f64().unwrap_or_default().to_string(),
        (_, value) => value.to_string(),
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

fn time(millis: f64) -> String {
    if millis < 1000.0 { format!("{millis} ms") } else { format!("{} s", millis / 1000.0) }
}

/// A number as a literal of a language that requires a decimal point: `0.25`, `1.0`.
pub(crate) fn float(field: &Field) -> String {
    format!("{:?}", field.default.as_ref().and_then(Value::as_f64).unwrap_or_default())
}

/// The default as JSON. For numbers and truth values, this is a literal of every language here.
pub(crate) fn plain(field: &Field) -> String {
    field.default.as_ref().map(Value::to_string).unwrap_or_default()
}

/// A string default as a literal.
pub(crate) fn text(field: &Field) -> String {
    format!("{:?}", field.default.as_ref().and_then(Value::as_str).unwrap_or_default())
}

/// Documentation as line comments.
pub(crate) fn comments(doc: &[String], indent: &str) -> String {
    doc.iter().map(|line| format!("{}\n", format!("{indent}/// {line}").trim_end())).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn defaults_are_said_as_people_say_them() {
        let said = |kind: Kind, value: Value| in_words(&kind, &value);
        assert_eq!(said(Kind::Time, json!(250)), "250 ms");
        assert_eq!(said(Kind::Time, json!(5750)), "5.75 s");
        assert_eq!(said(Kind::Time, json!(10_000)), "10 s");
        assert_eq!(said(Kind::Float, json!(1.0)), "1");
        assert_eq!(said(Kind::Integer, json!(3)), "3");
        assert_eq!(
            (said(Kind::Text, json!("")), said(Kind::Time, json!(null))),
            ("none".into(), "none".into())
        );
    }
}
