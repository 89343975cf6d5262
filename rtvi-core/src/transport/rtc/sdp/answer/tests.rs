//! Answers as servers give them, and what the crate gets instead.

use webrtc::peer_connection::RTCSessionDescription;

use super::{
    super::{MAX_CANDIDATES, read_offer},
    *,
};

const OFFER: &str = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n\
    m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=rtpmap:111 opus/48000/2\r\n\
    m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\na=rtpmap:96 VP8/90000\r\n\
    m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:2\r\n";

const ANSWER: &str = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1 2\r\n\
    m=audio 50000 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=sendrecv\r\na=rtpmap:111 opus/48000/2\r\n\
    a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuv\r\na=ssrc:7 cname:x\r\n\
    a=fingerprint:sha-256 \
    11:22:33:44:55:66:77:88:99:00:AA:BB:CC:DD:EE:FF:11:22:33:44:55:66:77:88:99:00:AA:BB:CC:DD:EE:FF\r\n\
    a=setup:active\r\na=candidate:1 1 udp 2122 192.0.2.1 5000 typ host\r\n\
    m=video 50000 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\na=inactive\r\na=rtpmap:96 VP8/90000\r\n\
    m=application 50000 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:2\r\na=sctp-port:5001\r\n\
    a=max-message-size:65536\r\na=candidate:1 1 udp 2122 192.0.2.1 5000 typ host\r\n";

const CANONICAL: &str = "v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1 2\r\n\
    a=fingerprint:sha-256 \
    11:22:33:44:55:66:77:88:99:00:aa:bb:cc:dd:ee:ff:11:22:33:44:55:66:77:88:99:00:aa:bb:cc:dd:ee:ff\r\n\
    a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuv\r\n\
    m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=setup:active\r\na=rtcp-mux\r\na=sendrecv\r\n\
    a=rtpmap:111 opus/48000/2\r\na=ssrc:7 cname:bot\r\n\
    m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\na=setup:active\r\na=rtcp-mux\r\na=inactive\r\n\
    a=rtpmap:96 VP8/90000\r\n\
    m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=mid:2\r\na=setup:active\r\n\
    a=sctp-port:5001\r\na=max-message-size:7\r\n";

fn read(answer: &str) -> Result<Accepted, String> {
    read_answer(answer, OFFER, 7)
}

#[test]
fn a_servers_answer_is_read_and_written_for_the_crate() {
    let accepted = read(ANSWER).unwrap();
    assert_eq!((accepted.opus, accepted.max_message_size), (111, 65_536));
    assert_eq!(accepted.remote.sdp, CANONICAL);
    assert_eq!(accepted.remote.candidates, ["candidate:1 1 udp 2122 192.0.2.1 5000 typ host"]);
    assert!(RTCSessionDescription::answer(accepted.remote.sdp).is_ok());
}

#[test]
fn limits_of_messages_are_read() {
    let unlimited = ANSWER.replace("size:65536", "size:0");
    assert_eq!(read(&unlimited).unwrap().max_message_size, usize::MAX);
    let silent = ANSWER.replace("a=max-message-size:65536\r\n", "");
    assert_eq!(read(&silent).unwrap().max_message_size, 65_536);
    let small = ANSWER.replace("size:65536", "size:1200").replace("\r\n", "\n");
    assert_eq!(read(&small).unwrap().max_message_size, 1_200);
}

