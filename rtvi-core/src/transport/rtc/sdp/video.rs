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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::rtc::sdp::read_answer;

    const OFFER: &str = "v=0\nm=audio 9 X 111\na=mid:0\nm=video 9 X 96 102\na=mid:1\na=sendrecv\na=rtpmap:96 VP8/90000\n\
        a=rtpmap:102 H264/90000\na=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f\n\
        m=video 9 X 96 102\na=mid:2\na=sendonly\na=rtpmap:96 VP8/90000\nm=application 9 X Y\na=mid:3\n";
    const ANSWER: &str = "v=0\nm=audio 9 X 111\na=rtpmap:111 opus/48000/2\n\
        a=fingerprint:sha-256 AA\n\
        m=video 9 X 96 102\na=sendrecv\na=rtpmap:96 vp8/90000\na=rtcp-fb:96 nack\na=rtpmap:102 H264/90000\n\
        a=fmtp:102 packetization-mode=1;profile-level-id=42e01f\na=extmap:2 urn:ietf:params:rtp-hdrext:sdes:mid\n\
        a=extmap:3 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time\na=ssrc-group:FID 7 8\na=ssrc:7 cname:x\n\
        m=video 9 X 102\na=recvonly\na=rtpmap:102 H264/90000\na=fmtp:102 packetization-mode=1\nm=application 9 X Y\n";

    fn read(answer: &str) -> Vec<Option<VideoAnswer>> {
        let [answer, offer] = [answer, OFFER].map(|text| Description::read(text).unwrap());
        VideoAnswer::read(&answer, &offer)
    }

    #[test]
    fn each_section_has_its_first_codec_and_its_directions() {
        let [Some(camera), None] = &read(ANSWER)[..] else { panic!("the screen's section offers no H.264") };
        assert_eq!((camera.codec, camera.payload_type), (VideoCodec::Vp8, 96));
        assert_eq!((camera.sends, camera.receives, camera.send_time), (true, true, Some(3)));
        let h264 = read(&ANSWER.replacen("X 96 102", "X 102 96", 1));
        assert_eq!(
            h264[0].as_ref().map(|camera| (camera.codec, camera.payload_type)),
            Some((VideoCodec::H264, 102))
        );
        let moved = ANSWER.replacen("X 96 102", "X 120", 1).replace("rtpmap:96", "rtpmap:120");
        assert_eq!(read(&moved)[0].as_ref().map(|camera| camera.payload_type), Some(120));
        for (direction, sends, receives) in
            [("sendonly", true, false), ("recvonly", false, true), ("inactive", false, false)]
        {
            let answer = ANSWER.replacen("a=sendrecv", &format!("a={direction}"), 1);
            let camera = read(&answer).remove(0).unwrap();
            assert_eq!((camera.sends, camera.receives), (sends, receives), "{direction}");
        }
    }

    #[test]
    fn what_we_do_not_have_is_refused() {
        for (from, to) in
            [("m=video 9 X 96 102", "m=video 0 X 96 102"), ("vp8/90000", "VP9/90000"), ("X 96 102", "X 101")]
        {
            let answer =
                ANSWER.replacen(from, to, 1).replace("packetization-mode=1;", "packetization-mode=0;");
            assert_eq!(read(&answer)[0], None, "{to}");
        }
    }

    #[test]
    fn the_crate_gets_the_chosen_codec_and_one_source() {
        let fingerprint = ["ab"; 32].join(":");
        let answer = ANSWER.replace("sha-256 AA", &format!("sha-256 {fingerprint}"));
        let sdp = read_answer(&answer, OFFER, 7).unwrap().remote.sdp;
        let sections: Vec<_> = sdp.split("m=").filter(|section| section.starts_with("video")).collect();
        let camera = "video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\na=rtcp-mux\r\na=sendrecv\r\n\
            a=rtpmap:96 VP8/90000\r\na=extmap:2 urn:ietf:params:rtp-hdrext:sdes:mid\r\n\
            a=extmap:3 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time\r\na=ssrc:7 cname:bot\r\n";
        assert_eq!(sections[0], camera);
        assert!(sections[1].contains("a=mid:2\r\n") && sections[1].contains("a=inactive"), "{}", sections[1]);
    }
}
