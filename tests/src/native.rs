//! Shared by the suites of the C and C++ SDK: running programs, building once, and the bot.
//!
//! Everything here panics on failure: it is for tests only.
use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::{Mutex, PoisonError},
};

use rtvi_bot::{BotOptions, DemoBot, SessionRecord};

use crate::{
    pipecat_cloud::{CloudOptions, PipecatCloud},
    program,
    room_server::RoomServer,
};

/// The workspace's root.
///
/// # Panics
/// If the crate has no parent folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

/// Where cargo builds.
pub fn target() -> PathBuf {
    root().join(std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from))
}

/// The folder for everything that these suites build, kept between runs.
///
/// # Panics
/// If it can't be created.
pub fn folder(name: &str) -> PathBuf {
    let folder = target().join("cpp").join(name);
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    folder
}

/// Runs a program and returns its output.
///
/// # Panics
/// If it fails; the message contains its output.
pub fn run(command: &mut Command) -> String {
    let output = output(command);
    let text = said(&output);
    assert!(output.status.success(), "{command:?}\n{}\n{text}", output.status);
    text
}

/// Runs a program to its end.
///
/// # Panics
/// If it can't be started.
pub fn output(command: &mut Command) -> Output {
    command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"))
}

/// The complete output of a program.
pub fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Types to a program until a bot has answered it, then ends its input.
///
/// # Panics
/// If the bot does not answer, or the program fails.
pub fn talk(program: &mut Command) {
    const ANSWER: &str = "You said: Hello.";
    let bot = Bot::start(0.2);
    let started = program.arg(bot.ws()).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut started = started.unwrap_or_else(|error| panic!("{program:?}: {error}"));
    let mut typed = started.stdin.take().expect("its input");
    // A program that says the same without being asked may have closed it.
    let _ = typed.write_all(b"Hello\n");
    let mut lines = BufReader::new(started.stdout.take().expect("its output")).lines();
    let has_answered = lines.any(|line| line.expect("text").contains(ANSWER));
    drop(typed);
    let status = started.wait().expect("it ends");
    assert!(has_answered && status.success(), "{program:?}: {status}");
}

/// Whether a program is installed.
pub fn has(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}

/// Arguments that make cargo build the library together with the tests' own crates: with the same
/// features, so that nothing is compiled twice. Any test will do for that.
pub const CARGO: [&str; 5] = ["build", "--workspace", "--lib", "--test", "c_header"];

/// Removes the variables that cargo sets for the programs it runs. With them, a nested cargo would
/// recompile whatever depends on them.
pub fn without_cargo(command: &mut Command) -> &mut Command {
    for (name, _) in std::env::vars_os() {
        if ["CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|part| name.to_string_lossy().starts_with(part)) {
            command.env_remove(name);
        }
    }
    command
}

/// Builds the library and returns its folder.
///
/// # Panics
/// If the build fails.
pub fn library() -> PathBuf {
    static BUILT: Mutex<Option<PathBuf>> = Mutex::new(None);
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    built.get_or_insert_with(build_library).clone()
}

fn build_library() -> PathBuf {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    run(without_cargo(Command::new(cargo).args(CARGO).arg("--locked").current_dir(root())));
    target().join("debug")
}

/// One way to build the C++ tests.
#[derive(Clone, Copy, Debug)]
pub struct Build {
    /// Its folder.
    pub name: &'static str,
    /// The compilers, C and C++.
    pub compilers: (&'static str, &'static str),
    /// Additional CMake arguments.
    pub flags: &'static [&'static str],
}

/// GCC, C++17: for all suites except the sanitizers'.
pub const GCC: Build = Build {
    name: "gcc",
    compilers: ("gcc", "g++"),
    flags: &["-DRTVI_BUILD_EXAMPLES=ON", "-DRTVI_BUILD_BENCHES=ON"],
};

