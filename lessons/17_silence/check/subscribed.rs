//! A subscription of the exercise, at its reader.

use std::time::Duration;

use futures::future::FutureExt as _;
use tokio::time::timeout;
use tonic::Status;
use workbook::grade::{Finding, Verdict, sequence};
use workbook::lab::Lab;
use workbook::proto::stocks::StockPrice;

use super::messages::priced;
use super::{Prices, SECOND};

/// A subscription that is open.
pub struct Subscribed(pub Box<dyn Prices>);

impl Subscribed {
    /// Expects these prices next, however long they take.
    pub async fn brings(&mut self, count: i64) -> Verdict {
        let mut brought = Vec::new();
        for _ in 0..count {
            match self.0.next().await? {
                Some(price) => brought.push(price),
                None => break,
            }
        }
        are_the_first(&brought, count)
    }

    /// The same for a reader that drops the future of `next` after each pause.
    pub async fn brings_between(&mut self, pause: Duration, count: i64) -> Verdict {
        let mut brought = Vec::new();
        while let Some(price) = loop {
            if let Ok(next) = timeout(pause, self.0.next()).await {
                break next?;
            }
        } {
            brought.push(price);
        }
        are_the_first(&brought, count)
    }

    /// Expects the end.
    pub async fn ends(&mut self) -> Verdict {
        match self.0.next().await? {
            None => Ok(()),
            Some(price) => Err(Finding::seen(format!("{price:?} came instead of the end"))),
        }
    }

    /// Expects nothing for so long.
    pub async fn is_quiet(&mut self, duration: Duration) -> Verdict {
        match timeout(duration, self.0.next()).await {
            Err(_) => Ok(()),
            Ok(next) => {
                next?;
                Err(Finding::seen(
                    "`next` returned, and nothing had been sent for the reader",
                ))
            }
        }
    }

    /// The status with which it ends.
    pub async fn fails(&mut self) -> Result<Status, Finding> {
        failure(self.0.next().await)
    }

    /// The same for a reader that drops the future of `next` after each pause.
    pub async fn fails_between(&mut self, pause: Duration) -> Result<Status, Finding> {
        loop {
            if let Ok(next) = timeout(pause, self.0.next()).await {
                return failure(next);
            }
        }
    }

    /// The same for a reader that looks every second whether there is something.
    pub async fn fails_at_a_look(&mut self, lab: &Lab) -> Result<Status, Finding> {
        loop {
            if let Some(next) = self.0.next().now_or_never() {
                return failure(next);
            }
            lab.sleep(SECOND).await;
        }
    }
}

fn are_the_first(brought: &[StockPrice], count: i64) -> Verdict {
    let due: Vec<StockPrice> = (1..=count).map(priced).collect();
    sequence(brought, "price").is(&due)
}

/// The status of a subscription that has to fail.
fn failure(next: Result<Option<StockPrice>, Status>) -> Result<Status, Finding> {
    match next {
        Err(status) => Ok(status),
        Ok(None) => Err(Finding::seen(
            "the stream ended as if the server had ended it",
        )),
        Ok(Some(price)) => Err(Finding::seen(format!("{price:?} came, and no error"))),
    }
}
