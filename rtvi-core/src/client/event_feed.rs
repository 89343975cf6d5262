//! Events that a test emits by hand.
//!
//! For tests only (feature `testing`). Depends on [`super::hub`]. Must never do more than a client
//! does with its own hub.

use super::{Event, EventStream, hub::EventHub};

/// Sends events to streams as a client does. The streams end when it is dropped.
#[derive(Debug, Default)]
pub struct EventFeed {
    hub: EventHub,
}

impl EventFeed {
    /// Returns a stream of the events from now on.
    pub fn events(&self) -> EventStream {
        self.hub.subscribe()
    }

    /// Sends an event to every stream.
    pub fn emit(&self, event: Event) {
        self.hub.emit(event);
    }
}
