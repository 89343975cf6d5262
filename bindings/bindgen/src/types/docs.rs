//! Doc comments of the core in other languages.
//!
//! Pure.

/// A doc comment without Rust's links; `shown` says how a name in code is shown.
pub(crate) fn plain(doc: &str, shown: impl Fn(&str) -> String) -> String {
    let mut text = String::new();
    let mut rest = doc;
    while let Some((before, link)) = rest.split_once("[`") {
        let Some((name, after)) = link.split_once("`]") else { break };
        text += before;
        text += &format!("`{}`", shown(name));
        rest = after
            .strip_prefix('(')
            .and_then(|target| target.split_once(')'))
            .map_or(after, |(_, after)| after);
    }
    (text + rest).replace("`None`", "absent").replace("`Some(false)`", "`false`")
}

/// The lines of a doc comment with `///` before each.
pub(crate) fn commented(doc: &str, indent: &str) -> String {
    doc.lines().map(|line| format!("{indent}/// {line}").trim_end().to_owned() + "\n").collect()
}

/// A doc comment for a field that has none: what it is called.
pub(crate) fn or_named(doc: &str, name: &str) -> String {
    if doc.is_empty() { format!("The {}.", name.replace('_', " ")) } else { doc.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_become_names() {
        let shown = |name: &str| name.replace("Self::", "");
        assert_eq!(
            plain("more than [`MAX`](super::MAX) (see [`Self::a`]).", shown),
            "more than `MAX` (see `a`)."
        );
        assert_eq!(plain("`a[0]` is [1]", shown), "`a[0]` is [1]");
        assert_eq!(plain("`None` until then", shown), "absent until then");
    }

    #[test]
    fn comments_have_no_space_at_their_ends() {
        assert_eq!(commented("a\n\nb", "  "), "  /// a\n  ///\n  /// b\n");
        assert_eq!(or_named("", "max_attempts"), "The max attempts.");
    }
}
