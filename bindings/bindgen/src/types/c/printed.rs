//! The previously printed sources, on which compiled apps rely: the numbers of constants, and the
//! order of members.
//!
//! Depends on files only.

use std::{collections::BTreeMap, fs, path::Path};

use super::{
    names::{constant, enum_name},
    structs::field_name,
};
use crate::{
    metadata::Outcome,
    model::{Field, Plain},
};

/// The content of the printed sources.
#[derive(Debug, Default)]
pub(crate) struct Printed {
    /// The constants of each enum.
    numbers: BTreeMap<String, BTreeMap<String, u32>>,
    members: BTreeMap<String, Vec<String>>,
}

/// The meaning of 0 in an enum, if it is not one of the core's variants.
pub(crate) struct Zero {
    pub(crate) variant: &'static str,
    pub(crate) doc: &'static str,
    /// Whether C++ has it too. Otherwise an optional replaces it.
    pub(crate) is_in_cpp: bool,
}

/// Zeros with a meaning of their own.
const ZEROS: [(&str, Zero); 4] = [
    (
        "EventKind",
        Zero {
            variant: "Other",
            doc: "An event that this interface has no number for; it has a name.",
            is_in_cpp: true,
        },
    ),
    ("ErrorKind", Zero { variant: "None", doc: "No error.", is_in_cpp: false }),
    ("Phase", Zero { variant: "None", doc: "Not known, or none.", is_in_cpp: true }),
    ("DeviceErrorKind", Zero { variant: "None", doc: "No error of a device.", is_in_cpp: false }),
];
/// The zero of other open enums.
const OTHER: Zero =
    Zero { variant: "Other", doc: "One that this interface has no number for.", is_in_cpp: true };

/// The meaning of 0 in this enum, if it is not one of its variants.
pub(crate) fn zero(of: &Plain) -> Option<&'static Zero> {
    let own = ZEROS.iter().find(|(name, _)| *name == of.name).map(|(_, zero)| zero);
    own.or_else(|| of.is_open.then_some(&OTHER))
}

impl Printed {
    /// Reads the sources in a folder.
    pub(crate) fn read(folder: &Path) -> Outcome<Self> {
        let mut printed = Self::default();
        for name in ["event_kind.rs", "enums.rs", "structs.rs", "event_structs.rs", "turn_structs.rs"] {
            let path = folder.join(name);
            let source = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            printed.add(&source);
        }
        Ok(printed)
    }

    fn add(&mut self, source: &str) {
        let (mut members, mut constants) = (None, None);
        for line in source.lines() {
            if let Some(name) = line.strip_prefix("pub struct ").and_then(|rest| rest.strip_suffix(" {")) {
                members = Some(self.members.entry(name.to_owned()).or_default());
            } else if let Some(name) = line.strip_prefix("pub enum ").and_then(|rest| rest.strip_suffix(" {"))
            {
                constants = Some(self.numbers.entry(name.to_owned()).or_default());
            } else if let Some((name, _)) =
                line.strip_prefix("    pub ").and_then(|rest| rest.split_once(": "))
            {
                if let Some(members) = &mut members {
                    members.push(name.to_owned());
                }
            } else if let Some((name, number)) = line.trim().trim_end_matches(',').split_once(" = ")
                && let (Some(constants), Ok(number)) = (&mut constants, number.parse())
            {
                constants.insert(name.to_owned(), number);
            }
        }
    }

