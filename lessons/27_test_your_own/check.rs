//! Grades the exercise, which is tests: they run against servers that keep all promises, and against one for
//! each promise that breaks it.
//!
//! How a check knows that a test fails for its own reason: a test that names a promise must fail for the
//! server that breaks this one, and pass for each of the seven that break another.

#[path = "check/hints.rs"]
mod hints;
#[path = "check/others.rs"]
mod others;

use std::time::Duration;

use tokio::time::{Instant, timeout};
use workbook::grade::{Check, Finding, Verdict, ensure, seconds};
use workbook::lab::Lab;

use super::promise::{Promise, Tests};
use super::servers::{FAULTY, Named, SOUND, UnderTest};
use hints::{of_a_careless_pass, of_a_false_alarm, of_a_miss};
use others::{ALSO_FAULTY, JUST_SOUND};

/// The exercise: a test for each promise.
pub type Subject = fn() -> Tests;

/// How long a test may take, in virtual time.
const LONGEST: Duration = Duration::from_secs(5 * 60);
/// How long nothing happens before a test has stalled. Longer than the minute of the slowest promise.
const STALLED: Duration = Duration::from_secs(4 * 60);

pub fn check(tests: Subject) -> Check {
    Check::new()
        .expects("has a test for each promise")
        .hint("`tests()` returns them: one `.test(Promise::…, …)` a promise.")
        .plays(async move |_| {
            let tests = tests();
            Promise::ALL.into_iter().try_for_each(|promise| {
                ensure(tests.of(promise).is_some(), || {
                    format!("there is none for {promise}")
                })
            })
        })
        .expects("passes for a server that keeps all promises")
        .each(
            each(SOUND, |_, _| true),
            async move |lab, (server, promise)| {
                let ran = run(&lab, tests, promise, server).await;
                ran.map_err(|finding| finding.hint(of_a_false_alarm(promise)))
            },
        )
        .expects("passes for a server that needs nearly all that a promise allows")
        .hint("A second is a second, a minute is a minute, and 32 points are 32.")
        .each(
            each(JUST_SOUND, |_, _| true),
            async move |lab, (server, promise)| {
                let ran = run(&lab, tests, promise, server).await;
                ran.map_err(|finding| finding.hint(of_a_false_alarm(promise)))
            },
        )
        .expects("fails for the server that breaks the promise")
        .each(
            each(FAULTY, breaks),
            async move |lab, (server, promise)| match run(&lab, tests, promise, server).await {
                Ok(()) => Err(Finding::seen("the test passes").hint(of_a_miss(promise))),
                Err(_) => Ok(()),
            },
        )
        .expects("fails for a server that breaks the promise in another way")
        .each(
            ALSO_FAULTY
                .map(|(promise, (name, server))| (format!("{promise}, {name}"), (server, promise))),
            async move |lab, (server, promise)| match run(&lab, tests, promise, server).await {
                Ok(()) => Err(Finding::seen("the test passes").hint(of_a_careless_pass(promise))),
                Err(_) => Ok(()),
            },
        )
        .expects("passes for the servers that break another promise")
        .hint("A test that looks at two promises cannot say which one is broken.")
        .each(
            each(FAULTY, |server, promise| {
                !breaks(server, promise) && !also_breaks(server, promise)
            }),
            async move |lab, (server, promise)| run(&lab, tests, promise, server).await,
        )
}

/// Whether the faulty server at that place breaks the promise.
fn breaks(server: usize, promise: Promise) -> bool {
    Promise::ALL[server] == promise
}

/// A task that outlives a client which disconnects also outlives one that vanishes, so a test of this
/// promise may fail for that server as well.
fn also_breaks(server: usize, promise: Promise) -> bool {
    breaks(server, Promise::Freed) && promise == Promise::Vanished
}

/// Runs a test. Why it has failed, and after how much virtual time, is the finding.
async fn run(lab: &Lab, tests: Subject, promise: Promise, server: UnderTest) -> Verdict {
    let test = tests().of(promise);
    let test = test.ok_or_else(|| Finding::seen("there is no such test"))?;
    let began = Instant::now();
    let limited = timeout(LONGEST, test(lab.clone(), server));
    let why = match lab.until_silent(STALLED, limited).await {
        Ok(Ok(Ok(()))) => return Ok(()),
        Ok(Ok(Err(error))) => error.to_string(),
        Ok(Err(_)) => "it goes on and on".to_owned(),
        Err(stall) => stall.to_string(),
    };
    // To the millisecond: what a link adds in nanoseconds is of no use to a reader.
    let after = seconds(Duration::from_millis(
        u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
    ));
    Err(Finding::seen(format!(
        "the test fails after {after} of virtual time: {why}"
    )))
}

/// A case for each server and promise that are wanted, with a name.
fn each<const N: usize>(
    servers: [Named; N],
    wanted: fn(usize, Promise) -> bool,
) -> Vec<(String, (UnderTest, Promise))> {
    let all = servers
        .into_iter()
        .enumerate()
        .flat_map(|(place, (name, server))| {
            let promises = Promise::ALL.into_iter();
            let promises = promises.filter(move |promise| wanted(place, *promise));
            promises.map(move |promise| (format!("{promise}, {name}"), (server, promise)))
        });
    all.collect()
}
