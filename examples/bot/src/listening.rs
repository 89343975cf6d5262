//! The user's turns: from audio to the text of the scripted recognizer, and the messages about it.
//!
//! The order and form are those of pipecat-ai 1.14.0: the transcription is sent before the end of
//! the turn.

use std::time::Duration;

use rtvi_core::protocol::frame::AudioRawFrame;
use serde_json::json;

use crate::{
    Protocol,
    conversation::Conversation,
    messages, text,
    vad::{Activity, Vad},
};

/// After this time without audio, a speaking user counts as silent, as for the server.
const AUDIO_TIMEOUT: Duration = Duration::from_millis(500);

/// The length of speech after which the recognizer has a first guess.
const INTERIM_AFTER: Duration = Duration::from_millis(800);

/// The audio between two `user-audio-level` messages, in seconds.
const LEVEL_PERIOD: f64 = 0.15;

/// What is known about the user's turns.
#[derive(Debug, Default)]
pub(crate) struct Listening {
    vad: Vad,
    turn: usize,
    guessed: bool,
    last_audio: Duration,
    since_level: f64,
}

impl Listening {
    /// When a speaking user counts as silent.
    pub(crate) fn deadline(&self) -> Option<Duration> {
        self.vad.speaking().then_some(self.last_audio + AUDIO_TIMEOUT)
    }
}

impl Conversation {
    /// Handles the user's audio.
    pub(crate) fn hear(&mut self, now: Duration, frame: &AudioRawFrame) {
        let per_second = f64::from(frame.sample_rate) * f64::from(frame.num_channels) * 2.0;
        let seconds = if per_second > 0.0 { frame.audio.len() as f64 / per_second } else { 0.0 };
        self.log.update(|record| {
            record.audio_seconds += seconds;
            record.audio_frames += 1;
            record.audio_rate = frame.sample_rate;
        });
        if self.options.echo {
            return self.send_audio(frame.audio.clone(), frame.sample_rate);
        }
        self.listening.last_audio = now;
        for activity in self.listening.vad.feed(frame) {
            self.activity(now, activity);
        }
        self.guess(now);
        self.user_level(seconds);
    }

    /// Ends the turn of a user whose audio has stopped.
    pub(crate) fn check_listening(&mut self, now: Duration) {
        let over = self.listening.deadline().is_some_and(|deadline| deadline <= now);
        if over && let Some(activity) = self.listening.vad.silence() {
            self.activity(now, activity);
        }
    }

    fn activity(&mut self, now: Duration, activity: Activity) {
        match activity {
            Activity::Started => self.turn_started(),
            Activity::Stopped => self.turn_stopped(now),
        }
    }

    fn turn_started(&mut self) {
        if self.options.vad_messages {
            self.send(messages::bare("vad-user-started-speaking"));
        }
        self.send(messages::bare("user-started-speaking"));
        self.interrupt();
        self.listening.guessed = false;
    }

    fn turn_stopped(&mut self, now: Duration) {
        if self.options.vad_messages {
            self.send(messages::bare("vad-user-stopped-speaking"));
        }
        let heard = self.options.prompt(self.listening.turn).to_owned();
        if !std::mem::replace(&mut self.listening.guessed, true) {
            self.transcript(now, &first_half(&heard), false);
        }
        self.transcript(now, &heard, true);
        self.listening.turn += 1;
        self.log.update(|record| record.turns += 1);
        let (text, stopped) =
            (messages::text("user-llm-text", &heard), messages::bare("user-stopped-speaking"));
        // An old server ends the turn first.
        let ends = if self.options.protocol == Protocol::V1 { [stopped, text] } else { [text, stopped] };
        ends.into_iter().for_each(|message| self.send(message));
        self.answer(now, &heard, true);
    }

    /// Sends a first guess while the user is still speaking.
    fn guess(&mut self, now: Duration) {
        let vad = &self.listening.vad;
        if vad.speaking() && vad.spoken() >= INTERIM_AFTER && !self.listening.guessed {
            self.listening.guessed = true;
            let heard = first_half(self.options.prompt(self.listening.turn));
            self.transcript(now, &heard, false);
        }
    }

    fn transcript(&mut self, now: Duration, text: &str, is_final: bool) {
        let timestamp = self.timestamp(now);
        let words = json!({ "text": text, "user_id": "", "timestamp": timestamp, "final": is_final });
        let mut input = words.clone();
        input["input_type"] = json!("transcription");
        self.send(messages::with("user-input", input));
        if self.raw_text() {
            self.send(messages::with("stt-raw-text", words.clone()));
        }
        self.send(messages::with("user-transcription", words));
    }

    fn user_level(&mut self, seconds: f64) {
        self.listening.since_level += seconds;
        if self.options.audio_levels && self.listening.since_level >= LEVEL_PERIOD {
            self.listening.since_level = 0.0;
            let level = f64::from(self.listening.vad.level());
            self.send(messages::with(
                "user-audio-level",
                json!({ "value": (level * 10_000.0).round() / 10_000.0 }),
            ));
        }
    }
}

/// The first half of the words, at least one.
fn first_half(sentence: &str) -> String {
    let words = text::spoken_words(sentence);
    let half = words.len().div_ceil(2).saturating_sub(1);
    words.get(half).map_or_else(String::new, |(_, said, _)| (*said).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_guess_is_half_of_the_words() {
        assert_eq!(first_half("Hello, can you hear me?"), "Hello, can you");
        assert_eq!(first_half("Hello."), "Hello.");
        assert_eq!(first_half(""), "");
    }
}
