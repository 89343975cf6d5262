//! The programs that this repository needs besides cargo: finds the missing ones and, on Debian and
//! Ubuntu, installs them.
//!
//! Depends on [`crate::process`]. Must never install anything that it has not named, and nothing on
//! other systems.

use std::{io::IsTerminal, path::Path, process::Command};

use crate::{
    failure::{Failure, Outcome},
    process,
    setup::python,
};

/// Something that must be installed, and how to get it.
pub(crate) struct Requirement {
    /// Its name and its purpose.
    what: &'static str,
    /// The Debian packages that contain it.
    debian: &'static [&'static str],
    /// The command on macOS.
    macos: &'static str,
    /// The command on Windows.
    windows: &'static str,
    /// Whether it is installed.
    is_there: fn() -> bool,
}

/// A C compiler with the C library's headers: `ring` compiles C and assembler.
pub(crate) const COMPILER: Requirement = Requirement {
    what: "a C compiler (for TLS and linking)",
    debian: &["gcc", "libc6-dev"],
    macos: "xcode-select --install",
    windows: "winget install Microsoft.VisualStudio.2022.BuildTools",
    is_there: compiles_c,
};

/// The library that devices are linked with on Linux. Other systems include everything that is
/// needed.
const ALSA: Requirement = Requirement {
    what: "ALSA's headers (for microphones and speakers)",
    debian: &["libasound2-dev", "pkg-config"],
    macos: "xcode-select --install",
    windows: "winget install Microsoft.VisualStudio.2022.BuildTools",
    is_there: || {
        !cfg!(target_os = "linux") || process::succeeds(Command::new("pkg-config").args(["--exists", "alsa"]))
    },
};

/// The library that compresses video as VP8.
const VPX: Requirement = Requirement {
    what: "libvpx's headers (for VP8 video)",
    debian: &["libvpx-dev", "pkg-config"],
    macos: "brew install libvpx pkgconf",
    windows: "pacman -S mingw-w64-x86_64-libvpx mingw-w64-x86_64-pkgconf in MSYS2's MINGW64 shell",
    is_there: || package_config("vpx"),
};

/// What every build of the workspace needs.
pub(crate) const BUILD: [&Requirement; 3] = [&COMPILER, &ALSA, &VPX];

/// A virtual screen for tests of screen sharing.
pub(crate) const SCREEN: Requirement = Requirement {
    what: "Xvfb (a screen for tests)",
    debian: &["xvfb"],
    macos: "none: run these tests on Linux",
    windows: "none: run these tests under WSL",
    is_there: || process::succeeds(Command::new("Xvfb").arg("-help")),
};

/// The sound server whose devices the tests use.
pub(crate) const SOUND_SERVER: Requirement = Requirement {
    what: "PulseAudio (microphones and speakers for tests)",
    debian: &["pulseaudio", "pulseaudio-utils"],
    macos: "brew install pulseaudio",
    windows: "none: run these suites under WSL",
    is_there: || {
        process::succeeds(Command::new("pulseaudio").arg("--version"))
            && process::succeeds(Command::new("pactl").arg("--version"))
    },
};

/// The compiler of the fuzzer, which is written in C++.
pub(crate) const CPP_COMPILER: Requirement = Requirement {
    what: "a C++ compiler (builds the fuzzer)",
    debian: &["g++"],
    is_there: || process::succeeds(Command::new("c++").arg("--version")),
    ..COMPILER
};

/// The speech synthesizer that speaks the test sentences.
pub(crate) const SPEECH: Requirement = Requirement {
    what: "espeak-ng (speaks the test sentences)",
    debian: &["espeak-ng"],
    macos: "brew install espeak-ng",
    windows: "winget install eSpeak-NG.eSpeak-NG",
    is_there: || process::succeeds(Command::new("espeak-ng").arg("--version")),
};

/// The relay server for WebRTC calls.
pub(crate) const TURN_SERVER: Requirement = Requirement {
    what: "coturn (relays WebRTC calls in tests)",
    debian: &["coturn"],
    macos: "brew install coturn",
    windows: "none: run these suites under WSL",
    is_there: || process::succeeds(Command::new("turnserver").arg("--version")),
};

/// The browser that runs the official JavaScript client.
pub(crate) const BROWSER: Requirement = Requirement {
    what: "chromium (runs the official JavaScript client)",
    debian: &["chromium"],
    macos: "brew install --cask chromium",
    windows: "none: run these suites under WSL",
    is_there: || process::succeeds(Command::new("chromium").arg("--version")),
};

