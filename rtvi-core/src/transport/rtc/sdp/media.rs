//! Whose a packet is: the bot's audio, or its video (RFC 9143 §9.2). Pure.

use rtc::rtp::header::Header;

use super::description::{Attributes, Section, payload_type};

/// The header extension that names a packet's section.
pub(crate) const MID_URI: &str = "urn:ietf:params:rtp-hdrext:sdes:mid";
/// How many sources a section may name, and how many are remembered by what their packets named. Further ones are identified by their payload
/// type.
const MOST_SOURCES: usize = 16;

/// What a section of the answer says of its packets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Media {
    mid: String,
    sources: Vec<u32>,
    payload_types: Vec<u8>,
}

/// Whose a packet is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stream {
    /// Audio that can be played.
    Audio,
    /// Signals between voices: comfort noise and keys. Nobody would have heard them.
    Signals,
    /// Video.
    Video,
    /// Nobody knows.
    Unknown,
}

/// Tells packets apart, by what the answer said and by what earlier packets of the same source named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Routing {
    /// The number of the extension that names the section; where there is none, packets name nothing.
    mid_extension: Option<u8>,
    audio: Media,
    video: Media,
    signals: Vec<u8>,
    /// Sources whose packets named their section, and whether that was the audio's.
    named: Vec<(u32, bool)>,
}

impl Media {
    /// What the accepted section `answer` says, when we call it `mid` and offered these payload types for it. A server may send what it
    /// accepted under either number (RFC 3264 §6.1).
    pub(super) fn read(mid: &str, answer: Option<&Section<'_>>, payload_types: Vec<u8>) -> Self {
        let sources = answer.map(|section| sources(&section.attributes)).unwrap_or_default();
        Self { mid: mid.to_owned(), sources, payload_types }
    }

    fn is_named(&self, mid: &[u8]) -> bool {
        !mid.is_empty() && self.mid.as_bytes() == mid
    }
}

/// The first source that a section names, if any.
pub(super) fn first_source(attributes: &Attributes<'_>) -> Option<u32> {
    sources(attributes).first().copied()
}

/// The sources of a section, without those that only repair another (RFC 5576 §4.2).
fn sources(attributes: &Attributes<'_>) -> Vec<u32> {
    let groups = attributes.values("ssrc-group").map(|group| group.split_ascii_whitespace());
    let repairs: Vec<u32> = groups.flat_map(|group| group.skip(2)).filter_map(|id| id.parse().ok()).collect();
    let named =
        attributes.values("ssrc").filter_map(|value| value.split_ascii_whitespace().next()?.parse().ok());
    let mut sources: Vec<u32> = named.filter(|source| !repairs.contains(source)).collect();
    sources.dedup();
    sources.truncate(MOST_SOURCES);
    sources
}

/// The number of the header extension that names the section, in this section.
pub(super) fn mid_extension(attributes: &Attributes<'_>) -> Option<u8> {
    attributes.values("extmap").find_map(|value| {
        let mut words = value.split_ascii_whitespace();
        let (number, uri) = (words.next()?, words.next()?);
        let number = number.split('/').next()?.parse().ok().filter(|number| *number > 0)?;
        uri.eq_ignore_ascii_case(MID_URI).then_some(number)
    })
}

/// The payload types of signals between voices.
fn signals(attributes: &Attributes<'_>) -> Vec<u8> {
    let maps = attributes.values("rtpmap").filter_map(|map| map.split_once([' ', '\t']));
    let is_signal = |codec: &str| {
        let name = codec.trim().split('/').next().unwrap_or_default();
        name.eq_ignore_ascii_case("CN") || name.eq_ignore_ascii_case("telephone-event")
    };
    maps.filter(|(_, codec)| is_signal(codec)).filter_map(|(number, _)| payload_type(number)).collect()
}

impl Routing {
    /// `attributes` are those of the answer's audio section.
    pub(super) fn new(attributes: &Attributes<'_>, audio: Media, video: Media) -> Self {
        let (mid_extension, signals) = (mid_extension(attributes), signals(attributes));
        Self { mid_extension, audio, video, signals, named: Vec::new() }
    }

    /// Whose the packet with this header is: its section is the one it names, else that of its source, else that of its payload type.
    pub(crate) fn stream(&mut self, header: &Header) -> Stream {
        let is_audio = self.by_name(header).or_else(|| self.by_source(header.ssrc));
        let plays = self.audio.payload_types.contains(&header.payload_type);
        match is_audio {
            Some(false) => Stream::Video,
            None if self.video.payload_types.contains(&header.payload_type) => Stream::Video,
            _ if plays => Stream::Audio,
            _ if self.signals.contains(&header.payload_type) => Stream::Signals,
            _ => Stream::Unknown,
        }
    }

