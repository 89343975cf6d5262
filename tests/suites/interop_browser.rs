//! The official JavaScript client in headless Chromium, against a real Pipecat server and against
//! the demo bot.
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::{net::Ipv6Addr, time::Duration};

use hound::{SampleFormat, WavSpec, WavWriter};
use rtvi_bot::{BotOptions, DemoBot};
use rtvi_tests::{Browser, BrowserOptions, PipecatServer, ServerKind, speech};
use serde_json::{Value, json};

/// The format of espeak-ng's output.
const SPOKEN: WavSpec =
    WavSpec { channels: 1, sample_rate: 22_050, bits_per_sample: 16, sample_format: SampleFormat::Int };
/// Samples before the words, from the opening of the microphone: longer than connecting takes.
const PAUSE: usize = 5 * 22_050;

/// A bot, and how the official client reaches it.
struct Bot {
    http_url: String,
    /// Whether it sends the headers that allow a page of another origin to connect.
    is_open_to_pages: bool,
    _real: Option<PipecatServer>,
    _demo: Option<DemoBot>,
}

impl Bot {
    async fn real() -> Self {
        let server = PipecatServer::start(ServerKind::Voice, &[]).await;
        let http_url = server.target().start_url.trim_end_matches("/start").to_owned();
        Self { http_url, is_open_to_pages: false, _real: Some(server), _demo: None }
    }

    async fn demo(options: BotOptions) -> Self {
        let bot = DemoBot::start(options).await.expect("the bot starts");
        Self { http_url: bot.http_url(), is_open_to_pages: true, _real: None, _demo: Some(bot) }
    }

    /// The official client's connect parameters.
    fn params(&self, transport: &str) -> Value {
        match transport {
            "websocket" => json!({"wsUrl": self.http_url.replacen("http", "ws", 1) + "/ws"}),
            _ => json!({"webrtcRequestParams": {"endpoint": format!("{}/api/offer", self.http_url)}}),
        }
    }

    fn options(&self) -> BrowserOptions {
        BrowserOptions { foreign_origins: !self.is_open_to_pages, ..BrowserOptions::default() }
    }
}

/// A file for the browser's microphone: a pause, the words, and a pause.
async fn words(folder: &tempfile::TempDir) -> std::path::PathBuf {
    let path = folder.path().join("words.wav");
    let mut file = WavWriter::create(&path, SPOKEN).expect("the file can be made");
    let mut samples = vec![0; PAUSE];
    samples.extend(speech("Hello, can you hear me?").await);
    samples.resize(samples.len() + PAUSE, 0);
    for sample in samples {
        file.write_sample(sample).expect("the file can be written");
    }
    file.finalize().expect("the file can be written");
    path
}

/// A complete session: handshake, messages in both directions, a function call, and the user's and
/// the bot's voice.
async fn whole_session(bot: Bot, transport: &str) {
    let folder = tempfile::tempdir().expect("there is room for a file");
    let options = BrowserOptions { speech: Some(words(&folder).await), ..bot.options() };
    let mut browser = Browser::start(&options, json!({"transport": transport})).await;
    let ready = browser.call("connect", json!([bot.params(transport)])).await;
    assert_eq!(ready["version"], "2.2.0", "{ready}");
    let before = browser.call("traffic", json!([])).await;

    browser.wait_for("userStartedSpeaking").await;
    browser.wait_for("userStoppedSpeaking").await;
    browser.wait_for("botStartedSpeaking").await;
    browser.wait_until_event("botOutput", |output| output["spoken_status"] == "completed").await;
    browser.wait_for("botStoppedSpeaking").await;
    let after = browser.call("traffic", json!([])).await;
    assert_bot_was_heard(transport, &before, &after);

    messages(&mut browser).await;
    browser.call("disconnect", json!([])).await;
    browser.wait_for("disconnected").await;
    assert_eq!(browser.call("state", json!([])).await, "disconnected");
    for trouble in ["error", "messageError", "deviceError", "pageError", "playFailed"] {
        assert_eq!(browser.all(trouble), Vec::<&Value>::new(), "{trouble}");
    }
}

