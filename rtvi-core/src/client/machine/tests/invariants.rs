//! What holds whatever happens: random inputs in random order.

use std::{collections::HashSet, time::Duration};

use proptest::prelude::*;
use serde_json::json;

use super::bench::Bench;
use crate::{
    client::{
        Event, Track, TrackKind, TransportState,
        machine::{Command, DeviceKind, Input, Levels, Output},
    },
    error::{DeviceErrorKind, Error, ErrorKind},
    media::{AudioDropReason, AudioDropped, DeviceEvent, DeviceInfo},
    protocol::ClientMessage,
    transport::{ApiRequest, CloseReason, ConnectParams, Participant, TransportEvent},
};

/// Something that can happen at any time.
#[derive(Clone, Debug)]
enum Step {
    InitDevices,
    StartBot,
    Connect,
    StartBotAndConnect,
    Disconnect,
    Send,
    Request,
    Drop(u64),
    StartOk,
    StartFailed,
    Opened,
    Message(&'static str),
    Garbage(Vec<u8>),
    Lost,
    OpenFailed,
    BotLeft,
    RoomLeft,
    RoomJoined,
    Somebody(bool),
    Muted(bool),
    Closed,
    Stale,
    Finished(bool),
    Unhandled,
    QueueFull(bool),
    Speech(bool),
    Levels(u8),
    NetworkChanged,
    /// The message sent last is answered or rejected.
    Answer(&'static str),
    Refused,
    Text(usize),
    Keys(&'static str),
    Interrupted,
    BotAudio,
    AudioDropped(bool),
    SmallMessages(usize),
    MicFailed(&'static str),
    SpeakerNews(&'static str),
    MicFlows(bool),
    SpeakerRecovers,
    Wait(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        1 => Just(Step::InitDevices),
        1 => Just(Step::StartBot),
        4 => Just(Step::Connect),
        2 => Just(Step::StartBotAndConnect),
        2 => Just(Step::Disconnect),
        1 => Just(Step::Send),
        2 => Just(Step::Request),
        1 => (1..30u64).prop_map(Step::Drop),
        3 => Just(Step::StartOk),
        1 => Just(Step::StartFailed),
        5 => Just(Step::Opened),
        8 => prop::sample::select(MESSAGES).prop_map(Step::Message),
        1 => prop::collection::vec(any::<u8>(), 0..40).prop_map(Step::Garbage),
        2 => Just(Step::Lost),
        1 => Just(Step::OpenFailed),
        1 => Just(Step::BotLeft),
        1 => Just(Step::RoomLeft),
        1 => Just(Step::RoomJoined),
        1 => any::<bool>().prop_map(Step::Somebody),
        1 => any::<bool>().prop_map(Step::Muted),
        2 => Just(Step::Closed),
        1 => Just(Step::Stale),
        2 => any::<bool>().prop_map(Step::Finished),
        1 => Just(Step::Unhandled),
        1 => any::<bool>().prop_map(Step::QueueFull),
        1 => any::<bool>().prop_map(Step::Speech),
        1 => any::<u8>().prop_map(Step::Levels),
        2 => Just(Step::NetworkChanged),
        3 => prop::sample::select(&["server-response", "error-response", "server-response-broken"][..]).prop_map(Step::Answer),
        1 => Just(Step::Refused),
        1 => (0..1200usize).prop_map(Step::Text),
        1 => prop::sample::select(&["12#", "", "1x", "1"][..]).prop_map(Step::Keys),
        1 => Just(Step::Interrupted),
        1 => Just(Step::BotAudio),
        1 => any::<bool>().prop_map(Step::AudioDropped),
        1 => (100..2000usize).prop_map(Step::SmallMessages),
        1 => prop::sample::select(&["in use", "gone"][..]).prop_map(Step::MicFailed),
        1 => prop::sample::select(&["in use", "gone", ""][..]).prop_map(Step::SpeakerNews),
        1 => any::<bool>().prop_map(Step::MicFlows),
        1 => Just(Step::SpeakerRecovers),
        3 => (0..20_000u64).prop_map(Step::Wait),
    ]
}

const MESSAGES: &[&str] = &[
    r#"{"label":"rtvi-ai","type":"bot-ready","id":"1","data":{"version":"2.2.0"}}"#,
    r#"{"label":"rtvi-ai","type":"bot-ready","id":"1","data":{"version":"2.0.1"}}"#,
    r#"{"label":"rtvi-ai","type":"bot-ready"}"#,
    r#"{"label":"rtvi-ai","type":"user-started-speaking"}"#,
    r#"{"label":"rtvi-ai","type":"user-audio-level","data":{"value":0.5}}"#,
    r#"{"label":"rtvi-ai","type":"bot-output","data":{"text":"Hello."}}"#,
    r#"{"label":"rtvi-ai","type":"Future_1","data":{"text":"Hello."}}"#,
    r#"{"label":"rtvi-ai","type":"llm-function-call","data":{"tool_call_id":"d","function_name":"long name","args":{"a":[1,"b"]}}}"#,
    r#"{"label":"rtvi-ai","type":"bot-started-speaking"}"#,
    r#"{"label":"rtvi-ai","type":"bot-interrupted"}"#,
    r#"{"label":"rtvi-ai","type":"error","data":{"error":"x","fatal":true}}"#,
    r#"{"label":"rtvi-ai","type":"server-response","id":"1","data":{"t":"x"}}"#,
    r#"{"label":"rtvi-ai","type":"user-transcription","data":7}"#,
    r#"{"label":"rtvi-ai","type":"llm-function-call-in-progress","data":{"tool_call_id":"c","function_name":"f"}}"#,
    r#"{"label":"rtvi-ai","type":"llm-function-call-stopped","data":{"tool_call_id":"c","cancelled":true}}"#,
    r#"{"label":"x","type":"bot-ready"}"#,
];

fn participant(id: &str) -> Participant {
    Participant { id: id.to_owned(), name: String::new(), local: false }
}

/// The calls' replies are looked at in the end.
pub(super) const fn ignore(_: u64) {}

#[expect(clippy::too_many_lines, reason = "one arm a step")]
fn apply(bench: &mut Bench, step: Step) {
    let lost = || Error::new(ErrorKind::ConnectionLost, "lost");
    match step {
        Step::InitDevices => ignore(bench.call(Command::InitDevices)),
        Step::StartBot => ignore(bench.call(Command::StartBot(ApiRequest::new("http://h")))),
        Step::Connect => ignore(bench.call(Command::Connect(ConnectParams::default()))),
        Step::StartBotAndConnect => {
            ignore(bench.call(Command::StartBotAndConnect(ApiRequest::new("http://h"))))
        }
        Step::Disconnect => ignore(bench.call(Command::Disconnect)),
        Step::Send => {
            ignore(bench.call(Command::Send { method: "send", message: ClientMessage::DisconnectBot }))
        }
        Step::Request => {
            let timeout = Duration::from_secs(10);
            bench.call(Command::Request { t: "t".to_owned(), d: Some(json!(1)), timeout });
        }
        Step::Drop(call) => bench.feed(Input::CallDropped(call)),
        Step::StartOk => {
            bench.feed(Input::StartAnswered { epoch: bench.epoch, result: Ok(serde_json::Map::new()) })
        }
        Step::StartFailed => bench.feed(Input::StartAnswered { epoch: bench.epoch, result: Err(lost()) }),
        Step::Opened => bench.open(),
        Step::Message(text) => bench.event(TransportEvent::Message(text.into())),
        Step::Garbage(bytes) => bench.event(TransportEvent::Message(bytes.into())),
        Step::Lost => bench.lose(),
        Step::OpenFailed => bench.close(CloseReason::OpenFailed(lost())),
        Step::BotLeft => bench.close(CloseReason::BotLeft { code: None, reason: String::new() }),
        Step::RoomLeft => bench.event(TransportEvent::BotLeft),
        Step::RoomJoined => bench.event(TransportEvent::BotJoined { bot: participant("bot") }),
        Step::Somebody(true) => bench.event(TransportEvent::ParticipantConnected(participant("x"))),
        Step::Somebody(false) => bench.event(TransportEvent::ParticipantLeft(participant("x"))),
        Step::Muted(muted) => bench.event(TransportEvent::MicMuted(muted)),
        Step::Closed => bench.close(CloseReason::Requested),
        Step::Stale => {
            bench.feed(Input::Transport {
                epoch: bench.epoch.wrapping_sub(1),
                event: TransportEvent::Opened { bot: participant("") },
            });
        }
        Step::Finished(ok) => {
            let result = if ok { Ok(json!([1, "long"])) } else { Err("it \"failed\"".repeat(60)) };
            bench.feed(Input::FunctionFinished { tool_call_id: "c".to_owned(), result });
        }
        Step::Unhandled => bench.feed(Input::FunctionUnhandled { tool_call_id: "d".to_owned() }),
        Step::QueueFull(full) => bench.feed(Input::EventQueue { full }),
        Step::Speech(speaking) => bench.feed(Input::LocalSpeech { speaking }),
        Step::Levels(level) => {
            bench.feed(Input::Levels(Levels { local: f32::from(level), remote: f32::from(level % 2) }))
        }
        Step::NetworkChanged => ignore(bench.call(Command::NetworkChanged)),
        Step::Answer(of) => bench.event(TransportEvent::Message(answer(of, &bench.last_sent).into())),
        Step::Refused => bench.feed(Input::SendRefused { id: bench.last_sent.clone() }),
        Step::Text(length) => {
            let message =
                ClientMessage::ClientMessage { t: "ü".repeat(length), d: Some(json!({"a": null})) };
            ignore(bench.call(Command::Send { method: "send", message }));
        }
        Step::Keys(keys) => ignore(bench.call(Command::SendDtmf(keys.to_owned()))),
        Step::Interrupted => bench.event(TransportEvent::Interrupted),
        Step::BotAudio => bench.event(TransportEvent::BotAudioStarted),
        Step::AudioDropped(here) => {
            let dropped = AudioDropped::new(AudioDropReason::Unreadable, Duration::from_millis(20), 1);
            if here {
                bench.feed(Input::AudioDropped(dropped));
            } else {
                bench.event(TransportEvent::AudioDropped(dropped));
            }
        }
        Step::SmallMessages(limit) => bench.event(TransportEvent::MaxMessageSize(limit)),
        Step::MicFailed(why) => {
            let error = Error::device(DeviceErrorKind::InUse, why);
            bench.feed(Input::DeviceFailed { device: DeviceKind::Mic, error });
        }
        Step::SpeakerNews(failure) => {
            bench.feed(Input::DeviceEvent { device: DeviceKind::Speaker, event: device_event(failure) })
        }
        Step::SpeakerRecovers => bench.feed(Input::DeviceRecovered { device: DeviceKind::Speaker }),
        Step::MicFlows(started) => {
            let participant = Participant { id: "me".to_owned(), name: String::new(), local: true };
            bench.feed(Input::Track { started, track: Track { kind: TrackKind::Audio, participant } });
        }
        Step::Wait(millis) => bench.pass(Duration::from_millis(millis)),
    }
}

fn answer(of: &str, id: &str) -> String {
    match of.strip_suffix("-broken") {
        Some(of) => format!(r#"{{"label":"rtvi-ai","type":"{of}","id":"{id}","data":7}}"#),
        None => {
            format!(r#"{{"label":"rtvi-ai","type":"{of}","id":"{id}","data":{{"t":"t","error":"no"}}}}"#)
        }
    }
}

fn device_event(failure: &str) -> DeviceEvent {
    if failure.is_empty() {
        let (id, label) = ("1".to_owned(), "one".to_owned());
        DeviceEvent::Using(DeviceInfo { id, label, is_default: true })
    } else {
        DeviceEvent::Failed(Error::device(DeviceErrorKind::NotFound, failure))
    }
}

/// Follows the outputs and checks what must hold of each.
#[derive(Default)]
pub(super) struct Watch {
    state: Option<TransportState>,
    /// Whether anything but the end was reported since the last end.
    in_session: bool,
}

impl Watch {
    pub(super) fn look(&mut self, outputs: &[Output]) {
        for output in outputs {
            match output {
                Output::Emit(Event::TransportStateChanged(state)) => {
                    assert_ne!(self.state, Some(*state), "a state is reported only when it changes");
                    self.state = Some(*state);
                    self.in_session = true;
                }
                Output::Emit(Event::Disconnected(_)) => {
                    assert_eq!(
                        self.state,
                        Some(TransportState::Disconnected),
                        "the end comes after its state"
                    );
                    assert!(self.in_session, "a session ends once");
                    self.in_session = false;
                }
                Output::Emit(event) => assert!(
                    self.in_session || can_come_outside(event),
                    "{event:?} after the end of the session"
                ),
                Output::Send { .. } => assert!(
                    matches!(self.state, Some(TransportState::Connected | TransportState::Ready)),
                    "sent while {:?}",
                    self.state
                ),
                _ => {}
            }
        }
    }
}

/// Devices come and go at any time, and what could not be sent may be told late.
const fn can_come_outside(event: &Event) -> bool {
    use Event as E;
    matches!(event, E::Error { .. } | E::DeviceError(_) | E::MediaStateUpdated(_) | E::SpeakerUpdated(_))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn nothing_breaks_the_rules(steps in prop::collection::vec(step(), 1..80)) {
        let mut bench = Bench::new();
        let mut watch = Watch::default();
        for step in steps {
            apply(&mut bench, step);
            watch.look(&bench.take());
        }
        settle_everything(&mut bench, &mut watch);
    }
}

/// After a disconnect and two seconds every call has exactly one reply, and nothing is left to wait
/// for.
pub(super) fn settle_everything(bench: &mut Bench, watch: &mut Watch) {
    let last = bench.call(Command::Disconnect);
    bench.pass(Duration::from_secs(2));
    watch.look(&bench.take());
    assert_eq!(bench.state(), TransportState::Disconnected);
    assert_eq!(bench.machine.poll_timeout(), None, "nothing is left to wait for");
    assert!(!watch.in_session || watch.state.is_none(), "the last event is the end");
    let mut settled = HashSet::new();
    for (call, _) in &bench.replies {
        assert!(settled.insert(*call), "call {call} has two replies");
    }
    assert!(settled.contains(&last));
    let unsettled: Vec<_> = (1..=last).filter(|call| !settled.contains(call)).collect();
    assert!(unsettled.iter().all(|call| bench.dropped.contains(call)), "calls {unsettled:?} have no reply");
}
