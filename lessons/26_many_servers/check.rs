//! Grades the exercise: three servers of one room, which fail at every point, in every way that the lab has.

#[path = "check/room.rs"]
mod room;
#[path = "check/stage.rs"]
mod stage;

use std::time::Duration;

use futures::future::BoxFuture;
use tonic::transport::Channel;
use tonic::{Code, Status};
use workbook::grade::{AN_INSTANT, Check, baseline, count, ended, sequence};
use workbook::proto::forum::forum_service_client::ForumServiceClient;

use super::inbox::Inbox;
use room::{Act, Plan, Then, answered, unanswered};
use stage::{Kept, Stage};

/// The exercise: follows a room at several servers into an inbox.
pub type Subject = for<'a> fn(
    Vec<ForumServiceClient<Channel>>,
    &'a dyn Inbox,
) -> BoxFuture<'a, Result<(), Status>>;

const SECOND: Duration = Duration::from_secs(1);
/// Of the longest room here.
const MESSAGES: u64 = 30;

/// The codes that another server can change, by the exercise's text.
const WORTH_A_MOVE: [Code; 7] = [
    Code::Unknown,
    Code::Cancelled,
    Code::Internal,
    Code::DeadlineExceeded,
    Code::Unavailable,
    Code::ResourceExhausted,
    Code::Aborted,
];

/// And all others but OK and OutOfRange.
const FINAL: [Code; 8] = [
    Code::InvalidArgument,
    Code::NotFound,
    Code::AlreadyExists,
    Code::PermissionDenied,
    Code::FailedPrecondition,
    Code::Unimplemented,
    Code::DataLoss,
    Code::Unauthenticated,
];

/// Every fault, before the answer and behind it.
fn faults() -> impl Iterator<Item = (String, Act)> {
    let of_server = [
        ("the server is killed", Then::Killed),
        ("the connection breaks", Then::Cut),
        ("the server shuts down", Then::Drained),
    ];
    let of_server = of_server.map(|(name, then)| (name.to_owned(), then));
    let of_code = WORTH_A_MOVE.map(|code| (format!("{code:?}"), Then::Fails(code)));
    of_server
        .into_iter()
        .chain(of_code)
        .flat_map(|(name, then)| {
            [
                ("unanswered", unanswered(then)),
                ("after 0 messages", answered(0, then)),
                ("after 8 messages", answered(8, then)),
            ]
            .map(|(when, act)| (format!("{name}, {when}"), act))
        })
}

fn plan(acts: Vec<Act>) -> Plan {
    Plan {
        messages: MESSAGES,
        acts,
        ..Plan::default()
    }
}

