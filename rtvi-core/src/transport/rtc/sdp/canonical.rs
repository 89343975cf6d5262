//! A remote description written as the crate understands it: nothing but what it needs, and that always in the same words.
//!
//! The crate takes one fingerprint of one hash, reads the formats of refused sections, looks for the role of DTLS in sections only, wants
//! a source for every stream that a group names, and takes the server's limit for messages to it as one for messages from it, too. So it
//! gets a description that says the same without all this.

use std::fmt::Write;

use super::{
    HASH_LENGTH,
    description::{Description, Section},
    media::{MID_URI, extension, first_source},
    opus,
};

/// How a description ends its lines.
const END: &str = "\r\n";
/// The port of a data channel's association unless the description names one (RFC 8841 §5).
const SCTP_PORT: u16 = 5000;

/// What was found out about the description.
pub(super) struct Facts<'a> {
    pub(super) fingerprint: [u8; HASH_LENGTH],
    /// The largest message that the server may send, in bytes.
    pub(super) max_incoming: u32,
    /// The sections of video in an answer, in its order; `None` for one that is of no use.
    pub(super) video: &'a [Option<VideoText>],
}

/// A section of video that is of use.
pub(super) struct VideoText {
    pub(super) payload_type: u8,
    /// Its attributes.
    pub(super) lines: Vec<String>,
}

/// Writes the remote description `theirs` with the names of `ours`: our own offer, or the same description if the remote peer makes the
/// offer.
pub(super) fn write(theirs: &Description<'_>, ours: &Description<'_>, facts: &Facts<'_>) -> String {
    let mut text = Text::default();
    text.line("v=0").line("o=- 0 0 IN IP4 0.0.0.0").line("s=-").line("t=0 0");
    let mids = ours.sections.iter().filter_map(|section| section.attributes.value("mid"));
    text.line(&format!("a=group:BUNDLE {}", mids.collect::<Vec<_>>().join(" ")));
    if theirs.session.has("ice-lite") {
        text.line("a=ice-lite");
    }
    let fingerprint: Vec<_> = facts.fingerprint.iter().map(|byte| format!("{byte:02x}")).collect();
    text.line(&format!("a=fingerprint:sha-256 {}", fingerprint.join(":")));
    for name in ["ice-ufrag", "ice-pwd"] {
        if let Some(value) = theirs.shared(name) {
            text.line(&format!("a={name}:{value}"));
        }
    }
    let mut video = facts.video.iter();
    for (ours, section) in ours.sections.iter().zip(&theirs.sections) {
        let used = if ours.kind == "video" { video.next().and_then(Option::as_ref) } else { None };
        match used {
            Some(used) => text.video(ours, theirs, used),
            None => text.section(ours, section, theirs, facts),
        }
    }
    text.0
}

#[derive(Default)]
struct Text(String);

impl Text {
    fn line(&mut self, line: &str) -> &mut Self {
        self.0.push_str(line);
        self.0.push_str(END);
        self
    }

    /// One section. `ours` says what it is called, and what codec stands for one that does not matter.
    fn section(
        &mut self,
        ours: &Section<'_>,
        theirs: &Section<'_>,
        all: &Description<'_>,
        facts: &Facts<'_>,
    ) {
        let opus = opus::payload_type_of(theirs).filter(|_| ours.kind == "audio" && !theirs.is_refused());
        match (ours.kind, opus) {
            (_, Some(opus)) => self.media("audio", &opus.to_string()),
            ("application", _) => self.line("m=application 9 UDP/DTLS/SCTP webrtc-datachannel"),
            (kind, _) => self.media(kind, ours.formats.first().copied().unwrap_or("0")),
        };
        self.transport(ours, all);
        match (ours.kind, opus) {
            (_, Some(opus)) => self.audio(theirs, all, opus),
            ("application", _) => self.application(theirs, facts.max_incoming),
            _ => self.unused(ours),
        }
    }

    /// The name of the section, and the role of DTLS.
    fn transport(&mut self, ours: &Section<'_>, all: &Description<'_>) {
        self.line("c=IN IP4 0.0.0.0");
        if let Some(mid) = ours.attributes.value("mid") {
            self.line(&format!("a=mid:{mid}"));
        }
        if let Some(role) = all.shared("setup") {
            self.line(&format!("a=setup:{}", role.to_ascii_lowercase()));
        }
    }

    fn video(&mut self, ours: &Section<'_>, all: &Description<'_>, used: &VideoText) {
        self.media("video", &used.payload_type.to_string()).transport(ours, all);
        for line in &used.lines {
            self.line(line);
        }
    }

    fn media(&mut self, kind: &str, format: &str) -> &mut Self {
        self.line(&format!("m={kind} 9 UDP/TLS/RTP/SAVPF {format}"))
    }

    fn audio(&mut self, theirs: &Section<'_>, all: &Description<'_>, opus: u8) {
        let direction = theirs.direction(all);
        self.line("a=rtcp-mux")
            .line(&format!("a={direction}"))
            .line(&format!("a=rtpmap:{opus} opus/48000/2"));
        if let Some(parameters) = opus::parameters(theirs, opus) {
            self.line(&format!("a=fmtp:{opus} {parameters}"));
        }
        if let Some(number) = extension(&theirs.attributes, MID_URI) {
            self.line(&format!("a=extmap:{number} {MID_URI}"));
        }
        if let Some(source) = first_source(&theirs.attributes) {
            self.line(&format!("a=ssrc:{source} cname:bot"));
        }
    }

    fn application(&mut self, theirs: &Section<'_>, max_incoming: u32) {
        let old = || theirs.attributes.value("sctpmap").and_then(|map| map.split_ascii_whitespace().next());
        let named = theirs.attributes.value("sctp-port").or_else(old);
        let port = named.and_then(|port| port.parse().ok()).unwrap_or(SCTP_PORT);
        self.line(&format!("a=sctp-port:{port}")).line(&format!("a=max-message-size:{max_incoming}"));
    }

    /// A section that is of no use to us, refused or not: our filter gets its packets before the crate does.
    fn unused(&mut self, ours: &Section<'_>) {
        self.line("a=rtcp-mux").line("a=inactive");
        for map in ours.attributes.values("rtpmap") {
            let _ = write!(self.0, "a=rtpmap:{map}{END}");
        }
    }
}
