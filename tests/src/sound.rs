//! A PulseAudio server of our own, with devices that exist only in it, and ears to listen to them.
//!
//! Depends on Debian's packages `pulseaudio` and `pulseaudio-utils`. Uses nothing of the machine's own sound and leaves no file or
//! process behind; works as root and without D-Bus.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use rtvi_core::media::{AudioFormat, Resampler};
use tempfile::TempDir;
use tokio::{
    process::{Child, Command},
    time::{sleep, timeout},
};

/// How long the server may take to answer, and a change to be seen, on a machine that is very busy, too.
const LIMIT: Duration = Duration::from_secs(60);

/// The format of recordings: enough to compare voices.
const RECORDED: AudioFormat = AudioFormat::mono(8_000);

/// A running sound server; killed when dropped.
#[derive(Debug)]
pub struct SoundServer {
    folder: TempDir,
    _process: Child,
}

impl SoundServer {
    /// The speaker, which is the default.
    pub const SPEAKER: &'static str = "pulseaudio:speaker";
    /// The microphone, which is the default: it hears what [`Self::say`] plays.
    pub const MICROPHONE: &'static str = "pulseaudio:desk";
    /// Hears the same, but is what another speaker plays, and so never a default.
    pub const MONITOR: &'static str = "pulseaudio:voice.monitor";

    /// Starts a server with a speaker and a microphone.
    ///
    /// # Panics
    /// When PulseAudio is not installed or does not answer in time.
    pub async fn start() -> Self {
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
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("Debian's package pulseaudio is installed");
        let server = Self { folder, _process: process };
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

    /// A command whose program finds this server, and none of the machine's own sound.
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

    /// Runs `pactl` and gives what it prints.
    ///
    /// # Panics
    /// When it fails.
    pub async fn pactl(&self, args: &[&str]) -> String {
        let output = self.command("pactl").args(args).output().await.expect("pulseaudio-utils is installed");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "pactl {args:?}: {errors}");
        String::from_utf8(output.stdout).expect("text")
    }

    /// Plugs in another speaker; gives what [`Self::unplug`] wants.
    pub async fn plug_in(&self, name: &str) -> String {
        let sink = format!("sink_name={name}");
        self.pactl(&["load-module", "module-null-sink", &sink]).await.trim().to_owned()
    }

    /// Takes a device away.
    pub async fn unplug(&self, device: &str) {
        self.pactl(&["unload-module", device]).await;
    }

    /// Says what is in a WAV file into the microphones; returns at its end.
    ///
    /// # Panics
    /// When the file can't be played.
    pub async fn say(&self, file: &Path) {
        let status = self.command("paplay").arg("--device=voice").arg(file).status().await;
        assert!(status.expect("pulseaudio-utils is installed").success());
    }

    /// Waits until so many programs record and play; `(0, 1)` is a speaker alone.
    ///
    /// # Panics
    /// When that does not come in time.
    pub async fn wait_for_streams(&self, recording: usize, playing: usize) {
        let wanted = async {
            while self.streams().await != (recording, playing) {
                sleep(Duration::from_millis(100)).await;
            }
        };
        let came = timeout(LIMIT, wanted).await;
        assert!(came.is_ok(), "({recording}, {playing}) streams wanted: {:?}", self.streams().await);
    }

    /// How many programs record and how many play. What connects the microphone with what it hears is none.
    pub async fn streams(&self) -> (usize, usize) {
        let recording = self.pactl(&["list", "short", "source-outputs"]).await;
        let playing = self.pactl(&["list", "short", "sink-inputs"]).await;
        let of_programs = |list: &str| list.lines().filter(|line| line.contains("protocol-native")).count();
        (of_programs(&recording), of_programs(&playing))
    }

    /// Begins to record what a speaker plays.
    ///
    /// # Panics
    /// When that can't be done.
    pub fn listen(&self, speaker: &str) -> Recording {
        let file = self.folder.path().join(format!("{speaker}.raw"));
        let out = std::fs::File::create(&file).expect("a file");
        let process = self
            .command("parec")
            .arg(format!("--device={speaker}.monitor"))
            .args(["--format=s16le", "--rate=8000", "--channels=1", "--latency-msec=50"])
            .stdout(out)
            .kill_on_drop(true)
            .spawn()
            .expect("pulseaudio-utils is installed");
        Recording { file, process }
    }
}

fn socket(folder: &Path) -> PathBuf {
    folder.join("native")
}

/// What a speaker plays, being recorded.
#[derive(Debug)]
pub struct Recording {
    file: PathBuf,
    process: Child,
}

impl Recording {
    /// Waits until something loud was recorded.
    ///
    /// # Panics
    /// When all stays quiet for long.
    pub async fn wait_for_sound(&self) {
        let sound = async {
            while self.read().iter().all(|sample| sample.unsigned_abs() < 1_000) {
                sleep(Duration::from_millis(100)).await;
            }
        };
        timeout(LIMIT, sound).await.expect("something is to be heard");
    }

    /// Ends the recording; 8 kHz mono.
    ///
    /// # Panics
    /// When the recorder can't be stopped.
    pub async fn end(mut self) -> Vec<i16> {
        self.process.kill().await.expect("it records");
        self.read()
    }

    fn read(&self) -> Vec<i16> {
        let bytes = std::fs::read(&self.file).expect("a recording");
        bytes.as_chunks::<2>().0.iter().map(|pair| i16::from_le_bytes(*pair)).collect()
    }
}

/// How long the pieces are whose loudness is compared: 50 ms.
const PIECE: usize = 400;

/// How much `heard` (8 kHz mono) is like `sent` (22 050 Hz mono), up to 1: the correlation of their loudness over time, where it fits
/// best. The waveform is not compared, because the client draws voices out and hurries them as the network wants.
///
/// # Panics
/// Never: the formats are good ones.
pub fn likeness(sent: &[i16], heard: &[i16]) -> f64 {
    let mut resampler = Resampler::new(AudioFormat::mono(22_050), RECORDED).expect("good formats");
    let mut reference = Vec::new();
    resampler.process(sent, &mut reference);
    let (sent, heard) = (loudness(&reference), loudness(heard));
    heard.windows(sent.len()).map(|heard| correlation(&sent, heard)).fold(0.0, f64::max)
}

fn loudness(samples: &[i16]) -> Vec<f64> {
    let energy = |piece: &[i16]| piece.iter().map(|sample| f64::from(*sample).powi(2)).sum::<f64>();
    samples.chunks_exact(PIECE).map(|piece| (energy(piece) / PIECE as f64).sqrt()).collect()
}

/// Pearson's.
fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
    let (mean_a, mean_b) = (mean(a), mean(b));
    let product: f64 = a.iter().zip(b).map(|(a, b)| (a - mean_a) * (b - mean_b)).sum();
    let spread = |values: &[f64], mean: f64| values.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
    product / (spread(a, mean_a) * spread(b, mean_b)).sqrt().max(1.0)
}
