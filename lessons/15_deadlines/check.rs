//! Grades the exercise: servers with scripts, and two time limits.

#[path = "check/answers.rs"]
mod answers;
#[path = "check/listed.rs"]
mod listed;
#[path = "check/peers.rs"]
mod peers;
#[path = "check/server.rs"]
mod server;

use std::time::Duration;

use futures::future::LocalBoxFuture;
use tonic::Status;
use tonic::transport::Channel;
use workbook::grade::{Check, Script, count, ended};
use workbook::proto::stream::StreamRequest;

use answers::{Answers, number, numbers};
use peers::Lister;

/// The exercise: `list` with its total and its idle limit.
pub type Subject = fn(
    Channel,
    StreamRequest,
    (Duration, Duration),
    Show,
) -> LocalBoxFuture<'static, Result<(), Status>>;

/// What the exercise hands each value to.
pub type Show = Box<dyn FnMut(i32) + Send>;

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The total and the idle limit of most calls.
const TOTAL: Duration = Duration::from_millis(3500);
const IDLE: Duration = Duration::from_secs(2);
const LIMITS: (Duration, Duration) = (TOTAL, IDLE);
const LONG: (Duration, Duration) = (
    Duration::from_secs(4 * 24 * 60 * 60),
    Duration::from_secs(11 * 60 * 60),
);
/// How a caller says that there is no limit.
const NONE: (Duration, Duration) = (Duration::MAX, Duration::MAX);

/// An unbiased `select!` polls its branches in random order, so when two timers fire in one instant it
/// is right half of the time. It is not right this many times in a row.
const RACES: usize = 64;

pub fn check(list: Subject) -> Check {
    let quiet = || Script::new().hold();
    let check = Check::new()
        .expects("shows every value of a stream that keeps both limits")
        .hint("Call `List`, and read with `message` to the end. `show` a value as soon as you have it.")
        .each(
            [
                ("no value", numbers(SECOND, 0)),
                ("a value a second, three of them", numbers(SECOND, 3)),
                ("a value after 1.9 s", numbers(SECOND * 19 / 10, 1)),
                ("5,000 values at once", numbers(Duration::ZERO, 5000)),
                ("the values 7, -3 and 0", Script::new().send_all([7, -3, 0].map(number))),
            ],
            async move |lab, script| {
                let listed = Lister::new(&lab, list, LIMITS).await?.lists(script).await?;
                ended(&listed.result).well()?;
                listed.showed_all_in_time()
            },
        )
        .expects("waits for hours if both limits allow it")
        .hint("Which limits does your code have besides `total` and `idle`?")
        .silence(DAY)
        .each(
            [
                ("a value every ten hours", (LONG, Answers::from(numbers(HOUR * 10, 3)))),
                ("an answer after ten hours", (LONG, Answers::after(HOUR * 10, numbers(SECOND, 3)))),
                ("limits of `Duration::MAX`", (NONE, Answers::from(numbers(HOUR * 10, 3)))),
            ],
            async move |lab, (limits, answers)| {
                let listed = Lister::new(&lab, list, limits).await?.lists(answers).await?;
                ended(&listed.result).well()?;
                listed.showed_all_in_time()
            },
        )
        .expects("ends with DeadlineExceeded after the total, even if messages keep coming")
        .hint("Until which point of the call does the timer of `set_timeout` run?")
        .each(
            [("a message a second", SECOND, 3), ("ten messages a second", SECOND / 10, 34)]
                .map(|(name, pause, due)| (name, (pause, due))),
            async move |lab, (pause, due)| {
                let listed = Lister::new(&lab, list, LIMITS).await?.lists(numbers(pause, 200)).await?;
                listed.was_too_late(TOTAL)?;
                // A message that is due in the same instant may be shown or not.
                count(listed.shown.len(), "values shown").at_least(due)?;
                listed.showed_all_in_time()
            },
        )
        .expects("ends with DeadlineExceeded after the total, even if the next value is already there")
        .hint("While values are ready, which of the two does your code look at first: the next value or the \
               clock? A timer fires only when the runtime gets a turn; `Instant::now()` needs none.")
        .plays(async move |lab| {
            let slow = Lister::new(&lab, list, LIMITS).await?.showing_takes(SECOND / 10);
            let listed = slow.lists(numbers(Duration::ZERO, 500)).await?;
            count(listed.shown.len(), "values shown, each of which takes 0.1 s, with a total of 3.5 s").at_most(36)?;
            listed.was_too_late(TOTAL)
        })
        .expects("ends with DeadlineExceeded after the longest silence")
        .hint("The idle limit restarts with each message. The total does not.")
        .each(
            [
                ("silence from the answer on", Answers::from(quiet()), IDLE),
                ("an answer after 1.5 s, then silence", Answers::after(SECOND * 3 / 2, quiet()), SECOND * 7 / 2),
                ("a message, then silence", Answers::from(numbers(SECOND / 2, 1).hold()), SECOND * 5 / 2),
                ("two messages, then silence", Answers::from(numbers(SECOND / 2, 2).hold()), SECOND * 3),
            ]
            .map(|(name, answers, due)| (name, (answers, due))),
            async move |lab, (answers, due)| {
                let listed = Lister::new(&lab, list, (SECOND * 60, IDLE)).await?.lists(answers).await?;
                listed.was_too_late(due)?;
                listed.showed_all_in_time()
            },
        )
        .expects("both limits also hold while the call is unanswered")
        .hint("The call's own `.await` is the first silence. And when two timers fire in one instant, which of \
               them does your code poll first?")
        .each(
            [
                ("no answer, idle 2 s", (HOUR, IDLE, IDLE, 1)),
                ("no answer, idle 60 s", (HOUR, SECOND * 60, TOTAL, RACES)),
                ("an answer after 1.5 s, then a message a second", (SECOND * 3 / 2, IDLE, TOTAL, 1)),
            ],
            async move |lab, (answer, idle, due, times)| {
                let lister = Lister::new(&lab, list, (TOTAL, idle)).await?;
                for _ in 0..times {
                    let late = Answers::after(answer, numbers(SECOND, 20));
                    lister.lists(late).await?.was_too_late(due)?;
                }
                Ok(())
            },
        );
    server::check(check, list)
}