/// The program that drives the browser.
pub(crate) const NODE: Requirement = Requirement {
    what: "Node.js 18 or newer with npm (drives the browser)",
    debian: &["nodejs", "npm"],
    macos: "brew install node",
    windows: "winget install OpenJS.NodeJS",
    is_there: || {
        process::succeeds(Command::new("node").arg("--version"))
            && process::succeeds(Command::new("npm").arg("--version"))
    },
};

/// The build tools of the C and C++ SDK.
pub(crate) const CPP: Requirement = Requirement {
    what: "CMake, Ninja, a C++ compiler and pkg-config (build the C and C++ SDK)",
    debian: &["cmake", "ninja-build", "g++", "pkg-config"],
    macos: "brew install cmake ninja pkgconf",
    windows: "winget install Kitware.CMake Ninja-build.Ninja",
    is_there: || all_there(&["cmake", "ninja", "c++", "pkg-config"]),
};

/// Additional checks of the C and C++ SDK: a second compiler, memory checks, the JSON library for its
/// adapter, and the reference.
pub(crate) const CPP_CHECKS: Requirement = Requirement {
    what: "clang, valgrind, doxygen and nlohmann-json (check the C and C++ SDK)",
    debian: &["clang", "valgrind", "doxygen", "nlohmann-json3-dev"],
    macos: "none: run these suites on Linux",
    windows: "none: run these suites under WSL",
    is_there: || all_there(&["clang", "clang++", "valgrind", "doxygen"]) && package_config("nlohmann_json"),
};

/// The event loops that C++ apps have.
pub(crate) const LOOPS: Requirement = Requirement {
    what: "asio and Qt 6 (event loops of C++ apps)",
    debian: &["libasio-dev", "qt6-base-dev"],
    macos: "none: run this suite on Linux",
    windows: "none: run this suite under WSL",
    is_there: || {
        Path::new("/usr/include/asio.hpp").exists() && process::succeeds(Command::new("qmake6").arg("-v"))
    },
};

/// What makes and reads the Debian packages of the C and C++ SDK.
pub(crate) const PACKAGING: Requirement = Requirement {
    what: "dpkg-dev (makes the Debian packages of the C and C++ SDK)",
    debian: &["dpkg-dev"],
    macos: "none: run this suite on Linux",
    windows: "none: run this suite under WSL",
    is_there: || all_there(&["dpkg-shlibdeps"]),
};

/// The checks of Debian packages. Takes half a minute to install.
pub(crate) const LINTIAN: Requirement = Requirement {
    what: "lintian (checks the Debian packages of the C and C++ SDK)",
    debian: &["lintian"],
    is_there: || all_there(&["lintian"]),
    ..PACKAGING
};

/// The build tools of the Kotlin SDK. Maven downloads the rest, once, into its own folder.
pub(crate) const KOTLIN: Requirement = Requirement {
    what: "a JDK of version 17 or newer and Maven (build the Kotlin SDK)",
    debian: &["default-jdk-headless", "maven"],
    macos: "brew install openjdk maven",
    windows: "winget install EclipseAdoptium.Temurin.17.JDK, and Maven from maven.apache.org",
    is_there: || all_there(&["javac", "mvn"]),
};

/// The libraries of the desktop example, and the virtual screen for its test.
pub(crate) const DESKTOP: Requirement = Requirement {
    what: "SDL2, Dear ImGui and Xvfb (the C++ desktop example)",
    debian: &["libsdl2-dev", "libimgui-dev", "xvfb"],
    macos: "none: run this suite on Linux",
    windows: "none: run this suite under WSL",
    is_there: || {
        package_config("sdl2")
            && package_config("imgui")
            && process::succeeds(Command::new("Xvfb").arg("-help"))
    },
};

/// The compilers and linkers of programs for Windows: Rust's, and one whose C++ library has threads.
pub(crate) const MINGW: Requirement = Requirement {
    what: "MinGW-w64 (builds programs for Windows)",
    debian: &["gcc-mingw-w64-x86-64-win32", "g++-mingw-w64-x86-64-posix"],
    macos: "none: run this suite on Linux",
    windows: "none: run this suite under WSL",
    is_there: || all_there(&["x86_64-w64-mingw32-gcc", "x86_64-w64-mingw32-g++-posix"]),
};

/// The program that unpacks a newer Debian.
pub(crate) const BOOTSTRAP: Requirement = Requirement {
    what: "debootstrap (unpacks a Debian that has Swift and Wine)",
    debian: &["debootstrap"],
    macos: "none: Swift comes with Xcode",
    windows: "none: run this suite under WSL",
    is_there: || process::succeeds(Command::new("debootstrap").arg("--version")),
};

