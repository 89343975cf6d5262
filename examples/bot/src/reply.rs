//! What the bot says, and the plan of messages and audio for it.
//!
//! Pure. A plan is a list of steps with their time from its start, at the pace of a real server:
//! tokens stream, the voice begins with the first sentence, audio is sent at twice its speed, and
//! progress follows the words.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{conversation::Step, messages, speech, text};

/// Longest part of the user's text that the bot repeats, in characters.
const MAX_REPEATED: usize = 300;

const THINKING: Duration = Duration::from_millis(30);
const TOKEN: Duration = Duration::from_millis(15);
const VOICE_DELAY: Duration = Duration::from_millis(40);
const BEAT: Duration = Duration::from_millis(5);
const TAIL: Duration = Duration::from_millis(30);

/// How the bot reports replies to this client.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    /// Report words one by one.
    pub(crate) word_progress: bool,
    /// The client uses protocol 1.x.
    pub(crate) legacy_client: bool,
    /// The bot imitates a 1.x server.
    pub(crate) legacy_server: bool,
    /// Send metrics.
    pub(crate) metrics: bool,
    /// Send raw texts.
    pub(crate) raw_text: bool,
}

/// How a reply is produced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// The language model writes it and the voice speaks it.
    Spoken,
    /// The language model writes it; the voice does not speak it.
    Written,
    /// The voice speaks a fixed text.
    Announced,
}

/// The sentences that answer a user's `text`.
pub(crate) fn answer(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    if lower.contains("count") {
        return (1..=20).map(|number| format!("This is sentence number {number}.")).collect();
    }
    let said = text::truncated(text.trim().trim_end_matches(['.', '?', '!']), MAX_REPEATED);
    text::sentences(&format!("You said: {said}. That is all I know."))
}

/// The sentences made from a function's result.
pub(crate) fn result_answer(result: &Value) -> Vec<String> {
    let result = text::truncated(&text::spoken_json(result), MAX_REPEATED);
    text::sentences(&format!("Here is the answer. It is {result}."))
}

/// The plan for `sentences`, ordered by time. `segment` numbers the sentences.
pub(crate) fn plan(
    sentences: &[String],
    manner: Manner,
    style: Style,
    segment: &mut u64,
) -> Vec<(Duration, Step)> {
    let mut plan = Plan { steps: Vec::new(), style, segment };
    let ready = match manner {
        Manner::Announced => vec![Duration::ZERO; sentences.len()],
        Manner::Spoken | Manner::Written => plan.write(sentences),
    };
    match manner {
        Manner::Written => plan.show(sentences, &ready),
        Manner::Spoken | Manner::Announced => plan.speak(sentences, &ready),
    }
    plan.steps.sort_by_key(|(time, _)| *time);
    plan.steps
}

struct Plan<'a> {
    steps: Vec<(Duration, Step)>,
    style: Style,
    segment: &'a mut u64,
}

