//! Grades the exercise: clients that disconnect at every point, and feeds of every pace.

#[path = "check/peers.rs"]
mod peers;

use std::time::Duration;

use tokio::time::{Instant, sleep};
use tonic::Code;
use workbook::grade::{Check, Finding, Verdict, ensure};
use workbook::lab::Lab;

use super::exchange::Pace;
use peers::{Disconnect, Market, read};

const SECOND: Duration = Duration::from_secs(1);

/// A price a second, without an end.
const STEADY: Pace = Pace {
    opening: Duration::from_millis(100),
    tick: SECOND,
    prices: None,
};

/// The limit in the exercise's text.
const MOST_HELD: usize = 100;

/// Half of the time between two prices of the quick feed.
const HALF_A_TICK: Duration = Duration::from_millis(5);

pub fn check() -> Check {
    Check::new()
        .expects(
            "streams every price as it is made, and ends when the exchange closes",
            "A stream can poll the feed for its next price. What does None from the feed mean?",
            streams,
        )
        .expects(
            "returns NotFound for an unknown symbol",
            "The handler can fail before it has a stream.",
            unknown,
        )
        .expects(
            "stops as soon as a client disconnects between two prices",
            "Your code waits for the next price. What else could it wait for at the same time?",
            between,
        )
        .expects(
            "stops as soon as a client disconnects an hour before the next price",
            "A failed send tells your code that the client has disconnected. When is the next send?",
            slow_feed,
        )
        .expects(
            "stops as soon as a client that does not read disconnects",
            "When the client does not read, where does your code wait?",
            unread,
        )
        .expects(
            "holds at most 100 prices for a client that does not read, and loses none",
            "Every queue of prices needs a bound. Which part of your code waits when it is full?",
            bounded,
        )
        .expects(
            "stops as soon as a client drops the call before it is answered",
            "tonic drops the handler's future. What has your code moved out of it by then?",
            early,
        )
        .expects(
            "stops when the connection breaks, and when the client vanishes",
            "To your code both look the same: tonic drops the response stream.",
            breaks,
        )
        .expects(
            "closes the feed when the exchange has closed",
            "What still holds the feed when there are no more prices?",
            closes,
        )
}

async fn streams(lab: Lab) -> Verdict {
    for count in [0, 1, 5] {
        let market = Market::at(
            &lab,
            Pace {
                prices: Some(count),
                ..STEADY
            },
        )
        .await?;
        let begun = Instant::now();
        let prices = market.prices("ACME").await;
        let prices = prices
            .map_err(|status| Finding::seen(format!("the call failed with {:?}", status.code())))?;
        let answered = begun.elapsed();
        ensure(answered < SECOND / 2, || {
            format!(
                "the feed was open after 0.1 s, and the call was answered after {} s",
                answered.as_secs_f64()
            )
        })?;
        let read = read(prices).await?;
        ensure(read.len() == count, || {
            format!("the exchange made {count} prices, {} came", read.len())
        })?;
        let is_right = |(place, price): (usize, &workbook::proto::stocks::StockPrice)| {
            let cents = u32::try_from(place + 1).map_or(0.0, f64::from);
            price.symbol == "ACME"
                && (price.price - (100.0 + cents / 100.0)).abs() < 1e-9
                && (1_600_000_000..100_000_000_000).contains(&price.timestamp)
        };
        let wrong = read.iter().enumerate().find(|item| !is_right(*item));
        ensure(wrong.is_none(), || {
            let (place, price) = wrong
                .map(|(place, price)| (place + 1, price.clone()))
                .unwrap_or_default();
            format!(
                "price {place} came as {:?}, {}, timestamp {}",
                price.symbol, price.price, price.timestamp
            )
        })?;
    }
    as_made(&lab).await
}

/// Each price comes when it is made.
async fn as_made(lab: &Lab) -> Verdict {
    let market = Market::at(lab, STEADY).await?;
    let begun = Instant::now();
    let mut prices = market
        .prices("ACME")
        .await
        .map_err(|status| Finding::seen(format!("the call failed with {:?}", status.code())))?;
    for number in 1..=3_u32 {
        let price = prices.message().await;
        ensure(matches!(price, Ok(Some(_))), || {
            format!("price {number} did not come")
        })?;
        let (due, came) = (STEADY.opening + STEADY.tick * number, begun.elapsed());
        ensure(came >= due && came < due + SECOND / 2, || {
            format!(
                "price {number} was made at {} s, and came at {} s",
                due.as_secs_f64(),
                came.as_secs_f64()
            )
        })?;
    }
    Ok(())
}

