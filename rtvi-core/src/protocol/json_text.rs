//! Reads JSON as real servers write it: a faulty string or number costs no more than that string or
//! number.
//!
//! Pure. Valid JSON is read once, unchanged. Only text that fails to parse is repaired and read
//! again. The repairs are:
//!
//! * Half a surrogate pair (Python cuts texts between the two), an invalid escape and bytes that
//!   are not UTF-8 become U+FFFD.
//! * Control characters in strings are accepted.
//! * `NaN`, `Infinity`, `inf` and similar words (Python writes them), and numbers that do not fit
//!   an `f64`, become null.
//! * If a name occurs twice in an object, the last member counts, as in browsers. A byte order mark
//!   is skipped.
//!
//! Everything else remains an error: truncated text, and nesting deeper than 128 levels.

use serde_json::Value;

/// Reads JSON text and repairs it if necessary.
///
/// # Errors
/// Describes the fault in the original text, if the text can't be repaired.
pub(crate) fn read(bytes: &[u8]) -> Result<Value, serde_json::Error> {
    serde_json::from_slice(bytes).or_else(|error| mended(bytes).ok_or(error))
}

/// Repairs JSON text and reads it; `None` if the repair does not help. Temporarily uses up to six
/// times the memory of the text.
pub(super) fn mended(bytes: &[u8]) -> Option<Value> {
    let text = String::from_utf8_lossy(bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    serde_json::from_str(&Mender::mend(text)).ok()
}

/// A walk over JSON text that copies it and replaces the faults.
struct Mender<'a> {
    text: &'a str,
    at: usize,
    out: String,
}

