//! Checks that `docs/faults.md` shows the current table.

use std::{collections::HashSet, fmt::Write, path::Path};

use crate::{
    cell::{Fate, Outcome, Row},
    table,
};

fn rendered() -> String {
    let mut page = String::new();
    for (title, rows) in table::SECTIONS {
        page.push_str(&format!(
            "\n### {title}\n\n| fault | transport | phases | outcome | error | pending request | within |\n|---|---|---|---|---|---|---|\n"
        ));
        rows.iter().for_each(|row| page.push_str(&line(row)));
    }
    page
}

fn line(row: &Row) -> String {
    let phases: Vec<String> = row.phases.iter().map(ToString::to_string).collect();
    let (outcome, error) = outcome(row.outcome);
    let has_request = row.phases.iter().any(|when| when.to_string() == "request pending");
    let request = if has_request { request(row.outcome.work()) } else { String::new() };
    format!(
        "| {} | {} | {} | {outcome} | {error} | {request} | {} s |\n",
        row.fault,
        row.over,
        phases.join(", "),
        row.within
    )
}

fn request(fate: Fate) -> String {
    match fate {
        Fate::Ends(kind) => format!("`{kind:?}`"),
        Fate::GoesOn => "still pending".to_owned(),
        Fate::Either => "still pending, or `ConnectionLost`".to_owned(),
    }
}

fn outcome(outcome: Outcome) -> (&'static str, String) {
    match outcome {
        Outcome::Fails { kind, phase, status } => {
            let mut error = format!("`{kind:?}` in {phase:?}");
            if let Some(status) = status {
                // Writing into a String can't fail.
                let _ = write!(error, ", status {status}");
            }
            ("the call fails, `disconnected`", error)
        }
        Outcome::Restored => ("`reconnecting`, then `ready`", String::new()),
        Outcome::Ends { kind, phase } => ("`disconnected`, failed", format!("`{kind:?}` in {phase:?}")),
        Outcome::Leaves => ("`disconnected`, bot left", String::new()),
        Outcome::Closes => ("`disconnected`, requested", String::new()),
        Outcome::GoesOn => ("none: `ready`", String::new()),
        Outcome::Recovers => ("none, or `reconnecting`, then `ready`", String::new()),
        Outcome::LosesDevice => ("`deviceError`, `ready`", "`Device`".to_owned()),
        Outcome::Starves => ("none: `ready`", "`Timeout` in Request".to_owned()),
    }
}

#[test]
fn the_page_shows_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/faults.md");
    let page = std::fs::read_to_string(path).expect("the page is there").replace("\r\n", "\n");
    let (_, shown) = page.split_once("<!-- table -->\n").expect("the table has a beginning");
    let (shown, _) = shown.split_once("\n<!-- end of table -->").expect("the table has an end");
    let expected = rendered();
    assert!(
        shown.trim() == expected.trim(),
        "docs/faults.md is not up to date; the table is now:\n{expected}"
    );
}

#[test]
fn no_two_cells_have_the_same_name() {
    let mut names = HashSet::new();
    for cell in table::all() {
        assert!(names.insert(cell.to_string()), "{cell}");
    }
}
