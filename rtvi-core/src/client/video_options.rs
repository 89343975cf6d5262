//! The video options of a client.
//!
//! Values with documented defaults; no behaviour. Part of [`ClientOptions`](super::ClientOptions),
//! and printed with them.

use serde::{Deserialize, Serialize};

/// The highest bitrate of the bot's video by default, in bits per second.
pub const MAX_RECEIVE_BITRATE: u32 = 1_500_000;

/// The video options: what the camera and the screen send at most, and what the bot sends. Without
/// effect in a library that was built without video.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct VideoOptions {
    /// What the camera sends at most.
    pub camera: CameraOptions,
    /// What the screen sends at most.
    pub screen: ScreenOptions,
    /// The highest bitrate of the bot's video, in bits per second; at least 250000. The client
    /// lowers it while packets are lost. Default: 1500000.
    pub max_receive_bitrate: u32,
}

impl Default for VideoOptions {
    fn default() -> Self {
        Self {
            camera: CameraOptions::default(),
            screen: ScreenOptions::default(),
            max_receive_bitrate: MAX_RECEIVE_BITRATE,
        }
    }
}

/// What the camera sends at most. The client sends less while the network carries less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct CameraOptions {
    /// Width in pixels. Default: 640.
    pub width: u32,
    /// Height in pixels. Default: 480.
    pub height: u32,
    /// Pictures per second. Pipecat bots fall behind at 30 and never catch up, since they show
    /// exactly 30 themselves. Default: 24.
    pub frame_rate: u32,
    /// Bits per second. Default: 1500000.
    pub max_bitrate: u32,
}

impl Default for CameraOptions {
    fn default() -> Self {
        Self { width: 640, height: 480, frame_rate: 24, max_bitrate: 1_500_000 }
    }
}

/// What the screen sends at most. The client sends less while the network carries less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct ScreenOptions {
    /// Width in pixels. Default: 1280.
    pub width: u32,
    /// Height in pixels. Default: 720.
    pub height: u32,
    /// Pictures per second. A still screen is sent twice a second. Default: 10.
    pub frame_rate: u32,
    /// Bits per second. Default: 2500000.
    pub max_bitrate: u32,
}

impl Default for ScreenOptions {
    fn default() -> Self {
        Self { width: 1_280, height: 720, frame_rate: 10, max_bitrate: 2_500_000 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_is_given_keeps_the_defaults_of_the_rest() {
        let options: VideoOptions =
            serde_json::from_str(r#"{"camera":{"width":1280},"screen":{"frameRate":5}}"#).unwrap();
        assert_eq!(options.camera, CameraOptions { width: 1_280, ..CameraOptions::default() });
        assert_eq!(options.screen, ScreenOptions { frame_rate: 5, ..ScreenOptions::default() });
        assert_eq!(options.max_receive_bitrate, MAX_RECEIVE_BITRATE);
        assert!(serde_json::from_str::<VideoOptions>(r#"{"camera":{"fps":1}}"#).is_err());
    }
}
