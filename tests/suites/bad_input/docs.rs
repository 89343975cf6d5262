//! Checks that `docs/errors.md` lists every error kind with its remedy, and every row of the table.

use std::{collections::HashSet, path::Path};

use rtvi_core::ErrorKind;

use crate::{
    calls, phones, rooms,
    row::{Expected, How, Outcome, Row},
    states, table, wav, webrtc,
};

/// Every row, with the section of the page that it belongs to.
fn sections() -> [(&'static str, &'static [Row]); 11] {
    [
        ("Servers that can't be reached", table::UNREACHABLE),
        ("Servers that are not bots", table::NO_BOTS),
        ("Start endpoints", table::START),
        ("Broken sessions", table::SESSIONS),
        ("WebRTC: offers", webrtc::OFFERS),
        ("WebRTC: broken calls", webrtc::CALLS),
        ("LiveKit: rooms", rooms::ROOMS),
        ("Phones", phones::CALLS),
        ("Wrong calls", calls::ROWS),
        ("Calls in a wrong state", states::ROWS),
        ("Files", wav::ROWS),
    ]
}

/// The part of the page that is generated from the table.
fn rendered() -> String {
    let mut page = String::new();
    for (title, rows) in sections() {
        page.push_str(&format!("\n### {title}\n\n| fault | reported by | kind | phase | status | the message contains |\n|---|---|---|---|---|---|\n"));
        rows.iter().for_each(|row| page.push_str(&line(row)));
    }
    page
}

fn line(row: &Row) -> String {
    let (reported_by, details) = match &row.outcome {
        Outcome::Fails(expected) => (call(&row.how).to_owned(), details(expected)),
        Outcome::Ends(expected) => ("event `disconnected`, failed".to_owned(), details(expected)),
        Outcome::Leaves { code, says } => {
            let code = code.map(|code| code.to_string()).unwrap_or_default();
            ("event `disconnected`, bot left".to_owned(), format!("| | {code} | {}", cell(says)))
        }
        Outcome::Event { name, says } => {
            (format!("event `{name}`; the session continues"), format!("| | | {}", cell(says)))
        }
        Outcome::Succeeds => ("nothing: it works".to_owned(), "| | |".to_owned()),
    };
    format!("| {} | {reported_by} | {details} |\n", row.fault)
}

fn call(how: &How) -> &'static str {
    match how {
        How::Connect(_)
        | How::Params(_)
        | How::Offer(_)
        | How::OfferParams(_)
        | How::Dial(..)
        | How::Room(_)
        | How::RoomParams(_) => "`connect`",
        How::Start(_) | How::StartFault(_) => "`start_bot_and_connect`",
        How::Session(_) | How::Call(_) | How::CallOf(..) | How::Idle(_) | How::Ready(_) | How::Legacy(_) => {
            "the call"
        }
    }
}

fn details(expected: &Expected) -> String {
    let phase = expected.phase.map(|phase| format!("{phase:?}")).unwrap_or_default();
    let status = expected.status.map(|status| status.to_string()).unwrap_or_default();
    format!("`{:?}` | {phase} | {status} | {}", expected.kind, cell(expected.says))
}

fn cell(says: &str) -> String {
    if says.is_empty() { String::new() } else { format!("`{}`", says.replace('|', "\\|")) }
}

fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/errors.md");
    std::fs::read_to_string(path).expect("the page is there").replace("\r\n", "\n")
}

#[test]
fn the_page_shows_the_table() {
    let page = page();
    let (_, shown) = page.split_once("<!-- table -->\n").expect("the table has a beginning");
    let (shown, _) = shown.split_once("\n<!-- end of table -->").expect("the table has an end");
    let expected = rendered();
    assert!(
        shown.trim() == expected.trim(),
        "docs/errors.md is not up to date; the table is now:\n{expected}"
    );
}

#[test]
fn the_page_says_what_to_do_about_every_kind() {
    let page = page();
    for kind in ErrorKind::ALL {
        let start = format!("| `{kind:?}` |");
        let row = page.lines().find(|line| line.starts_with(&start));
        let row = row.unwrap_or_else(|| panic!("{kind:?} is missing"));
        let cells: Vec<_> = row.trim_matches('|').split('|').map(str::trim).collect();
        assert!(cells.len() == 3 && cells.iter().all(|cell| !cell.is_empty()), "{row}");
    }
}

#[test]
fn no_two_faults_have_the_same_name() {
    let mut names = HashSet::new();
    for row in sections().iter().flat_map(|(_, rows)| rows.iter()) {
        assert!(names.insert(row.fault), "{}", row.fault);
    }
}