/// The Python that runs real Pipecat servers.
pub(crate) const PYTHON: Requirement = Requirement {
    what: "Python 3.11 or newer with venv (runs real Pipecat servers)",
    debian: &["python3", "python3-venv"],
    macos: "brew install python@3.11",
    windows: "winget install Python.Python.3.11",
    is_there: || python::find().is_some(),
};

/// Ensures that everything in `wanted` is installed. Installs what is missing on Debian and Ubuntu,
/// and names it elsewhere.
pub(crate) fn ensure(wanted: &[&Requirement]) -> Outcome {
    let missing = missing(wanted);
    if missing.is_empty() {
        return Ok(());
    }
    if !has_apt() {
        return Err(Failure::new(advice(&missing, std::env::consts::OS)));
    }
    install(&missing)?;
    match self::missing(&missing) {
        still if still.is_empty() => Ok(()),
        still => Err(Failure::new(format!(
            "installed but unusable: {}. This system's packages may be too old",
            names(&still)
        ))),
    }
}

fn all_there(programs: &[&str]) -> bool {
    programs.iter().all(|program| process::succeeds(Command::new(program).arg("--version")))
}

/// Whether a library can be compiled against.
fn package_config(library: &str) -> bool {
    process::succeeds(Command::new("pkg-config").args(["--exists", library]))
}

fn missing<'a>(wanted: &[&'a Requirement]) -> Vec<&'a Requirement> {
    wanted.iter().filter(|requirement| !(requirement.is_there)()).copied().collect()
}

fn install(missing: &[&Requirement]) -> Outcome {
    let packages: Vec<&str> = missing.iter().flat_map(|requirement| requirement.debian).copied().collect();
    println!("setup: missing: {}", names(missing));
    println!("setup: installing the Debian packages {}", packages.join(" "));
    process::run(apt()?.args(["-q", "update"]))?;
    process::run(apt()?.args(["-q", "-y", "--no-install-recommends", "install"]).args(packages))
}

/// `apt-get` as root, with `sudo` if necessary. It never asks anything except, on a terminal, for
/// sudo's password.
fn apt() -> Outcome<Command> {
    let is_root = process::output(Command::new("id").arg("-u"))?.trim() == "0";
    let mut command = if is_root { Command::new("env") } else { Command::new("sudo") };
    if !is_root && !std::io::stdin().is_terminal() {
        command.arg("-n");
    }
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
    Ok(command)
}

/// Whether this is Debian or a derivative.
pub(crate) fn has_apt() -> bool {
    cfg!(target_os = "linux") && process::succeeds(Command::new("apt-get").arg("--version"))
}

fn names(requirements: &[&Requirement]) -> String {
    let names: Vec<&str> = requirements.iter().map(|requirement| requirement.what).collect();
    names.join(", ")
}

/// What a person has to do on a system where this command installs nothing.
fn advice(missing: &[&Requirement], system: &str) -> String {
    let lines = missing.iter().map(|requirement| {
        let how = match system {
            "macos" => requirement.macos.to_owned(),
            "windows" => requirement.windows.to_owned(),
            _ => format!("your system's equivalents of Debian's {}", requirement.debian.join(" and ")),
        };
        format!("\n  {}: {how}", requirement.what)
    });
    format!(
        "missing programs, which this command does not install on this system:{}",
        lines.collect::<String>()
    )
}

#[cfg(windows)]
fn compiles_c() -> bool {
    // Rust's own toolchain can't link without the build tools, so they are installed.
    true
}

#[cfg(not(windows))]
fn compiles_c() -> bool {
    process::succeeds(Command::new("cc").args(["-E", "-include", "stdio.h", "-x", "c", "/dev/null"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABSENT: Requirement = Requirement { is_there: || false, ..SPEECH };
    const PRESENT: Requirement = Requirement { is_there: || true, ..PYTHON };

    #[test]
    fn only_what_is_absent_is_missing() {
        assert_eq!(names(&missing(&[&ABSENT, &PRESENT])), SPEECH.what);
        assert!(ensure(&[&PRESENT]).is_ok());
    }

    #[test]
    fn advice_fits_the_system() {
        assert!(advice(&[&ABSENT], "macos").ends_with("test sentences): brew install espeak-ng"));
        assert!(advice(&[&ABSENT], "windows").contains("winget install eSpeak-NG"));
        assert!(advice(&[&PRESENT], "linux").ends_with("Debian's python3 and python3-venv"));
    }
}
