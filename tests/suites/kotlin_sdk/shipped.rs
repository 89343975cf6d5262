//! What apps get: the reference, the README's program as an app that is shrunk, and what only Gradle
//! builds, as far as it can be known without Gradle.

use std::{fs, path::Path, process::Command};

use rtvi_tests::{
    files::files,
    kotlin::shrunk,
    native::{Bot, root, run, target},
    write_wav,
};

use super::tested;

/// The reference of each module, with the page of one of its names.
const REFERENCES: [(&str, &str); 4] = [
    ("rtvi", "ai.rtvi.client/-pipecat-client/start-bot-and-connect.html"),
    ("rtvi-android", "ai.rtvi.android/-rtvi-call/hang-up.html"),
    ("rtvi-compose", "ai.rtvi.compose/-pipecat-video.html"),
    ("rtvi-testing", "ai.rtvi.testing/-demo-bot/start-url.html"),
];

/// Every public name has a comment, and every link leads somewhere.
#[test]
fn the_reference_has_no_gap() {
    let gaps: Vec<_> = tested().lines().filter(|line| is_gap(line)).collect();
    assert!(gaps.is_empty(), "{}", gaps.join("\n"));
    for (module, page) in REFERENCES {
        let built = root().join("kotlin").join(module).join("target/dokka");
        let pages = files(&built);
        assert!(pages.iter().any(|path| path.ends_with(page)), "{module}: no {page} in {pages:?}");
        assert!(!pages.iter().any(|path| path.to_string_lossy().contains("ai.rtvi.ffi")), "{pages:?}");
    }
}

/// Whether a line of Dokka reports a gap. Nobody writes the comments of what every enum and class has.
fn is_gap(line: &str) -> bool {
    const OF_ALL: [&str; 6] = ["values", "valueOf", "entries", "toString", "equals", "hashCode"];
    if line.contains("Couldn't resolve link") {
        return true;
    }
    let Some((_, name)) = line.split_once("[WARNING] Undocumented: ") else { return false };
    // A package, a class, a member and its parameters.
    let parts: Vec<&str> = name.split('/').map(str::trim).collect();
    match parts.as_slice() {
        [_, class, "(JVM)"] => !class.ends_with(".Companion"),
        [_, _, member, ..] => !OF_ALL.contains(member),
        _ => true,
    }
}

#[test]
fn only_what_every_class_has_needs_no_comment() {
    for (line, expected) in [
        ("[WARNING] Undocumented: ai.rtvi.client/Value.Bool/value/#/ (JVM)", true),
        ("[WARNING] Undocumented: ai.rtvi.client/Call.Companion/of/#/ (JVM)", true),
        ("[WARNING] Undocumented: ai.rtvi.client/Phase/valueOf/#kotlin.String/ (JVM)", false),
        ("[WARNING] Undocumented: ai.rtvi.client/Phase.Companion/ (JVM)", false),
        ("[WARNING] Couldn't resolve link: [gone] in A.kt/a.A (a/JVM)", true),
        ("[WARNING] Language version 2.1 is deprecated", false),
    ] {
        assert_eq!(is_gap(line), expected, "{line}");
    }
}

/// The program in the README, compiled by the oldest Kotlin and shrunk by the rules for Android's apps.
#[test]
fn the_quick_start_works_when_it_is_shrunk() {
    const URL: &str = "http://localhost:7860/start";
    tested();
    assert!(root().join("kotlin/consumer/target/classes/Blank.class").is_file());
    let bot = Bot::start(0.1);
    let work = target().join("kotlin-quick-start");
    let _ = fs::remove_dir_all(&work);
    copy(&root().join("kotlin/consumer/target/shrunk"), &work);
    let classes = files(&work);
    let changed = classes.iter().filter(|class| replace(class, URL, &bot.start_url())).count();
    assert_eq!(changed, 1, "{URL} is in one class");
    assert!(!work.join("ai/rtvi/client/PipecatEventCallbacks.class").exists(), "nothing is shrunk");
    write_wav(&work.join("hello.wav"), 16_000, vec![0; 16_000]);
    let said = run(shrunk(&work, "quickstart.QuickStartKt").current_dir(&work));
    assert!(said.contains("bot: ") && said.contains("Berlin"), "{said}");
    assert!(fs::metadata(work.join("bot.wav")).expect("it has recorded").len() > 2_000);
}

/// Replaces a text in a class, where its length is before it. Returns whether it is there.
fn replace(class: &Path, old: &str, new: &str) -> bool {
    let sized = |text: &str| {
        let length = u16::try_from(text.len()).expect("a short text");
        [&length.to_be_bytes(), text.as_bytes()].concat()
    };
    let (bytes, old, new) = (fs::read(class).expect("a class"), sized(old), sized(new));
    let Some(at) = bytes.windows(old.len()).position(|part| part == old) else { return false };
    let (before, after) = (&bytes[..at], &bytes[at + old.len()..]);
    fs::write(class, [before, &new, after].concat()).expect("it can be written");
    true
}

