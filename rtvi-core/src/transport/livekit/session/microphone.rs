//! The client's own track: published once, muted by the user or by the server. Pure.

use crate::transport::livekit::wire::{
    AddTrackRequest, MuteTrack, RequestKind, TrackInfo, TrackPublished, TrackSource, TrackType,
};

/// The track's name in the room, as the official clients call it.
const NAME: &str = "microphone";

/// The user's track.
#[derive(Debug)]
pub(super) struct Microphone {
    enabled: bool,
    /// The track's name in our offer, once it is announced.
    cid: Option<String>,
    published: Option<TrackInfo>,
    muted_by_server: bool,
}

impl Microphone {
    pub(super) const fn new(enabled: bool) -> Self {
        Self { enabled, cid: None, published: None, muted_by_server: false }
    }

    /// Announces the track of the first offer to the server; nothing for later offers.
    pub(super) fn announce(&mut self, offer: &str) -> Option<RequestKind> {
        if self.cid.is_some() {
            return None;
        }
        let cid = track_id(offer)?.to_owned();
        self.cid = Some(cid.clone());
        Some(RequestKind::AddTrack(AddTrackRequest {
            cid,
            name: NAME.to_owned(),
            kind: TrackType::Audio.into(),
            muted: !self.enabled,
            source: TrackSource::Microphone.into(),
            disable_red: true,
        }))
    }

    /// The server knows the track; what to tell it, if the user changed something meanwhile.
    pub(super) fn published(&mut self, published: TrackPublished) -> Option<RequestKind> {
        if Some(&published.cid) != self.cid.as_ref() {
            return None;
        }
        let muted = published.track.as_ref()?.muted;
        self.published = published.track;
        if muted == self.enabled { self.mute() } else { None }
    }

    /// The user enabled or disabled the microphone; what to tell the server. To enable it ends a mute
    /// of the server, unless the server dropped the track.
    pub(super) fn set_enabled(&mut self, enabled: bool) -> Option<RequestKind> {
        self.enabled = enabled;
        self.muted_by_server &= !enabled || self.published.is_none();
        self.mute()
    }

    /// The server muted a track; whether that changed ours.
    pub(super) fn muted(&mut self, mute: &MuteTrack) -> bool {
        let is_ours = self.published.as_ref().is_some_and(|track| track.sid == mute.sid);
        let changes = is_ours && self.muted_by_server != mute.muted;
        if changes {
            self.muted_by_server = mute.muted;
        }
        changes
    }

    /// The server dropped a track; whether it was ours. Servers do so when they revoke the permission
    /// to publish, and take no packet of that track again.
    pub(super) fn unpublished(&mut self, track_sid: &str) -> bool {
        let is_ours = self.published.as_ref().is_some_and(|track| track.sid == track_sid);
        if is_ours {
            self.published = None;
            self.muted_by_server = true;
        }
        is_ours
    }

    /// Whether audio may be sent.
    pub(super) const fn sends(&self) -> bool {
        self.enabled && !self.muted_by_server
    }

    /// Whether somebody else muted the track.
    pub(super) const fn is_muted_by_server(&self) -> bool {
        self.muted_by_server
    }

    /// The track as the server should know it after a resume.
    pub(super) fn state(&self) -> Vec<TrackPublished> {
        let (Some(cid), Some(track)) = (&self.cid, &self.published) else { return Vec::new() };
        let track = TrackInfo { muted: !self.sends(), ..track.clone() };
        vec![TrackPublished { cid: cid.clone(), track: Some(track) }]
    }

    /// What tells the server whether the user muted the track.
    pub(super) fn mute(&self) -> Option<RequestKind> {
        let sid = self.published.as_ref()?.sid.clone();
        Some(RequestKind::Mute(MuteTrack { sid, muted: !self.enabled }))
    }
}

/// The name of the first track in an offer: `a=msid:<stream> <track>` (RFC 8830).
fn track_id(offer: &str) -> Option<&str> {
    let value = offer.lines().find_map(|line| line.trim_end().strip_prefix("a=msid:"))?;
    value.split_ascii_whitespace().nth(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFER: &str = "v=0\r\nm=audio 9 X 111\r\na=msid:microphone-stream microphone-track\r\n";

    fn announced(enabled: bool) -> Microphone {
        let mut microphone = Microphone::new(enabled);
        let Some(RequestKind::AddTrack(request)) = microphone.announce(OFFER) else { panic!("it announces") };
        assert_eq!((request.cid.as_str(), request.muted), ("microphone-track", !enabled));
        assert_eq!(microphone.announce(OFFER), None, "once");
        microphone
    }

    fn published(cid: &str, muted: bool) -> TrackPublished {
        let track = TrackInfo { sid: "TR_1".to_owned(), muted, ..TrackInfo::default() };
        TrackPublished { cid: cid.to_owned(), track: Some(track) }
    }

    fn mute(muted: bool) -> Option<RequestKind> {
        Some(RequestKind::Mute(MuteTrack { sid: "TR_1".to_owned(), muted }))
    }

    #[test]
    fn the_server_learns_what_changed_before_it_knew_the_track() {
        let mut microphone = announced(true);
        assert_eq!(microphone.set_enabled(false), None, "it has no name yet");
        assert_eq!(microphone.published(published("another", false)), None);
        assert_eq!(microphone.published(published("microphone-track", false)), mute(true));
        assert_eq!(microphone.set_enabled(true), mute(false));
        assert_eq!(announced(false).published(published("microphone-track", true)), None);
    }

    #[test]
    fn the_server_can_mute_and_the_user_ends_that() {
        let mut microphone = announced(true);
        microphone.published(published("microphone-track", false));
        let by_server = |sid: &str, muted| MuteTrack { sid: sid.to_owned(), muted };
        assert!(!microphone.muted(&by_server("TR_2", true)) && microphone.sends());
        assert!(microphone.muted(&by_server("TR_1", true)) && !microphone.sends());
        assert!(!microphone.muted(&by_server("TR_1", true)), "nothing changed");
        microphone.set_enabled(false);
        assert!(microphone.is_muted_by_server());
        microphone.set_enabled(true);
        assert!(microphone.sends() && !microphone.is_muted_by_server());
    }

    #[test]
    fn a_dropped_track_is_not_sent() {
        let mut microphone = announced(true);
        microphone.published(published("microphone-track", false));
        assert_eq!(microphone.state().len(), 1);
        assert!(!microphone.unpublished("TR_2") && microphone.unpublished("TR_1"));
        assert_eq!((microphone.sends(), microphone.state()), (false, Vec::new()));
        assert_eq!((microphone.set_enabled(true), microphone.sends()), (None, false));
    }
}
