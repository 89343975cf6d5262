//! The sections, codecs and data channels of a peer connection. Values only.

use rtc::rtp_transceiver::rtp_sender::{RTCRtpCodec, RTCRtpCodecParameters, RtpCodecKind};
use webrtc::{data_channel::RTCDataChannelInit, rtp_transceiver::RTCRtpTransceiverDirection};

/// Our payload type for Opus; the answer may choose another.
const OPUS_PAYLOAD_TYPE: u8 = 111;
/// Our payload type for VP8, which every WebRTC server has.
const VP8_PAYLOAD_TYPE: u8 = 96;

/// What a peer connection carries.
pub(crate) struct Shape {
    /// The media sections, in the order in which they are offered.
    pub(crate) sections: Vec<Section>,
    /// The codecs of sections that come later: those that are added and those that the remote peer
    /// offers.
    pub(crate) later: Vec<Codec>,
    /// The data channels that we open. If there are any, one more section follows the media.
    pub(crate) channels: Vec<Channel>,
    /// The largest message that the remote peer may send, in bytes.
    pub(crate) max_incoming: u32,
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

    const fn new(kind: RtpCodecKind, rtp_codec: RTCRtpCodec, payload_type: u8) -> Self {
        Self { kind, parameters: RTCRtpCodecParameters { rtp_codec, payload_type } }
    }
}
