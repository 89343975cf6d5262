//! The few things the bot reads from SDP, and the ways it spoils its own.
//!
//! Pure text. Everything else about SDP is left to the WebRTC library.

use crate::OfferFault;

/// A fingerprint of no certificate.
const WRONG_FINGERPRINT: &str = "a=fingerprint:sha-256 AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:\
                                 AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB";

/// Candidates that are none, or lead nowhere.
const BAD_CANDIDATES: &[&str] = &[
    "",
    "this is none",
    "1 1 udp 1 192.0.2.1 99999 typ host",
    "1 1 udp 99999999999999999999 192.0.2.1 9 typ host",
    "1 1 udp 1 not-an-address 9 typ host",
    "1 1 udp 1 192.0.2.1 9 typ dragon",
    "1 1 quic 1 192.0.2.1 9 typ host",
    "1 1 tcp 1 192.0.2.7 9 typ host tcptype active",
    "1 256 udp 1 255.255.255.255 0 typ relay raddr x rport y",
];

/// The payload type that `sdp` gives to a codec (`opus/48000`).
pub(crate) fn payload_type(sdp: &str, codec: &str) -> Option<u8> {
    let maps = sdp.lines().filter_map(|line| line.strip_prefix("a=rtpmap:"));
    let mut pairs = maps.filter_map(|map| map.split_once(' '));
    let is_wanted = |name: &str| name.get(..codec.len()).is_some_and(|name| name.eq_ignore_ascii_case(codec));
    let (number, _) = pairs.find(|(_, name)| is_wanted(name))?;
    number.parse().ok()
}

/// The ICE user name fragment of whom the description is of.
pub(crate) fn ufrag(sdp: &str) -> Option<&str> {
    sdp.lines().find_map(|line| line.trim_end().strip_prefix("a=ice-ufrag:"))
}

/// Whether there is anything to agree on: a media section.
pub(crate) fn has_media(sdp: &str) -> bool {
    sdp.lines().any(|line| line.starts_with("m="))
}

/// Whether video with this codec (`VP8/90000`) is offered.
pub(crate) fn offers_video(sdp: &str, codec: &str) -> bool {
    sdp.lines().any(|line| line.starts_with("m=video")) && sdp.contains(codec)
}

/// The source of the first video section, which is the camera's.
pub(crate) fn camera_ssrc(sdp: &str) -> Option<u32> {
    let section = sdp.lines().skip_while(|line| !line.starts_with("m=video")).skip(1);
    let mut section = section.take_while(|line| !line.starts_with("m="));
    let source = section.find_map(|line| line.strip_prefix("a=ssrc:"))?;
    source.split(' ').next()?.parse().ok()
}

/// What the server answers to an offer without media.
pub(crate) fn empty_answer() -> String {
    "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE \r\na=msid-semantic:WMS *\r\n".to_owned()
}

/// `answer` as `fault` wants it.
pub(crate) fn spoil(answer: String, fault: &OfferFault) -> String {
    match fault {
        OfferFault::BadCandidates => with_bad_candidates(&answer),
        OfferFault::SmallMessages => with_small_messages(&answer),
        OfferFault::NoAudio => without_audio(&answer),
        OfferFault::WrongFingerprint => with_wrong_fingerprint(&answer),
        OfferFault::BadSdp => "This is not SDP.\r\n".to_owned(),
        OfferFault::Never | OfferFault::Slow { .. } | OfferFault::Status { .. } | OfferFault::Gone { .. } => {
            answer
        }
    }
}

fn with_small_messages(answer: &str) -> String {
    let line = |line: &str| match line.starts_with("a=max-message-size:") {
        true => "a=max-message-size:65536\r\n".to_owned(),
        false => format!("{line}\r\n"),
    };
    answer.lines().map(line).collect()
}

fn with_wrong_fingerprint(answer: &str) -> String {
    let line = |line| if is_fingerprint(line) { WRONG_FINGERPRINT } else { line };
    answer.lines().map(|text| format!("{}\r\n", line(text))).collect()
}

