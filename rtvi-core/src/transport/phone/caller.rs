//! The provider's side of one call: what it sends and reports, whatever the provider.
//!
//! Pure: the pump passes payloads and the time.

use std::{iter, time::Duration};

use bytes::Bytes;
use serde_json::{Value, json};
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};

use crate::{
    media::{AudioFormat, AudioFrame, Playout, PlayoutStats},
    protocol::telephony::{BotSignal, PhoneCall, PhonePayload, PhoneProvider, PhoneStream},
    transport::{
        CloseReason, Participant, TransportEvent,
        interpreter::{Interpreter, Wish},
        websocket::framing::{Act, Framing},
    },
};

use super::{FRAME, marks::Marks, pacer::Pacer};

/// How often a provider asks whether the bot is there, if it does.
const PING_PERIOD: Duration = Duration::from_secs(5);
/// How long the bot may take to confirm the end of a call that it ended itself.
const END_LIMIT: Duration = Duration::from_millis(800);

/// How far the call has come.
#[derive(Clone, Debug, PartialEq)]
enum Phase {
    /// The bot has not taken the call.
    Ringing,
    /// Both sides can speak.
    Talking,
    /// One side hung up. The connection ends for this reason when the bot has confirmed it.
    Ending { reason: CloseReason, since: Option<Instant> },
}

/// The provider's side of a call.
#[derive(Debug)]
pub(in crate::transport) struct Caller {
    provider: PhoneProvider,
    stream: Box<dyn PhoneStream>,
    interpreter: Interpreter,
    phase: Phase,
    pacer: Pacer,
    marks: Marks,
    /// A frame of silence.
    silence: Box<[i16]>,
    heard_audio: bool,
    /// Whether the bot was last reported to the provider as speaking.
    is_playing: bool,
    pinged_at: Option<Instant>,
    /// Payloads and messages of the present call of a method; empty between them.
    payloads: Vec<PhonePayload>,
    messages: Vec<Bytes>,
}

impl Caller {
    pub(super) fn new(call: &PhoneCall, stream: Box<dyn PhoneStream>, interpreter: Interpreter) -> Self {
        let samples = AudioFormat::mono(call.encoding.sample_rate()).samples_in(FRAME);
        Self {
            provider: call.provider,
            stream,
            interpreter,
            phase: Phase::Ringing,
            pacer: Pacer::default(),
            marks: Marks::default(),
            silence: iter::repeat_n(0, samples).collect(),
            heard_audio: false,
            is_playing: false,
            pinged_at: None,
            payloads: Vec::new(),
            messages: Vec::new(),
        }
    }

    /// Sends and reports what was collected.
    fn flush(&mut self, acts: &mut Vec<Act>) {
        acts.extend(self.payloads.drain(..).filter_map(wire).map(Act::Send));
        acts.extend(self.messages.drain(..).map(|text| Act::Report(TransportEvent::Message(text))));
    }

    /// The line is open. Its first frame is sent at once: some bots read it with the handshake, and
    /// would otherwise miss the first key.
    fn answered(&mut self, acts: &mut Vec<Act>) {
        self.phase = Phase::Talking;
        let bot = Participant { id: "bot".into(), name: "bot".into(), local: false };
        acts.push(Act::Report(TransportEvent::Opened { bot }));
        if self.takes_audio() {
            self.be_silent(1, acts);
        }
    }

    fn takes_audio(&self) -> bool {
        self.phase == Phase::Talking && self.stream.takes_audio()
    }

    /// Sends a frame of the caller's voice.
    fn speak(&mut self, samples: &[i16], acts: &mut Vec<Act>) {
        self.pacer.count();
        self.interpreter.on_user_audio(samples, FRAME, &mut self.messages);
        let payload = self.stream.audio(samples);
        acts.extend(wire(payload).map(|payload| Act::SendAudio(payload, FRAME)));
    }

    fn keep_pace(&mut self, now: Instant, acts: &mut Vec<Act>) {
        if !self.takes_audio() {
            return self.pacer.reset();
        }
        let missing = self.pacer.missing(now);
        self.be_silent(missing, acts);
    }

    /// Sends frames of silence.
    fn be_silent(&mut self, frames: u64, acts: &mut Vec<Act>) {
        let silence = std::mem::take(&mut self.silence);
        (0..frames).for_each(|_| self.speak(&silence, acts));
        self.silence = silence;
    }

    fn on_signal(&mut self, signal: BotSignal, playout: &Playout, acts: &mut Vec<Act>) {
        match signal {
            BotSignal::Audio { sample_rate, samples } => {
                let frame = AudioFrame { format: AudioFormat::mono(sample_rate), samples };
                self.on_audio(frame, playout, acts);
            }
            BotSignal::Clear => self.on_clear(acts),
            BotSignal::Mark(mark) => self.marks.push(mark, playout.stats()),
            BotSignal::Rtvi(text) => self.interpreter.on_rtvi(text, &mut self.messages),
            BotSignal::Opened => self.answered(acts),
            BotSignal::HangUp { reason, result } => self.on_hang_up(reason, &result),
            BotSignal::Closed => self.on_closed(acts),
            BotSignal::Nothing => {}
        }
    }

    fn on_audio(&mut self, frame: AudioFrame, playout: &Playout, acts: &mut Vec<Act>) {
        if frame.samples.is_empty() {
            return;
        }
        if !self.heard_audio {
            self.heard_audio = true;
            acts.push(Act::Report(TransportEvent::BotAudioStarted));
        }
        let (time, stats) = (frame.duration(), playout.stats());
        self.interpreter.on_bot_audio(&frame.samples, time, stats, &mut self.messages);
        acts.push(Act::Play(frame));
    }

