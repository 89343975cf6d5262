//! `rtvi talk`: one run of a client, from its options to its summary.
//!
//! Depends on the plan, the output and `rtvi-core`; contains no rule of the protocol.

pub(crate) mod calls;
pub(crate) mod event_log;
mod executor;
mod facts;
mod frames;
mod hang_up;
mod quiet;
mod summary;

use std::{convert::Infallible, io, process::ExitCode};

use rtvi_bot::PhoneApi;
use rtvi_core::{
    Error, ErrorKind, PipecatClient, PipecatClientOptions,
    client::{AboutClient, PushToTalk, ReconnectPolicy},
    media::{AudioProcessing, RecorderStatus},
    protocol::telephony::PhoneProvider,
};
use tokio::time::Instant;

use crate::{
    args::{Level, SessionArgs, TalkArgs, TargetArgs},
    audio::{Microphone, OpenMicrophone, OpenSpeaker},
    complain,
    devices::Machine,
    keys::Keys,
    outcome::Outcome,
    output::{self, Output},
    plan::{self, Call, Plan, script},
    signals::Signals,
    trace::TraceFile,
    usage::Usage,
    values::Named,
    video,
};

use calls::Targets;
use executor::{Executor, Parts};
use facts::Facts;

pub(crate) use summary::Summary;

/// What ends a plan before its last step.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The user pressed Ctrl-C.
    Interrupted,
    /// The time given with `--duration` passed.
    Duration,
    /// The session ended.
    SessionOver,
    /// The client ended on its own, which should not happen.
    ClientGone,
    /// Nobody reads the output any more.
    Output(io::Error),
}

/// Runs `rtvi talk`.
pub(crate) async fn run(args: TalkArgs) -> ExitCode {
    log_to_stderr(args.session.log);
    let hangs_up =
        |provider| [PhoneProvider::Twilio, PhoneProvider::Telnyx, PhoneProvider::Plivo].contains(&provider);
    if args.hang_up_api.is_some() && !args.target.phone.is_some_and(hangs_up) {
        let text = "--hang-up-api is for --phone twilio, telnyx or plivo: bots for other providers hang up by closing the socket";
        return fail(text, Outcome::WrongUsage).into();
    }
    let api = match args.hang_up_api {
        Some(address) => match PhoneApi::start(address).await {
            Ok(api) => Some(api),
            Err(error) => {
                return fail(&format!("--hang-up-api {address}: {error}"), Outcome::WrongUsage).into();
            }
        },
        None => None,
    };
    session(&args.target, &args.session, api).await.into()
}

/// Runs one session and reports how it ended. The bot of a phone call may hang up at `api`.
pub(crate) async fn session(target: &TargetArgs, args: &SessionArgs, api: Option<PhoneApi>) -> Outcome {
    match prepare(target, args) {
        Ok((plan, output)) => match open(target, args) {
            Ok(opened) => {
                let (client, trace) = (opened.client.clone(), opened.trace.clone());
                let following =
                    api.map(|api| tokio::spawn(hang_up::follow(client.clone(), client.events(), api)));
                let outcome = carry_out(plan, output, opened).await;
                following.iter().for_each(tokio::task::JoinHandle::abort);
                trace.write(&client, outcome)
            }
            Err(Unusable { text, outcome }) => fail(&text, outcome),
        },
        Err(text) => fail(&text, Outcome::WrongUsage),
    }
}

fn fail(text: &str, outcome: Outcome) -> Outcome {
    complain(text);
    outcome
}

/// The plan, and the output that reports its course.
fn prepare(target: &TargetArgs, args: &SessionArgs) -> Result<(Plan, Box<dyn Output>), String> {
    let plan = match &args.script {
        Some(path) => {
            let file = path.display();
            let text = std::fs::read_to_string(path).map_err(|error| format!("{file}: {error}"))?;
            let targets = script::Targets { start: target.is_started(), bot: !target.is_started() };
            script::parse(&text, targets)
                .map_err(|error| format!("{file}:{}: {}", error.line, error.message))?
        }
        None => {
            let connect = if target.is_started() { Call::StartBotAndConnect } else { Call::Connect };
            plan::from_flags(connect, args)
        }
    };
    Ok((plan, output::stdout(args.json, args.push_to_talk)))
}

/// Why a session can't begin.
struct Unusable {
    text: String,
    outcome: Outcome,
}

impl From<Error> for Unusable {
    fn from(error: Error) -> Self {
        let of_device = error.kind() == ErrorKind::Device;
        let outcome = if of_device { Outcome::Failed } else { Outcome::WrongUsage };
        Self { text: error.to_string(), outcome }
    }
}

/// Everything a session needs besides its plan.
struct Opened {
    client: PipecatClient,
    targets: Targets,
    signals: Signals,
    /// The notification of the microphone's end; `None` without a microphone that ends.
    microphone: Option<tokio::sync::watch::Receiver<bool>>,
    endless: bool,
    recording: Option<RecorderStatus>,
    film: Option<video::Recording>,
    /// Whether keys of the terminal turn the microphone off and on.
    has_keys: bool,
    push_to_talk: bool,
    trace: TraceFile,
}

