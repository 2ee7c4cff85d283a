//! Streams that are held, and what of them stays when they are dropped.

use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use futures::stream::StreamExt as _;
use tonic::Status;
use workbook::grade::{AN_INSTANT, Check, Finding, Verdict, count, ensure};
use workbook::proto::stocks::{StockPrice, Trade};

use super::direct::{Items, next, publish_trades};
use super::{KEPT, Subject, TwoKinds};

/// The check, with what is expected of streams that are held.
pub fn check(check: Check, hub: Subject) -> Check {
    check
        .expects("keeps no waker of a stream that was dropped while it waited")
        .hint("What wakes a subscriber that waits, and who removes it when the stream is dropped?")
        .plays(async move |lab| {
            let hub = hub(KEPT);
            let waiting = Waiting::on(&*hub)?;
            let wakers = waiting.dropped();
            // A task that is aborted with its stream needs a moment to end.
            lab.sleep(AN_INSTANT).await;
            count(wakers.left(), "wakers left in the hub").is(0)
        })
        .expects("counts a stream for as long as it is held, even when it has ended")
        .hint("`unfold` drops its state when the stream ends. What does the stream itself own?")
        .plays(async move |_| {
            let hub = hub(KEPT);
            let (mut behind, _other) = (hub.trades(), hub.trades());
            publish_trades(&*hub, 1..=KEPT * 2).await?;
            while next(&mut behind, "the end").await?.is_some() {}
            count(hub.subscribers(), "streams counted").is(2)?;
            drop(behind);
            count(hub.subscribers(), "streams counted").is(1)
        })
}

/// A stream of each kind that has been polled, and has nothing to give.
pub struct Waiting {
    trades: Items<Trade>,
    prices: Items<StockPrice>,
    wakers: Wakers,
}

impl Waiting {
    pub fn on(hub: &dyn TwoKinds) -> Result<Self, Finding> {
        let wakers = Wakers(Arc::new(Asleep));
        let (mut trades, mut prices) = (hub.trades(), hub.prices());
        wakers.polls(&mut trades)?;
        wakers.polls(&mut prices)?;
        Ok(Self {
            trades,
            prices,
            wakers,
        })
    }

    /// Drops both streams.
    pub fn dropped(self) -> Wakers {
        drop((self.trades, self.prices));
        self.wakers
    }
}

/// What counts the wakers that a hub holds.
pub struct Wakers(Arc<Asleep>);

impl Wakers {
    fn polls<T>(&self, items: &mut Items<T>) -> Verdict {
        let waker = Waker::from(Arc::clone(&self.0));
        let polled: Poll<Option<Result<T, Status>>> =
            items.poll_next_unpin(&mut Context::from_waker(&waker));
        ensure(polled.is_pending(), || {
            "a stream did not wait though nothing was published".to_owned()
        })
    }

    pub fn left(&self) -> usize {
        Arc::strong_count(&self.0) - 1
    }
}

/// Is never polled again, so it does nothing when it is woken.
struct Asleep;

impl Wake for Asleep {
    fn wake(self: Arc<Self>) {}
}
