//! Grades the exercise: users that are good or bad, and then a directory that fails, and streams that fail.

#[path = "check/peers.rs"]
mod peers;
#[path = "check/problems.rs"]
mod problems;
#[path = "check/raw.rs"]
mod raw;
#[path = "check/registry.rs"]
mod registry;
#[path = "check/streams.rs"]
mod streams;

use std::time::Duration;

use futures::future::BoxFuture;
use tonic::{Code, Status, Streaming};
use workbook::grade::{AN_INSTANT, Check, count, ended, ensure};
use workbook::proto::users::{CreateUsersResponse, User};

use super::directory::Problem;
use peers::{Users, users};
use registry::Registry;

/// What the exercise returns.
pub type Answer = Result<CreateUsersResponse, Status>;

/// The exercise: creates the users of the stream in this directory.
pub type Subject = for<'a> fn(&'a Registry, Streaming<User>) -> BoxFuture<'a, Answer>;

const SECOND: Duration = Duration::from_secs(1);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The limit in the exercise's text.
const MOST_REJECTED: usize = 1000;

/// Ids that are not the places of the users in the stream.
fn ids(count: i32) -> impl Iterator<Item = i32> + Clone {
    (1..=count).map(|place| place * 7)
}

pub fn check(create_users: Subject) -> Check {
    let check = Check::new()
        .expects("creates every good user, and counts them in the answer")
        .hint("Each message is a user. `None` is the end of the stream.")
        .each(
            [0, 1, 100, 2000].map(|good| (format!("{good} good users"), good)),
            async move |lab, good| {
                let open = Users::open(&lab, create_users, Registry::sound()).await?;
                let answer = open.create(users(ids(good))).await?.answer?;
                ensure(answer.created == good && answer.rejected.is_empty(), || {
                    format!("created {}, rejected {}", answer.created, answer.rejected.len())
                })?;
                open.registry.was_asked_for(ids(good))
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
                open.create(users(ids.clone())).await?.answer?;
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
                let (rejected, reasons) = open.create(users(ids.clone())).await?.rejected(3)?;
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
            [30, MOST_REJECTED, MOST_REJECTED + 1].map(|bad| (format!("{bad} bad users"), bad)),
            async move |lab, bad| {
                let ids = ids(i32::try_from(bad).unwrap_or(i32::MAX));
                let open = Users::open(&lab, create_users, Registry::refusing(invalid())).await?;
                let sent = users(ids.clone());
                if bad > MOST_REJECTED {
                    let ended_stream = open.create(sent.clone()).await?;
                    ended(&ended_stream.answer).with(Code::InvalidArgument)?;
                    // At once: this client goes on.
                    let open_stream = open.create_within(AN_INSTANT, sent.hold()).await?;
                    return ended(&open_stream.answer).with(Code::InvalidArgument);
                }
                let (rejected, _) = open.create(sent).await?.rejected(0)?;
                count(rejected.len(), "users listed").is(bad)?;
                ensure(ids.eq(rejected), || "other users than the bad ones were listed")
            },
        );
    let check = problems::check(check, create_users);
    streams::check(check, create_users)
}

fn invalid() -> Problem {
    let (field, why) = ("email", "has no @");
    Problem::Invalid { field, why }
}