    /// The marks in the dropped audio count as played at the next beat.
    fn on_clear(&mut self, acts: &mut Vec<Act>) {
        acts.extend([Act::Flush, Act::Report(TransportEvent::Interrupted)]);
        self.interpreter.on_cleared(&mut self.messages);
        self.payloads.extend(self.stream.cleared());
    }

    /// The bot hangs up. What it returns to the provider is also for the app.
    fn on_hang_up(&mut self, reason: String, result: &Value) {
        let news = json!({"type": "hang-up", "provider": self.provider, "parameters": result});
        self.messages.push(Interpreter::news(news));
        self.end(CloseReason::BotLeft { code: None, reason });
    }

    fn on_closed(&mut self, acts: &mut Vec<Act>) {
        if let Phase::Ending { reason, .. } = &self.phase {
            acts.push(Act::Close(reason.clone()));
        }
    }

    /// The caller hangs up.
    fn hang_up(&mut self, reason: CloseReason, acts: &mut Vec<Act>) {
        let farewell = self.stream.hang_up();
        let waits = self.stream.waits_for_bot() && farewell.is_some();
        self.payloads.extend(farewell);
        self.flush(acts);
        if waits {
            self.end(reason);
        } else {
            acts.push(Act::Close(reason));
        }
    }

    fn end(&mut self, reason: CloseReason) {
        self.phase = Phase::Ending { reason, since: None };
    }

    /// Ends a call whose end the bot does not confirm.
    fn expire(&mut self, now: Instant, acts: &mut Vec<Act>) {
        if let Phase::Ending { reason, since } = &mut self.phase
            && now.saturating_duration_since(*since.get_or_insert(now)) >= END_LIMIT
        {
            acts.push(Act::Close(reason.clone()));
        }
    }

    fn ping(&mut self, now: Instant) {
        let last = *self.pinged_at.get_or_insert(now);
        if now.saturating_duration_since(last) >= PING_PERIOD {
            self.pinged_at = Some(now);
            self.payloads.extend(self.stream.ping());
        }
    }

    /// Informs the provider's bot about what the caller hears.
    fn report_playback(&mut self, stats: PlayoutStats) {
        while let Some(mark) = self.marks.pop(stats) {
            self.payloads.extend(self.stream.mark_played(&mark));
        }
        let is_playing = self.interpreter.is_bot_speaking();
        if std::mem::replace(&mut self.is_playing, is_playing) != is_playing {
            self.payloads.extend(self.stream.playing(is_playing));
        }
    }
}

impl Framing for Caller {
    const BEAT: Option<Duration> = Some(FRAME);

    fn open(&mut self, _: Instant, acts: &mut Vec<Act>) {
        self.stream.open(&mut self.payloads);
        self.flush(acts);
        if !self.stream.waits_for_bot() {
            self.answered(acts);
        }
    }

    fn message(&mut self, json: String, acts: &mut Vec<Act>) {
        match self.interpreter.on_client(&json, &mut self.messages) {
            Wish::Nothing => {}
            Wish::Keys(keys) => self.payloads.extend(keys.into_iter().map(|key| self.stream.key(key))),
            Wish::HangUp => {
                let reason = "the caller hung up".to_owned();
                self.hang_up(CloseReason::BotLeft { code: None, reason }, acts);
            }
        }
        self.flush(acts);
    }

    fn audio(&mut self, frame: &AudioFrame, acts: &mut Vec<Act>) {
        if self.takes_audio() {
            self.speak(&frame.samples, acts);
            self.flush(acts);
        }
    }

    fn payload(&mut self, payload: Message, playout: &Playout, acts: &mut Vec<Act>) -> Result<(), String> {
        let payload = match payload {
            Message::Text(text) => PhonePayload::Text(text.into()),
            other => PhonePayload::Binary(other.into_data()),
        };
        let signal = self.stream.read(payload, &mut self.payloads);
        match signal {
            Ok(signal) => self.on_signal(signal, playout, acts),
            Err(error) if self.phase == Phase::Ringing && self.stream.waits_for_bot() => {
                acts.push(Act::Close(CloseReason::OpenFailed(error)));
            }
            Err(error) => return Err(error.message().to_owned()),
        }
        self.flush(acts);
        Ok(())
    }

    fn beat(&mut self, now: Instant, playout: &Playout, acts: &mut Vec<Act>) {
        let stats = playout.stats();
        self.interpreter.on_tick(now.into_std(), stats, &mut self.messages);
        self.report_playback(stats);
        self.ping(now);
        self.flush(acts);
        self.keep_pace(now, acts);
        self.flush(acts);
        self.expire(now, acts);
    }

    /// A bot that has hung up may close the socket in its own way.
    fn ended(&self, reason: CloseReason) -> CloseReason {
        match (&self.phase, reason) {
            (Phase::Ending { reason: CloseReason::BotLeft { reason, .. }, .. }, ended) => {
                let code = if let CloseReason::BotLeft { code, .. } = ended { code } else { None };
                CloseReason::BotLeft { code, reason: reason.clone() }
            }
            (_, reason) => reason,
        }
    }

    fn close(&mut self, acts: &mut Vec<Act>) {
        if !matches!(self.phase, Phase::Ending { .. }) {
            self.hang_up(CloseReason::Requested, acts);
        }
    }
}

/// A payload for the socket. Texts of a stream are UTF-8.
fn wire(payload: PhonePayload) -> Option<Message> {
    match payload {
        PhonePayload::Binary(bytes) => Some(Message::Binary(bytes)),
        PhonePayload::Text(text) => Utf8Bytes::try_from(text).ok().map(Message::Text),
    }
}
