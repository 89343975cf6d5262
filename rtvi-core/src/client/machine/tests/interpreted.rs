//! Sessions with servers that do not speak RTVI: whatever such a server and the app do, what the
//! interpreter makes of it follows the rules of the protocol and of the machine.

use std::time::{Duration, Instant};

use bytes::Bytes;
use proptest::prelude::*;
use serde_json::json;

use super::{
    bench::{Bench, SECOND},
    invariants::{Watch, ignore, settle_everything},
};
use crate::{
    client::{
        Conversation, Event, TransportState,
        machine::{Command, Output},
    },
    media::PlayoutStats,
    protocol::{ClientMessage, Decoded, Incoming, ServerMessage, decode},
    transport::{
        CloseReason, TransportEvent,
        interpreter::{Interpreter, Wish},
    },
};

const FRAME: Duration = Duration::from_millis(20);

/// Something that the server, the app or the user does.
#[derive(Clone, Debug)]
enum Step {
    Connect,
    Disconnect,
    DisconnectBot,
    Opened,
    BotAudio { loud: bool, frames: u8 },
    UserAudio { loud: bool, frames: u8 },
    Cleared,
    Rtvi(&'static str),
    News,
    Keys(&'static str),
    Text,
    Request,
    Lost,
    Left,
    Play(u16),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => Just(Step::Connect),
        1 => Just(Step::Disconnect),
        1 => Just(Step::DisconnectBot),
        5 => Just(Step::Opened),
        8 => (any::<bool>(), 1..60u8).prop_map(|(loud, frames)| Step::BotAudio { loud, frames }),
        6 => (any::<bool>(), 1..60u8).prop_map(|(loud, frames)| Step::UserAudio { loud, frames }),
        3 => Just(Step::Cleared),
        1 => prop::sample::select(RTVI).prop_map(Step::Rtvi),
        1 => Just(Step::News),
        2 => prop::sample::select(&["1", "12#", "x", ""][..]).prop_map(Step::Keys),
        2 => Just(Step::Text),
        2 => Just(Step::Request),
        1 => Just(Step::Lost),
        1 => Just(Step::Left),
        6 => (1..3_000u16).prop_map(Step::Play),
    ]
}

const RTVI: &[&str] = &[
    r#"{"label":"rtvi-ai","type":"bot-ready","id":"1","data":{"version":"2.0.0"}}"#,
    r#"{"label":"rtvi-ai","type":"bot-llm-started"}"#,
];

/// A client, and a server of whose doings an interpreter makes RTVI.
struct Session {
    bench: Bench,
    watch: Watch,
    interpreter: Interpreter,
    conversation: Conversation,
    clock: Instant,
    stats: PlayoutStats,
    /// Who is speaking, as the app knows: the user and the bot.
    speaking: [bool; 2],
    /// Whether the server has reported for itself, so that the order is its own.
    speaks_rtvi: bool,
    keys: String,
}

impl Session {
    fn new() -> Self {
        Self {
            bench: Bench::new(),
            watch: Watch::default(),
            interpreter: interpreter(),
            conversation: Conversation::default(),
            clock: tokio::time::Instant::now().into_std(),
            stats: PlayoutStats::default(),
            speaking: [false; 2],
            speaks_rtvi: false,
            keys: String::new(),
        }
    }

    fn apply(&mut self, step: &Step) {
        match *step {
            Step::Connect => ignore(self.bench.connect()),
            Step::Disconnect => ignore(self.bench.call(Command::Disconnect)),
            Step::DisconnectBot => self.send("disconnect_bot", ClientMessage::DisconnectBot),
            Step::Opened => self.open(),
            Step::BotAudio { loud, frames } => self.bot_audio(loud, frames),
            Step::UserAudio { loud, frames } => self.user_audio(loud, frames),
            Step::Cleared => self.clear(),
            Step::Rtvi(text) => {
                self.speaks_rtvi = true;
                self.interpret(|interpreter, out| interpreter.on_rtvi(text.into(), out));
            }
            Step::News => self.bench.event(TransportEvent::Message(Interpreter::news(json!({"type": "x"})))),
            Step::Keys(keys) => ignore(self.bench.call(Command::SendDtmf(keys.to_owned()))),
            Step::Text => {
                let message = ClientMessage::ClientMessage { t: "t".to_owned(), d: None };
                self.send("send_client_message", message);
            }
            Step::Request => {
                let timeout = 10 * SECOND;
                self.bench.call(Command::Request { t: "t".to_owned(), d: None, timeout });
            }
            Step::Lost => self.bench.lose(),
            Step::Left => self.bench.close(CloseReason::BotLeft { code: Some(1000), reason: String::new() }),
            Step::Play(millis) => self.play(Duration::from_millis(millis.into())),
        }
        self.follow();
    }

    fn send(&mut self, method: &'static str, message: ClientMessage) {
        self.bench.call(Command::Send { method, message });
    }

