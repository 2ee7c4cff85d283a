//! How long the exercise waits: for an event, before a retry, and until it gives up.

use std::time::Duration;

use futures::future::try_join;
use tonic::{Code, Status};
use workbook::grade::{AN_INSTANT, Check, Verdict, count, ended, ensure, seconds};

use super::plan::{Act, Plan, Then, answered, status, unanswered};
use super::stage::{Kept, Stage};
use super::{EVENTS, SECOND, Subject};

/// The limits in the exercise's text.
const IDLE: Duration = Duration::from_secs(60);
/// Not yet the limit.
const ALMOST: Duration = Duration::from_secs(59);
const FIRST: Duration = Duration::from_millis(100);
const CAP: Duration = Duration::from_millis(1600);
const RETRIES: usize = 10;

/// The hint for too many retries.
const COUNTS: &str = "What does your code count, and what sets it back? A call that was answered may still bring nothing.";

/// So many clients wait, so that their pauses can be told from equal ones, and their average from another
/// one: with full jitter of the seeds from 0 it is between 0.4 and 0.6 of the limit before every retry.
const CLIENTS: u64 = 50;

/// The check, with what is expected of its patience.
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
                let plan = Plan { events: 10, every, answers_after, ..Plan::default() };
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
            let acts = vec![answered(5, Then::Fails(Code::Unavailable))];
            let plan = Plan { events: 6, acts, repeats: 3, every: ALMOST, ..Plan::default() };
            let stage = Stage::open(&lab, follow, plan).await?;
            let inbox = Kept::default();
            ended(&stage.follows(&inbox).await?).well()?;
            inbox.has_all_to(6)?;
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
                let plan = Plan { events: EVENTS, acts: vec![act; 3], ..Plan::default() };
                let stage = Stage::open(&lab, follow, plan).await?;
                let inbox = Kept::default();
                let follows = async {
                    let end = ended(&stage.follows(&inbox).await?).well();
                    end.map_err(|finding| finding.hint("A silent call must be followed by a retry."))
                };
                try_join(follows, one_call_a_minute(&stage, limited)).await?;
                inbox.has_all_to(EVENTS)
            },
        )
        .expects("waits longer before each retry, up to 1.6 s, and not for as long as other clients do")
        .hint("Which limit has the wait before the first, the second, the fifth retry? What spreads the clients below it?")
        .each(
            [
                ("calls that are refused", unanswered(Then::Fails(Code::Unavailable))),
                ("calls that only repeat events", answered(0, Then::Fails(Code::Unavailable))),
            ],
            async move |lab, nothing| {
                let acts = vec![nothing; 1000];
                let stage = Stage::open(&lab, follow, Plan { acts, repeats: 2, ..Plan::default() }).await?;
                waits_as_it_should(&stage).await
            },
        )
        .expects("waits at most 100 ms again after a new event")
        .hint("What does a new event tell you about the server?")
        .plays(async move |lab| {
            let nothing = unanswered(Then::Fails(Code::Unavailable));
            let mut acts = vec![nothing; 8];
            acts.extend([answered(3, Then::Fails(Code::Unavailable)), nothing].repeat(20));
            let stage = Stage::open(&lab, follow, Plan { events: 90, acts, ..Plan::default() }).await?;
            let inbox = Kept::default();
            ended(&stage.follows(&inbox).await?).well()?;
            inbox.has_all_to(90)?;
            // Of the 9 calls so far, the last one brought something.
            let behind_an_event = stage.pauses().into_iter().skip(8).step_by(2);
            behind_an_event.take(20).try_for_each(|pause| at_most(pause, FIRST, "a new event"))
        })
        .expects("gives up after ten retries that brought nothing new, with the last status")
        .hint(COUNTS)
        .each(
            [
                ("calls that are refused", (unanswered(Then::Fails(Code::Unavailable)), Code::Unavailable)),
                ("calls without an event", (answered(0, Then::Fails(Code::Internal)), Code::Internal)),
                ("calls that are silent", (unanswered(Then::Silent), Code::DeadlineExceeded)),
            ],
            async move |lab, (nothing, code): (Act, Code)| {
                // Each call repeats two events, and nothing of that is new.
                let mut acts = vec![answered(2, Then::Cut)];
                acts.extend(vec![nothing; 100]);
                let stage = Stage::open(&lab, follow, Plan { events: EVENTS, acts, repeats: 2, ..Plan::default() }).await?;
                let inbox = Kept::default();
                let end: Result<(), Status> = stage.follows(&inbox).await?;
                // The number first: with too many retries it gets as far as the calls that bring the rest.
                let (calls, what) = (stage.asked_from().len(), "calls, the first one included");
                count(calls, what).at_most(1 + RETRIES)?;
                ended(&end).with(code)?;
                if let Then::Fails(_) = nothing.then {
                    let whole = ended(&end).as_sent(&status(code));
                    whole.map_err(|finding| finding.hint("Which parts does a status have, and which of them does your code return?"))?;
                }
                inbox.has_all_to(2)?;
                count(calls, what).is(1 + RETRIES)
            },
        )
        .expects("has ten retries again after each new event")
        .hint("A stream that lives for a month may be cut more than ten times.")
        .plays(async move |lab| {
            let nothing = unanswered(Then::Fails(Code::Unavailable));
            let acts = [nothing, nothing, answered(1, Then::Cut)].repeat(20);
            let stage = Stage::open(&lab, follow, Plan { events: EVENTS, acts, ..Plan::default() }).await?;
            let inbox = Kept::default();
            ended(&stage.follows(&inbox).await?).well()?;
            inbox.has_all_to(EVENTS)
        })
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

