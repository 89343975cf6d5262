//! `cargo xtask`: everything that a person or CI does with this repository, one subcommand per
//! file.
//!
//! May depend only on small crates without system libraries, because it must build before anything
//! is set up. Must never be a dependency of another crate.

mod arch;
mod bench;
mod bindings;
mod check;
mod cross;
mod demo;
mod deny;
mod failure;
mod fuzz;
mod glibc;
mod licences;
mod miri;
mod packages;
mod pages;
mod process;
mod publication;
mod sbom;
mod setup;
mod soak;
mod table;
mod test;
mod windows;
mod workspace;

use std::process::ExitCode;

use failure::{Failure, Outcome};

const USAGE: &str = "\
cargo xtask COMMAND

  demo [-- ARGS...]             hold a spoken conversation with the demo bot; ARGS go to `rtvi demo`
  test [FILTER...]              run every test suite, or those whose name contains a FILTER
  check                         check formatting, lints, documentation and architecture
  arch                          run the architecture check alone
  deny [--advisories]           check licences, sources, duplicates and known vulnerabilities of the
                                dependencies (cargo-deny); the last needs --advisories and a download
  fuzz [--seconds N] [NAME...]  run the fuzz targets, or those whose name contains a NAME, N s each
  bench [--json FILE] [NAME...] run the benchmarks, or those whose name contains a NAME
  soak [OPTION VALUE ...]       run a soak test of many clients, with faults: --clients N, --minutes T,
                                --transport websocket|webrtc|both, --out DIR
  miri                          run the unit tests of unsafe code under Miri
  bindings [--release|--size]   build the library for Swift and Kotlin and generate their sources
  packages [--library DIR]      build the archives and Debian packages of the C and C++ SDK, and check
                                them with lintian; DIR has the library as cargo built it
  pages PATH...                 check that Android's libraries load on devices with pages of 16 KiB
  publication DIR [--signed]    check what Gradle has published to a folder before it is published to
                                Maven Central
  glibc PATH...                 check that libraries and programs load with glibc 2.28
  cross [TARGET...]             check that the SDK compiles for macOS, iOS, Windows and Linux on ARM, or
                                for the targets whose name contains a TARGET
  windows                       build the command line and the C library for Windows, and test them in Wine
  licences                      write THIRD_PARTY_LICENSES.txt, which every package contains
  sbom                          write the contents of each released library as CycloneDX JSON
  unsafe                        write docs/unsafe.md, the list of all unsafe code, which `arch` checks
  setup                         install what the commands above need (they also do so themselves)
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some((command, rest)) = args.split_first() else {
        eprint!("{USAGE}");
        return ExitCode::from(2);
    };
    match run(command, rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask {command}: {failure}");
            ExitCode::from(failure.exit_code())
        }
    }
}

fn run(command: &str, args: &[String]) -> Outcome {
    match command {
        "demo" => demo::run(args),
        "test" => test::run(args),
        "check" => without_arguments(args).and_then(|()| check::run()),
        "arch" => without_arguments(args).and_then(|()| arch::run()),
        "deny" => deny::run(args),
        "fuzz" => fuzz::run(args),
        "bench" => bench::run(args),
        "soak" => soak::run(args),
        "miri" => without_arguments(args).and_then(|()| miri::run()),
        "bindings" => bindings::run(args),
        "packages" => packages::run(args),
        "pages" => pages::run(args),
        "publication" => publication::run(args),
        "glibc" => glibc::run(args),
        "cross" => cross::run(args),
        "windows" => without_arguments(args).and_then(|()| windows::run()),
        "licences" => without_arguments(args).and_then(|()| licences::run()),
        "sbom" => without_arguments(args).and_then(|()| sbom::run()),
        "unsafe" => without_arguments(args).and_then(|()| arch::list_unsafe()),
        "setup" => without_arguments(args).and_then(|()| setup::run()),
        "help" | "--help" | "-h" => help(),
        _ => Err(Failure::usage(format!("no such command; the commands are:\n\n{USAGE}"))),
    }
}

fn help() -> Outcome {
    print!("{USAGE}");
    Ok(())
}

fn without_arguments(args: &[String]) -> Outcome {
    match args.first() {
        None => Ok(()),
        Some(arg) => Err(Failure::usage(format!("expects no argument, not `{arg}`"))),
    }
}
