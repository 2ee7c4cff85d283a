//! A hub and its streams, without a network between them.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use futures::stream::{BoxStream, StreamExt as _};
use tokio::time::timeout;
use tonic::Status;
use workbook::grade::{AN_INSTANT, Finding, Verdict, count, ensure, shown, within};
use workbook::proto::stocks::{StockPrice, Trade};

use super::{SECOND, TwoKinds};

/// A stream of the exercise.
pub type Items<T> = BoxStream<'static, Result<T, Status>>;

pub fn price(symbol: &str, number: usize) -> StockPrice {
    let cents = u32::try_from(number).unwrap_or(u32::MAX);
    StockPrice {
        symbol: symbol.to_owned(),
        price: f64::from(cents),
        timestamp: i64::from(cents),
    }
}

pub async fn publish_trades(hub: &dyn TwoKinds, numbers: RangeInclusive<usize>) -> Verdict {
    for number in numbers {
        let trade = Trade {
            number: number as u64,
            symbol: "ACME".to_owned(),
            ..Trade::default()
        };
        within(
            AN_INSTANT,
            "the producer still waits in publish_trade",
            hub.trade(trade),
        )
        .await?;
    }
    Ok(())
}

pub async fn publish_prices(
    hub: &dyn TwoKinds,
    symbol: &str,
    numbers: RangeInclusive<usize>,
) -> Verdict {
    for number in numbers {
        let waits = "the producer still waits in publish_price";
        within(AN_INSTANT, waits, hub.price(price(symbol, number))).await?;
    }
    Ok(())
}

/// What the stream gives now.
pub async fn next<T>(
    items: &mut Items<T>,
    what: &str,
) -> Result<Option<Result<T, Status>>, Finding> {
    within(AN_INSTANT, &format!("{what} had not come"), items.next()).await
}

/// Expects the stream to have nothing to give, and not to end.
pub async fn is_quiet<T>(items: &mut Items<T>) -> Verdict {
    match timeout(AN_INSTANT, items.next()).await {
        Err(_) => Ok(()),
        Ok(Some(Ok(_))) => Err(Finding::seen(
            "something was given that nothing was published for",
        )),
        Ok(Some(Err(status))) => Err(status.into()),
        Ok(None) => Err(Finding::seen("the stream ended while the hub was open")),
    }
}

pub async fn brings_trades(trades: &mut Items<Trade>, numbers: RangeInclusive<usize>) -> Verdict {
    for number in numbers {
        let what = format!("trade {number}");
        match next(trades, &what).await? {
            Some(Ok(trade)) => ensure(trade.number == number as u64, || {
                format!("trade {} came instead of {number}", trade.number)
            })?,
            Some(Err(status)) => {
                return Err(Finding::seen(format!(
                    "{} came instead of {what}",
                    shown(&status)
                )));
            }
            None => {
                return Err(Finding::seen(format!(
                    "the stream ended instead of bringing {what}"
                )));
            }
        }
    }
    Ok(())
}

/// Expects these prices next, one of each symbol, in any order.
pub async fn brings_prices<const N: usize>(
    prices: &mut Items<StockPrice>,
    due: [StockPrice; N],
) -> Verdict {
    let mut due: BTreeMap<String, StockPrice> = due
        .into_iter()
        .map(|price| (price.symbol.clone(), price))
        .collect();
    while !due.is_empty() {
        let came = next(prices, "the newest price").await?;
        let price =
            came.ok_or_else(|| Finding::seen("the stream ended instead of bringing a price"))??;
        let expected = due.remove(&price.symbol);
        let of = |price: &StockPrice| format!("price {} of {}", price.timestamp, price.symbol);
        match expected {
            Some(expected) => ensure(expected == price, || {
                format!("{} came instead of {}", of(&price), of(&expected))
            })?,
            None => return Err(Finding::seen(format!("{} came again", of(&price)))),
        }
    }
    Ok(())
}

/// Reads the price of one of two symbols, publishes a newer one of the other, and expects that one next.
pub async fn replaced_between_two_reads(hub: &dyn TwoKinds) -> Verdict {
    let mut prices = hub.prices();
    for symbol in ["ACME", "BETA"] {
        publish_prices(hub, symbol, 1..=1).await?;
    }
    let first = next(&mut prices, "a price").await?;
    let first =
        first.ok_or_else(|| Finding::seen("the stream ended instead of bringing a price"))??;
    let other = if first.symbol == "ACME" {
        "BETA"
    } else {
        "ACME"
    };
    publish_prices(hub, other, 2..=2).await?;
    brings_prices(&mut prices, [price(other, 2)]).await?;
    is_quiet(&mut prices).await
}

/// Expects each of three symbols to be given again and again, if all of them change between two reads.
pub async fn takes_turns(hub: &dyn TwoKinds) -> Verdict {
    const TURNS: usize = 30;
    let mut prices = hub.prices();
    let mut given = BTreeMap::from(["ACME", "BETA", "COCO"].map(|symbol| (symbol.to_owned(), 0)));
    for number in 1..=TURNS {
        for symbol in ["ACME", "BETA", "COCO"] {
            publish_prices(hub, symbol, number..=number).await?;
        }
        let came = next(&mut prices, "a price").await?;
        let price =
            came.ok_or_else(|| Finding::seen("the stream ended instead of bringing a price"))??;
        *given.entry(price.symbol).or_default() += 1;
    }
    for (symbol, times) in given {
        // A third of the turns each, give or take how the first few are ordered.
        count(times, &format!("prices of {symbol} among {TURNS}")).at_least(TURNS / 3 - 2)?;
    }
    Ok(())
}

/// Expects the stream to end with OK.
pub async fn ends<T>(items: &mut Items<T>) -> Verdict {
    match within(SECOND, "the stream had not ended", items.next()).await? {
        None => Ok(()),
        Some(Ok(_)) => Err(Finding::seen("more came instead of the end")),
        Some(Err(status)) => Err(Finding::seen(format!(
            "{} came instead of the end",
            shown(&status)
        ))),
    }
}
