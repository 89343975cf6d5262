use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message;

use super::*;
use crate::{
    error::ErrorKind,
    media::{AudioFrame, Playout},
    transport::{
        CloseReason, ConnectParams, TransportEvent,
        websocket::framing::{Act, Framing},
    },
};

/// A call, and everything that it asked for.
struct Bench {
    caller: Caller,
    playout: Playout,
    acts: Vec<Act>,
    now: Instant,
}

impl Bench {
    /// A call whose bot has been sent the opening.
    fn opened(provider: PhoneProvider) -> Self {
        let caller = test_caller(provider, [7; 16]).unwrap();
        let mut bench = Self { caller, playout: Playout::default(), acts: Vec::new(), now: Instant::now() };
        bench.caller.open(bench.now, &mut bench.acts);
        bench
    }

    /// The same after the handshake of the client.
    fn ready(provider: PhoneProvider) -> Self {
        let mut bench = Self::opened(provider);
        bench.client(&json!({"type": "client-ready", "id": "1", "data": {}}));
        bench.acts.clear();
        bench
    }

    fn client(&mut self, message: &Value) {
        self.caller.message(message.to_string(), &mut self.acts);
    }

    fn bot(&mut self, message: &Value) -> Result<(), String> {
        let result = self.caller.payload(Message::text(message.to_string()), &self.playout, &mut self.acts);
        self.play();
        result
    }

    /// Does what a pump does with the bot's audio.
    fn play(&mut self) {
        for act in &self.acts {
            match act {
                Act::Play(frame) => self.playout.push(frame.clone()),
                Act::Flush => self.playout.flush(),
                _ => {}
            }
        }
        self.acts.retain(|act| !matches!(act, Act::Play(_) | Act::Flush));
    }

    /// Lets time pass, at the pace of the speaker.
    fn pass(&mut self, time: Duration) {
        let (end, mut out) = (self.now + time, [0; 160]);
        while self.now < end {
            self.now += FRAME;
            self.playout.pull(&mut out, AudioFormat::mono(8_000));
            self.caller.beat(self.now, &self.playout, &mut self.acts);
        }
    }

    /// What was sent and reported since the last call, in short.
    fn take(&mut self) -> Vec<String> {
        let acts = std::mem::take(&mut self.acts);
        acts.iter().map(shown).collect()
    }

    /// The same without audio.
    fn take_events(&mut self) -> Vec<String> {
        let mut events = self.take();
        events.retain(|event| event != "audio");
        events
    }
}

fn shown(act: &Act) -> String {
    match act {
        Act::Send(Message::Text(text)) => {
            let message: Value = serde_json::from_str(text).unwrap();
            let name = ["event", "type"].iter().find_map(|key| message[key].as_str());
            format!("> {}", name.unwrap())
        }
        Act::Report(TransportEvent::Message(text)) => {
            serde_json::from_slice::<Value>(text).unwrap()["type"].as_str().unwrap().to_owned()
        }
        Act::Report(TransportEvent::Opened { .. }) => "opened".to_owned(),
        Act::Report(TransportEvent::BotAudioStarted) => "bot audio".to_owned(),
        Act::Report(TransportEvent::Interrupted) => "interrupted".to_owned(),
        Act::SendAudio(..) => "audio".to_owned(),
        Act::Close(CloseReason::Requested) => "close".to_owned(),
        Act::Close(CloseReason::BotLeft { reason, .. }) => format!("close: {reason}"),
        Act::Close(CloseReason::OpenFailed(error)) => format!("failed: {}", error.message()),
        other => format!("{other:?}"),
    }
}

/// A piece of the bot's voice, as Twilio's bots send it: `0x80` is the loudest sample of µ-law.
fn voice(millis: usize) -> Value {
    use base64::{Engine, engine::general_purpose::STANDARD};
    json!({"event": "media", "media": {"payload": STANDARD.encode(vec![0x80; millis * 8])}})
}

fn genesys(kind: &str, parameters: Value) -> Value {
    let id = "07070707-0707-4707-8707-070707070707";
    json!({"version": "2", "type": kind, "id": id, "seq": 1, "parameters": parameters})
}

fn media() -> Value {
    json!({"media": [{"type": "audio", "format": "PCMU", "rate": 8_000}]})
}

