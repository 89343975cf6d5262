//! What both an answer and an offer of the remote peer say about the connection. Pure.

use super::{
    canonical::{self, VideoText},
    description::Description,
    fingerprints::Fingerprints,
    media::{Media, Routing},
};

/// The largest description that is read, in bytes; a real one has a few thousand.
const MAX_DESCRIPTION: usize = 256 * 1024;
/// How much of a section's kind an error repeats.
pub(super) const SHOWN: usize = 20;
/// How many sections an offer may have. A room has one for each track of each participant.
const MAX_SECTIONS: usize = 256;
/// How many candidates of a description are tried; a server has a few addresses. Further ones are
/// dropped.
pub(crate) const MAX_CANDIDATES: usize = 64;

/// The parts of a remote description that a peer connection needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Remote {
    /// Which stream each packet of the remote peer belongs to.
    pub(crate) routing: Routing,
    /// The fingerprints that the remote peer's certificate may have.
    pub(crate) fingerprints: Fingerprints,
    /// The description for the crate: the same, written as it understands it. Without candidates.
    pub(crate) sdp: String,
    /// The remote peer's addresses, each once: most servers repeat them in every section.
    pub(crate) candidates: Vec<String>,
}

impl Remote {
    /// Reads a remote description. `ours` is our own offer, or the same description if the remote
    /// peer makes the offer; it has as many sections. `max_incoming` is the largest message that the
    /// remote peer may send, in bytes. `video` has the sections of video in an answer.
    pub(super) fn read(
        theirs: &Description<'_>,
        ours: &Description<'_>,
        max_incoming: u32,
        video: &[Option<VideoText>],
    ) -> Result<Self, String> {
        let fingerprints = Fingerprints::read(theirs)?;
        let facts = canonical::Facts { fingerprint: fingerprints.representative(), max_incoming, video };
        let pairs = ours.sections.iter().zip(&theirs.sections);
        Ok(Self {
            routing: Routing::new(pairs.filter_map(|(ours, section)| Media::read(ours, section, theirs))),
            sdp: canonical::write(theirs, ours, &facts),
            fingerprints,
            candidates: candidates(theirs),
        })
    }
}

/// Takes a text of a usable size apart.
pub(super) fn describe(text: &str) -> Result<Description<'_>, String> {
    if text.len() > MAX_DESCRIPTION {
        return Err(format!("it has {} bytes; the limit is {MAX_DESCRIPTION}", text.len()));
    }
    Description::read(text).ok_or_else(|| "it is not SDP".to_owned())
}

/// Reads an offer of the remote peer; see [`Remote::read`].
///
/// # Errors
/// What makes the offer unusable.
pub(crate) fn read_offer(offer: &str, max_incoming: u32) -> Result<Remote, String> {
    let offer = describe(offer)?;
    let known = ["audio", "video", "application"];
    if let Some(section) = offer.sections.iter().find(|section| !known.contains(&section.kind)) {
        let shown: String = section.kind.chars().take(SHOWN).collect();
        return Err(format!("it has a section of the unknown kind '{}'", shown.escape_debug()));
    }
    let count = offer.sections.len();
    if count > MAX_SECTIONS {
        return Err(format!("it has {count} sections; the limit is {MAX_SECTIONS}"));
    }
    Remote::read(&offer, &offer, max_incoming, &[])
}

fn candidates(theirs: &Description<'_>) -> Vec<String> {
    let mut candidates: Vec<String> = Vec::new();
    let all = theirs.accepted().map(|section| &section.attributes).chain([&theirs.session]);
    for candidate in all.flat_map(|attributes| attributes.values("candidate")) {
        let candidate = format!("candidate:{candidate}");
        if candidates.len() < MAX_CANDIDATES && !candidates.contains(&candidate) {
            candidates.push(candidate);
        }
    }
    candidates
}
