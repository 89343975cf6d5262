//! No file may name a place on one person's machine.
//!
//! Depends on nothing. Must never spell such a place itself, or it would find itself.

use super::Finding;

/// The roots under which machines keep what is theirs alone.
const ROOTS: [&str; 6] = [
    concat!("/ho", "me/"),
    concat!("/ro", "ot/"),
    concat!("/Us", "ers/"),
    concat!("/wo", "rk/"),
    concat!("/t", "mp/"),
    concat!(":\\", "Users\\"),
];

/// The absolute paths in a text.
pub(super) fn check(text: &str) -> Vec<Finding> {
    let lines = text.lines().enumerate();
    let found = lines
        .filter_map(|(index, line)| ROOTS.iter().find(|root| names(line, root)).map(|root| (index, root)));
    found
        .map(|(index, root)| {
            (index + 1, format!("an absolute path under {root}: use one from the workspace's root"))
        })
        .collect()
}

/// Whether the line has an absolute path under `root`, and not just a longer path or URL with such
/// a part.
fn names(line: &str, root: &str) -> bool {
    line.match_indices(root).any(|(at, _)| {
        let before = line.get(..at).and_then(|start| start.chars().next_back());
        root.starts_with(':') || before.is_none_or(|c| !(c.is_alphanumeric() || "_-.~*}>)".contains(c)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absolute_paths_are_found() {
        for root in ROOTS {
            assert_eq!(check(&format!("fine\nopen(\"{root}me/x\")")).len(), 1, "{root}");
        }
        assert_eq!(check(&format!("{}me", ROOTS[0])).first().map(|(line, _)| *line), Some(1));
    }

    #[test]
    fn other_paths_are_fine() {
        for fine in
            [".cache/demo/x.wav", "https://a.example/work/x", "src/root/x", "/usr/bin/env", "~/work/x"]
        {
            assert_eq!(check(fine), [], "{fine}");
        }
    }
}
