//! `cargo xtask pages`: checks that native libraries can be loaded on devices with pages of 16 KiB.
//!
//! Depends on nothing but the files.

use std::{fs, path::Path};

use object::{
    Endianness, FileKind,
    elf::{FileHeader32, FileHeader64, PT_LOAD},
    read::elf::{FileHeader, ProgramHeader},
};

use crate::failure::{Failure, Outcome};

/// The least alignment of a loaded segment. Google Play demands it since November 2025.
const PAGE: u64 = 16 * 1_024;

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
    let alignments = alignments(&file).map_err(|cause| problem(path, &format!("can't be read: {cause}")))?;
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

/// How each loaded segment of an ELF file is aligned.
fn alignments(file: &[u8]) -> object::Result<Vec<u64>> {
    match FileKind::parse(file)? {
        FileKind::Elf32 => segments::<FileHeader32<Endianness>>(file),
        _ => segments::<FileHeader64<Endianness>>(file),
    }
}

fn segments<Elf: FileHeader>(file: &[u8]) -> object::Result<Vec<u64>> {
    let header = Elf::parse(file)?;
    let endian = header.endian()?;
    let loaded = header.program_headers(endian, file)?.iter().filter(|one| one.p_type(endian) == PT_LOAD);
    Ok(loaded.map(|segment| segment.p_align(endian).into()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A wide file with two loaded segments and one of another kind.
    fn library(alignments: [u64; 3]) -> Vec<u8> {
        let mut file = vec![0; 64 + 3 * 56];
        file[..7].copy_from_slice(b"\x7FELF\x02\x01\x01");
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
        assert_eq!(alignments(&library([0x4000, 8, 0x1000])).unwrap(), [0x4000, 0x1000]);
    }

    #[test]
    fn what_is_cut_off_is_no_library() {
        let file = library([1, 2, 3]);
        for end in 0..file.len() {
            assert!(alignments(&file[..end]).is_err(), "{end}");
        }
        assert!(alignments(b"not a library").is_err());
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
