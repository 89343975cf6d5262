//! A private PulseAudio server with virtual devices, and recordings of what they play.
//!
//! Depends on Debian's packages `pulseaudio` and `pulseaudio-utils`. Uses no device of the machine
//! and leaves no file or process behind. Works as root and without D-Bus.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use tempfile::TempDir;
use tokio::{
    process::{Child, Command},
    sync::{Mutex, MutexGuard},
    time::{sleep, timeout},
};

/// How long the server may take to answer or to show a change, even on a very busy machine.
const LIMIT: Duration = Duration::from_secs(60);

/// The rate of recordings: enough for voices.
pub(crate) const RECORDED_RATE: u32 = 8_000;
/// The rate of the speech, mono.
pub(crate) const SAID_RATE: u32 = 22_050;

/// Only one server runs at a time: several would delay each other.
static TURN: Mutex<()> = Mutex::const_new(());

/// A running sound server, the only one in this process, killed when dropped.
#[derive(Debug)]
pub struct SoundServer {
    _process: Child,
    folder: TempDir,
    _turn: MutexGuard<'static, ()>,
}

impl SoundServer {
    /// The speaker, which is the default.
    pub const SPEAKER: &'static str = "pulseaudio:speaker";
    /// The microphone, which is the default. It hears what [`Self::say`] plays.
    pub const MICROPHONE: &'static str = "pulseaudio:desk";
    /// A source that hears the same. It is the monitor of another speaker, and so never the
    /// default.
    pub const MONITOR: &'static str = "pulseaudio:voice.monitor";

    /// Starts a server with a speaker and a microphone, as soon as no other runs.
    ///
    /// # Panics
    /// If PulseAudio is not installed or does not answer in time.
    pub async fn start() -> Self {
        let turn = TURN.lock().await;
        let folder = tempfile::tempdir().expect("a folder");
        let socket = socket(folder.path());
        let process = Command::new("pulseaudio")
            .args(["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes"])
            .args(["--realtime=no", "--high-priority=no", "--log-level=error"])
            .arg(format!("--load=module-native-protocol-unix auth-anonymous=1 socket={}", socket.display()))
            .args(["--load=module-null-sink sink_name=speaker rate=48000 channels=2"])
            .args(["--load=module-null-sink sink_name=voice rate=48000 channels=1"])
            .args(["--load=module-remap-source source_name=desk master=voice.monitor"])
            .env("XDG_RUNTIME_DIR", folder.path())
            .env("HOME", folder.path())
            .env_remove("PULSE_SERVER")
            .env_remove("PULSE_RUNTIME_PATH")
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("Debian's package pulseaudio is installed");
        let server = Self { _process: process, folder, _turn: turn };
        let answers = async {
            while !server.command("pactl").arg("info").output().await.is_ok_and(|out| out.status.success()) {
                sleep(Duration::from_millis(50)).await;
            }
        };
        timeout(LIMIT, answers).await.expect("PulseAudio answers in time");
        server.pactl(&["set-default-sink", "speaker"]).await;
        server.pactl(&["set-default-source", "desk"]).await;
        server
    }

    /// A command whose program finds this server and no device of the machine.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        let folder = self.folder.path();
        command
            .env("PULSE_SERVER", format!("unix:{}", socket(folder).display()))
            .env("XDG_RUNTIME_DIR", folder)
            .env("HOME", folder)
            .stdin(Stdio::null());
        command
    }

    /// Runs `pactl` and returns its output.
    ///
    /// # Panics
    /// If it fails.
    pub async fn pactl(&self, args: &[&str]) -> String {
        let output = self.command("pactl").args(args).output().await.expect("pulseaudio-utils is installed");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "pactl {args:?}: {errors}");
        String::from_utf8(output.stdout).expect("text")
    }

    /// Plugs in another speaker. Returns the argument for [`Self::unplug`].
    pub async fn plug_in(&self, name: &str) -> String {
        let sink = format!("sink_name={name}");
        self.pactl(&["load-module", "module-null-sink", &sink]).await.trim().to_owned()
    }

    /// Unplugs a device.
    pub async fn unplug(&self, device: &str) {
        self.pactl(&["unload-module", device]).await;
    }

    /// Plays samples (22 050 Hz mono) to the microphones; returns at the end. Cancel-safe: a
    /// cancelled call stops the sound.
    ///
    /// # Panics
    /// If they can't be played.
    pub async fn say(&self, samples: &[i16]) {
        let file = self.folder.path().join("said.raw");
        let bytes: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        std::fs::write(&file, bytes).expect("a file");
        let mut player = self.command("paplay");
        player.args(["--device=voice", "--raw", "--format=s16le", "--channels=1"]);
        player.arg(format!("--rate={SAID_RATE}")).arg(&file).kill_on_drop(true);
        assert!(player.status().await.expect("pulseaudio-utils is installed").success());
    }

    /// Waits until this many programs record and play; `(0, 1)` is a speaker alone.
    ///
    /// # Panics
    /// If it takes too long.
    pub async fn wait_for_streams(&self, recording: usize, playing: usize) {
        let wanted = async {
            while self.streams().await != (recording, playing) {
                sleep(Duration::from_millis(100)).await;
            }
        };
        let came = timeout(LIMIT, wanted).await;
        assert!(came.is_ok(), "({recording}, {playing}) streams wanted: {:?}", self.streams().await);
    }

    /// How many programs record and how many play. The loopback of the microphone does not count.
    pub async fn streams(&self) -> (usize, usize) {
        let recording = self.pactl(&["list", "short", "source-outputs"]).await;
        let playing = self.pactl(&["list", "short", "sink-inputs"]).await;
        let of_programs = |list: &str| list.lines().filter(|line| line.contains("protocol-native")).count();
        (of_programs(&recording), of_programs(&playing))
    }

    /// Starts recording what a speaker plays.
    ///
    /// # Panics
    /// If it can't record.
    pub fn listen(&self, speaker: &str) -> Recording {
        let file = self.folder.path().join(format!("{speaker}.raw"));
        let out = std::fs::File::create(&file).expect("a file");
        let process = self
            .command("parec")
            .arg(format!("--device={speaker}.monitor"))
            .arg(format!("--rate={RECORDED_RATE}"))
            .args(["--format=s16le", "--channels=1", "--latency-msec=50"])
            .stdout(out)
            .kill_on_drop(true)
            .spawn()
            .expect("pulseaudio-utils is installed");
        Recording { file, _process: process }
    }
}

fn socket(folder: &Path) -> PathBuf {
    folder.join("native")
}

/// A running recording of a speaker.
#[derive(Debug)]
pub struct Recording {
    file: PathBuf,
    _process: Child,
}

impl Recording {
    /// What was recorded so far, 8 kHz mono.
    ///
    /// # Panics
    /// If the recorder's file is gone.
    pub fn heard(&self) -> Vec<i16> {
        let bytes = std::fs::read(&self.file).expect("a recording");
        bytes.as_chunks::<2>().0.iter().map(|pair| i16::from_le_bytes(*pair)).collect()
    }

    /// Waits until something loud was recorded.
    ///
    /// # Panics
    /// If it stays quiet for too long.
    pub async fn wait_for_sound(&self) {
        let sound = async {
            while self.heard().iter().all(|sample| sample.unsigned_abs() < 1_000) {
                sleep(Duration::from_millis(100)).await;
            }
        };
        timeout(LIMIT, sound).await.expect("something is to be heard");
    }
}
