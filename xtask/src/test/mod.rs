//! `cargo xtask test`: sets up, builds the tests once, runs the suites and prints a table.
//!
//! Depends on [`crate::setup`], [`crate::process`] and [`crate::workspace`]. Must never count a
//! suite that did not run as passed; if `CI` is `true`, that is a failure.

mod build;
mod libtest;
mod report;
mod servers;
mod suite;

use crate::{
    failure::{Failure, Outcome},
    process,
    setup::packages::{self, BUILD},
};
use report::{Ending, Row};
use servers::Servers;
use suite::Suite;

/// Runs the suites whose name contains one of the filters; all suites without a filter.
pub(crate) fn run(filters: &[String]) -> Outcome {
    if let Some(flag) = filters.iter().find(|filter| filter.starts_with('-')) {
        return Err(Failure::usage(format!("expects parts of suite names, not `{flag}`")));
    }
    packages::ensure(&BUILD)?;
    let built = build::build(filters)?;
    let suites = chosen(suite::suites(&built), filters)?;
    let servers = Servers::prepare(&suites);
    let is_ci = std::env::var("CI").is_ok_and(|value| value == "true");
    let rows: Vec<Row> = suites.iter().map(|suite| row(suite, &built, &servers, is_ci)).collect();
    report::print(&rows)
}

fn chosen(suites: Vec<Suite>, filters: &[String]) -> Outcome<Vec<Suite>> {
    let names: Vec<String> = suites.iter().map(|suite| suite.name.clone()).collect();
    let is_meant =
        |suite: &Suite| filters.is_empty() || filters.iter().any(|filter| suite.name.contains(filter));
    let chosen: Vec<Suite> = suites.into_iter().filter(is_meant).collect();
    if chosen.is_empty() {
        return Err(Failure::new(format!("no suite matches; the suites are: {}", names.join(", "))));
    }
    Ok(chosen)
}

fn row(suite: &Suite, built: &build::Built, servers: &Servers, is_ci: bool) -> Row {
    println!("\ntest: suite {}", suite.name);
    let started = process::now();
    let ending = match servers.environment(suite) {
        Ok(environment) => Ending::Ran(suite.run(built, &environment)),
        Err(why) if is_ci => Ending::Failed(why),
        Err(why) => Ending::Skipped(why),
    };
    Row { suite: suite.name.clone(), ending, took: started.elapsed() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suites() -> Vec<Suite> {
        ["rtvi-core", "rtvi-cli", "faults"]
            .map(|name| Suite { name: name.to_owned(), programs: Vec::new() })
            .into()
    }

    #[test]
    fn filters_choose_by_part() {
        let names = |filters: &[&str]| -> Vec<String> {
            let filters: Vec<String> = filters.iter().map(|filter| (*filter).to_owned()).collect();
            chosen(suites(), &filters).unwrap().into_iter().map(|suite| suite.name).collect()
        };
        assert_eq!(names(&[]).len(), 3);
        assert_eq!(names(&["rtvi"]), ["rtvi-core", "rtvi-cli"]);
        assert_eq!(names(&["core", "fault"]), ["rtvi-core", "faults"]);
    }

    #[test]
    fn a_filter_that_means_nothing_is_a_failure() {
        let failure = chosen(suites(), &["swift".to_owned()]).unwrap_err();
        assert!(failure.to_string().contains("rtvi-core, rtvi-cli, faults"), "{failure}");
    }
}
