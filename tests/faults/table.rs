//! The matrix.

mod way_up;

use rtvi_core::{ErrorKind::*, Phase};

use crate::{
    app::Habit,
    cell::{
        Cell,
        Outcome::{self, Closes, Ends, GoesOn, Leaves, LosesDevice, Recovers, Restored, Starves},
        Over::{LiveKit, SecureWebSocket, WebRtc, WebSocket},
        Row,
        When::{
            self, BotSpeaking, Disconnecting, FunctionRunning, Idle, Reconnecting, RequestPending,
            UserSpeaking,
        },
        cells,
    },
    devices::Defect,
    faults::{
        Answer::{Garbage, Status},
        Fault::*,
    },
    names::Names,
};

/// All sections with their titles.
pub(crate) const SECTIONS: [(&str, &[Row]); 8] = [
    ("The way up", way_up::WAY_UP),
    ("Sessions over WebSocket", WEBSOCKET),
    ("Sessions over WebSocket with TLS", SECURE_WEBSOCKET),
    ("Sessions over WebRTC", WEBRTC),
    ("Sessions in LiveKit rooms", LIVEKIT),
    ("Apps", APPS),
    ("Machines that sleep long", LONG_SLEEP),
    ("Machines and devices", MACHINES),
];

/// All cells.
pub(crate) fn all() -> impl Iterator<Item = Cell> {
    SECTIONS.into_iter().flat_map(|(_, rows)| cells(rows))
}

/// Every phase in which a session is ready.
const IN_SESSION: &[When] = &[Idle, UserSpeaking, BotSpeaking, RequestPending, FunctionRunning];

/// The same for a bot that hears no audio.
const IN_ROOM: &[When] = &[Idle, BotSpeaking, RequestPending, FunctionRunning];

/// The connection was lost and could not be restored.
const LOST: Outcome = Ends { kind: ConnectionLost, phase: Phase::Reconnect };

