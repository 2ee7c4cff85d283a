//! Grades the exercise: a signal while calls are open, and clients that do not let go.

#[path = "check/held.rs"]
mod held;
#[path = "check/peers.rs"]
mod peers;
#[path = "check/process.rs"]
mod process;
#[path = "check/returns.rs"]
mod returns;
#[path = "check/services.rs"]
mod services;

use std::time::Duration;

use futures::future::BoxFuture;
use futures::stream::BoxStream;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tonic::transport::Error;
use tonic::{Code, Status};
use workbook::grade::{AN_INSTANT, Check, baseline, ended, ensure};
use workbook::lab::Listener;
use workbook::proto::stocks::StockPrice;
use workbook::{HostRouter, Signal};

use peers::Client;
use process::Process;

type Prices = BoxStream<'static, Result<StockPrice, Status>>;

/// The exercise.
#[derive(Clone, Copy)]
pub struct Subject {
    pub told: fn(Prices, CancellationToken) -> Prices,
    pub run: fn(HostRouter, Listener, CancellationToken, Signal) -> Served,
}

type Served = BoxFuture<'static, Result<(), Error>>;

const SECOND: Duration = Duration::from_secs(1);
const DEADLINE: Duration = Duration::from_secs(5);
const HOUR: Duration = Duration::from_secs(60 * 60);

pub fn check(subject: Subject) -> Check {
    let check = Check::new()
        .expects("serves until the signal comes")
        .hint("What are your timers counted from?")
        .each(
            [("a second", SECOND), ("an hour", HOUR)],
            async move |lab, before| {
                let (server, client) = Process::with_client(&lab, subject).await?;
                let mut quiet = client.subscribes("quiet").await?;
                lab.sleep(before).await;
                server.goes_on()?;
                quiet.brings_nothing().await?;
                let mut prices = Client::connects(&lab).await?.subscribes("three").await?;
                prices.brings(1..=3).await
            },
        )
        .expects("brings the handler's prices and the handler's end until the signal comes")
        .hint("What does your stream give behind the handler's last price?")
        .plays(async move |lab| {
            let (_server, client) = Process::with_client(&lab, subject).await?;
            let mut prices = client.subscribes("three").await?;
            prices.brings(1..=3).await?;
            prices.ends_with(Code::Ok).await?;
            let mut prices = client.subscribes("error").await?;
            prices.ends_with(Code::NotFound).await
        })
        .expects("forgets a subscriber that disconnects before the signal")
        .hint("What goes on after its client, and what is it waiting for?")
        .plays(async move |lab| {
            let (_server, client) = Process::with_client(&lab, subject).await?;
            // The first call also starts the connection's own tasks.
            drop(client.subscribes("quiet").await?);
            lab.sleep(SECOND).await;
            let before = baseline(&lab);
            for symbol in ["quiet", "busy", "late"] {
                drop(client.subscribes(symbol).await?);
            }
            before.nothing_is_left(&lab).await
        })
        .expects("ends every response stream with Unavailable, within a second of the signal")
        .hint("What does a stream wait for, and what does it look at first?")
        .each(
            [
                ("it waits for a price", "quiet"),
                ("it has always a price to give", "busy"),
                ("its handler answers a second later", "late"),
            ],
            async move |lab, symbol| {
                let mut server = Process::start(&lab, subject)?;
                let clients = [Client::connects(&lab).await?, Client::connects(&lab).await?];
                let first = clients[0].subscribing(symbol);
                let second = clients[1].subscribing(symbol);
                sleep(SECOND / 2).await;
                server.signalled();
                // Not while it reads: a stream that always has a price leaves the clock no time to move.
                sleep(SECOND).await;
                for prices in [first, second] {
                    prices.await?.ends_with(Code::Unavailable).await?;
                }
                server.returned().await.map(|_| ())
            },
        )
        .expects("finishes the calls that it has accepted")
        .hint("Which calls end by themselves, and what ends them if you do not wait?")
        .each(
            [
                ("a greeting that takes 100 ms", "0.1"),
                ("a greeting that takes 4.5 s", "4.5"),
            ],
            async move |lab, takes| {
                let (mut server, client) = Process::with_client(&lab, subject).await?;
                let _quiet = client.subscribes("quiet").await?;
                let greeting = client.greeting(takes);
                let upload = client.uploading(takes);
                sleep(AN_INSTANT).await;
                server.signalled();
                ended(&greeting.await?).well()?;
                ended(&upload.await?).well()
            },
        )
        .expects("accepts nothing new after the signal")
        .hint("In which order do your steps come, and what does each of them wait for?")
        .each(
            [("at once", AN_INSTANT), ("a second later", SECOND)],
            async move |lab, wait| {
                let (mut server, client) = Process::with_client(&lab, subject).await?;
                // It keeps the server busy until then.
                let greeting = client.greeting("3");
                sleep(AN_INSTANT).await;
                server.signalled();
                sleep(wait).await;
                ensure(
                    Client::connects(&lab).await.is_err(),
                    || "a new connection was accepted",
                )?;
                let again = client.greeting("0.1").await?;
                ensure(again.is_err(), || "a new call was served")?;
                ended(&greeting.await?).well()
            },
        );
    returns::check(check, subject)
}
