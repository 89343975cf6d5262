//! What an app chooses about voices.
//!
//! Values with documented defaults; no behaviour. Part of [`ClientOptions`](super::ClientOptions), and printed with them.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::media::{AudioProcessing, PlayoutOptions, VoiceActivityOptions, millis};

/// How often levels are reported, unless the app chooses.
pub const LEVEL_PERIOD: Duration = Duration::from_millis(100);
/// The most that is kept of what the user says before the session is ready.
pub const MAX_PRE_CONNECT: Duration = Duration::from_secs(30);

/// How long a muted microphone stays open, unless the app chooses: long enough for a cough or a word aside.
pub const MIC_RELEASE: Duration = Duration::from_secs(10);

/// How the user's and the bot's voices are treated.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct VoiceOptions {
    /// How long the microphone stays open after it was muted. Then it is released (its source is stopped, and the machine shows it as off),
    /// and unmuting opens it again: a device takes some tenths of a second for that. 0 releases it at once; without a time it stays open until
    /// the session ends. One that can't be opened again is a device error, and the session goes on.
    ///
    /// Only muting counts: with push-to-talk an enabled microphone is open whether the button is pressed or not, because what was said before
    /// a press is sent with it. A muted microphone is released then too, and a press does not open it. Default: 10 s.
    #[serde(rename = "micReleaseAfterMs", with = "millis::option")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<u32>"))]
    pub mic_release_after: Option<Duration>,
    /// What is done with the microphone's audio before it is sent. Can be switched later. Default: none, which lets the microphone decide: all
    /// stages for one that hears the room, none where the system processes it and for audio that the app provides.
    pub audio_processing: Option<AudioProcessing>,
    /// Listens for the user's speech here and reports it. Costs about 1 ms of CPU a second. Default: none, and then it does not.
    pub voice_activity: Option<VoiceActivityOptions>,
    /// Sends audio only while a button is pressed. Default: none, and then it is always sent.
    pub push_to_talk: Option<PushToTalk>,
    /// Makes the bot quieter while the user speaks, as heard here. Default: none, and then it does not.
    pub ducking: Option<Ducking>,
    /// Records from the call that begins a session on, and sends that when the bot is ready, at five times the speed: the newest of it,
    /// at most this much, and at most 30 s. A disabled microphone is not recorded. Default: none, and then nothing is recorded.
    #[serde(rename = "preConnectAudioMs", with = "millis::option")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<u32>"))]
    pub pre_connect_audio: Option<Duration>,
    /// How the bot's audio is buffered and played.
    pub playout: PlayoutOptions,
    /// How often the levels of microphone and bot are reported; at least 20 ms. Default: 100 ms.
    #[serde(rename = "levelPeriodMs", with = "millis")]
    #[cfg_attr(feature = "schema", schemars(with = "u32"))]
    pub level_period: Duration,
}

impl Default for VoiceOptions {
    fn default() -> Self {
        Self {
            mic_release_after: Some(MIC_RELEASE),
            audio_processing: None,
            voice_activity: None,
            push_to_talk: None,
            ducking: None,
            pre_connect_audio: None,
            playout: PlayoutOptions::default(),
            level_period: LEVEL_PERIOD,
        }
    }
}

/// Talking only while a button is pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct PushToTalk {
    /// How much of what was said before the press is sent, too; at most 2 s. People begin to speak a little before they press. Default:
    /// 200 ms.
    #[serde(rename = "preRollMs", with = "millis")]
    #[cfg_attr(feature = "schema", schemars(with = "u32"))]
    pub pre_roll: Duration,
}

impl Default for PushToTalk {
    fn default() -> Self {
        Self { pre_roll: Duration::from_millis(200) }
    }
}

/// Making the bot quieter while the user speaks.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Ducking {
    /// What the bot's samples are multiplied by meanwhile, 0 to 1; 0.25 is 12 dB quieter. Default: 0.25.
    pub gain: f32,
}

impl Default for Ducking {
    fn default() -> Self {
        Self { gain: 0.25 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> VoiceOptions {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn nothing_given_is_the_default() {
        let options = read("{}");
        assert_eq!(options, VoiceOptions::default());
        assert_eq!(options.audio_processing, None);
        assert_eq!(options.voice_activity, None);
    }

    #[test]
    fn null_keeps_the_microphone_open() {
        let release = |json: &str| read(json).mic_release_after;
        assert_eq!(release(r#"{"micReleaseAfterMs":null}"#), None);
        assert_eq!(release(r#"{"micReleaseAfterMs":0}"#), Some(Duration::ZERO));
        assert_eq!(release(r#"{"micReleaseAfterMs":1500}"#), Some(Duration::from_millis(1_500)));
        assert!(serde_json::from_str::<VoiceOptions>(r#"{"micReleaseAfterMs":-1}"#).is_err());
    }

    #[test]
    fn a_part_that_is_given_keeps_the_defaults_of_the_rest() {
        let options = read(
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
