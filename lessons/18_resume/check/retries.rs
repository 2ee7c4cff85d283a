//! How long the exercise waits before a retry, and when it gives up.

use std::time::Duration;

use tonic::{Code, Status};
use workbook::grade::{AN_INSTANT, Check, Verdict, count, ended, ensure, seconds};

use super::kept::Kept;
use super::plan::{Act, Plan, Then, answered, status, unanswered};
use super::stage::Stage;
use super::{EVENTS, Subject};

/// The limits in the exercise's text.
const FIRST: Duration = Duration::from_millis(100);
const CAP: Duration = Duration::from_millis(1600);
const RETRIES: usize = 10;

/// The hint for too many retries.
const COUNTS: &str = "What does your code count, and what sets it back? A call that was answered may still bring nothing.";

/// So many clients wait, so that their pauses can be told from equal ones, and their average from another
/// one: with full jitter of the seeds from 0 it is between 0.4 and 0.6 of the limit before every retry.
const CLIENTS: u64 = 50;

/// Adds what comes between two calls.
pub fn check(check: Check, follow: Subject) -> Check {
    check
        .expects("waits longer before each retry, up to 1.6 s, and not for as long as other clients do")
        .hint("Which limit has the wait before the first, the second, the fifth retry? What spreads the clients below it?")
        .plays(async move |lab| {
            // In turns a call is refused, and one only repeats events: neither brings anything new.
            let fails = Then::Fails(Code::Unavailable);
            let acts = [unanswered(fails), answered(0, fails)].repeat(500);
            let stage = Stage::open(&lab, follow, Plan::of(0, acts).repeats(2)).await?;
            waits_as_it_should(&stage).await
        })
        .expects("waits at most 100 ms again after a new event")
        .hint("What does a new event tell you about the server?")
        .plays(async move |lab| {
            let nothing = unanswered(Then::Fails(Code::Unavailable));
            let mut acts = vec![nothing; 8];
            acts.extend([answered(3, Then::Fails(Code::Unavailable)), nothing].repeat(20));
            let stage = Stage::open(&lab, follow, Plan::of(90, acts)).await?;
            stage.brings_all().await?;
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
                let stage = Stage::open(&lab, follow, Plan::of(EVENTS, acts).repeats(2)).await?;
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
            Stage::open(&lab, follow, Plan::of(EVENTS, acts)).await?.brings_all().await
        })
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
