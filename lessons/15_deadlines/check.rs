//! Grades the exercise: servers with timetables, and two clocks.

#[path = "check/peers.rs"]
mod peers;

use std::time::Duration;

use tonic::{Code, Status};
use workbook::grade::{Check, Finding, Verdict, ensure};
use workbook::lab::Lab;

use super::exercise::Limits;
use peers::{Listed, Timetable, listed};

const SECOND: Duration = Duration::from_secs(1);

/// A `select!` without `biased` asks its branches in an order of chance. Where two clocks ring in one
/// instant it is right every other time: so often it is not.
const OFTEN: usize = 64;

const LIMITS: Limits = Limits {
    total: Duration::from_millis(3500),
    idle: Duration::from_secs(2),
};

/// All that is expected of the exercise.
pub fn check() -> Check {
    Check::new()
        .expects(
            "shows every value of a stream that keeps both limits",
            "`List` and `message`, to the end.",
            in_time,
        )
        .expects(
            "ends with DeadlineExceeded after the total, though messages keep coming",
            "Up to when does `set_timeout` look at the clock?",
            total,
        )
        .expects(
            "ends with DeadlineExceeded after the longest silence",
            "The silence begins anew with each message. The total does not.",
            idle,
        )
        .expects(
            "both limits hold while the call is not answered, too",
            "The call's own `.await` is the first silence. And where two clocks ring in one instant, \
             which of them do you ask first?",
            unanswered,
        )
        .expects(
            "tells the server how much time there is",
            "`Request::set_timeout` does two things. This is the one that you want.",
            tells,
        )
        .expects(
            "lets the server stop in the instant in which the time is up",
            "What is dropped when your function returns?",
            stops,
        )
        .expects(
            "passes on whatever status the server gives in time",
            "Not every Cancelled is a timeout, and not every error is yours.",
            passes_on,
        )
}

async fn in_time(lab: Lab) -> Verdict {
    for pauses in [
        vec![],
        vec![SECOND],
        vec![SECOND; 3],
        vec![Duration::ZERO; 500],
        vec![SECOND * 19 / 10; 1],
    ] {
        let count = pauses.len();
        let listed = listed(
            &lab,
            Timetable {
                pauses,
                ..Timetable::default()
            },
            LIMITS,
        )
        .await?;
        if let Err(status) = &listed.result {
            let (code, message) = (status.code(), status.message());
            return Err(Finding::seen(format!(
                "a stream of {count} that keeps both limits: {code:?} {message:?}"
            )));
        }
        let expected: Vec<i32> = (1..).take(count).collect();
        ensure(listed.shown == expected, || {
            format!("of {count} values {} were shown", listed.shown.len())
        })?;
    }
    Ok(())
}

async fn total(lab: Lab) -> Verdict {
    for pause in [SECOND, SECOND / 10] {
        let pauses = vec![pause; 200];
        let listed = listed(
            &lab,
            Timetable {
                pauses,
                ..Timetable::default()
            },
            LIMITS,
        )
        .await?;
        let what = format!(
            "a message each {} s, total 3.5 s, idle 2 s",
            pause.as_secs_f64()
        );
        is_too_late(&listed, &what, LIMITS.total)?;
        // The one that is due in the same instant may come or not.
        let due = if pause == SECOND { 3 } else { 34 };
        ensure(listed.shown.len() >= due, || {
            format!(
                "{what}: {} values were shown, {due} came in time",
                listed.shown.len()
            )
        })?;
    }
    Ok(())
}

async fn idle(lab: Lab) -> Verdict {
    let half = SECOND / 2;
    for (pauses, after) in [
        (vec![half, half, SECOND * 60], half * 2 + LIMITS.idle),
        (vec![SECOND * 60], LIMITS.idle),
        (vec![half, SECOND * 60], half + LIMITS.idle),
    ] {
        let what = format!(
            "{} messages, then silence, total 3.5 s, idle 2 s",
            pauses.len() - 1
        );
        let shown = pauses.len() - 1;
        let listed = listed(
            &lab,
            Timetable {
                pauses,
                ..Timetable::default()
            },
            LIMITS,
        )
        .await?;
        is_too_late(&listed, &what, after)?;
        ensure(listed.shown.len() == shown, || {
            format!("{what}: {} values were shown", listed.shown.len())
        })?;
    }
    Ok(())
}

