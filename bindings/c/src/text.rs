//! Texts in both directions: UTF-8 with a length.
//!
//! Depends on [`crate::handle`].

use std::ffi::c_char;

use rtvi_core::{Error, ErrorKind, protocol::object_from_text};
use serde_json::{Map, Value};

use crate::memory;

/// UTF-8 text that somebody else owns: `len` bytes at `data`.
///
/// The SDK reads a text that you pass during the call only; null or empty means no text. A text
/// that the SDK passes is valid as long as the function or callback states. A zero byte follows it
/// only where the documentation says so; print it with `%.*s`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_str {
    /// The bytes; may be null when `len` is 0.
    pub data: *const c_char,
    /// The number of bytes.
    pub len: usize,
}

impl rtvi_str {
    /// The empty text.
    pub(crate) const EMPTY: Self = Self::of("\0");

    /// A view of a text without a zero byte at its end.
    pub(crate) const fn unended(text: &str) -> Self {
        Self { data: text.as_ptr().cast(), len: text.len() }
    }

    /// A view of a text that ends with a zero byte, without that byte.
    pub(crate) const fn of(text: &str) -> Self {
        Self { data: text.as_ptr().cast(), len: text.len().saturating_sub(1) }
    }

    /// The text; `None` if it is empty. `what` names it in the error.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] if it is not UTF-8.
    pub(crate) fn optional<'a>(self, what: &str) -> Result<Option<&'a str>, Error> {
        let bytes = memory::bytes(self.data, self.len);
        let text =
            std::str::from_utf8(bytes).map_err(|error| invalid(what, &format!("not UTF-8: {error}")))?;
        Ok((!text.is_empty()).then_some(text))
    }

    /// The text, which may be empty.
    pub(crate) fn text<'a>(self, what: &str) -> Result<&'a str, Error> {
        self.optional(what).map(Option::unwrap_or_default)
    }

    /// The JSON value of the text; `None` if it is empty.
    pub(crate) fn json(self, what: &str) -> Result<Option<Value>, Error> {
        let Some(text) = self.optional(what)? else { return Ok(None) };
        serde_json::from_str(text).map(Some).map_err(|error| invalid(what, &format!("not JSON: {error}")))
    }

    /// The JSON object of the text; an empty object if the text is empty.
    pub(crate) fn object(self, what: &str) -> Result<Map<String, Value>, Error> {
        match self.json(what)? {
            None => Ok(Map::new()),
            Some(Value::Object(object)) => Ok(object),
            Some(_) => Err(invalid(what, "not a JSON object")),
        }
    }

    /// The struct that the JSON object describes. An empty text means an empty object.
    pub(crate) fn read<T: serde::de::DeserializeOwned>(self, what: &str) -> Result<T, Error> {
        object_from_text(what, self.text(what)?)
    }
}

/// An argument that can't be used.
pub(crate) fn invalid(what: &str, problem: &str) -> Error {
    Error::new(ErrorKind::InvalidArgument, format!("{what}: {problem}"))
}

/// UTF-8 text that the receiver owns and frees with `rtvi_string_free`.
#[derive(Debug)]
pub struct rtvi_string {
    /// Includes the final zero byte.
    text: String,
}

impl rtvi_string {
    /// Takes over a text.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        let mut text = text.into();
        text.push('\0');
        Self { text }
    }

    /// The text as C sees it.
    pub(crate) fn view(&self) -> rtvi_str {
        rtvi_str::of(&self.text)
    }
}

/// Returns the text of a string; empty for null. A zero byte follows it. Valid until the string is
/// freed.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_string_view(string: Option<&rtvi_string>) -> rtvi_str {
    string.map_or(rtvi_str::EMPTY, rtvi_string::view)
}

/// Frees a string. Null is ignored.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_string_free(string: Option<Box<rtvi_string>>) {
    drop(string);
}

#[cfg(test)]
mod tests {
    use super::*;

    use super::rtvi_str as Str;

    fn given(text: &str) -> Str {
        Str::unended(text)
    }

    #[test]
    fn texts_go_in_and_out() {
        assert_eq!(given("ünï").text("name").unwrap(), "ünï");
        assert_eq!(rtvi_str { data: std::ptr::null(), len: 0 }.optional("name").unwrap(), None);
        let owned = rtvi_string::new("ünï");
        assert_eq!(owned.view().text("name").unwrap(), "ünï");
        assert_eq!(rtvi_string_view(None).len, 0);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let broken = rtvi_str { data: b"a\xff".as_ptr().cast(), len: 2 };
        assert!(broken.text("content").unwrap_err().message().starts_with("content: not UTF-8"));
        assert!(given("{").json("params").unwrap_err().message().starts_with("params: not JSON"));
        assert_eq!(given("[]").object("params").unwrap_err().message(), "params: not a JSON object");
        assert!(given("").object("params").unwrap().is_empty());
    }
}