async fn messages(browser: &mut Browser) {
    let language = browser.call("sendClientRequest", json!(["get-language", null])).await;
    assert_eq!(language, json!({"language": "en-US"}));
    browser.call("answerFunction", json!(["get_weather", {"conditions": "sunny"}])).await;
    browser.call("sendText", json!(["How is the weather"])).await;
    let stopped = browser.wait_for("llmFunctionCallStopped").await;
    assert_eq!(stopped["result"], json!({"conditions": "sunny"}));
    browser
        .wait_until_event("botOutput", |output| {
            output["text"].as_str().is_some_and(|text| text.contains("sunny"))
        })
        .await;
}

fn assert_bot_was_heard(transport: &str, before: &Value, after: &Value) {
    let grown = |name: &str| after[name].as_f64().unwrap_or(0.0) - before[name].as_f64().unwrap_or(0.0);
    if transport == "websocket" {
        assert!(grown("receivedBytes") > 30_000.0, "a second of audio: {before} {after}");
        return;
    }
    assert!(grown("inbound") > 50.0 && grown("outbound") > 50.0, "a second each way: {before} {after}");
    assert!(grown("energy") > 0.001, "the bot was loud: {before} {after}");
}

#[tokio::test]
async fn real_server_over_websocket() {
    whole_session(Bot::real().await, "websocket").await;
}

#[tokio::test]
async fn real_server_over_webrtc() {
    whole_session(Bot::real().await, "webrtc").await;
}

#[tokio::test]
async fn demo_bot_over_websocket() {
    whole_session(Bot::demo(BotOptions::default()).await, "websocket").await;
}

#[tokio::test]
async fn demo_bot_over_webrtc() {
    whole_session(Bot::demo(BotOptions::default()).await, "webrtc").await;
}

/// A page without a microphone gets mDNS names for its own addresses. The bot must look them up or
/// work without them.
#[tokio::test]
async fn demo_bot_with_mdns_candidates() {
    let bot = Bot::demo(BotOptions::default()).await;
    let client = json!({"transport": "webrtc", "microphone": false});
    let options = BrowserOptions { no_microphone: true, ..bot.options() };
    let mut browser = Browser::start(&options, client).await;
    browser.call("connect", json!([bot.params("webrtc")])).await;
    let candidates = browser.all("candidate");
    assert!(
        candidates.iter().any(|candidate| candidate.as_str().is_some_and(|text| text.contains(".local"))),
        "{candidates:?}"
    );
    messages(&mut browser).await;
}

#[tokio::test]
async fn demo_bot_on_ipv6_loopback() {
    let bot = Bot::demo(BotOptions { host: Ipv6Addr::LOCALHOST.into(), ..BotOptions::default() }).await;
    let options = BrowserOptions { loopback: true, ..bot.options() };
    let mut browser = Browser::start(&options, json!({"transport": "webrtc", "remote": "::1"})).await;
    browser.call("connect", json!([bot.params("webrtc")])).await;
    messages(&mut browser).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let traffic = browser.call("traffic", json!([])).await;
    assert_eq!(traffic["pair"]["remote"]["address"], "::1", "{traffic}");
    browser.call("disconnect", json!([])).await;
}

/// A start request from a page of another origin, as an app sends it.
#[tokio::test]
async fn demo_bot_started_from_a_page() {
    let bot = Bot::demo(BotOptions::default()).await;
    let mut browser = Browser::start(&bot.options(), json!({"transport": "webrtc"})).await;
    let request =
        json!({"endpoint": format!("{}/start", bot.http_url), "requestData": {"transport": "webrtc"}});
    browser.call("startBotAndConnect", json!([request])).await;
    browser.call("disconnect", json!([])).await;
}
