//! LiveKit servers, built from Go's registry into `.cache/tools`.
//!
//! Depends on [`super::go`] and [`crate::workspace`]. Must never install anything for the whole
//! machine.

use std::{path::PathBuf, process::Command};

use crate::{
    failure::{Failure, Outcome},
    process,
    setup::go,
    workspace,
};

/// A version of livekit-server.
pub(crate) struct Release {
    version: &'static str,
    /// The variable that passes its program to a test suite.
    pub variable: &'static str,
}

/// The newest version that `go install` accepts: later ones replace modules by forks.
pub(crate) const CURRENT: Release = Release { version: "1.13.5", variable: "RTVI_LIVEKIT" };

/// A version of the year before.
pub(crate) const OLD: Release = Release { version: "1.9.11", variable: "RTVI_LIVEKIT_OLD" };

/// The package of the program.
const PACKAGE: &str = "github.com/livekit/livekit-server/cmd/server";

/// Returns the server's program, and builds it if it is missing.
pub(crate) fn ensure(release: &Release) -> Outcome<PathBuf> {
    let folder = workspace::cache("tools").join(format!("livekit-server-{}", release.version));
    let program = folder.join(format!("server{}", std::env::consts::EXE_SUFFIX));
    if program.exists() {
        return Ok(program);
    }
    let go = go::ensure()?;
    println!("setup: building livekit-server {} into .cache/tools (two minutes)", release.version);
    let started = process::now();
    let mut build = Command::new(go);
    // Without C, neither a C compiler nor its cost is needed; without debug information, linking is
    // quick.
    build.env("GOBIN", &folder).env("CGO_ENABLED", "0").env("GOTOOLCHAIN", "local");
    build.args(["install", "-p", "2", "-ldflags", "-s -w"]).arg(format!("{PACKAGE}@v{}", release.version));
    process::run(build.current_dir(workspace::root()))?;
    println!("setup: livekit-server {} took {} s", release.version, started.elapsed().as_secs());
    if program.exists() {
        return Ok(program);
    }
    Err(Failure::new(format!("go has built no {}", program.display())))
}
