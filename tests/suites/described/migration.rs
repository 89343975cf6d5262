//! The apps that moved from the official SDKs to ours (examples/migration): how much of them changed.
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use rtvi_tests::native::root;
use similar::{Algorithm, DiffTag, capture_diff_slices};

/// How much of an app may change when it moves, in percent of its lines.
const LIMIT: usize = 15;

fn changes_little(platform: &str) {
    let app = root().join("examples/migration").join(platform);
    let (before, after) = (app.join("before"), app.join("after"));
    let (mut all, mut changed) = (0, 0);
    for file in names(&before).union(&names(&after)) {
        let (old, new) = (lines(&before.join(file)), lines(&after.join(file)));
        let here = changed_lines(&old, &new);
        println!("{platform}: {here} of {} lines of {} changed", old.len(), file.display());
        all += old.len();
        changed += here;
    }
    println!("{platform}: {changed} of {all} lines changed");
    assert!(changed > 0 && changed * 100 <= all * LIMIT, "{platform}: {changed} of {all} lines changed");
}

#[test]
fn an_app_for_ios_moves_with_few_changes() {
    changes_little("ios");
}

#[test]
fn an_app_for_android_moves_with_few_changes() {
    changes_little("android");
}

#[test]
fn changed_lines_are_counted() {
    let count = |old: &str, new: &str| {
        let lines = |text: &str| text.chars().map(String::from).collect::<Vec<_>>();
        changed_lines(&lines(old), &lines(new))
    };
    assert_eq!(count("abcd", "abcd"), 0);
    assert_eq!(count("abcd", "axcd"), 1);
    assert_eq!(count("abcd", "ad"), 2);
    assert_eq!(count("ad", "abcd"), 2);
    assert_eq!(count("abcd", "axyzd"), 3);
    assert_eq!(count("abcdef", "xbcdyf"), 2);
    assert_eq!(count("", "abc"), 3);
}

fn names(folder: &Path) -> BTreeSet<PathBuf> {
    let entries =
        fs::read_dir(folder).expect("the app").map(|entry| entry.expect("an entry").file_name().into());
    entries.collect()
}

/// The lines of a file that are not empty; none if there is no file.
fn lines(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).unwrap_or_default();
    text.lines().map(str::trim_end).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// How many lines changed: of each place that differs, the lines that are gone or those that are new,
/// whichever are more.
fn changed_lines(old: &[String], new: &[String]) -> usize {
    let places = capture_diff_slices(Algorithm::Myers, old, new).into_iter();
    places
        .filter(|place| place.tag() != DiffTag::Equal)
        .map(|place| place.old_range().len().max(place.new_range().len()))
        .sum()
}
