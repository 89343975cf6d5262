//! What a server's answer says that matters to us, and whether it is one we can work with.
//!
//! Pure; reads only the lines it needs (RFC 8866, RFC 8841). The answer may hold anything.

/// The largest answer that is looked at, in bytes; a real one has a few thousand.
const MAX_ANSWER: usize = 256 * 1024;
/// How many candidates of an answer are tried; a server has a few addresses. Further ones are dropped.
const MAX_CANDIDATES: usize = 64;
/// What the server takes when its answer names no limit (RFC 8841 §6.1).
const DEFAULT_MESSAGE_SIZE: usize = 64 * 1024;

/// The beginning of the line that names such a limit.
const MESSAGE_SIZE: &str = "a=max-message-size:";

/// What matters of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::transport) struct Accepted {
    /// The payload type for the audio we send.
    pub(super) opus: u8,
    /// The largest message the server takes, in bytes.
    pub(in crate::transport) max_message_size: usize,
}

#[derive(Default)]
struct Found {
    audio: bool,
    opus: Option<u8>,
    application: bool,
    fingerprint: bool,
    message_size: Option<usize>,
}

/// Reads an answer; the error says what it lacks.
pub(in crate::transport) fn read_answer(sdp: &str) -> Result<Accepted, String> {
    if sdp.len() > MAX_ANSWER {
        return Err(format!("it has {} bytes; the limit is {MAX_ANSWER}", sdp.len()));
    }
    if !sdp.trim_start().starts_with("v=0") {
        return Err("it is not SDP".to_owned());
    }
    let found = scan(sdp);
    match found {
        Found { audio: false, .. } => Err("it accepts no audio".to_owned()),
        Found { opus: None, .. } => Err("it does not accept Opus".to_owned()),
        Found { application: false, .. } => Err("it accepts no data channel".to_owned()),
        Found { fingerprint: false, .. } => Err("it has no fingerprint".to_owned()),
        Found { opus: Some(opus), message_size, .. } => {
            let max_message_size = match message_size {
                None => DEFAULT_MESSAGE_SIZE,
                // Any size (RFC 8841 §6.1).
                Some(0) => usize::MAX,
                Some(size) => size,
            };
            Ok(Accepted { opus, max_message_size })
        }
    }
}

/// The answer without its candidates, and those, each once: most servers repeat them in every section.
pub(in crate::transport) fn split_candidates(sdp: &str) -> (String, Vec<&str>) {
    let (mut rest, mut candidates) = (String::with_capacity(sdp.len()), Vec::new());
    for line in sdp.split_inclusive('\n') {
        match line.strip_prefix("a=").map(str::trim_end).filter(|text| text.starts_with("candidate:")) {
            Some(candidate) if candidates.contains(&candidate) => {}
            Some(candidate) if candidates.len() < MAX_CANDIDATES => candidates.push(candidate),
            Some(_) => {}
            None => rest.push_str(line),
        }
    }
    (rest, candidates)
}

/// The same answer, as if the server took messages of this many bytes.
pub(in crate::transport) fn with_message_size(sdp: &str, bytes: u32) -> String {
    let mut changed = String::with_capacity(sdp.len());
    let mut is_due = false;
    for line in sdp.split_inclusive('\n') {
        if let Some(media) = line.strip_prefix("m=") {
            is_due = media.starts_with("application ");
        } else if line.starts_with("a=") && std::mem::take(&mut is_due) {
            changed.push_str(&format!("{MESSAGE_SIZE}{bytes}\r\n"));
        }
        if !line.starts_with(MESSAGE_SIZE) {
            changed.push_str(line);
        }
    }
    changed
}

/// The name of the first section of our own offer.
pub(super) fn first_mid(offer: &str) -> String {
    offer.lines().find_map(|line| line.trim_end().strip_prefix("a=mid:")).unwrap_or("0").to_owned()
}

/// The ICE user name fragment of our own offer.
pub(super) fn ufrag(offer: &str) -> Option<&str> {
    offer.lines().find_map(|line| line.trim_end().strip_prefix("a=ice-ufrag:"))
}

/// The same text, an SDP or one candidate, without the addresses behind the candidates (RFC 8839 §5.1: both are zero where
/// they are to be kept private). A relayed candidate names there what the relay is to hide.
pub(in crate::transport) fn without_related_addresses(text: &str) -> String {
    let mut key = "";
    let words = text.split_inclusive([' ', '\r', '\n']).flat_map(|word| {
        let value = word.trim_end();
        let hidden = match key {
            _ if value.is_empty() => value,
            "raddr" if value.contains(':') => "::",
            "raddr" => "0.0.0.0",
            "rport" => "0",
            _ => value,
        };
        // What is between two spaces is no word; the end of a line ends what was begun.
        key = if !word.ends_with(' ') {
            ""
        } else if value.is_empty() {
            key
        } else {
            value
        };
        [hidden, word.get(value.len()..).unwrap_or_default()]
    });
    words.collect()
}

fn scan(sdp: &str) -> Found {
    let mut found = Found::default();
    let mut section = "";
    for line in sdp.lines().map(str::trim_end) {
        if let Some(media) = line.strip_prefix("m=") {
            section = section_of(media);
            match section {
                "audio" => found.audio = true,
                "application" => found.application = true,
                _ => {}
            }
        } else if line.starts_with("a=fingerprint:") {
            found.fingerprint = true;
        } else if let Some(size) = line.strip_prefix(MESSAGE_SIZE)
            && section == "application"
        {
            found.message_size = size.trim().parse().ok();
        } else if let Some(codec) = line.strip_prefix("a=rtpmap:")
            && section == "audio"
        {
            found.opus = found.opus.or_else(|| opus_of(codec));
        }
    }
    found
}

