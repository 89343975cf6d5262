//! JSON values that C builds without a JSON library of its own.
//!
//! Depends on [`crate::json`]. Pure.

use rtvi_core::{Error, ErrorKind};
use serde_json::{Map, Number, Value};

use crate::{
    error::rtvi_error,
    json::rtvi_json,
    panic::{guard, guard_or},
    text::{invalid, rtvi_str},
};

/// The largest number of parts in the pointer of a value.
const MAX_DEPTH: usize = 32;
/// The largest text that becomes a value, in bytes.
const MAX_TEXT: usize = 16 * 1024 * 1024;

/// Creates an empty object, to fill with `rtvi_json_set_…`. Free it with `rtvi_json_free`.
///
/// Those functions put a value at a JSON pointer (RFC 6901), such as `/reconnect/maxAttempts` or
/// `/headers/0/name`. They replace the value that is there. They create the objects and lists on
/// the way that are missing or null. The part `-` or the list's length appends to a list. Where
/// there is nothing yet, `-` or `0` creates a list, and any other part an object. The empty pointer
/// replaces the whole value. A pointer has at most 32 parts, and a text at most 16 MiB. Do not use
/// values that you found inside the value before. If a function fails, the value is unchanged.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_json_new() -> Option<Box<rtvi_json>> {
    guard_or(None, || Some(Box::new(rtvi_json::new(Value::Object(Map::new())))))
}

/// Puts a text at the pointer.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_json_set_string(
    json: Option<&mut rtvi_json>,
    pointer: rtvi_str,
    text: rtvi_str,
) -> Option<Box<rtvi_error>> {
    guard(|| set(json, pointer, Value::from(limited(text)?.text("text")?)))
}

/// Puts a whole number at the pointer.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_json_set_integer(
    json: Option<&mut rtvi_json>,
    pointer: rtvi_str,
    integer: i64,
) -> Option<Box<rtvi_error>> {
    guard(|| set(json, pointer, Value::from(integer)))
}

/// Puts a number at the pointer. It must be finite.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_json_set_number(
    json: Option<&mut rtvi_json>,
    pointer: rtvi_str,
    number: f64,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        let number = Number::from_f64(number).ok_or_else(|| invalid("number", "not finite"))?;
        set(json, pointer, Value::Number(number))
    })
}

/// Puts true or false at the pointer.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_json_set_bool(
    json: Option<&mut rtvi_json>,
    pointer: rtvi_str,
    truth: bool,
) -> Option<Box<rtvi_error>> {
    guard(|| set(json, pointer, Value::Bool(truth)))
}

/// Puts null at the pointer.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_json_set_null(
    json: Option<&mut rtvi_json>,
    pointer: rtvi_str,
) -> Option<Box<rtvi_error>> {
    guard(|| set(json, pointer, Value::Null))
}

/// Puts the value of a JSON text at the pointer, such as `{}` or `[]`.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_json_set_json(
    json: Option<&mut rtvi_json>,
    pointer: rtvi_str,
    text: rtvi_str,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        let value = limited(text)?.json("text")?.ok_or_else(|| invalid("text", "empty"))?;
        set(json, pointer, value)
    })
}

fn limited(text: rtvi_str) -> Result<rtvi_str, Error> {
    if text.len > MAX_TEXT {
        return Err(invalid("text", &format!("{} bytes are more than {MAX_TEXT}", text.len)));
    }
    Ok(text)
}

fn set(json: Option<&mut rtvi_json>, pointer: rtvi_str, value: Value) -> Result<(), Error> {
    let json = json.ok_or_else(|| Error::new(ErrorKind::InvalidArgument, "the JSON value is null"))?;
    let pointer = pointer.text("pointer")?;
    let parts = parts(pointer)?;
    check(json.value(), &parts, pointer)?;
    if let Some(place) = place(json.value_mut(), &parts) {
        *place = value;
    }
    Ok(())
}

/// The parts of a pointer, with `~1` and `~0` decoded.
fn parts(pointer: &str) -> Result<Vec<String>, Error> {
    let Some(rest) = pointer.strip_prefix('/') else {
        if pointer.is_empty() {
            return Ok(Vec::new());
        }
        return Err(invalid("pointer", &format!("{pointer:?} does not begin with '/'")));
    };
    let parts: Vec<_> = rest.split('/').map(|part| part.replace("~1", "/").replace("~0", "~")).collect();
    if parts.len() > MAX_DEPTH {
        return Err(invalid("pointer", &format!("{} parts are more than {MAX_DEPTH}", parts.len())));
    }
    Ok(parts)
}

/// The index of an existing or new element in a list of this length; `None` if it can't be there.
fn index(part: &str, len: usize) -> Option<usize> {
    let index = if part == "-" { len } else { part.parse().ok()? };
    (index <= len && (part == "-" || part == index.to_string())).then_some(index)
}

