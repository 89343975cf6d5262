//! The Kotlin SDK's tests and example, built and run by Maven.
//!
//! Everything here panics on failure: it is for tests only.
use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex, PoisonError},
    time::SystemTime,
};

use crate::native::{has, library, output, root, run, said, target};

/// The number of error lines that come first in a failure.
const ERRORS: usize = 10;

/// Runs a Maven goal or phase with the path of the library. Only one runs at a time, because all
/// build in the same folders.
///
/// Returns its output, as an error if it fails: the lines that say why, then everything.
///
/// # Panics
/// If it can't be started.
pub fn maven(tell: impl FnOnce(&mut Command) -> &mut Command) -> Result<String, String> {
    maven_with(&library(), tell)
}

/// Builds a module and its dependencies, without tests. They look for the library in this folder.
///
/// # Panics
/// If the build fails.
pub fn build(module: &str, library: &Path) {
    let built =
        maven_with(library, |maven| maven.args(["--projects", module, "--also-make", "process-classes"]));
    built.unwrap_or_else(|said| panic!("{said}"));
}

fn maven_with(library: &Path, tell: impl FnOnce(&mut Command) -> &mut Command) -> Result<String, String> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _one = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let built = target().join("kotlin-built");
    clean_if_older(&built);
    let mut maven = Command::new("mvn");
    maven
        .args(["--batch-mode", "--no-transfer-progress", "-Dkotlin.compiler.daemon=false"])
        // Each suite requests a build; only the first compiles.
        .args(["-Dkotlin.compiler.incremental=true", "--file"])
        .arg(root().join("kotlin/pom.xml"));
    // Compilers and Dokka end before the better code of Java's second compiler has paid.
    maven.env("MAVEN_OPTS", "-Xmx768m -XX:TieredStopAtLevel=1");
    maven.arg(format!("-Drtvi.library.dir={}", library.display()));
    let output = output(tell(&mut maven));
    let said = said(&output);
    if !output.status.success() {
        // What Android 7 lacks is no failure of Maven.
        let is_why = |line: &&str| line.starts_with("[ERROR] ") && !line.contains("Undefined reference: ");
        let why: Vec<&str> = said.lines().filter(is_why).take(ERRORS).collect();
        return Err(format!("{}\n{said}", why.join("\n")));
    }
    fs::write(built, "").expect("it can be noted");
    Ok(said)
}

/// Removes the compiled files if a source has changed since `built`. The compiler's own dependency
/// records miss regenerated sources and other modules.
fn clean_if_older(built: &Path) {
    const MODULES: [&str; 8] = [
        "kotlin/rtvi",
        "kotlin/rtvi-android",
        "kotlin/rtvi-compose",
        "kotlin/rtvi-testing",
        "kotlin/bench",
        "kotlin/consumer",
        "examples/kotlin",
        "examples/android",
    ];
    let modules = MODULES.map(|module| root().join(module));
    let sources = modules.iter().map(|module| module.join("src"));
    let others = ["kotlin/generated", "examples/migration"].map(|folder| root().join(folder));
    let newest = sources.chain(others).filter_map(|folder| newest(&folder)).max();
    if modified(built) > newest {
        return;
    }
    for folder in modules.iter().map(|module| module.join("target")).filter(|folder| folder.exists()) {
        fs::remove_dir_all(folder).expect("what was compiled can be removed");
    }
}

/// The modification time of the newest file in a folder.
fn newest(path: &Path) -> Option<SystemTime> {
    let entries = fs::read_dir(path).into_iter().flatten().filter_map(Result::ok);
    entries.filter_map(|entry| newest(&entry.path())).chain(modified(path)).max()
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|file| file.modified()).ok()
}

/// The path of a file that a test of the SDK has created.
pub fn made(path: &str) -> PathBuf {
    root().join("kotlin/rtvi/target").join(path)
}

/// The console example, as built by Maven.
///
/// # Panics
/// If it is not built.
pub fn example() -> Command {
    program("examples/kotlin", "ai.rtvi.example.MainKt", &library())
}

/// The same with the library on the class path only, as in a jar: nothing else says where it is.
///
/// # Panics
/// If it is not built.
pub fn example_with_natives(natives: &Path) -> Command {
    let mut java = Command::new("java");
    java.args(["-Xmx256m", "-Djna.nosys=true", "-cp"]);
    java.arg(format!("{}:{}", class_path("examples/kotlin"), natives.display()))
        .arg("ai.rtvi.example.MainKt");
    java
}

