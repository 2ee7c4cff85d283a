//! Subscribers of trades that are behind, and the end of the hub.

use tonic::Code;
use workbook::grade::{Check, Finding, Verdict, count, ended, ensure};
use workbook::proto::stocks::Trade;

use super::direct::{
    Items, brings_prices, brings_trades, ends, next, price, publish_prices, publish_trades,
};
use super::peers::Floor;
use super::{KEPT, SECOND, Subject};

/// The check, with what is expected of subscribers that are behind.
pub fn check(check: Check, hub: Subject) -> Check {
    check
        .expects("gives a slow subscriber all trades that are still kept")
        .hint("How far behind may a subscriber be?")
        .plays(async move |_| {
            let hub = hub(KEPT);
            let mut trades = hub.trades();
            for turn in 0..3 {
                let numbers = turn * KEPT + 1..=(turn + 1) * KEPT;
                publish_trades(&*hub, numbers.clone()).await?;
                brings_trades(&mut trades, numbers).await?;
            }
            Ok(())
        })
        .expects("gives DataLoss in place of the first missing trade, and says how many are missing")
        .hint("A gap is not the end of the stream, and it must not be ignored. What has your stream given by the time \
               at which it tells the client?")
        .each(
            [0, 1, 5].into_iter().flat_map(|read| {
                [1, 92, 10_000].map(|missing| (format!("{read} read, {missing} missing"), (read, missing)))
            }),
            async move |_, (read, missing)| {
                let hub = hub(KEPT);
                let mut trades = hub.trades();
                publish_trades(&*hub, 1..=read).await?;
                brings_trades(&mut trades, 1..=read).await?;
                let published = read + missing + KEPT;
                publish_trades(&*hub, read + 1..=published).await?;
                says_what_is_missing(&mut trades, read, published - KEPT).await?;
                ends(&mut trades).await
            },
        )
        .expects("keeps exactly as many trades as it was told to")
        .hint("How many does a `broadcast` channel keep that is made for 5?")
        .each([1, 3, 5, 100].map(|kept| (format!("{kept} kept"), kept)), async move |_, kept| {
            let hub = hub(kept);
            let mut trades = hub.trades();
            publish_trades(&*hub, 1..=kept).await?;
            brings_trades(&mut trades, 1..=kept).await?;
            let published = kept * 2 + 2;
            publish_trades(&*hub, kept + 1..=published).await?;
            says_what_is_missing(&mut trades, kept, published - kept).await
        })
        .expects("says it also to a client that has not read, behind the trades that it got in time")
        .hint("Which trades had left the hub when the client's window was full?")
        .plays(async move |lab| {
            let floor = Floor::open(&lab, hub(KEPT)).await?;
            let mut slow = floor.trades().await?;
            for number in 1..=300 {
                publish_trades(floor.hub(), number..=number).await?;
                lab.sleep(SECOND / 100).await;
            }
            let (last, status) = slow.reads_to_the_end().await?;
            ended(&Err::<(), _>(status.clone())).with(Code::DataLoss)?;
            is_told(status.message(), 300 - KEPT - last)
        })
        .expects("ends the streams when the hub is dropped, behind all that there still is to give")
        .hint("Who holds what, and what does a waiting subscriber hear when the hub is dropped?")
        .plays(async move |_| {
            let made = hub(KEPT);
            let (mut trades, mut prices) = (made.trades(), made.prices());
            let mut waiting = made.trades();
            publish_trades(&*made, 1..=3).await?;
            publish_prices(&*made, "ACME", 1..=3).await?;
            brings_trades(&mut waiting, 1..=3).await?;
            let (ended, ()) = futures::join!(ends(&mut waiting), async { drop(made) });
            ended?;
            brings_trades(&mut trades, 1..=3).await?;
            ends(&mut trades).await?;
            brings_prices(&mut prices, [price("ACME", 3)]).await?;
            ends(&mut prices).await
        })
        .expects("gives a stream that waits what was published just before the hub was dropped")
        .hint("A stream that is woken may find two changes at once. Which of them does your code look at first?")
        .plays(async move |_| {
            let made = hub(KEPT);
            let (mut trades, mut prices) = (made.trades(), made.prices());
            // Both streams are polled, and wait, before the third future runs.
            let (trade, price, published) = futures::join!(
                async {
                    brings_trades(&mut trades, 1..=1).await?;
                    ends(&mut trades).await
                },
                async {
                    brings_prices(&mut prices, [price("ACME", 1)]).await?;
                    ends(&mut prices).await
                },
                async {
                    publish_trades(&*made, 1..=1).await?;
                    publish_prices(&*made, "ACME", 1..=1).await?;
                    drop(made);
                    Ok(())
                },
            );
            published.and(trade).and(price)
        })
        .expects("gives DataLoss, and not the end, to a subscriber that is behind when the hub is dropped")
        .hint("Which of the two does your code look at first: that the hub is gone, or that trades are missing?")
        .plays(async move |_| {
            let hub = hub(KEPT);
            let mut trades = hub.trades();
            publish_trades(&*hub, 1..=100).await?;
            drop(hub);
            says_what_is_missing(&mut trades, 0, 100 - KEPT).await?;
            ends(&mut trades).await
        })
}

/// Expects DataLoss behind the trades that had been read, or that were already on their way; all up to
/// `gone` are no longer kept.
async fn says_what_is_missing(trades: &mut Items<Trade>, read: usize, gone: usize) -> Verdict {
    let mut last = read;
    let status = loop {
        match next(trades, "DataLoss").await? {
            Some(Ok(trade)) if trade.number == last as u64 + 1 => last += 1,
            Some(Ok(trade)) => {
                return Err(Finding::seen(format!(
                    "trade {} came behind trade {last}, and no error between them",
                    trade.number
                )));
            }
            Some(Err(status)) => break status,
            None => {
                return Err(Finding::seen(format!(
                    "the stream ended with OK behind trade {last}"
                )));
            }
        }
    };
    ended(&Err::<(), _>(status.clone())).with(Code::DataLoss)?;
    count(
        last - read,
        "trades given although older ones are no longer kept",
    )
    .at_most(2)?;
    is_told(status.message(), gone - last)
}

/// Expects the number, and no other, in the message.
fn is_told(message: &str, missing: usize) -> Verdict {
    let mut numbers = message.split(|character: char| !character.is_ascii_digit());
    let is_there = numbers.any(|number| number.parse() == Ok(missing));
    ensure(is_there, || {
        format!("trades that are no longer kept: {missing}; the message is {message:?}")
    })
}