#[tokio::test(start_paused = true)]
async fn a_call_is_open_at_once_and_its_identifiers_are_known() {
    let mut bench = Bench::opened(PhoneProvider::Twilio);
    assert_eq!(bench.take(), ["> connected", "> start", "opened", "audio"]);
    bench.client(&json!({"type": "client-ready", "id": "1", "data": {}}));
    let Some(Act::Report(TransportEvent::Message(text))) = bench.acts.first() else { panic!("no answer") };
    let ready: Value = serde_json::from_slice(text).unwrap();
    assert_eq!(ready["data"]["about"]["library"], "twilio");
    assert_eq!(ready["data"]["about"]["call_id"], format!("CA{}", "07".repeat(16)));
}

#[tokio::test(start_paused = true)]
async fn silence_is_sent_from_the_beginning_on_and_gives_way_to_the_microphone() {
    let mut bench = Bench::ready(PhoneProvider::Twilio);
    bench.pass(Duration::from_secs(1));
    let sent = bench.take();
    assert!((45..=50).contains(&sent.len()) && sent.iter().all(|act| act == "audio"), "{sent:?}");
    let frame = AudioFrame::new(AudioFormat::mono(8_000), [9_000; 160]);
    for _ in 0..50 {
        bench.caller.audio(&frame, &mut bench.acts);
        bench.pass(FRAME);
    }
    let sent = bench.take();
    assert_eq!(sent.iter().filter(|act| *act == "audio").count(), 50);
    assert!(sent.contains(&"user-started-speaking".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn the_bot_is_heard_and_cleared() {
    let mut bench = Bench::ready(PhoneProvider::Twilio);
    bench.bot(&voice(2_000)).unwrap();
    assert_eq!(bench.take(), ["bot audio", "bot-started-speaking"]);
    bench.pass(Duration::from_secs(1));
    assert!(bench.take_events().is_empty());
    bench.bot(&json!({"event": "clear"})).unwrap();
    bench.pass(Duration::from_secs(1));
    assert_eq!(bench.take_events(), ["interrupted", "bot-interrupted", "bot-stopped-speaking"]);
    assert!(bench.playout.stats().flushed > Duration::from_millis(800));
}

#[tokio::test(start_paused = true)]
async fn a_mark_returns_when_its_audio_was_heard_or_dropped() {
    let mut bench = Bench::ready(PhoneProvider::Twilio);
    let mark = json!({"event": "mark", "mark": {"name": "x"}});
    bench.bot(&voice(500)).unwrap();
    bench.bot(&mark).unwrap();
    bench.pass(Duration::from_millis(300));
    assert_eq!(bench.take_events(), ["bot audio", "bot-started-speaking"]);
    bench.pass(Duration::from_millis(400));
    assert_eq!(bench.take_events(), ["> mark"]);
    bench.bot(&voice(60_000)).unwrap();
    bench.bot(&mark).unwrap();
    bench.bot(&json!({"event": "clear"})).unwrap();
    bench.pass(FRAME);
    assert!(bench.take_events().contains(&"> mark".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn keys_are_pressed_and_the_caller_hangs_up() {
    let mut bench = Bench::ready(PhoneProvider::Twilio);
    bench.client(&json!({"type": "dtmf", "id": "1", "data": {"buttons": ["1", "#"]}}));
    assert_eq!(bench.take(), ["> dtmf", "> dtmf"]);
    bench.client(&json!({"type": "send-text", "id": "2", "data": {"content": "x"}}));
    assert_eq!(bench.take(), ["error-response"]);
    bench.client(&json!({"type": "disconnect-bot", "id": "3"}));
    assert_eq!(bench.take(), ["> stop", "close: the caller hung up"]);
    let mut bench = Bench::ready(PhoneProvider::Plivo);
    bench.caller.close(&mut bench.acts);
    assert_eq!(bench.take(), ["close"]);
}

#[tokio::test(start_paused = true)]
async fn genesys_waits_for_its_bot_at_both_ends() {
    let mut bench = Bench::opened(PhoneProvider::Genesys);
    assert_eq!(bench.take(), ["> open"]);
    bench.pass(Duration::from_secs(1));
    assert!(bench.take().is_empty(), "no audio before the bot has taken the call");
    bench.bot(&genesys("opened", media())).unwrap();
    assert_eq!(bench.take(), ["opened", "audio"]);
    bench.pass(Duration::from_secs(6));
    assert_eq!(bench.take_events(), ["> ping"]);
    bench.caller.close(&mut bench.acts);
    assert_eq!(bench.take(), ["> close"]);
    bench.bot(&genesys("closed", json!({}))).unwrap();
    assert_eq!(bench.take(), ["close"]);
}

#[tokio::test(start_paused = true)]
async fn a_bot_of_genesys_hangs_up_with_a_result() {
    let mut bench = Bench::opened(PhoneProvider::Genesys);
    bench.bot(&genesys("opened", media())).unwrap();
    bench.take();
    let parameters = json!({"reason": "completed", "outputVariables": {"intent": "billing"}});
    bench.bot(&genesys("disconnect", parameters)).unwrap();
    assert_eq!(bench.take(), ["> close", "server-message"]);
    let closed = CloseReason::BotLeft { code: Some(1000), reason: String::new() };
    let expected = CloseReason::BotLeft { code: Some(1000), reason: "completed".into() };
    assert_eq!(bench.caller.ended(closed), expected);
    bench.pass(Duration::from_secs(1));
    assert_eq!(bench.take().first().map(String::as_str), Some("close: completed"), "without an answer, too");
}

#[tokio::test(start_paused = true)]
async fn a_bot_that_wants_other_media_does_not_get_the_call() {
    let mut bench = Bench::opened(PhoneProvider::Genesys);
    bench.take();
    let l16 = json!({"media": [{"type": "audio", "format": "L16", "rate": 8_000}]});
    bench.bot(&genesys("opened", l16)).unwrap();
    let failed = bench.take();
    assert!(failed[0].starts_with("failed: Genesys does not accept the media"), "{failed:?}");
}

#[tokio::test(start_paused = true)]
async fn unreadable_payloads_are_reported_and_end_nothing() {
    let mut bench = Bench::ready(PhoneProvider::Twilio);
    let said = bench.bot(&json!({"event": "playAudio"})).unwrap_err();
    assert_eq!(said, "Twilio does not accept the event \"playAudio\"");
    assert!(bench.caller.payload(Message::Binary(Bytes::new()), &bench.playout, &mut bench.acts).is_err());
    bench.bot(&voice(20)).unwrap();
    assert_eq!(bench.take(), ["bot audio", "bot-started-speaking"]);
}

fn create(options: PhoneTransportOptions) -> Result<TransportCapabilities, Error> {
    let request = OpenRequest {
        params: &ConnectParams::websocket("ws://localhost/ws"),
        start: None,
        cookies: &Cookies::default(),
        tls: &TlsOptions::default(),
        attempt: 0,
        mic_enabled: true,
        open_timeout: Duration::from_secs(15),
    };
    PhoneTransport::new(options).create(request).map(|connection| connection.capabilities())
}

#[test]
fn options_are_checked_before_dialling() {
    let rate = |json: Value| {
        let capture = create(serde_json::from_value(json).unwrap()).unwrap().capture.unwrap();
        assert_eq!(capture.frame, FRAME);
        capture.format.sample_rate
    };
    assert_eq!(rate(json!({})), 8_000);
    assert_eq!(rate(json!({"provider": "vonage"})), 16_000);
    assert_eq!(rate(json!({"provider": "vonage", "encoding": "l16-24000"})), 24_000);
    let wrong = json!({"provider": "twilio", "encoding": "pcma"});
    let error = create(serde_json::from_value(wrong).unwrap()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidTransportParams);
    assert_eq!(error.message(), "Twilio does not carry pcma, only pcmu");
    let unknown = serde_json::from_value::<PhoneTransportOptions>(json!({"provider": "pigeon"}));
    assert!(unknown.unwrap_err().to_string().contains("pigeon"));
}

#[test]
fn debug_shows_nothing_about_the_caller() {
    let options =
        json!({"from": "+15550100", "parameters": {"name": "Ada"}, "url": "wss://h/ws?token=secret"});
    let shown = format!("{:?}", serde_json::from_value::<PhoneTransportOptions>(options).unwrap());
    assert!(shown.contains("name") && shown.contains("wss://h/ws"), "{shown}");
    assert!(!["Ada", "secret", "555"].iter().any(|secret| shown.contains(secret)), "{shown}");
}