fn is_fingerprint(line: &str) -> bool {
    line.starts_with("a=fingerprint:")
}

/// Puts lines that look like candidates before the good ones.
fn with_bad_candidates(answer: &str) -> String {
    let mut begun = false;
    let mut spoilt = String::new();
    for line in answer.lines() {
        if line.starts_with("a=candidate:") && !std::mem::replace(&mut begun, true) {
            BAD_CANDIDATES.iter().for_each(|bad| spoilt.push_str(&format!("a=candidate:{bad}\r\n")));
        }
        spoilt.push_str(&format!("{line}\r\n"));
    }
    spoilt
}

/// Refuses the audio sections (port 0), as an answerer without a common codec does.
fn without_audio(answer: &str) -> String {
    let mut in_audio = false;
    let mut lines = Vec::new();
    for line in answer.lines() {
        if line.starts_with("m=") {
            in_audio = line.starts_with("m=audio");
        }
        lines.push(match line.strip_prefix("m=audio ").and_then(|rest| rest.split_once(' ')) {
            Some((_port, rest)) => format!("m=audio 0 {rest}\r\n"),
            None if in_audio && line.starts_with("a=sendrecv") => "a=inactive\r\n".to_owned(),
            None => format!("{line}\r\n"),
        });
    }
    lines.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &str = "v=0\r\na=group:BUNDLE 0 1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n\
                          a=rtpmap:111 opus/48000/2\r\na=fingerprint:sha-256 01:02\r\na=sendrecv\r\n\
                          m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:1\r\n";

    #[test]
    fn opus_and_video_are_found() {
        assert_eq!(payload_type(ANSWER, "OPUS/48000"), Some(111));
        assert_eq!(payload_type("a=rtpmap:0 PCMU/8000\r\na=rtpmap:x opus/48000/2", "opus/48000"), None);
        assert!(has_media(ANSWER) && !has_media("x"));
        assert!(!offers_video(ANSWER, "VP8/90000"));
        assert!(offers_video("m=video 9 x 96\r\na=rtpmap:96 VP8/90000\r\n", "VP8/90000"));
        let camera = "a=ssrc:1 a\r\nm=video 9 x 96\r\na=mid:1\r\n";
        assert_eq!(camera_ssrc(&format!("{camera}a=ssrc:22 cname:x\r\nm=video 9\r\na=ssrc:3 x")), Some(22));
        assert_eq!(camera_ssrc(&format!("{camera}m=video 9\r\na=ssrc:3 x")), None);
    }

    #[test]
    fn answers_are_spoilt_in_one_place_only() {
        let silent = spoil(ANSWER.to_owned(), &OfferFault::NoAudio);
        assert!(silent.contains("m=audio 0 UDP/TLS") && silent.contains("a=inactive"));
        assert!(silent.contains("m=application 9 ") && !silent.contains("a=sendrecv"));
        let wrong = spoil(ANSWER.to_owned(), &OfferFault::WrongFingerprint);
        assert!(wrong.contains(WRONG_FINGERPRINT) && !wrong.contains("01:02"));
        assert_eq!(wrong.lines().count(), ANSWER.lines().count());
        assert!(!has_media(&spoil(ANSWER.to_owned(), &OfferFault::BadSdp)));
        let sized = |size| format!("{ANSWER}a=max-message-size:{size}\r\n");
        assert_eq!(spoil(sized(1_000_000), &OfferFault::SmallMessages), sized(65_536));
        assert_eq!(spoil(ANSWER.to_owned(), &OfferFault::Never), ANSWER);
        let with_candidate = format!("{ANSWER}a=candidate:good\r\na=candidate:better\r\n");
        let bad = spoil(with_candidate, &OfferFault::BadCandidates);
        assert_eq!(bad.matches("a=candidate:").count(), BAD_CANDIDATES.len() + 2);
        assert!(bad.starts_with(ANSWER) && bad.ends_with("a=candidate:good\r\na=candidate:better\r\n"));
    }
}
