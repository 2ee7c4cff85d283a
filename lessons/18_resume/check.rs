//! Grades the exercise: a log that breaks at every point, in every way that the lab has.

#[path = "check/dropped.rs"]
mod dropped;
#[path = "check/faults.rs"]
mod faults;
#[path = "check/kept.rs"]
mod kept;
#[path = "check/ledger.rs"]
mod ledger;
#[path = "check/plan.rs"]
mod plan;
#[path = "check/retries.rs"]
mod retries;
#[path = "check/stage.rs"]
mod stage;
#[path = "check/waits.rs"]
mod waits;

use std::time::Duration;

use futures::future::BoxFuture;
use tonic::transport::Channel;
use tonic::{Code, Status};
use workbook::grade::{Check, count, ended, sequence};
use workbook::proto::events::event_service_client::EventServiceClient;

use super::inbox::Inbox;
use super::jitter::Jitter;
use faults::{FINAL, faults, was_retried};
use kept::Kept;
use plan::{Plan, Then, answered, status, unanswered};
use stage::Stage;

/// The exercise: follows a log into an inbox.
pub type Subject = for<'a> fn(
    EventServiceClient<Channel>,
    &'a dyn Inbox,
    Jitter,
) -> BoxFuture<'a, Result<(), Status>>;

const SECOND: Duration = Duration::from_secs(1);
/// Of the longest log here.
const EVENTS: u64 = 30;

pub fn check(follow: Subject) -> Check {
    let check = Check::new()
        .expects("hands over every event behind the position, and returns Ok at the end")
        .hint("What does the inbox know before the first call?")
        .each(
            [
                ("no event", (0, 0)),
                ("an inbox that has nothing", (EVENTS, 0)),
                ("an inbox that has seven events", (EVENTS, 7)),
            ],
            async move |lab, (events, has)| {
                let stage = Stage::open(&lab, follow, Plan::of(events, [])).await?;
                let inbox = Kept::up_to(has);
                ended(&stage.follows(&inbox).await?).well()?;
                inbox.has_all_to(events)?;
                sequence(&stage.asked_from(), "the position asked for in call").is(&[has + 1])
            },
        )
        .expects("goes on from behind the last event, whatever has ended the call")
        .hint("Which event is the first one that the inbox does not have?")
        .each(
            faults().flat_map(|(name, then)| {
                let at = [
                    ("unanswered", unanswered(then)),
                    ("after 0 events", answered(0, then)),
                    ("after 1 event", answered(1, then)),
                    ("after 8 events", answered(8, then)),
                ];
                at.map(|(when, act)| (format!("{name}, {when}"), act))
            }),
            async move |lab, act| {
                let stage = Stage::open(&lab, follow, Plan::of(EVENTS, [act])).await?;
                let _open = stage.bystander().await?;
                let inbox = Kept::default();
                was_retried(&stage.follows(&inbox).await?, act.then)?;
                inbox.has_all_to(EVENTS)?;
                let from = [1, 1 + act.events];
                sequence(&stage.asked_from(), "the position asked for in call").is(&from)
            },
        )
        .expects("skips what the server repeats")
        .hint("Does the server begin with the event that you have asked for?")
        .each(
            [1, 3, 40].map(|repeats| (format!("{repeats} repeated"), repeats)),
            async move |lab, repeats| {
                let plan = Plan::of(EVENTS, [answered(5, Then::Cut); 2]).repeats(repeats);
                Stage::open(&lab, follow, plan).await?.brings_all().await
            },
        )
        .expects("returns DataLoss when the server leaves an event out")
        .hint("Which number must the next event have?")
        .each(
            [("the first one", 0), ("behind three others", 3)],
            async move |lab, events| {
                let plan = Plan::of(EVENTS, [answered(events, Then::Skips)]);
                let stage = Stage::open(&lab, follow, plan).await?;
                let inbox = Kept::default();
                ended(&stage.follows(&inbox).await?).with(Code::DataLoss)?;
                inbox.has_all_to(events)?;
                count(stage.asked_from().len(), "calls").is(1)
            },
        )
        .expects("returns a status that no retry can change, at once")
        .hint("Will the server's answer to the same request be another one in a second?")
        .each(
            FINAL.into_iter().flat_map(|code| {
                let then = Then::Fails(code);
                [
                    ("unanswered", unanswered(then)),
                    ("after 3 events", answered(3, then)),
                ]
                .map(|(when, act)| (format!("{code:?}, {when}"), (code, act)))
            }),
            async move |lab, (code, act)| {
                let stage = Stage::open(&lab, follow, Plan::of(EVENTS, [act])).await?;
                let inbox = Kept::default();
                ended(&stage.follows(&inbox).await?).as_sent(&status(code))?;
                inbox.has_all_to(act.events)?;
                count(stage.asked_from().len(), "calls").is(1)
            },
        );
    let check = waits::check(check, follow);
    let check = retries::check(check, follow);
    dropped::check(check, follow)
}
