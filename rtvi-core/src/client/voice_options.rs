//! The audio options of a client.
//!
//! Values with documented defaults; no behaviour. Part of [`ClientOptions`](super::ClientOptions),
//! and printed with them.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::media::{AudioProcessing, PlayoutOptions, VoiceActivityOptions, millis};

/// The default period of level reports.
pub const LEVEL_PERIOD: Duration = Duration::from_millis(100);
/// The most user audio that is kept from before the session is ready.
pub const MAX_PRE_CONNECT: Duration = Duration::from_secs(30);

/// The default time for which a muted microphone stays open: long enough for a cough or an aside.
pub const MIC_RELEASE: Duration = Duration::from_secs(10);

/// The audio options: processing, push-to-talk, ducking and playout.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct VoiceOptions {
    /// How long the microphone stays open after it is muted. Then the client releases it: it stops
    /// the source, and the system shows the microphone as off. Unmuting opens it again, which takes
    /// a device some tenths of a second. 0 releases it at once; no value keeps it open until the
    /// session ends. If it can't be opened again, the client reports a device error, and the
    /// session continues.
    ///
    /// Only muting counts. With push-to-talk, an enabled microphone stays open even while the
    /// button is not pressed, because the client also sends what the user said just before a press.
    /// A muted microphone is still released, and a press does not open it. Default: 10 s.
    #[serde(rename = "micReleaseAfterMs", with = "millis::option")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<u32>"))]
    pub mic_release_after: Option<Duration>,
    /// The processing stages for the microphone's audio. They can be switched later. Default: none,
    /// which lets the microphone decide: all stages for one that hears the room, no stages if the
    /// system processes its audio or the app provides the audio.
    pub audio_processing: Option<AudioProcessing>,
    /// Detects the user's speech on this device and reports it. Costs about 1 ms of CPU time per
    /// second. Default: none, which turns it off.
    pub voice_activity: Option<VoiceActivityOptions>,
    /// Sends audio only while a button is pressed. Default: none, which always sends audio.
    pub push_to_talk: Option<PushToTalk>,
    /// Makes the bot quieter while the user speaks, as detected on this device. Default: none,
    /// which turns it off.
    pub ducking: Option<Ducking>,
    /// Records the user from the call that begins a session, and sends the recording at five times
    /// the speed when the bot is ready. It keeps at most this much of the newest audio, and at most
    /// 30 s. A disabled microphone is not recorded. Default: none, which records nothing.
    #[serde(rename = "preConnectAudioMs", with = "millis::option")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<u32>"))]
    pub pre_connect_audio: Option<Duration>,
    /// The options for buffering and playing the bot's audio.
    pub playout: PlayoutOptions,
    /// The period of the level reports for microphone and bot; at least 20 ms. Default: 100 ms.
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

/// Options of push-to-talk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct PushToTalk {
    /// How much audio from before a press is also sent; at most 2 s. People start to speak shortly
    /// before they press. Default: 200 ms.
    #[serde(rename = "preRollMs", with = "millis")]
    #[cfg_attr(feature = "schema", schemars(with = "u32"))]
    pub pre_roll: Duration,
}

impl Default for PushToTalk {
    fn default() -> Self {
        Self { pre_roll: Duration::from_millis(200) }
    }
}

/// Options of ducking: the bot gets quieter while the user speaks.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Ducking {
    /// The factor for the bot's samples while the user speaks, 0 to 1; 0.25 is 12 dB quieter.
    /// Default: 0.25.
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
