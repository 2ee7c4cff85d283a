//! What the server is told, when it may stop, and that its own status is returned.

use tonic::{Code, Status};
use workbook::grade::{Verdict, ensure};
use workbook::lab::Lab;

use super::peers::{LIMITS, SECOND, Timetable, listed};
use super::verdicts::{TIMER, said};

pub async fn tells(lab: Lab) -> Verdict {
    let listed = listed(&lab, Timetable::default(), LIMITS).await?;
    let told = listed.told.as_deref().and_then(millis);
    ensure(
        told.is_some_and(|told| (3490..=3500).contains(&told)),
        || match &listed.told {
            Some(told) => format!("the total is 3.5 s, and the server was told {told}"),
            None => "the request had no grpc-timeout".to_owned(),
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

pub async fn stops(lab: Lab) -> Verdict {
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
            format!("{what}: the time was up after {seconds} s, and the server went on")
        })?;
    }
    Ok(())
}

pub async fn passes_on(lab: Lab) -> Verdict {
    const OWN: &str = "the server's own words";
    for (code, words) in [
        (Code::Cancelled, OWN),
        (Code::NotFound, OWN),
        (Code::DeadlineExceeded, OWN),
        (Code::Unavailable, OWN),
        // The status of a server with a timeout of its own.
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
