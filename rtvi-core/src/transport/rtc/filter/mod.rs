//! Keeps packets from the crate `webrtc` that it can't handle, and reports failed DTLS handshakes.
//!
//! All sockets of a peer connection share one [`PacketFilter`]. It drops ICE checks for other
//! connections and repeated DTLS hellos; ADR 5 explains why. It is public because the demo bot's
//! peer connections need the same filter. Must never wait or change a packet.

pub(crate) mod check;
pub(crate) mod handshake;
mod nudge;
mod socket;
mod ufrags;

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

pub use handshake::Alert;
pub(crate) use nudge::Nudge;
pub use socket::FilteredSocket;

use handshake::RepeatedHello;
use ufrags::Ufrags;

type OnRefused = Box<dyn Fn(Alert) + Send + Sync>;

/// Decides which packets reach one peer connection.
#[derive(Default)]
pub struct PacketFilter {
    state: Mutex<State>,
    on_refused: Option<OnRefused>,
}

#[derive(Default)]
struct State {
    ufrags: Ufrags,
    hellos: RepeatedHello,
    /// The last fatal alert that was received.
    alert: Option<u8>,
}

impl PacketFilter {
    /// Creates a filter that reports the alert with which a DTLS handshake fails. `on_refused` runs
    /// whenever the alert is sent, repetitions included, and must not wait.
    pub fn new(on_refused: impl Fn(Alert) + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self { state: Mutex::default(), on_refused: Some(Box::new(on_refused)) })
    }

    /// Sets our ICE user name fragment. Checks for the previous one pass until
    /// [`Self::forget_former_ufrag`], because an ICE restart leaves the running session alone until
    /// it has a new path. No check passes before the first call: nobody can know the fragment.
    ///
    /// Returns whether the fragment differs from the previous one: whether ICE begins or restarts.
    pub fn set_ufrag(&self, ufrag: &str) -> bool {
        self.lock().ufrags.set(ufrag)
    }

    /// Ends an ICE restart: only checks for the current user name fragment pass.
    pub fn forget_former_ufrag(&self) {
        self.lock().ufrags.forget_former();
    }

    /// Whether the datagram must not reach the crate. Call it once for each received datagram.
    pub(crate) fn drops(&self, datagram: &[u8]) -> bool {
        let mut state = self.lock();
        if let Some(description) = handshake::fatal_alert(datagram) {
            state.alert = Some(description);
        }
        state.hellos.is_repeat(datagram) || check::is_foreign(datagram, &state.ufrags)
    }

    /// Inspects a datagram that the crate sends.
    pub(crate) fn sent(&self, datagram: &[u8]) {
        if let (Some(report), Some(description)) = (&self.on_refused, handshake::fatal_alert(datagram)) {
            let by_server = self.lock().alert == Some(description);
            report(Alert { description, by_server });
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for PacketFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PacketFilter").finish_non_exhaustive()
    }
}
