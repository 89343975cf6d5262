//! The real Pipecat servers and the test speech, for the suites that need them. They are set up
//! only if such a suite runs.
//!
//! Depends on [`crate::setup`]. Must never prevent the other suites if a server is unavailable.

use std::path::PathBuf;

use super::suite::Suite;
use crate::{
    bindings,
    failure::Outcome,
    setup::{
        livekit, node,
        packages::{
            self, BROWSER, CPP, CPP_CHECKS, DESKTOP, KOTLIN, LOOPS, NODE, PACKAGING, PYTHON, SCREEN,
            SOUND_SERVER, SPEECH, TURN_SERVER,
        },
        python::{self, CONAN, CURRENT, Environment, LEGACY},
        swift, wine,
    },
    windows,
};

/// The interpreters of the servers, or why there is none.
pub(super) struct Servers {
    current: Server,
    legacy: Server,
}

/// The variable and interpreter for a suite, or why it can't run.
type Server = Result<(&'static str, PathBuf), String>;

impl Servers {
    /// Sets up what the suites need.
    pub(super) fn prepare(suites: &[Suite]) -> Self {
        let needs_legacy = suites.iter().any(Suite::needs_legacy_server);
        let needs_current = suites.iter().any(|suite| suite.needs_server() && !suite.needs_legacy_server());
        if suites.iter().any(Suite::is_cross_crate) {
            // A suite that needs speech reports itself that it can't run, so the other suites still
            // run.
            packages::ensure(&[&SPEECH]).unwrap_or_else(|failure| println!("test: {failure}"));
        }
        Self { current: prepare(&CURRENT, needs_current), legacy: prepare(&LEGACY, needs_legacy) }
    }

    /// The additional environment of the suite's programs; an error if it can't run.
    pub(super) fn environment(&self, suite: &Suite) -> Result<Vec<(&'static str, PathBuf)>, String> {
        let needed = if suite.needs_legacy_server() { &self.legacy } else { &self.current };
        if suite.needs_server() {
            needed.as_ref().map_err(Clone::clone)?;
        }
        let tools = tools(&suite.name).map_err(|failure| failure.to_string())?;
        Ok([&self.current, &self.legacy].into_iter().flatten().cloned().chain(tools).collect())
    }
}

/// Installs what a suite needs besides a bot, and returns the variables for it.
fn tools(suite: &str) -> Outcome<Vec<(&'static str, PathBuf)>> {
    if is_swift(suite) {
        packages::ensure(&[&CPP_CHECKS])?;
        bindings::ensure()?;
        return swift::ensure().map(|program| vec![(swift::VARIABLE, program)]);
    }
    if suite == windows::SUITE {
        return wine::ensure().map(|program| vec![(wine::VARIABLE, program)]);
    }
    if suite.contains("livekit") {
        let server = |release: &livekit::Release| Ok((release.variable, livekit::ensure(release)?));
        return [&livekit::CURRENT, &livekit::OLD].into_iter().map(server).collect();
    }
    install(suite)?;
    if suite == "cpp_package" {
        return Ok(vec![(CONAN.variable, python::ensure(&CONAN)?)]);
    }
    Ok(Vec::new())
}

fn install(suite: &str) -> Outcome {
    match suite {
        "rtvi-video" => packages::ensure(&[&SCREEN]),
        "voice_devices" => packages::ensure(&[&SOUND_SERVER]),
        "interop_turn" => packages::ensure(&[&TURN_SERVER]),
        "interop_browser" => packages::ensure(&[&BROWSER, &NODE]).and_then(|()| node::ensure()),
        "cpp_devices" => packages::ensure(&[&CPP, &CPP_CHECKS, &SOUND_SERVER]),
        "cpp_desktop" => packages::ensure(&[&CPP, &DESKTOP, &LOOPS, &SOUND_SERVER]),
        name if is_kotlin(name) => packages::ensure(&[&KOTLIN]).and_then(|()| bindings::ensure()),
        "cpp_loops" => packages::ensure(&[&CPP, &CPP_CHECKS, &LOOPS]),
        "cpp_package" => packages::ensure(&[&CPP, &CPP_CHECKS, &PACKAGING, &PYTHON]),
        name if is_native(name) => packages::ensure(&[&CPP, &CPP_CHECKS]),
        _ => Ok(()),
    }
}

/// Whether the suite builds the Swift package.
fn is_swift(suite: &str) -> bool {
    suite.starts_with("swift") || suite.starts_with("interop_swift")
}

/// Whether the suite builds the Kotlin SDK.
fn is_kotlin(suite: &str) -> bool {
    suite.starts_with("kotlin") || suite.starts_with("interop_kotlin")
}

/// Whether the suite builds the C or C++ SDK.
fn is_native(suite: &str) -> bool {
    suite.starts_with("c_") || suite.starts_with("cpp_") || suite.starts_with("interop_cpp")
}

fn prepare(environment: &Environment, is_needed: bool) -> Server {
    if !is_needed {
        return Err("no selected suite needs this server".to_owned());
    }
    let made: Outcome<PathBuf> =
        packages::ensure(&[&SPEECH, &PYTHON]).and_then(|()| python::ensure(environment));
    let made = made.inspect_err(|failure| println!("test: {failure}"));
    made.map(|path| (environment.variable, path)).map_err(|failure| failure.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test::build::TestProgram;

    fn suite(name: &str) -> Suite {
        let program = TestProgram {
            package: "rtvi-tests".to_owned(),
            integration: Some(name.to_owned()),
            path: PathBuf::new(),
            folder: PathBuf::new(),
        };
        Suite { name: name.to_owned(), programs: vec![program] }
    }

    #[test]
    fn a_suite_without_its_server_can_not_run() {
        let current = ("RTVI_PYTHON", PathBuf::from("python"));
        let servers = Servers { current: Ok(current.clone()), legacy: Err("too old".to_owned()) };
        assert_eq!(servers.environment(&suite("interop_websocket")), Ok(vec![current.clone()]));
        assert_eq!(servers.environment(&suite("interop_legacy")), Err("too old".to_owned()));
        assert_eq!(servers.environment(&suite("faults")), Ok(vec![current]));
    }
}