    fn by_name(&mut self, header: &Header) -> Option<bool> {
        let mid = header.get_extension(self.mid_extension?)?;
        let is_audio = self.audio.is_named(&mid);
        if !is_audio && !self.video.is_named(&mid) {
            return None;
        }
        self.named.retain(|(source, _)| *source != header.ssrc);
        if self.named.len() == MOST_SOURCES {
            self.named.remove(0);
        }
        self.named.push((header.ssrc, is_audio));
        Some(is_audio)
    }

    fn by_source(&self, source: u32) -> Option<bool> {
        let named = self.named.iter().find(|(named, _)| *named == source).map(|(_, is_audio)| *is_audio);
        named
            .or_else(|| self.audio.sources.contains(&source).then_some(true))
            .or_else(|| self.video.sources.contains(&source).then_some(false))
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::{super::description::Description, *};

    const ANSWER: &str = "v=0\nm=audio 9 X 96 13 101\na=rtpmap:96 opus/48000/2\na=rtpmap:13 CN/8000\n\
        a=rtpmap:101 telephone-event/8000\na=extmap:4/sendrecv URN:ietf:params:rtp-hdrext:sdes:mid\n\
        a=ssrc:7 cname:x\na=ssrc:7 msid:a b\na=ssrc-group:FID 7 8\na=ssrc:8 cname:x\nm=video 9 X 97\na=ssrc:9\n";

    fn routing(answer: &str) -> Routing {
        let description = Description::read(answer).unwrap();
        let [audio, video] = ["audio", "video"].map(|kind| description.accepted_of(kind));
        let attributes = &audio.unwrap().attributes;
        let media = [Media::read("0", audio, vec![111, 96]), Media::read("1", video, vec![97])];
        let [audio, video] = media;
        Routing::new(attributes, audio, video)
    }

    fn header(ssrc: u32, payload_type: u8, mid: &str) -> Header {
        let mut header = Header { ssrc, payload_type, ..Header::default() };
        if !mid.is_empty() {
            header.set_extension(4, Bytes::copy_from_slice(mid.as_bytes())).unwrap();
        }
        header
    }

    #[test]
    fn sources_are_read_without_those_that_repair() {
        let description = Description::read(ANSWER).unwrap();
        let audio = description.accepted_of("audio");
        assert_eq!(Media::read("0", audio, Vec::new()).sources, [7]);
        assert_eq!(first_source(&audio.unwrap().attributes), Some(7));
    }

    #[test]
    fn packets_are_told_by_their_section_then_their_source_then_their_payload_type() {
        for (ssrc, payload_type, mid, stream) in [
            (7, 96, "", Stream::Audio),
            (7, 111, "", Stream::Audio),
            (1_000, 96, "", Stream::Audio),
            (1_000, 111, "0", Stream::Audio),
            (1_000, 97, "", Stream::Video),
            (9, 96, "", Stream::Video),
            (9, 96, "0", Stream::Audio),
            (7, 96, "1", Stream::Video),
            (7, 96, "another", Stream::Audio),
            (7, 13, "", Stream::Signals),
            (1_000, 101, "0", Stream::Signals),
            (7, 0, "", Stream::Unknown),
            (1_000, 0, "0", Stream::Unknown),
            (1_000, 120, "", Stream::Unknown),
        ] {
            let found = routing(ANSWER).stream(&header(ssrc, payload_type, mid));
            assert_eq!(found, stream, "{ssrc} {payload_type} {mid}");
        }
    }

    #[test]
    fn what_a_packet_names_holds_for_its_source() {
        let mut routing = routing(ANSWER);
        assert_eq!(routing.stream(&header(1_000, 96, "1")), Stream::Video);
        assert_eq!(routing.stream(&header(1_000, 96, "")), Stream::Video);
        assert_eq!(routing.stream(&header(1_000, 96, "0")), Stream::Audio);
        assert_eq!(routing.stream(&header(1_000, 96, "")), Stream::Audio);
        for source in 0..1_000 {
            routing.stream(&header(source, 96, "1"));
        }
        assert_eq!(routing.named.len(), MOST_SOURCES);
    }

    #[test]
    fn an_answer_that_names_nothing_is_enough() {
        let mut bare = routing("v=0\nm=audio 9 X 96\n");
        assert_eq!(bare.stream(&header(1, 96, "1")), Stream::Audio);
        assert_eq!(bare.stream(&header(1, 97, "0")), Stream::Video);
        assert_eq!(bare.stream(&header(1, 98, "0")), Stream::Unknown);
    }
}
