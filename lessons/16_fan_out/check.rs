//! Grades the exercise: subscribers that keep up, that stall, and that disconnect.

#[path = "check/behind.rs"]
mod behind;
#[path = "check/direct.rs"]
mod direct;
#[path = "check/held.rs"]
mod held;
#[path = "check/newest.rs"]
mod newest;
#[path = "check/peers.rs"]
mod peers;

use std::time::Duration;

use futures::future::BoxFuture;
use futures::stream::BoxStream;
use tonic::Status;
use workbook::grade::{Check, baseline, count};
use workbook::proto::stocks::{StockPrice, Trade};

use direct::{brings_trades, is_quiet, publish_prices, publish_trades};
use peers::{Disconnect, Floor};

/// The exercise: a hub that keeps that many trades.
pub type Subject = fn(usize) -> Box<dyn TwoKinds>;

/// The hub, as the check calls it.
pub trait TwoKinds: Send + Sync {
    fn price(&self, price: StockPrice) -> BoxFuture<'_, ()>;
    fn trade(&self, trade: Trade) -> BoxFuture<'_, ()>;
    fn prices(&self) -> BoxStream<'static, Result<StockPrice, Status>>;
    fn trades(&self) -> BoxStream<'static, Result<Trade, Status>>;
    fn subscribers(&self) -> usize;
}

const SECOND: Duration = Duration::from_secs(1);

/// How many trades the hub keeps, where nothing else is said.
const KEPT: usize = 8;

pub fn check(hub: Subject) -> Check {
    let check = Check::new()
        .expects("gives every trade to every subscriber that keeps up, in order")
        .hint("Each subscriber has a position of its own in what the hub keeps.")
        .each(
            [
                ("one at a time", 1),
                ("as many at once as the hub keeps", KEPT),
            ],
            async move |_, at_once| {
                let hub = hub(KEPT);
                let mut subscribers = [hub.trades(), hub.trades(), hub.trades()];
                for turn in 0..20 {
                    let numbers = turn * at_once + 1..=(turn + 1) * at_once;
                    publish_trades(&*hub, numbers.clone()).await?;
                    for trades in &mut subscribers {
                        brings_trades(trades, numbers.clone()).await?;
                        is_quiet(trades).await?;
                    }
                }
                Ok(())
            },
        )
        .expects("begins with the first trade after the subscription")
        .hint("Where does a new subscriber's position begin?")
        .plays(async move |_| {
            let hub = hub(KEPT);
            publish_trades(&*hub, 1..=20).await?;
            let mut trades = hub.trades();
            is_quiet(&mut trades).await?;
            publish_trades(&*hub, 21..=22).await?;
            brings_trades(&mut trades, 21..=22).await
        });
    let check = newest::check(check, hub);
    let check = check
        .expects("delays neither the producer nor another subscriber for one that does not read")
        .hint("What does your code wait for when it publishes?")
        .plays(async move |lab| {
            let floor = Floor::open(&lab, hub(KEPT)).await?;
            let (_slow, _slow_prices) = (floor.trades().await?, floor.prices().await?);
            let mut fast = floor.trades().await?;
            for number in 1..=300 {
                publish_trades(floor.hub(), number..=number).await?;
                publish_prices(floor.hub(), "ACME", number..=number).await?;
                fast.brings(number).await?;
            }
            Ok(())
        });
    let check = behind::check(check, hub);
    let check = check
        .expects("forgets a subscriber as soon as it disconnects")
        .hint("What is dropped when tonic drops the response stream, and what is still in the hub?")
        .each(
            [
                ("it drops its streams", Disconnect::Drop),
                ("its connection breaks", Disconnect::Break),
                ("it vanishes", Disconnect::Vanish),
            ]
            .into_iter()
            .flat_map(|(name, disconnect)| {
                [0, 5, 300].map(|unread| (format!("{name}, {unread} unread"), (disconnect, unread)))
            }),
            async move |lab, (disconnect, unread)| {
                let floor = Floor::open(&lab, hub(KEPT)).await?;
                floor.forgets(disconnect, unread).await
            },
        )
        .expects("leaves nothing behind after a subscriber")
        .hint("Is there a task that goes on after its subscriber?")
        .plays(async move |lab| {
            let floor = Floor::open(&lab, hub(KEPT)).await?;
            // The first call also starts the connection's own tasks.
            drop(floor.trades().await?);
            lab.sleep(SECOND).await;
            let before = baseline(&lab);
            for _ in 0..10 {
                let subscribed = (floor.trades().await?, floor.prices().await?);
                publish_trades(floor.hub(), 1..=1).await?;
                drop(subscribed);
            }
            before.nothing_is_left(&lab).await?;
            // Subscribed, and never polled.
            drop((floor.hub().trades(), floor.hub().prices()));
            before.nothing_is_left(&lab).await?;
            count(floor.hub().subscribers(), "subscribers left").is(0)
        });
    held::check(check, hub)
}
