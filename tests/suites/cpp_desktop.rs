//! The desktop examples, with Dear ImGui and with Qt, on a virtual screen. They talk to the demo bot,
//! and a screenshot of the window shows who said what.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use rtvi_tests::{
    SoundServer,
    native::{Bot, Build, folder, output, said},
    speech,
};

const DESKTOP: Build = Build {
    name: "desktop",
    compilers: ("gcc", "g++"),
    flags: &["-DRTVI_BUILD_TESTS=OFF", "-DRTVI_BUILD_DESKTOP=ON", "-DRTVI_BUILD_QT=ON"],
};

/// The example with Dear ImGui.
fn imgui() -> PathBuf {
    DESKTOP.make().join("examples-desktop/desktop")
}

/// The example with Qt.
fn qt() -> PathBuf {
    DESKTOP.make().join("examples-qt/qt")
}

/// A virtual screen.
struct Screen {
    server: Child,
    display: String,
}

impl Screen {
    fn start() -> Self {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb starts");
        let mut number = String::new();
        let stdout = server.stdout.take().expect("it was asked for");
        BufReader::new(stdout).read_line(&mut number).expect("the number of the display");
        Self { server, display: format!(":{}", number.trim()) }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // If the server does not end, there is no remedy.
        drop(self.server.kill().and_then(|()| self.server.wait()));
    }
}

/// How often each colour occurs in a BMP picture with 24 bits per pixel.
fn colours(picture: &Path) -> BTreeMap<[u8; 3], usize> {
    let bytes = fs::read(picture).expect("the picture");
    let number = |at: usize| {
        let four = bytes.get(at..at + 4).expect("a header");
        u32::from_le_bytes(four.try_into().expect("four bytes")) as usize
    };
    let (start, width, height) = (number(10), number(18), number(22));
    assert_eq!((bytes.starts_with(b"BM"), width, height), (true, 960, 600));
    let mut colours = BTreeMap::new();
    for row in bytes.get(start..).expect("pixels").chunks((width * 3).next_multiple_of(4)) {
        for pixel in row.chunks_exact(3).take(width) {
            *colours.entry([pixel[2], pixel[1], pixel[0]]).or_insert(0) += 1;
        }
    }
    colours
}

/// The colours of the user's and the bot's texts.
const USER: [u8; 3] = [140, 204, 255];
const BOT: [u8; 3] = [153, 242, 153];

/// Whether it is that colour, or that of a letter's soft edge.
fn is_near(seen: [u8; 3], colour: [u8; 3]) -> bool {
    seen.iter().zip(colour).all(|(seen, wanted)| seen.abs_diff(wanted) <= 40)
}

/// Without sound.
fn talks(name: &str, bot: &Bot, arguments: &[&str]) {
    run(name, bot, arguments, Command::new(imgui()));
}

fn run(name: &str, bot: &Bot, arguments: &[&str], mut desktop: Command) {
    let screen = Screen::start();
    let picture = folder("desktop").join(format!("{name}.bmp"));
    let _ = fs::remove_file(&picture);
    desktop.args(["--start", &bot.start_url(), "--send", "Good morning", "--screenshot"]).arg(&picture);
    desktop.args(arguments).env("DISPLAY", &screen.display);
    let end = output(&mut desktop);
    assert!(end.status.success(), "{}: {}", end.status, said(&end));
    let colours = colours(&picture);
    let count =
        |colour| colours.iter().filter(|(seen, _)| is_near(**seen, colour)).map(|(_, count)| count).sum();
    let (user, bot): (usize, usize) = (count(USER), count(BOT));
    // A letter has a dozen pixels. The bot repeats the user's text and adds more.
    assert!(user > 100 && bot > user, "{}: {colours:?}", picture.display());
    assert!(colours.len() > 10, "only {colours:?}");
}

#[test]
fn a_conversation_over_websocket() {
    talks("websocket", &Bot::start(0.2), &[]);
}

/// With a sound server's speaker, which is recorded.
#[test]
fn a_conversation_over_webrtc() {
    let program = imgui();
    let bot = Bot::start(1.0);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let sound = runtime.block_on(SoundServer::start());
    // It spawns a task.
    let _context = runtime.enter();
    let recording = sound.listen("speaker");
    run("webrtc", &bot, &["--webrtc"], sound.command(program).into_std());
    runtime.block_on(recording.wait_for_sound());
}

/// A camera, the screen itself, and the bot's echo of the camera: three pictures in the window.
#[test]
fn a_conversation_with_video() {
    let bot = Bot::start(0.2);
    let arguments = ["--cam", "pattern", "--screen", "x11"];
    talks("video", &bot, &arguments);
    let picture = colours(&folder("desktop").join("video.bmp"));
    assert!(picture.len() > 5_000, "a gradient has many colours, not {}", picture.len());
}

/// Waits for something that the bot notices after a delay.
#[expect(clippy::disallowed_methods, reason = "these tests watch another process and have no runtime")]
fn eventually(is_so: impl Fn() -> bool) -> bool {
    (0..600).any(|_| {
        is_so() || {
            std::thread::sleep(Duration::from_millis(50));
            false
        }
    })
}

#[test]
fn muted_and_disconnected_by_keys() {
    let bot = Bot::start(0.2);
    talks("keys", &bot, &["--webrtc", "--press", "F2", "--press", "F4"]);
    let last = || bot.sessions().pop().expect("there was a session");
    assert!(
        eventually(|| last().microphone == Some(false)),
        "the bot was not notified: {:?}",
        last().microphone
    );
    assert!(eventually(|| last().ended), "the session goes on");
}

/// Repeats a phrase until the bot has heard it, with silence after it that ends a turn.
async fn speak(sound: &SoundServer, bot: &Bot) {
    let phrase = speech("Hello, can you hear me?").await;
    while bot.sessions().last().is_none_or(|session| session.turns == 0) {
        sound.say(&phrase).await;
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

/// Over WebRTC: the bot answers a text, and then what the microphone hears while the button is held.
#[test]
fn push_to_talk_with_qt() {
    let bot = Arc::new(Bot::start(0.2));
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let sound = SoundServer::start().await;
        let desktop = sound.command(qt()).into_std();
        let talked = tokio::task::spawn_blocking({
            let bot = Arc::clone(&bot);
            move || run("qt", &bot, &["--webrtc", "--push-to-talk", "--hold", "--press", "F2"], desktop)
        });
        let (talked, ()) = tokio::join!(talked, speak(&sound, &bot));
        talked.expect("the window ends");
    });
    let microphone = || bot.sessions().pop().and_then(|session| session.microphone);
    assert!(eventually(|| microphone() == Some(false)), "F2 mutes: {:?}", microphone());
}
