//! The camera through the whole client to a real Pipecat bot, which echoes it, and back to a
//! display.
#![expect(clippy::disallowed_methods, reason = "the times are those of a real call")]

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use rtvi_core::{
    Error,
    media::video::{VideoAccepts, VideoFormat, VideoInput, VideoOutput, VideoSink, VideoSource},
};
use rtvi_tests::{
    Session, Target,
    network::{Conditions, HostileNetwork, Impairment},
    video::VideoBot,
};
use rtvi_video::{Codecs, PatternSource};
use serde_json::Value;
use tokio::time::{sleep, timeout};

/// How long pictures may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
/// One call at a time: encoding takes the machine's time.
static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// The numbers of pictures, and when each was last seen.
#[derive(Clone, Debug, Default)]
struct Times(Arc<Mutex<BTreeMap<u16, Instant>>>);

impl Times {
    fn get(&self) -> MutexGuard<'_, BTreeMap<u16, Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The longest pause between two pictures, each of which may come in any order.
    fn longest_pause(&self) -> Duration {
        let mut times: Vec<Instant> = self.get().values().copied().collect();
        times.sort_unstable();
        times.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or_default()
    }
}

/// A camera that sees the test pattern.
struct Camera {
    pattern: PatternSource,
    given: Times,
}

impl VideoSource for Camera {
    fn start(&mut self, wanted: VideoFormat) -> Result<(), Error> {
        self.pattern.start(wanted)
    }

    fn read(&mut self) -> Option<VideoInput> {
        let input = self.pattern.read()?;
        if let VideoInput::Pixels(frame) = &input
            && let Some(number) = PatternSource::number(frame)
        {
            self.given.get().insert(number, Instant::now());
        }
        Some(input)
    }

    fn failure(&self) -> Option<Error> {
        self.pattern.failure()
    }

    fn stop(&mut self) {
        self.pattern.stop();
    }
}

/// A display that reads the numbers of the pictures.
struct Display(Times);

impl VideoSink for Display {
    fn accepts(&self) -> VideoAccepts {
        VideoAccepts::Pixels
    }

    fn write(&mut self, output: VideoOutput) {
        let VideoOutput::Pixels(frame) = output else { return };
        assert_eq!((frame.width, frame.height), (640, 480));
        if let Some(number) = PatternSource::number(&frame) {
            self.0.get().entry(number).or_insert_with(Instant::now);
        }
    }

    fn stop(&mut self) {}
}

/// A client that shows its camera to a bot and displays the echo.
struct Call {
    session: Session,
    given: Times,
    shown: Times,
}

impl Call {
    async fn open(url: String, has_screen: bool) -> Self {
        let (given, shown) = (Times::default(), Times::default());
        let camera = Camera { pattern: PatternSource::new(), given: given.clone() };
        let mut session = Session::with(|options| {
            options.camera = Some(Box::new(camera));
            options.screen = has_screen.then(|| Box::new(PatternSource::new()) as Box<dyn VideoSource>);
            options.video = Some(Box::new(Display(shown.clone())));
            options.video_codecs = Some(Arc::new(Codecs));
            options.client.enable_cam = true;
            options.client.enable_screen_share = has_screen;
        });
        session.connect(&Target { offer_url: Some(url), ..Target::default() }).await;
        Self { session, given, shown }
    }

    /// Waits for the bot's picture.
    async fn picture(&mut self) {
        let is_bots = |track: &Value| track["kind"] == "video" && track["participant"]["local"] == false;
        self.session.wait_until("trackStarted", is_bots).await;
    }

    /// Waits until so many pictures have been shown. A busy machine encodes few of them.
    async fn pictures(&self, count: usize) {
        let shown = async {
            while self.shown.get().len() < count {
                sleep(Duration::from_millis(20)).await;
            }
        };
        let shown = timeout(PATIENCE, shown).await;
        assert!(shown.is_ok(), "only {} of {count} pictures came", self.shown.get().len());
    }

    /// How many pictures the camera gave, and how many of them were shown.
    fn counts(&self) -> (usize, usize) {
        let (given, shown) = (self.given.get(), self.shown.get());
        (given.len(), given.keys().filter(|number| shown.contains_key(number)).count())
    }

    /// How long a picture took from the camera to the display: the median.
    fn echo(&self) -> Duration {
        let (given, shown) = (self.given.get(), self.shown.get());
        let took = |(number, at): (&u16, &Instant)| Some(shown.get(number)?.saturating_duration_since(*at));
        let mut times: Vec<Duration> = given.iter().filter_map(took).collect();
        times.sort_unstable();
        times.get(times.len() / 2).copied().unwrap_or_default()
    }

    /// When the first event of this name came.
    fn first(&self, name: &str) -> Option<Instant> {
        self.session.heard().iter().find(|heard| heard.event.name() == name).map(|heard| heard.at)
    }
}

#[tokio::test]
async fn the_camera_comes_back_and_so_it_does_after_the_network_changed() {
    let _turn = TURN.lock().await;
    let bot = VideoBot::start(&[]).await;
    let mut call = Call::open(bot.offer_url(), false).await;
    call.picture().await;
    let first = call.shown.get().values().min().copied().expect("a picture is shown");
    call.pictures(100).await;
    let (given, shown) = call.counts();
    let since = |name| call.first(name).map(|at| first.saturating_duration_since(at));
    eprintln!(
        "{shown} of {given} shown, echo {:?}, first picture {:?} after connected, {:?} after botReady",
        call.echo(),
        since("connected"),
        since("botReady")
    );

    call.session.client.network_changed().await.expect("the client takes it");
    call.session.wait_for("reconnecting").await;
    call.shown.get().clear();
    call.picture().await;
    call.pictures(30).await;
    assert!(bot.seen().await.camera.frames >= 30);
    call.session.client.disconnect().await.expect("the client disconnects");
}

#[tokio::test]
async fn camera_and_screen_get_through_a_network_that_loses_two_percent() {
    let _turn = TURN.lock().await;
    let bot = VideoBot::start(&[]).await;
    let conditions = Conditions::both(Impairment::loss(0.02));
    let network = HostileNetwork::start(bot.offer_url().trim_end_matches("/api/offer"), 7, conditions).await;
    let mut call = Call::open(format!("{}/api/offer", network.url()), true).await;
    call.picture().await;
    call.pictures(150).await;
    let (given, shown) = call.counts();
    let seen = bot.seen().await;
    eprintln!(
        "{shown} of {given} shown, {} camera and {} screen pictures seen, pauses {:?} shown, {:.3} {:.3} seen",
        seen.camera.frames,
        seen.screen.frames,
        call.shown.longest_pause(),
        seen.camera.longest_pause(),
        seen.screen.longest_pause()
    );
    assert!(seen.screen.frames >= 20, "{}", seen.screen.frames);
    call.session.client.disconnect().await.expect("the client disconnects");
}