/// Checks that the place exists or can be created.
fn check(value: &Value, parts: &[String], pointer: &str) -> Result<(), Error> {
    let mut at = Some(value);
    for part in parts {
        at = match at {
            None | Some(Value::Null) => None,
            Some(Value::Object(members)) => members.get(part),
            Some(Value::Array(items)) => {
                let bad = || {
                    invalid(
                        "pointer",
                        &format!("{pointer:?}: {part:?} is not an index of a list of {}", items.len()),
                    )
                };
                items.get(index(part, items.len()).ok_or_else(bad)?)
            }
            Some(_) => {
                return Err(invalid(
                    "pointer",
                    &format!("{pointer:?}: the value above {part:?} is neither an object nor a list"),
                ));
            }
        };
    }
    Ok(())
}

/// The place itself, created if it is missing. Every checked pointer has one.
fn place<'a>(value: &'a mut Value, parts: &[String]) -> Option<&'a mut Value> {
    let Some((part, rest)) = parts.split_first() else { return Some(value) };
    if value.is_null() {
        *value =
            if part == "-" || part == "0" { Value::Array(Vec::new()) } else { Value::Object(Map::new()) };
    }
    match value {
        Value::Object(members) => place(members.entry(part.as_str()).or_insert(Value::Null), rest),
        Value::Array(items) => {
            let index = index(part, items.len())?;
            if index == items.len() {
                items.push(Value::Null);
            }
            place(items.get_mut(index)?, rest)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{rtvi_json_free, rtvi_json_text};

    fn given(text: &str) -> rtvi_str {
        rtvi_str::unended(text)
    }

    fn complaint(error: Option<Box<rtvi_error>>) -> String {
        error.map(|error| error.core().message().to_owned()).unwrap_or_default()
    }

    #[test]
    fn what_is_missing_is_made() {
        let mut json = rtvi_json_new();
        let mut set = |pointer: &str, text: &str| {
            rtvi_json_set_string(json.as_deref_mut(), given(pointer), given(text))
        };
        assert!(set("/headers/0/name", "A\"b").is_none() && set("/headers/0/value", "1").is_none());
        assert!(set("/headers/-/name", "B").is_none() && set("/a~1b", "").is_none());
        assert!(rtvi_json_set_integer(json.as_deref_mut(), given("/reconnect/maxAttempts"), -5).is_none());
        assert!(rtvi_json_set_number(json.as_deref_mut(), given("/gain"), 0.25).is_none());
        assert!(rtvi_json_set_bool(json.as_deref_mut(), given("/mic"), true).is_none());
        assert!(rtvi_json_set_null(json.as_deref_mut(), given("/none")).is_none());
        assert!(rtvi_json_set_json(json.as_deref_mut(), given("/duck"), given("{}")).is_none());
        let text = rtvi_json_text(json.as_deref()).unwrap();
        let wanted = r#"{"a/b":"","duck":{},"gain":0.25,"headers":[{"name":"A\"b","value":"1"},{"name":"B"}],"mic":true,"none":null,"reconnect":{"maxAttempts":-5}}"#;
        assert_eq!(text.view().text("text").unwrap(), wanted);
        rtvi_json_free(json);
    }

    #[test]
    fn what_cannot_be_set_changes_nothing() {
        let mut json = rtvi_json_new();
        let before = r#"{"list":[1],"text":""}"#;
        assert!(rtvi_json_set_json(json.as_deref_mut(), rtvi_str::EMPTY, given(before)).is_none());
        let deep = "/a".repeat(MAX_DEPTH + 1);
        for (pointer, word) in [
            ("list", "begin"),
            ("/list/2", "index"),
            ("/list/01", "index"),
            ("/new/x/text/9", ""),
            ("/text/a", "neither"),
            (&deep, "33"),
        ] {
            let error = complaint(rtvi_json_set_null(json.as_deref_mut(), given(pointer)));
            assert!(error.contains(word) && error.is_empty() == word.is_empty(), "{pointer}: {error}");
        }
        assert!(
            complaint(rtvi_json_set_number(json.as_deref_mut(), given("/x"), f64::NAN)).contains("finite")
        );
        assert!(complaint(rtvi_json_set_json(json.as_deref_mut(), given("/x"), given("{"))).contains("JSON"));
        assert!(complaint(rtvi_json_set_null(None, given("/x"))).contains("null"));
        let huge = rtvi_str { len: MAX_TEXT + 1, ..rtvi_str::EMPTY };
        assert!(
            complaint(rtvi_json_set_string(json.as_deref_mut(), given("/x"), huge)).contains("more than")
        );
        let text = rtvi_json_text(json.as_deref()).unwrap();
        let wanted = r#"{"list":[1],"new":{"x":{"text":{"9":null}}},"text":""}"#;
        assert_eq!(text.view().text("text").unwrap(), wanted);
    }
}
