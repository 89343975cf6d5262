//! Audio: formats, sources, sinks, resampling, levels, capture and playout.
//!
//! May depend on `crate::error` and serde. Must not know the protocol, a transport or the client.
//! Has no runtime: the client's audio task calls it once a tick.

mod capture;
mod dropped;
mod duplex_recorder;
mod frame;
mod frame_pool;
#[cfg(feature = "webrtc")]
mod jitter;
mod level;
pub(crate) mod millis;
#[cfg(feature = "webrtc")]
mod missing;
#[cfg(feature = "webrtc")]
mod opus;
#[cfg(feature = "webrtc")]
mod opus_player;
mod pcm_input;
mod pcm_output;
mod playout;
mod processing;
mod resample;
mod seam;
#[cfg(feature = "webrtc")]
mod shared_opus;
mod silence;
mod stretch;
mod tone;
#[cfg(feature = "video")]
pub mod video;
mod video_stats;
mod voice_activity;
mod wav;
mod wav_file;
mod wav_header;
mod wav_recorder;

pub use capture::{Capture, CaptureStats, MAX_PRE_ROLL, MUTE_SILENCE};
pub use dropped::{AudioDropReason, AudioDropped};
pub use duplex_recorder::DuplexRecorder;
pub use frame::{AudioFormat, AudioFrame, MAX_CHANNELS, MAX_SAMPLE_RATE, MIN_SAMPLE_RATE};
#[cfg(feature = "webrtc")]
pub use jitter::{JitterBuffer, JitterStats, Next};
pub use level::{Level, LevelMeter};
#[cfg(feature = "webrtc")]
pub use opus::{OPUS_FORMAT, OPUS_FRAME, OpusDecoder, OpusEncoder, OpusOptions};
#[cfg(feature = "webrtc")]
pub use opus_player::OpusPlayer;
pub use pcm_input::{PcmInput, PcmPace, PcmSource};
pub use pcm_output::{PcmOutput, PcmSink};
pub use playout::{MAX_BUFFERED, Playout, PlayoutOptions, PlayoutStats};
pub use processing::{AudioProcessing, ProcessingStats, VoiceProcessor};
pub use resample::Resampler;
pub use seam::{AudioSink, AudioSource, DEFAULT_DEVICE, DeviceControl, DeviceEvent, DeviceInfo};
#[cfg(feature = "webrtc")]
pub(crate) use shared_opus::{Encoder, SharedOpus};
pub use silence::SilenceSource;
pub use tone::ToneSource;
pub use video_stats::{VideoStats, VideoStreamStats};
pub use voice_activity::{VoiceActivity, VoiceActivityOptions};
pub use wav::WavSource;
pub use wav_recorder::{RecorderStatus, WavRecorder};
