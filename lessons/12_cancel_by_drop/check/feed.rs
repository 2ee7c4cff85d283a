//! The prices that a client reads of one call, and when.

use std::ops::RangeInclusive;
use std::time::Duration;

use tokio::time::Instant;
use tonic::Streaming;
use workbook::grade::{Finding, Verdict, after, ensure, within};
use workbook::proto::stocks::StockPrice;

use super::super::exchange::Pace;

/// The prices of one call.
pub struct Feed {
    pace: Pace,
    called: Instant,
    answered: Duration,
    prices: Streaming<StockPrice>,
}

impl Feed {
    /// The prices of a call that was just answered.
    pub fn of(prices: Streaming<StockPrice>, pace: Pace, called: Instant) -> Self {
        Self {
            pace,
            called,
            answered: called.elapsed(),
            prices,
        }
    }

    pub fn was_answered_after(&self, opening: Duration) -> Verdict {
        after(self.answered, "the call was answered").is(opening)
    }

    /// Expects these prices, each when it is made.
    pub async fn brings(&mut self, numbers: RangeInclusive<usize>) -> Verdict {
        for number in numbers {
            self.next(number).await?;
            let ticks = u32::try_from(number).unwrap_or(u32::MAX);
            let due = self.pace.opening + self.pace.tick * ticks;
            after(self.called.elapsed(), &format!("price {number} came")).is(due)?;
        }
        Ok(())
    }

    /// Expects these prices, whenever they come.
    pub async fn brings_late(&mut self, numbers: RangeInclusive<usize>) -> Verdict {
        for number in numbers {
            self.next(number).await?;
        }
        Ok(())
    }

    async fn next(&mut self, number: usize) -> Verdict {
        let price = self.prices.message().await?.ok_or_else(|| {
            Finding::seen(format!(
                "the stream ended instead of bringing price {number}"
            ))
        })?;
        let StockPrice {
            symbol,
            price,
            timestamp,
        } = price;
        let cents = u32::try_from(number).map_or(0.0, f64::from);
        let due = 100.0 + cents / 100.0;
        ensure((price - due).abs() < 1e-9, || {
            format!("price {number} is {price} instead of {due}")
        })?;
        ensure(symbol == "ACME", || {
            format!("price {number} is one of {symbol:?}")
        })?;
        // Seconds since 1970: milliseconds would be thirteen digits, and no time at all is 0.
        ensure(
            (1_600_000_000..100_000_000_000).contains(&timestamp),
            || format!("price {number} has the timestamp {timestamp}"),
        )
    }

    /// Expects the stream to end with OK.
    pub async fn ends(&mut self) -> Verdict {
        let hour = Duration::from_secs(60 * 60);
        let what = "the stream of the closed exchange had not ended";
        let end = within(hour, what, self.prices.message()).await??;
        ensure(end.is_none(), || "another price came after the last")
    }
}
