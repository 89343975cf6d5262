//! The environment of a cell's process, for faults of the machine that it runs on.

use std::process::Command;

use tempfile::TempDir;

use crate::{clock, faults::Fault, names};

/// The variables in which libraries look for a proxy.
const PROXY_VARIABLES: [&str; 6] =
    ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];
/// A port on which nobody listens.
const DEAD_PROXY: &str = "http://127.0.0.1:1";

/// A machine's environment.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Surroundings {
    /// The environment of this machine.
    Usual,
    /// A name server of our own.
    Names,
    /// A proxy in the environment.
    Proxy,
    /// A clock that can be set.
    Clock,
}

impl Surroundings {
    /// The environment that the fault needs.
    pub(crate) const fn of(fault: Fault) -> Self {
        match fault {
            Fault::Proxy => Self::Proxy,
            Fault::ClockSet(_) => Self::Clock,
            fault if fault.needs_name() => Self::Names,
            _ => Self::Usual,
        }
    }

    /// Whether this machine can't provide it.
    pub(crate) fn are_missing(self) -> bool {
        matches!(self, Self::Names) && !names::can_be_had()
    }

    /// A command for this program in the environment, which lasts as long as the folder is kept.
    pub(crate) fn command(self) -> (Command, Option<TempDir>) {
        if let Self::Names = self {
            let (command, folder) = names::command();
            return (command, Some(folder));
        }
        let mut command = Command::new(std::env::current_exe().expect("this program has a path"));
        match self {
            Self::Clock => {
                let folder = clock::give(&mut command);
                return (command, Some(folder));
            }
            Self::Proxy => drop(command.envs(PROXY_VARIABLES.map(|name| (name, DEAD_PROXY)))),
            Self::Usual | Self::Names => {}
        }
        (command, None)
    }
}
