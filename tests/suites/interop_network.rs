//! A real Pipecat server over WebRTC, through a bad network.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::time::Duration;

use futures_util::future::join_all;
use rtvi_core::protocol::SendTextOptions;
use rtvi_tests::{
    PipecatServer, ServerKind, Session, Target,
    network::{Conditions, Counts, HostileNetwork, Impairment},
    speech,
};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep, timeout};

/// Any number; the same number loses the same packets.
const SEED: u64 = 20;

/// A server behind a bad network.
struct Far {
    network: HostileNetwork,
    target: Target,
    _server: PipecatServer,
}

impl Far {
    async fn start(conditions: Conditions) -> Self {
        let server = PipecatServer::start(ServerKind::Voice, &["--only-repeat"]).await;
        let near = server.webrtc_target();
        let offer_url = near.offer_url.clone().expect("the server speaks WebRTC");
        let network = HostileNetwork::start(offer_url.trim_end_matches("/api/offer"), SEED, conditions).await;
        let target = Target { offer_url: Some(format!("{}/api/offer", network.url())), ..near };
        Self { network, target, _server: server }
    }
}

/// The bot hears the user, and the user hears the bot's answer to a text.
///
/// The bot's answer to the speech does not matter: with a fifth of it lost, the bot may understand
/// anything or nothing.
async fn talks(session: &mut Session, words: &[i16]) {
    let before = session.client.audio_stats();
    speaks(session, words).await;
    session.wait_for("userStartedSpeaking").await;
    session.wait_for("userStoppedSpeaking").await;
    session.client.send_text("Are you there", SendTextOptions::default()).await.expect("the text is sent");
    session
        .wait_until("botTranscript", |said| {
            said["text"].as_str().is_some_and(|text| text.contains("Are you"))
        })
        .await;
    session.wait_for("botStoppedSpeaking").await;
    let after = session.client.audio_stats();
    assert!(after.received - before.received > Duration::from_millis(500), "{before:?} {after:?}");
    assert!(after.sent - before.sent > Duration::from_millis(500), "{before:?} {after:?}");
    asks_its_language(session).await;
}

/// The user speaks, and repeats it if nobody heard it. Pipecat does not conceal losses, so the
/// server hears bursts.
async fn speaks(session: &mut Session, words: &[i16]) {
    let times_heard =
        |session: &Session| session.names().iter().filter(|name| *name == "userStartedSpeaking").count();
    let before = times_heard(session);
    for _ in 0..5 {
        session.microphone.say(words).await;
        sleep(Duration::from_secs(1)).await;
        if times_heard(session) > before {
            return;
        }
    }
}

async fn asks_its_language(session: &Session) {
    let answer = session.client.send_client_request("get-language", None, None).await;
    assert_eq!(answer, Ok(Some(json!({"language": "en-US"}))));
}

/// The share of packets that were lost in each direction since `before`, 0 to 1.
fn lost(network: &HostileNetwork, before: Counts) -> [f64; 2] {
    let after = network.counts();
    let (up, down) = (after.up - before.up, after.down - before.down);
    assert!(up > 200 && down > 200, "the call went through the relay: {after:?}");
    [
        (after.up_lost - before.up_lost) as f64 / up as f64,
        (after.down_lost - before.down_lost) as f64 / down as f64,
    ]
}

/// A complete conversation over a network that becomes bad after the call is established.
async fn conversation(impairment: Impairment) {
    let words = speech("Hello, can you hear me?").await;
    let far = Far::start(Conditions::default()).await;
    let mut session = Session::connected(&far.target).await;
    let before = far.network.counts();
    far.network.set(Conditions::both(impairment));
    talks(&mut session, &words).await;
    for lost in lost(&far.network, before) {
        assert!((lost - impairment.loss).abs() < 0.05, "{lost} lost instead of {}", impairment.loss);
    }
    assert_eq!(session.all("reconnecting"), [json!(null); 0]);
    session.client.disconnect().await.expect("the client disconnects");
}

#[tokio::test]
async fn talks_with_5_percent_lost() {
    conversation(Impairment::loss(0.05)).await;
}

#[tokio::test]
async fn talks_with_20_percent_lost() {
    conversation(Impairment::loss(0.2)).await;
}

#[tokio::test]
async fn talks_with_a_jitter_of_100_ms() {
    conversation(Impairment::jitter(Duration::from_millis(100))).await;
}

#[tokio::test]
async fn talks_with_packets_out_of_order_and_twice() {
    conversation(Impairment { reorder: 0.1, duplicate: 0.1, ..Impairment::default() }).await;
}

/// Pipecat also drops such checks. `demo_webrtc` tests two sides without that protection.
#[tokio::test]
async fn connects_while_a_stranger_sends_checks() {
    let far = Far::start(Conditions { has_stranger: true, ..Conditions::default() }).await;
    for session in join_all((0..4).map(|_| Session::connected(&far.target))).await {
        asks_its_language(&session).await;
        session.client.disconnect().await.expect("the client disconnects");
    }
}

