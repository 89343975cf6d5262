//! The files of a folder.
//!
//! Everything here panics on failure: it is for tests only.
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Every file in a folder and in the folders in it, in no order.
///
/// # Panics
/// If there is no such folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// Those with this extension.
///
/// # Panics
/// If there is no such folder.
pub fn sources(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = files(folder);
    found.retain(|path| path.extension().is_some_and(|its| its == extension));
    found
}
