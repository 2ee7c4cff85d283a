//! Grades the exercise: with a scripted directory, and with streams that end in different ways.

#[path = "check/peers.rs"]
mod peers;
#[path = "check/registry.rs"]
mod registry;

use std::time::Duration;

use futures::future::BoxFuture;
use tonic::{Code, Status, Streaming};
use tonic_types::StatusExt as _;
use workbook::grade::{AN_INSTANT, Check, Finding, Script, count, ended, ensure};
use workbook::proto::users::{CreateUsersResponse, User};

use super::directory::Problem;
use peers::{Half, Users, own_status, poisons, user};
use registry::Registry;

/// What the exercise returns.
pub type Answer = Result<CreateUsersResponse, Status>;

/// The exercise: creates the users of the stream in this directory.
pub type Subject = for<'a> fn(&'a Registry, Streaming<User>) -> BoxFuture<'a, Answer>;

const SECOND: Duration = Duration::from_secs(1);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What must not reach the client, and the words in it by which it is found again.
const CAUSE: &str = "/srv/users.db: checksum 0xbad";
const CAUSE_WORDS: [&str; 3] = ["users.db", "checksum", "0xbad"];

/// The limit in the exercise's text.
const MOST_REJECTED: usize = 1000;

/// Ids that are not the places of the users in the stream.
fn ids(count: i32) -> impl Iterator<Item = i32> + Clone {
    (1..=count).map(|place| place * 7)
}

