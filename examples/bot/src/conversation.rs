//! The bot's side of one session, without I/O: inputs, outputs and their times.
//!
//! Time is the duration since the session opened, passed in by the caller, so that tests run in
//! virtual time. The queue of immediate outputs is emptied before the next input is read. The
//! longest reply and [`MAX_DELAYED`] bound the timelines.

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use rtvi_core::protocol::frame::AudioRawFrame;
use serde_json::Value;

use crate::{
    BotOptions, Fault, FaultPlan, Moment, Protocol, handshake::Client, inbound, listening::Listening,
    log::SessionLog, messages, misbehave, pacing::Timeline, reply::Manner, speaking::Speaking, wire,
};

/// The number of delayed answers and faults that may wait at the same time. A further request gets
/// an `error-response`.
pub(crate) const MAX_DELAYED: usize = 64;

/// The time from `disconnect-bot` or a fatal error until the bot leaves.
const LEAVING: Duration = Duration::from_millis(100);

/// Messages that servers of RTVI 1.x do not know.
const NEWER_MESSAGES: [&str; 12] = [
    "user-input",
    "bot-interrupted",
    "vad-user-started-speaking",
    "vad-user-stopped-speaking",
    "stt-raw-text",
    "user-audio-level",
    "bot-audio-level",
    "llm-function-call-started",
    "llm-function-call-in-progress",
    "llm-function-call-stopped",
    "user-mute-started",
    "user-mute-stopped",
];

/// An action for the link.
#[derive(Debug, PartialEq)]
pub(crate) enum Output {
    /// Send an RTVI message.
    Message(Value),
    /// Send text that is not an RTVI message.
    Text(String),
    /// Send bytes that no client understands.
    Binary(Bytes),
    /// Play this to the user.
    Audio(AudioRawFrame),
    /// Drop the audio that the user has not heard yet.
    Interruption { number: u64 },
    /// Ask for another offer, on links with offers.
    Renegotiate,
    /// Open another channel, on links with channels.
    OpenChannel,
    /// Report that the bot has left, but stay, on links with a message for it.
    PeerLeft,
    /// Send a close frame and end.
    Close { code: u16, reason: String },
    /// End without a close frame.
    Drop,
    /// End as abruptly as the link can.
    Reset,
    /// Send nothing on its own any more; the link stays alive.
    Stall,
    /// Stop everything.
    Freeze,
}

/// Something that a session records about its link.
#[cfg(feature = "webrtc")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Note {
    /// The client's keep-alive ping.
    Ping,
    /// The client reports whether it sends the track of this receiver.
    TrackStatus { receiver: u64, enabled: bool },
    /// The data channel is open.
    ChannelOpen,
    /// Another peer connection took over.
    Restarted,
}

/// Something that becomes due.
#[derive(Debug, PartialEq)]
pub(crate) enum Step {
    /// Send a message.
    Send(Value),
    /// The bot starts speaking.
    StartSpeaking,
    /// The next chunk of the voice.
    Speech,
    /// The bot stops speaking.
    StopSpeaking,
    /// Answer the client-ready with this id.
    BotReady(String),
    /// Misbehave.
    Misbehave(Fault),
    /// Leave.
    Leave,
}

/// One session's state.
pub(crate) struct Conversation {
    pub(crate) options: Arc<BotOptions>,
    pub(crate) log: SessionLog,
    pub(crate) client: Client,
    pub(crate) listening: Listening,
    pub(crate) keys: String,
    pub(crate) later: Timeline<Step>,
    /// The fault that changes the answer to `client-ready`.
    pub(crate) ready_fault: Option<Fault>,
    /// The next number and the end of a flood.
    pub(crate) flood: Option<(u32, u32)>,
    plan: Option<FaultPlan>,
    outbox: VecDeque<Output>,
    pub(crate) speaking: Speaking,
    greeted: bool,
    frames: u64,
    began: SystemTime,
}

impl Conversation {
    /// Creates a session that has just opened.
    pub(crate) fn new(options: Arc<BotOptions>, plan: Option<FaultPlan>, log: SessionLog) -> Self {
        Self {
            log,
            client: Client::default(),
            listening: Listening::default(),
            keys: String::new(),
            later: Timeline::default(),
            ready_fault: None,
            flood: None,
            plan,
            outbox: VecDeque::new(),
            speaking: Speaking::new(options.function_detail),
            options,
            greeted: false,
            frames: 0,
            began: SystemTime::now(),
        }
    }

    /// Starts the faults that the plan wants from the beginning.
    pub(crate) fn open(&mut self) {
        let mut faults = self.plan.iter().map(|plan| &plan.fault);
        self.ready_fault = faults.find(|fault| misbehave::changes_ready(fault)).cloned();
        self.start_plan(Moment::Open, Duration::ZERO);
    }

