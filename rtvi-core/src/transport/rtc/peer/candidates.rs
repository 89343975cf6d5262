//! Candidates of the remote peer that come before the description that they belong to.

use std::mem;

use crate::{log, transport::rtc::sdp::MAX_CANDIDATES};

/// Keeps candidates while ICE waits for the remote peer's credentials: at the beginning, and between
/// the offer of a restart and its answer. The crate refuses candidates before the first description,
/// and would take those of a restart for the former session.
#[derive(Debug)]
pub(super) struct Candidates {
    waiting: Option<Vec<String>>,
}

impl Default for Candidates {
    fn default() -> Self {
        Self { waiting: Some(Vec::new()) }
    }
}

impl Candidates {
    /// ICE begins or restarts: what comes now is for the next description.
    pub(super) fn wait(&mut self) {
        self.waiting.get_or_insert_default();
    }

    /// A description was applied; returns what waited for it.
    pub(super) fn release(&mut self) -> Vec<String> {
        mem::take(&mut self.waiting).unwrap_or_default()
    }

    /// Keeps the candidate if it has to wait, and returns it if not. Beyond a limit, it is dropped.
    pub(super) fn admit(&mut self, candidate: String) -> Option<String> {
        let Some(waiting) = &mut self.waiting else { return Some(candidate) };
        if waiting.len() < MAX_CANDIDATES {
            waiting.push(candidate);
        } else {
            log::warn!("a candidate of the remote peer is dropped: too many came before its description");
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn candidates_wait_for_the_description_they_belong_to() {
        let mut candidates = Candidates::default();
        let name = |number: usize| format!("candidate:{number}");
        assert_eq!(candidates.admit(name(1)), None);
        candidates.wait();
        assert_eq!(candidates.admit(name(2)), None);
        assert_eq!(candidates.release(), [name(1), name(2)]);
        assert_eq!(candidates.admit(name(3)), Some(name(3)));
        candidates.wait();
        for number in 0..1_000 {
            assert_eq!(candidates.admit(name(number)), None);
        }
        assert_eq!(candidates.release().len(), MAX_CANDIDATES);
        assert_eq!(candidates.release(), [""; 0]);
    }
}
