//! The feed that the check plays with.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures::future::BoxFuture;
use futures::stream::{self, StreamExt as _};
use tokio::time::sleep;
use tonic::Status;
use workbook::proto::stocks::StockPrice;

use super::super::feed::{Feed, Prices};

/// What the feed does with a call.
#[derive(Debug, Clone, Copy)]
pub enum Plan {
    /// A price at once, and then silence.
    Endless,
    /// As many prices as are asked for.
    Flood,
    /// A price, but only after a while.
    OpensIn(Duration),
    /// A price, and the end.
    Ends,
    /// A price, and an error.
    Fails,
    /// A price, and a panic in the stream.
    PanicsLater,
    /// No stream, but an error.
    Refuses,
    /// A panic before there is a stream.
    Panics,
    /// A panic before there is even a future.
    PanicsAtOnce,
    /// A price, ten large ones, and the end.
    EndsLarge,
}

/// A feed that does as it is told, and counts how often it was asked.
pub struct Planned {
    plan: Mutex<Plan>,
    asked: AtomicUsize,
}

impl Planned {
    pub fn new(plan: Plan) -> Self {
        Self {
            plan: Mutex::new(plan),
            asked: AtomicUsize::new(0),
        }
    }

    pub fn goes_on_with(&self, plan: Plan) {
        *self.plan.lock().unwrap_or_else(PoisonError::into_inner) = plan;
    }

    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

impl Feed for Planned {
    fn open(&self, symbol: String) -> BoxFuture<'static, Result<Prices, Status>> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let plan = *self.plan.lock().unwrap_or_else(PoisonError::into_inner);
        if let Plan::PanicsAtOnce = plan {
            panics();
        }
        let price = StockPrice {
            symbol,
            ..StockPrice::default()
        };
        let one = stream::iter([Ok(price.clone())]);
        Box::pin(async move {
            Ok(match plan {
                Plan::Endless => one.chain(stream::pending()).boxed(),
                Plan::Flood => {
                    let symbol = "x".repeat(1000);
                    stream::repeat(StockPrice { symbol, ..price })
                        .map(Ok)
                        .boxed()
                }
                Plan::OpensIn(wait) => {
                    sleep(wait).await;
                    one.chain(stream::pending()).boxed()
                }
                Plan::Ends => one.boxed(),
                Plan::Fails => {
                    let error = Status::data_loss("the feed has failed");
                    one.chain(stream::iter([Err(error)])).boxed()
                }
                Plan::PanicsLater => one.chain(stream::once(async { panics() })).boxed(),
                Plan::Refuses => return Err(Status::not_found("there is no such symbol")),
                Plan::EndsLarge => {
                    let symbol = "x".repeat(20_000);
                    let large = stream::repeat(StockPrice { symbol, ..price }).take(10);
                    one.chain(large.map(Ok)).boxed()
                }
                Plan::Panics | Plan::PanicsAtOnce => panics(),
            })
        })
    }
}

/// A panic of the feed's that is planned: without the hook, which reports those of the exercise.
fn panics() -> ! {
    resume_unwind(Box::new("the feed panics"))
}
