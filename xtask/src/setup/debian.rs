//! A newer Debian in a folder under `.cache`, for programs that this machine's own release lacks.
//!
//! Depends on [`crate::process`] and [`crate::workspace`]. Must never install anything on the
//! machine itself but the program that unpacks. The release is unpacked into the folder and entered
//! with `chroot`, which needs root.

use std::{fs, path::Path, path::PathBuf, process::Command};

use crate::{
    failure::{Failure, Outcome},
    process,
    setup::packages::{self, BOOTSTRAP},
    workspace,
};

/// The release.
const RELEASE: &str = "trixie";

/// Enters the folder `$1`, in which the project `$2` has the same path as outside, and runs a
/// program there in the current folder.
const LAUNCHER: &str = r#"#!/bin/sh
# NAME-env PROGRAM ARGS...: runs a program in the Debian that `cargo xtask setup` has unpacked. Needs root.
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

/// Programs in a folder of their own.
pub(crate) struct Debian {
    /// Names the folder and the launcher.
    pub(crate) name: &'static str,
    /// The packages to install.
    pub(crate) packages: &'static [&'static str],
    /// What they need on the disk.
    pub(crate) size: &'static str,
}

impl Debian {
    /// Whether this machine can have it.
    pub(crate) fn is_possible() -> bool {
        is_root() && packages::has_apt()
    }

    /// Returns the program that runs others there. Installs the packages if they are missing.
    pub(crate) fn ensure(&self) -> Outcome<PathBuf> {
        let folder = workspace::cache(self.name);
        // Not in the cache: it names this workspace, and several may share the cache.
        let launcher = workspace::root().join("target/tools").join(format!("{}-env", self.name));
        let stamp = folder.join("complete.txt");
        let wanted = self.packages.join(" ");
        if !fs::read_to_string(&stamp).is_ok_and(|made| made == wanted) {
            self.unpack(&folder)?;
            write_launcher(&launcher, &folder)?;
            self.install(&launcher)?;
            fs::write(&stamp, wanted).map_err(Failure::doing(stamp.display()))?;
        }
        write_launcher(&launcher, &folder)?;
        Ok(launcher)
    }

    /// Unpacks a minimal Debian, from the mirror of this machine's own packages.
    fn unpack(&self, folder: &Path) -> Outcome {
        // Debian's tool removes its own folder last.
        let is_complete = folder.join("usr/bin/apt-get").exists() && !folder.join("debootstrap").exists();
        if is_complete {
            return Ok(());
        }
        if folder.exists() {
            fs::remove_dir_all(folder).map_err(Failure::doing(folder.display()))?;
        }
        packages::ensure(&[&BOOTSTRAP])?;
        println!("setup: unpacking Debian {RELEASE} into .cache/{}", self.name);
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

    fn install(&self, launcher: &Path) -> Outcome {
        println!("setup: installing {} into .cache/{} ({})", self.packages.join(" "), self.name, self.size);
        let apt = |args: &[&str]| {
            let mut command = Command::new(launcher);
            command.current_dir(workspace::root()).env("DEBIAN_FRONTEND", "noninteractive");
            process::run(command.args(["apt-get", "-q", "-y"]).args(args))
        };
        apt(&["update"])?;
        apt(&[["install", "--no-install-recommends"].as_slice(), self.packages].concat())?;
        apt(&["clean"])
    }
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
        let launcher = folder.path().join("tools/some-env");
        write_launcher(&launcher, Path::new("/toolchain")).unwrap();
        let text = fs::read_to_string(&launcher).unwrap();
        let project = workspace::root().display();
        assert!(text.contains(&format!("sh '/toolchain' '{project}'")), "{text}");
        // Written only once.
        write_launcher(&launcher, Path::new("/toolchain")).unwrap();
    }
}