pub fn check(create_users: Subject) -> Check {
    Check::new()
        .expects("creates every good user, and counts them in the answer")
        .hint("Each message is a user. `None` is the end of the stream.")
        .each(
            [0, 1, 100, 2000].map(|users| (format!("{users} good users"), users)),
            async move |lab, users| {
                let open = Users::open(&lab, create_users, Registry::sound()).await?;
                let answer = open.create(Script::new().send_all(ids(users).map(user))).await?.answer?;
                ensure(answer.created == users && answer.rejected.is_empty(), || {
                    format!("created {}, rejected {}", answer.created, answer.rejected.len())
                })?;
                open.registry.was_asked_for(ids(users))
            },
        )
        .expects("asks the directory once for each user, in order")
        .hint("Only the directory knows which users it has. Which ids are right, and may two be the same?")
        .each(
            [
                ("an id twice", vec![7, 7, 14]),
                ("ids of every kind", vec![i32::MAX, 0, -1, i32::MIN, 1]),
            ],
            async move |lab, ids| {
                let open = Users::open(&lab, create_users, Registry::sound()).await?;
                open.create(Script::new().send_all(ids.clone().into_iter().map(user))).await?.answer?;
                open.registry.was_asked_for(ids)
            },
        )
        .expects("rejects a bad user with a reason, and creates the others")
        .hint("A fault of one user belongs in the answer. The stream itself is sound.")
        .each(
            [
                ("users 2 and 4 of 5 are bad", vec![7, 14, 21, 28, 35]),
                ("users 2 and 4 of 5 are bad, and have the same id", vec![7, 14, 21, 14, 35]),
            ],
            async move |lab, ids| {
                let registry = Registry::sound().at(2, invalid()).at(4, Problem::Taken);
                let open = Users::open(&lab, create_users, registry).await?;
                let called = open.create(Script::new().send_all(ids.clone().into_iter().map(user))).await?;
                let (rejected, reasons) = called.rejected(3)?;
                ensure(rejected == [ids[1], ids[3]], || format!("rejected {rejected:?}"))?;
                let [of_field, of_taken] = [&reasons[0], &reasons[1]];
                ensure(of_field.contains("email") && of_field.contains("has no @"), || {
                    format!("\"email\" that \"has no @\" was rejected because of {of_field:?}")
                })?;
                ensure(!of_taken.is_empty() && of_taken != of_field, || {
                    format!("a taken id was rejected because of {of_taken:?}")
                })
            },
        )
        .expects("lists up to 1,000 rejected users, and ends the call at the next with InvalidArgument")
        .hint("The answer is one message, which the client reads up to 4 MiB. How long can yours become?")
        .each(
            [30, MOST_REJECTED, MOST_REJECTED + 1]
                .map(|bad| (format!("{bad} bad users"), bad)),
            async move |lab, bad| {
                let users = ids(i32::try_from(bad).unwrap_or(i32::MAX));
                let open = Users::open(&lab, create_users, Registry::refusing(invalid())).await?;
                let sent = Script::new().send_all(users.clone().map(user));
                if bad > MOST_REJECTED {
                    let ended_stream = open.create(sent.clone()).await?;
                    ended(&ended_stream.answer).with(Code::InvalidArgument)?;
                    // At once: this client goes on.
                    let open_stream = open.create_within(AN_INSTANT, sent.hold()).await?;
                    return ended(&open_stream.answer).with(Code::InvalidArgument);
                }
                let (rejected, _) = open.create(sent).await?.rejected(0)?;
                count(rejected.len(), "users listed").is(bad)?;
                ensure(users.eq(rejected), || "other users than the bad ones were listed")
            },
        )
        .expects("a full directory ends the call with ResourceExhausted and the quota")
        .hint("`ErrorDetails` can hold a quota failure. What should the client read in it?")
        .each(
            [2, 517].map(|capacity| (format!("a capacity of {capacity}"), capacity)),
            async move |lab, capacity| {
                let open = Users::open(&lab, create_users, third_meets(Problem::Full { capacity })).await?;
                let status = open.create(nine()).await?.failed(Code::ResourceExhausted)?;
                let details = status.get_error_details();
                let violation = details.quota_failure().and_then(|quota| quota.violations.first());
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
            [1500, 60_000].map(|millis| (format!("free again in {millis} ms"), Duration::from_millis(millis))),
            async move |lab, again_in| {
                let open = Users::open(&lab, create_users, third_meets(Problem::Busy { again_in })).await?;
                let status = open.create(nine()).await?.failed(Code::Unavailable)?;
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
            let open = Users::open(&lab, create_users, third_meets(broken())).await?;
            let called = open.create(nine()).await?;
            ended(&called.answer).with(Code::Internal)?;
            ended(&called.answer).says_nothing_of(&CAUSE_WORDS)
        })
        .expects("asks the directory for nothing after the first such problem")
        .hint("The call has failed already. What use is it to create the next users?")
        .each(problems_of_all(), async move |lab, problem| {
            let open = Users::open(&lab, create_users, third_meets(problem)).await?;
            let called = open.create(nine()).await?;
            count(open.registry.asked(), "of 9 users asked for, the third of which failed").is(3)?;
            ensure(called.answer.is_err(), || "the call is OK")
        })
        .expects("ends the call at once, though the client goes on sending")
        .hint("The client learns of the problem when you return. What do you wait for before that?")
        .each(problems_of_all(), async move |lab, problem| {
            let open = Users::open(&lab, create_users, third_meets(problem)).await?;
            let goes_on = nine().every(SECOND, ids(100).map(user)).hold();
            let called = open.create_within(AN_INSTANT, goes_on).await?;
            ensure(called.answer.is_err(), || "the call is OK")
        })
        .expects("waits for the next user for as long as it takes")
        .hint("A client that is silent has not ended its stream.")
        .silence(DAY * 30)
        .plays(async move |lab| {
            let open = Users::open(&lab, create_users, Registry::sound()).await?;
            let slow = Script::new().every(DAY * 3, ids(3).map(user)).wait(DAY * 3);
            let answer = open.create_within(DAY * 20, slow).await?.answer?;
            count(usize::try_from(answer.created).unwrap_or(0), "users created").is(3)
        })
        .expects("an error of the stream ends the call, with its own status")
        .hint("`message()` has three outcomes. After which of them may there be more to read?")
        .each(poisons(), async move |lab, poison| {
            let sent = own_status(&lab, &poison).await?;
            let open = Users::open(&lab, create_users, Registry::sound()).await?;
            for half in [Half::Ends, Half::StaysOpen] {
                ended(&open.create_raw(&poison, half).await?.answer).as_sent(&sent)?;
            }
            Ok(())
        })
        .expects("creates no user that was not sent")
        .hint("After an error, what does the next `message()` take for a message?")
        .each(poisons(), async move |lab, poison| {
            let open = Users::open(&lab, create_users, Registry::sound()).await?;
            let _ = open.create_raw(&poison, Half::Ends).await?;
            open.registry.was_asked_for(ids(2))
        })
}

fn third_meets(problem: Problem) -> Registry {
    Registry::sound().at(3, problem)
}

/// Nine good users.
fn nine() -> Script<User> {
    Script::new().send_all(ids(9).map(user))
}

fn invalid() -> Problem {
    let (field, why) = ("email", "has no @");
    Problem::Invalid { field, why }
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
