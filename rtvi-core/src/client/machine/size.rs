//! How large something is as JSON, and stand-ins of that size.
//!
//! Pure.

use std::io;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A number of bytes, [`MAX_SIZE`] at most: what is larger counts as that large.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u32")]
pub(crate) struct Size(u32);

/// Larger than any message that a transport of ours takes.
pub(crate) const MAX_SIZE: u32 = 2 * 1024 * 1024;

impl Size {
    pub(crate) fn new(bytes: usize) -> Self {
        Self(u32::try_from(bytes).unwrap_or(MAX_SIZE).min(MAX_SIZE))
    }

    /// Of the compact JSON of a value.
    pub(crate) fn of_json(value: &impl Serialize) -> Self {
        let mut count = Count(0);
        // What can't be written fails in the same way when it is sent.
        let _ = serde_json::to_writer(&mut count, value);
        Self::new(count.0)
    }

    pub(crate) const fn bytes(self) -> usize {
        self.0 as usize
    }

    /// This much and that much.
    pub(crate) fn and(self, other: Self) -> Self {
        Self::new(self.bytes() + other.bytes())
    }

    /// A text of this size.
    pub(crate) fn text(self) -> String {
        "x".repeat(self.bytes())
    }

    /// A text that fills this size when `taken` bytes of it are taken by something else.
    pub(crate) fn text_beside(self, taken: usize) -> String {
        "x".repeat(self.bytes().saturating_sub(taken))
    }

    /// A JSON value of this size.
    pub(crate) fn value(self) -> Value {
        Value::String(self.text_beside(r#""""#.len()))
    }

    /// A JSON object of this size, when there is one.
    pub(crate) fn object(self) -> Map<String, Value> {
        let least = r#"{"":""}"#.len();
        let mut object = Map::new();
        if self.bytes() >= least {
            object.insert(String::new(), Value::String(self.text_beside(least)));
        }
        object
    }
}

impl TryFrom<u32> for Size {
    type Error = String;

    fn try_from(bytes: u32) -> Result<Self, String> {
        if bytes > MAX_SIZE { Err(format!("a size of more than {MAX_SIZE} bytes")) } else { Ok(Self(bytes)) }
    }
}

struct Count(usize);

impl io::Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn stand_ins_have_the_size() {
        for size in [7, 8, 100] {
            let size = Size::new(size);
            assert_eq!(Size::of_json(&size.value()), size);
            assert_eq!(Size::of_json(&size.object()), size);
            assert_eq!(size.text().len(), size.bytes());
        }
        assert_eq!(Size::of_json(&json!({"a": [1, "ü\n"]})), Size::new(r#"{"a":[1,"ü\n"]}"#.len()));
        assert_eq!(Size::new(2).object(), Map::new());
    }

    #[test]
    fn sizes_are_bounded() {
        assert_eq!(Size::new(usize::MAX), Size(MAX_SIZE));
        assert!(serde_json::from_str::<Size>("2097153").is_err());
        assert!(serde_json::from_str::<Size>("-1").is_err());
    }
}
