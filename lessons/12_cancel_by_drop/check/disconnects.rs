//! Clients that disconnect at every point, and what is held for one that does not read.

use std::time::Duration;

use workbook::grade::{Check, baseline, count, seconds};

use super::super::exchange::Pace;
use super::peers::{Disconnect, Market};
use super::{HOUR, QUICK, SECOND, STEADY, Subject};

/// The limit in the exercise's text.
const MOST_HELD: usize = 100;

/// Adds that nothing goes on for a client that has disconnected.
pub fn check(check: Check, ticker: Subject) -> Check {
    check
        .expects("stops as soon as a client disconnects between two prices")
        .hint("Your code waits for the next price. What else could it wait for at the same time?")
        .each(
            [0, 1, 2, 3, 8, 9, 10, 11, 32].into_iter().flat_map(|reads| {
                [STEADY, QUICK].map(|pace| {
                    let every = seconds(pace.tick);
                    let name = format!("a client that has read {reads}, one every {every}");
                    (name, (reads, pace))
                })
            }),
            async move |lab, (reads, pace)| {
                let market = Market::open(&lab, ticker, pace).await?;
                let half_a_tick_later = pace.opening + pace.tick * reads + pace.tick / 2;
                market.stops(reads, half_a_tick_later, Disconnect::Drop).await
            },
        )
        .expects("stops as soon as a client disconnects an hour before the next price")
        .hint("A failed send tells your code that the client has disconnected. When is the next send?")
        .each(
            [
                ("before the first price", (0, SECOND)),
                ("before the second price", (1, HOUR + SECOND * 60)),
            ],
            async move |lab, (reads, after)| {
                let pace = Pace { tick: HOUR, ..STEADY };
                let market = Market::open(&lab, ticker, pace).await?;
                market.stops(reads, after, Disconnect::Drop).await
            },
        )
        .expects("stops as soon as a client that does not read disconnects")
        .hint("When the client does not read, where does your code wait?")
        .each(
            [1, 10, 100].map(|seconds| (format!("after {seconds} s"), SECOND * seconds)),
            async move |lab, after| {
                let market = Market::open(&lab, ticker, QUICK).await?;
                market.stops(0, after + QUICK.tick / 2, Disconnect::Drop).await
            },
        )
        .expects("holds at most 100 prices for a client that does not read, and loses none")
        .hint("Every queue of prices needs a bound. Which part of your code waits when it is full?")
        .plays(async move |lab| {
            let market = Market::open(&lab, ticker, QUICK).await?;
            let mut feed = market.call("ACME").await?;
            lab.sleep(SECOND * 60).await;
            count(market.made(), "prices made in a minute in which the client read none")
                .at_most(MOST_HELD)?;
            feed.brings_late(1..=2 * MOST_HELD).await
        })
        .expects("loses no price when the exchange closes and the client does not read")
        .hint("The exchange has closed, and prices are queued. What ends your stream before they are read?")
        .each(
            [4, 20, 60].map(|prices| (format!("{prices} prices, which it reads after an hour"), prices)),
            async move |lab, prices| {
                let pace = Pace { prices: Some(prices), ..QUICK };
                let market = Market::open(&lab, ticker, pace).await?;
                let mut feed = market.call("ACME").await?;
                lab.sleep(HOUR).await;
                feed.brings_late(1..=prices).await?;
                feed.ends().await
            },
        )
        .expects("stops as soon as a client drops the call before it is answered")
        .hint("tonic drops the handler's future. What has your code moved out of it by then?")
        .each(
            [0, 1, 1000, 4999].map(|millis| (format!("after {millis} ms"), millis)),
            async move |lab, millis| {
                let pace = Pace {
                    opening: SECOND * 5,
                    ..STEADY
                };
                let market = Market::open(&lab, ticker, pace).await?;
                market.stops(0, Duration::from_millis(millis), Disconnect::Drop).await
            },
        )
        .expects("stops when the connection breaks, and when the client vanishes")
        .hint("To your code both look the same: tonic drops the response stream.")
        .each(
            [
                ("the connection breaks", Disconnect::Break),
                ("the client vanishes", Disconnect::Vanish),
            ],
            async move |lab, disconnect| {
                let market = Market::open(&lab, ticker, STEADY).await?;
                market.stops(2, SECOND * 5 / 2, disconnect).await?;
                let slow = Pace { tick: HOUR, ..STEADY };
                let market = Market::open(&lab, ticker, slow).await?;
                market.stops(0, SECOND, disconnect).await
            },
        )
        .expects("leaves nothing behind after a call")
        .hint("A task that a call started must end with the call.")
        .plays(async move |lab| {
            let market = Market::open(&lab, ticker, STEADY).await?;
            // The first call also starts the connection's own tasks.
            market.first_price("ACME").await?;
            let before = baseline(&lab);
            for reads in [0, 1, 2] {
                market.call("ACME").await?.brings(1..=reads).await?;
            }
            before.nothing_is_left(&lab).await
        })
}