/// The same answer, said otherwise: the crate gets the same.
#[test]
fn spellings_make_no_difference() {
    let video = "m=video 50000 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\na=inactive\r\na=rtpmap:96 VP8/90000\r\n";
    let with_video = |other: &str| ANSWER.replace(video, other);
    let shared = "a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuv\r\n";
    for answer in [
        ANSWER.replace("\r\n", "\n"),
        ANSWER.replace("a=mid:0\r\n", ""),
        ANSWER.replace("a=sendrecv\r\n", ""),
        ANSWER.replace("setup:active", "Setup: ACTIVE"),
        ANSWER.replace(shared, "").replace("a=group", &format!("{shared}a=group")),
        ANSWER
            .replace("a=ssrc:7", "a=ssrc-group:FID 7 8\r\na=ssrc:8 cname:x\r\na=ssrc:7 msid:a b\r\na=ssrc:7"),
        ANSWER.replace("SAVPF 111\r\n", "SAVPF 0 111 9 x\r\na=rtpmap:9 G722/8000\r\n"),
        ANSWER
            .replace("SCTP webrtc-datachannel", "SCTP 5001")
            .replace("sctp-port:5001", "sctpmap:5001 webrtc-datachannel 256"),
        ANSWER.replace("a=fingerprint:sha-256", "a=fingerprint:SHA-256"),
        with_video("m=video 0 UDP/TLS/RTP/SAVPF 96\r\n"),
        with_video("m=video 0 UDP/TLS/RTP/SAVPF 0\r\na=inactive\r\n"),
        with_video(
            "m=video 0 RTP/AVP 126 x 300\r\na=mid:1\r\na=rtpmap:126 H264/90000\r\na=fingerprint:sha-1 00\r\n",
        ),
        with_video("m=video 0 UDP/TLS/RTP/SAVPF\r\n"),
        with_video("m=video 50000 UDP/TLS/RTP/SAVPF 96 97 98\r\na=mid:1\r\na=sendonly\r\na=msid:a b\r\n"),
    ] {
        assert_eq!(read(&answer).map(|accepted| accepted.remote.sdp).as_deref(), Ok(CANONICAL), "{answer}");
    }
}

#[test]
fn what_the_answer_says_of_audio_is_kept() {
    for (from, to, written) in [
        (
            "SAVPF 111\r\n",
            "SAVPF 96\r\na=rtpmap:96 Opus/48000/2\r\na=fmtp:96 useinbandfec=1\r\n",
            "a=rtpmap:96 opus/48000/2\r\na=fmtp:96 useinbandfec=1\r\n",
        ),
        ("a=sendrecv", "a=sendonly", "a=sendonly\r\n"),
        (
            "a=sendrecv",
            "a=extmap:3/recvonly urn:ietf:params:rtp-hdrext:sdes:mid",
            "a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid\r\n",
        ),
        ("a=group", "a=ice-lite\r\na=group", "a=ice-lite\r\n"),
    ] {
        let accepted = read(&ANSWER.replace(from, to)).unwrap();
        assert!(accepted.remote.sdp.contains(written), "{to}: {}", accepted.remote.sdp);
    }
    let silent = read(&ANSWER.replace("a=ssrc:7 cname:x", "a=msid:stream track")).unwrap();
    assert!(
        !silent.remote.sdp.contains("ssrc") && !silent.remote.sdp.contains("msid"),
        "{}",
        silent.remote.sdp
    );
}

#[test]
fn what_is_missing_is_named() {
    for (from, to, said) in [
        ("v=0", "x=0", "not SDP"),
        ("m=audio 50000", "m=audio 0", "no audio"),
        ("m=audio 50000", "m=text 50000", "no audio"),
        ("m=audio 50000", "m=audio", "no audio"),
        ("opus/48000/2", "PCMU/8000", "Opus"),
        ("rtpmap:111", "rtpmap:300", "Opus"),
        ("m=application 50000", "m=application 0", "no data channel"),
        ("a=fingerprint", "a=print", "no fingerprint"),
        ("a=fingerprint:sha-256", "a=fingerprint:sha-1", "'sha-1', which can't be checked"),
        ("m=video 50000", "x=", "it has 2 sections, but the offer has 3"),
        ("m=video 50000", "m=audio 0 X 0\r\nm=video 50000", "it has 4 sections, but the offer has 3"),
        ("m=video 50000", "m=text 0", "it has 'text' where the offer has 'video'"),
    ] {
        let error = read(&ANSWER.replace(from, to)).unwrap_err();
        assert!(error.contains(said), "{to}: {error}");
    }
    assert!(read("").is_err());
    assert!(read(&format!("v=0{}", "x".repeat(256 * 1024))).unwrap_err().contains("limit"));
}

