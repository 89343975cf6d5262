//! The bot's WebRTC calls: which sessions were started, which peer connection belongs to which, and
//! their tasks.
//!
//! Locks are held only to look things up. Knows no HTTP and no SDP.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde_json::Value;
use tokio::{sync::mpsc, task::JoinSet};

use super::peer::{Ends, Peer};
use crate::FaultPlan;

/// Sessions remembered that were started; the oldest is forgotten when another one is.
const MAX_STARTED: usize = 256;

/// Peer connections remembered by their ids, those that were replaced too; the oldest is forgotten
/// for another one.
const MAX_PEERS: usize = 256;

/// Calls at a time; a further one is refused.
const MAX_CALLS: usize = 256;

/// A session that `/start` handed out.
#[derive(Clone)]
pub(crate) struct Started {
    /// What the start request's `body` said.
    pub(crate) body: Value,
    /// How the session is to misbehave.
    pub(crate) fault: Option<FaultPlan>,
    /// Offers that came for it.
    pub(crate) offers: u32,
}

/// One call: a session and its present peer connection.
pub(crate) struct Call {
    /// Held while an offer of the call is answered.
    pub(crate) peer: tokio::sync::Mutex<Arc<Peer>>,
    /// Takes the peer connection that replaces the present one.
    pub(crate) arrivals: mpsc::Sender<Ends>,
}

/// All calls of a bot. Dropping it ends them.
#[derive(Default)]
pub(crate) struct Calls {
    registry: Arc<Mutex<Registry>>,
    tasks: Mutex<JoinSet<()>>,
}

#[derive(Default)]
struct Registry {
    started: VecDeque<(String, Started)>,
    peers: VecDeque<(String, Arc<Call>)>,
}

impl Calls {
    /// Begins a session; returns its id.
    pub(crate) fn begin(&self, body: Value, fault: Option<FaultPlan>) -> String {
        let id = uuid::Uuid::new_v4().to_string();
        let mut registry = self.registry();
        if registry.started.len() == MAX_STARTED {
            registry.started.pop_front();
        }
        registry.started.push_back((id.clone(), Started { body, fault, offers: 0 }));
        id
    }

    /// The started session `id`, unless it is over.
    pub(crate) fn started(&self, id: &str) -> Option<Started> {
        let registry = self.registry();
        registry.started.iter().find(|(other, _)| other == id).map(|(_, started)| started.clone())
    }

    /// Counts an offer for the session `id`.
    pub(crate) fn count_offer(&self, id: &str) {
        let mut registry = self.registry();
        if let Some((_, started)) = registry.started.iter_mut().find(|(other, _)| other == id) {
            started.offers = started.offers.saturating_add(1);
        }
    }

    /// The call that the peer connection `id` belongs to, or belonged to.
    pub(crate) fn call(&self, id: &str) -> Option<Arc<Call>> {
        let registry = self.registry();
        registry.peers.iter().find(|(other, _)| other == id).map(|(_, call)| Arc::clone(call))
    }

    /// Remembers that the peer connection `id` belongs to `call`.
    pub(crate) fn remember(&self, id: String, call: &Arc<Call>) {
        let mut registry = self.registry();
        if registry.peers.len() == MAX_PEERS {
            registry.peers.pop_front();
        }
        registry.peers.push_back((id, Arc::clone(call)));
    }

    /// Runs the session of `call` until it ends, and forgets both then; at once when there are too
    /// many, which is false.
    pub(crate) fn run(
        &self,
        session_id: Option<String>,
        call: &Arc<Call>,
        session: impl Future<Output = ()> + Send + 'static,
    ) -> bool {
        let end = End { registry: Arc::clone(&self.registry), session_id, call: Arc::clone(call) };
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        while tasks.try_join_next().is_some() {}
        if tasks.len() >= MAX_CALLS {
            return false;
        }
        tasks.spawn(async move {
            let _end = end;
            session.await;
        });
        true
    }

    /// Ends all calls without closing them; returns when their tasks are gone.
    pub(crate) async fn stop(&self) {
        let mut tasks = std::mem::take(&mut *self.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        tasks.shutdown().await;
    }

    fn registry(&self) -> MutexGuard<'_, Registry> {
        self.registry.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Calls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Calls").field("peers", &self.registry().peers.len()).finish_non_exhaustive()
    }
}

/// Forgets a call when its session has ended.
struct End {
    registry: Arc<Mutex<Registry>>,
    session_id: Option<String>,
    call: Arc<Call>,
}

impl Drop for End {
    fn drop(&mut self) {
        let mut registry = self.registry.lock().unwrap_or_else(PoisonError::into_inner);
        registry.started.retain(|(id, _)| Some(id) != self.session_id.as_ref());
        registry.peers.retain(|(_, call)| !Arc::ptr_eq(call, &self.call));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn started_sessions_are_bounded_and_count_their_offers() {
        let calls = Calls::default();
        let first = calls.begin(Value::Null, None);
        calls.count_offer(&first);
        assert_eq!(calls.started(&first).map(|started| started.offers), Some(1));
        for _ in 0..MAX_STARTED {
            calls.begin(Value::Null, None);
        }
        assert!(calls.started(&first).is_none());
    }
}