pub fn check(follow: Subject) -> Check {
    let moves = Then::Fails(Code::Unavailable);
    Check::new()
        .expects("hands over every message behind the position, and returns Ok at the end")
        .hint("What does the inbox know before the first call?")
        .each(
            [
                ("an inbox that has nothing", 0),
                ("an inbox that has seven messages", 7),
            ],
            async move |lab, has| {
                let stage = Stage::open(&lab, follow, plan(vec![]))?;
                let inbox = Kept::up_to(has);
                ended(&stage.follows(&inbox).await?).well()?;
                inbox.has_all_to(MESSAGES)?;
                sequence(&stage.asked(), "server and position of call").is(&[("a", Some(has))])
            },
        )
        .expects("waits for an inbox that takes a minute for each message")
        .hint("What does your code do when a message is not handed over yet?")
        .plays(async move |lab| {
            let short = Plan {
                messages: 10,
                ..Plan::default()
            };
            let stage = Stage::open(&lab, follow, short)?;
            let inbox = Kept::that_takes(SECOND * 60);
            ended(&stage.follows(&inbox).await?).well()?;
            inbox.has_all_to(10)
        })
        .expects("goes on at the next server, whatever has ended the call")
        .hint("Which code does a client see when its server is killed?")
        .each(faults(), async move |lab, act| {
            let stage = Stage::open(&lab, follow, plan(vec![act]))?;
            let inbox = Kept::default();
            ended(&stage.follows(&inbox).await?).well()?;
            let servers: Vec<&str> = stage.asked().iter().map(|(server, _)| *server).collect();
            sequence(&servers, "server of call").is(&["a", "b"])
        })
        .expects("loses nothing that is said while it moves, or while it comes")
        .hint("What was said before the server began to send you new messages?")
        .each(
            [
                ("it comes", vec![]),
                ("it moves", vec![answered(4, Then::Killed); 3]),
            ],
            async move |lab, acts| {
                let talks = Plan {
                    every: SECOND / 50,
                    latency: SECOND / 20,
                    ..plan(acts)
                };
                let stage = Stage::open(&lab, follow, talks)?;
                lab.sleep(SECOND / 5).await;
                let inbox = Kept::default();
                ended(&stage.follows(&inbox).await?).well()?;
                inbox.lacks_none_to(MESSAGES)
            },
        )
        .expects("asks each server for what is behind the last message, by the broker's number")
        .hint("Which number has the same meaning at every server?")
        .plays(async move |lab| {
            let killed = [5, 3, 0, 7].map(|messages| answered(messages, Then::Cut));
            let stage = Stage::open(&lab, follow, plan(killed.to_vec()))?;
            let inbox = Kept::default();
            ended(&stage.follows(&inbox).await?).well()?;
            let asked = [("a", 0), ("b", 5), ("c", 8), ("a", 8), ("b", 15)];
            let asked = asked.map(|(server, after)| (server, Some(after)));
            sequence(&stage.asked(), "server and position of call").is(&asked)?;
            inbox.has_all_to(MESSAGES)
        })
        .expects("skips what a server repeats")
        .hint("Does the server begin with the message that you have asked for?")
        .each(
            [("1 repeated", 1), ("40 repeated", 40)],
            async move |lab, repeats| {
                let killed = vec![answered(5, Then::Killed), answered(5, Then::Cut)];
                let stage = Stage::open(
                    &lab,
                    follow,
                    Plan {
                        repeats,
                        ..plan(killed)
                    },
                )?;
                let inbox = Kept::default();
                ended(&stage.follows(&inbox).await?).well()?;
                inbox.has_all_to(MESSAGES)
            },
        )
        .expects("returns OutOfRange at once, because messages are gone for every server")
        .hint("If you listen from another position, who learns that messages are missing?")
        .each(
            [
                ("at once", vec![]),
                ("after a move", vec![answered(8, Then::Killed)]),
            ],
            async move |lab, mut acts| {
                acts.push(unanswered(Then::Fails(Code::OutOfRange)));
                let calls = acts.len();
                let stage = Stage::open(&lab, follow, plan(acts))?;
                let inbox = Kept::default();
                ended(&stage.follows(&inbox).await?).with(Code::OutOfRange)?;
                count(stage.asked().len(), "calls").is(calls)
            },
        )
        .expects("returns a status that no other server can change, at once")
        .hint("Will another server answer the same request in another way?")
        .each(
            FINAL.map(|code| (format!("{code:?}"), code)),
            async move |lab, code| {
                let stage = Stage::open(&lab, follow, plan(vec![answered(3, Then::Fails(code))]))?;
                let inbox = Kept::default();
                ended(&stage.follows(&inbox).await?).as_sent(&Status::new(code, "as planned"))?;
                inbox.has_all_to(3)?;
                count(stage.asked().len(), "calls").is(1)
            },
        )
        .expects("finds the only server that is up")
        .hint("How many servers does your loop know?")
        .each(
            [("the first", "a"), ("the second", "b"), ("the third", "c")],
            async move |lab, up| {
                let stage = Stage::open(&lab, follow, plan(vec![]))?;
                stage.only(up);
                let inbox = Kept::default();
                ended(&stage.follows(&inbox).await?).well()?;
                inbox.has_all_to(MESSAGES)
            },
        )
        .expects("waits for 100 ms to 2 s when all servers have failed, and never gives up")
        .hint("What happens in the second in which no server is up? Count the calls.")
        .each(
            [("10 rounds", 30), ("350 rounds", 1_050)],
            async move |lab, refusals| {
                let refused = unanswered(Then::Fails(Code::Unavailable));
                let stage = Stage::open(&lab, follow, plan(vec![refused; refusals]))?;
                let inbox = Kept::default();
                ended(&stage.follows(&inbox).await?).well()?;
                inbox.has_all_to(MESSAGES)?;
                stage.waited_after_each_round(SECOND / 10, SECOND * 2)
            },
        )
        .expects("counts only servers that have failed without a new message")
        .hint("Which messages set your count of failures back: all, or those that the inbox did not have?")
        .each(
            [
                ("each of 20 brings a message", 0, vec![answered(1, moves); 20]),
                ("each of 9 repeats three", 3, vec![answered(0, moves); 9]),
                ("only the first brings one", 0, [vec![answered(1, moves)], vec![answered(0, moves); 12]].concat()),
            ]
            .map(|(name, repeats, acts)| (name, (repeats, acts))),
            async move |lab, (repeats, acts)| {
                let has_news = |act: &Act| act.messages > 0;
                let (all, any) = (acts.iter().all(has_news), acts.iter().any(has_news));
                let stage = Stage::open(&lab, follow, Plan { repeats, ..plan(acts) })?;
                ended(&stage.follows(&Kept::up_to(5)).await?).well()?;
                match (all, any) {
                    (true, _) => stage.never_waited(),
                    (_, true) => stage.asked_each_once_between_pauses(),
                    _ => stage.waited_after_each_round(SECOND / 10, SECOND * 2),
                }
            },
        )
        .expects("loses no message when its future is dropped while it hands one over")
        .hint("What does the inbox believe after `note`, and is it true at that moment?")
        .plays(async move |lab| {
            let talks = Plan {
                every: SECOND,
                ..plan(vec![])
            };
            let stage = Stage::open(&lab, follow, talks)?;
            let inbox = Kept::that_takes(SECOND / 10);
            // The third message comes after three seconds, and takes a tenth of one.
            stage.follows_for(&inbox, SECOND * 3 + SECOND / 20).await?;
            inbox.has_all_to(2)?;
            ended(&stage.follows(&inbox).await?).well()?;
            inbox.has_all_to(MESSAGES)
        })
        .expects("has one open call at a time, and leaves nothing behind when it is dropped")
        .hint("Is there a task or a `Streaming` that outlives the move?")
        .each(
            [
                ("between two messages", vec![answered(3, Then::Silent)]),
                (
                    "after a move",
                    vec![answered(3, moves), answered(2, Then::Silent)],
                ),
                ("unanswered", vec![unanswered(Then::Silent)]),
            ],
            async move |lab, acts| {
                let messages = acts.iter().map(|act| act.messages).sum();
                let stage = Stage::open(&lab, follow, plan(acts))?;
                stage.connects().await?;
                let before = baseline(&lab);
                let inbox = Kept::default();
                // No full second, at which a task might look whether it is still wanted.
                stage.follows_for(&inbox, SECOND * 13 / 4).await?;
                lab.sleep(AN_INSTANT).await;
                count(stage.open_calls(), "open calls").is(0)?;
                let noted = inbox.has_all_to(messages);
                noted.map_err(|finding| finding.hint("When does your code note a message that was handed over?"))?;
                stage.came_one_at_a_time()?;
                before.nothing_is_left(&lab).await
            },
        )
}
