//! Video: pictures, encoded frames, sources, sinks, codecs, and their way over RTP.
//!
//! May depend on `crate::error`, the audio part of `media`, and the packet types of `rtc`. Contains
//! no codec and touches no pixel. Has no runtime and no clock: the time is an argument.

mod assembler;
mod codecs;
mod encoded_queue;
mod feedback;
mod frame;
mod frame_end;
mod frame_sink;
mod frame_source;
mod freezes;
mod h264;
mod history;
mod key_frames;
mod ladder;
mod lip_sync;
mod meter;
mod pacer;
mod packet;
mod packetizer;
mod preview;
mod rate;
mod receiver;
mod seam;
mod sender;
mod sps;
mod vp8;

pub use assembler::{AssembledFrame, AssemblerStats, VideoAssembler};
pub use codecs::{VideoCodecs, VideoDecoder, VideoEncoder, VideoTarget};
pub use feedback::VideoFeedback;
pub use frame::{
    EncodedFrame, MAX_VIDEO_SIDE, NativePicture, PixelFormat, Plane, PlaneSize, Rotation, VideoCodec,
    VideoFormat, VideoFrame, VideoPixels,
};
pub use frame_end::FrameEnds;
pub use frame_sink::{FrameOutput, FrameSink};
pub use frame_source::{FrameInput, FrameSource, VideoFeeder};
pub use freezes::Freezes;
pub use history::SentPackets;
pub use key_frames::{KeyFrameAnswers, KeyFrameRequests};
pub use ladder::VideoKind;
pub use lip_sync::{ClockPoint, LipSync};
pub use pacer::Pacer;
pub use packet::{FrameHeader, VIDEO_CLOCK, VideoPacket, read_frame_header};
pub use packetizer::VideoPacketizer;
pub use preview::PreviewedSource;
pub use rate::{ReceiveRate, VideoRate};
pub use receiver::VideoReceiver;
pub use seam::{VideoAccepts, VideoInput, VideoOutput, VideoSink, VideoSource};
pub use sender::VideoSender;