    /// Starts the planned fault if its moment has come. Returns whether it does.
    pub(crate) fn start_plan(&mut self, moment: Moment, now: Duration) -> bool {
        let plan = self.plan.as_ref().filter(|plan| plan.at == moment);
        let Some(plan) = plan.filter(|plan| !misbehave::changes_ready(&plan.fault)) else { return false };
        self.later.add(now + plan.delay(), Step::Misbehave(plan.fault.clone()));
        true
    }

    /// Handles an RTVI message as text. Ignores text that is not JSON, as the server does.
    pub(crate) fn receive_text(&mut self, now: Duration, text: &str) {
        if let Ok(message) = serde_json::from_str::<Value>(text) {
            inbound::receive(self, now, &message);
        }
    }

    /// Records a report from the link.
    #[cfg(feature = "webrtc")]
    pub(crate) fn note(&self, note: Note) {
        self.log.update(|record| record.note(note));
    }

    /// Records the client's close code.
    pub(crate) fn note_close(&self, code: u16) {
        self.log.update(|record| record.close_code = Some(code));
    }

    /// The next thing to do at `now`.
    pub(crate) fn poll(&mut self, now: Duration) -> Option<Output> {
        self.check_listening(now);
        while self.outbox.is_empty() {
            let Some(step) = self.later.pop(now).or_else(|| self.speaking.saying.pop(now)) else { break };
            self.step(now, step);
        }
        self.outbox.pop_front().or_else(|| misbehave::flood(self))
    }

    /// When [`Conversation::poll`] has the next thing to do; `None` if only input can change that.
    pub(crate) fn next_due(&self) -> Option<Duration> {
        if !self.outbox.is_empty() || self.flood.is_some() {
            return Some(Duration::ZERO);
        }
        let times = [self.later.next_due(), self.speaking.saying.next_due(), self.listening.deadline()];
        times.into_iter().flatten().min()
    }

    /// Queues a message, unless the bot's protocol is too old for it.
    pub(crate) fn send(&mut self, message: Value) {
        let kind = message.get("type").and_then(Value::as_str).unwrap_or_default();
        if self.options.protocol == Protocol::V2 || !NEWER_MESSAGES.contains(&kind) {
            self.outbox.push_back(Output::Message(message));
        }
    }

    /// Queues an output.
    pub(crate) fn output(&mut self, output: Output) {
        self.outbox.push_back(output);
    }

    /// Queues the end of the speech that the user has not heard yet.
    pub(crate) fn send_interruption(&mut self) {
        self.frames += 1;
        self.outbox.push_back(Output::Interruption { number: self.frames });
    }

    /// Queues audio under a new frame number.
    pub(crate) fn send_audio(&mut self, pcm: Bytes, sample_rate: u32) {
        self.frames += 1;
        self.outbox.push_back(Output::Audio(wire::audio(self.frames, pcm, sample_rate)));
    }

    /// Sends `message` after `delay`. Returns false if too much is already waiting.
    pub(crate) fn send_later(&mut self, due: Duration, step: Step) -> bool {
        let free = self.later.len() < MAX_DELAYED;
        if free {
            self.later.add(due, step);
        }
        free
    }

    /// The wall-clock time in the server's format.
    pub(crate) fn timestamp(&self, now: Duration) -> String {
        messages::timestamp(self.began + now)
    }

    /// Makes the bot leave after a moment.
    pub(crate) fn leave(&mut self, now: Duration) {
        self.later.add(now + self.options.paced(LEAVING), Step::Leave);
    }

    fn step(&mut self, now: Duration, step: Step) {
        match step {
            Step::Send(message) => self.send(message),
            Step::StartSpeaking => self.start_speaking(),
            Step::Speech => self.speech(),
            Step::StopSpeaking => self.stop_speaking(),
            Step::BotReady(id) => self.bot_ready(now, &id),
            Step::Misbehave(fault) => misbehave::apply(self, &fault),
            Step::Leave => self.output(Output::Close { code: 1000, reason: String::new() }),
        }
    }

    /// Tells the client that the bot is ready. The first time, it also greets the client and starts
    /// the planned fault.
    fn bot_ready(&mut self, now: Duration, id: &str) {
        self.send(self.client.bot_ready(&self.options, id));
        if std::mem::replace(&mut self.greeted, true) {
            return;
        }
        if let Some(greeting) = self.options.greeting.clone() {
            self.say(now, &crate::text::sentences(&greeting), Manner::Announced);
        }
        self.start_plan(Moment::Ready, now);
    }
}

#[cfg(test)]
mod tests;
