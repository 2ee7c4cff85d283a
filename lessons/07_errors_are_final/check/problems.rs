//! Problems that are not those of one user: with the first of them the call has failed.

use std::time::Duration;

use tonic::Code;
use tonic_types::StatusExt as _;
use workbook::grade::{AN_INSTANT, Check, Finding, count, ended, ensure};
use workbook::lab::Lab;

use super::super::directory::Problem;
use super::peers::{Called, Users, user, users};
use super::registry::Registry;
use super::{SECOND, Subject, ids};

/// What must not reach the client, and the words in it by which it is found again.
const CAUSE: &str = "/srv/users.db: checksum 0xbad";
const CAUSE_WORDS: [&str; 3] = ["users.db", "checksum", "0xbad"];

/// Adds how a call ends whose directory cannot go on.
pub fn check(check: Check, create_users: Subject) -> Check {
    check
        .expects("a full directory ends the call with ResourceExhausted and the quota")
        .hint("`ErrorDetails` can hold a quota failure. What should the client read in it?")
        .each(
            [2, 517].map(|capacity| (format!("a capacity of {capacity}"), capacity)),
            async move |lab, capacity| {
                let (_, called) =
                    third_meets(&lab, create_users, Problem::Full { capacity }).await?;
                let status = called.failed(Code::ResourceExhausted)?;
                let details = status.get_error_details();
                let violation = details
                    .quota_failure()
                    .and_then(|quota| quota.violations.first());
                let missing = || Finding::seen("the status has no quota failure among its details");
                let described = &violation.ok_or_else(missing)?.description;
                ensure(described.contains(&capacity.to_string()), || {
                    format!("the quota is described as {described:?}")
                })
            },
        )
        .expects("a busy directory ends the call with Unavailable and the time to wait")
        .hint("`ErrorDetails` can hold retry info. Where do you get the time to wait from?")
        .each(
            [150, 1500, 60_000].map(|millis| {
                (
                    format!("free again in {millis} ms"),
                    Duration::from_millis(millis),
                )
            }),
            async move |lab, again_in| {
                let (_, called) =
                    third_meets(&lab, create_users, Problem::Busy { again_in }).await?;
                let status = called.failed(Code::Unavailable)?;
                let details = status.get_error_details();
                let delay = details.retry_info().and_then(|retry| retry.retry_delay);
                ensure(delay == Some(again_in), || match delay {
                    Some(delay) => format!("the details say {delay:?}"),
                    None => "the status has no retry info among its details".to_owned(),
                })
            },
        )
        .expects("a broken directory ends the call with Internal, and keeps its cause to itself")
        .hint("Would you show that text to a stranger? Write it to the log.")
        .plays(async move |lab| {
            let (_, called) = third_meets(&lab, create_users, broken()).await?;
            ended(&called.answer).with(Code::Internal)?;
            ended(&called.answer).says_nothing_of(&CAUSE_WORDS)
        })
        .expects("asks the directory for nothing after the first such problem")
        .hint("The call has failed already. What use is it to create the next users?")
        .each(problems_of_all(), async move |lab, problem| {
            let (open, called) = third_meets(&lab, create_users, problem).await?;
            count(
                open.registry.asked(),
                "of 9 users asked for, the third of which failed",
            )
            .is(3)?;
            ensure(called.answer.is_err(), || "the call is OK")
        })
        .expects("ends the call at once, though the client goes on sending")
        .hint("The client learns of the problem when you return. What do you wait for before that?")
        .each(problems_of_all(), async move |lab, problem| {
            let open = Users::open(&lab, create_users, Registry::sound().at(3, problem)).await?;
            let goes_on = users(ids(9)).every(SECOND, ids(100).map(user)).hold();
            let called = open.create_within(AN_INSTANT, goes_on).await?;
            ensure(called.answer.is_err(), || "the call is OK")
        })
}

/// Creates nine good users in a directory in which the third meets this problem.
async fn third_meets(
    lab: &Lab,
    create_users: Subject,
    problem: Problem,
) -> Result<(Users, Called), Finding> {
    let open = Users::open(lab, create_users, Registry::sound().at(3, problem)).await?;
    let called = open.create(users(ids(9))).await?;
    Ok((open, called))
}

fn broken() -> Problem {
    let cause = CAUSE.to_owned();
    Problem::Broken { cause }
}

/// The problems that are not those of one user.
fn problems_of_all() -> [(&'static str, Problem); 3] {
    let again_in = SECOND;
    [
        ("a full directory", Problem::Full { capacity: 2 }),
        ("a busy directory", Problem::Busy { again_in }),
        ("a broken directory", broken()),
    ]
}