/// A program whose classes, and the jars that they depend on, are in this folder.
pub fn shrunk(folder: &Path, main: &str) -> Command {
    let mut java = Command::new("java");
    java.arg("-Xmx256m").arg(format!("-Djna.library.path={}", library().display()));
    java.arg("-cp").arg(format!("{0}:{0}/*", folder.display())).arg(main);
    java
}

/// A program of a module that Maven has built, with the library in this folder.
///
/// # Panics
/// If it is not built.
pub fn program(module: &str, main: &str, library: &Path) -> Command {
    let mut java = Command::new("java");
    java.arg("-Xmx256m").arg(format!("-Djna.library.path={}", library.display()));
    java.arg("-cp").arg(class_path(module)).arg(main);
    java
}

/// A module's classes and what they depend on.
fn class_path(module: &str) -> String {
    let built = root().join(module).join("target");
    let others = fs::read_to_string(built.join("classpath")).expect("the program was built");
    format!("{}:{}", built.join("classes").display(), others.trim())
}

/// Whether the build tools are installed.
pub fn is_there() -> bool {
    has("mvn") && has("javac")
}

/// The public interface of a module's package, as printed by `javap`. What is internal in Kotlin is
/// left out.
///
/// # Panics
/// If the module is not built.
pub fn interface(module: &str, package: &str) -> String {
    let module = root().join("kotlin").join(module);
    let folder = module.join("target/classes");
    let path = Path::new("ai/rtvi").join(package);
    let folders = [module.join("src/main/kotlin"), root().join("kotlin/generated")];
    let sources = Sources::read(&folders.map(|folder| folder.join(&path)));
    let entries = fs::read_dir(folder.join(path)).expect("the module was built");
    let mut classes: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.strip_suffix(".class").map(str::to_owned))
        .filter(|name| sources.is_public(name))
        .map(|name| format!("ai.rtvi.{package}.{name}"))
        .collect();
    classes.sort();
    let printed = run(Command::new("javap").arg("-public").arg("-cp").arg(folder).args(classes));
    let mut is_public = false;
    let is_told = |line: &&str| {
        if line.ends_with('{') {
            is_public = line.starts_with("public ");
        }
        let is_of_compiler =
            ["Compiled from", "$rtvi", "access$", "write$Self", "$serializer", "DefaultConstructorMarker"];
        is_public && !is_of_compiler.iter().any(|part| line.contains(part))
    };
    printed.lines().filter(is_told).map(|line| format!("{line}\n")).collect()
}

/// What the sources of a package say about its classes.
struct Sources {
    /// The classes declared internal or private.
    internal: Vec<String>,
    /// The classes of files with public functions outside of classes.
    files: Vec<String>,
}

impl Sources {
    /// Reads the folders. A missing folder counts as empty: a module may have no generated sources.
    fn read(folders: &[PathBuf]) -> Self {
        let mut sources = Self { internal: Vec::new(), files: Vec::new() };
        for entry in
            folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().filter_map(Result::ok)
        {
            let text = fs::read_to_string(entry.path()).expect("a source");
            sources.internal.extend(text.lines().filter_map(internal_name));
            if text.lines().any(|line| line.starts_with("public ") && line.contains("fun ")) {
                let name = entry.path().file_stem().and_then(OsStr::to_str).map(|stem| format!("{stem}Kt"));
                sources.files.extend(name);
            }
        }
        sources
    }

    fn is_public(&self, class: &str) -> bool {
        let outermost = class.split('$').next().unwrap_or(class);
        class.split('$').all(|part| part.starts_with(|c: char| c.is_ascii_uppercase()))
            && (!class.ends_with("Kt") || self.files.iter().any(|file| file == class))
            && !self.internal.iter().any(|name| name == outermost)
    }
}

/// The class that a line declares as internal or private.
fn internal_name(line: &str) -> Option<String> {
    let rest = line.strip_prefix("internal ").or_else(|| line.strip_prefix("private "))?;
    let kinds = ["class ", "interface ", "object "];
    let (_, rest) = kinds.iter().find_map(|kind| rest.split_once(kind))?;
    Some(rest.chars().take_while(char::is_ascii_alphanumeric).collect())
}
