//! Pauses of random length, so that clients which lost a server in the same instant do not all come
//! back in the same instant.

use std::time::Duration;

/// Random durations. The same seed gives the same ones, which is what tests and this lesson's scenes need.
#[derive(Debug, Clone)]
pub struct Jitter(u64);

impl Jitter {
    /// The durations of that seed. A program at work takes a random one, such as
    /// `RandomState::new().hash_one(())`.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Full jitter: a duration between zero and `limit`, each as likely as the other.
    pub fn up_to(&mut self, limit: Duration) -> Duration {
        limit.mul_f64(self.fraction())
    }

    /// A number from 0 up to 1, by splitmix64: good enough to spread clients, and no crate is needed.
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
