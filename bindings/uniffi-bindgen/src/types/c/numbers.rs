//! The numbers of C's constants: those that were given once, and new ones.
//!
//! Pure.

use std::collections::BTreeMap;

use super::names::constant;
use crate::model::{Outcome, Plain};

/// The constants that the printed sources have.
#[derive(Debug, Default)]
pub(crate) struct Numbers(BTreeMap<String, u32>);

/// What 0 stands for in an enum, where it is none of the core's variants.
pub(crate) struct Zero {
    pub(crate) variant: &'static str,
    pub(crate) doc: &'static str,
}

/// Zeros with a meaning of their own.
const ZEROS: [(&str, Zero); 4] = [
    ("EventKind", Zero { variant: "Other", doc: "An event that this interface has no number for; it has a name." }),
    ("ErrorKind", Zero { variant: "None", doc: "No error." }),
    ("Phase", Zero { variant: "None", doc: "Not known, or none." }),
    ("DeviceErrorKind", Zero { variant: "None", doc: "No error of a device." }),
];
/// That of other enums that may get more variants.
const OTHER: Zero = Zero { variant: "Other", doc: "One that this interface has no number for." };

/// What 0 stands for in this enum, if it is none of its variants.
pub(crate) fn zero(of: &Plain) -> Option<&'static Zero> {
    let own = ZEROS.iter().find(|(name, _)| *name == of.name).map(|(_, zero)| zero);
    own.or_else(|| of.is_open.then_some(&OTHER))
}

impl Numbers {
    /// The numbers in a printed source.
    pub(crate) fn read(&mut self, source: &str) {
        for line in source.lines() {
            if let Some((name, number)) = line.trim().trim_end_matches(',').split_once(" = ")
                && name.starts_with("RTVI_")
                && let Ok(number) = number.parse()
            {
                self.0.insert(name.to_owned(), number);
            }
        }
    }

    /// The variants of an enum with their numbers, in the order of these: the old ones, and the next free ones for those that are new.
    pub(crate) fn of<'a>(&self, plain: &'a Plain) -> Outcome<Vec<(u32, &'a str, &'a str)>> {
        let known = |variant: &str| self.0.get(&constant(&plain.name, variant)).copied();
        let variants = || plain.variants.iter().map(|(variant, doc)| (&**variant, &**doc));
        let mut next = match variants().filter_map(|(variant, _)| known(variant)).max() {
            Some(last) => last + 1,
            None => u32::from(zero(plain).is_some()),
        };
        let mut numbered: Vec<(u32, &str, &str)> = Vec::new();
        for (variant, doc) in variants() {
            let number = known(variant).unwrap_or(next);
            next += u32::from(number == next);
            numbered.push((number, variant, doc));
        }
        numbered.sort_unstable();
        match numbered.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            Some(pair) => Err(format!("{} and {} of {} have one number", pair[0].1, pair[1].1, plain.name)),
            None => Ok(numbered),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(variants: &[&str]) -> Plain {
        let variants = variants.iter().map(|name| ((*name).to_owned(), String::new())).collect();
        Plain { name: "TrackKind".to_owned(), path: String::new(), doc: String::new(), variants, is_open: true }
    }

    fn numbers(numbers: &Numbers, variants: &[&str]) -> Vec<(u32, String)> {
        let plain = plain(variants);
        numbers.of(&plain).unwrap().iter().map(|(number, name, _)| (*number, (*name).to_owned())).collect()
    }

    #[test]
    fn numbers_stay_and_new_ones_follow() {
        let mut known = Numbers::default();
        assert_eq!(numbers(&known, &["Audio", "Video"]), [(1, "Audio".to_owned()), (2, "Video".to_owned())]);
        known.read("    RTVI_TRACK_AUDIO = 7,\n    pub fn x() {}\n");
        let wanted = [(7, "Audio".to_owned()), (8, "Video".to_owned()), (9, "Text".to_owned())];
        assert_eq!(numbers(&known, &["Video", "Audio", "Text"]), wanted);
        known.read("RTVI_TRACK_VIDEO = 7,");
        assert!(known.of(&plain(&["Audio", "Video"])).is_err());
    }
}
