//! Pauses before a client calls again.

use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

/// The longest pause before the first retry. It doubles with each call that fails …
const FIRST: Duration = Duration::from_millis(100);
/// … up to this one: a server that is back is found at most so much later.
const CAP: Duration = Duration::from_secs(3);

/// Random pauses, so that a room's members do not all come back in the same instant. The same seed gives
/// the same ones, which the scenes need.
#[derive(Debug, Clone)]
pub struct Jitter(u64);

impl Jitter {
    /// Of that seed, or others in every process.
    pub fn new(seed: Option<u64>) -> Self {
        // The standard library seeds its hash maps from the system's random numbers.
        Self(seed.unwrap_or_else(|| RandomState::new().hash_one(())))
    }

    /// The pause before a call, after so many that failed.
    pub fn pause(&mut self, failed: u32) -> Duration {
        let limit = FIRST.saturating_mul(2_u32.saturating_pow(failed)).min(CAP);
        limit.mul_f64(self.fraction())
    }

    /// A number from 0 up to 1, by splitmix64.
    fn fraction(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        // The upper 32 bits: every u32 is exact in a f64.
        let upper = u32::try_from(mixed >> 32).unwrap_or(u32::MAX);
        f64::from(upper) / (f64::from(u32::MAX) + 1.0)
    }
}
