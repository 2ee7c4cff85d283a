//! How long a client waits before it calls again, and when it stops.

use std::time::Duration;

use super::jitter::Jitter;

// ANCHOR: policy
/// When to call again, and when to stop.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// The longest pause before the first retry; it doubles with each call that brings nothing new.
    pub first: Duration,
    /// The longest pause of all. A server that is back is found at most this much later.
    pub cap: Duration,
    /// How many calls in a row may bring nothing new. The budget is full again after each new event.
    pub budget: u32,
    /// How long a call may bring nothing at all, its answer included. Longer than the quietest time
    /// of the log: a log that may be quiet for longer needs a sign of life from its server.
    pub idle: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            first: Duration::from_millis(100),
            cap: Duration::from_millis(1600),
            budget: 10,
            idle: Duration::from_secs(60),
        }
    }
}
// ANCHOR_END: policy

// ANCHOR: backoff
/// The pauses of one follower.
#[derive(Debug)]
pub struct Backoff {
    policy: Policy,
    jitter: Jitter,
    /// Calls in a row that brought nothing new.
    fruitless: u32,
}

impl Backoff {
    pub fn new(policy: Policy, jitter: Jitter) -> Self {
        Self {
            policy,
            jitter,
            fruitless: 0,
        }
    }

    /// A call has brought something new.
    pub fn progress(&mut self) {
        self.fruitless = 0;
    }

    /// A call has failed: how long to wait before the next one. `None` when the budget is used up.
    pub fn failed(&mut self) -> Option<Duration> {
        if self.fruitless >= self.policy.budget {
            return None;
        }
        let doubled = 2_u32.saturating_pow(self.fruitless);
        self.fruitless += 1;
        let limit = self.policy.first.saturating_mul(doubled);
        Some(self.jitter.up_to(limit.min(self.policy.cap)))
    }
}
// ANCHOR_END: backoff
