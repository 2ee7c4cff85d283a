//! What is expected when the server is gone, when the reader is away, and when the subscription is dropped.

use std::time::Duration;

use tokio::time::{Instant, timeout};
use workbook::grade::{Check, Script, ensure};

use super::faults::{Point, faults};
use super::floor::Floor;
use super::messages::{heartbeats, price, prices};
use super::ticker::Ticker;
use super::{DAY, HOUR, SECOND, Subject};

/// The check, with what is expected then.
pub fn check(check: Check, open: Subject) -> Check {
    let says = Script::new;
    check
        .expects("notices within 30 s that the server is gone")
        .hint("What bounds the wait for the answer, and what the wait for each message?")
        .silence(DAY)
        .each(faults(), async move |lab, (fault, point)| {
            let (ticker, last_sign, count) = point.ticker();
            let floor = Floor::open(&lab, open, ticker).await?;
            if let Point::BeforeTheAnswer = point {
                fault.happens(&lab);
                return floor.notices(floor.at(last_sign), floor.refused()).await;
            }
            let mut subscribed = floor.subscribe().await?;
            let faults = async {
                lab.sleep(last_sign + SECOND).await;
                fault.happens(&lab);
            };
            let reads = async {
                subscribed.brings(count).await?;
                subscribed.fails().await
            };
            let fails = async { futures::join!(reads, faults).0 };
            floor.notices(floor.at(last_sign), fails).await
        })
        .expects("notices it, too, when its reader drops the future of `next` again and again")
        .hint("Where are the 30 s counted: in the subscription, or in a future that the reader drops?")
        .silence(DAY)
        .each(
            [("every 10 s", false), ("after each look", true)],
            async move |lab, looks| {
                let ticker = Ticker::new(says().every(SECOND * 10, heartbeats(3)).hold());
                let floor = Floor::open(&lab, open, ticker).await?;
                let mut subscribed = floor.subscribe().await?;
                let fails = async {
                    if looks {
                        subscribed.fails_at_a_look(&lab).await
                    } else {
                        subscribed.fails_between(SECOND * 10).await
                    }
                };
                // A look comes up to a second late.
                let last_sign = floor.at(SECOND * 30 + if looks { SECOND } else { Duration::ZERO });
                floor.notices(last_sign, fails).await
            },
        )
        .expects("loses no price when the future of `next` is dropped")
        .hint("What has arrived must be kept in the subscription.")
        .plays(async move |lab| {
            let ticker = Ticker::new(says().every(SECOND * 7, prices(20)));
            let floor = Floor::open(&lab, open, ticker).await?;
            let mut subscribed = floor.subscribe().await?;
            subscribed.brings_between(SECOND * 3, 20).await
        })
        .expects("returns what has arrived to a reader that was away for two minutes")
        .hint("A limit that has passed while the reader was away says nothing about the server. What has \
               your code to look at before it gives up?")
        .each(
            [
                ("the server is still there", true),
                ("the server has vanished meanwhile", false),
            ],
            async move |lab, stays| {
                let says = says().every(SECOND * 20, prices(3));
                let says = if stays { says.every(SECOND * 20, heartbeats(30)).send(price(4)) } else { says.hold() };
                let floor = Floor::open(&lab, open, Ticker::new(says)).await?;
                let mut subscribed = floor.subscribe().await?;
                lab.sleep(SECOND * 120).await;
                let back = Instant::now();
                if stays {
                    return subscribed.brings(4).await;
                }
                subscribed.brings(3).await?;
                floor.notices(back, subscribed.fails()).await
            },
        )
        .expects("waits for a reader that is 2,000 prices behind")
        .hint("What does your code do when there is no more room for what arrives?")
        .plays(async move |lab| {
            let says = says().send_all(prices(2000)).every(SECOND * 20, heartbeats(6));
            let floor = Floor::open(&lab, open, Ticker::new(says)).await?;
            let mut subscribed = floor.subscribe().await?;
            lab.sleep(SECOND * 60).await;
            subscribed.brings(2000).await?;
            subscribed.ends().await
        })
        .expects("leaves nothing behind when it is dropped")
        .hint("A call has two streams. What ends the one with your heartbeats, and what tells the server?")
        .each(
            [
                ("the server is quiet", says().send(price(1)).hold(), 1, Left::Dropped),
                ("prices have not been read", says().send_all(prices(50)).hold(), 1, Left::Dropped),
                ("the server has ended it", says().send(price(1)), 1, Left::Ended),
                ("the server's handler is stuck", says().send(price(1)).hold(), 1, Left::Failed),
                ("`open` is still waiting", says(), 0, Left::Opening),
            ]
            .map(|(name, says, count, left)| (name, (says, count, left))),
            async move |lab, (says, count, left)| {
                let mut ticker = Ticker::new(says);
                if let Left::Opening = left {
                    ticker = ticker.answers_after(HOUR);
                }
                let floor = Floor::open(&lab, open, ticker).await?;
                if let Left::Opening = left {
                    let opened = timeout(SECOND * 25, floor.opens()).await;
                    ensure(opened.is_err(), || "`open` returned, and the server had not answered yet")?;
                    return floor.nothing_is_left().await;
                }
                let mut subscribed = floor.subscribe().await?;
                subscribed.brings(count).await?;
                match left {
                    Left::Ended => subscribed.ends().await?,
                    Left::Failed => drop(subscribed.fails().await?),
                    Left::Dropped | Left::Opening => lab.sleep(SECOND * 25).await,
                }
                drop(subscribed);
                floor.nothing_is_left().await
            },
        )
}

/// How a subscription comes to its end.
#[derive(Debug, Clone, Copy)]
enum Left {
    Dropped,
    Ended,
    Failed,
    Opening,
}
