//! The rules for every Rust file: it says what it is, it is not too long, and it is safe.
//!
//! Depends on [`super::source`]. Must never judge style: that is rustfmt's and clippy's.

use super::{Finding, source::Source};

/// The most lines a file may have without its tests. Functions are clippy's:
/// `too-many-lines-threshold`.
const MOST_LINES: usize = 400;

/// What a file says that a program prints and nobody edits.
const PRINTED: &str = "//! Printed by `cargo xtask bindings`";

/// The places where foreign callers or libraries force `unsafe` on us.
const UNSAFE_ALLOWED: [&str; 3] = ["bindings/c/", "rtvi-video/src/h264.rs", "rtvi-video/src/vp8/raw.rs"];

/// The findings in one file; test files are only asked to be safe.
pub(super) fn check(file: &str, source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !is_test_file(file) {
        findings.extend(undocumented(source));
        findings.extend(too_long(source));
    }
    if !UNSAFE_ALLOWED.iter().any(|allowed| file.starts_with(allowed)) {
        findings.extend(not_safe(source));
    }
    findings
}

/// Whether the whole file is compiled for tests only.
pub(super) fn is_test_file(file: &str) -> bool {
    let name = file.rsplit('/').next().unwrap_or(file);
    name == "tests.rs" || name.ends_with("_tests.rs") || file.contains("/tests/")
}

fn undocumented(source: &Source) -> Option<Finding> {
    let first = source.text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let message =
        "starts without `//!`: say what the module is, what it may depend on, what it must never do";
    (!first.starts_with("//!")).then(|| (1, message.to_owned()))
}

fn too_long(source: &Source) -> Option<Finding> {
    let message = || format!("{} lines without tests; at most {MOST_LINES}: split it by nouns", source.lines);
    let is_printed = source.text.lines().take(5).any(|line| line.starts_with(PRINTED));
    (source.lines > MOST_LINES && !is_printed).then(|| (MOST_LINES + 1, message()))
}

fn not_safe(source: &Source) -> Vec<Finding> {
    let message = format!("`unsafe` outside {}", UNSAFE_ALLOWED.join(", "));
    let is_unsafe = |(_, token): &(usize, &str)| *token == "unsafe";
    source.tokens().into_iter().filter(is_unsafe).map(|(line, _)| (line, message.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(file: &str, text: &str) -> Vec<usize> {
        check(file, &Source::new(text)).into_iter().map(|(line, _)| line).collect()
    }

    #[test]
    fn a_file_says_what_it_is() {
        assert!(lines("a/src/b.rs", "\n//! B.\nfn b() {}").is_empty());
        assert_eq!(lines("a/src/b.rs", "use x;\n//! B."), [1]);
        assert_eq!(lines("a/src/b.rs", ""), [1]);
        assert!(lines("a/src/b/tests.rs", "use x;").is_empty());
        assert!(lines("a/tests/b.rs", "use x;").is_empty());
    }

    #[test]
    fn a_file_is_not_too_long_without_its_tests() {
        let code = "//! B.\n".to_owned() + &"x;\n".repeat(MOST_LINES - 1);
        let tests = "#[cfg(test)]\nmod tests {\n".to_owned() + &"x;\n".repeat(MOST_LINES) + "}\n";
        assert!(lines("b.rs", &(code.clone() + &tests)).is_empty());
        assert_eq!(lines("b.rs", &(code + "y;\n" + &tests)), [MOST_LINES + 1]);
    }

    #[test]
    fn only_the_borders_to_c_are_unsafe() {
        let text = "//! Nothing unsafe here.\n#![forbid(unsafe_code)]\nunsafe { \"unsafe\" }";
        assert_eq!(lines("rtvi-core/src/a.rs", text), [3]);
        assert_eq!(lines("a/tests/b.rs", text), [3]);
        assert_eq!(lines("rtvi-video/src/vp8/encoder.rs", text), [3]);
        assert!(lines("bindings/c/src/a.rs", text).is_empty());
        assert!(lines("rtvi-video/src/vp8/raw.rs", text).is_empty());
    }
}
