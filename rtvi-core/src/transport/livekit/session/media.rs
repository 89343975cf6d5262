//! The peer connections of a session: offers, answers, candidates and network paths.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use crate::{
    error::{Error, ErrorKind},
    log,
    transport::livekit::{
        join::Mode,
        wire::{MediaSections, RequestKind, SessionDescription, SignalTarget, Trickle},
    },
};

use super::{Action, Path, Session, negotiation::Negotiation, rate::Rate};

/// How many offers of the server, and candidates, are taken in a [`PERIOD`].
const MAX_OFFERS: u32 = 32;
const MAX_CANDIDATES: u32 = 256;
const PERIOD: Duration = Duration::from_secs(10);

/// The state of the peer connections.
#[derive(Debug)]
pub(super) struct Media {
    is_prepared: bool,
    pub(super) negotiation: Negotiation,
    publisher: Option<Path>,
    subscriber: Option<Path>,
    has_subscriber: bool,
    /// The server's last offer and our answer, if it makes offers.
    received: (Option<SessionDescription>, Option<SessionDescription>),
    offers: Rate,
    candidates: Rate,
}

impl Media {
    pub(super) const fn new(now: Instant) -> Self {
        Self {
            is_prepared: false,
            negotiation: Negotiation::new(now),
            publisher: None,
            subscriber: None,
            has_subscriber: false,
            received: (None, None),
            offers: Rate::new(MAX_OFFERS, PERIOD, now),
            candidates: Rate::new(MAX_CANDIDATES, PERIOD, now),
        }
    }

    fn paths(&self) -> impl Iterator<Item = Option<Path>> {
        [self.publisher].into_iter().chain(self.has_subscriber.then_some(self.subscriber))
    }

    /// Whether packets pass on every connection.
    pub(super) fn is_connected(&self) -> bool {
        self.paths().all(|path| path == Some(Path::Connected))
    }

    /// Whether a connection has lost its path.
    pub(super) fn is_broken(&self) -> bool {
        self.paths().any(|path| path == Some(Path::Broken))
    }

    /// The offer and the answer that a server compares after a resume: those of the connection on
    /// which it sends.
    pub(super) fn descriptions(&self) -> (Option<SessionDescription>, Option<SessionDescription>) {
        if self.has_subscriber { self.received.clone() } else { self.negotiation.descriptions() }
    }

    pub(super) const fn set_mode(&mut self, mode: Mode) {
        self.has_subscriber = matches!(mode, Mode::Dual);
    }
}

impl Session {
    pub(super) fn on_prepared(&mut self) {
        self.media.is_prepared = true;
        self.media.negotiation.want();
    }

    /// Makes an offer if one is wanted and none is under way.
    pub(super) fn negotiate(&mut self, now: Instant) {
        if self.has_ended || !self.media.is_prepared || !self.link.is_up() {
            return;
        }
        match self.media.negotiation.begin(now) {
            Ok(Some(wanted)) => self.act(Action::Offer(wanted)),
            Ok(None) => {}
            Err(text) => self.violation(text),
        }
    }

    pub(super) fn on_offered(&mut self, now: Instant, sdp: String) {
        let Some(offer) = self.media.negotiation.made(now, sdp) else { return };
        if let Some(track) = self.microphone.announce(&offer.sdp) {
            self.request(track);
        }
        self.request(RequestKind::Offer(offer));
    }

    pub(super) fn on_answer(&mut self, answer: &SessionDescription) {
        if self.media.negotiation.is_answer(answer) {
            self.act(Action::Accept(answer.sdp.clone()));
        } else {
            log::debug!(id = answer.id, "an answer to another offer, ignored");
        }
    }

    pub(super) fn on_accepted(&mut self, result: Result<(), Error>) {
        match result {
            Ok(()) => self.media.negotiation.accepted(),
            Err(error) => self.fail(error),
        }
    }

    pub(super) fn on_offer(&mut self, now: Instant, offer: SessionDescription) {
        if !self.media.has_subscriber || !self.media.is_prepared {
            log::debug!("an offer for a connection that does not exist, ignored");
        } else if self.media.offers.take(now) {
            self.act(Action::Answer { id: offer.id, offer: offer.sdp.clone() });
            self.media.received = (Some(offer), None);
        } else {
            let seconds = PERIOD.as_secs();
            self.violation(format!("the server made more than {MAX_OFFERS} offers within {seconds} s"));
        }
    }

    pub(super) fn on_answered(&mut self, id: u32, result: Result<String, Error>) {
        match result {
            Ok(sdp) => {
                let answer = SessionDescription { kind: "answer".to_owned(), sdp, id, ..Default::default() };
                self.media.received.1 = Some(answer.clone());
                self.request(RequestKind::Answer(answer));
            }
            Err(error) => self.fail(error),
        }
    }

    pub(super) fn on_sections(&mut self, sections: &MediaSections) {
        self.media.negotiation.want_sections(sections.num_audios);
    }

    /// Tells the server an address of ours. Without a socket it is dropped: the next offer has it.
    pub(super) fn on_candidate(&mut self, target: SignalTarget, candidate: &str) {
        let init = json!({"candidate": candidate, "sdpMid": "0", "sdpMLineIndex": 0});
        let target = target.into();
        self.request(RequestKind::Trickle(Trickle { candidate_init: init.to_string(), target, last: false }));
    }

    pub(super) fn on_trickle(&mut self, now: Instant, trickle: &Trickle) {
        let init = serde_json::from_str::<Value>(&trickle.candidate_init).unwrap_or_default();
        let candidate = init.get("candidate").and_then(Value::as_str).unwrap_or_default();
        if candidate.is_empty() {
            return;
        }
        if self.media.candidates.take(now) {
            self.act(Action::Candidate(trickle.target(), candidate.to_owned()));
        } else {
            log::debug!("the server names too many candidates, one is ignored");
        }
    }

    pub(super) fn on_path(&mut self, now: Instant, target: SignalTarget, path: Path) {
        let before = match target {
            SignalTarget::Publisher => self.media.publisher.replace(path),
            SignalTarget::Subscriber => self.media.subscriber.replace(path),
        };
        match path {
            Path::Connected => {}
            Path::Broken if before.is_some() => self.on_path_lost(now),
            Path::Broken => {
                self.fail(Error::new(ErrorKind::ConnectionFailed, "no network path to the server was found"));
            }
            Path::Closed => self.on_connection_closed(now),
        }
    }

    /// There is no network path, and the error says why.
    pub(super) fn on_no_path(&mut self, now: Instant, error: Error) {
        if self.media.is_connected() || self.media.is_broken() {
            self.on_path_lost(now);
        } else {
            self.fail(error);
        }
    }
}
