//! JSON values that C can read without a JSON library of its own.
//!
//! Depends on [`crate::text`]. Read only; [`crate::json_making`] builds values.

use rtvi_core::{Error, ErrorKind};
use serde_json::Value;

use crate::{
    error::rtvi_error,
    memory,
    panic::{guard, guard_or},
    text::{rtvi_str, rtvi_string},
};

/// The type of a JSON value.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum rtvi_json_type {
    /// There is no value.
    RTVI_JSON_NONE = 0,
    /// `null`.
    RTVI_JSON_NULL = 1,
    /// `true` or `false`.
    RTVI_JSON_BOOL = 2,
    /// A number without a fraction that `int64_t` holds.
    RTVI_JSON_INTEGER = 3,
    /// Any other number.
    RTVI_JSON_NUMBER = 4,
    /// A text.
    RTVI_JSON_STRING = 5,
    /// A list.
    RTVI_JSON_ARRAY = 6,
    /// An object.
    RTVI_JSON_OBJECT = 7,
}

use rtvi_json_type as Type;

/// A JSON value. Values found inside another belong to it.
#[repr(transparent)]
#[derive(Debug)]
pub struct rtvi_json(Value);

impl rtvi_json {
    /// Wraps a value.
    pub(crate) const fn new(value: Value) -> Self {
        Self(value)
    }

    pub(crate) const fn value(&self) -> &Value {
        &self.0
    }

    pub(crate) const fn value_mut(&mut self) -> &mut Value {
        &mut self.0
    }

    /// The value as C sees it.
    pub(crate) fn of(value: &Value) -> &Self {
        // SAFETY: `repr(transparent)` makes the two the same in memory.
        unsafe { &*std::ptr::from_ref(value).cast() }
    }
}

/// Parses a JSON text. Free the value with `rtvi_json_free`.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_json_parse(
    text: rtvi_str,
    value: *mut Option<Box<rtvi_json>>,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        let parsed = text.json("text")?;
        let parsed = parsed.ok_or_else(|| Error::new(ErrorKind::InvalidArgument, "text: empty"))?;
        memory::write(value, Some(Box::new(rtvi_json(parsed))));
        Ok(())
    })
}

/// Frees a value that `rtvi_json_parse` or `rtvi_json_new` created. Null is ignored.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_json_free(value: Option<Box<rtvi_json>>) {
    drop(value);
}

/// Returns the type of a value; `RTVI_JSON_NONE` for null.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_json_get_type(value: Option<&rtvi_json>) -> rtvi_json_type {
    match value.map(|value| &value.0) {
        None => Type::RTVI_JSON_NONE,
        Some(Value::Null) => Type::RTVI_JSON_NULL,
        Some(Value::Bool(_)) => Type::RTVI_JSON_BOOL,
        Some(Value::Number(number)) if number.is_i64() => Type::RTVI_JSON_INTEGER,
        Some(Value::Number(_)) => Type::RTVI_JSON_NUMBER,
        Some(Value::String(_)) => Type::RTVI_JSON_STRING,
        Some(Value::Array(_)) => Type::RTVI_JSON_ARRAY,
        Some(Value::Object(_)) => Type::RTVI_JSON_OBJECT,
    }
}

/// Returns the value at a JSON pointer (RFC 6901), such as `/file/name` or `/workers/0`. The empty
/// pointer means the value itself. Null if there is none.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_json_at(value: Option<&rtvi_json>, pointer: rtvi_str) -> Option<&rtvi_json> {
    let found = value?.0.pointer(pointer.text("pointer").ok()?)?;
    Some(rtvi_json::of(found))
}

/// Returns how many members an object has or how many elements an array has; 0 for everything else.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_json_count(value: Option<&rtvi_json>) -> usize {
    match value.map(|value| &value.0) {
        Some(Value::Array(list)) => list.len(),
        Some(Value::Object(object)) => object.len(),
        _ => 0,
    }
}

/// Returns an element of an array, or the value of an object's member, counted from 0. Null if
/// there is none. Members are sorted by name.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_json_item(value: Option<&rtvi_json>, index: usize) -> Option<&rtvi_json> {
    let item = match &value?.0 {
        Value::Array(list) => list.get(index),
        Value::Object(object) => object.values().nth(index),
        _ => None,
    };
    item.map(rtvi_json::of)
}

