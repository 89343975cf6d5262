//! Offers and answers of the connection on which we make the offers. Pure.
//!
//! One offer at a time is on its way. What is wanted meanwhile goes into the next one.

use std::time::Duration;

use tokio::time::Instant;

use crate::transport::livekit::wire::SessionDescription;

use super::{Wanted, rate::Rate};

/// How long the server may take to answer an offer while its socket is open. After that, the
/// socket counts as lost.
const ANSWER_LIMIT: Duration = Duration::from_secs(5);
/// How many sections for audio are added because the server asks for them. A bot has one track;
/// those of former bots remain.
const MAX_SECTIONS: u32 = 8;
/// How many offers are made in a [`PERIOD`] at most. A server that wants more violates the protocol.
const MAX_OFFERS: u32 = 32;
const PERIOD: Duration = Duration::from_secs(10);

/// The offer that is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Current {
    None,
    /// The peer connection is making it.
    Making,
    /// The server has it since then.
    Sent(Instant),
    /// The peer connection is applying the answer.
    Accepting,
}

/// The state of the negotiation.
#[derive(Debug)]
pub(super) struct Negotiation {
    current: Current,
    wanted: Option<Wanted>,
    /// The number of the last offer.
    id: u32,
    sections: u32,
    rate: Rate,
    offer: Option<SessionDescription>,
    answer: Option<SessionDescription>,
}

impl Negotiation {
    pub(super) const fn new(now: Instant) -> Self {
        Self {
            current: Current::None,
            wanted: None,
            id: 0,
            sections: 0,
            rate: Rate::new(MAX_OFFERS, PERIOD, now),
            offer: None,
            answer: None,
        }
    }

    /// An offer is wanted.
    pub(super) fn want(&mut self) {
        self.wanted.get_or_insert_default();
    }

    /// An offer with new ICE credentials is wanted.
    pub(super) fn want_restart(&mut self) {
        self.wanted.get_or_insert_default().restart = true;
    }

    /// An offer with so many further sections is wanted. An offer is wanted even if there are enough
    /// of them.
    pub(super) fn want_sections(&mut self, sections: u32) {
        let added = sections.min(MAX_SECTIONS.saturating_sub(self.sections));
        self.sections += added;
        self.wanted.get_or_insert_default().sections += added;
    }

    /// The offer to make now, if any.
    ///
    /// # Errors
    /// The server wants too many.
    pub(super) fn begin(&mut self, now: Instant) -> Result<Option<Wanted>, String> {
        if self.current != Current::None {
            return Ok(None);
        }
        let Some(wanted) = self.wanted.take() else { return Ok(None) };
        if !self.rate.take(now) {
            let seconds = PERIOD.as_secs();
            return Err(format!("the server wanted more than {MAX_OFFERS} offers within {seconds} s"));
        }
        self.current = Current::Making;
        Ok(Some(wanted))
    }

    /// The peer connection has made the offer: what to send, if the offer is still wanted.
    pub(super) fn made(&mut self, now: Instant, sdp: String) -> Option<SessionDescription> {
        if self.current != Current::Making {
            return None;
        }
        self.current = Current::Sent(now);
        self.id = self.id.wrapping_add(1);
        let offer = SessionDescription { kind: "offer".to_owned(), sdp, id: self.id, ..Default::default() };
        self.offer = Some(offer.clone());
        Some(offer)
    }

    /// Whether this answers the offer that is under way. Servers of an older kind send no number.
    pub(super) fn is_answer(&mut self, answer: &SessionDescription) -> bool {
        let fits = matches!(self.current, Current::Sent(_)) && (answer.id == self.id || answer.id == 0);
        if fits {
            self.current = Current::Accepting;
            self.answer = Some(answer.clone());
        }
        fits
    }

    /// The peer connection has applied the answer.
    pub(super) fn accepted(&mut self) {
        if self.current == Current::Accepting {
            self.current = Current::None;
        }
    }

    /// The socket is lost: an offer that had no answer is made again.
    pub(super) fn interrupt(&mut self) {
        if matches!(self.current, Current::Making | Current::Sent(_)) {
            self.current = Current::None;
            self.want();
        }
    }

    /// Whether the server takes too long to answer.
    pub(super) fn is_overdue(&self, now: Instant) -> bool {
        matches!(self.current, Current::Sent(at) if now.saturating_duration_since(at) >= ANSWER_LIMIT)
    }

    /// The last offer and its answer, or the one before's.
    pub(super) fn descriptions(&self) -> (Option<SessionDescription>, Option<SessionDescription>) {
        (self.offer.clone(), self.answer.clone())
    }
}
