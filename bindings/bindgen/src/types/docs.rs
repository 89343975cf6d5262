//! Doc comments of the core in other languages.
//!
//! Pure.

/// Notation that only Rust's documentation understands.
const RUST_ONLY: [&str; 5] = ["[`", "](", "::", "`None`", "Some("];

/// Checks that a doc comment suits every language. `name` is the item that it describes.
pub(crate) fn check(name: &str, doc: Option<&str>) -> Result<(), String> {
    let doc = doc.unwrap_or_default();
    match RUST_ONLY.iter().find(|rust| doc.contains(*rust)) {
        Some(rust) => Err(format!(
            "the doc comment of {name} is printed for other languages and must not contain `{rust}`: {doc}"
        )),
        None => Ok(()),
    }
}

/// The lines of a doc comment with `///` before each.
pub(crate) fn commented(doc: &str, indent: &str) -> String {
    doc.lines().map(|line| format!("{indent}/// {line}").trim_end().to_owned() + "\n").collect()
}

/// A doc comment. A field without one gets its name.
pub(crate) fn or_named(doc: &str, name: &str) -> String {
    if doc.is_empty() { format!("The {}.", name.replace('_', " ")) } else { doc.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rust_is_refused() {
        for doc in [
            "see [`MAX`](super::MAX)",
            "as [this](that)",
            "like ErrorKind::Tls",
            "`None` before",
            "`Some(false)`",
        ] {
            assert!(check("Turn.text", Some(doc)).is_err_and(|why| why.contains("Turn.text")), "{doc}");
        }
        assert_eq!(check("x", Some("`a[0]` is [1] (here), `none`")), Ok(()));
        assert_eq!(check("x", None), Ok(()));
    }

    #[test]
    fn comments_have_no_space_at_their_ends() {
        assert_eq!(commented("a\n\nb", "  "), "  /// a\n  ///\n  /// b\n");
        assert_eq!(or_named("", "max_attempts"), "The max attempts.");
    }
}
