//! The fingerprints of the server's certificate, as its answer names them (RFC 8122 §5). Pure.

use ring::digest::{self, Algorithm};

use super::description::Description;

/// Bytes of a SHA-256 hash, the only one that the crate compares.
pub(crate) const HASH_LENGTH: usize = 32;
/// The hashes that can be checked; the first that the answer has counts. RFC 8122 §5 wants one to be chosen.
static HASHES: [(&str, &Algorithm); 3] =
    [("sha-256", &digest::SHA256), ("sha-512", &digest::SHA512), ("sha-384", &digest::SHA384)];
/// How many fingerprints are looked at; a server has a certificate or two. Further ones are passed over.
const MOST: usize = 16;
/// How much of a hash's name an error repeats.
const SHOWN: usize = 20;

/// What is accepted as the server's certificate: one whose hash is among these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fingerprints {
    algorithm: &'static Algorithm,
    hashes: Vec<Vec<u8>>,
}

impl Fingerprints {
    /// Those of an answer: of the first section that has any, else of the session.
    ///
    /// # Errors
    /// What is wrong with them, when there are none that can be checked.
    pub(super) fn read(answer: &Description<'_>) -> Result<Self, String> {
        let of_sections = answer.accepted().map(|section| &section.attributes);
        let mut places = of_sections.chain([&answer.session]);
        let lines = places.find_map(|attributes| {
            let lines: Vec<_> = attributes.values("fingerprint").take(MOST).map(split).collect();
            (!lines.is_empty()).then_some(lines)
        });
        let lines = lines.ok_or("it has no fingerprint")?;
        for (name, algorithm) in HASHES {
            let values = lines.iter().filter(|(hash, _)| hash.eq_ignore_ascii_case(name));
            let hashes =
                values.map(|(_, value)| bytes(value, algorithm.output_len())).collect::<Option<Vec<_>>>();
            match hashes {
                None => return Err(format!("its {name} fingerprint is malformed")),
                Some(hashes) if hashes.is_empty() => {}
                Some(hashes) => return Ok(Self { algorithm, hashes }),
            }
        }
        Err(unsupported(&lines))
    }

    /// The SHA-256 hash that stands for all of them. It is the fingerprint itself where there is one of that kind; else it is of no
    /// certificate.
    pub(crate) fn representative(&self) -> [u8; HASH_LENGTH] {
        let first = self.hashes.first().map(Vec::as_slice).unwrap_or_default();
        first.try_into().unwrap_or_else(|_| sha256(first))
    }

    /// Whether one of them is of this certificate.
    pub(crate) fn match_certificate(&self, certificate: &[u8]) -> bool {
        let hash = digest::digest(self.algorithm, certificate);
        self.hashes.iter().any(|announced| announced == hash.as_ref())
    }
}

fn sha256(bytes: &[u8]) -> [u8; HASH_LENGTH] {
    let hash = digest::digest(&digest::SHA256, bytes);
    hash.as_ref().try_into().unwrap_or_default()
}

/// Name of the hash, and what follows.
fn split(fingerprint: &str) -> (&str, &str) {
    fingerprint.split_once([' ', '\t']).map_or((fingerprint, ""), |(name, value)| (name, value.trim()))
}

/// The bytes of `AB:CD:…`, in any case; `None` unless there are `length` of them.
fn bytes(value: &str, length: usize) -> Option<Vec<u8>> {
    let byte = |pair: &str| (pair.len() == 2).then(|| u8::from_str_radix(pair, 16).ok()).flatten();
    value.split(':').map(byte).collect::<Option<Vec<_>>>().filter(|bytes| bytes.len() == length)
}

