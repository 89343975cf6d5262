//! The list of everything `unsafe`, with the reason that stands beside it: `docs/unsafe.md`.
//!
//! Depends on [`super::source`]. Must never take a place without a reason.

use std::fs;

use super::{Breach, source::Source};
use crate::{
    failure::{Failure, Outcome},
    workspace,
};

/// The page with the list.
const PAGE: &str = "docs/unsafe.md";
const BEGIN: &str = "<!-- list -->\n";
const END: &str = "<!-- end of list -->";
/// How many lines above `unsafe` its reason may begin.
const REACH: usize = 8;

/// One place.
#[derive(Debug, PartialEq, Eq)]
struct Place {
    file: String,
    line: usize,
    code: String,
    reason: String,
}

/// What is wrong with the list on the page, or with a place.
pub(super) fn check(texts: &[(String, String)]) -> Vec<Breach> {
    let places = places(texts);
    let without_reason = places.iter().filter(|place| place.reason.is_empty());
    let mut breaches: Vec<_> = without_reason
        .map(|place| breach(&place.file, place.line, "`unsafe` without a `SAFETY:` or `# Safety` above it"))
        .collect();
    let shown = texts.iter().find(|(file, _)| file == PAGE).and_then(|(_, page)| between(page));
    if shown.is_none_or(|shown| shown != rendered(&places)) {
        breaches.push(breach(PAGE, 1, "is not up to date: `cargo xtask unsafe` writes it"));
    }
    breaches
}

fn breach(file: &str, line: usize, message: &str) -> Breach {
    Breach { file: file.to_owned(), line, message: message.to_owned() }
}

/// Writes the list into the page.
pub(super) fn write(texts: &[(String, String)]) -> Outcome {
    let path = workspace::root().join(PAGE);
    let page = fs::read_to_string(&path).map_err(Failure::doing(PAGE))?;
    let shown = between(&page).ok_or_else(|| Failure::new(format!("{PAGE} has no place for the list")))?;
    let begin = page.find(BEGIN).map_or(0, |at| at + BEGIN.len());
    let (head, rest) = page.split_at(begin);
    let tail = rest.get(shown.len()..).unwrap_or_default();
    fs::write(&path, format!("{head}{}{tail}", rendered(&places(texts)))).map_err(Failure::doing(PAGE))
}

fn between(page: &str) -> Option<&str> {
    let (_, rest) = page.split_once(BEGIN)?;
    rest.split_once(END).map(|(list, _)| list)
}

/// Every place in the code that is not for tests only, but for the names of exported functions.
fn places(texts: &[(String, String)]) -> Vec<Place> {
    let sources = texts.iter().filter(|(file, _)| file.ends_with(".rs") && !super::rules::is_test_file(file));
    let mut places: Vec<_> = sources.flat_map(|(file, text)| places_of(file, text)).collect();
    places.sort_by(|one, other| (&one.file, one.line).cmp(&(&other.file, other.line)));
    places
}

fn places_of(file: &str, text: &str) -> Vec<Place> {
    let source = Source::new(text);
    let lines: Vec<&str> = text.lines().collect();
    let tokens = source.tokens();
    let followed = tokens.windows(2).filter_map(|pair| match pair {
        [(line, "unsafe"), (_, next)] if *next != "(" => Some(*line),
        _ => None,
    });
    let place = |line: usize| Place {
        file: file.to_owned(),
        line,
        code: lines.get(line - 1).copied().unwrap_or_default().trim().to_owned(),
        reason: reason(&lines, line - 1),
    };
    followed.map(place).collect()
}

/// The comment that says why, nearest above the line.
fn reason(lines: &[&str], line: usize) -> String {
    let above = lines.get(line.saturating_sub(REACH)..line).unwrap_or_default();
    let is_begin = |text: &&str| text.contains("SAFETY:") || text.contains("# Safety");
    let Some(begin) = above.iter().rposition(is_begin) else { return String::new() };
    let comment = above.iter().skip(begin).map(|text| text.trim());
    let comment = comment.take_while(|text| text.starts_with("//"));
    let words = comment.map(|text| text.trim_start_matches('/').trim());
    let text: Vec<&str> = words.filter(|text| *text != "# Safety").collect();
    text.join(" ").trim_start_matches("SAFETY:").trim().to_owned()
}

fn rendered(places: &[Place]) -> String {
    let mut page = String::from("\n| where | what | why it is sound |\n|---|---|---|\n");
    for place in places {
        let cell = |text: &str| text.replace('|', "\\|");
        page.push_str(&format!("| `{}` | `{}` | {} |\n", place.file, cell(&place.code), cell(&place.reason)));
    }
    page.push('\n');
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "//! A.\n\
        #[unsafe(no_mangle)]\n\
        fn a() {\n\
        // SAFETY: it is\n\
        // sound.\n\
        let b = unsafe { b() };\n\
        }\n\
        unsafe impl C for D {}\n";

    fn texts(page: &str) -> Vec<(String, String)> {
        vec![("a.rs".to_owned(), TEXT.to_owned()), (PAGE.to_owned(), format!("{BEGIN}{page}{END}"))]
    }

    #[test]
    fn places_are_found_with_their_reasons() {
        let found = places_of("a.rs", TEXT);
        let found: Vec<_> = found.iter().map(|place| (place.line, place.reason.as_str())).collect();
        assert_eq!(found, [(6, "it is sound."), (8, "it is sound.")]);
        assert_eq!(reason(&["// SAFETY: far"; 1], 0), "");
    }

    #[test]
    fn a_page_of_another_time_is_a_breach() {
        let list = rendered(&places(&texts("")));
        assert_eq!(check(&texts(&list)), []);
        assert_eq!(check(&texts("old")).len(), 1);
        assert_eq!(check(&texts(&list)[..1]).len(), 1);
    }

    #[test]
    fn a_place_without_a_reason_is_a_breach() {
        let text = "//! A.\nfn a() { unsafe { b() } }\n".to_owned();
        let breaches = check(&[("a.rs".to_owned(), text)]);
        assert_eq!((breaches[0].file.as_str(), breaches[0].line), ("a.rs", 2));
    }
}