async fn unanswered(lab: Lab) -> Verdict {
    let never = Timetable {
        opens_after: SECOND * 3600,
        ..Timetable::default()
    };
    let listed_never = listed(&lab, never.clone(), LIMITS).await?;
    is_too_late(
        &listed_never,
        "a call that is not answered, total 3.5 s, idle 2 s",
        LIMITS.idle,
    )?;
    let patient = Limits {
        idle: SECOND * 60,
        ..LIMITS
    };
    for _ in 0..OFTEN {
        let listed_never = listed(&lab, never.clone(), patient).await?;
        is_too_late(
            &listed_never,
            "a call that is not answered, total 3.5 s, idle 60 s",
            LIMITS.total,
        )?;
    }
    let late = Timetable {
        opens_after: SECOND * 3 / 2,
        pauses: vec![SECOND; 20],
        ..Timetable::default()
    };
    let listed_late = listed(&lab, late, LIMITS).await?;
    is_too_late(
        &listed_late,
        "a call answered after 1.5 s, then a message a second, total 3.5 s",
        LIMITS.total,
    )
}

async fn tells(lab: Lab) -> Verdict {
    let listed = listed(&lab, Timetable::default(), LIMITS).await?;
    let told = listed.told.as_deref().and_then(millis);
    ensure(
        told.is_some_and(|told| (3490..=3500).contains(&told)),
        || match &listed.told {
            Some(told) => format!("the total is 3.5 s, and the server was told {told}"),
            None => "the server was not told".to_owned(),
        },
    )
}

/// Milliseconds of a grpc-timeout.
fn millis(text: &str) -> Option<u64> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let amount: u64 = digits.parse().ok()?;
    Some(match unit {
        "S" => amount * 1000,
        "m" => amount,
        "u" => amount / 1000,
        "n" => amount / 1_000_000,
        _ => return None,
    })
}

async fn stops(lab: Lab) -> Verdict {
    let steady = Timetable {
        pauses: vec![SECOND; 100],
        ..Timetable::default()
    };
    let silent = Timetable {
        pauses: vec![SECOND * 3600],
        ..Timetable::default()
    };
    let unanswered = Timetable {
        opens_after: SECOND * 3600,
        ..Timetable::default()
    };
    for (what, timetable, after) in [
        ("a message a second", steady, LIMITS.total),
        ("silence", silent, LIMITS.idle),
        ("no answer", unanswered, LIMITS.idle),
    ] {
        let listed = listed(&lab, timetable, LIMITS).await?;
        let took = listed.server_took;
        ensure(took.is_some_and(|took| took < after + SECOND / 100), || {
            let seconds = after.as_secs_f64();
            format!("{what}: the time was up after {seconds} s, and the server goes on")
        })?;
    }
    Ok(())
}

async fn passes_on(lab: Lab) -> Verdict {
    const OWN: &str = "the server's own words";
    for (code, words) in [
        (Code::Cancelled, OWN),
        (Code::NotFound, OWN),
        (Code::DeadlineExceeded, OWN),
        (Code::Unavailable, OWN),
        // What a server with a timeout of its own says.
        (Code::Cancelled, TIMER),
    ] {
        for refuses in [true, false] {
            let fails = Some(Status::new(code, words));
            let pauses = vec![SECOND];
            let listed = listed(
                &lab,
                Timetable {
                    pauses,
                    fails,
                    refuses,
                    ..Timetable::default()
                },
                LIMITS,
            )
            .await?;
            let is_same = listed
                .result
                .as_ref()
                .is_err_and(|status| status.code() == code && status.message() == words);
            ensure(is_same, || {
                let got = said(&listed.result);
                format!("the server's {code:?} {words:?} was returned as {got}")
            })?;
        }
    }
    Ok(())
}

fn is_too_late(listed: &Listed, what: &str, after: Duration) -> Verdict {
    let seconds = after.as_secs_f64();
    let is_deadline = listed
        .result
        .as_ref()
        .is_err_and(|status| status.code() == Code::DeadlineExceeded);
    ensure(is_deadline, || {
        let took = listed.took.as_secs_f64();
        let got = said(&listed.result);
        let whose = match &listed.result {
            Err(status) if status.message() == TIMER => ", which is what tonic's own timer says",
            _ => "",
        };
        format!("{what}: it returned {got} after {took} s{whose}")
    })?;
    let slack = SECOND / 100;
    ensure(
        listed.took + slack >= after && listed.took <= after + slack,
        || {
            let took = listed.took.as_secs_f64();
            format!("{what}: it ended after {took} s instead of {seconds} s")
        },
    )
}

/// What tonic's timers say, at the client and at the server.
const TIMER: &str = "Timeout expired";

fn said(result: &Result<(), Status>) -> String {
    match result {
        Ok(()) => "Ok".to_owned(),
        Err(status) => format!("{:?} {:?}", status.code(), status.message()),
    }
}
