//! Grades the exercise: clients that disconnect at every point, and feeds of every pace.

#[path = "check/disconnects.rs"]
mod disconnects;
#[path = "check/feed.rs"]
mod feed;
#[path = "check/peers.rs"]
mod peers;

use std::sync::Arc;
use std::time::Duration;

use futures::future::try_join;
use tonic::Code;
use tonic::service::Routes;
use workbook::grade::{Check, ended};

use super::exchange::{Exchange, Pace};
use peers::Market;

/// The exercise: a service that streams the prices of this exchange.
pub type Subject = fn(Arc<Exchange>) -> Routes;

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(60 * 60);

/// A price a second, without an end.
const STEADY: Pace = Pace {
    opening: Duration::from_millis(100),
    tick: SECOND,
    prices: None,
};

/// A hundred prices a second: a client that does not read soon has a full window.
const QUICK: Pace = Pace {
    tick: Duration::from_millis(10),
    ..STEADY
};

pub fn check(ticker: Subject) -> Check {
    let check = Check::new()
        .expects("streams every price as it is made, and ends when the exchange closes")
        .hint("A stream can poll the feed for its next price. What does None from the feed mean?")
        .each(
            [
                ("the exchange makes no price", (STEADY, 0)),
                ("the exchange makes one price", (STEADY, 1)),
                ("a price a second", (STEADY, 30)),
                ("a hundred prices a second", (QUICK, 30)),
            ],
            async move |lab, (pace, prices)| {
                let pace = Pace {
                    prices: Some(prices),
                    ..pace
                };
                let market = Market::open(&lab, ticker, pace).await?;
                let mut feed = market.call("ACME").await?;
                feed.was_answered_after(pace.opening)?;
                feed.brings(1..=prices).await?;
                feed.ends().await?;
                market.has_closed_every_feed().await
            },
        )
        .expects("waits for a price for as long as it takes")
        .hint("A quiet exchange is not a closed one. Only None from the feed is the end.")
        .silence(HOUR * 24)
        .plays(async move |lab| {
            let pace = Pace {
                tick: HOUR * 10,
                prices: Some(2),
                ..STEADY
            };
            let market = Market::open(&lab, ticker, pace).await?;
            let mut feed = market.call("ACME").await?;
            feed.brings(1..=2).await?;
            feed.ends().await
        })
        .expects("streams to two clients at the same time")
        .hint("What do two calls share, and for how long does each of them hold it?")
        .plays(async move |lab| {
            let market = Market::open(&lab, ticker, STEADY).await?;
            let first_prices = async || market.call("ACME").await?.brings(1..=3).await;
            try_join(first_prices(), first_prices()).await.map(drop)
        })
        .expects("returns NotFound for an unknown symbol")
        .hint("The handler can fail before it has a stream.")
        .each(
            ["NONE", "", "acme", "ACME2"].map(|symbol| (format!("the symbol {symbol:?}"), symbol)),
            async move |lab, symbol| {
                let market = Market::open(&lab, ticker, STEADY).await?;
                ended(&market.first_price(symbol).await).with(Code::NotFound)?;
                market.has_closed_every_feed().await
            },
        );
    disconnects::check(check, ticker)
}
