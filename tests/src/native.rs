//! What the suites of the C and C++ SDK share: programs that are run, builds that are made once, and the bot they talk to.
//!
//! Everything here panics when something is not as it should be.
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::{Mutex, PoisonError},
};

use rtvi_bot::{BotOptions, DemoBot, SessionRecord};

use crate::pipecat_cloud::{CloudOptions, PipecatCloud};

/// The workspace's root.
///
/// # Panics
/// When the crate has no parent folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

/// Where cargo builds.
pub fn target() -> PathBuf {
    root().join(std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from))
}

/// Where everything is built that these suites build; kept between runs.
///
/// # Panics
/// When it can't be made.
pub fn folder(name: &str) -> PathBuf {
    let folder = target().join("cpp").join(name);
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    folder
}

/// Runs a program and gives its output.
///
/// # Panics
/// When it fails, with all it said.
pub fn run(command: &mut Command) -> String {
    let output = output(command);
    let text = said(&output);
    assert!(output.status.success(), "{command:?}\n{}\n{text}", output.status);
    text
}

/// Runs a program to its end.
///
/// # Panics
/// When it can't be started.
pub fn output(command: &mut Command) -> Output {
    command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"))
}

/// All that a program said.
pub fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Whether a program is on this machine.
pub fn has(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}

/// What cargo is told to build the library among the tests' own crates: with the same features, so that nothing is compiled twice.
pub const CARGO: [&str; 4] = ["build", "--workspace", "--lib", "--tests"];

/// Takes away what cargo tells the programs that it runs: a cargo under them would compile anew what asks for it.
pub fn without_cargo(command: &mut Command) -> &mut Command {
    for (name, _) in std::env::vars_os() {
        if ["CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|part| name.to_string_lossy().starts_with(part)) {
            command.env_remove(name);
        }
    }
    command
}

/// Has cargo build the library, and gives the folder that it is in.
///
/// # Panics
/// When it does not build.
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
    /// What CMake is told besides.
    pub flags: &'static [&'static str],
}

/// GCC, C++17: what all suites but the sanitizers' run.
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
    /// Builds everything and gives the folder of the whole build.
    ///
    /// # Panics
    /// When it does not build.
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
            .args(["-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug", "-DRTVI_BUILD_TESTS=ON", "-S"])
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

    /// A test program of this build, which was made before.
    pub fn built(&self, name: &str) -> Command {
        let build = folder(self.name);
        let mut command = Command::new(build.join("tests").join(name));
        command.env("RTVI_TEST_FOLDER", build);
        command
    }
}

/// A bot in this process, on a runtime of its own.
#[derive(Debug)]
pub struct Bot {
    bot: DemoBot,
    cloud: PipecatCloud,
    _runtime: tokio::runtime::Runtime,
}

impl Bot {
    /// Starts a bot that speaks `pace` times as long as a real one.
    ///
    /// # Panics
    /// When it can't.
    pub fn start(pace: f32) -> Self {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let options = BotOptions { pace, ..BotOptions::default() };
        let bot = runtime.block_on(DemoBot::start(options)).expect("the bot starts");
        let cloud = runtime.block_on(PipecatCloud::start(CloudOptions::default()));
        Self { bot, cloud, _runtime: runtime }
    }

    /// Its WebSocket.
    pub fn ws(&self) -> String {
        self.bot.ws_url()
    }

    /// Where it takes WebRTC offers.
    pub fn offer_url(&self) -> String {
        self.bot.offer_url()
    }

    /// What it knows about its sessions, oldest first.
    pub fn sessions(&self) -> Vec<SessionRecord> {
        self.bot.sessions()
    }

    /// Its start endpoint.
    pub fn start_url(&self) -> String {
        self.bot.start_url()
    }

    /// Tells a program where it is.
    pub fn tell<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env("RTVI_TEST_WS", self.ws()).env("RTVI_TEST_START", self.start_url());
        command.env("RTVI_TEST_CLOUD", self.cloud.url()).env("RTVI_TEST_OFFER", self.offer_url())
    }
}
