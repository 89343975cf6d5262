//! The camera through the whole client to a real Pipecat bot, which echoes it, and back to a
//! display.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use rtvi_core::media::video::VideoSource;
use rtvi_tests::{
    Session, Target,
    network::{Conditions, HostileNetwork, Impairment},
    video::{Ear, Eye, Moments, NumberedCamera, NumberedDisplay, Times, VideoBot},
};
use rtvi_video::{Codecs, PatternSource};
use serde_json::Value;
use tokio::time::{sleep, timeout};

/// How long pictures may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
/// One call at a time: encoding takes the machine's time.
static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// A client that shows its camera to a bot and displays the echo.
struct Call {
    session: Session,
    given: Times,
    shown: Times,
}

impl Call {
    async fn open(url: String, has_screen: bool) -> Self {
        let (given, shown) = (Times::default(), Times::default());
        let camera = NumberedCamera::new(given.clone());
        let mut session = Session::with(|options| {
            options.camera = Some(Box::new(camera));
            options.screen = has_screen.then(|| Box::new(PatternSource::new()) as Box<dyn VideoSource>);
            options.video = Some(Box::new(NumberedDisplay::new(shown.clone())));
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
    call.pictures(100).await;
    let first = call.shown.first().expect("pictures were shown");
    let echo = call.given.until(&call.shown);
    let since = |name| call.first(name).map(|at| first.saturating_duration_since(at));
    eprintln!(
        "{} of {} shown, echo {:?}, first picture {:?} after connected, {:?} after botReady",
        echo.len(),
        call.given.get().len(),
        echo.get(echo.len() / 2),
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
    let seen = bot.seen().await;
    eprintln!(
        "{} of {} shown, {} camera and {} screen pictures seen, pauses {:?} shown, {:.3} {:.3} seen",
        call.given.until(&call.shown).len(),
        call.given.get().len(),
        seen.camera.frames,
        seen.screen.frames,
        call.shown.longest_pause(),
        seen.camera.longest_pause(),
        seen.screen.longest_pause()
    );
    assert!(seen.screen.frames >= 20, "{}", seen.screen.frames);
    call.session.client.disconnect().await.expect("the client disconnects");
}

/// The bot turns white and sounds at the same moment, and so it must on the client, which has no camera
/// of its own.
#[tokio::test]
async fn the_picture_of_a_bot_that_speaks_comes_with_its_sound() {
    let _turn = TURN.lock().await;
    let bot = VideoBot::start(&["--avatar"]).await;
    let (white, tones) = (Moments::default(), Moments::default());
    let mut session = Session::with(|options| {
        options.speaker = Some(Box::new(Ear::new(tones.clone())));
        options.video = Some(Box::new(Eye::new(white.clone())));
        options.video_codecs = Some(Arc::new(Codecs));
    });
    session.connect(&Target { offer_url: Some(bot.offer_url()), ..Target::default() }).await;
    // The clocks are unknown until the first reports, one second after the start.
    let (mut heard, mut medians) = (2, Vec::new());
    // A machine that is busy for a moment spoils a few of them, not three times in a row.
    while medians.len() < 3 && !medians.iter().any(|median: &f64| median.abs() <= 80.0) {
        let enough = async {
            while white.after(&tones).len() < heard + 4 {
                sleep(Duration::from_millis(20)).await;
            }
        };
        let came = timeout(PATIENCE, enough).await;
        let late = white.after(&tones);
        eprintln!("pictures after their sound: {late:.0?} ms");
        assert!(came.is_ok(), "{} pictures, {} tones", white.all().len(), tones.all().len());
        let mut late = late[heard..].to_vec();
        heard += late.len();
        late.sort_by(f64::total_cmp);
        medians.push(late[late.len() / 2]);
    }
    assert!(
        medians.iter().any(|median| median.abs() <= 80.0),
        "the picture is {medians:.0?} ms after its sound"
    );
    session.client.disconnect().await.expect("the client disconnects");
}
