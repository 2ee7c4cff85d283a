//! The exchange: feeds of prices, each of which costs money for as long as it is open.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until};
use tracing::info;

/// How fast an exchange is.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// How long it takes to open a feed.
    pub opening: Duration,
    /// How long it takes to make a price.
    pub tick: Duration,
    /// Prices until the exchange closes; None if it never closes.
    pub prices: Option<usize>,
}

/// An exchange. It knows one symbol, ACME.
#[derive(Debug)]
pub struct Exchange {
    pace: Pace,
    open: Arc<AtomicUsize>,
    made: Arc<AtomicUsize>,
}

/// Prices as they are made. Dropping it closes it.
#[derive(Debug)]
pub struct Feed {
    pace: Pace,
    next: Instant,
    given: usize,
    open: Arc<AtomicUsize>,
    made: Arc<AtomicUsize>,
}

/// There is no such symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownSymbol;

impl Exchange {
    pub fn new(pace: Pace) -> Self {
        Self {
            pace,
            open: Arc::default(),
            made: Arc::default(),
        }
    }

    /// Opens a feed.
    pub async fn subscribe(&self, symbol: &str) -> Result<Feed, UnknownSymbol> {
        let feed = Feed {
            pace: self.pace,
            next: Instant::now() + self.pace.opening + self.pace.tick,
            given: 0,
            open: Arc::clone(&self.open),
            made: Arc::clone(&self.made),
        };
        self.open.fetch_add(1, Ordering::Relaxed);
        info!(step = "opens_feed", "opens a feed");
        // `feed` closes itself when it is dropped, also if this future is dropped at the `.await`.
        sleep(self.pace.opening).await;
        if symbol == "ACME" {
            Ok(feed)
        } else {
            Err(UnknownSymbol)
        }
    }

    /// How many feeds are open.
    pub fn open(&self) -> usize {
        self.open.load(Ordering::Relaxed)
    }

    /// How many prices were made, for all feeds together.
    pub fn made(&self) -> usize {
        self.made.load(Ordering::Relaxed)
    }
}

impl Feed {
    /// The next price, when it is made. None when the exchange has closed.
    ///
    /// Cancel-safe: dropping this future loses no price.
    pub async fn next(&mut self) -> Option<f64> {
        if self.pace.prices.is_some_and(|prices| self.given >= prices) {
            return None;
        }
        sleep_until(self.next).await;
        self.next += self.pace.tick;
        self.given += 1;
        self.made.fetch_add(1, Ordering::Relaxed);
        info!(price = self.given, "makes price {}", self.given);
        let cents = u32::try_from(self.given).unwrap_or(u32::MAX);
        Some(100.0 + f64::from(cents) / 100.0)
    }
}

// ANCHOR: drop
impl Drop for Feed {
    fn drop(&mut self) {
        self.open.fetch_sub(1, Ordering::Relaxed);
        info!(
            prices_made = self.given,
            "closes the feed, {} prices made", self.given
        );
    }
}
// ANCHOR_END: drop