/// The flags of the build for Android, with the linker of this machine, whose own pages are smaller.
#[test]
fn a_library_for_android_loads_on_devices_with_large_pages() {
    let build = fs::read_to_string(root().join("kotlin/rtvi-android/build.gradle.kts")).expect("the build");
    let flags = build.split("environment(\"RUSTFLAGS\", \"").nth(1).and_then(|rest| rest.split('"').next());
    let folder = target().join("kotlin-pages");
    fs::create_dir_all(&folder).expect("a folder can be made");
    fs::write(folder.join("lib.rs"), "#[unsafe(no_mangle)]\npub extern \"C\" fn one() -> i32 { 1 }\n")
        .expect("it can be written");
    let least = |flags: &str| {
        let mut rustc = Command::new("rustc");
        rustc.args(["--edition=2024", "--crate-type=cdylib", "-Aunused", "lib.rs", "-o", "lib.so"]);
        run(rustc.args(flags.split(' ').filter(|flag| !flag.is_empty())).current_dir(&folder));
        let headers = run(Command::new("readelf").args(["-lW", "lib.so"]).current_dir(&folder));
        let loaded = headers.lines().filter(|line| line.trim_start().starts_with("LOAD"));
        let alignments = loaded.filter_map(|line| line.split_whitespace().last()?.strip_prefix("0x"));
        alignments.map(|number| u64::from_str_radix(number, 16).expect("a number")).min().expect("segments")
    };
    assert_eq!(least(flags.expect("flags")), 16 * 1_024);
    assert!(least("") < 16 * 1_024 || cfg!(not(target_arch = "x86_64")), "this linker can't show it");
}

/// Only Maven's build runs here; Gradle's is the one that is published.
#[test]
fn both_builds_use_the_same_versions() {
    let read = |name: &str| fs::read_to_string(root().join("kotlin").join(name)).expect("a build");
    let (catalog, pom) = (read("gradle/libs.versions.toml"), read("pom.xml"));
    for (name, property) in [
        ("kotlin", "kotlin.version"),
        ("kotlin-stdlib", "kotlin.stdlib.version"),
        ("dokka", "dokka.version"),
        ("coroutines", "coroutines.version"),
        ("serialization", "serialization.version"),
        ("jna", "jna.version"),
        ("junit", "junit.version"),
    ] {
        let version = catalog.split(&format!("\n{name} = \"")).nth(1).and_then(|rest| rest.split('"').next());
        let version = version.unwrap_or_else(|| panic!("no {name} in {catalog}"));
        assert!(pom.contains(&format!("<{property}>{version}</{property}>")), "{property} is not {version}");
    }
    let version = env!("CARGO_PKG_VERSION");
    assert!(read("build.gradle.kts").contains(&format!("getOrElse(\"{version}\")")), "{version}");
}

/// An app ends where it calls what its Android lacks. The sources call the following only where the
/// release has it, except for the last, which no time that crosses to Kotlin reaches.
const ASKED_FOR: [&str; 10] = [
    "CommunicationDevice",
    "android.media.AudioFocusRequest",
    "AudioRecordingCallback",
    "AudioRecordingConfiguration.isClientSilenced()",
    "AudioTrack.Builder.setPerformanceMode(int)",
    "android.app.NotificationChannel",
    "android.app.Notification.Builder.<init>(android.content.Context, String)",
    "Context.startForegroundService(android.content.Intent)",
    "java.lang.ref.Cleaner",
    "java.time.DateTimeException",
];

#[test]
fn the_oldest_android_has_all_that_is_called() {
    const LACKS: &str = "Undefined reference: ";
    let said = tested();
    let lacking: Vec<_> = said.lines().filter(|line| line.contains(LACKS)).collect();
    assert!(lacking.iter().any(|line| line.contains("NotificationChannel")), "nothing is checked:\n{said}");
    let unknown: Vec<_> =
        lacking.iter().filter(|line| !ASKED_FOR.iter().any(|known| line.contains(known))).collect();
    assert!(unknown.is_empty(), "Android 7 lacks {unknown:#?}");
}

/// The oldest Android is the same wherever it is written.
#[test]
fn the_oldest_android_is_the_same_everywhere() {
    const OLDEST: &str = "24";
    for (file, text) in [
        ("kotlin/rtvi-android/build.gradle.kts", format!("val minimum = {OLDEST}\n")),
        ("kotlin/rtvi-compose/build.gradle.kts", format!("minSdk = {OLDEST} ")),
        ("examples/android/build.gradle.kts", format!("minSdk = {OLDEST}\n")),
        ("kotlin/pom.xml", format!("android-api-level-{OLDEST}<")),
        ("kotlin/README.md", format!("(API {OLDEST})")),
    ] {
        let content = fs::read_to_string(root().join(file)).expect("it is readable");
        assert!(content.contains(&text), "{file} lacks {text}");
    }
}

fn copy(from: &Path, to: &Path) {
    for path in files(from) {
        let copy = to.join(path.strip_prefix(from).expect("a file of the folder"));
        fs::create_dir_all(copy.parent().expect("a folder")).expect("a folder can be made");
        fs::copy(&path, copy).expect("it can be copied");
    }
}