impl Plan<'_> {
    fn send(&mut self, time: Duration, message: Value) {
        self.steps.push((time, Step::Send(message)));
    }

    /// The language model's part. Returns when each sentence is complete.
    fn write(&mut self, sentences: &[String]) -> Vec<Duration> {
        let mut time = THINKING;
        let mut ready = Vec::new();
        self.send(Duration::ZERO, messages::bare("bot-llm-started"));
        for (index, sentence) in sentences.iter().enumerate() {
            let tokens = text::tokens(sentence, index == 0);
            for token in &tokens {
                time += TOKEN;
                self.raw(time, "llm-raw-text", token);
                self.send(time, messages::text("bot-llm-text", token));
            }
            self.send(time, messages::text("bot-transcription", &tokens.concat()));
            ready.push(time);
        }
        self.metrics(time, json!({ "ttfb": [metric("ScriptedLLM#0", THINKING.as_secs_f64())] }));
        self.send(time, messages::bare("bot-llm-stopped"));
        ready
    }

    /// The output of a reply that is not spoken.
    fn show(&mut self, sentences: &[String], ready: &[Duration]) {
        for (sentence, time) in sentences.iter().zip(ready) {
            let segment = self.next_segment();
            let output =
                Output { text: sentence, kind: "sentence", segment, spoken: Some(false), voiced: false };
            self.output(*time + BEAT, output, "new", None);
        }
    }

    /// The voice's part.
    fn speak(&mut self, sentences: &[String], ready: &[Duration]) {
        let Some((first, last)) = ready.first().zip(ready.last()) else { return };
        let start = *first + VOICE_DELAY;
        let length = sentences.iter().map(|sentence| speech::sentence_length(sentence)).sum();
        self.send(*first + BEAT, messages::bare("bot-tts-started"));
        self.steps.push((start, Step::StartSpeaking));
        let mut begin = start;
        for (sentence, ready) in sentences.iter().zip(ready) {
            // An old server reports a sentence when it is written; a newer one when the sentence's
            // turn has come.
            let reported = if self.style.legacy_server { *ready } else { begin };
            self.speak_sentence(begin, reported, sentence);
            begin += speech::sentence_length(sentence);
        }
        for chunk in 0..speech::chunks(length) {
            self.steps.push((start + speech::CHUNK / 2 * chunk, Step::Speech));
        }
        let synthesised = start.max(*last) + BEAT;
        let characters: usize = sentences.iter().map(|sentence| sentence.chars().count()).sum();
        self.metrics(synthesised, json!({ "characters": [metric("DemoVoice#0", characters as f64)] }));
        self.send(synthesised, messages::bare("bot-tts-stopped"));
        self.steps.push((begin + TAIL, Step::StopSpeaking));
    }

    fn speak_sentence(&mut self, begin: Duration, reported: Duration, sentence: &str) {
        let segment = self.next_segment();
        let whole = Output { text: sentence, kind: "sentence", segment, spoken: Some(false), voiced: true };
        self.output(reported, whole, "new", Some(("", sentence)));
        if !self.style.word_progress {
            let end = begin + speech::sentence_length(sentence);
            let spoken = Output { spoken: Some(true), ..whole };
            self.output(end, spoken, "completed", Some((sentence, "")));
            self.raw(end, "tts-raw-text", sentence);
            return self.send(end, messages::text("bot-tts-text", sentence));
        }
        let mut time = begin;
        for (word, said, left) in text::spoken_words(sentence) {
            if self.style.legacy_client || self.style.legacy_server {
                let output = Output { text: word, kind: "word", segment, spoken: Some(true), voiced: false };
                self.output(time, output, "new", None);
            }
            self.raw(time, "tts-raw-text", word);
            self.send(time, messages::text("bot-tts-text", word));
            if !self.style.legacy_client && !self.style.legacy_server {
                let status = if left.is_empty() { "completed" } else { "in-progress" };
                self.output(time, Output { spoken: None, ..whole }, status, Some((said, left)));
            }
            time += speech::word_length(word);
        }
    }

    fn output(&mut self, time: Duration, output: Output, status: &str, progress: Option<(&str, &str)>) {
        let data = if self.style.legacy_server { output.legacy() } else { output.current(status, progress) };
        self.send(time, messages::with("bot-output", data));
    }

    fn raw(&mut self, time: Duration, kind: &str, text: &str) {
        if self.style.raw_text {
            self.send(time, messages::text(kind, text));
        }
    }

    fn metrics(&mut self, time: Duration, data: Value) {
        if self.style.metrics {
            self.send(time, messages::with("metrics", data));
        }
    }

    fn next_segment(&mut self) -> u64 {
        *self.segment += 1;
        *self.segment
    }
}

/// One `bot-output`.
#[derive(Clone, Copy)]
struct Output<'a> {
    text: &'a str,
    kind: &'a str,
    segment: u64,
    spoken: Option<bool>,
    voiced: bool,
}

impl Output<'_> {
    fn current(self, status: &str, progress: Option<(&str, &str)>) -> Value {
        let mut data = json!({
            "text": self.text, "output_type": self.kind, "text_type": self.kind, "aggregated_by": self.kind,
            "segment_id": self.segment, "will_be_spoken": self.voiced, "spoken_status": status,
        });
        if let Some(spoken) = self.spoken {
            data["spoken"] = json!(spoken);
        }
        if let Some((said, left)) = progress {
            data["spoken_progress"] = json!({ "accumulated_text": said, "remaining_text": left });
        }
        data
    }

    fn legacy(self) -> Value {
        json!({ "text": self.text, "spoken": self.spoken.unwrap_or(true), "aggregated_by": self.kind })
    }
}

fn metric(processor: &str, value: f64) -> Value {
    json!({ "processor": processor, "model": "scripted", "value": value })
}

#[cfg(test)]
mod tests {
    use super::*;

    const STYLE: Style = Style {
        word_progress: true,
        legacy_client: false,
        legacy_server: false,
        metrics: false,
        raw_text: false,
    };

