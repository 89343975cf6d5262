//! Counts the packets that pass through the network.

use std::sync::atomic::{AtomicU64, Ordering};

/// Packets since the network was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Sent by clients.
    pub up: u64,
    /// Of those, lost.
    pub up_lost: u64,
    /// Sent by servers.
    pub down: u64,
    /// Of those, lost.
    pub down_lost: u64,
}

/// The counts, written by every relay.
#[derive(Debug, Default)]
pub(super) struct Counters {
    up: Direction,
    down: Direction,
}

#[derive(Debug, Default)]
struct Direction {
    all: AtomicU64,
    lost: AtomicU64,
}

impl Counters {
    pub(super) fn count_up(&self, arrives: bool) {
        self.up.count(arrives);
    }

    pub(super) fn count_down(&self, arrives: bool) {
        self.down.count(arrives);
    }

    pub(super) fn counts(&self) -> Counts {
        let ((up, up_lost), (down, down_lost)) = (self.up.counts(), self.down.counts());
        Counts { up, up_lost, down, down_lost }
    }
}

impl Direction {
    fn count(&self, arrives: bool) {
        self.all.fetch_add(1, Ordering::Relaxed);
        self.lost.fetch_add(u64::from(!arrives), Ordering::Relaxed);
    }

    fn counts(&self) -> (u64, u64) {
        (self.all.load(Ordering::Relaxed), self.lost.load(Ordering::Relaxed))
    }
}
