use super::*;
use crate::protocol::{Decoded, decode};

const FRAME: Duration = Duration::from_millis(20);
const SPEECH: [i16; 160] = [5_000; 160];
const SILENCE: [i16; 160] = [3; 160];

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// An interpreter and what it has said.
struct Bench {
    interpreter: Interpreter,
    out: Vec<Bytes>,
    now: Instant,
    stats: PlayoutStats,
}

impl Bench {
    fn new() -> Self {
        let interpreter = Interpreter::new("the test".into(), json!({"library": "test"}));
        Self {
            interpreter,
            out: Vec::new(),
            now: tokio::time::Instant::now().into_std(),
            stats: PlayoutStats::default(),
        }
    }

    fn ready() -> Self {
        let mut bench = Self::new();
        assert_eq!(bench.client(&json!({"type": "client-ready", "id": "r", "data": {}})), Wish::Nothing);
        assert_eq!(bench.said(), ["bot-ready"]);
        bench
    }

    fn client(&mut self, message: &Value) -> Wish {
        self.interpreter.on_client(&message.to_string(), &mut self.out)
    }

    fn bot(&mut self, samples: &[i16], frames: u32) {
        for _ in 0..frames {
            self.interpreter.on_bot_audio(samples, FRAME, self.stats, &mut self.out);
            self.stats.received += FRAME;
        }
    }

    fn user(&mut self, samples: &[i16], frames: u32) {
        for _ in 0..frames {
            self.interpreter.on_user_audio(samples, FRAME, &mut self.out);
        }
    }

    /// Plays what waits, for this long.
    fn play(&mut self, time: Duration) {
        let end = self.now + time;
        while self.now < end {
            self.now += FRAME;
            self.stats.played = (self.stats.played + FRAME).min(self.stats.received - self.stats.flushed);
            self.interpreter.on_tick(self.now, self.stats, &mut self.out);
        }
    }

    /// The types of the messages since the last call; all of them are valid RTVI.
    fn said(&mut self) -> Vec<String> {
        self.out
            .drain(..)
            .map(|text| {
                assert!(matches!(decode(&text), Decoded::Message(_)), "{text:?}");
                let message: Value = serde_json::from_slice(&text).unwrap();
                message["type"].as_str().unwrap().to_owned()
            })
            .collect()
    }
}

#[tokio::test(start_paused = true)]
async fn the_bot_speaks_until_its_audio_was_heard() {
    let mut bench = Bench::ready();
    bench.bot(&SILENCE, 50);
    assert!(bench.said().is_empty());
    bench.play(ms(1_000));
    bench.bot(&SPEECH, 100);
    assert_eq!(bench.said(), ["bot-started-speaking"], "two seconds arrive at once");
    bench.bot(&SILENCE, 100);
    bench.play(ms(1_900));
    assert!(bench.said().is_empty(), "it is still being heard");
    bench.play(ms(700));
    assert_eq!(bench.said(), ["bot-stopped-speaking"], "long before the silence was played");
}

#[tokio::test(start_paused = true)]
async fn a_pause_between_sentences_ends_nothing() {
    let mut bench = Bench::ready();
    for _ in 0..3 {
        bench.bot(&SPEECH, 20);
        bench.play(ms(400));
        bench.play(ms(400));
    }
    assert_eq!(bench.said(), ["bot-started-speaking"]);
}

#[tokio::test(start_paused = true)]
async fn cleared_audio_interrupts_a_speaking_bot_only() {
    let mut bench = Bench::ready();
    bench.interpreter.on_cleared(&mut bench.out);
    assert!(bench.said().is_empty());
    bench.bot(&SPEECH, 100);
    bench.play(ms(200));
    bench.stats.flushed = bench.stats.received - bench.stats.played;
    bench.interpreter.on_cleared(&mut bench.out);
    assert_eq!(bench.said(), ["bot-started-speaking", "bot-interrupted", "bot-stopped-speaking"]);
    bench.play(ms(1_000));
    assert!(bench.said().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_click_is_no_speech_and_a_breath_no_end() {
    let mut bench = Bench::ready();
    bench.user(&SPEECH, 2);
    bench.user(&SILENCE, 5);
    assert!(bench.said().is_empty());
    bench.user(&SPEECH, 10);
    bench.user(&SILENCE, 20);
    bench.user(&SPEECH, 10);
    assert_eq!(bench.said(), ["user-started-speaking"]);
    bench.user(&SILENCE, 25);
    assert_eq!(bench.said(), ["user-stopped-speaking"]);
}

#[tokio::test(start_paused = true)]
async fn what_happened_before_the_handshake_is_reported_after_it() {
    let mut bench = Bench::new();
    bench.bot(&SPEECH, 1);
    assert!(bench.said().is_empty());
    bench.client(&json!({"type": "client-ready", "id": "7"}));
    let ready: Value = serde_json::from_slice(&bench.out[0]).unwrap();
    assert_eq!((&ready["id"], &ready["data"]["about"]["library"]), (&json!("7"), &json!("test")));
    assert_eq!(bench.said(), ["bot-ready", "bot-started-speaking"]);
}

#[test]
fn messages_are_carried_out_or_refused_with_their_id() {
    let mut bench = Bench::new();
    assert_eq!(bench.client(&json!({"type": "disconnect-bot", "id": "1"})), Wish::HangUp);
    let keys = json!({"type": "dtmf", "id": "2", "data": {"buttons": ["1", "#"]}});
    assert_eq!(bench.client(&keys), Wish::Keys(vec!['1', '#']));
    assert_eq!(
        bench.client(&json!({"type": "dtmf", "id": "3", "data": {"button": "5"}})),
        Wish::Keys(vec!['5'])
    );
    for kind in ["send-text", "client-message", "append-to-context", "send-file", "ui-event"] {
        assert_eq!(bench.client(&json!({"type": kind, "id": kind, "data": {"t": "x"}})), Wish::Nothing);
        let refusal: Value = serde_json::from_slice(&bench.out.pop().unwrap()).unwrap();
        assert_eq!((&refusal["type"], &refusal["id"]), (&json!("error-response"), &json!(kind)));
        let text = refusal["data"]["error"].as_str().unwrap();
        assert!(text.starts_with(&format!("the test does not take {kind}:")), "{text}");
    }
    assert_eq!(bench.interpreter.on_client("no JSON", &mut bench.out), Wish::Nothing);
    assert!(bench.out.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_server_that_speaks_rtvi_reports_by_itself() {
    let mut bench = Bench::ready();
    bench.bot(&SPEECH, 1);
    let own = |kind: &str| message(kind, None, None);
    bench.interpreter.on_rtvi(own("bot-llm-started"), &mut bench.out);
    assert_eq!(bench.said(), ["bot-started-speaking", "bot-stopped-speaking", "bot-llm-started"]);
    bench.bot(&SPEECH, 10);
    bench.user(&SPEECH, 10);
    bench.interpreter.on_cleared(&mut bench.out);
    bench.play(ms(2_000));
    assert!(bench.said().is_empty());
    bench.interpreter.on_rtvi(own("bot-ready"), &mut bench.out);
    bench.interpreter.on_rtvi(own("bot-started-speaking"), &mut bench.out);
    assert_eq!(bench.said(), ["bot-started-speaking"]);
}
