//! Grades the exercise: who is admitted, who is refused, and when a place is given back.

#[path = "check/answers.rs"]
mod answers;
#[path = "check/clients.rs"]
mod clients;
#[path = "check/feeds.rs"]
mod feeds;
#[path = "check/leaves.rs"]
mod leaves;
#[path = "check/places.rs"]
mod places;

use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use tonic::Code;
use tonic::transport::server::Router;
use workbook::grade::{Check, count, ended, within};

use super::feed::Feed;
use answers::{admitted, refused, too_many};
use clients::{Client, Exchange};
use feeds::Plan;

/// The exercise: a server with so much room, and a feed.
pub type Subject = fn(Allowed, Arc<dyn Feed>) -> Served;

/// What the server has room for.
#[derive(Debug, Clone, Copy)]
pub struct Allowed {
    pub in_all: usize,
    pub per_client: usize,
    pub retry_after: Duration,
}

/// The exercise, as the check sees it.
pub struct Served {
    pub router: Router,
    /// About how many clients something is kept.
    pub clients: Box<dyn Fn() -> usize>,
}

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(60 * 60);
/// Four streams, three for one client.
const ALLOWED: Allowed = Allowed {
    in_all: 4,
    per_client: 3,
    retry_after: Duration::from_millis(1500),
};
/// Twelve streams, and one client may have them all.
const ROOMY: Allowed = Allowed {
    in_all: 12,
    per_client: 12,
    ..ALLOWED
};

pub fn check(subject: Subject) -> Check {
    let check = Check::new()
        .expects("admits as many streams as there is room for, and refuses the next one at once")
        .hint("When does your handler return, and what does a stream hold after that?")
        .each(
            [("one connection", true), ("a connection for each client", false)],
            async move |lab, shared| {
                let exchange = Exchange::open(&lab, subject, Plan::Endless);
                let [ada, alone] = exchange.clients(["ada", "bob"]).await?;
                let bob = if shared { ada.as_another("bob") } else { alone };
                let _adas = admitted(&ada, 2).await?;
                let _bobs = admitted(&bob, 2).await?;
                refused(&ada, 3).await?;
                refused(&bob, 3).await?;
                exchange.asked_the_feed(4)
            },
        )
        .expects("tells a refused client with RetryInfo when it may try again")
        .hint("`ErrorDetails::with_retry_info` makes the details that `Status::with_error_details` takes.")
        .plays(async move |lab| {
            let exchange = Exchange::open(&lab, subject, Plan::Endless);
            let [ada] = exchange.clients(["ada"]).await?;
            let _streams = admitted(&ada, 3).await?;
            too_many(&ada.opens().await?)?.says(ALLOWED.retry_after)
        })
        .expects("refuses a client that has as many streams as it may, over however many connections")
        .hint("What is the same in two calls of one client, and what is not?")
        .plays(async move |lab| {
            let exchange = Exchange::open(&lab, subject, Plan::Endless);
            let [ada, again, bob] = exchange.clients(["ada", "ada", "bob"]).await?;
            let _streams = (admitted(&ada, 2).await?, admitted(&again, 1).await?);
            refused(&ada, 3).await?;
            refused(&again, 3).await?;
            // Refused calls have taken nothing, and two clients may share a connection.
            admitted(&ada.as_another("bob"), 1).await?;
            admitted(&bob, 1).await.map(drop)
        })
        .expects("admits no more when all come at once")
        .hint("What can happen between the line that looks and the line that counts?")
        .each(
            [("one client", 3, ["ada"; 10]), ("ten clients", 4, [
                "a", "b", "c", "d", "e", "f", "g", "h", "i", "j",
            ])]
            .map(|(name, due, names)| (name, (due, names))),
            async move |lab, (due, names)| {
                let exchange = Exchange::open(&lab, subject, Plan::OpensIn(SECOND));
                let all = exchange.clients(names).await?;
                let calls = join_all(all.iter().map(Client::opens));
                let calls = within(SECOND * 2, "not every call had an answer", calls).await?;
                let calls: Vec<_> = calls.into_iter().collect::<Result<_, _>>()?;
                count(calls.iter().flatten().count(), "streams open").is(due)?;
                exchange.asked_the_feed(due)
            },
        )
        .expects("answers a greeting at once, however many streams are open, refused or waiting")
        .hint("Which settings of the server count calls, and do not ask what kind of call it is?")
        .each(
            [
                ("all places taken", (Plan::Endless, ALLOWED)),
                ("all waiting for the feed", (Plan::OpensIn(SECOND * 60), ALLOWED)),
                ("twelve of one connection waiting for the feed", (Plan::OpensIn(SECOND * 60), ROOMY)),
            ],
            async move |lab, (plan, allowed)| {
                let exchange = Exchange::with_room_for(allowed, &lab, subject, plan);
                let [ada] = exchange.clients(["ada"]).await?;
                let mut streams = Vec::new();
                if let Plan::Endless = plan {
                    streams.extend(admitted(&ada, 3).await?);
                    streams.extend(admitted(&ada.as_another("bob"), 1).await?);
                }
                ada.greets_beside(50).await
            },
        )
        .expects("ends a call without a client-id with InvalidArgument, and takes no place for it")
        .hint("`request.metadata()` may hold no such name.")
        .plays(async move |lab| {
            let exchange = Exchange::open(&lab, subject, Plan::Endless);
            let [ada] = exchange.clients(["ada"]).await?;
            for _ in 0..10 {
                ended(&ada.without_a_name().await?).with(Code::InvalidArgument)?;
            }
            exchange.asked_the_feed(0)?;
            admitted(&ada, 3).await.map(drop)
        });
    places::check(check, subject)
}
