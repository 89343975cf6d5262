//! The Kotlin SDK's tests and example, built and run by Maven.
//!
//! Everything here panics when something is not as it should be.
use std::{
    fs,
    path::PathBuf,
    process::Command,
    sync::{Mutex, PoisonError},
};

use crate::native::{library, root, run};

/// Maven with a goal or phase, told where the library is; one at a time, because all build in the same folders.
///
/// # Panics
/// When it fails, with all it said.
pub fn maven(tell: impl FnOnce(&mut Command) -> &mut Command) -> String {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let library = library();
    let _one = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let mut maven = Command::new("mvn");
    maven
        .args(["--batch-mode", "--no-transfer-progress", "-Dkotlin.compiler.daemon=false", "--file"])
        .arg(root().join("kotlin/pom.xml"));
    maven.arg(format!("-Drtvi.library.dir={}", library.display())).env("MAVEN_OPTS", "-Xmx768m");
    run(tell(&mut maven))
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
