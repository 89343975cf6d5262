//! The packets that must not reach the crate `webrtc`, and what its peer connections need of the
//! sockets under them.
//!
//! One [`PacketFilter`] stands between a peer connection and all of its sockets. It drops the ICE
//! checks that are for somebody else and the DTLS hellos that the server repeats, and reports the
//! alert that ends a handshake. ADR 5 says why. Public because the demo bot's peer connections need
//! the same. Must never wait, and never change a packet.

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

/// What is kept from one peer connection. All of its sockets share one filter.
#[derive(Default)]
pub struct PacketFilter {
    state: Mutex<State>,
    on_refused: Option<OnRefused>,
}

#[derive(Default)]
struct State {
    ufrags: Ufrags,
    hellos: RepeatedHello,
    /// The last fatal alert that came in.
    alert: Option<u8>,
}

impl PacketFilter {
    /// A filter that reports each alert with which a DTLS handshake fails. `on_refused` is called
    /// while a packet is sent, again each time that the alert is repeated, and must not wait.
    pub fn new(on_refused: impl Fn(Alert) + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self { state: Mutex::default(), on_refused: Some(Box::new(on_refused)) })
    }

    /// Our ICE user name fragment is this from now on. Checks for the former one still pass, until
    /// [`Self::forget_former_ufrag`]: an ICE restart leaves the running session alone until a new
    /// path is there. Before the first call no check passes, because nobody can know the fragment.
    pub fn set_ufrag(&self, ufrag: &str) {
        self.lock().ufrags.set(ufrag);
    }

    /// An ICE restart has come to its end: from now on only checks for the present user name
    /// fragment pass.
    pub fn forget_former_ufrag(&self) {
        self.lock().ufrags.forget_former();
    }

    /// Whether the datagram must not reach the crate. To be called once for each datagram that
    /// comes in.
    pub(crate) fn drops(&self, datagram: &[u8]) -> bool {
        let mut state = self.lock();
        if let Some(description) = handshake::fatal_alert(datagram) {
            state.alert = Some(description);
        }
        state.hellos.is_repeat(datagram) || check::is_foreign(datagram, &state.ufrags)
    }

    /// Notes a datagram that the crate sends.
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