    /// Every connection has an interpreter and a playout of its own.
    fn open(&mut self) {
        if self.bench.state() == TransportState::Connecting {
            (self.interpreter, self.speaks_rtvi, self.stats) =
                (interpreter(), false, PlayoutStats::default());
            self.speaking = [false; 2];
        }
        self.bench.open();
    }

    fn interpret(&mut self, what: impl FnOnce(&mut Interpreter, &mut Vec<Bytes>)) {
        let mut out = Vec::new();
        what(&mut self.interpreter, &mut out);
        out.into_iter().for_each(|text| self.check_and_report(text));
    }

    /// Every message is valid, and nobody begins or ends twice.
    fn check_and_report(&mut self, text: Bytes) {
        let Decoded::Message(Incoming { message, .. }) = decode(&text) else { panic!("{text:?}") };
        assert!(!matches!(message, ServerMessage::Unknown { .. }), "{text:?}");
        let change = match message {
            ServerMessage::UserStartedSpeaking => Some((0, true)),
            ServerMessage::UserStoppedSpeaking => Some((0, false)),
            ServerMessage::BotStartedSpeaking => Some((1, true)),
            ServerMessage::BotStoppedSpeaking => Some((1, false)),
            ServerMessage::BotInterrupted => {
                assert!(self.speaking[1], "only a speaking bot is interrupted");
                None
            }
            _ => None,
        };
        if let Some((who, began)) = change {
            assert_ne!(self.speaking[who], began, "{text:?} twice");
            self.speaking[who] = began;
        }
        self.bench.event(TransportEvent::Message(text));
    }

    fn bot_audio(&mut self, loud: bool, frames: u8) {
        let samples = [if loud { 5_000 } else { 5 }; 160];
        for _ in 0..frames {
            let stats = self.stats;
            self.interpret(|interpreter, out| interpreter.on_bot_audio(&samples, FRAME, stats, out));
            self.stats.received += FRAME;
        }
    }

    fn user_audio(&mut self, loud: bool, frames: u8) {
        let samples = [if loud { 5_000 } else { 5 }; 160];
        for _ in 0..frames {
            self.interpret(|interpreter, out| interpreter.on_user_audio(&samples, FRAME, out));
        }
    }

    fn clear(&mut self) {
        self.stats.flushed = self.stats.received - self.stats.played;
        self.bench.event(TransportEvent::Interrupted);
        self.interpret(Interpreter::on_cleared);
        if !self.speaks_rtvi {
            assert!(!self.speaking[1], "an interrupted bot is silent");
        }
    }

    fn play(&mut self, time: Duration) {
        let end = self.clock + time;
        while self.clock < end {
            self.clock += FRAME;
            let stats = &mut self.stats;
            stats.played = (stats.played + FRAME).min(stats.received - stats.flushed);
            let (now, stats) = (self.clock, self.stats);
            self.interpret(|interpreter, out| interpreter.on_tick(now, stats, out));
        }
        self.bench.pass(time);
    }

    /// Delivers what the machine sends to the interpreter, until nothing follows.
    fn follow(&mut self) {
        loop {
            let outputs = self.bench.take();
            if outputs.is_empty() {
                return;
            }
            self.watch.look(&outputs);
            for output in outputs {
                match output {
                    Output::Send { text, .. } => self.deliver(&text),
                    Output::Emit(event) => self.see(&event),
                    _ => {}
                }
            }
        }
    }

    fn deliver(&mut self, text: &str) {
        let mut wish = Wish::Nothing;
        self.interpret(|interpreter, out| wish = interpreter.on_client(text, out));
        match wish {
            Wish::Nothing => {}
            Wish::Keys(keys) => self.keys.extend(keys),
            Wish::HangUp => self.bench.close(CloseReason::BotLeft { code: None, reason: String::new() }),
        }
    }

    fn see(&mut self, event: &Event) {
        assert!(!matches!(event, Event::ProtocolError { .. }), "{event:?}");
        self.conversation.apply(event);
    }
}

fn interpreter() -> Interpreter {
    Interpreter::new("the test".into(), json!({"library": "test"}))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn every_conversation_follows_the_rules(steps in prop::collection::vec(step(), 1..60)) {
        let mut session = Session::new();
        for step in &steps {
            session.apply(step);
        }
        if !session.speaks_rtvi && session.bench.state() == TransportState::Ready {
            session.user_audio(false, 30);
            session.play(Duration::from_secs(90));
            assert_eq!(session.speaking, [false; 2], "who has nothing to say stops speaking");
        }
        session.follow();
        settle_everything(&mut session.bench, &mut session.watch);
    }
}

#[test]
fn an_opened_session_is_ready_and_carries_keys() {
    let mut session = Session::new();
    for step in [Step::Connect, Step::Opened, Step::Keys("12#")] {
        session.apply(&step);
    }
    assert_eq!(session.bench.state(), TransportState::Ready);
    assert_eq!(session.keys, "12#");
    session.bench.take();
    session.apply(&Step::DisconnectBot);
    assert!(matches!(session.bench.state(), TransportState::Disconnecting | TransportState::Disconnected));
}
