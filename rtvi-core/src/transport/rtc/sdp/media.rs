//! Which stream a packet belongs to: audio that is played, other audio, or video (RFC 9143 §9.2). Pure.

use rtc::rtp::header::Header;

use super::{
    description::{Attributes, Description, Section, payload_type},
    opus,
};

/// The header extension that names a packet's section.
pub(crate) const MID_URI: &str = "urn:ietf:params:rtp-hdrext:sdes:mid";
/// How many sources a section may name, and how many are remembered by what their packets named. Further ones are identified by their payload
/// type.
const MOST_SOURCES: usize = 16;

/// What a remote section says of its packets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Media {
    is_audio: bool,
    mid: String,
    /// The name of the stream, which the remote peer chooses (RFC 8830 §2).
    stream: String,
    /// Whether the remote peer may send in this section.
    sends: bool,
    sources: Vec<u32>,
    payload_types: Vec<u8>,
    mid_extension: Option<u8>,
    /// The payload types of signals between voices.
    signals: Vec<u8>,
}

/// Whose a packet is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stream {
    /// Audio that is to be played.
    Audio,
    /// Audio of a stream that is not to be played.
    Unheard,
    /// Signals between voices: comfort noise and keys. Nobody would have heard them.
    Signals,
    /// Video.
    Video,
    /// Nobody knows.
    Unknown,
}

/// Which of the remote peer's audio is played.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Heard {
    /// All of it.
    #[default]
    All,
    /// The streams whose names begin so.
    Streams(String),
    /// None.
    Nothing,
}

/// Tells packets apart, by what the remote description said and by what earlier packets of the same source named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Routing {
    /// The number of the extension that names the section; where there is none, packets name nothing.
    mid_extension: Option<u8>,
    sections: Vec<Media>,
    /// Sources whose packets named their section, and which that was.
    named: Vec<(u32, usize)>,
    heard: Heard,
}

impl Media {
    /// What the remote section `theirs` says, where `ours` is our side of it; nothing if it is not for media. A server may send what it
    /// accepted under either side's number (RFC 3264 §6.1). `all` is the description that `theirs` belongs to.
    pub(super) fn read(ours: &Section<'_>, theirs: &Section<'_>, all: &Description<'_>) -> Option<Self> {
        let is_audio = match ours.kind {
            "audio" => true,
            "video" => false,
            _ => return None,
        };
        let accepted = Some(theirs).filter(|section| !section.is_refused());
        let attributes = accepted.map(|section| &section.attributes);
        let stream = attributes.and_then(|attributes| attributes.value("msid"));
        let stream = stream.and_then(|names| names.split_ascii_whitespace().next());
        Some(Self {
            is_audio,
            mid: ours.attributes.value("mid").unwrap_or_default().to_owned(),
            stream: stream.unwrap_or_default().to_owned(),
            sends: accepted.is_some_and(|section| section.direction(all).starts_with("send")),
            sources: attributes.map(sources).unwrap_or_default(),
            payload_types: payload_types(ours, accepted),
            mid_extension: attributes.and_then(|attributes| extension(attributes, MID_URI)),
            signals: attributes.filter(|_| is_audio).map(signals).unwrap_or_default(),
        })
    }

    fn is_named(&self, mid: &[u8]) -> bool {
        !mid.is_empty() && self.mid.as_bytes() == mid
    }
}