    /// The plan's messages by type, without speech; `bot-output` with its status and progress.
    fn summary(manner: Manner, style: Style) -> Vec<String> {
        let sentences = ["Good day.".to_owned()];
        let steps = plan(&sentences, manner, style, &mut 0).into_iter();
        steps
            .filter_map(|(_, step)| match step {
                Step::Send(message) => Some(line(&message)),
                Step::StartSpeaking => Some("START".into()),
                Step::StopSpeaking => Some("STOP".into()),
                _ => None,
            })
            .collect()
    }

    fn line(message: &Value) -> String {
        let data = &message["data"];
        match message["type"].as_str() {
            Some("bot-output") => format!(
                "output {} {} {} {}",
                data["text"],
                data["spoken"],
                data["spoken_status"],
                data["spoken_progress"]["remaining_text"]
            ),
            kind => format!("{} {}", kind.unwrap_or_default(), data["text"].as_str().unwrap_or_default()),
        }
    }

    #[test]
    fn a_spoken_reply_goes_word_by_word() {
        let expected = [
            "bot-llm-started ",
            "bot-llm-text Good",
            "bot-llm-text  day.",
            "bot-transcription Good day.",
            "bot-llm-stopped ",
            "bot-tts-started ",
            "START",
            r#"output "Good day." false "new" "Good day.""#,
            "bot-tts-text Good",
            r#"output "Good day." null "in-progress" " day.""#,
            "bot-tts-stopped ",
            "bot-tts-text day.",
            r#"output "Good day." null "completed" """#,
            "STOP",
        ];
        assert_eq!(summary(Manner::Spoken, STYLE), expected);
    }

    #[test]
    fn without_word_times_a_sentence_completes_at_once() {
        let expected = [
            "bot-tts-started ",
            "START",
            r#"output "Good day." false "new" "Good day.""#,
            "bot-tts-stopped ",
            r#"output "Good day." true "completed" """#,
            "bot-tts-text Good day.",
            "STOP",
        ];
        assert_eq!(summary(Manner::Announced, Style { word_progress: false, ..STYLE }), expected);
    }

    #[test]
    fn a_written_reply_has_no_speech() {
        let lines = summary(Manner::Written, STYLE);
        assert_eq!(lines.last().map(String::as_str), Some(r#"output "Good day." false "new" null"#));
        assert!(!lines.iter().any(|line| line == "START" || line.contains("tts")));
    }

    #[test]
    fn old_clients_get_words_and_old_servers_three_fields() {
        let words = summary(Manner::Announced, Style { legacy_client: true, ..STYLE });
        assert!(words.contains(&r#"output "day." true "new" null"#.to_owned()), "{words:?}");
        assert!(!words.iter().any(|line| line.contains("in-progress")));
        let style = Style { legacy_server: true, ..STYLE };
        let old = plan(&["Hi.".to_owned()], Manner::Announced, style, &mut 0);
        let outputs: Vec<Value> = old
            .into_iter()
            .filter_map(|(_, step)| match step {
                Step::Send(message) if message["type"] == "bot-output" => Some(message["data"].clone()),
                _ => None,
            })
            .collect();
        let expected = [("sentence", false), ("word", true)]
            .map(|(kind, spoken)| json!({ "text": "Hi.", "spoken": spoken, "aggregated_by": kind }));
        assert_eq!(outputs, expected);
    }

    #[test]
    fn audio_is_sent_at_twice_its_speed_and_progress_at_its_own() {
        let steps = plan(&["Good morning to you.".to_owned()], Manner::Announced, STYLE, &mut 0);
        let time = |wanted: fn(&Step) -> bool| {
            let times = steps.iter().filter(|(_, step)| wanted(step)).map(|(time, _)| *time);
            times.collect::<Vec<_>>()
        };
        let audio = time(|step| matches!(step, Step::Speech));
        let length = speech::sentence_length("Good morning to you.");
        assert_eq!(audio.len() as u32, speech::chunks(length));
        assert_eq!(audio[1] - audio[0], Duration::from_millis(20));
        let spoken = time(|step| matches!(step, Step::StopSpeaking))[0]
            - time(|step| matches!(step, Step::StartSpeaking))[0];
        assert_eq!(spoken, length + TAIL);
    }

    #[test]
    fn answers_repeat_the_user_within_bounds() {
        assert_eq!(answer(" Good morning! "), ["You said: Good morning.", "That is all I know."]);
        assert_eq!(answer("Please count").len(), 20);
        assert!(answer(&"x".repeat(1 << 20)).concat().len() < 1000);
        let result = json!({ "condition": "sunny" });
        assert_eq!(result_answer(&result), ["Here is the answer.", "It is condition sunny."]);
    }
}
