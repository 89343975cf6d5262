//! The Swift toolchain that tests the Swift package: the machine's own, or on Debian one in a
//! separate folder under `.cache`.
//!
//! Depends on [`crate::process`] and [`crate::workspace`]. Must never install Swift on the machine
//! itself. Debian has Swift only in a release that most machines do not run. That release is
//! unpacked into a folder and entered with `chroot`, which needs root.

use std::{fs, path::Path, path::PathBuf, process::Command};

use crate::{
    failure::{Failure, Outcome},
    process,
    setup::packages::{self, BOOTSTRAP},
    workspace,
};

/// The variable that passes to a test suite the program that runs others where Swift is installed,
/// as `env` does.
pub(crate) const VARIABLE: &str = "RTVI_SWIFT";

/// The release of Debian that has Swift.
const RELEASE: &str = "trixie";

/// The packages to install in it. The last one is needed to link the core's library.
const PACKAGES: [&str; 6] =
    ["swiftlang", "libc6-dev", "libstdc++-14-dev", "git", "ca-certificates", "libasound2t64"];

/// Enters the folder `$1`, in which the project `$2` has the same path as outside, and runs a
/// program there in the current folder.
const LAUNCHER: &str = r#"#!/bin/sh
# swift-env PROGRAM ARGS...: runs a program, such as `swift`, in the Debian that `cargo xtask setup` has unpacked. Needs root.
exec unshare --mount --propagation private sh -c '
set -e
toolchain=$1 project=$2
shift 2
mkdir -p "$toolchain$project"
mount -t proc proc "$toolchain/proc"
mount --rbind /dev "$toolchain/dev"
mount --bind "$project" "$toolchain$project"
export HOME=/root PATH=/usr/bin:/bin:/usr/sbin:/sbin
exec chroot "$toolchain" sh -c "cd \"\$1\" && shift && exec \"\$@\"" sh "$PWD" "$@"
' sh 'TOOLCHAIN' 'PROJECT' "$@"
"#;

/// Returns the program that runs others where Swift is installed. Installs Swift if there is none.
pub(crate) fn ensure() -> Outcome<PathBuf> {
    if process::succeeds(Command::new("swift").arg("--version")) {
        return Ok(PathBuf::from("env"));
    }
    if !is_root() || !packages::has_apt() {
        return Err(Failure::new(
            "`swift` is not installed, and only root on Debian can unpack it; see https://www.swift.org/install",
        ));
    }
    let folder = workspace::cache("swift");
    // Not in the cache: it names this workspace, and several may share the cache.
    let launcher = workspace::root().join("target/tools/swift-env");
    let stamp = folder.join("complete.txt");
    let wanted = PACKAGES.join(" ");
    if !fs::read_to_string(&stamp).is_ok_and(|made| made == wanted) {
        unpack(&folder)?;
        write_launcher(&launcher, &folder)?;
        install(&launcher)?;
        fs::write(&stamp, wanted).map_err(Failure::doing(stamp.display()))?;
    }
    write_launcher(&launcher, &folder)?;
    Ok(launcher)
}

/// Unpacks a minimal Debian, from the mirror of this machine's own packages.
fn unpack(folder: &Path) -> Outcome {
    // Debian's tool removes its own folder last.
    let is_complete = folder.join("usr/bin/apt-get").exists() && !folder.join("debootstrap").exists();
    if is_complete {
        return Ok(());
    }
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(Failure::doing(folder.display()))?;
    }
    packages::ensure(&[&BOOTSTRAP])?;
    println!("setup: unpacking Debian {RELEASE} for Swift into .cache/swift");
    let mirror = mirror()?;
    // Its mounts disappear when it ends, however it ends. Deleting the folder must never delete
    // anything else.
    let mut unpack = Command::new("unshare");
    unpack.args(["--mount", "--propagation", "private", "debootstrap", "--variant=minbase", RELEASE]);
    process::run(unpack.arg(folder).arg(mirror))?;
    for name in ["resolv.conf", "hosts"] {
        let to = folder.join("etc").join(name);
        fs::copy(Path::new("/etc").join(name), &to).map_err(Failure::doing(to.display()))?;
    }
    Ok(())
}

fn install(launcher: &Path) -> Outcome {
    println!("setup: installing Swift into .cache/swift (3.4 GB)");
    let apt = |args: &[&str]| {
        let mut command = Command::new(launcher);
        command.current_dir(workspace::root()).env("DEBIAN_FRONTEND", "noninteractive");
        process::run(command.args(["apt-get", "-q", "-y"]).args(args))
    };
    apt(&["update"])?;
    apt(&[["install", "--no-install-recommends"].as_slice(), &PACKAGES].concat())?;
    apt(&["clean"])
}

/// The mirror of apt's Debian packages.
fn mirror() -> Outcome<String> {
    let format = ["--format", "$(LABEL) $(REPO_URI)"];
    let targets = process::output(Command::new("apt-get").arg("indextargets").args(format))?;
    first_mirror(&targets).map(str::to_owned).ok_or_else(|| {
        Failure::new("apt has no Debian mirror; is this Debian, and has `apt-get update` been run?")
    })
}

fn first_mirror(targets: &str) -> Option<&str> {
    targets.lines().find_map(|line| line.strip_prefix("Debian "))
}

fn write_launcher(launcher: &Path, folder: &Path) -> Outcome {
    let text = LAUNCHER
        .replace("TOOLCHAIN", &folder.display().to_string())
        .replace("PROJECT", &workspace::root().display().to_string());
    if fs::read_to_string(launcher).is_ok_and(|old| old == text) {
        return Ok(());
    }
    if let Some(parent) = launcher.parent() {
        fs::create_dir_all(parent).map_err(Failure::doing(parent.display()))?;
    }
    fs::write(launcher, text).map_err(Failure::doing(launcher.display()))?;
    process::run(Command::new("chmod").arg("+x").arg(launcher))
}

fn is_root() -> bool {
    process::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mirror_is_debians_own() {
        let targets = "Debian-Security http://one/\nDebian http://two/\nDebian http://three/\n";
        assert_eq!(first_mirror(targets), Some("http://two/"));
        assert_eq!(first_mirror("Ubuntu http://one/"), None);
    }

    #[test]
    fn the_launcher_names_both_folders() {
        let folder = tempfile::tempdir().unwrap();
        let launcher = folder.path().join("tools/swift-env");
        write_launcher(&launcher, Path::new("/toolchain")).unwrap();
        let text = fs::read_to_string(&launcher).unwrap();
        let project = workspace::root().display();
        assert!(text.contains(&format!("sh '/toolchain' '{project}'")), "{text}");
        // Written only once.
        write_launcher(&launcher, Path::new("/toolchain")).unwrap();
    }
}
