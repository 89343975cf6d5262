//! What people report of fingerprints in answers: in another case, of another hash, of another
//! certificate.

use rtvi_core::ErrorKind;
use rtvi_tests::network::Changes;

use crate::{Bot, is_heard, lines, refused, without};

/// A fingerprint of no certificate.
const OTHER: &str =
    "AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB";

/// The fingerprints of one section, which all have the same.
fn fingerprints(sdp: &str) -> Vec<&str> {
    let mut lines: Vec<_> = sdp.lines().filter(|line| line.starts_with("a=fingerprint:")).collect();
    lines.sort_unstable();
    lines.dedup();
    assert_eq!(lines.len(), 3, "Pipecat names SHA-256, SHA-384 and SHA-512");
    lines
}

/// The answer with only these fingerprints, in every section.
fn with_fingerprints(sdp: &str, fingerprints: &[String]) -> String {
    lines(&without(sdp, &["a=fingerprint:"]), |line| match line.starts_with("a=setup:") {
        true => Some([fingerprints.join("\r\n").as_str(), line].join("\r\n")),
        false => Some(line.to_owned()),
    })
}

fn keeping_fingerprints(of: &'static [&'static str]) -> Changes {
    Changes::sdp(move |sdp| {
        let all = fingerprints(sdp);
        let kept = of.iter().filter_map(|hash| all.iter().find(|line| line.contains(hash)));
        with_fingerprints(sdp, &kept.map(|line| (*line).to_owned()).collect::<Vec<_>>())
    })
}

#[tokio::test]
async fn a_fingerprint_in_upper_case_is_heard() {
    is_heard(Changes::sdp(|sdp| sdp.replace("a=fingerprint:sha-", "a=fingerprint:SHA-"))).await;
}

#[tokio::test]
async fn a_fingerprint_whose_value_is_in_lower_case_is_heard() {
    is_heard(Changes::sdp(|sdp| {
        lines(sdp, |line| {
            Some(if line.starts_with("a=fingerprint:") { line.to_lowercase() } else { line.to_owned() })
        })
    }))
    .await;
}

#[tokio::test]
async fn fingerprints_in_another_order_are_heard() {
    is_heard(keeping_fingerprints(&["sha-512", "sha-384", "sha-256"])).await;
}

#[tokio::test]
async fn a_fingerprint_of_sha_512_alone_is_heard() {
    is_heard(keeping_fingerprints(&["sha-512"])).await;
}

#[tokio::test]
async fn a_fingerprint_of_sha_384_alone_is_heard() {
    is_heard(keeping_fingerprints(&["sha-384"])).await;
}

#[tokio::test]
async fn fingerprints_for_the_session_are_heard() {
    is_heard(Changes::sdp(|sdp| {
        let all = fingerprints(sdp).join("\r\n");
        without(sdp, &["a=fingerprint:"]).replacen("t=0 0\r\n", &format!("t=0 0\r\n{all}\r\n"), 1)
    }))
    .await;
}

#[tokio::test]
async fn a_fingerprint_beside_one_of_another_certificate_and_an_old_hash_is_heard() {
    is_heard(Changes::sdp(|sdp| {
        let own = fingerprints(sdp)[0].to_owned();
        let (sha1, other) =
            ("a=fingerprint:sha-1 00:11".to_owned(), format!("a=fingerprint:sha-256 {OTHER}"));
        with_fingerprints(sdp, &[sha1, other, own])
    }))
    .await;
}

#[tokio::test]
async fn a_fingerprint_of_a_hash_that_can_not_be_checked_is_an_error_before_the_handshake() {
    for hash in ["sha-1", "SHA-224", "md5"] {
        let changes =
            Changes::sdp(move |sdp| with_fingerprints(sdp, &[format!("a=fingerprint:{hash} 00:11:22")]));
        let error = refused(&Bot::start(changes).await).await;
        assert_eq!(error.kind(), ErrorKind::Protocol, "{error}");
        assert!(error.message().contains(&format!("'{hash}', which can't be checked")), "{error}");
    }
}

#[tokio::test]
async fn a_fingerprint_of_another_certificate_is_refused() {
    let changes = Changes::sdp(|sdp| with_fingerprints(sdp, &[format!("a=fingerprint:sha-256 {OTHER}")]));
    let error = refused(&Bot::start(changes).await).await;
    assert_eq!(error.kind(), ErrorKind::Tls, "{error}");
    assert!(error.message().contains("does not have the fingerprint"), "{error}");
}
