//! `cargo xtask pages`: checks that native libraries can be loaded on devices with pages of 16 KiB.
//!
//! Depends on nothing but the files. It reads the headers of ELF (little-endian, as on all of
//! Android's processors) itself, because it needs three fields of them.

use std::{fs, path::Path};

use crate::failure::{Failure, Outcome};

/// The least alignment of a loaded segment. Google Play demands it since November 2025.
const PAGE: u64 = 16 * 1_024;
/// The type of a segment that is loaded into memory.
const LOAD: u64 = 1;

/// Checks every library (`.so`) among the files and in the folders.
pub(crate) fn run(args: &[String]) -> Outcome {
    let mut checked = 0;
    for path in args {
        check(Path::new(path), &mut checked)?;
    }
    match checked {
        0 => Err(Failure::usage("names no library (.so), and no folder with one")),
        _ => Ok(()),
    }
}

fn check(path: &Path, checked: &mut usize) -> Outcome {
    if path.is_dir() {
        let entries = fs::read_dir(path).map_err(Failure::doing(path.display()))?;
        return entries.filter_map(Result::ok).try_for_each(|entry| check(&entry.path(), checked));
    }
    if path.extension().is_none_or(|extension| extension != "so") {
        return Ok(());
    }
    let file = fs::read(path).map_err(Failure::doing(path.display()))?;
    let alignments = Elf(&file).alignments().ok_or_else(|| problem(path, "is no library of Android"))?;
    let least = alignments.iter().min().copied().unwrap_or(0);
    if least < PAGE {
        return Err(problem(path, &format!("has a segment aligned to {least} bytes; it must be {PAGE}")));
    }
    println!("pages: {}: {} segments, aligned to {least} bytes", path.display(), alignments.len());
    *checked += 1;
    Ok(())
}

fn problem(path: &Path, what: &str) -> Failure {
    Failure::new(format!("{} {what}", path.display()))
}

/// A file in the form ELF.
struct Elf<'a>(&'a [u8]);

impl Elf<'_> {
    /// How each loaded segment is aligned; `None` if the file can't be read.
    fn alignments(&self) -> Option<Vec<u64>> {
        let (magic, little) = (self.0.get(..4)?, *self.0.get(5)?);
        let is_wide = match self.0.get(4)? {
            1 => false,
            2 => true,
            _ => return None,
        };
        if magic != b"\x7FELF" || little != 1 {
            return None;
        }
        // Where the fields are, in the narrow and in the wide form.
        let field = |narrow, wide| if is_wide { wide } else { narrow };
        let table = self.number(field(28, 32), field(4, 8))?;
        let size = self.number(field(42, 54), 2)?;
        let count = self.number(field(44, 56), 2)?;
        let segment = |index: u64| -> Option<Option<u64>> {
            let at = usize::try_from(table.checked_add(index.checked_mul(size)?)?).ok()?;
            let kind = self.number(at, 4)?;
            let alignment = self.number(at.checked_add(field(28, 48))?, field(4, 8))?;
            Some((kind == LOAD).then_some(alignment))
        };
        let segments: Option<Vec<_>> = (0..count).map(segment).collect();
        Some(segments?.into_iter().flatten().collect())
    }

    fn number(&self, at: usize, bytes: usize) -> Option<u64> {
        let field = self.0.get(at..at.checked_add(bytes)?)?;
        Some(field.iter().rev().fold(0, |number, byte| (number << 8) | u64::from(*byte)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A wide file with two loaded segments and one of another kind.
    fn library(alignments: [u64; 3]) -> Vec<u8> {
        let mut file = vec![0; 64 + 3 * 56];
        file[..6].copy_from_slice(b"\x7FELF\x02\x01");
        file[32] = 64;
        file[54] = 56;
        file[56] = 3;
        for (index, alignment) in alignments.into_iter().enumerate() {
            let at = 64 + index * 56;
            file[at] = if index == 1 { 2 } else { 1 };
            file[at + 48..at + 56].copy_from_slice(&alignment.to_le_bytes());
        }
        file
    }

    #[test]
    fn only_loaded_segments_count() {
        assert_eq!(Elf(&library([0x4000, 8, 0x1000])).alignments(), Some(vec![0x4000, 0x1000]));
    }

    #[test]
    fn what_is_cut_off_is_no_library() {
        let file = library([1, 2, 3]);
        for end in 0..file.len() {
            assert_eq!(Elf(&file[..end]).alignments(), None, "{end}");
        }
        assert_eq!(Elf(b"not a library").alignments(), None);
    }

    #[test]
    fn a_folder_is_searched() {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("arm64-v8a");
        fs::create_dir(&inside).unwrap();
        let folder = [folder.path().display().to_string()];
        fs::write(inside.join("notes.txt"), "").unwrap();
        assert!(run(&folder).is_err(), "no library");
        fs::write(inside.join("librtvi.so"), library([0x4000, 0, 0x10000])).unwrap();
        assert!(run(&folder).is_ok());
        fs::write(inside.join("libold.so"), library([0x1000, 0, 0x4000])).unwrap();
        assert!(run(&folder).is_err());
    }
}
