//! The Kotlin SDK's tests and example, built and run by Maven.
//!
//! Everything here panics when something is not as it should be.
use std::{
    fs,
    path::PathBuf,
    process::Command,
    sync::{Mutex, PoisonError},
};

use crate::native::{library, output, root, run, said};

/// Maven with a goal or phase, told where the library is; one at a time, because all build in the same folders.
///
/// Gives what it said, as an error if it fails.
///
/// # Panics
/// When it can't be started.
pub fn maven(tell: impl FnOnce(&mut Command) -> &mut Command) -> Result<String, String> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let library = library();
    let _one = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let mut maven = Command::new("mvn");
    maven
        .args(["--batch-mode", "--no-transfer-progress", "-Dkotlin.compiler.daemon=false"])
        // Each suite asks for a build of its own: only the first compiles.
        .args(["-Dkotlin.compiler.incremental=true", "--file"])
        .arg(root().join("kotlin/pom.xml"));
    maven.arg(format!("-Drtvi.library.dir={}", library.display())).env("MAVEN_OPTS", "-Xmx768m");
    let output = output(tell(&mut maven));
    let said = said(&output);
    if output.status.success() { Ok(said) } else { Err(said) }
}

/// Where a test of the SDK has put what it made.
pub fn made(path: &str) -> PathBuf {
    root().join("kotlin/rtvi/target").join(path)
}

/// The console example, which Maven has built.
///
/// # Panics
/// When it has not.
pub fn example() -> Command {
    let built = root().join("examples/kotlin/target");
    let classpath = fs::read_to_string(built.join("classpath")).expect("the example was built");
    let mut java = Command::new("java");
    java.arg("-Xmx256m").arg(format!("-Djna.library.path={}", library().display()));
    java.arg("-cp").arg(format!("{}:{}", built.join("classes").display(), classpath.trim()));
    java.arg("ai.rtvi.example.MainKt");
    java
}

/// The public interface of the SDK, as `javap` prints it: what is internal to it in Kotlin is left out.
///
/// # Panics
/// When the SDK was not built.
pub fn interface() -> String {
    let folder = root().join("kotlin/rtvi/target/classes");
    let internal = internal_names();
    let entries = fs::read_dir(folder.join("ai/rtvi/client")).expect("the SDK was built");
    let mut classes: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.strip_suffix(".class").map(str::to_owned))
        .filter(|name| {
            is_public_name(name) && !internal.iter().any(|it| name.split('$').next() == Some(it.as_str()))
        })
        .map(|name| format!("ai.rtvi.client.{name}"))
        .collect();
    classes.sort();
    let printed = run(Command::new("javap").arg("-public").arg("-cp").arg(folder).args(classes));
    let is_told = |line: &&str| {
        let is_of_compiler =
            ["Compiled from", "$rtvi", "access$", "write$Self", "$serializer", "DefaultConstructorMarker"];
        !is_of_compiler.iter().any(|part| line.contains(part))
    };
    printed.lines().filter(is_told).map(|line| format!("{line}\n")).collect()
}

/// Whether each part of a class's name is one that a person wrote.
fn is_public_name(class: &str) -> bool {
    class.split('$').all(|part| part.starts_with(|c: char| c.is_ascii_uppercase()))
        && (class == "ValueKt" || !class.ends_with("Kt"))
}

/// The classes that the sources call internal or private.
fn internal_names() -> Vec<String> {
    let folder = root().join("kotlin/rtvi/src/main/kotlin/ai/rtvi/client");
    let sources = fs::read_dir(folder)
        .expect("the sources")
        .filter_map(|entry| fs::read_to_string(entry.ok()?.path()).ok());
    let name = |line: &str| {
        let rest = line.strip_prefix("internal class ").or_else(|| line.strip_prefix("private class "))?;
        Some(rest.chars().take_while(char::is_ascii_alphanumeric).collect())
    };
    sources.flat_map(|source| source.lines().filter_map(name).collect::<Vec<String>>()).collect()
}