fn unsupported(lines: &[(&str, &str)]) -> String {
    let shown = |name: &str| name.chars().take(SHOWN).collect::<String>().escape_debug().to_string();
    let mut names: Vec<_> = lines.iter().map(|(name, _)| format!("'{}'", shown(name))).collect();
    names.dedup();
    let known = HASHES.map(|(name, _)| name).join(", ");
    format!("its fingerprint is a hash of the kind {}, which can't be checked; {known} can", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CERTIFICATE: &[u8] = b"a certificate";

    fn fingerprint(name: &str, algorithm: &'static Algorithm, certificate: &[u8]) -> String {
        let hash = digest::digest(algorithm, certificate);
        let pairs: Vec<_> = hash.as_ref().iter().map(|byte| format!("{byte:02X}")).collect();
        format!("a=fingerprint:{name} {}\r\n", pairs.join(":"))
    }

    fn read(session: &str, section: &str) -> Result<Fingerprints, String> {
        let text = format!("v=0\r\n{session}m=audio 9 X 111\r\n{section}");
        Fingerprints::read(&Description::read(&text).unwrap())
    }

    /// Every way to say it that a server was seen to choose, and its like.
    #[test]
    fn one_of_several_is_enough_in_any_order_case_and_place() {
        let sha256 = fingerprint("sha-256", &digest::SHA256, CERTIFICATE);
        let other = fingerprint("sha-256", &digest::SHA256, b"another certificate");
        let upper = fingerprint("SHA-256", &digest::SHA256, CERTIFICATE);
        let sha512 = fingerprint("sha-512", &digest::SHA512, CERTIFICATE);
        let sha384 = fingerprint("Sha-384", &digest::SHA384, CERTIFICATE);
        let sha1 = "a=fingerprint:sha-1 00:11\r\n";
        for lines in [
            sha256.clone(),
            upper.clone(),
            upper.to_lowercase(),
            upper.replace("a=fingerprint:SHA-256 ", "a=FINGERPRINT: sha-256   "),
            [&sha512, &sha256].map(String::as_str).concat(),
            [&sha256, &sha512, &sha384].map(String::as_str).concat(),
            [sha1, &sha384].concat(),
            [&other, &sha256].map(String::as_str).concat(),
            [&sha256, &other].map(String::as_str).concat(),
            sha512.clone(),
            sha384.clone(),
        ] {
            for (session, section) in [(lines.as_str(), ""), ("", lines.as_str()), (other.as_str(), &lines)] {
                let read = read(session, section).unwrap();
                assert!(read.match_certificate(CERTIFICATE), "{session} {section}");
                assert!(!read.match_certificate(b"a third one"));
            }
        }
        assert!(!read(&sha256, &other).unwrap().match_certificate(CERTIFICATE), "the section's count");
    }

    #[test]
    fn the_representative_is_the_fingerprint_where_that_can_be() {
        let sha256 = read(&fingerprint("SHA-256", &digest::SHA256, CERTIFICATE), "").unwrap();
        assert_eq!(sha256.representative()[..], *digest::digest(&digest::SHA256, CERTIFICATE).as_ref());
        let sha512 = read(&fingerprint("sha-512", &digest::SHA512, CERTIFICATE), "").unwrap();
        assert_ne!(sha512.representative(), sha256.representative());
        assert_eq!(sha512.representative(), sha512.clone().representative());
    }

    #[test]
    fn hashes_that_can_not_be_checked_are_named() {
        for (lines, said) in [
            ("", "no fingerprint"),
            (
                "a=fingerprint:sha-1 00:11\r\n",
                "the kind 'sha-1', which can't be checked; sha-256, sha-512, sha-384 can",
            ),
            ("a=fingerprint:sha-224 00\r\na=fingerprint:MD5 00\r\n", "'sha-224', 'MD5'"),
            ("a=fingerprint:sha-256\r\n", "sha-256 fingerprint is malformed"),
            ("a=fingerprint:sha-256 AB:CD\r\n", "sha-256 fingerprint is malformed"),
            ("a=fingerprint:sha-512 xx\r\n", "sha-512 fingerprint is malformed"),
            ("a=fingerprint:\r\n", "''"),
        ] {
            let error = read(lines, "").unwrap_err();
            assert!(error.contains(said), "{lines}: {error}");
        }
    }
}
