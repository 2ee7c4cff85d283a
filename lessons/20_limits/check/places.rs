//! When a place is given back, and when it is not.

use workbook::grade::{AN_INSTANT, Check, baseline};

use super::answers::{admitted, refused};
use super::clients::Exchange;
use super::feeds::Plan;
use super::leaves::Leaves;
use super::{HOUR, SECOND, Subject};

/// The check, with what is expected of places.
pub fn check(check: Check, subject: Subject) -> Check {
    check
        .expects("counts a stream for as long as it is open, also if it is silent for hours")
        .hint("What gives a place back in your code, beside the end of its stream?")
        .plays(async move |lab| {
            let exchange = Exchange::open(&lab, subject, Plan::Endless);
            let [ada, bob] = exchange.clients(["ada", "bob"]).await?;
            let _streams = (admitted(&ada, 3).await?, admitted(&bob, 1).await?);
            for _ in 0..3 {
                lab.sleep(HOUR).await;
                refused(&ada, 1).await?;
                refused(&bob, 1).await?;
            }
            Ok(())
        })
        .expects("gives the place back in the instant in which a stream is over, however it ends")
        .hint("What is dropped on every way out of a call, the client's included?")
        .each(Leaves::TABLE, async move |lab, leaves: Leaves| {
            let exchange = Exchange::open(&lab, subject, leaves.plan());
            for _ in 0..3 {
                leaves.once(&lab, &exchange).await?;
            }
            // A panic or an end that is counted twice would make room for a fourth.
            let [ada, bob] = exchange.clients(["ada", "bob"]).await?;
            exchange.goes_on_with(Plan::Endless);
            let _streams = admitted(&ada, 3).await?;
            refused(&ada, 1).await?;
            let _last = admitted(&bob, 1).await?;
            refused(&bob, 1).await
        })
        .expects("keeps nothing of a client without a stream")
        .hint("When does an entry leave your map?")
        .plays(async move |lab| {
            let exchange = Exchange::open(&lab, subject, Plan::Endless);
            let [ada] = exchange.clients(["ada"]).await?;
            drop(admitted(&ada, 3).await?);
            lab.sleep(SECOND).await;
            let before = baseline(&lab);
            for number in 0..20 {
                let another = ada.as_another(&format!("client {number}"));
                let held = admitted(&ada, 3).await?;
                let last = admitted(&another, 1).await?;
                refused(&ada.as_another("refused"), 1).await?;
                exchange.keeps(2)?;
                drop((held, last));
                lab.sleep(AN_INSTANT).await;
            }
            exchange.keeps(0)?;
            before.nothing_is_left(&lab).await
        })
        .expects("keeps the places of a client that does not read, though the feed has no more")
        .hint("Who knows whether the last price has left the server: what reads the feed, or the response stream?")
        .plays(async move |lab| {
            let exchange = Exchange::open(&lab, subject, Plan::EndsLarge);
            let [ada] = exchange.clients(["ada"]).await?;
            let unread = admitted(&ada, 3).await?;
            lab.sleep(SECOND).await;
            exchange.keeps(1)?;
            refused(&ada, 1).await?;
            drop(unread);
            lab.sleep(AN_INSTANT).await;
            exchange.keeps(0)?;
            admitted(&ada, 1).await.map(drop)
        })
}
