//! Grades the exercise: with a scripted directory, and with streams that end in different ways.

#[path = "check/peers.rs"]
mod peers;

use std::time::Duration;

use tonic::Code;
use tonic_types::StatusExt as _;
use workbook::grade::{Check, Finding, Verdict, ensure};
use workbook::lab::Lab;

use super::directory::Problem;
use peers::{Called, Script, create, raw, user};

/// What must not reach the client.
const SECRET: &str = "/srv/users.db: checksum 0xbad";

pub fn check() -> Check {
    Check::new()
        .expects("creates every good user, and counts them in the answer")
        .hint("Each message is a user. `None` is the end of the stream.")
        .plays(creates)
        .expects("rejects a bad user with a reason, and creates the others")
        .hint("A fault of one user belongs in the answer. The stream itself is sound.")
        .plays(rejects)
        .expects("a full directory ends the call with ResourceExhausted and the quota")
        .hint("`ErrorDetails` can hold a quota failure. What should the client read in it?")
        .plays(full)
        .expects("a busy directory ends the call with Unavailable and the time to wait")
        .hint("`ErrorDetails` can hold retry info. Where do you get the time to wait from?")
        .plays(busy)
        .expects("a broken directory ends the call with Internal, and keeps its cause to itself")
        .hint("Would you show that text to a stranger? Write it to the log.")
        .plays(broken)
        .expects("asks the directory for nothing after the first such problem")
        .hint("The call has failed already. What use is it to create the next users?")
        .plays(stops)
        .expects("an error of the stream ends the call, with its own status")
        .hint("`message()` has three outcomes. After which of them may there be more to read?")
        .plays(stream_error)
        .expects("creates no user that was not sent")
        .hint("After an error, what does the next `message()` take for a message?")
        .plays(made_up)
}

async fn creates(lab: Lab) -> Verdict {
    for count in [0, 1, 100] {
        let called = create(&lab, Script::sound(), (1..=count).map(user).collect()).await?;
        let answer = called.answered(&format!("{count} good users"))?;
        ensure(
            answer.created == count && answer.rejected.is_empty(),
            || {
                let rejected = answer.rejected.len();
                format!(
                    "{count} good users: created {}, rejected {rejected}",
                    answer.created
                )
            },
        )?;
        let expected: Vec<i32> = (1..=count).collect();
        ensure(called.created == expected, || {
            format!(
                "{count} users were sent, the directory was asked for {:?}",
                called.created
            )
        })?;
    }
    Ok(())
}

async fn rejects(lab: Lab) -> Verdict {
    let invalid = Problem::Invalid {
        field: "email",
        why: "has no @",
    };
    let script = Script::sound().at(2, invalid).at(4, Problem::Taken);
    let called = create(&lab, script, (1..=5).map(user).collect()).await?;
    let answer = called.answered("users 2 and 4 of 5 were bad")?;
    let ids: Vec<i32> = answer.rejected.iter().map(|rejected| rejected.id).collect();
    ensure(answer.created == 3 && ids == [2, 4], || {
        format!(
            "users 2 and 4 of 5 were bad: created {}, rejected {ids:?}",
            answer.created
        )
    })?;
    let reasons: Vec<&str> = answer
        .rejected
        .iter()
        .map(|rejected| rejected.reason.as_str())
        .collect();
    ensure(
        reasons[0].contains("email") && reasons[0].contains("has no @"),
        || {
            format!(
                "\"email\" that \"has no @\" was rejected because of {:?}",
                reasons[0]
            )
        },
    )?;
    ensure(!reasons[1].is_empty() && reasons[1] != reasons[0], || {
        format!("a taken id was rejected because of {:?}", reasons[1])
    })
}

async fn full(lab: Lab) -> Verdict {
    for capacity in [2, 517] {
        let called = at_third(&lab, Problem::Full { capacity }).await?;
        let status = called.failed("a full directory", Code::ResourceExhausted)?;
        let details = status.get_error_details();
        let quota = details
            .quota_failure()
            .map(|quota| quota.violations.clone());
        let names_it = |text: &str| text.contains(&capacity.to_string());
        match quota.as_deref() {
            Some([violation, ..]) => ensure(names_it(&violation.description), || {
                format!(
                    "the quota of {capacity} is described as {:?}",
                    violation.description
                )
            })?,
            _ => {
                return Err(Finding::seen(
                    "the status has no quota failure among its details",
                ));
            }
        }
    }
    Ok(())
}

async fn busy(lab: Lab) -> Verdict {
    for again_in in [Duration::from_millis(1500), Duration::from_secs(60)] {
        let called = at_third(&lab, Problem::Busy { again_in }).await?;
        let status = called.failed("a busy directory", Code::Unavailable)?;
        let details = status.get_error_details();
        let delay = details.retry_info().and_then(|retry| retry.retry_delay);
        ensure(delay == Some(again_in), || match delay {
            Some(delay) => format!("free again in {again_in:?}, but the details say {delay:?}"),
            None => "the status has no retry info among its details".to_owned(),
        })?;
    }
    Ok(())
}

async fn broken(lab: Lab) -> Verdict {
    let cause = SECRET.to_owned();
    let called = at_third(&lab, Problem::Broken { cause }).await?;
    let status = called.failed("a broken directory", Code::Internal)?;
    let details = String::from_utf8_lossy(status.details()).into_owned();
    ensure(
        !status.message().contains("users.db") && !details.contains("users.db"),
        || format!("the client was told {:?}", status.message()),
    )
}

async fn stops(lab: Lab) -> Verdict {
    let cause = SECRET.to_owned();
    let again_in = Duration::from_secs(1);
    for problem in [
        Problem::Full { capacity: 2 },
        Problem::Busy { again_in },
        Problem::Broken { cause },
    ] {
        let called = at_third(&lab, problem.clone()).await?;
        ensure(called.asked == 3, || {
            let asked = called.asked;
            format!(
                "the third of 9 users met {problem:?}, and the directory was asked for {asked} users"
            )
        })?;
        ensure(called.answer.is_err(), || {
            format!("the third user met {problem:?}, and the call is OK")
        })?;
    }
    Ok(())
}

async fn stream_error(lab: Lab) -> Verdict {
    for (what, poison, code) in poisons() {
        let called = raw(&lab, 2, &poison).await?;
        called.failed(&format!("{what} in the stream"), code)?;
    }
    Ok(())
}

async fn made_up(lab: Lab) -> Verdict {
    for (what, poison, _) in poisons() {
        let called = raw(&lab, 2, &poison).await?;
        ensure(called.created == [1, 2], || {
            format!(
                "users 1 and 2 were sent, then {what}: the directory was asked for {} users",
                called.asked
            )
        })?;
    }
    Ok(())
}

/// Bytes that are not a message, sent after two good users, and the code that they cause.
fn poisons() -> [(&'static str, Vec<u8>, Code); 3] {
    // One byte of flag, four of length; see lesson 01.
    let framed =
        |flag: u8, length: u32, body: &[u8]| [&[flag][..], &length.to_be_bytes(), body].concat();
    [
        (
            "a message that is not a user",
            framed(0, 3, &[0xff; 3]),
            Code::Internal,
        ),
        (
            "a message that is too long",
            framed(0, 5_000_000, &[0; 60]),
            Code::OutOfRange,
        ),
        (
            "a compression flag of 7",
            framed(7, 2, &[0; 20]),
            Code::Internal,
        ),
    ]
}

async fn at_third(lab: &Lab, problem: Problem) -> Result<Called, Finding> {
    let script = Script::sound().at(3, problem);
    create(lab, script, (1..=9).map(user).collect()).await
}