impl Mender<'_> {
    fn mend(text: &str) -> String {
        let mut mender = Mender { text, at: 0, out: String::with_capacity(text.len()) };
        while let Some(byte) = mender.peek() {
            match byte {
                b'"' => mender.string(),
                b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'+' => mender.word(),
                _ => mender.copy_while(|byte| !byte.is_ascii_alphanumeric() && !b"\"-+".contains(&byte)),
            }
        }
        mender.out
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Consumes and returns the next bytes that match. They end at a character boundary, because
    /// all other bytes are ASCII.
    fn take_while(&mut self, fits: impl Fn(u8) -> bool) -> &str {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let length = rest.bytes().position(|byte| !fits(byte)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    fn copy_while(&mut self, fits: impl Fn(u8) -> bool) {
        let start = self.at;
        self.take_while(fits);
        self.out.push_str(self.text.get(start..self.at).unwrap_or_default());
    }

    /// Reads a number, or a word outside strings.
    fn word(&mut self) {
        let start = self.at;
        let word = self.take_while(|byte| byte.is_ascii_alphanumeric() || b"-+.".contains(&byte));
        // Rust also parses the non-JSON number words of Python, C and JavaScript.
        let has_no_json = word.parse::<f64>().is_ok_and(|number| !number.is_finite());
        self.out.push_str(if has_no_json {
            "null"
        } else {
            self.text.get(start..self.at).unwrap_or_default()
        });
    }

    /// Reads a string with its quotes.
    fn string(&mut self) {
        self.out.push('"');
        self.at += 1;
        loop {
            self.copy_while(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\');
            match self.peek() {
                Some(b'\\') => self.escape(),
                Some(b'"') => {
                    self.out.push('"');
                    self.at += 1;
                    return;
                }
                Some(control) => {
                    self.out.push_str(&format!("\\u{control:04x}"));
                    self.at += 1;
                }
                None => return,
            }
        }
    }

    /// Reads a backslash and the rest of its escape sequence.
    fn escape(&mut self) {
        let length = match self.text.as_bytes().get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 2,
            Some(b'u') => return self.unicode_escape(),
            _ => return self.replace(1),
        };
        self.keep(length);
    }

    fn unicode_escape(&mut self) {
        match (self.unit(self.at), self.unit(self.at + 6)) {
            (None, _) => self.replace(1),
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => self.keep(12),
            (Some(0xD800..=0xDFFF), _) => self.replace(6),
            (Some(_), _) => self.keep(6),
        }
    }

    /// Reads the number in `\uXXXX` at the current position.
    fn unit(&self, at: usize) -> Option<u16> {
        let digits = self.text.get(at..at + 6)?.strip_prefix("\\u")?;
        let all_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        all_hex.then(|| u16::from_str_radix(digits, 16).ok())?
    }

    fn keep(&mut self, length: usize) {
        self.out.push_str(self.text.get(self.at..self.at + length).unwrap_or_default());
        self.at += length;
    }

    fn replace(&mut self, length: usize) {
        self.out.push(char::REPLACEMENT_CHARACTER);
        self.at += length;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_fault_in_a_string_costs_that_character() {
        for (text, says) in [
            (r#""half \ud83d""#, "half \u{fffd}"),
            (r#""\ude00 half""#, "\u{fffd} half"),
            (r#""\ud83d\ud83d\ude00""#, "\u{fffd}\u{1f600}"),
            (r#""\uD83D\u0041""#, "\u{fffd}A"),
            (r#""\ud83d\\ude00""#, "\u{fffd}\\ude00"),
            (r#""\x41 \u12 \u+123""#, "\u{fffd}x41 \u{fffd}u12 \u{fffd}u+123"),
            ("\"a\nb\u{1}c\"", "a\nb\u{1}c"),
            (r#""NaN, -Infinity and 1e999 \" NaN""#, "NaN, -Infinity and 1e999 \" NaN"),
        ] {
            let text = format!(r#"{{"a":{text},"b":[NaN]}}"#);
            assert_eq!(read(text.as_bytes()).unwrap(), json!({"a": says, "b": [null]}), "{text}");
        }
        assert_eq!(read(b"\"a\xffb\xed\xa0\xbd\"").unwrap(), json!("a\u{fffd}b\u{fffd}\u{fffd}\u{fffd}"));
        assert_eq!(read("\u{feff}{}".as_bytes()).unwrap(), json!({}));
    }

    #[test]
    fn numbers_that_json_does_not_have_are_null() {
        for number in ["NaN", "-NaN", "nan", "Infinity", "-Infinity", "+inf", "1e999", "-1E+400"] {
            let text = format!(r#"{{"a":{number},"b":{number}}}"#);
            assert_eq!(read(text.as_bytes()).unwrap(), json!({"a": null, "b": null}), "{number}");
        }
        let digits = "9".repeat(400);
        assert_eq!(read(format!("[{digits}]").as_bytes()).unwrap(), json!([null]));
        assert_eq!(read(b"[18446744073709551616]").unwrap(), json!([18_446_744_073_709_551_616.0]));
        assert_eq!(
            read(br#"[NaN,null,true,false,-1.5e3,"x"]"#).unwrap(),
            json!([null, null, true, false, -1500.0, "x"])
        );
    }

    #[test]
    fn of_two_members_the_last_counts() {
        assert_eq!(read(br#"{"a":1,"a":NaN,"a":2}"#).unwrap(), json!({"a": 2}));
    }

    #[test]
    fn what_is_no_json_stays_an_error() {
        for text in [
            "",
            "{",
            "[1,]",
            "[1",
            "\"open",
            "\"open\\",
            "\"\\u12",
            "{\"a\":undefined}",
            "nanny",
            "[--1]",
            "{}x",
        ] {
            assert!(read(text.as_bytes()).is_err(), "{text}");
        }
        let deep = format!("{}NaN{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(read(deep.as_bytes()).is_err());
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&bytes);
        }

        #[test]
        fn odd_text_does_not_either(text in r#"(["\\uDd8cC0naNIifty{}\[\]:,0-9eE+.é -]|NaN|\\ud83d|null){0,40}"#) {
            let _ = read(text.as_bytes());
        }

        #[test]
        fn good_json_stays_as_it_is(text in any::<String>(), number in any::<i64>()) {
            let value = json!({"a": text, "b": [number, null, true, {"c": text}]});
            prop_assert_eq!(mended(value.to_string().as_bytes()), Some(value));
        }
    }
}