/// The kind of a media section; none for one that was refused (port 0).
fn section_of(media: &str) -> &str {
    let mut parts = media.split_ascii_whitespace();
    match (parts.next(), parts.next()) {
        (Some(kind), Some(port)) if port != "0" => kind,
        _ => "",
    }
}

fn opus_of(rtpmap: &str) -> Option<u8> {
    let (payload_type, codec) = rtpmap.split_once(' ')?;
    codec.trim().get(..11).filter(|name| name.eq_ignore_ascii_case("opus/48000/"))?;
    payload_type.parse().ok().filter(|number| *number < 128)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &str = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1 2\r\n\
        m=audio 50000 UDP/TLS/RTP/SAVPF 111\r\na=sendrecv\r\na=rtpmap:111 opus/48000/2\r\n\
        a=fingerprint:sha-256 AB:CD\r\na=setup:active\r\n\
        m=video 50000 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 VP8/90000\r\n\
        m=application 50000 DTLS/SCTP 5000\r\na=max-message-size:65536\r\n";

    #[test]
    fn the_addresses_behind_candidates_are_hidden() {
        let text = "v=0\r\na=candidate:1 1 udp 1 192.0.2.1 9 typ relay raddr 10.0.0.7 rport 5000\r\n\
            a=candidate:2 1 udp 1 192.0.2.1 9 typ relay raddr 2001:db8::7 rport 5000 generation 0\na=x rport";
        let hidden = "v=0\r\na=candidate:1 1 udp 1 192.0.2.1 9 typ relay raddr 0.0.0.0 rport 0\r\n\
            a=candidate:2 1 udp 1 192.0.2.1 9 typ relay raddr :: rport 0 generation 0\na=x rport";
        assert_eq!(without_related_addresses(text), hidden);
        assert_eq!(without_related_addresses(ANSWER), ANSWER);
        assert_eq!(
            without_related_addresses("raddr  10.0.0.7  rport \r\na=b"),
            "raddr  0.0.0.0  rport \r\na=b"
        );
    }

    #[test]
    fn a_servers_answer_is_read() {
        assert_eq!(read_answer(ANSWER), Ok(Accepted { opus: 111, max_message_size: 65_536 }));
        let unlimited = ANSWER.replace("size:65536", "size:0");
        assert_eq!(read_answer(&unlimited).unwrap().max_message_size, usize::MAX);
        let silent = ANSWER.replace("a=max-message-size:65536\r\n", "");
        assert_eq!(read_answer(&silent).unwrap().max_message_size, 65_536);
        let small = ANSWER.replace("size:65536", "size:1200").replace("\r\n", "\n");
        assert_eq!(read_answer(&small).unwrap().max_message_size, 1_200);
    }

    #[test]
    fn the_servers_limit_gives_way_to_ours() {
        let section = "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=mid:2\r\na=max-message-size:65536\r\n";
        let ours = "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=max-message-size:7\r\na=mid:2\r\n";
        let silent = section.replace("a=max-message-size:65536\r\n", "");
        let audio = "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n";
        for given in [section, &silent] {
            assert_eq!(with_message_size(&[audio, given, audio].concat(), 7), [audio, ours, audio].concat());
        }
        assert_eq!(with_message_size(audio, 7), audio);
        let changed = with_message_size(ANSWER, 7);
        assert_eq!(changed, ANSWER.replace("size:65536", "size:7"), "there is no other attribute");
    }

    #[test]
    fn what_is_missing_is_named() {
        for (from, to, said) in [
            ("v=0", "x=0", "not SDP"),
            ("m=audio 50000", "m=audio 0", "no audio"),
            ("m=audio 50000", "m=text 50000", "no audio"),
            ("opus/48000/2", "PCMU/8000", "Opus"),
            ("rtpmap:111", "rtpmap:300", "Opus"),
            ("m=application 50000", "m=application 0", "no data channel"),
            ("a=fingerprint", "a=print", "no fingerprint"),
        ] {
            assert!(read_answer(&ANSWER.replace(from, to)).unwrap_err().contains(said), "{to}");
        }
        assert!(read_answer("").is_err());
        assert!(read_answer(&format!("v=0{}", "x".repeat(MAX_ANSWER))).unwrap_err().contains("limit"));
    }

    #[test]
    fn candidates_are_taken_out_once_and_not_without_end() {
        let good =
            "a=candidate:1 1 udp 2122 192.0.2.1 5000 typ host\r\na=candidate:none\r\na=end-of-candidates\r\n";
        let answer = [ANSWER, good, good].concat();
        let (rest, candidates) = split_candidates(&answer);
        assert_eq!(rest, [ANSWER, "a=end-of-candidates\r\na=end-of-candidates\r\n"].concat());
        assert_eq!(candidates, ["candidate:1 1 udp 2122 192.0.2.1 5000 typ host", "candidate:none"]);
        let many: String = (0..1_000).map(|number| format!("a=candidate:{number}\n")).collect();
        let (rest, candidates) = split_candidates(&many);
        assert_eq!((rest.as_str(), candidates.len()), ("", MAX_CANDIDATES));
    }

    proptest::proptest! {
        #[test]
        fn nothing_makes_it_panic(text in "v=0\n(m=(audio|application) [0-9a ]{0,8}\n|a=(rtpmap|max-message-size|fingerprint|candidate):.{0,20}\n|.{0,10}\n){0,12}") {
            let _ = read_answer(&text);
            let _ = split_candidates(&text);
            let _ = with_message_size(&text, 1);
        }
    }
}