/// Every client's retries are refused. Expects each wait below its limit, and all of them spread.
async fn waits_as_it_should(stage: &Stage) -> Verdict {
    let mut waits: Vec<Vec<Duration>> = vec![Vec::new(); RETRIES];
    for seed in 0..CLIENTS {
        let before = stage.ledger.calls().len();
        let inbox = Kept::up_to(2);
        let end = stage.follows_as(&inbox, seed).await?;
        let calls = stage.ledger.calls().len() - before;
        count(calls, "calls of one client")
            .at_most(1 + RETRIES)
            .map_err(|finding| finding.hint(COUNTS))?;
        ended(&end).with(Code::Unavailable)?;
        let pauses = stage.pauses().into_iter().skip(before);
        for (of_retry, pause) in waits.iter_mut().zip(pauses) {
            of_retry.push(pause);
        }
    }
    let mut limit = FIRST;
    // A client that gives up too early is refused below, for that.
    let made = waits.iter().filter(|of_retry| !of_retry.is_empty());
    for (retry, of_retry) in made.enumerate() {
        let name = format!("the wait before retry {}", retry + 1);
        let clients = u32::try_from(of_retry.len()).unwrap_or(u32::MAX);
        let mean = of_retry.iter().sum::<Duration>() / clients;
        ensure(mean >= limit / 4, || {
            format!(
                "{name} is {} on average; its limit is {}",
                seconds(mean),
                seconds(limit)
            )
        })?;
        for wait in of_retry {
            at_most(*wait, limit, &format!("call {}", retry + 1))?;
        }
        let mut different: Vec<u128> = of_retry.iter().map(|wait| wait.as_millis()).collect();
        different.sort_unstable();
        different.dedup();
        let what = format!("{name}: different waits of {clients} clients");
        count(different.len(), &what).at_least(of_retry.len() / 2)?;
        ensure(mean <= limit * 13 / 20, || {
            let (mean, limit) = (seconds(mean), seconds(limit));
            format!("{name} is {mean} on average; with full jitter it is about half of its limit, {limit}")
        })
        .map_err(|finding| finding.hint("What is the shortest wait that full jitter allows, and what is yours?"))?;
        limit = (limit * 2).min(CAP);
    }
    Ok(())
}

fn at_most(pause: Duration, limit: Duration, behind: &str) -> Verdict {
    ensure(pause <= limit + AN_INSTANT, || {
        let (pause, limit) = (seconds(pause), seconds(limit));
        format!("the wait behind {behind} was {pause}; the limit is {limit}")
    })
}
