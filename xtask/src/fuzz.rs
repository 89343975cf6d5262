//! `cargo xtask fuzz`: runs the fuzz targets of `tests/fuzz` with cargo-fuzz.
//!
//! Depends on [`crate::setup`], [`crate::process`] and [`crate::workspace`]. Each target starts
//! from the committed inputs: real messages (`seeds/TARGET`) and inputs that once broke it
//! (`findings/TARGET`). Needs no nightly compiler: the code is safe Rust, so coverage counters
//! suffice, without an address sanitizer.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    failure::{Failure, Outcome},
    process,
    setup::{
        packages::{self, COMPILER, CPP_COMPILER},
        tools,
    },
    workspace,
};

/// The default run time of each target.
const SECONDS: u32 = 60;
/// The memory limit of a target, in MiB: no input makes a parser use much.
const MEMORY_LIMIT: u32 = 512;
/// The time limit of a single input, in seconds; generous, because machines are sometimes slow.
const INPUT_TIMEOUT: u32 = 20;

/// `[--seconds N] [TARGET...]`: runs the targets whose name contains one of the filters; all
/// targets without a filter.
pub(crate) fn run(args: &[String]) -> Outcome {
    let (seconds, filters) = read(args)?;
    packages::ensure(&[&COMPILER, &CPP_COMPILER])?;
    let program = tools::ensure("cargo-fuzz")?;
    let names = chosen(targets()?, filters)?;
    println!("fuzz: building {} targets", names.len());
    process::run(&mut cargo_fuzz(&program, "build"))?;
    for name in &names {
        println!("fuzz: {name} for {seconds} s");
        fuzz(&program, name, seconds)?;
    }
    println!("fuzz: {} targets, {seconds} s each: nothing found", names.len());
    Ok(())
}

fn read(args: &[String]) -> Outcome<(u32, &[String])> {
    let Some((flag, rest)) = args.split_first().filter(|(first, _)| first.starts_with('-')) else {
        return Ok((SECONDS, args));
    };
    let seconds = rest.first().and_then(|text| text.parse().ok());
    match (flag.as_str(), seconds, rest.get(1..)) {
        ("--seconds", Some(seconds), Some(filters)) => Ok((seconds, filters)),
        ("--seconds", ..) => Err(Failure::usage("--seconds expects a number")),
        _ => Err(Failure::usage(format!("expects --seconds N and parts of target names, not `{flag}`"))),
    }
}

fn folder() -> PathBuf {
    workspace::root().join("tests").join("fuzz")
}

fn targets() -> Outcome<Vec<String>> {
    let folder = folder().join("fuzz_targets");
    let entries =
        fs::read_dir(&folder).map_err(|cause| Failure::new(format!("{}: {cause}", folder.display())))?;
    let mut names: Vec<String> =
        entries.filter_map(|entry| Some(entry.ok()?.path().file_stem()?.to_str()?.to_owned())).collect();
    names.sort();
    Ok(names)
}

fn chosen(names: Vec<String>, filters: &[String]) -> Outcome<Vec<String>> {
    let all = names.join(", ");
    let is_meant =
        |name: &String| filters.is_empty() || filters.iter().any(|filter| name.contains(filter.as_str()));
    let chosen: Vec<String> = names.into_iter().filter(is_meant).collect();
    if chosen.is_empty() {
        Err(Failure::new(format!("no target matches; the targets are: {all}")))
    } else {
        Ok(chosen)
    }
}

fn cargo_fuzz(program: &Path, command: &str) -> Command {
    let mut fuzz = workspace::calling_cargo(program);
    fuzz.args(["fuzz", command, "--fuzz-dir"]).arg(folder());
    fuzz.arg("--target-dir").arg(workspace::root().join("target").join("fuzz")).args([
        "--release",
        "-s",
        "none",
    ]);
    fuzz
}

fn fuzz(program: &Path, name: &str, seconds: u32) -> Outcome {
    let found = workspace::cache("fuzz").join("corpus").join(name);
    let artifacts = workspace::cache("fuzz").join("artifacts").join(name);
    for made in [&found, &artifacts] {
        fs::create_dir_all(made).map_err(|cause| Failure::new(format!("{}: {cause}", made.display())))?;
    }
    let committed = ["seeds", "findings"].map(|kind| folder().join(kind).join(name));
    let mut command = cargo_fuzz(program, "run");
    command.arg(name).arg(found).args(committed.iter().filter(|folder| folder.is_dir())).arg("--");
    command.arg(format!("-artifact_prefix={}/", artifacts.display()));
    command.arg(format!("-max_total_time={seconds}"));
    command.arg(format!("-rss_limit_mb={MEMORY_LIMIT}"));
    command.arg(format!("-timeout={INPUT_TIMEOUT}"));
    process::run(command.args(["-max_len=4096", "-verbosity=0", "-print_final_stats=1"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_texts(args: &[&str]) -> Result<(u32, Vec<String>), String> {
        let args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
        read(&args)
            .map(|(seconds, filters)| (seconds, filters.to_vec()))
            .map_err(|failure| failure.to_string())
    }

    #[test]
    fn arguments_are_read() {
        assert_eq!(read_texts(&[]), Ok((SECONDS, vec![])));
        assert_eq!(read_texts(&["opus"]), Ok((SECONDS, vec!["opus".to_owned()])));
        assert_eq!(read_texts(&["--seconds", "5", "opus"]), Ok((5, vec!["opus".to_owned()])));
        assert!(read_texts(&["--seconds"]).is_err());
        assert!(read_texts(&["--hours", "5"]).is_err());
    }

    #[test]
    fn every_target_is_built_and_has_something_to_start_from() {
        let manifest = fs::read_to_string(folder().join("Cargo.toml")).unwrap();
        for name in targets().unwrap() {
            assert!(manifest.contains(&format!("name = \"{name}\"")), "{name} is not in the manifest");
            assert!(folder().join("seeds").join(&name).is_dir(), "{name} has no seeds");
        }
    }
}
