//! The bot's turns: answering the user, calling functions, speaking, and being interrupted.
//!
//! The order and form are those of pipecat-ai 1.14.0, taken from recordings.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    FunctionDetail, Protocol,
    conversation::{Conversation, Step},
    functions::{self, Call},
    messages,
    pacing::Timeline,
    reply::{self, Manner, Style},
    speech::{self, Voice},
};

/// Audio chunks between two `bot-audio-level` messages (160 ms).
const CHUNKS_PER_LEVEL: u32 = 4;

/// What the bot is saying and waiting for.
#[derive(Debug)]
pub(crate) struct Speaking {
    /// The steps of the current speech.
    pub(crate) saying: Timeline<Step>,
    /// How much function-call messages report.
    pub(crate) detail: FunctionDetail,
    voice: Voice,
    call: Option<Call>,
    audible: bool,
    chunks: u32,
    segment: u64,
}

impl Speaking {
    /// Creates a bot that says nothing yet.
    pub(crate) fn new(detail: FunctionDetail) -> Self {
        let (saying, voice) = (Timeline::default(), Voice::default());
        Self { saying, detail, voice, call: None, audible: false, chunks: 0, segment: 0 }
    }
}

impl Conversation {
    /// Whether the client receives raw texts.
    pub(crate) fn raw_text(&self) -> bool {
        self.options.raw_text && self.client.knows_raw_text() && self.options.protocol == Protocol::V2
    }

    /// Says `sentences` after the current speech.
    pub(crate) fn say(&mut self, now: Duration, sentences: &[String], manner: Manner) {
        let style = Style {
            word_progress: self.options.word_progress,
            legacy_client: self.client.is_legacy(),
            legacy_server: self.options.protocol == Protocol::V1,
            metrics: self.options.metrics,
            raw_text: self.raw_text(),
        };
        let start = self.speaking.saying.end().unwrap_or(now).max(now);
        for (time, step) in reply::plan(sentences, manner, style, &mut self.speaking.segment) {
            self.speaking.saying.add(start + self.options.paced(time), step);
        }
        if manner != Manner::Written {
            sentences.iter().for_each(|sentence| self.speaking.voice.say(sentence));
        }
    }

    /// Handles the user's written `text` and answers it.
    pub(crate) fn answer_written(&mut self, now: Duration, text: &str, spoken: bool) {
        self.send(messages::text("user-llm-text", text));
        self.answer(now, text, spoken);
    }

    /// Answers the user's `text`: with a function call or at once.
    pub(crate) fn answer(&mut self, now: Duration, text: &str, spoken: bool) {
        match Call::wanted(text, spoken) {
            Some(call) => self.ask(now, call),
            None => self.say(now, &reply::answer(text), manner(spoken)),
        }
    }

    /// Asks the client to run a function. In the server's order, the model's turn ends before the
    /// call is in progress.
    fn ask(&mut self, now: Duration, call: Call) {
        let detail = self.speaking.detail;
        self.send(messages::bare("bot-llm-started"));
        self.send(call.started(detail));
        self.send(messages::bare("bot-llm-stopped"));
        self.speaking.saying.add(now, Step::Send(call.in_progress(detail)));
        if self.options.legacy_function_call || self.options.protocol == Protocol::V1 {
            self.speaking.saying.add(now, Step::Send(call.legacy()));
        }
        self.speaking.call = Some(call);
    }

    /// Handles the client's result. Like the server, it also reports the end of a call that was
    /// never made.
    pub(crate) fn function_result(&mut self, now: Duration, id: &str, name: &str, result: &Value) {
        self.send(functions::stopped(self.speaking.detail, id, name, Some(result)));
        if let Some(call) = self.speaking.call.take_if(|call| call.id == id) {
            self.say(now, &reply::result_answer(result), manner(call.spoken));
        }
    }

    /// Stops the bot's speech and its function call, because the user speaks or writes.
    pub(crate) fn interrupt(&mut self) {
        self.send_interruption();
        self.send(messages::bare("bot-interrupted"));
        self.speaking.saying.clear();
        self.speaking.voice.clear();
        if let Some(call) = self.speaking.call.take() {
            self.send(functions::stopped(self.speaking.detail, &call.id, call.name, None));
        }
        if std::mem::take(&mut self.speaking.audible) {
            self.send(messages::bare("bot-stopped-speaking"));
        }
    }

    /// The bot's first audio is sent.
    pub(crate) fn start_speaking(&mut self) {
        self.speaking.audible = true;
        self.send(messages::bare("bot-started-speaking"));
    }

    /// The bot's last sound has been heard.
    pub(crate) fn stop_speaking(&mut self) {
        self.speaking.audible = false;
        self.send(messages::bare("bot-stopped-speaking"));
    }

    /// Sends the next chunk of the voice.
    pub(crate) fn speech(&mut self) {
        let pcm = self.speaking.voice.chunk();
        self.speaking.chunks += 1;
        if self.options.audio_levels && self.speaking.chunks.is_multiple_of(CHUNKS_PER_LEVEL) {
            self.send(messages::with("bot-audio-level", json!({ "value": speech::level(&pcm) })));
        }
        self.send_audio(pcm, speech::RATE);
    }
}

fn manner(spoken: bool) -> Manner {
    if spoken { Manner::Spoken } else { Manner::Written }
}
