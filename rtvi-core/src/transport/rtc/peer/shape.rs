//! The sections, codecs and data channels of a peer connection. Values only.

#[cfg(feature = "video")]
use rtc::rtp_transceiver::rtp_sender::RTCPFeedback;
use rtc::rtp_transceiver::rtp_sender::{RTCRtpCodec, RTCRtpCodecParameters, RtpCodecKind};
use webrtc::{data_channel::RTCDataChannelInit, rtp_transceiver::RTCRtpTransceiverDirection};

#[cfg(feature = "video")]
use crate::media::video::{VIDEO_CLOCK, VideoCodec};

/// Our payload type for Opus; the answer may choose another.
const OPUS_PAYLOAD_TYPE: u8 = 111;
/// Our payload type for VP8, which every WebRTC server has.
const VP8_PAYLOAD_TYPE: u8 = 96;

/// Our payload type for H.264, and what we offer of it: the constrained baseline profile in
/// fragmented packets (RFC 6184 §8.1).
#[cfg(feature = "video")]
const H264_PAYLOAD_TYPE: u8 = 102;
#[cfg(feature = "video")]
const H264_PARAMETERS: &str = "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f";
/// The feedback on video: bitrate, lost packets, and requests for key frames (RFC 4585, RFC 5104).
#[cfg(feature = "video")]
const FEEDBACK: [(&str, &str); 4] = [("goog-remb", ""), ("nack", ""), ("nack", "pli"), ("ccm", "fir")];

/// What a peer connection carries.
pub(crate) struct Shape {
    /// The media sections, in the order in which they are offered.
    pub(crate) sections: Vec<Section>,
    /// Further codecs, for all sections of their kind and for those that come later: those that are
    /// added and those that the remote peer offers.
    pub(crate) later: Vec<Codec>,
    /// The data channels that we open. If there are any, one more section follows the media.
    pub(crate) channels: Vec<Channel>,
    /// The largest message that the remote peer may send, in bytes.
    pub(crate) max_incoming: u32,
}

impl Shape {
    /// Whether we may send video, and so also receive it.
    #[cfg(feature = "video")]
    pub(super) fn has_video(&self) -> bool {
        let is_sent =
            |section: &Section| section.codec.kind == RtpCodecKind::Video && section.direction.has_send();
        self.sections.iter().any(is_sent)
    }
}

/// One media section.
pub(crate) struct Section {
    pub(crate) codec: Codec,
    pub(crate) direction: RTCRtpTransceiverDirection,
    /// The name of our track, if the section sends.
    pub(crate) name: &'static str,
}

/// A codec and its payload type in our offers.
#[derive(Clone)]
pub(crate) struct Codec {
    pub(super) kind: RtpCodecKind,
    pub(super) parameters: RTCRtpCodecParameters,
}

/// A data channel: its label and reliability.
pub(crate) struct Channel {
    pub(crate) label: &'static str,
    pub(crate) reliability: RTCDataChannelInit,
}

impl Codec {
    /// Opus with in-band error correction, and with discontinuous transmission if `discontinuous`.
    pub(crate) fn opus(discontinuous: bool) -> Self {
        let dtx = if discontinuous { ";usedtx=1" } else { "" };
        let codec = RTCRtpCodec {
            mime_type: "audio/opus".to_owned(),
            clock_rate: 48_000,
            channels: 2,
            sdp_fmtp_line: format!("minptime=10;useinbandfec=1{dtx}"),
            rtcp_feedback: Vec::new(),
        };
        Self::new(RtpCodecKind::Audio, codec, OPUS_PAYLOAD_TYPE)
    }

    /// VP8 without feedback.
    pub(crate) fn vp8() -> Self {
        let mime_type = "video/VP8".to_owned();
        let codec = RTCRtpCodec { mime_type, clock_rate: 90_000, ..RTCRtpCodec::default() };
        Self::new(RtpCodecKind::Video, codec, VP8_PAYLOAD_TYPE)
    }

    /// A codec of video with all feedback that a sender can act on. Without retransmission packets
    /// (RTX), which Pipecat's server loses as soon as there are two sections of video; it repeats
    /// packets without them.
    #[cfg(feature = "video")]
    pub(crate) fn video(codec: VideoCodec) -> Self {
        let (payload_type, parameters) = match codec {
            VideoCodec::Vp8 => (VP8_PAYLOAD_TYPE, ""),
            VideoCodec::H264 => (H264_PAYLOAD_TYPE, H264_PARAMETERS),
        };
        let feedback = FEEDBACK
            .map(|(kind, parameter)| RTCPFeedback { typ: kind.to_owned(), parameter: parameter.to_owned() });
        let codec = RTCRtpCodec {
            mime_type: format!("video/{}", codec.name()),
            clock_rate: VIDEO_CLOCK,
            channels: 0,
            sdp_fmtp_line: parameters.to_owned(),
            rtcp_feedback: feedback.to_vec(),
        };
        Self::new(RtpCodecKind::Video, codec, payload_type)
    }

    const fn new(kind: RtpCodecKind, rtp_codec: RTCRtpCodec, payload_type: u8) -> Self {
        Self { kind, parameters: RTCRtpCodecParameters { rtp_codec, payload_type } }
    }
}
