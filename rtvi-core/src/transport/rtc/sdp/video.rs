//! What an answer says about the video that we offered to send (RFC 7741 §6, RFC 6184 §8.1). Pure.

use crate::media::video::VideoCodec;

use super::{
    canonical::VideoText,
    description::{Description, Section},
    media::{MID_URI, extension, first_source},
    opus::{maps, parameters},
};

/// The header extension with the time at which a packet was sent. Without it, Pipecat's server does
/// not estimate the bitrate.
pub(crate) const SEND_TIME_URI: &str = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time";

/// One accepted section of video.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct VideoAnswer {
    pub(crate) codec: VideoCodec,
    pub(crate) payload_type: u8,
    /// Whether the server may send, and whether it receives.
    pub(crate) sends: bool,
    pub(crate) receives: bool,
    /// The number of the header extension with the time of sending.
    pub(crate) send_time: Option<u8>,
    direction: &'static str,
    parameters: Option<String>,
    mid: Option<u8>,
    source: Option<u32>,
}

impl VideoAnswer {
    /// The answers to the sections of video in our offer, in its order; `None` for one that the
    /// server refuses or that has no codec of ours.
    pub(super) fn read(answer: &Description<'_>, offer: &Description<'_>) -> Vec<Option<Self>> {
        let pairs = offer.sections.iter().zip(&answer.sections);
        let video = pairs.filter(|(ours, _)| ours.kind == "video");
        video.map(|(ours, theirs)| Self::of_section(answer, ours, theirs, offer)).collect()
    }

    fn of_section(
        answer: &Description<'_>,
        ours: &Section<'_>,
        theirs: &Section<'_>,
        offer: &Description<'_>,
    ) -> Option<Self> {
        if theirs.is_refused() || !ours.direction(offer).starts_with("send") {
            return None;
        }
        let offered = |codec| ours.payload_types().any(|number| codec_of(ours, number) == Some(codec));
        let accepted = theirs.payload_types().find_map(|number| Some((number, codec_of(theirs, number)?)));
        let (payload_type, codec) = accepted.filter(|(_, codec)| offered(*codec))?;
        let direction = theirs.direction(answer);
        Some(Self {
            codec,
            payload_type,
            sends: direction.starts_with("send"),
            receives: matches!(direction, "sendrecv" | "recvonly"),
            send_time: extension(&theirs.attributes, SEND_TIME_URI),
            direction,
            parameters: parameters(theirs, payload_type).map(str::to_owned),
            mid: extension(&theirs.attributes, MID_URI),
            source: first_source(&theirs.attributes),
        })
    }

    /// The section for the crate.
    pub(super) fn text(&self) -> VideoText {
        let Self { codec, payload_type, direction, .. } = self;
        let mut lines = vec![
            "a=rtcp-mux".to_owned(),
            format!("a={direction}"),
            format!("a=rtpmap:{payload_type} {}/90000", codec.name()),
        ];
        lines.extend(self.parameters.iter().map(|text| format!("a=fmtp:{payload_type} {text}")));
        for (number, uri) in [(self.mid, MID_URI), (self.send_time, SEND_TIME_URI)] {
            lines.extend(number.map(|number| format!("a=extmap:{number} {uri}")));
        }
        lines.extend(self.source.map(|source| format!("a=ssrc:{source} cname:bot")));
        VideoText { payload_type: *payload_type, lines }
    }
}

/// The codec of a payload type, if it is one that we know: of H.264, only with fragmented packets.
fn codec_of(section: &Section<'_>, number: u8) -> Option<VideoCodec> {
    let (_, map) = maps(section).find(|(map, _)| *map == number)?;
    let name = map.split('/').next().unwrap_or_default();
    if name.eq_ignore_ascii_case(VideoCodec::Vp8.name()) {
        return Some(VideoCodec::Vp8);
    }
    let is_fragmented = parameters(section, number).is_some_and(|text| {
        text.split(';').any(|one| one.trim().eq_ignore_ascii_case("packetization-mode=1"))
    });
    (name.eq_ignore_ascii_case(VideoCodec::H264.name()) && is_fragmented).then_some(VideoCodec::H264)
}
