//! The bot's side of one session, without I/O: what comes in, what goes out and when.
//!
//! Time is the duration since the session opened, handed in by the caller, so tests run in virtual time. The queue of
//! immediate outputs is emptied before the next input is taken; the timelines are bounded by the longest reply and by
//! [`MAX_DELAYED`].

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use rtvi_core::protocol::frame::FrameKind as Kind;
use serde_json::{Value, json};

use crate::{
    BotOptions, Fault, FaultPlan, Moment, Protocol,
    functions::{self, Call},
    handshake::Client,
    inbound,
    listening::Listening,
    log::SessionLog,
    messages, misbehave,
    pacing::Timeline,
    reply::{self, Manner, Style},
    speech::{self, Voice},
    wire,
};

/// Delayed answers and faults that may wait at a time; a request beyond them gets an `error-response`.
pub(crate) const MAX_DELAYED: usize = 64;

/// How long after `disconnect-bot` or a fatal error the bot leaves.
const LEAVING: Duration = Duration::from_millis(100);

/// Audio chunks between two `bot-audio-level` messages (160 ms).
const CHUNKS_PER_LEVEL: u32 = 4;

/// Messages that servers of RTVI 1.x do not know.
const NEWER_MESSAGES: [&str; 10] = [
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
];

/// Something for the session to do with the socket.
#[derive(Debug, PartialEq)]
pub(crate) enum Output {
    /// Send an RTVI message.
    Message(Value),
    /// Send a frame.
    Frame(Kind),
    /// Send bytes that are not a frame.
    Binary(Bytes),
    /// Close the WebSocket and end.
    Close { code: u16, reason: String },
    /// End without closing the WebSocket.
    Drop,
    /// End with a TCP reset.
    Reset,
    /// Send nothing any more.
    Stall,
    /// Do nothing any more.
    Freeze,
}

/// Something that becomes due.
#[derive(Debug, PartialEq)]
pub(crate) enum Step {
    /// Send a message.
    Send(Value),
    /// The bot starts to speak.
    StartSpeaking,
    /// The next chunk of the voice.
    Speech,
    /// The bot stops speaking.
    StopSpeaking,
    /// Answer the client-ready of this id.
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
    saying: Timeline<Step>,
    voice: Voice,
    call: Option<Call>,
    speaking: bool,
    greeted: bool,
    chunks: u32,
    segment: u64,
    frames: u64,
    began: SystemTime,
}

impl Conversation {
    /// A session that has just opened.
    pub(crate) fn new(options: Arc<BotOptions>, plan: Option<FaultPlan>, log: SessionLog) -> Self {
        Self {
            options,
            log,
            client: Client::default(),
            listening: Listening::default(),
            keys: String::new(),
            later: Timeline::default(),
            ready_fault: None,
            flood: None,
            plan,
            outbox: VecDeque::new(),
            saying: Timeline::default(),
            voice: Voice::default(),
            call: None,
            speaking: false,
            greeted: false,
            chunks: 0,
            segment: 0,
            frames: 0,
            began: SystemTime::now(),
        }
    }

    /// Starts what the fault plan wants from the beginning.
    pub(crate) fn open(&mut self) {
        let Some(plan) = &self.plan else { return };
        if misbehave::changes_ready(&plan.fault) {
            self.ready_fault = Some(plan.fault.clone());
        } else if plan.at == Moment::Open {
            self.later.add(plan.delay(), Step::Misbehave(plan.fault.clone()));
        }
    }

    /// Takes a binary WebSocket message.
    pub(crate) fn receive(&mut self, now: Duration, bytes: &[u8]) {
        match wire::decode(bytes) {
            Some(Kind::Message(message)) => self.receive_text(now, &message.data),
            Some(Kind::Audio(frame)) => self.hear(now, &frame),
            // The server's serializer reads the other kinds, but its pipeline has no use for them.
            Some(_) | None => {}
        }
    }

    /// Takes an RTVI message as text. Text that is not JSON is ignored, as the server does.
    pub(crate) fn receive_text(&mut self, now: Duration, text: &str) {
        if let Ok(message) = serde_json::from_str::<Value>(text) {
            inbound::receive(self, now, &message);
        }
    }

    /// Notes the client's close code.
    pub(crate) fn note_close(&self, code: u16) {
        self.log.update(|record| record.close_code = Some(code));
    }

    /// The next thing to do at `now`.
    pub(crate) fn poll(&mut self, now: Duration) -> Option<Output> {
        self.check_listening(now);
        while self.outbox.is_empty() {
            let Some(step) = self.later.pop(now).or_else(|| self.saying.pop(now)) else { break };
            self.step(now, step);
        }
        self.outbox.pop_front().or_else(|| misbehave::flood(self))
    }

    /// When [`Conversation::poll`] has something to do next; nothing while only input can change that.
    pub(crate) fn next_due(&self) -> Option<Duration> {
        if !self.outbox.is_empty() || self.flood.is_some() {
            return Some(Duration::ZERO);
        }
        let times = [self.later.next_due(), self.saying.next_due(), self.listening.deadline()];
        times.into_iter().flatten().min()
    }

    /// Queues a message, unless the bot is too old to know it.
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

