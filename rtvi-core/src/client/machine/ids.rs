//! Ids of the client's messages: consecutive numbers, spread so that different clients have
//! different ids.
//!
//! Pure.

/// Spreads the numbers over all of 32 bits; odd, so that no two numbers get the same id.
const SPREAD: u32 = 0x9E37_79B1;

/// The ids that were used so far.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ids {
    seed: u32,
    given: u32,
}

impl Ids {
    pub(super) const fn new(seed: u32) -> Self {
        Self { seed, given: 0 }
    }

    /// The next id.
    pub(super) fn next(&mut self) -> String {
        self.given = self.given.wrapping_add(1);
        format!("{:08x}", self.seed.wrapping_add(self.given).wrapping_mul(SPREAD))
    }
}