/// The payload types of both sides; of audio, without those that stand for another codec than Opus.
fn payload_types(ours: &Section<'_>, theirs: Option<&Section<'_>>) -> Vec<u8> {
    if ours.kind != "audio" {
        return ours.payload_types().chain(theirs.into_iter().flat_map(Section::payload_types)).collect();
    }
    let is_free = |number: &u8| theirs.is_none_or(|section| opus::is_free(section, *number));
    ours.payload_types().filter(is_free).chain(theirs.and_then(opus::payload_type_of)).collect()
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

/// The number of the header extension with this URI, in this section (RFC 8285 §5).
pub(super) fn extension(attributes: &Attributes<'_>, uri: &str) -> Option<u8> {
    attributes.values("extmap").find_map(|value| {
        let mut words = value.split_ascii_whitespace();
        let (number, name) = (words.next()?, words.next()?);
        let number = number.split('/').next()?.parse().ok().filter(|number| *number > 0)?;
        name.eq_ignore_ascii_case(uri).then_some(number)
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
    /// `sections` are the remote description's, in its order.
    pub(super) fn new(sections: impl Iterator<Item = Media>) -> Self {
        let sections: Vec<_> = sections.collect();
        let mid_extension = sections.iter().find_map(|section| section.mid_extension);
        Self { mid_extension, sections, named: Vec::new(), heard: Heard::default() }
    }

    /// Sets which audio is played; returns what was set before.
    pub(crate) fn hear(&mut self, heard: Heard) -> Heard {
        std::mem::replace(&mut self.heard, heard)
    }

    /// Whose the packet with this header is: its section is the one it names, else that of its source, else that of its payload type.
    pub(crate) fn stream(&mut self, header: &Header) -> Stream {
        let index = self.by_name(header).or_else(|| self.by_source(header.ssrc));
        let index = index.or_else(|| self.by_payload_type(header.payload_type));
        let Some(section) = index.and_then(|index| self.sections.get(index)) else { return Stream::Unknown };
        if !section.is_audio {
            Stream::Video
        } else if section.payload_types.contains(&header.payload_type) {
            if self.hears(section) { Stream::Audio } else { Stream::Unheard }
        } else if section.signals.contains(&header.payload_type) {
            Stream::Signals
        } else {
            Stream::Unknown
        }
    }

    fn hears(&self, section: &Media) -> bool {
        match &self.heard {
            Heard::All => true,
            Heard::Streams(begin) => section.stream.starts_with(begin),
            Heard::Nothing => false,
        }
    }

    fn by_name(&mut self, header: &Header) -> Option<usize> {
        let mid = header.get_extension(self.mid_extension?)?;
        let index = self.sections.iter().position(|section| section.is_named(&mid))?;
        self.named.retain(|(source, _)| *source != header.ssrc);
        if self.named.len() == MOST_SOURCES {
            self.named.remove(0);
        }
        self.named.push((header.ssrc, index));
        Some(index)
    }

    fn by_source(&self, source: u32) -> Option<usize> {
        let named = self.named.iter().find(|(named, _)| *named == source).map(|(_, index)| *index);
        named.or_else(|| self.sections.iter().position(|section| section.sources.contains(&source)))
    }

    /// The section that has this payload type: video before audio, and one in which the remote peer sends before others.
    fn by_payload_type(&self, number: u8) -> Option<usize> {
        let has =
            |section: &Media| section.payload_types.contains(&number) || section.signals.contains(&number);
        let fitting = self.sections.iter().enumerate().filter(|(_, section)| has(section));
        fitting.min_by_key(|(_, section)| (section.is_audio, !section.sends)).map(|(index, _)| index)
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    const ANSWER: &str = "v=0\nm=audio 9 X 96 13 101\na=rtpmap:96 opus/48000/2\na=rtpmap:13 CN/8000\n\
        a=rtpmap:101 telephone-event/8000\na=extmap:4/sendrecv URN:ietf:params:rtp-hdrext:sdes:mid\n\
        a=ssrc:7 cname:x\na=ssrc:7 msid:a b\na=ssrc-group:FID 7 8\na=ssrc:8 cname:x\nm=video 9 X 97\na=ssrc:9\n";

    const OFFER: &str = "v=0\nm=audio 9 X 111\na=mid:0\nm=video 9 X 97\na=mid:1\n";

    fn routing_of(answer: &str, offer: &str) -> Routing {
        let [answer, offer] = [answer, offer].map(|text| Description::read(text).unwrap());
        let pairs = offer.sections.iter().zip(&answer.sections);
        Routing::new(pairs.filter_map(|(ours, theirs)| Media::read(ours, theirs, &answer)))
    }

    fn routing(answer: &str) -> Routing {
        routing_of(answer, OFFER)
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
        let audio = description.accepted_of("audio").unwrap();
        assert_eq!(Media::read(audio, audio, &description).unwrap().sources, [7]);
        assert_eq!(first_source(&audio.attributes), Some(7));
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
        let mut bare = routing("v=0\nm=audio 9 X 96\na=rtpmap:96 opus/48000/2\nm=video 9 X 97\n");
        assert_eq!(bare.stream(&header(1, 96, "1")), Stream::Audio);
        assert_eq!(bare.stream(&header(1, 97, "0")), Stream::Video);
        assert_eq!(bare.stream(&header(1, 98, "0")), Stream::Unknown);
    }

    /// The microphone, the bot, a person and the person's camera, in a room.
    const ROOM: &str = "v=0\nm=audio 9 X 111\na=mid:0\na=rtpmap:111 opus/48000/2\na=recvonly\n\
        m=audio 9 X 111\na=mid:1\na=rtpmap:111 opus/48000/2\na=sendonly\na=msid:PA_bot|TR_1 TR_1\na=ssrc:1 x\n\
        m=audio 9 X 111\na=mid:2\na=rtpmap:111 opus/48000/2\na=sendonly\na=msid:PA_person|TR_2 TR_2\na=ssrc:2 x\n\
        m=video 9 X 96\na=mid:3\na=sendonly\na=msid:PA_person|TR_3 TR_3\na=ssrc:3 x\n";

    #[test]
    fn of_several_streams_the_chosen_one_is_heard() {
        let mut room = routing_of(ROOM, ROOM);
        let streams = |room: &mut Routing| [1, 2, 3, 4].map(|ssrc| room.stream(&header(ssrc, 111, "")));
        assert_eq!(streams(&mut room), [Stream::Audio, Stream::Audio, Stream::Video, Stream::Audio]);
        assert_eq!(room.hear(Heard::Nothing), Heard::All);
        assert_eq!(streams(&mut room), [Stream::Unheard, Stream::Unheard, Stream::Video, Stream::Unheard]);
        room.hear(Heard::Streams("PA_person|".to_owned()));
        let heard = streams(&mut room);
        assert_eq!(heard, [Stream::Unheard, Stream::Audio, Stream::Video, Stream::Unheard]);
        room.hear(Heard::Streams("PA_bot|".to_owned()));
        let heard = streams(&mut room);
        assert_eq!(heard, [Stream::Audio, Stream::Unheard, Stream::Video, Stream::Audio]);
    }
}