/// Returns the name of an object's member, counted from 0, as an owned string. Null if there is
/// none.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_json_key(value: Option<&rtvi_json>, index: usize) -> Option<Box<rtvi_string>> {
    guard_or(None, || {
        let Value::Object(object) = &value?.0 else { return None };
        object.keys().nth(index).map(|key| Box::new(rtvi_string::new(key.as_str())))
    })
}

/// Stores the text, if the value is one, and returns whether it is. The text is valid as long as
/// the value.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_json_string(value: Option<&rtvi_json>, text: *mut rtvi_str) -> bool {
    let Some(Value::String(found)) = value.map(|value| &value.0) else { return false };
    memory::write(text, rtvi_str::unended(found));
    true
}

/// Stores the number, if the value is one, and returns whether it is.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_json_number(value: Option<&rtvi_json>, number: *mut f64) -> bool {
    write_some(value.and_then(|value| value.0.as_f64()), number)
}

/// Stores the number, if `int64_t` holds it exactly, and returns whether it does.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_json_integer(value: Option<&rtvi_json>, integer: *mut i64) -> bool {
    write_some(value.and_then(|value| value.0.as_i64()), integer)
}

/// Stores the truth value, if the value is one, and returns whether it is.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_json_bool(value: Option<&rtvi_json>, truth: *mut bool) -> bool {
    write_some(value.and_then(|value| value.0.as_bool()), truth)
}

/// Returns the value as JSON text, without spaces; null for null. Free it with `rtvi_string_free`.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_json_text(value: Option<&rtvi_json>) -> Option<Box<rtvi_string>> {
    guard_or(None, || value.map(|value| Box::new(rtvi_string::new(value.0.to_string()))))
}

fn write_some<T>(found: Option<T>, to: *mut T) -> bool {
    let is_there = found.is_some();
    if let Some(found) = found {
        memory::write(to, found);
    }
    is_there
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_found_and_read() {
        let value = json!({"a": [1, 2.5, "x", true, null], "b/c": 18446744073709551615u64});
        let value = rtvi_json::of(&value);
        let at = |pointer: &str| rtvi_json_at(Some(value), rtvi_str::unended(pointer));
        let (mut integer, mut number, mut truth, mut text) = (0, 0.0, false, rtvi_str::EMPTY);
        assert!(rtvi_json_integer(at("/a/0"), &raw mut integer) && integer == 1);
        assert!(rtvi_json_number(at("/a/1"), &raw mut number) && number == 2.5);
        assert!(!rtvi_json_integer(at("/a/1"), &raw mut integer));
        assert!(rtvi_json_string(at("/a/2"), &raw mut text) && text.text("x").unwrap() == "x");
        assert!(rtvi_json_bool(at("/a/3"), &raw mut truth) && truth);
        assert_eq!(rtvi_json_get_type(at("/a/4")), Type::RTVI_JSON_NULL);
        assert_eq!(rtvi_json_get_type(at("/a/5")), Type::RTVI_JSON_NONE);
        assert_eq!(rtvi_json_get_type(at("/b~1c")), Type::RTVI_JSON_NUMBER);
        assert_eq!((rtvi_json_count(at("/a")), rtvi_json_count(Some(value))), (5, 2));
        assert_eq!(rtvi_json_key(Some(value), 1).unwrap().view().text("key").unwrap(), "b/c");
        assert!(rtvi_json_item(at("/a"), 2).is_some() && rtvi_json_item(at("/a"), 5).is_none());
        assert_eq!(rtvi_json_text(at("/a")).unwrap().view().text("a").unwrap(), r#"[1,2.5,"x",true,null]"#);
    }

    #[test]
    fn only_json_is_read() {
        let mut value = None;
        assert!(rtvi_json_parse(rtvi_str::of("{\"a\":1}\0"), &raw mut value).is_none());
        assert_eq!(rtvi_json_count(value.as_deref()), 1);
        assert!(rtvi_json_parse(rtvi_str::of("{\0"), &raw mut value).is_some());
        assert!(rtvi_json_parse(rtvi_str::EMPTY, &raw mut value).is_some());
        rtvi_json_free(value);
    }
}