/// clang, C++20.
pub const CLANG: Build = Build {
    name: "clang",
    compilers: ("clang", "clang++"),
    flags: &["-DRTVI_TEST_CXX_STANDARD=20", "-DRTVI_BUILD_EXAMPLES=ON"],
};

impl Build {
    /// Builds everything and returns the build folder.
    ///
    /// # Panics
    /// If the build fails.
    pub fn make(&self) -> PathBuf {
        self.make_target("all")
    }

    fn make_target(&self, target: &str) -> PathBuf {
        static CONFIGURED: Mutex<BTreeSet<&str>> = Mutex::new(BTreeSet::new());
        let library = library();
        // One build at a time.
        let mut configured = CONFIGURED.lock().unwrap_or_else(PoisonError::into_inner);
        let build = folder(self.name);
        if configured.insert(self.name) {
            self.configure(&build, &library);
        }
        run(Command::new("cmake").arg("--build").arg(&build).args(["--target", target]));
        build
    }

    fn configure(&self, build: &Path, library: &Path) {
        let (c, cxx) = self.compilers;
        run(Command::new("cmake")
            .args([
                "-G",
                "Ninja",
                "-DCMAKE_BUILD_TYPE=Debug",
                "-DRTVI_BUILD_TESTS=ON",
                "-DRTVI_VIDEO=ON",
                "-S",
            ])
            .arg(root().join("cpp"))
            .arg("-B")
            .arg(build)
            .arg(format!("-DCMAKE_C_COMPILER={c}"))
            .arg(format!("-DCMAKE_CXX_COMPILER={cxx}"))
            .arg(format!("-DRTVI_LIBRARY_DIR={}", library.display()))
            .args(self.flags));
    }

    /// A test program of this build; nothing else is built for it.
    pub fn program(&self, name: &str) -> Command {
        self.make_target(name);
        self.built(name)
    }

    /// A test program of this build, without building it.
    pub fn built(&self, name: &str) -> Command {
        let build = folder(self.name);
        let mut command = Command::new(build.join("tests").join(name));
        command.env("RTVI_TEST_FOLDER", build);
        command
    }
}

/// A bot in this process, with its own runtime.
#[derive(Debug)]
pub struct Bot {
    bot: DemoBot,
    cloud: PipecatCloud,
    rooms: RoomServer,
    _runtime: tokio::runtime::Runtime,
}

impl Bot {
    /// Starts a bot whose speech takes `pace` times as long as real speech.
    ///
    /// # Panics
    /// If it can't start.
    pub fn start(pace: f32) -> Self {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let options = BotOptions { pace, ..BotOptions::default() };
        let bot = runtime.block_on(DemoBot::start(options)).expect("the bot starts");
        let cloud = runtime.block_on(PipecatCloud::start(CloudOptions::default()));
        let rooms = runtime.block_on(RoomServer::start(bot.ws_url(), []));
        Self { bot, cloud, rooms, _runtime: runtime }
    }

    /// Its WebSocket.
    pub fn ws(&self) -> String {
        self.bot.ws_url()
    }

    /// Its endpoint for WebRTC offers.
    pub fn offer_url(&self) -> String {
        self.bot.offer_url()
    }

    /// The LiveKit server that has the bot in its rooms.
    pub fn room_url(&self) -> String {
        format!("ws://{}", self.rooms.address())
    }

    /// The records of its sessions, oldest first.
    pub fn sessions(&self) -> Vec<SessionRecord> {
        self.bot.sessions()
    }

    /// Its start endpoint.
    pub fn start_url(&self) -> String {
        self.bot.start_url()
    }

    /// Passes its addresses to a program, and the program that starts further bots.
    pub fn tell<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env("RTVI_PROGRAM", program::beside("rtvi-bot"));
        command.env("RTVI_TEST_WS", self.ws()).env("RTVI_TEST_START", self.start_url());
        command.env("RTVI_TEST_CLOUD", self.cloud.url()).env("RTVI_TEST_OFFER", self.offer_url());
        command.env("RTVI_TEST_ROOM", self.room_url())
    }
}
