//! Grades the exercise: a log that breaks at every point, in every way that the lab has.

#[path = "check/dropped.rs"]
mod dropped;
#[path = "check/ledger.rs"]
mod ledger;
#[path = "check/plan.rs"]
mod plan;
#[path = "check/stage.rs"]
mod stage;
#[path = "check/waits.rs"]
mod waits;

use std::time::Duration;

use futures::future::BoxFuture;
use tonic::transport::Channel;
use tonic::{Code, Status};
use workbook::grade::{Check, Verdict, count, ended, sequence};
use workbook::lab::{CLIENT, SERVER};
use workbook::proto::events::event_service_client::EventServiceClient;

use super::inbox::Inbox;
use super::jitter::Jitter;
use plan::{Plan, Then, answered, status, unanswered};
use stage::{Kept, Stage};

/// The exercise: follows a log into an inbox.
pub type Subject = for<'a> fn(
    EventServiceClient<Channel>,
    &'a dyn Inbox,
    Jitter,
) -> BoxFuture<'a, Result<(), Status>>;

const SECOND: Duration = Duration::from_secs(1);
/// Of the longest log here.
const EVENTS: u64 = 30;

/// The codes that a retry can change, by the exercise's text.
const WORTH_A_RETRY: [Code; 7] = [
    Code::Unknown,
    Code::Cancelled,
    Code::Internal,
    Code::DeadlineExceeded,
    Code::Unavailable,
    Code::ResourceExhausted,
    Code::Aborted,
];

/// And all others but OK.
const FINAL: [Code; 9] = [
    Code::InvalidArgument,
    Code::NotFound,
    Code::AlreadyExists,
    Code::PermissionDenied,
    Code::FailedPrecondition,
    Code::OutOfRange,
    Code::Unimplemented,
    Code::DataLoss,
    Code::Unauthenticated,
];

fn faults() -> impl Iterator<Item = (String, Then)> {
    let of_code = |code| (format!("{code:?}"), Then::Fails(code));
    let of_network = [
        ("the connection breaks", Then::Cut),
        ("the server restarts", Then::Restart),
        ("the server is away for a second", Then::Away(SECOND)),
        ("all packets are lost for 20 s", Then::Vanish),
        ("the server's packets are lost", Then::VanishFrom(SERVER)),
        ("the client's packets are lost", Then::VanishFrom(CLIENT)),
        ("GOAWAY", Then::GoesAway),
    ];
    let of_network = of_network.map(|(name, then)| (name.to_owned(), then));
    of_network.into_iter().chain(WORTH_A_RETRY.map(of_code))
}

/// Expects OK. If the status was worth a retry, the hint is about that.
fn was_retried(end: &Result<(), Status>, then: Then) -> Verdict {
    let is_worth_one = end
        .as_ref()
        .is_err_and(|status| WORTH_A_RETRY.contains(&status.code()));
    ended(end).well().map_err(|finding| match then {
        _ if !is_worth_one => finding,
        Then::Fails(_) => finding.hint("Which codes does the exercise name as worth a retry?"),
        Then::Away(_) => finding.hint(
            "Which codes does tonic use for a server that is away, and how long do ten retries last?",
        ),
        _ => finding.hint("Which codes does tonic use for a broken connection?"),
    })
}

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
                let plan = Plan {
                    events,
                    ..Plan::default()
                };
                let stage = Stage::open(&lab, follow, plan).await?;
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
                let plan = Plan {
                    events: EVENTS,
                    acts: vec![act],
                    ..Plan::default()
                };
                let stage = Stage::open(&lab, follow, plan).await?;
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
                let acts = vec![answered(5, Then::Cut), answered(5, Then::Cut)];
                let plan = Plan {
                    events: EVENTS,
                    acts,
                    repeats,
                    ..Plan::default()
                };
                let stage = Stage::open(&lab, follow, plan).await?;
                let inbox = Kept::default();
                ended(&stage.follows(&inbox).await?).well()?;
                inbox.has_all_to(EVENTS)
            },
        )
        .expects("returns DataLoss when the server leaves an event out")
        .hint("Which number must the next event have?")
        .each(
            [("the first one", 0), ("behind three others", 3)],
            async move |lab, events| {
                let plan = Plan {
                    events: EVENTS,
                    acts: vec![answered(events, Then::Skips)],
                    ..Plan::default()
                };
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
                let plan = Plan {
                    events: EVENTS,
                    acts: vec![act],
                    ..Plan::default()
                };
                let stage = Stage::open(&lab, follow, plan).await?;
                let inbox = Kept::default();
                ended(&stage.follows(&inbox).await?).as_sent(&status(code))?;
                inbox.has_all_to(act.events)?;
                count(stage.asked_from().len(), "calls").is(1)
            },
        );
    let check = waits::check(check, follow);
    dropped::check(check, follow)
}
