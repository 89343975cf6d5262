//! `cargo xtask glibc`: checks that native libraries load on Linux systems with an old C library.
//!
//! Depends on nothing but the files.

use std::{fmt, fs};

use object::{
    Endianness,
    elf::FileHeader64,
    read::elf::{FileHeader, SectionHeader},
};

use crate::failure::{Failure, Outcome};

/// The newest version that a released library may ask for: that of Debian 10 and RHEL 8.
const FLOOR: Version = Version(2, 28);

/// A version of glibc.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Version(u32, u32);

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

/// Checks the libraries and programs (64-bit ELF files) that the arguments name.
pub(crate) fn run(args: &[String]) -> Outcome {
    if args.is_empty() {
        return Err(Failure::usage("names no library or program"));
    }
    for path in args {
        let file = fs::read(path).map_err(Failure::doing(path))?;
        let newest = newest(&file).map_err(Failure::doing(path))?;
        match newest {
            Some(version) if version > FLOOR => {
                return Err(Failure::new(format!("{path} needs glibc {version}; it must load with {FLOOR}")));
            }
            Some(version) => println!("glibc: {path} needs {version}"),
            None => return Err(Failure::new(format!("{path} asks for no version of glibc"))),
        }
    }
    Ok(())
}

/// The newest version of glibc that a file asks for.
fn newest(file: &[u8]) -> object::Result<Option<Version>> {
    let header = FileHeader64::<Endianness>::parse(file)?;
    let endian = header.endian()?;
    let sections = header.sections(endian, file)?;
    let Some((mut libraries, strings)) = sections.gnu_verneed(endian, file)? else { return Ok(None) };
    let strings = sections.section(strings)?.strings(endian, file)?.unwrap_or_default();
    let mut newest = None;
    while let Some((_, mut names)) = libraries.next()? {
        while let Some(name) = names.next()? {
            newest = newest.max(version(name.name(endian, strings)?));
        }
    }
    Ok(newest)
}

/// The version in a name such as `GLIBC_2.28`; nothing for other libraries.
fn version(name: &[u8]) -> Option<Version> {
    let numbers = std::str::from_utf8(name).ok()?.strip_prefix("GLIBC_")?;
    let mut numbers = numbers.split('.').map(str::parse);
    Some(Version(numbers.next()?.ok()?, numbers.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_numbers() {
        assert_eq!(version(b"GLIBC_2.4"), Some(Version(2, 4)));
        assert_eq!(version(b"GLIBC_2.3.4"), Some(Version(2, 3)));
        assert!(version(b"GLIBC_2.4") < version(b"GLIBC_2.28"), "not by letters");
        for other in [&b"GLIBC_PRIVATE"[..], b"GCC_3.0", b"ALSA_0.9", b"\xFF"] {
            assert_eq!(version(other), None);
        }
    }

    /// This program itself, which the machine's own linker has made.
    #[cfg(all(target_os = "linux", target_env = "gnu", target_pointer_width = "64"))]
    #[test]
    fn a_program_has_a_version() {
        let program = std::env::current_exe().unwrap();
        let file = fs::read(&program).unwrap();
        let found = newest(&file).unwrap().unwrap();
        assert!(found >= Version(2, 17), "{found}");
        let path = program.display().to_string();
        assert_eq!(run(&[path]).is_ok(), found <= FLOOR);
    }

    #[test]
    fn what_is_no_library_is_an_error() {
        assert!(newest(b"not a library").is_err());
        assert!(run(&[]).is_err());
    }
}
