//! Grades the exercise: servers with timetables, and two time limits.

#[path = "check/peers.rs"]
mod peers;
#[path = "check/server.rs"]
mod server;
#[path = "check/verdicts.rs"]
mod verdicts;

use std::time::Duration;

use workbook::grade::{Check, Finding, Verdict, ensure};
use workbook::lab::Lab;

use super::exercise::Limits;
use peers::{LIMITS, SECOND, Timetable, listed};
use server::{passes_on, stops, tells};
use verdicts::is_too_late;

/// A `select!` without `biased` polls its branches in random order, so when two timers fire in one
/// instant it is right half of the time. It is not right this many times in a row.
const RACES: usize = 64;

pub fn check() -> Check {
    Check::new()
        .expects("shows every value of a stream that keeps both limits")
.hint("Call `List`, and read with `message` to the end.")
.plays(in_time)
        .expects("ends with DeadlineExceeded after the total, even if messages keep coming")
.hint("Until which point of the call does the timer of `set_timeout` run?")
.plays(total)
        .expects("ends with DeadlineExceeded after the longest silence")
.hint("The idle limit restarts with each message. The total does not.")
.plays(idle)
        .expects("both limits also hold while the call is unanswered")
.hint("The call's own `.await` is the first silence. And when two timers fire in one instant, \
             which of them does your code poll first?")
.plays(unanswered)
        .expects("tells the server how much time it has")
.hint("`Request::set_timeout` does two things. This is the one that you want.")
.plays(tells)
        .expects("lets the server stop as soon as the time is up")
.hint("What is dropped when your function returns?")
.plays(stops)
        .expects("returns the server's own status unchanged if it comes in time")
.hint("Not every Cancelled is a timeout. How does your code tell its own timeout from the server's \
             status?")
.plays(passes_on)
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
            "a message every {} s, total 3.5 s, idle 2 s",
            pause.as_secs_f64()
        );
        is_too_late(&listed, &what, LIMITS.total)?;
        // The message that is due in the same instant may be shown or not.
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
    for _ in 0..RACES {
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
