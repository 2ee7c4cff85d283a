//! How long the exercise waits for an event, and for its inbox.

use std::time::Duration;

use futures::future::try_join;
use tonic::Code;
use workbook::grade::{Check, Verdict, count, ended};

use super::kept::Kept;
use super::plan::{Plan, Then, answered, unanswered};
use super::stage::Stage;
use super::{EVENTS, SECOND, Subject};

/// The limit in the exercise's text.
const IDLE: Duration = Duration::from_secs(60);
/// Not yet the limit.
const ALMOST: Duration = Duration::from_secs(59);

/// Adds how long a call may bring nothing.
pub fn check(check: Check, follow: Subject) -> Check {
    check
        .expects("waits for an event for as long as a minute, and keeps its call")
        .each(
            [
                ("an event every 59 s", (ALMOST, Duration::ZERO, Duration::ZERO), "What is limited: the call, or the silence in it?"),
                ("an inbox that takes two minutes for each event", (Duration::ZERO, Duration::ZERO, IDLE * 2), "Which clock of your code runs while the inbox takes an event?"),
                ("an answer after 59 s, and 59 s later an event", (ALMOST, ALMOST, Duration::ZERO), "From what does your code count the 60 s: from the call, or from what came last?"),
            ]
            .map(|(name, times, hint)| (name, (times, hint))),
            async move |lab, ((every, answers_after, takes), hint)| {
                let plan = Plan { answers_after, ..Plan::of(10, []).every(every) };
                let stage = Stage::open(&lab, follow, plan).await?;
                let inbox = Kept::that_takes(takes);
                let end = stage.follows(&inbox).await;
                // The number first: with a new call for each event it does not get to the end.
                count(stage.asked_from().len(), "calls").is(1).map_err(|finding| finding.hint(hint))?;
                ended(&end?).well()?;
                inbox.has_all_to(10)
            },
        )
        .expects("takes a repeat for a sign of life, and keeps its call")
        .hint("What begins the 60 s anew in your code: a new event, or every message?")
        .plays(async move |lab| {
            let acts = [answered(5, Then::Fails(Code::Unavailable))];
            let plan = Plan::of(6, acts).repeats(3).every(ALMOST);
            let stage = Stage::open(&lab, follow, plan).await?;
            stage.brings_all().await?;
            count(stage.asked_from().len(), "calls").is(2)
        })
        .expects("replaces a call that is silent for a minute, and leaves no old one open")
        .hint("What has happened to the old call when the new one begins?")
        .each(
            [
                ("after 3 events", (answered(3, Then::Silent), "What tells your code that a call has brought nothing for a minute?")),
                ("unanswered", (unanswered(Then::Silent), "A call that is not answered is silent, too: is it limited?")),
            ],
            async move |lab, (act, limited)| {
                let stage = Stage::open(&lab, follow, Plan::of(EVENTS, [act; 3])).await?;
                let inbox = Kept::default();
                let follows = async {
                    let end = ended(&stage.follows(&inbox).await?).well();
                    end.map_err(|finding| finding.hint("A silent call must be followed by a retry."))
                };
                try_join(follows, one_call_a_minute(&stage, limited)).await?;
                inbox.has_all_to(EVENTS)
            },
        )
}

/// Expects a second call between one minute and two, a third between two and three, and one open at a time.
/// `limited` is the hint when the next call does not come.
async fn one_call_a_minute(stage: &Stage, limited: &str) -> Verdict {
    for due in 1..=3 {
        stage.lab.sleep(IDLE / 2).await;
        let calls = stage.asked_from().len();
        count(calls, "calls so far").is(due).map_err(|finding| {
            let too_many = "How long may a call be silent before the next one begins?";
            finding.hint(if calls < due { limited } else { too_many })
        })?;
        stage.came_one_at_a_time()?;
        count(stage.ledger.open(), "calls open").is(1)?;
        stage.lab.sleep(IDLE / 2 + SECOND / 2).await;
    }
    Ok(())
}