    /// The fields of a struct in the order with which apps were compiled. New ones are at the end.
    pub(crate) fn ordered<'a>(&self, name: &str, fields: &'a [Field]) -> Outcome<Vec<&'a Field>> {
        let before = self.members.get(name).map(Vec::as_slice).unwrap_or_default();
        let place = |field: &Field| before.iter().position(|known| *known == field_name(field));
        let is_there = |known: &str| {
            fields.iter().any(|field| field_name(field) == known || format!("{}_count", field.name) == known)
        };
        if let Some(gone) = before.iter().find(|known| !is_there(known)) {
            return Err(has_gone(&format!("{name}.{gone}")));
        }
        let mut ordered: Vec<&Field> = fields.iter().collect();
        ordered.sort_by_key(|field| place(field).unwrap_or(usize::MAX));
        Ok(ordered)
    }

    /// The variants of an enum with their numbers, sorted by number: existing variants keep theirs,
    /// and new ones get the next free numbers.
    pub(crate) fn numbered<'a>(&self, plain: &'a Plain) -> Outcome<Vec<(u32, &'a str, &'a str)>> {
        let name = enum_name(&plain.name);
        let before = self.numbers.get(&name);
        let known = |variant: &str| before?.get(&constant(&plain.name, variant)).copied();
        let variants = || plain.variants.iter().map(|(variant, doc)| (&**variant, &**doc));
        let all = variants().map(|(variant, _)| variant).chain(zero(plain).map(|zero| zero.variant));
        let all: Vec<String> = all.map(|variant| constant(&plain.name, variant)).collect();
        if let Some(gone) = before.into_iter().flat_map(BTreeMap::keys).find(|known| !all.contains(known)) {
            return Err(has_gone(&format!("{name}.{gone}")));
        }
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
            Some(pair) => {
                Err(format!("{} and {} of {} have the same number", pair[0].1, pair[1].1, plain.name))
            }
            None => Ok(numbered),
        }
    }
}

fn has_gone(what: &str) -> String {
    format!("{what} is missing, which breaks compiled apps: raise RTVI_ABI_VERSION and remove it by hand")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Shape;

    fn numbers(printed: &Printed, variants: &[&str]) -> Outcome<Vec<(u32, String)>> {
        let variants = variants.iter().map(|name| ((*name).to_owned(), String::new())).collect();
        let (name, path, doc) = ("TrackKind".to_owned(), String::new(), String::new());
        let plain = Plain { name, path, doc, variants, is_open: true };
        let numbered = printed.numbered(&plain)?;
        Ok(numbered.iter().map(|(number, name, _)| (*number, (*name).to_owned())).collect())
    }

    #[test]
    fn numbers_stay_and_new_ones_follow() {
        let mut known = Printed::default();
        let wanted = [(1, "Audio".to_owned()), (2, "Video".to_owned())];
        assert_eq!(numbers(&known, &["Audio", "Video"]).unwrap(), wanted);
        known.add("pub enum rtvi_track_kind {\n    RTVI_TRACK_AUDIO = 7,\n    pub fn x() {}\n");
        let wanted = [(7, "Audio".to_owned()), (8, "Video".to_owned()), (9, "Text".to_owned())];
        assert_eq!(numbers(&known, &["Video", "Audio", "Text"]).unwrap(), wanted);
        assert!(numbers(&known, &["Video"]).unwrap_err().contains("RTVI_TRACK_AUDIO is missing"));
        known.add("pub enum rtvi_track_kind {\nRTVI_TRACK_VIDEO = 7,");
        assert!(numbers(&known, &["Audio", "Video"]).unwrap_err().contains("have the same number"));
    }

    #[test]
    fn members_stay_where_they_are() {
        let field = |name: &str, shape| Field { name: name.to_owned(), doc: String::new(), shape };
        let fields =
            [field("new", Shape::Bool), field("time", Shape::Duration), field("audio", Shape::Bytes)];
        let mut printed = Printed::default();
        printed.add("pub struct rtvi_x {\n    pub audio: *const u8,\n    pub audio_count: usize,\n    pub time_ms: f64,\n}\n");
        let names = |fields: &[&Field]| fields.iter().map(|field| field.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&printed.ordered("rtvi_x", &fields).unwrap()), ["audio", "time", "new"]);
        assert_eq!(names(&printed.ordered("rtvi_y", &fields).unwrap()), ["new", "time", "audio"]);
        assert!(printed.ordered("rtvi_x", &fields[..2]).unwrap_err().contains("rtvi_x.audio"));
    }
}
