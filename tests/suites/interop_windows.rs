//! The SDK as programs for Windows, which Wine runs, with bots on this machine: the command line, and
//! the C and C++ SDK built by MinGW. `cargo xtask windows` builds what this suite runs.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use rtvi_tests::{
    PipecatServer, ServerKind, assert_heard,
    native::{Bot, root, run, talk, target},
    write_greeting,
};

/// The folder for everything that this suite makes. Wine sees nothing outside the project.
fn folder(name: &str) -> PathBuf {
    let folder = target().join("windows").join(name);
    fs::create_dir_all(&folder).expect("a folder can be made");
    folder
}

/// What cargo has built for Windows.
fn built() -> PathBuf {
    target().join("x86_64-pc-windows-gnu/debug")
}

/// Runs a program of Windows, with a registry of the suite's own.
fn wine(program: impl AsRef<Path>) -> Command {
    static PREFIX: OnceLock<PathBuf> = OnceLock::new();
    let prefix = PREFIX.get_or_init(|| {
        let prefix = folder("wine");
        run(launcher(&prefix).args(["wineboot", "--init"]));
        prefix
    });
    let mut wine = launcher(prefix);
    wine.arg("wine").arg(program.as_ref());
    wine
}

fn launcher(prefix: &Path) -> Command {
    let launcher = std::env::var_os("RTVI_WINE").expect("RTVI_WINE; run this by `cargo xtask windows`");
    let mut command = Command::new(launcher);
    command.current_dir(root()).env("WINEPREFIX", prefix).env("WINEDEBUG", "-all");
    command
}

/// Speaks a greeting to a bot, which answers with its voice.
async fn converse(name: &'static str, target: Vec<String>) {
    let [said, heard] = ["said", "heard"].map(|what| folder("talk").join(format!("{name}-{what}.wav")));
    write_greeting(&said).await;
    let (mic, speaker) =
        (format!("--mic=wav:{}", said.display()), format!("--speaker=wav:{}", heard.display()));
    let output = tokio::task::spawn_blocking(move || {
        let mut talk = wine(built().join("rtvi.exe"));
        run(talk.arg("talk").args(target).args([mic, speaker]).args(["--linger", "6", "--json"]))
    });
    let output = output.await.expect("the session ends");
    for expected in [r#""event":"botReady""#, r#""event":"botStartedSpeaking""#, r#""outcome":"done""#] {
        assert!(output.contains(expected), "{name}: no {expected}:\n{output}");
    }
    assert_heard(&heard);
}

fn options(options: &[&str]) -> Vec<String> {
    options.iter().map(|option| (*option).to_owned()).collect()
}

#[test]
fn the_command_line_talks_to_the_demo_bot() {
    let bot = Bot::start(1.0);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        tokio::join!(
            converse("demo-websocket", options(&["--ws", &bot.ws()])),
            converse("demo-webrtc", options(&["--offer", &bot.offer_url()])),
            converse("demo-room", options(&["--livekit", &bot.room_url(), "--token", "a-token"])),
        )
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_talks_to_pipecat() {
    let server = PipecatServer::start(ServerKind::Voice, &[]).await;
    let target = server.webrtc_target();
    let offer = target.offer_url.clone().expect("it takes offers");
    tokio::join!(
        converse("pipecat-websocket", options(&["--ws", &target.ws_url])),
        converse("pipecat-webrtc", options(&["--offer", &offer])),
    );
}

/// Configures and builds a project for Windows. Its programs need no library of the compiler's.
fn made(name: &str, source: &str, flags: &[String]) -> PathBuf {
    let build = folder(name);
    run(Command::new("cmake")
        .args(["-G", "Ninja", "-DCMAKE_SYSTEM_NAME=Windows", "-DCMAKE_SYSTEM_PROCESSOR=x86_64"])
        .args(["-DCMAKE_C_COMPILER=x86_64-w64-mingw32-gcc-posix"])
        .args(["-DCMAKE_CXX_COMPILER=x86_64-w64-mingw32-g++-posix"])
        // Without optimization, the object of a variant of all events is too big for its format.
        .args(["-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_CXX_FLAGS_RELEASE=-O1"])
        .args(["-DCMAKE_EXE_LINKER_FLAGS=-static", "-S"])
        .arg(root().join(source))
        .arg("-B")
        .arg(&build)
        .args(flags));
    run(Command::new("cmake").arg("--build").arg(&build));
    build
}

/// The SDK with its tests and examples.
fn sdk() -> PathBuf {
    static SDK: OnceLock<PathBuf> = OnceLock::new();
    let make = || {
        let library = format!("-DRTVI_LIBRARY_DIR={}", built().display());
        // This machine's copy is not for Windows.
        let without = "-DCMAKE_DISABLE_FIND_PACKAGE_nlohmann_json=ON".to_owned();
        let flags = [library, without, "-DRTVI_BUILD_TESTS=ON".to_owned()];
        let build = made("sdk", "cpp", &flags);
        beside(&build, &build.join("tests"));
        build
    };
    SDK.get_or_init(make).clone()
}

/// Copies the library to a folder with programs.
fn beside(sdk: &Path, programs: &Path) {
    fs::copy(sdk.join("lib/rtvi_c.dll"), programs.join("rtvi_c.dll")).expect("the library was built");
}

/// A test program of the C and C++ SDK.
fn test(name: &str) -> Command {
    let sdk = sdk();
    let mut program = wine(sdk.join("tests").join(format!("{name}.exe")));
    program.env("RTVI_TEST_FOLDER", sdk);
    program
}

#[test]
fn the_tests_of_c() {
    run(&mut test("misuse_test"));
    run(&mut test("mute_test"));
}

#[test]
fn the_tests_of_cpp() {
    let said = run(test("conformance_test").arg(root().join("tests/conformance")));
    println!("{said}");
    let bot = Bot::start(0.2);
    for name in ["sdk_test", "no_exceptions_test", "exit_test"] {
        run(bot.tell(&mut test(name)));
    }
}

/// An app that knows an installed SDK only, with the shared library and with the static one.
#[test]
fn find_package() {
    let prefix = folder("prefix");
    let sdk = sdk();
    run(Command::new("cmake").arg("--install").arg(&sdk).arg("--prefix").arg(&prefix));
    let installed = format!("-DCMAKE_PREFIX_PATH={}", prefix.display());
    let app = made("consumer", "cpp/tests/consumer/find_package", &[installed]);
    beside(&sdk, &app);
    talk(&mut wine(app.join("shared.exe")));
    talk(&mut wine(app.join("static.exe")));
}
