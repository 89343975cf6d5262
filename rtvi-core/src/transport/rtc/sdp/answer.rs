//! What a server's answer says that matters to us, and whether it is one we can work with (RFC 8866, RFC 8829, RFC 8841).

use super::{
    canonical,
    description::{Description, Section, payload_type},
    fingerprints::Fingerprints,
    media::{Media, Routing},
};

/// The largest answer that is looked at, in bytes; a real one has a few thousand.
const MAX_ANSWER: usize = 256 * 1024;
/// How many candidates of an answer are tried; a server has a few addresses. Further ones are dropped.
const MAX_CANDIDATES: usize = 64;
/// What the server takes when its answer names no limit (RFC 8841 §6.1).
const DEFAULT_MESSAGE_SIZE: usize = 64 * 1024;
/// How much of a section's kind an error repeats.
const SHOWN: usize = 20;

/// What matters of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Accepted {
    /// The payload type for the audio we send.
    pub(crate) opus: u8,
    /// The largest message the server takes, in bytes.
    pub(crate) max_message_size: usize,
    /// Whose the packets are that the server sends.
    pub(crate) routing: Routing,
    /// What the server's certificate must have.
    pub(crate) fingerprints: Fingerprints,
    /// The answer for the crate: the same, written as it understands it. Without candidates.
    pub(crate) sdp: String,
    /// Where the server may be reached, each once: most servers repeat them in every section.
    pub(crate) candidates: Vec<String>,
}

/// Reads an answer to `offer`; `max_incoming` is the largest message that the server may send us, in bytes.
///
/// # Errors
/// What the answer lacks.
pub(crate) fn read_answer(answer: &str, offer: &str, max_incoming: u32) -> Result<Accepted, String> {
    if answer.len() > MAX_ANSWER {
        return Err(format!("it has {} bytes; the limit is {MAX_ANSWER}", answer.len()));
    }
    let answer = Description::read(answer).ok_or("it is not SDP")?;
    let offer = Description::read(offer).ok_or("the offer is not SDP")?;
    let audio = answer.accepted_of("audio").ok_or("it accepts no audio")?;
    let opus = opus(audio).ok_or("it does not accept Opus")?;
    let application = answer.accepted_of("application").ok_or("it accepts no data channel")?;
    check_sections(&answer, &offer)?;
    let fingerprints = Fingerprints::read(&answer)?;
    let facts = canonical::Facts { fingerprint: fingerprints.representative(), opus, max_incoming };
    let sdp = canonical::write(&answer, &offer, &facts);
    let (heard, seen) =
        (stream(&answer, &offer, "audio", Some(opus)), stream(&answer, &offer, "video", None));
    Ok(Accepted {
        opus,
        max_message_size: message_size(application),
        routing: Routing::new(&audio.attributes, heard, seen),
        fingerprints,
        sdp,
        candidates: candidates(&answer),
    })
}

/// An answer has the sections of the offer, in its order (RFC 3264 §6).
fn check_sections(answer: &Description<'_>, offer: &Description<'_>) -> Result<(), String> {
    let (ours, theirs) = (offer.sections.len(), answer.sections.len());
    if ours != theirs {
        return Err(format!("it has {theirs} sections, but the offer has {ours}"));
    }
    let mut pairs = offer.sections.iter().zip(&answer.sections);
    match pairs.find(|(ours, theirs)| ours.kind != theirs.kind) {
        None => Ok(()),
        Some((ours, theirs)) => {
            let shown: String = theirs.kind.chars().take(SHOWN).collect();
            Err(format!("it has '{}' where the offer has '{}'", shown.escape_debug(), ours.kind))
        }
    }
}

/// What is known of the stream of this kind: the payload types of both sides, without those that stand for another codec than Opus.
fn stream(answer: &Description<'_>, offer: &Description<'_>, kind: &str, opus: Option<u8>) -> Media {
    let (ours, theirs) = (offer.accepted_of(kind), answer.accepted_of(kind));
    let mid = ours.and_then(|section| section.attributes.value("mid")).unwrap_or_default();
    let offered = ours.into_iter().flat_map(Section::payload_types);
    let types = match opus {
        Some(opus) => offered
            .filter(|number| theirs.is_none_or(|section| is_free(section, *number)))
            .chain([opus])
            .collect(),
        None => offered.chain(theirs.into_iter().flat_map(Section::payload_types)).collect(),
    };
    Media::read(mid, theirs, types)
}

/// Whether this payload type is Opus in the section, or nothing.
fn is_free(section: &Section<'_>, number: u8) -> bool {
    maps(section).filter(|(map, _)| *map == number).all(|(_, codec)| is_opus(codec))
}

/// The payload types of a section with the codecs that they stand for.
fn maps<'a>(section: &Section<'a>) -> impl Iterator<Item = (u8, &'a str)> {
    let pairs = section.attributes.values("rtpmap").filter_map(|map| map.split_once([' ', '\t']));
    pairs.filter_map(|(number, codec)| Some((payload_type(number)?, codec.trim())))
}

fn is_opus(codec: &str) -> bool {
    codec.get(..11).is_some_and(|name| name.eq_ignore_ascii_case("opus/48000/"))
}

/// The payload type of Opus; the first in the order of the section.
pub(super) fn opus(section: &Section<'_>) -> Option<u8> {
    let of_opus = |number: u8| maps(section).any(|(map, codec)| map == number && is_opus(codec));
    let listed = section.payload_types().find(|number| of_opus(*number));
    listed.or_else(|| maps(section).find(|(_, codec)| is_opus(codec)).map(|(number, _)| number))
}

fn message_size(application: &Section<'_>) -> usize {
    match application.attributes.value("max-message-size").and_then(|size| size.parse().ok()) {
        None => DEFAULT_MESSAGE_SIZE,
        // Any size (RFC 8841 §6.1).
        Some(0) => usize::MAX,
        Some(size) => size,
    }
}

fn candidates(answer: &Description<'_>) -> Vec<String> {
    let mut candidates: Vec<String> = Vec::new();
    let all = answer.accepted().map(|section| &section.attributes).chain([&answer.session]);
    for candidate in all.flat_map(|attributes| attributes.values("candidate")) {
        let candidate = format!("candidate:{candidate}");
        if candidates.len() < MAX_CANDIDATES && !candidates.contains(&candidate) {
            candidates.push(candidate);
        }
    }
    candidates
}

#[cfg(test)]
mod tests;