#[test]
fn candidates_are_taken_once_and_not_without_end() {
    let more = "a=candidate:none\r\na=candidate:none\r\na=end-of-candidates\r\n";
    let accepted = read(&[ANSWER, more].concat()).unwrap();
    assert_eq!(
        accepted.remote.candidates,
        ["candidate:1 1 udp 2122 192.0.2.1 5000 typ host", "candidate:none"]
    );
    let many: String = (0..1_000).map(|number| format!("a=candidate:{number}\n")).collect();
    assert_eq!(read(&[ANSWER, &many].concat()).unwrap().remote.candidates.len(), MAX_CANDIDATES);
}

#[test]
fn each_section_of_audio_keeps_its_number_and_its_source() {
    let offer = OFFER.replacen("m=audio", "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:mine\r\nm=audio", 1);
    let mine = "m=audio 9 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 opus/48000/2\r\na=recvonly\r\nm=audio";
    let answer = ANSWER.replacen("m=audio", mine, 1).replace("a=sendrecv", "a=sendonly");
    let accepted = read_answer(&answer, &offer, 1).unwrap();
    let sections: Vec<_> =
        accepted.remote.sdp.split("m=").filter(|section| section.starts_with("audio")).collect();
    assert_eq!(accepted.opus, 96, "of the first section");
    assert!(sections[0].contains("rtpmap:96 ") && sections[0].contains("a=recvonly"), "{}", sections[0]);
    assert!(sections[1].contains("rtpmap:111 ") && sections[1].contains("a=sendonly"), "{}", sections[1]);
    assert_eq!(sections.iter().map(|section| section.contains("a=ssrc:")).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn the_canonical_answer_is_its_own() {
    let again = read(CANONICAL).unwrap();
    assert_eq!(again.remote.sdp, CANONICAL);
    assert_eq!(again.remote.fingerprints, read(ANSWER).unwrap().remote.fingerprints);
}

#[test]
fn a_servers_offer_is_read_and_written_with_its_own_names() {
    let offer = ANSWER.replace("mid:0", "mid:a").replace("mid:2", "mid:d").replace("active", "actpass");
    let remote = read_offer(&offer, 7).unwrap();
    let canonical = CANONICAL.replace("mid:0", "mid:a").replace("mid:2", "mid:d");
    let canonical =
        canonical.replace("active\r\na=rtcp", "actpass\r\na=rtcp").replace("BUNDLE 0 1 2", "BUNDLE a 1 d");
    assert_eq!(remote.sdp, canonical.replace("setup:active", "setup:actpass"));
    assert_eq!(remote.candidates.len(), 1);
    for (offer, said) in [
        ("x=0".to_owned(), "not SDP"),
        (offer.replace("m=video", "m=text"), "the unknown kind 'text'"),
        (offer.replace("a=fingerprint", "a=print"), "no fingerprint"),
        (
            [offer.as_str(), &"m=audio 9 X 111\n".repeat(300)].concat(),
            "it has 303 sections; the limit is 256",
        ),
    ] {
        let error = read_offer(&offer, 7).unwrap_err();
        assert!(error.contains(said), "{error}");
    }
}

/// The crate would otherwise take a section without Opus, or without a port, for one to talk in.
#[test]
fn a_section_of_audio_that_is_of_no_use_is_inactive() {
    let two = "m=audio 0 UDP/TLS/RTP/SAVPF 111\r\na=mid:8\r\na=rtpmap:111 opus/48000/2\r\n\
        m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:9\r\na=rtpmap:0 PCMU/8000\r\n";
    let remote = read_offer(&[ANSWER, two].concat(), 7).unwrap();
    let sections = remote.sdp.split("m=").filter(|section| section.starts_with("audio"));
    let inactive: Vec<_> = sections.map(|section| section.contains("a=inactive")).collect();
    assert_eq!(inactive, [false, true, true]);
}

proptest::proptest! {
    #[test]
    fn nothing_makes_it_panic(text in "v=0\n(m=(audio|video|application) [0-9a ]{0,8}\n|a=(rtpmap|max-message-size|fingerprint|candidate|ssrc|ssrc-group|extmap|setup):.{0,20}\n|.{0,10}\n){0,12}") {
        let _ = read(&text);
        let _ = read_offer(&text, 7);
    }
}
