//! Events that a test gives by hand.
//!
//! For tests only (feature `testing`). Depends on [`super::hub`]. Must never do more than a client does with its own.

use super::{Event, EventStream, hub::EventHub};

/// Gives events to streams as a client does; they end with it.
#[derive(Debug, Default)]
pub struct EventFeed {
    hub: EventHub,
}

impl EventFeed {
    /// The events from now on.
    pub fn events(&self) -> EventStream {
        self.hub.subscribe()
    }

    /// Gives one to every stream.
    pub fn emit(&self, event: Event) {
        self.hub.emit(event);
    }
}