async fn unknown(lab: Lab) -> Verdict {
    let market = Market::at(&lab, STEADY).await?;
    let code = match market.prices("NONE").await {
        Err(status) => Some(status.code()),
        Ok(mut prices) => prices.message().await.err().map(|status| status.code()),
    };
    ensure(code == Some(Code::NotFound), || {
        format!("the symbol NONE was answered with {code:?}")
    })?;
    sleep(SECOND).await;
    let open = market.exchange.open();
    ensure(open == 0, || {
        "the feed of the unknown symbol is still open".to_owned()
    })
}

async fn between(lab: Lab) -> Verdict {
    let market = Market::at(&lab, STEADY).await?;
    for reads in 0..4 {
        let half = SECOND * u32::try_from(reads).unwrap_or(0) + SECOND / 2;
        market.stops(reads, half, Disconnect::Drop).await?;
    }
    Ok(())
}

async fn slow_feed(lab: Lab) -> Verdict {
    let hour = SECOND * 3600;
    let market = Market::at(
        &lab,
        Pace {
            tick: hour,
            ..STEADY
        },
    )
    .await?;
    market.stops(0, SECOND, Disconnect::Drop).await?;
    market.stops(1, hour + SECOND * 60, Disconnect::Drop).await
}

async fn unread(lab: Lab) -> Verdict {
    let market = Market::at(
        &lab,
        Pace {
            tick: SECOND / 100,
            ..STEADY
        },
    )
    .await?;
    for seconds in [1, 10, 100] {
        market
            .stops(0, SECOND * seconds + HALF_A_TICK, Disconnect::Drop)
            .await?;
    }
    Ok(())
}

async fn bounded(lab: Lab) -> Verdict {
    let pace = Pace {
        tick: SECOND / 100,
        ..STEADY
    };
    let market = Market::at(&lab, pace).await?;
    let prices = market.prices("ACME").await;
    let mut prices = prices
        .map_err(|status| Finding::seen(format!("the call failed with {:?}", status.code())))?;
    sleep(SECOND * 60).await;
    let made = market.exchange.made();
    ensure(made <= MOST_HELD, || {
        format!("nothing was read for a minute, and {made} prices were made")
    })?;
    for number in 1..=200_u32 {
        let price = prices
            .message()
            .await
            .ok()
            .flatten()
            .map(|price| price.price);
        let due = 100.0 + f64::from(number) / 100.0;
        ensure(
            price.is_some_and(|price| (price - due).abs() < 1e-9),
            || {
                format!(
                    "read on after a minute, the client got {price:?} instead of price {number}, {due}"
                )
            },
        )?;
    }
    Ok(())
}

async fn early(lab: Lab) -> Verdict {
    let market = Market::at(
        &lab,
        Pace {
            opening: SECOND * 5,
            ..STEADY
        },
    )
    .await?;
    for millis in [0, 1, 1000, 4999] {
        market
            .stops(0, Duration::from_millis(millis), Disconnect::Drop)
            .await?;
    }
    Ok(())
}

async fn breaks(lab: Lab) -> Verdict {
    for disconnect in [Disconnect::Break, Disconnect::Vanish] {
        let market = Market::at(
            &lab,
            Pace {
                tick: SECOND * 3600,
                ..STEADY
            },
        )
        .await?;
        market.stops(0, SECOND, disconnect).await?;
        let market = Market::at(&lab, STEADY).await?;
        market.stops(2, SECOND * 5 / 2, disconnect).await?;
    }
    Ok(())
}

async fn closes(lab: Lab) -> Verdict {
    let market = Market::at(
        &lab,
        Pace {
            prices: Some(2),
            ..STEADY
        },
    )
    .await?;
    let prices = market.prices("ACME").await;
    let prices = prices
        .map_err(|status| Finding::seen(format!("the call failed with {:?}", status.code())))?;
    read(prices).await?;
    sleep(SECOND).await;
    let open = market.exchange.open();
    ensure(open == 0, || {
        "the exchange closed, the client has read to the end, and the feed is still open".to_owned()
    })
}
