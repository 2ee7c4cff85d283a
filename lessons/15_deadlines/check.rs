//! Grades the exercise: servers with timetables, and two clocks.

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
use peers::{Timetable, listed};
use server::{passes_on, stops, tells};
use verdicts::is_too_late;

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
