//! The ids of the client's messages: numbered, but told in a way that ids of different clients differ.
//!
//! Pure.

/// Spreads the numbers over all of 32 bits; odd, so that no two numbers get the same id.
const SPREAD: u32 = 0x9E37_79B1;
/// What undoes [`SPREAD`].
const GATHER: u32 = inverse(SPREAD);

/// The ids given so far.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ids {
    seed: u32,
    given: u32,
}

impl Ids {
    pub(super) const fn new(seed: u32) -> Self {
        Self { seed, given: 0 }
    }

    /// The same, after this many were given.
    pub(super) const fn after(self, given: u32) -> Self {
        Self { given, ..self }
    }

    /// How many were given.
    pub(super) const fn given(&self) -> u32 {
        self.given
    }

    /// One more.
    pub(super) fn next(&mut self) -> String {
        self.given = self.given.wrapping_add(1);
        self.of_number(self.given)
    }

    /// The id of the message of this number; the first is 1.
    pub(crate) fn of_number(&self, number: u32) -> String {
        format!("{:08x}", self.seed.wrapping_add(number).wrapping_mul(SPREAD))
    }

    /// The number of the message with this id, if it is one of ours.
    pub(crate) fn number_of(&self, id: &str) -> Option<u32> {
        let spread = u32::from_str_radix(id, 16).ok()?;
        let number = spread.wrapping_mul(GATHER).wrapping_sub(self.seed);
        ((1..=self.given).contains(&number) && self.of_number(number) == id).then_some(number)
    }
}

/// The number that gives 1 when multiplied with an odd one, by Newton's method: each step doubles the number of right bits, of
/// which an odd number has three as its own inverse.
const fn inverse(odd: u32) -> u32 {
    let mut inverse = odd;
    let mut right_bits = 3;
    while right_bits < u32::BITS {
        inverse = inverse.wrapping_mul(2_u32.wrapping_sub(odd.wrapping_mul(inverse)));
        right_bits *= 2;
    }
    inverse
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_told_from_those_of_others() {
        for seed in [0, 7, u32::MAX - 2] {
            let mut ids = Ids::new(seed);
            let given: Vec<String> = (0..5).map(|_| ids.next()).collect();
            for (number, id) in (1..).zip(&given) {
                assert_eq!(ids.number_of(id), Some(number));
                assert_eq!(ids.number_of(&format!("0{id}")), None);
            }
            assert_eq!(ids.number_of(&Ids::new(seed).after(5).next()), None, "not given yet");
            for other in ["", "1", "xyz", "+0000001", "6f1c0d2a-5c1e"] {
                assert_eq!(ids.number_of(other), None, "{other}");
            }
        }
    }
}