fn open(target: &TargetArgs, args: &SessionArgs) -> Result<Opened, Unusable> {
    let mut options = client_options(target, args);
    let mut machine = Machine::default();
    let microphone = args.mic.open(&mut machine)?.map(|OpenMicrophone { source, played }| {
        options.microphone = Some(source);
        played
    });
    let recording = args.speaker.open(&mut machine)?.and_then(|OpenSpeaker { sink, recording }| {
        options.speaker = Some(sink);
        recording
    });
    let film = video::open(&mut options, &args.cam, args.screen, &args.video)?;
    let failed = |text: String| Unusable { text, outcome: Outcome::Failed };
    let client = PipecatClient::new(options).map_err(|error| failed(error.to_string()))?;
    register(&client, &args.functions);
    let signals = Signals::new().map_err(|error| failed(format!("can't listen for Ctrl-C: {error}")))?;
    let trace = TraceFile::create(args.trace.clone())
        .map_err(|text| Unusable { text, outcome: Outcome::WrongUsage })?;
    let endless = args.mic.is_endless();
    Ok(Opened {
        client,
        targets: Targets::new(target, args.timeout(target))?,
        signals,
        microphone: microphone.filter(|_| !endless),
        endless,
        recording,
        film,
        has_keys: args.mic != Microphone::None && args.script.is_none() && !args.json,
        push_to_talk: args.push_to_talk,
        trace,
    })
}

/// The client's options from the command line.
fn client_options(target: &TargetArgs, args: &SessionArgs) -> PipecatClientOptions {
    let mut options = target.choice().client_options();
    let timeout = args.timeout(target);
    options.client.timeouts.start = timeout;
    options.client.timeouts.open = args.open_timeout.or(Some(timeout));
    options.client.timeouts.bot_ready = Some(timeout);
    options.client.reconnect =
        ReconnectPolicy { max_attempts: args.reconnect(target), ..ReconnectPolicy::default() };
    options.client.about = about();
    options.client.voice.push_to_talk = args.push_to_talk.then(PushToTalk::default);
    options.client.voice.audio_processing = processing(args);
    options.client.voice.mic_release_after =
        options.client.voice.mic_release_after.filter(|_| !args.keep_mic);
    options
}

/// The processing of the microphone's audio; the client's default if no option changes it.
fn processing(args: &SessionArgs) -> Option<AudioProcessing> {
    let mut wanted = AudioProcessing::ALL;
    wanted.echo_cancellation &= !args.no_aec;
    wanted.noise_suppression &= !args.no_ns;
    wanted.gain_control &= !args.no_agc;
    let says_nothing = wanted == AudioProcessing::ALL;
    let is_device = matches!(args.mic, Microphone::Device(_));
    (is_device && !says_nothing).then_some(wanted)
}

/// How the client identifies itself.
pub(crate) fn about() -> AboutClient {
    let mut about = AboutClient::default();
    about.platform_details.insert("app".to_owned(), concat!("rtvi ", env!("CARGO_PKG_VERSION")).into());
    about
}

/// Answers the bot's calls of these functions.
pub(crate) fn register(client: &PipecatClient, functions: &[Named]) {
    for function in functions {
        let result = function.value.clone().unwrap_or_default();
        client.register_function_call_handler(function.name.clone(), move |_| {
            std::future::ready(Ok::<_, Infallible>(result.clone()))
        });
    }
}

async fn carry_out(plan: Plan, output: Box<dyn Output>, opened: Opened) -> Outcome {
    let Opened { client, targets, signals, microphone, endless, recording, film, .. } = opened;
    let (has_keys, push_to_talk) = (opened.has_keys, opened.push_to_talk);
    let keys = if has_keys { Keys::new(push_to_talk) } else { None };
    let parts = Parts { client: client.clone(), targets, output, signals, keys, played: microphone, endless };
    let mut executor = Executor::new(parts, &plan);
    let origin = plan.origin;
    let stop = executor.run(plan.steps).await;
    let mut outcome = executor.facts.outcome(origin, stop.as_ref());
    if let Some(Stop::Output(error)) = &stop {
        complain(&format!("can't write the output: {error}"));
        return outcome;
    }
    let film_error = film.and_then(|film| film.error());
    if let Some(error) = recording.and_then(|recording| recording.error()).or(film_error) {
        complain(error.message());
        outcome = Outcome::Failed;
    }
    let summary = summarise(&client, &executor.facts, outcome);
    if let Err(error) = executor.output.summary(&summary) {
        complain(&format!("can't write the summary: {error}"));
        return Outcome::Failed;
    }
    outcome
}

fn summarise(client: &PipecatClient, facts: &Facts, outcome: Outcome) -> Summary {
    let audio = client.audio_stats();
    let took = |(began, ready): (Instant, Instant)| output::millis(ready.duration_since(began));
    let usage = Usage::now();
    let frames = facts.frames.total();
    Summary {
        outcome,
        bot_ready_ms: facts.began.zip(facts.ready).map(took),
        audio_sent_seconds: output::rounded(audio.sent.as_secs_f64()),
        audio_received_seconds: output::rounded(audio.received.as_secs_f64()),
        video_frames_sent: frames.camera,
        video_frames_received: frames.bot,
        screen_frames_sent: frames.screen,
        video_freezes: frames.freezes,
        reconnects: facts.reconnects,
        cpu_seconds: usage.cpu_seconds.map(output::rounded),
        peak_rss_bytes: usage.peak_rss_bytes,
    }
}

/// Sends the client's logs to stderr, and no others: the logs of its dependencies are not useful
/// here.
pub(crate) fn log_to_stderr(level: Level) {
    use tracing_subscriber::{
        filter::{LevelFilter, Targets},
        layer::SubscriberExt,
        util::SubscriberInitExt,
    };
    let most = match level {
        Level::None => LevelFilter::OFF,
        Level::Error => LevelFilter::ERROR,
        Level::Warn => LevelFilter::WARN,
        Level::Info => LevelFilter::INFO,
        Level::Debug => LevelFilter::DEBUG,
    };
    let ours = Targets::new().with_target("rtvi", most);
    let lines = tracing_subscriber::fmt().with_max_level(most).with_ansi(false).with_writer(io::stderr);
    lines.finish().with(ours).init();
}
