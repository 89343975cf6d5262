//! What a server's answer says that matters to us, and whether it is one we can work with (RFC 8866, RFC 8829, RFC 8841).

#[cfg(feature = "video")]
use super::video::VideoAnswer;
use super::{
    description::{Description, Section},
    opus,
    remote::{Remote, SHOWN, describe},
};

/// What the server takes when its answer names no limit (RFC 8841 §6.1).
const DEFAULT_MESSAGE_SIZE: usize = 64 * 1024;

/// What matters of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Accepted {
    /// The payload type for the audio we send.
    pub(crate) opus: u8,
    /// Whether the server makes use of error correction in the audio we send.
    pub(crate) takes_fec: bool,
    /// The largest message the server takes, in bytes.
    pub(crate) max_message_size: usize,
    /// What it says of the connection.
    pub(crate) remote: Remote,
    /// The sections of video, in the order of the offer; `None` for one that can't be used.
    #[cfg(feature = "video")]
    pub(crate) video: Vec<Option<VideoAnswer>>,
}

/// Reads an answer to `offer`; `max_incoming` is the largest message that the server may send us, in bytes.
///
/// # Errors
/// What the answer lacks.
pub(crate) fn read_answer(answer: &str, offer: &str, max_incoming: u32) -> Result<Accepted, String> {
    let answer = describe(answer)?;
    let offer = Description::read(offer).ok_or("the offer is not SDP")?;
    let audio = answer.accepted_of("audio").ok_or("it accepts no audio")?;
    let opus = opus::payload_type_of(audio).ok_or("it does not accept Opus")?;
    let application = answer.accepted_of("application").ok_or("it accepts no data channel")?;
    check_sections(&answer, &offer)?;
    #[cfg(feature = "video")]
    let video = VideoAnswer::read(&answer, &offer);
    #[cfg(feature = "video")]
    let texts: Vec<_> = video.iter().map(|used| used.as_ref().map(VideoAnswer::text)).collect();
    #[cfg(not(feature = "video"))]
    let texts = [];
    Ok(Accepted {
        opus,
        takes_fec: opus::takes_fec(audio, opus),
        max_message_size: message_size(application),
        remote: Remote::read(&answer, &offer, max_incoming, &texts)?,
        #[cfg(feature = "video")]
        video,
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

fn message_size(application: &Section<'_>) -> usize {
    match application.attributes.value("max-message-size").and_then(|size| size.parse().ok()) {
        None => DEFAULT_MESSAGE_SIZE,
        // Any size (RFC 8841 §6.1).
        Some(0) => usize::MAX,
        Some(size) => size,
    }
}

#[cfg(test)]
mod tests;
