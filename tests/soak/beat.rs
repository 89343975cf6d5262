//! What the clients say of themselves once a second, and what they are told: lines between the two processes.
//!
//! Values only.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What the clients are to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// All they can.
    Work,
    /// Visitors go, residents are in a session and do nothing.
    Rest,
    /// All go.
    Leave,
}

impl Phase {
    /// As it is called in a line.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Work => "work",
            Self::Rest => "rest",
            Self::Leave => "leave",
        }
    }

    /// The one of this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        [Self::Work, Self::Rest, Self::Leave].into_iter().find(|phase| phase.name() == name)
    }
}

/// A second of the clients.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Beat {
    /// Every one of them rests.
    pub(crate) is_resting: bool,
    /// Bytes that are allocated.
    pub(crate) heap: usize,
    /// Tasks of their runtime.
    pub(crate) tasks: usize,
    /// When the last of them has left: how many descriptors and tasks there are that were not there before the first.
    pub(crate) left: Option<(usize, usize)>,
    /// How long those calls took that connected, in milliseconds.
    pub(crate) connects: Vec<f64>,
    /// How long those requests took that were answered, in milliseconds.
    pub(crate) requests: Vec<f64>,
    /// How many calls were made, of all kinds.
    pub(crate) calls: u64,
    /// How many functions the bots called.
    pub(crate) functions: u64,
    /// How many events were read.
    pub(crate) events: u64,
    /// How many calls failed, by kind of error.
    pub(crate) failures: BTreeMap<String, u64>,
    /// What should never happen.
    pub(crate) problems: Vec<String>,
}
