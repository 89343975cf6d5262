//! The voice options as one value that can be read from JSON, for bindings and configuration files.
//!
//! Depends on serde and on the options themselves. Must not know more of them than their names and units.

use std::time::Duration;

use serde::Deserialize;

use crate::media::{AudioProcessing, PlayoutOptions, VoiceActivityOptions};

use super::{Ducking, MIC_RELEASE, PipecatClientOptions, PushToTalk};

/// [`MIC_RELEASE`] as JSON has it.
const MIC_RELEASE_MS: u32 = MIC_RELEASE.as_millis() as u32;

/// What an app chooses about the voices of a client: the fields of [`PipecatClientOptions`] that begin with `mic_release_after` and
/// end with `level_period`.
///
/// As JSON an object in camelCase; times are whole milliseconds, with `Ms` at the end of their names; what is absent is as by default, and
/// an unknown name is an error. `"micReleaseAfterMs": null` keeps the microphone open until the session ends:
///
/// ```
/// use rtvi_core::{PipecatClientOptions, client::VoiceOptions, transport::WebSocketTransport};
///
/// let voice: VoiceOptions = serde_json::from_str(r#"{
///     "micReleaseAfterMs": 10000,
///     "audioProcessing": {"echoCancellation": true, "noiseSuppression": true, "gainControl": true, "highPass": true},
///     "voiceActivity": {"threshold": 0.5, "startAfterMs": 64, "stopAfterMs": 500},
///     "pushToTalk": {"preRollMs": 200},
///     "ducking": {"gain": 0.25},
///     "preConnectAudioMs": 5000,
///     "playout": {"targetDelayMs": 40, "maxDelayMs": 400, "fadeMs": 5, "gain": 1.0},
///     "levelPeriodMs": 100
/// }"#)?;
/// let mut options = PipecatClientOptions::new(WebSocketTransport::default());
/// voice.apply(&mut options);
/// assert!(options.push_to_talk.is_some());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct VoiceOptions {
    mic_release_after_ms: Option<u32>,
    audio_processing: Option<AudioProcessing>,
    voice_activity: Option<VoiceActivityOptions>,
    push_to_talk: Option<PushToTalk>,
    ducking: Option<Ducking>,
    pre_connect_audio_ms: Option<u32>,
    playout: PlayoutOptions,
    level_period_ms: Option<u32>,
}

impl Default for VoiceOptions {
    fn default() -> Self {
        Self {
            mic_release_after_ms: Some(MIC_RELEASE_MS),
            audio_processing: None,
            voice_activity: None,
            push_to_talk: None,
            ducking: None,
            pre_connect_audio_ms: None,
            playout: PlayoutOptions::default(),
            level_period_ms: None,
        }
    }
}

impl VoiceOptions {
    /// Sets all of them in the options of a client.
    pub fn apply(self, options: &mut PipecatClientOptions) {
        options.mic_release_after = self.mic_release_after_ms.map(millis);
        options.audio_processing = self.audio_processing;
        options.voice_activity = self.voice_activity;
        options.push_to_talk = self.push_to_talk;
        options.ducking = self.ducking;
        options.pre_connect_audio = self.pre_connect_audio_ms.map(millis);
        options.playout = self.playout;
        options.level_period = self.level_period_ms.map_or(super::LEVEL_PERIOD, millis);
    }
}

const fn millis(count: u32) -> Duration {
    Duration::from_millis(count as u64)
}

#[cfg(test)]
mod tests {
    use crate::transport::WebSocketTransport;

    use super::*;

    fn applied(json: &str) -> PipecatClientOptions {
        let mut options = PipecatClientOptions::new(WebSocketTransport::default());
        serde_json::from_str::<VoiceOptions>(json).unwrap().apply(&mut options);
        options
    }

    #[test]
    fn nothing_given_is_the_default() {
        let (options, default) = (applied("{}"), PipecatClientOptions::new(WebSocketTransport::default()));
        assert_eq!(options.playout, default.playout);
        assert_eq!(options.level_period, default.level_period);
        assert_eq!(options.mic_release_after, default.mic_release_after);
        assert_eq!(options.audio_processing, None);
        assert_eq!(options.voice_activity, None);
    }

    #[test]
    fn null_keeps_the_microphone_open() {
        let release = |json: &str| applied(json).mic_release_after;
        assert_eq!(release(r#"{"micReleaseAfterMs":null}"#), None);
        assert_eq!(release(r#"{"micReleaseAfterMs":0}"#), Some(Duration::ZERO));
        assert_eq!(release(r#"{"micReleaseAfterMs":1500}"#), Some(Duration::from_millis(1_500)));
        assert!(serde_json::from_str::<VoiceOptions>(r#"{"micReleaseAfterMs":-1}"#).is_err());
    }

    #[test]
    fn a_part_that_is_given_keeps_the_defaults_of_the_rest() {
        let options = applied(
            r#"{"voiceActivity":{"stopAfterMs":700},"playout":{"gain":0.5},"pushToTalk":{},"ducking":{},"audioProcessing":{"highPass":true}}"#,
        );
        let activity = options.voice_activity.unwrap();
        assert_eq!(activity.stop_after, Duration::from_millis(700));
        assert_eq!(activity.start_after, VoiceActivityOptions::default().start_after);
        assert_eq!(
            (options.playout.gain, options.playout.target_delay),
            (0.5, PlayoutOptions::default().target_delay)
        );
        assert_eq!(options.push_to_talk, Some(PushToTalk::default()));
        assert_eq!(options.ducking, Some(Ducking::default()));
        assert_eq!(
            options.audio_processing,
            Some(AudioProcessing { high_pass: true, ..AudioProcessing::OFF })
        );
    }

    #[test]
    fn an_unknown_name_is_named() {
        for json in [r#"{"duck":1}"#, r#"{"playout":{"speed":2}}"#, r#"{"audioProcessing":{"magic":true}}"#] {
            let error = serde_json::from_str::<VoiceOptions>(json).unwrap_err().to_string();
            assert!(error.contains("unknown field"), "{error}");
        }
    }
}