    /// Queues audio under a new frame number.
    pub(crate) fn send_audio(&mut self, pcm: Bytes, sample_rate: u32) {
        self.frames += 1;
        self.outbox.push_back(Output::Frame(wire::audio(self.frames, pcm, sample_rate)));
    }

    /// Sends `message` after `delay`; false when too much waits already.
    pub(crate) fn send_later(&mut self, due: Duration, step: Step) -> bool {
        let free = self.later.len() < MAX_DELAYED;
        if free {
            self.later.add(due, step);
        }
        free
    }

    /// The wall-clock time as the server writes it.
    pub(crate) fn timestamp(&self, now: Duration) -> String {
        messages::timestamp(self.began + now)
    }

    /// True when the client gets raw texts.
    pub(crate) fn raw_text(&self) -> bool {
        self.options.raw_text && self.client.knows_raw_text() && self.options.protocol == Protocol::V2
    }

    /// Says `sentences`, after what the bot is saying now.
    pub(crate) fn say(&mut self, now: Duration, sentences: &[String], manner: Manner) {
        let style = Style {
            word_progress: self.options.word_progress,
            legacy_client: self.client.is_legacy(),
            legacy_server: self.options.protocol == Protocol::V1,
            metrics: self.options.metrics,
            raw_text: self.raw_text(),
        };
        let start = self.saying.end().unwrap_or(now).max(now);
        for (time, step) in reply::plan(sentences, manner, style, &mut self.segment) {
            self.saying.add(start + self.options.paced(time), step);
        }
        if manner != Manner::Written {
            sentences.iter().for_each(|sentence| self.voice.say(sentence));
        }
    }

    /// Answers the user's `text`: by a function call or at once.
    pub(crate) fn answer(&mut self, now: Duration, text: &str, spoken: bool) {
        self.send(messages::text("user-llm-text", text));
        match Call::wanted(text, spoken) {
            Some(call) => self.ask(now, call),
            None => self.say(now, &reply::answer(text), manner(spoken)),
        }
    }

    /// Asks the client to run a function. In the server's order: the model's turn ends before the call is in progress.
    fn ask(&mut self, now: Duration, call: Call) {
        let detail = self.options.function_detail;
        self.send(messages::bare("bot-llm-started"));
        self.send(call.started(detail));
        self.send(messages::bare("bot-llm-stopped"));
        self.saying.add(now, Step::Send(call.in_progress(detail)));
        if self.options.legacy_function_call || self.options.protocol == Protocol::V1 {
            self.saying.add(now, Step::Send(call.legacy()));
        }
        self.call = Some(call);
    }

    /// Takes the client's result. Like the server, tells the end of a call that was never made, too.
    pub(crate) fn function_result(&mut self, now: Duration, id: &str, name: &str, result: &Value) {
        self.send(functions::stopped(self.options.function_detail, id, name, Some(result)));
        if let Some(call) = self.call.take_if(|call| call.id == id) {
            self.say(now, &reply::result_answer(result), manner(call.spoken));
        }
    }

    /// Stops the bot's speech and its function call, because the user speaks or writes.
    pub(crate) fn interrupt(&mut self) {
        self.frames += 1;
        self.outbox.push_back(Output::Frame(wire::interruption(self.frames)));
        self.send(messages::bare("bot-interrupted"));
        self.saying.clear();
        self.voice.clear();
        if let Some(call) = self.call.take() {
            self.send(functions::stopped(self.options.function_detail, &call.id, call.name, None));
        }
        if std::mem::take(&mut self.speaking) {
            self.send(messages::bare("bot-stopped-speaking"));
        }
    }

    /// Lets the bot leave in a moment.
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

    fn start_speaking(&mut self) {
        self.speaking = true;
        self.send(messages::bare("bot-started-speaking"));
    }

    fn stop_speaking(&mut self) {
        self.speaking = false;
        self.send(messages::bare("bot-stopped-speaking"));
    }

    fn speech(&mut self) {
        let pcm = self.voice.chunk();
        self.chunks += 1;
        if self.options.audio_levels && self.chunks.is_multiple_of(CHUNKS_PER_LEVEL) {
            self.send(messages::with("bot-audio-level", json!({ "value": speech::level(&pcm) })));
        }
        self.send_audio(pcm, speech::RATE);
    }

    /// Tells the client that the bot is ready; the first time also greets it and starts the planned fault.
    fn bot_ready(&mut self, now: Duration, id: &str) {
        self.send(self.client.bot_ready(&self.options, id));
        if std::mem::replace(&mut self.greeted, true) {
            return;
        }
        if let Some(greeting) = self.options.greeting.clone() {
            self.say(now, &crate::text::sentences(&greeting), Manner::Announced);
        }
        let plan = self.plan.as_ref().filter(|plan| plan.at == Moment::Ready);
        if let Some(plan) = plan.filter(|plan| !misbehave::changes_ready(&plan.fault)) {
            self.later.add(now + plan.delay(), Step::Misbehave(plan.fault.clone()));
        }
    }
}

fn manner(spoken: bool) -> Manner {
    if spoken { Manner::Spoken } else { Manner::Written }
}

#[cfg(test)]
mod tests;