/// Sessions over WebSocket.
#[rustfmt::skip]
pub(crate) const WEBSOCKET: &[Row] = &[
    Row::new(WebSocket, Reset, IN_SESSION, Restored, 1),
    Row::new(WebSocket, Cut, IN_SESSION, Restored, 1),
    Row::new(WebSocket, HalfOpen, IN_SESSION, Restored, 7),
    Row::new(WebSocket, BlackHole, IN_SESSION, LOST, 14),
    Row::new(WebSocket, Refused, IN_SESSION, LOST, 1),
    Row::new(WebSocket, NameLost(Names::Failing), &[Idle, BotSpeaking], LOST, 1),
    Row::new(WebSocket, NameLost(Names::Silent), &[Idle], LOST, 9),
    Row::new(WebSocket, NameLost(Names::Slow), &[Idle], Restored, 3),
    Row::new(WebSocket, Answered(Status(302)), &[Idle], LOST, 1),
    Row::new(WebSocket, Answered(Status(401)), &[Idle], LOST, 1),
    Row::new(WebSocket, Answered(Status(404)), &[Idle], LOST, 1),
    Row::new(WebSocket, Answered(Status(503)), IN_SESSION, LOST, 1),
    Row::new(WebSocket, Answered(Garbage), IN_SESSION, LOST, 1),
    Row::new(WebSocket, Slow, IN_SESSION, Starves, 7),
    Row::new(WebSocket, Garbled, IN_SESSION, Restored, 1),
    Row::new(WebSocket, Code(1000), IN_SESSION, Leaves, 1),
    Row::new(WebSocket, Code(1001), IN_SESSION, Restored, 1),
    Row::new(WebSocket, Code(1002), &[Idle], Restored, 1),
    Row::new(WebSocket, Code(1008), &[Idle], Restored, 1),
    Row::new(WebSocket, Code(1011), IN_SESSION, Restored, 1),
    Row::new(WebSocket, Code(4000), &[Idle], Restored, 1),
    Row::new(WebSocket, Misbehaves("stall"), IN_SESSION, Starves, 7),
    Row::new(WebSocket, Misbehaves("flood"), IN_SESSION, GoesOn, 5),
    Row::new(WebSocket, Misbehaves("malformed"), IN_SESSION, GoesOn, 1),
    Row::new(WebSocket, Misbehaves("unknown"), IN_SESSION, GoesOn, 1),
    Row::new(WebSocket, Misbehaves(r#"{"kind":"oversized","n":5000000}"#), IN_SESSION, Restored, 2),
    Row::new(WebSocket, Stopped, IN_SESSION, LOST, 14),
    Row::new(WebSocket, Killed, IN_SESSION, LOST, 1),
    Row::new(WebSocket, Restarted, IN_SESSION, Restored, 2),
    Row::new(WebSocket, Reset, &[Reconnecting], Restored, 1),
    Row::new(WebSocket, Cut, &[Reconnecting], Restored, 1),
    Row::new(WebSocket, Refused, &[Reconnecting], LOST, 1),
    Row::new(WebSocket, Answered(Status(503)), &[Reconnecting], LOST, 1),
    Row::new(WebSocket, Answered(Garbage), &[Reconnecting], LOST, 1),
    Row::new(WebSocket, Slow, &[Reconnecting], LOST, 9),
    Row::new(WebSocket, Light, &[Reconnecting], Restored, 1),
    Row::new(WebSocket, BlackHole, &[Reconnecting], Closes, 1),
    Row::new(WebSocket, Stopped, &[Reconnecting], Closes, 1),
    Row::new(WebSocket, Killed, &[Reconnecting], LOST, 1),
    Row::new(WebSocket, Restarted, &[Reconnecting], Restored, 2),
    Row::new(WebSocket, Reset, &[Disconnecting], Closes, 2),
    Row::new(WebSocket, Cut, &[Disconnecting], Closes, 2),
    Row::new(WebSocket, HalfOpen, &[Disconnecting], Closes, 2),
    Row::new(WebSocket, BlackHole, &[Disconnecting], Closes, 2),
    Row::new(WebSocket, Slow, &[Disconnecting], Closes, 2),
    Row::new(WebSocket, Garbled, &[Disconnecting], Closes, 2),
    Row::new(WebSocket, Misbehaves("flood"), &[Disconnecting], Closes, 2),
    Row::new(WebSocket, Misbehaves("stall"), &[Disconnecting], Closes, 2),
    Row::new(WebSocket, Code(1011), &[Disconnecting], Closes, 2),
    Row::new(WebSocket, Stopped, &[Disconnecting], Closes, 2),
    Row::new(WebSocket, Killed, &[Disconnecting], Closes, 2),
    Row::new(WebSocket, Restarted, &[Disconnecting], Closes, 2),
];

/// Sessions over WebSocket with TLS. A connection that is cut ends without TLS's `close_notify`.
#[rustfmt::skip]
pub(crate) const SECURE_WEBSOCKET: &[Row] = &[
    Row::new(SecureWebSocket, Reset, IN_SESSION, Restored, 1),
    Row::new(SecureWebSocket, Cut, IN_SESSION, Restored, 1),
    Row::new(SecureWebSocket, HalfOpen, IN_SESSION, Restored, 7),
    Row::new(SecureWebSocket, BlackHole, IN_SESSION, LOST, 14),
    Row::new(SecureWebSocket, Refused, IN_SESSION, LOST, 1),
    Row::new(SecureWebSocket, NameLost(Names::Failing), &[Idle, BotSpeaking], LOST, 1),
    Row::new(SecureWebSocket, NameLost(Names::Silent), &[Idle], LOST, 9),
    Row::new(SecureWebSocket, NameLost(Names::Slow), &[Idle], Restored, 3),
    Row::new(SecureWebSocket, Answered(Status(302)), &[Idle], LOST, 1),
    Row::new(SecureWebSocket, Answered(Status(401)), &[Idle], LOST, 1),
    Row::new(SecureWebSocket, Answered(Status(404)), &[Idle], LOST, 1),
    Row::new(SecureWebSocket, Answered(Status(503)), IN_SESSION, LOST, 1),
    Row::new(SecureWebSocket, Answered(Garbage), IN_SESSION, LOST, 1),
    Row::new(SecureWebSocket, Distrusted, IN_SESSION, LOST, 1),
    Row::new(SecureWebSocket, Slow, IN_SESSION, Starves, 7),
    Row::new(SecureWebSocket, Garbled, IN_SESSION, Restored, 1),
    Row::new(SecureWebSocket, Code(1000), IN_SESSION, Leaves, 1),
    Row::new(SecureWebSocket, Code(1001), IN_SESSION, Restored, 1),
    Row::new(SecureWebSocket, Code(1002), &[Idle], Restored, 1),
    Row::new(SecureWebSocket, Code(1008), &[Idle], Restored, 1),
    Row::new(SecureWebSocket, Code(1011), IN_SESSION, Restored, 1),
    Row::new(SecureWebSocket, Code(4000), &[Idle], Restored, 1),
    Row::new(SecureWebSocket, Misbehaves("stall"), IN_SESSION, Starves, 7),
    Row::new(SecureWebSocket, Misbehaves("flood"), IN_SESSION, GoesOn, 5),
    Row::new(SecureWebSocket, Misbehaves("malformed"), IN_SESSION, GoesOn, 1),
    Row::new(SecureWebSocket, Misbehaves(r#"{"kind":"oversized","n":5000000}"#), IN_SESSION, Restored, 2),
    Row::new(SecureWebSocket, Stopped, IN_SESSION, LOST, 14),
    Row::new(SecureWebSocket, Killed, IN_SESSION, LOST, 1),
    Row::new(SecureWebSocket, Restarted, IN_SESSION, Restored, 2),
    Row::new(SecureWebSocket, Reset, &[Reconnecting], Restored, 1),
    Row::new(SecureWebSocket, Cut, &[Reconnecting], Restored, 1),
    Row::new(SecureWebSocket, Refused, &[Reconnecting], LOST, 1),
    Row::new(SecureWebSocket, Answered(Status(503)), &[Reconnecting], LOST, 1),
    Row::new(SecureWebSocket, Answered(Garbage), &[Reconnecting], LOST, 1),
    Row::new(SecureWebSocket, Distrusted, &[Reconnecting], LOST, 1),
    Row::new(SecureWebSocket, Slow, &[Reconnecting], LOST, 9),
    Row::new(SecureWebSocket, Light, &[Reconnecting], Restored, 1),
    Row::new(SecureWebSocket, BlackHole, &[Reconnecting], Closes, 1),
    Row::new(SecureWebSocket, Stopped, &[Reconnecting], Closes, 1),
    Row::new(SecureWebSocket, Killed, &[Reconnecting], LOST, 1),
    Row::new(SecureWebSocket, Restarted, &[Reconnecting], Restored, 2),
    Row::new(SecureWebSocket, Reset, &[Disconnecting], Closes, 2),
    Row::new(SecureWebSocket, Cut, &[Disconnecting], Closes, 2),
    Row::new(SecureWebSocket, HalfOpen, &[Disconnecting], Closes, 2),
    Row::new(SecureWebSocket, BlackHole, &[Disconnecting], Closes, 2),
    Row::new(SecureWebSocket, Slow, &[Disconnecting], Closes, 2),
    Row::new(SecureWebSocket, Garbled, &[Disconnecting], Closes, 2),
    Row::new(SecureWebSocket, Misbehaves("flood"), &[Disconnecting], Closes, 2),
    Row::new(SecureWebSocket, Misbehaves("stall"), &[Disconnecting], Closes, 2),
    Row::new(SecureWebSocket, Code(1011), &[Disconnecting], Closes, 2),
    Row::new(SecureWebSocket, Stopped, &[Disconnecting], Closes, 2),
    Row::new(SecureWebSocket, Killed, &[Disconnecting], Closes, 2),
    Row::new(SecureWebSocket, Restarted, &[Disconnecting], Closes, 2),
];

/// Sessions over WebRTC.
#[rustfmt::skip]
pub(crate) const WEBRTC: &[Row] = &[
    Row::new(WebRtc, Misbehaves("drop"), IN_SESSION, Restored, 7),
    Row::new(WebRtc, Misbehaves("freeze"), IN_SESSION, Restored, 7),
    Row::new(WebRtc, Misbehaves("peer-left"), IN_SESSION, Leaves, 1),
    Row::new(WebRtc, Misbehaves("close"), IN_SESSION, Leaves, 1),
    Row::new(WebRtc, Misbehaves("stall"), &[Idle], GoesOn, 1),
    Row::new(WebRtc, Misbehaves("renegotiate"), &[Idle, BotSpeaking], GoesOn, 1),
    Row::new(WebRtc, Misbehaves("flood"), &[Idle, UserSpeaking], GoesOn, 5),
    Row::new(WebRtc, Misbehaves("malformed"), &[Idle, BotSpeaking], GoesOn, 1),
    Row::new(WebRtc, Misbehaves("unknown"), &[Idle], GoesOn, 1),
    Row::new(WebRtc, BlackHole, IN_SESSION, LOST, 14),
    Row::new(WebRtc, Refused, IN_SESSION, LOST, 7),
    Row::new(WebRtc, Answered(Status(302)), &[Idle], LOST, 7),
    Row::new(WebRtc, Answered(Status(401)), &[Idle], LOST, 7),
    Row::new(WebRtc, Answered(Status(404)), &[Idle], LOST, 7),
    Row::new(WebRtc, Answered(Status(503)), &[Idle, RequestPending], LOST, 10),
    Row::new(WebRtc, Answered(Garbage), &[Idle, RequestPending], LOST, 10),
    Row::new(WebRtc, NameLost(Names::Failing), &[Idle], LOST, 10),
    Row::new(WebRtc, NameLost(Names::Silent), &[Idle], LOST, 14),
    Row::new(WebRtc, Light, &[Reconnecting], Restored, 2),
    Row::new(WebRtc, Refused, &[Reconnecting], LOST, 5),
    Row::new(WebRtc, Answered(Status(503)), &[Reconnecting], LOST, 5),
    Row::new(WebRtc, Answered(Garbage), &[Reconnecting], LOST, 5),
    Row::new(WebRtc, BlackHole, &[Reconnecting], Closes, 1),
    Row::new(WebRtc, Stopped, &[Reconnecting], Closes, 1),
    Row::new(WebRtc, Killed, &[Reconnecting], LOST, 5),
    Row::new(WebRtc, Restarted, &[Reconnecting], Restored, 5),
    Row::new(WebRtc, BlackHole, &[Disconnecting], Closes, 2),
    Row::new(WebRtc, Refused, &[Disconnecting], Closes, 2),
    Row::new(WebRtc, Misbehaves("drop"), &[Disconnecting], Closes, 2),
    Row::new(WebRtc, Misbehaves("freeze"), &[Disconnecting], Closes, 2),
    Row::new(WebRtc, Misbehaves("stall"), &[Disconnecting], Closes, 2),
    Row::new(WebRtc, Misbehaves("flood"), &[Disconnecting], Closes, 2),
    Row::new(WebRtc, Stopped, IN_SESSION, LOST, 14),
    Row::new(WebRtc, Killed, IN_SESSION, LOST, 10),
    Row::new(WebRtc, Restarted, IN_SESSION, Restored, 7),
    Row::new(WebRtc, Stopped, &[Disconnecting], Closes, 2),
    Row::new(WebRtc, Killed, &[Disconnecting], Closes, 2),
    Row::new(WebRtc, Restarted, &[Disconnecting], Closes, 2),
];

/// Sessions in the rooms of a LiveKit server. Network faults happen to its signalling; the processes
/// and the misbehaviour are the bot's.
#[rustfmt::skip]
pub(crate) const LIVEKIT: &[Row] = &[
    Row::new(LiveKit, Reset, IN_ROOM, GoesOn, 1),
    Row::new(LiveKit, Cut, IN_ROOM, GoesOn, 1),
    Row::new(LiveKit, HalfOpen, IN_ROOM, GoesOn, 1),
    Row::new(LiveKit, Garbled, IN_ROOM, GoesOn, 1),
    Row::new(LiveKit, Slow, &[Idle], GoesOn, 1),
    Row::new(LiveKit, BlackHole, &[Idle, FunctionRunning], LOST, 16),
    Row::new(LiveKit, Refused, IN_ROOM, LOST, 3),
    Row::new(LiveKit, Answered(Status(401)), &[Idle], LOST, 3),
    Row::new(LiveKit, Answered(Status(404)), &[Idle], LOST, 3),
    Row::new(LiveKit, Answered(Status(503)), &[Idle, RequestPending], LOST, 3),
    Row::new(LiveKit, Answered(Garbage), &[Idle], LOST, 3),
    Row::new(LiveKit, Misbehaves("malformed"), IN_ROOM, GoesOn, 1),
    Row::new(LiveKit, Misbehaves("unknown"), &[Idle], GoesOn, 1),
    Row::new(LiveKit, Misbehaves("flood"), &[Idle], GoesOn, 5),
    Row::new(LiveKit, Misbehaves("stall"), &[Idle], Starves, 7),
    Row::new(LiveKit, Misbehaves("drop"), IN_ROOM, Leaves, 1),
    Row::new(LiveKit, Code(1000), IN_ROOM, Leaves, 1),
    Row::new(LiveKit, Stopped, &[Idle, RequestPending], Starves, 7),
    Row::new(LiveKit, Killed, IN_ROOM, Leaves, 1),
    Row::new(LiveKit, Light, &[Reconnecting], Restored, 2),
    Row::new(LiveKit, Refused, &[Reconnecting], LOST, 1),
    Row::new(LiveKit, Answered(Status(503)), &[Reconnecting], LOST, 1),
    Row::new(LiveKit, BlackHole, &[Reconnecting], Closes, 1),
    Row::new(LiveKit, Reset, &[Disconnecting], Closes, 2),
    Row::new(LiveKit, HalfOpen, &[Disconnecting], Closes, 2),
    Row::new(LiveKit, BlackHole, &[Disconnecting], Closes, 2),
    Row::new(LiveKit, Refused, &[Disconnecting], Closes, 2),
    Row::new(LiveKit, Misbehaves("flood"), &[Disconnecting], Closes, 2),
    Row::new(LiveKit, Stopped, &[Disconnecting], Closes, 2),
];

/// Apps.
#[rustfmt::skip]
pub(crate) const APPS: &[Row] = &[
    Row::new(WebSocket, App(Habit::ReadsNoEvents), &[Idle], Ends { kind: ConsumerStalled, phase: Phase::Session }, 13),
    Row::new(WebSocket, App(Habit::ReadsNoEvents), &[Disconnecting], Closes, 2),
    Row::new(WebSocket, App(Habit::LeftEventsUnread), &[Reconnecting], Ends { kind: ConsumerStalled, phase: Phase::Session }, 13),
    Row::new(WebSocket, App(Habit::Blocks), &[Idle], GoesOn, 1),
    Row::new(WebSocket, App(Habit::BlocksBetweenEvents), &[Idle], GoesOn, 1),
    Row::new(WebSocket, App(Habit::BlocksInFunction), &[Idle], GoesOn, 1),
    Row::new(WebSocket, App(Habit::CannotDecide { times: 1_000, clients: 1 }), &[Idle], GoesOn, 30),
    Row::new(WebSocket, App(Habit::DropsClients(50)), &[Idle], GoesOn, 5),
    Row::new(WebRtc, App(Habit::ReadsNoEvents), &[Idle], Ends { kind: ConsumerStalled, phase: Phase::Session }, 13),
    Row::new(WebRtc, App(Habit::ReadsNoEvents), &[Disconnecting], Closes, 2),
    Row::new(WebRtc, App(Habit::LeftEventsUnread), &[Reconnecting], Ends { kind: ConsumerStalled, phase: Phase::Session }, 13),
    Row::new(WebRtc, App(Habit::Blocks), &[Idle], GoesOn, 1),
    Row::new(WebRtc, App(Habit::BlocksBetweenEvents), &[Idle], GoesOn, 1),
    Row::new(WebRtc, App(Habit::BlocksInFunction), &[Idle], GoesOn, 1),
    Row::new(WebRtc, App(Habit::CannotDecide { times: 125, clients: 8 }), &[Idle], GoesOn, 30),
    Row::new(WebRtc, App(Habit::DropsClients(6)), &[Idle], GoesOn, 10),
];

/// Machines that are suspended for longer than any server waits.
#[rustfmt::skip]
pub(crate) const LONG_SLEEP: &[Row] = &[
    Row::new(WebSocket, Suspended(60), &[Idle], Recovers, 60 + 5),
    Row::new(SecureWebSocket, Suspended(60), &[Idle], Recovers, 60 + 5),
    Row::new(WebRtc, Suspended(60), &[Idle], Recovers, 60 + 5),
];

/// Machines and devices.
#[rustfmt::skip]
pub(crate) const MACHINES: &[Row] = &[
    Row::new(WebSocket, Suspended(6), IN_SESSION, Recovers, 6 + 5),
    Row::new(WebSocket, Suspended(6), &[Reconnecting], Restored, 6 + 5),
    Row::new(WebSocket, ClockSet(48), &[Idle, BotSpeaking, RequestPending, FunctionRunning], GoesOn, 1),
    Row::new(WebSocket, ClockSet(-48), &[Idle, BotSpeaking, RequestPending, FunctionRunning], GoesOn, 1),
    Row::new(WebSocket, Breaks(Defect::MicEnds), &[Idle, BotSpeaking], GoesOn, 1),
    Row::new(WebSocket, Breaks(Defect::MicStalls), &[Idle, BotSpeaking], GoesOn, 1),
    Row::new(WebSocket, Breaks(Defect::MicPanics), &[Idle, BotSpeaking], LosesDevice, 1),
    Row::new(WebSocket, Breaks(Defect::SpeakerStalls), &[Idle, BotSpeaking], GoesOn, 1),
    Row::new(WebSocket, Breaks(Defect::SpeakerPanics), &[Idle, BotSpeaking], LosesDevice, 1),
    Row::new(WebRtc, Suspended(6), IN_SESSION, Recovers, 6 + 5),
    Row::new(WebRtc, Suspended(6), &[Reconnecting], Restored, 6 + 5),
    Row::new(WebRtc, ClockSet(48), &[Idle, BotSpeaking, RequestPending, FunctionRunning], GoesOn, 1),
    Row::new(WebRtc, ClockSet(-48), &[Idle, BotSpeaking, RequestPending, FunctionRunning], GoesOn, 1),
    Row::new(WebRtc, Breaks(Defect::MicEnds), &[Idle, BotSpeaking], GoesOn, 1),
    Row::new(WebRtc, Breaks(Defect::MicStalls), &[Idle, BotSpeaking], GoesOn, 1),
    Row::new(WebRtc, Breaks(Defect::MicPanics), &[Idle, BotSpeaking], LosesDevice, 1),
    Row::new(WebRtc, Breaks(Defect::SpeakerStalls), &[Idle, BotSpeaking], GoesOn, 1),
    Row::new(WebRtc, Breaks(Defect::SpeakerPanics), &[Idle, BotSpeaking], LosesDevice, 1),
];