/// The next statistics of the bot's audio from the client.
async fn next_figures(session: &Session) -> [u64; 2] {
    let reported = session.all("transportStats").len();
    let figures = timeout(Duration::from_secs(20), async {
        loop {
            if let Some(figures) = session.all("transportStats").get(reported) {
                return figures.clone();
            }
            sleep(Duration::from_millis(50)).await;
        }
    });
    let figures = figures.await.expect("the client reports figures");
    ["packetsRepeated", "packetsLost"].map(|name| figures[name].as_u64().expect("it is a count"))
}

/// Most lost packets of the bot's audio are repeated in time, although requests and answers are
/// lost too.
async fn lost_audio_is_sent_again(loss: f64, at_least: u64) {
    let far = Far::start(Conditions::default()).await;
    let session = Session::connected(&far.target).await;
    let delay = Duration::from_millis(20);
    far.network.set(Conditions::both(Impairment { delay, ..Impairment::loss(loss) }));
    // The buffer adapts to the network; Pipecat's server sends silence all the time.
    next_figures(&session).await;
    next_figures(&session).await;
    let (before, lost_before) = (next_figures(&session).await, far.network.counts().down_lost);
    let enough = timeout(Duration::from_secs(60), async {
        while far.network.counts().down_lost < lost_before + at_least {
            sleep(Duration::from_millis(100)).await;
        }
    });
    enough.await.expect("the server sends");
    next_figures(&session).await;
    let [repeated, lost] = next_figures(&session).await;
    let (repeated, lost) = (repeated - before[0], lost - before[1]);
    assert!(
        repeated > at_least / 2 && lost < repeated,
        "{repeated} repeated, {lost} not, of {at_least} or more"
    );
    session.client.disconnect().await.expect("the client disconnects");
}

#[tokio::test]
async fn audio_is_sent_again_with_10_percent_lost() {
    lost_audio_is_sent_again(0.1, 60).await;
}

#[tokio::test]
async fn connects_in_all_of_20_tries_with_5_percent_lost() {
    let far = Far::start(Conditions::both(Impairment::loss(0.05))).await;
    // Four at a time: most of the time is spent waiting for lost packets to be repeated.
    join_all([5; 4].map(|times| connects(&far.target, times))).await;
}

async fn connects(target: &Target, times: u32) {
    for _ in 0..times {
        let session = Session::connected(target).await;
        asks_its_language(&session).await;
        session.client.disconnect().await.expect("the client disconnects");
    }
}

/// Audio of the bot arrives again after `since`, within this time.
async fn audio_resumes(session: &Session, within: Duration) {
    let begin = Instant::now();
    let before = session.client.audio_stats().received;
    let resumed = timeout(within, async {
        while session.client.audio_stats().received < before + Duration::from_millis(500) {
            sleep(Duration::from_millis(50)).await;
        }
    });
    resumed.await.unwrap_or_else(|_| panic!("no audio after {:?}: {:?}", begin.elapsed(), session.names()));
}

/// Audio resumes without a call of the app, and then the complete conversation works.
async fn recovers(session: &mut Session, words: &[i16]) {
    audio_resumes(session, Duration::from_secs(20)).await;
    let text = SendTextOptions::default();
    let mut sent = Err(());
    for _ in 0..40 {
        sent = session.client.send_text("Are you there", text).await.map_err(|_| ());
        if sent.is_ok() {
            break;
        }
        sleep(Duration::from_millis(250)).await;
    }
    sent.expect("messages are sent again");
    session.wait_for("botStartedSpeaking").await;
    session.wait_for("botStoppedSpeaking").await;
    talks(session, words).await;
    let fatal = session.all("error").into_iter().filter(|error| error["fatal"] == true);
    assert_eq!(fatal.collect::<Vec<Value>>(), Vec::<Value>::new());
}

#[tokio::test]
async fn audio_resumes_after_4_s_of_nothing() {
    let words = speech("Hello, can you hear me?").await;
    let far = Far::start(Conditions::default()).await;
    let mut session = Session::connected(&far.target).await;
    talks(&mut session, &words).await;
    far.network.blackout(Duration::from_secs(4)).await;
    recovers(&mut session, &words).await;
}

#[tokio::test]
async fn audio_resumes_after_12_s_of_nothing() {
    let words = speech("Hello, can you hear me?").await;
    let far = Far::start(Conditions::default()).await;
    let mut session = Session::connected(&far.target).await;
    talks(&mut session, &words).await;
    far.network.blackout(Duration::from_secs(12)).await;
    recovers(&mut session, &words).await;
}

#[tokio::test]
async fn audio_resumes_after_a_change_of_address() {
    let words = speech("Hello, can you hear me?").await;
    let far = Far::start(Conditions::default()).await;
    let mut session = Session::connected(&far.target).await;
    talks(&mut session, &words).await;
    far.network.change_address();
    recovers(&mut session, &words).await;
}

#[tokio::test]
async fn a_change_of_network_that_the_app_reports_is_over_at_once() {
    let words = speech("Hello, can you hear me?").await;
    let far = Far::start(Conditions::default()).await;
    let mut session = Session::connected(&far.target).await;
    talks(&mut session, &words).await;
    far.network.change_address();
    session.client.network_changed().await.expect("the client lives");
    let reason = session.wait_for("reconnecting").await;
    assert!(reason.to_string().contains("the network changed"), "{reason}");
    session.wait_for("botReady").await;
    talks(&mut session, &words).await;
}
