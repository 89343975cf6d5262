//! The table of the official SDKs' public names and ours: every name of ours exists, and so does every
//! test that shows it; and the page that is printed from it.
use std::{collections::BTreeMap, fmt::Write as _, fs, sync::OnceLock};

use rtvi_tests::native::root;
use serde::Deserialize;

use super::names::{Names, text, words};

const TABLE: &str = "docs/parity.json";
const PAGE: &str = "docs/parity.md";

/// The official SDKs, and our languages.
const OFFICIAL: [(&str, &str); 4] =
    [("js", "JavaScript"), ("ios", "iOS"), ("android", "Android"), ("cxx", "C++")];
const OURS: [(&str, &str); 5] =
    [("rust", "Rust"), ("swift", "Swift"), ("kotlin", "Kotlin"), ("cpp", "C++"), ("c", "C")];

/// The reason of a row that should have names, and has none yet.
const MISSING: &str = "missing";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    /// The versions of the official SDKs that were read.
    versions: BTreeMap<String, String>,
    sections: Vec<Section>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Section {
    title: String,
    rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    /// By SDK and by language.
    #[serde(flatten)]
    names: BTreeMap<String, String>,
    /// The tests that show it: `file::test`.
    #[serde(default)]
    tests: Vec<String>,
    /// Why one of our languages or a test is missing.
    why: Option<String>,
}

impl Row {
    fn name(&self, of: &str) -> Option<&str> {
        self.names.get(of).map(String::as_str)
    }

    /// What to call it in a message.
    fn title(&self) -> &str {
        OFFICIAL.iter().find_map(|(sdk, _)| self.name(sdk)).unwrap_or_default()
    }

    fn ours(&self) -> impl Iterator<Item = (&'static str, &str)> {
        OURS.iter().filter_map(|(language, _)| Some((*language, self.name(language)?)))
    }
}

fn table() -> &'static Table {
    static TABLE_READ: OnceLock<Table> = OnceLock::new();
    TABLE_READ.get_or_init(|| serde_json::from_str(&text(TABLE)).expect("the table"))
}

fn rows() -> impl Iterator<Item = &'static Row> {
    table().sections.iter().flat_map(|section| &section.rows)
}

#[test]
fn every_row_has_our_names_and_a_test_or_a_reason() {
    let known = |name: &String| OFFICIAL.iter().chain(&OURS).any(|(it, _)| it == name);
    for row in rows() {
        assert!(!row.title().is_empty() && row.names.keys().all(known), "{:?}", row.names);
        let is_whole = row.ours().count() == OURS.len() && !row.tests.is_empty();
        assert!(
            is_whole || row.why.as_ref().is_some_and(|why| !why.is_empty()),
            "{}: no name or no test",
            row.title()
        );
    }
}

#[test]
fn every_name_of_ours_exists() {
    let names = Names::read();
    let unknown: Vec<_> =
        rows().flat_map(Row::ours).filter(|(language, name)| !names.has(language, name)).collect();
    assert!(unknown.is_empty(), "{unknown:#?}");
    for (language, _) in OURS {
        assert!(
            !names.has(language, "PipecatClient::connects") && !names.has(language, "PipecatClient.connects")
        );
    }
}

#[test]
fn every_test_exists_and_names_what_it_shows() {
    const BEGINS: [(&str, &str); 4] = [("fn ", "("), ("func ", "("), ("fun ", "("), ("TEST(", ")")];
    let (mut files, mut wrong) = (BTreeMap::new(), Vec::new());
    for row in rows() {
        let names: Vec<&str> =
            row.ours().filter_map(|(_, name)| words(name.split('(').next()?).last()).collect();
        let mut is_shown = row.tests.is_empty() || reads_vectors(row);
        for test in &row.tests {
            let (file, name) = test.split_once("::").expect("file::test");
            let text = files.entry(file).or_insert_with(|| text(file));
            if !BEGINS.iter().any(|(begin, end)| text.contains(&format!("{begin}{name}{end}"))) {
                wrong.push(format!("{}: {test} does not exist", row.title()));
            }
            is_shown |= words(text).any(|word| names.contains(&word));
        }
        if !is_shown {
            wrong.push(format!("{}: its tests don't name it", row.title()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Whether tests show it that read what to do and to expect from files.
fn reads_vectors(row: &Row) -> bool {
    row.tests.iter().any(|test| test.contains("onformance") || test.contains("voice_devices"))
}

#[test]
fn the_page_of_parity() {
    let (page, file) = (page(), root().join(PAGE));
    if std::env::var_os("RTVI_BLESS").is_some() {
        fs::write(&file, &page).expect("it can be written");
    }
    let committed = fs::read_to_string(&file).unwrap_or_default();
    assert!(committed == page, "{PAGE} is out of date: run this with RTVI_BLESS=1 and commit it");
}

fn page() -> String {
    let (all, whole) = (rows().count(), rows().filter(|row| row.why.is_none()).count());
    let missing: Vec<&str> =
        rows().filter(|row| row.why.as_deref() == Some(MISSING)).map(Row::title).collect();
    let daily = rows().filter(|row| row.why.as_deref() == Some("Daily only")).count();
    let counts = [
        (whole, "have a name in each of our five languages".to_owned()),
        (all - whole - daily - missing.len(), "state why one of our languages has none".to_owned()),
        (daily, "belong to Daily's own service, whose protocol is not open".to_owned()),
        (missing.len(), format!("are missing: {}", missing.join("; "))),
    ];
    let mut page = "\
# The official SDKs' public API here

<!-- Printed from parity.json by the suite `described`. -->

Each row is a public name of the official Pipecat SDKs, its names here, and tests that show it. The
suite `described` checks that every name of ours and every test exists. Of all rows,

| how many | |
|---|---|
"
    .to_owned();
    for (count, what) in counts.iter().filter(|(count, _)| *count > 0) {
        let _ = writeln!(page, "| {count} | {what} |");
    }
    page += "\n| read | version |\n|---|---|\n";
    for (sdk, version) in &table().versions {
        let _ = writeln!(page, "| {sdk} | {version} |");
    }
    for section in &table().sections {
        let _ = write!(page, "\n## {}\n\n| official | here | tests |\n|---|---|---|\n", section.title);
        for row in &section.rows {
            let _ = writeln!(page, "| {} | {} | {} |", official(row), here(row), tests(row));
        }
    }
    page
}

/// The official names: those that are the same once, with the SDKs that have them.
fn official(row: &Row) -> String {
    let mut by_name: Vec<(&str, Vec<&str>)> = Vec::new();
    for (sdk, title) in OFFICIAL {
        let Some(name) = row.name(sdk) else { continue };
        match by_name.iter_mut().find(|(its, _)| *its == name) {
            Some((_, sdks)) => sdks.push(title),
            None => by_name.push((name, vec![title])),
        }
    }
    let lines: Vec<String> =
        by_name.iter().map(|(name, sdks)| format!("{}: `{name}`", sdks.join(", "))).collect();
    lines.join("<br>")
}

fn here(row: &Row) -> String {
    let names =
        OURS.iter().filter_map(|(language, title)| Some(format!("{title}: `{}`", row.name(language)?)));
    let why = row.why.as_ref().map(|why| format!("({why})"));
    names.chain(why).collect::<Vec<_>>().join("<br>")
}

fn tests(row: &Row) -> String {
    let links = row.tests.iter().filter_map(|test| {
        let (file, name) = test.split_once("::")?;
        Some(format!("[{name}](../{file})"))
    });
    links.collect::<Vec<_>>().join("<br>")
}
