//! Synthetic voices, rooms and measures, the same on every machine and in every run.
//!
//! Depends on nothing. Must never look at a clock or read a file.

mod measure;
mod room;
mod voice;

pub use measure::{decibels, power, si_sdr};
pub use room::Room;
pub use voice::{hiss, voice};

/// Pseudo-random numbers (xorshift).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// Creates the generator for this seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// Returns the next number, from 0 up to 1.
    pub const fn fraction(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Returns a roughly normal number, with mean 0 and deviation 1.
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.fraction()).sum::<f64>() - 6.0
    }
}
