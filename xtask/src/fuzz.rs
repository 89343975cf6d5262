//! `cargo xtask fuzz`: runs the fuzz targets of `tests/fuzz` with cargo-fuzz.
//!
//! Depends on [`crate::setup`], [`crate::process`] and [`crate::workspace`]. Each target starts
//! from the committed inputs: real messages (`seeds/TARGET`, `seeds/TARGET.jsonl` and the
//! conformance vectors) and inputs that once broke it (`findings/TARGET`). Needs no nightly
//! compiler: the code is safe Rust, so coverage counters suffice, without an address sanitizer.

use std::{
    fs,
    io::ErrorKind,
    num::NonZero,
    panic::resume_unwind,
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use serde_json::Value;

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

/// The target that starts from the messages in the conformance vectors.
const SERVER_MESSAGE: &str = "server_message";

/// `[--seconds N] [TARGET...]`: runs the targets whose name contains one of the filters; all
/// targets without a filter.
pub(crate) fn run(args: &[String]) -> Outcome {
    let (seconds, filters) = read(args)?;
    packages::ensure(&[&COMPILER, &CPP_COMPILER])?;
    let program = tools::ensure("cargo-fuzz")?;
    let names = chosen(targets()?, filters)?;
    println!("fuzz: building {} targets", names.len());
    process::run(&mut cargo_fuzz(&program, "build"))?;
    run_all(&program, &names, seconds)?;
    println!("fuzz: {} targets, {seconds} s each: nothing found", names.len());
    Ok(())
}

/// Runs the targets, as many at once as there are cores, and prints the output of each as it ends. After
/// a finding, no other target starts.
fn run_all(program: &Path, names: &[String], seconds: u32) -> Outcome {
    let next = AtomicUsize::new(0);
    let worker = || -> Outcome {
        while let Some(name) = names.get(next.fetch_add(1, Ordering::Relaxed)) {
            if let Err(failure) = fuzz(program, name, seconds) {
                next.store(names.len(), Ordering::Relaxed);
                return Err(failure);
            }
        }
        Ok(())
    };
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic)))
    })
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
    let files = files(&folder().join("fuzz_targets"))?;
    Ok(files.iter().filter_map(|file| Some(file.file_stem()?.to_str()?.to_owned())).collect())
}

/// What is in a folder, by name.
fn files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(Failure::doing(folder.display()))?;
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.sort();
    Ok(files)
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
    write_seeds(&texts(name)?, &found)?;
    let committed = ["seeds", "findings"].map(|kind| folder().join(kind).join(name));
    let mut command = cargo_fuzz(program, "run");
    command.arg(name).arg(found).args(committed.iter().filter(|folder| folder.is_dir())).arg("--");
    command.arg(format!("-artifact_prefix={}/", artifacts.display()));
    command.arg(format!("-max_total_time={seconds}"));
    command.arg(format!("-rss_limit_mb={MEMORY_LIMIT}"));
    command.arg(format!("-timeout={INPUT_TIMEOUT}"));
    command.args(["-max_len=4096", "-verbosity=0", "-print_final_stats=1"]);
    println!("fuzz: {name} for {seconds} s");
    let output = command.output().map_err(Failure::doing(name))?;
    println!("{}", String::from_utf8_lossy(&output.stderr));
    if output.status.success() { Ok(()) } else { Err(Failure::new(format!("{name}: {}", output.status))) }
}

/// The seeds of a target that are texts: lines of `seeds/TARGET.jsonl`, each a JSON string, or the
/// server's messages in the conformance vectors.
fn texts(target: &str) -> Outcome<Vec<String>> {
    let failed = |cause: &dyn std::fmt::Display| Failure::new(format!("the seeds of {target}: {cause}"));
    if target == SERVER_MESSAGE {
        let mut texts = Vec::new();
        for file in files(&workspace::root().join("tests").join("conformance").join("server"))? {
            let text = fs::read_to_string(&file).map_err(|cause| failed(&cause))?;
            let vectors: Vec<Value> = serde_json::from_str(&text).map_err(|cause| failed(&cause))?;
            texts.extend(vectors.iter().map(|vector| vector["wire"].to_string()));
        }
        return Ok(texts);
    }
    let lines = match fs::read_to_string(folder().join("seeds").join(format!("{target}.jsonl"))) {
        Ok(lines) => lines,
        Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(cause) => return Err(failed(&cause)),
    };
    lines.lines().map(|line| serde_json::from_str(line).map_err(|cause| failed(&cause))).collect()
}

fn write_seeds(texts: &[String], to: &Path) -> Outcome {
    for (index, text) in texts.iter().enumerate() {
        fs::write(to.join(format!("seed-{index}")), text).map_err(Failure::doing("the fuzzer's corpus"))?;
    }
    Ok(())
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
            let has_files = folder().join("seeds").join(&name).is_dir();
            assert!(has_files || !texts(&name).unwrap().is_empty(), "{name} has no seeds");
        }
        assert!(texts(SERVER_MESSAGE).unwrap().len() > 100);
    }

    #[test]
    fn texts_are_written_into_the_corpus() {
        let corpus = tempfile::tempdir().unwrap();
        write_seeds(&["a".to_owned(), "b\n".to_owned()], corpus.path()).unwrap();
        let written = files(corpus.path())
            .unwrap()
            .iter()
            .map(|file| fs::read_to_string(file).unwrap())
            .collect::<Vec<_>>();
        assert_eq!(written, ["a", "b\n"]);
    }
}
