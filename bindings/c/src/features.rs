//! Which optional parts this build of the library contains.
//!
//! Depends on nothing else here.

/// A part of the library that a build may leave out.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum rtvi_feature {
    /// The computer's microphones and speakers.
    RTVI_FEATURE_DEVICES = 1,
    /// Echo cancellation, noise suppression, automatic gain and the high-pass filter.
    RTVI_FEATURE_PROCESSING = 2,
    /// The transports over WebRTC: SmallWebRTC and LiveKit.
    RTVI_FEATURE_WEBRTC = 3,
    /// Cameras, screens and displays of video, and VP8.
    RTVI_FEATURE_VIDEO = 4,
}

/// Returns whether the loaded library contains a part; `feature` is a `rtvi_feature`. False for a
/// number that this version does not know. Using a part that is missing fails as
/// `RTVI_ERROR_UNSUPPORTED_FEATURE`.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_has_feature(feature: i32) -> bool {
    use rtvi_feature::{
        RTVI_FEATURE_DEVICES, RTVI_FEATURE_PROCESSING, RTVI_FEATURE_VIDEO, RTVI_FEATURE_WEBRTC,
    };
    let has = [
        (RTVI_FEATURE_DEVICES, cfg!(feature = "devices")),
        (RTVI_FEATURE_PROCESSING, cfg!(feature = "processing")),
        (RTVI_FEATURE_WEBRTC, cfg!(feature = "webrtc")),
        (RTVI_FEATURE_VIDEO, cfg!(feature = "video")),
    ];
    has.into_iter().any(|(part, is_there)| part as i32 == feature && is_there)
}
