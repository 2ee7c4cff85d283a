//! Grades the exercise: servers that are quiet, that are dead, and that do not read.

#[path = "check/faults.rs"]
mod faults;
#[path = "check/floor.rs"]
mod floor;
#[path = "check/gone.rs"]
mod gone;
#[path = "check/messages.rs"]
mod messages;
#[path = "check/pace.rs"]
mod pace;
#[path = "check/subscribed.rs"]
mod subscribed;
#[path = "check/ticker.rs"]
mod ticker;

use std::time::Duration;

use futures::future::{BoxFuture, LocalBoxFuture};
use tonic::transport::Channel;
use tonic::{Code, Status};
use workbook::grade::{Check, Script, ended, ensure, status_with_details};
use workbook::proto::stocks::watch_request::Kind;
use workbook::proto::stocks::{StockPrice, StockRequest};

use floor::Floor;
use messages::{heartbeats, price, prices, unknown};
use ticker::Ticker;

/// The exercise: what opens a subscription.
pub type Subject = fn(Channel, &'static str) -> LocalBoxFuture<'static, Opened>;

/// What `open` returns.
pub type Opened = Result<Box<dyn Prices>, Status>;

/// The exercise's subscription.
pub trait Prices: Send {
    fn next(&mut self) -> BoxFuture<'_, Result<Option<StockPrice>, Status>>;
}

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// In the exercise's text: how long a peer may be silent.
const LIMIT: Duration = Duration::from_secs(30);

pub fn check(open: Subject) -> Check {
    let says = Script::new;
    let check = Check::new()
        .expects("returns every price, and the end")
        .hint("The server reads the subscription before it answers. What has to be sent before the call is awaited?")
        .each(
            [
                ("no price", says(), 0),
                ("three prices at once", says().send_all(prices(3)), 3),
                ("a price every 5 s", says().every(SECOND * 5, prices(50)), 50),
                ("500 prices at once", says().send_all(prices(500)), 500),
            ]
            .map(|(name, says, count)| (name, (says, count))),
            async move |lab, (says, count)| {
                let floor = Floor::open(&lab, open, Ticker::new(says)).await?;
                let mut subscribed = floor.subscribe().await?;
                let symbol = "ACME".to_owned();
                let due = Some(Kind::Subscribe(StockRequest { symbol }));
                let first = floor.ticker().first().and_then(|first| first.kind);
                ensure(first == due, || format!("the first message was {first:?}"))?;
                subscribed.brings(count).await?;
                subscribed.ends().await
            },
        )
        .expects("returns the status of a call that fails, as the server sent it")
        .hint("`open` can fail, and `next` can. Which of their errors are your own?")
        .each(
            [
                ("instead of an answer", Code::NotFound, 0, true),
                ("before the first price", Code::Aborted, 0, false),
                ("after two prices", Code::ResourceExhausted, 2, false),
                ("Unavailable, after two prices", Code::Unavailable, 2, false),
            ]
            .map(|(name, code, count, refuses)| (name, (code, count, refuses))),
            async move |lab, (code, count, refuses)| {
                let sent = status_with_details(code, "the market says so");
                let mut ticker = Ticker::new(says().send_all(prices(count)).fail(sent.clone()));
                if refuses {
                    ticker = ticker.refuses(sent.clone());
                }
                let floor = Floor::open(&lab, open, ticker).await?;
                let status = if refuses {
                    floor.refused().await?
                } else {
                    let mut subscribed = floor.subscribe().await?;
                    subscribed.brings(count).await?;
                    subscribed.fails().await?
                };
                ended(&Err::<(), _>(status)).as_sent(&sent)
            },
        )
        .expects("keeps heartbeats from the reader")
        .hint("A heartbeat says nothing about prices.")
        .plays(async move |lab| {
            let says = says().every(SECOND * 10, heartbeats(3)).send(price(1));
            let says = says.every(SECOND * 10, heartbeats(3)).send(price(2));
            let floor = Floor::open(&lab, open, Ticker::new(says)).await?;
            let mut subscribed = floor.subscribe().await?;
            subscribed.brings(2).await?;
            subscribed.ends().await
        })
        .expects("waits for a quiet server for as long as it is alive")
        .hint("Which messages prove that the server is there? Each of them starts the 30 s again.")
        .silence(DAY)
        .each(
            [
                ("a heartbeat every 20 s, for an hour", says().every(SECOND * 20, heartbeats(180))),
                ("a heartbeat every 29 s", says().every(SECOND * 29, heartbeats(10))),
                ("an unknown message every 29 s", says().every(SECOND * 29, unknown(10))),
            ],
            async move |lab, says| {
                let says = says.send_all(prices(2));
                let floor = Floor::open(&lab, open, Ticker::new(says)).await?;
                let mut subscribed = floor.subscribe().await?;
                subscribed.brings(2).await?;
                subscribed.ends().await
            },
        )
        .expects("waits for a server that sends prices, and so no heartbeats")
        .hint("A server that has just sent a price need not say that it is there.")
        .each(
            [
                ("a price every 29 s", SECOND * 29, Duration::ZERO),
                ("a price every 5 s", SECOND * 5, Duration::ZERO),
                ("an answer after 29 s, then a price every 29 s", SECOND * 29, SECOND * 29),
            ]
            .map(|(name, pause, answer)| (name, (pause, answer))),
            async move |lab, (pause, answer)| {
                let ticker = Ticker::new(says().every(pause, prices(20))).answers_after(answer);
                let floor = Floor::open(&lab, open, ticker).await?;
                let mut subscribed = floor.subscribe().await?;
                subscribed.brings(20).await?;
                subscribed.ends().await
            },
        );
    pace::check(gone::check(check, open), open)
}
