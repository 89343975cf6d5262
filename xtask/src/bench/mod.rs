//! `cargo xtask bench`: runs the benchmarks of `rtvi-bench`, each in fresh processes, and shows the
//! medians.
//!
//! Depends on [`crate::setup`], [`crate::bindings`], [`crate::process`] and [`crate::workspace`].
//! Must never measure anything itself: the benchmarks are in the crate `rtvi-tests`, which prints
//! one JSON object per line for each figure.

mod figure;
mod pairs;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    bindings,
    failure::{Failure, Outcome},
    process,
    setup::{
        livekit, node,
        packages::{self, BROWSER, BUILD, CPP, KOTLIN, NODE, PYTHON, SPEECH},
        python::{self, CURRENT, Environment, JUDGE},
        swift,
    },
    table, workspace,
};
use figure::{Figure, Summary};

/// How often each benchmark runs; the table shows the median.
const RUNS: usize = 3;

/// The program with the benchmarks: `--list` prints their names, a name runs that benchmark.
const PROGRAM: &str = "rtvi-bench";

/// The benchmarks of the packages, which need generated sources.
const SWIFT: &str = "swift";
const KOTLIN_SDK: &str = "kotlin";

/// Builds, runs the chosen benchmarks and prints a table. With `--json FILE`, also writes the
/// figures there.
pub(crate) fn run(args: &[String]) -> Outcome {
    let (json, wanted) = options(args)?;
    packages::ensure(&BUILD)?;
    if let Err(failure) = packages::ensure(&[&CPP]) {
        println!("bench: skipping C and C++: {failure}");
    }
    println!("bench: building");
    let program = workspace::release("rtvi-tests", PROGRAM)?;
    let names = chosen(&process::output(Command::new(&program).arg("--list"))?, wanted)?;
    browser(&names);
    let pythons = [&CURRENT, &JUDGE].map(|environment| (environment.variable, python(environment)));
    let others = [(swift::VARIABLE, languages(&names)?), (livekit::CURRENT.variable, server(&names))];
    let tools = pythons.into_iter().chain(others).collect::<Vec<_>>();
    let (mut summaries, mut failed) = (Vec::new(), Vec::new());
    for name in names {
        println!("bench: {name}, {RUNS} runs");
        match measure(&program, &name, &tools) {
            Ok(measured) => summaries.extend(measured),
            Err(failure) => failed.push(failure.to_string()),
        }
    }
    println!("{}", table::render(&rows(&summaries)));
    let pairs = pairs::rows(&summaries);
    if pairs.len() > 1 {
        println!("{}", table::render(&pairs));
    }
    json.map_or(Ok(()), |file| write(Path::new(file), &summaries))?;
    if failed.is_empty() { Ok(()) } else { Err(Failure::new(failed.join("; "))) }
}

fn options(args: &[String]) -> Outcome<(Option<&str>, &[String])> {
    match args {
        [flag, file, names @ ..] if flag == "--json" => Ok((Some(file), names)),
        names if names.iter().any(|name| name.starts_with('-')) => {
            Err(Failure::usage("expects [--json FILE] [NAME...], in this order"))
        }
        names => Ok((None, names)),
    }
}

fn chosen(listed: &str, wanted: &[String]) -> Outcome<Vec<String>> {
    let is_wanted = |name: &&str| wanted.is_empty() || wanted.iter().any(|part| name.contains(part.as_str()));
    let names: Vec<String> = listed.split_whitespace().filter(is_wanted).map(str::to_owned).collect();
    if names.is_empty() {
        return Err(Failure::new(format!(
            "no benchmark matches; the benchmarks are: {}",
            listed.trim().replace('\n', ", ")
        )));
    }
    Ok(names)
}

/// Builds the library and sources for Swift and Kotlin if one of them is measured. Returns the
/// program that runs others where Swift is installed.
fn languages(names: &[String]) -> Outcome<Option<PathBuf>> {
    let is_chosen = |language: &str| names.iter().any(|name| name == language);
    if !is_chosen(SWIFT) && !is_chosen(KOTLIN_SDK) {
        return Ok(None);
    }
    bindings::run(&["--release".to_owned()])?;
    if is_chosen(KOTLIN_SDK)
        && let Err(failure) = packages::ensure(&[&KOTLIN])
    {
        println!("bench: skipping Kotlin: {failure}");
    }
    if !is_chosen(SWIFT) {
        return Ok(None);
    }
    Ok(swift::ensure().inspect_err(|failure| println!("bench: skipping Swift: {failure}")).ok())
}

/// The browser for the benchmark that compares with it, which reports itself if it can't run.
fn browser(names: &[String]) {
    if names.iter().any(|name| name == "video")
        && let Err(failure) = packages::ensure(&[&BROWSER, &NODE]).and_then(|()| node::ensure())
    {
        println!("bench: no browser: {failure}");
    }
}

/// A LiveKit server for the benchmarks that use it. Those report themselves if they can't run without
/// it.
fn server(names: &[String]) -> Option<PathBuf> {
    names.iter().any(|name| name.starts_with("livekit")).then(|| livekit::ensure(&livekit::CURRENT))?.ok()
}

/// A Python for the benchmarks that use it. Those report themselves if they can't run without it.
fn python(environment: &Environment) -> Option<PathBuf> {
    let python = packages::ensure(&[&SPEECH, &PYTHON]).and_then(|()| python::ensure(environment));
    python.inspect_err(|failure| println!("bench: no {}: {failure}", environment.variable)).ok()
}

fn measure(program: &Path, name: &str, tools: &[(&str, Option<PathBuf>)]) -> Outcome<Vec<Summary>> {
    let mut figures: Vec<Figure> = Vec::new();
    for _ in 0..RUNS {
        let mut command = Command::new(program);
        command.arg(name).current_dir(workspace::root());
        command.envs(tools.iter().filter_map(|(variable, tool)| Some((variable, tool.as_ref()?))));
        for line in process::output(&mut command)?.lines() {
            figures.push(
                Figure::parse(line).map_err(|why| Failure::new(format!("{name} printed {why}: {line}")))?,
            );
        }
    }
    Ok(figure::summarize(&figures))
}

fn rows(summaries: &[Summary]) -> Vec<[String; 6]> {
    let heading = ["benchmark", "median", "lowest – highest", "unit", "goal", "met?"].map(str::to_owned);
    std::iter::once(heading).chain(summaries.iter().map(Summary::row)).collect()
}

fn write(file: &Path, summaries: &[Summary]) -> Outcome {
    let json: serde_json::Value = summaries.iter().map(Summary::json).collect();
    fs::write(file, format!("{json:#}\n")).map_err(Failure::doing(file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_a_file_then_names() {
        let args = ["--json", "out.json", "decode"].map(str::to_owned);
        assert_eq!(options(&args).unwrap(), (Some("out.json"), &args[2..]));
        assert_eq!(options(&["decode".to_owned(), "--json".to_owned()]).unwrap_err().exit_code(), 2);
    }

    #[test]
    fn names_choose_by_part() {
        assert_eq!(chosen("decode\nconnect-demo\nconnect-real\n", &["connect".to_owned()]).unwrap().len(), 2);
        let failure = chosen("decode\nconnect\n", &["x".to_owned()]).unwrap_err();
        assert!(failure.to_string().ends_with("decode, connect"), "{failure}");
    }
}
