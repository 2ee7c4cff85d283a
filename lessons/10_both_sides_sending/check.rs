//! Grades the exercise: more than the windows hold, servers with habits, and ends of all kinds.

#[path = "check/peers.rs"]
mod peers;

use std::time::Duration;

use tonic::Code;
use workbook::grade::{Check, Finding, Verdict, ensure};
use workbook::lab::Lab;

use peers::{Act, Exchanged, Talk, exchange};

/// The limit in the exercise's text.
const MOST_HELD: usize = 300;

pub fn check() -> Check {
    Check::new()
        .expects("shows a reply to every message, in order")
.hint("If it hangs: which of your awaits keeps it from reading replies, and is the sender \
             dropped when everything is sent? If a reply is missing: what happens to the message \
             of a `next` that is dropped half-way?")
.plays(in_order)
        .expects("exchanges more messages than the windows hold")
.hint("When the windows are full in both directions, which side has to read first?")
.plays(passes)
        .expects("works with a server that reads many messages before it answers one")
.hint("The server may be waiting for your next message, or for the half-close.")
.plays(wants_many)
        .expects("holds at most 300 messages, however slow `show` is")
.hint("Everything that fills while `show` is slow needs a bound: queues, and windows, too.")
.plays(bounded)
        .expects("shows a reply as soon as it comes, even if `next` waits for an hour")
.hint("Which of your two halves waits for the other? And what happens to replies that came \
             before the call failed?")
.plays(shows_at_once)
        .expects("returns the status of a call that fails, even if `next` is still waiting")
.hint("When one of your halves is done, what happens to the other?")
.plays(fails)
        .expects("returns DataLoss when the server ends before it has answered everything")
.hint("`None` means that the server has ended the call. How do you know how many replies there \
             should be?")
.plays(early_end)
        .expects("exchanges three thousand small messages")
.hint("It works for a few messages. What grows with their number, or stops at a limit?")
.plays(many)
}

fn all(exchanged: &Exchanged, count: usize, what: &str) -> Verdict {
    let got = match &exchanged.result {
        Ok(got) => *got,
        Err(status) => {
            let (code, message) = (status.code(), status.message());
            return Err(Finding::seen(format!(
                "{what}: it returned {code:?} {message:?}"
            )));
        }
    };
    let shown = exchanged.shown.len();
    ensure(shown == count, || {
        format!("{what}: {shown} of {count} replies were shown")
    })?;
    let wrong = exchanged
        .shown
        .iter()
        .enumerate()
        .find(|(expected, number)| expected != *number);
    ensure(wrong.is_none(), || {
        let at = wrong.map_or(0, |(expected, _)| expected);
        format!("{what}: reply {at} was not shown in its place")
    })?;
    ensure(got == count, || {
        format!("{what}: it returned {got}, and {count} replies came")
    })
}

async fn in_order(lab: Lab) -> Verdict {
    for count in [0, 1, 50] {
        let talk = Talk {
            count,
            ..Talk::default()
        };
        let exchanged = exchange(&lab, Act::default(), talk).await?;
        all(
            &exchanged,
            count,
            &format!("{} and an echo", messages(count)),
        )?;
    }
    let slow = Talk {
        pause: Duration::from_millis(10),
        ..Talk::default()
    };
    let exchanged = exchange(&lab, Act::default(), slow).await?;
    all(
        &exchanged,
        10,
        "10 messages, each of which takes `next` 10 ms",
    )
}

async fn passes(lab: Lab) -> Verdict {
    for count in [121, 2000] {
        let talk = Talk {
            count,
            size: 1024,
            ..Talk::default()
        };
        let exchanged = exchange(&lab, Act::default(), talk).await?;
        all(&exchanged, count, &format!("{count} messages of 1 KiB"))?;
    }
    Ok(())
}

async fn wants_many(lab: Lab) -> Verdict {
    const COUNT: usize = 60;
    for (reads_first, behind) in [(0, 2), (3, 0), (3, 2), (50, 20)] {
        let act = Act {
            reads_first,
            behind,
            ..Act::default()
        };
        let talk = Talk {
            count: COUNT,
            ..Talk::default()
        };
        let exchanged = exchange(&lab, act, talk).await?;
        all(
            &exchanged,
            COUNT,
            &format!("a server that reads {reads_first} first, and stays {behind} behind"),
        )?;
    }
    Ok(())
}

async fn bounded(lab: Lab) -> Verdict {
    let talk = Talk {
        count: 1500,
        size: 1024,
        show_takes: Duration::from_millis(10),
        ..Talk::default()
    };
    let exchanged = exchange(&lab, Act::default(), talk).await?;
    all(
        &exchanged,
        1500,
        "1,500 messages of 1 KiB, shown at 100 a second",
    )?;
    ensure(exchanged.most_held <= MOST_HELD, || {
        format!(
            "{} messages had been taken whose replies were not shown",
            exchanged.most_held
        )
    })
}

async fn shows_at_once(lab: Lab) -> Verdict {
    let act = Act {
        answers: 2,
        ends_with: Code::Aborted,
        ..Act::default()
    };
    let talk = Talk {
        count: 2,
        ends: false,
        ..Talk::default()
    };
    let exchanged = exchange(&lab, act, talk).await?;
    ensure(exchanged.shown == [0, 1], || {
        format!(
            "two replies came while `next` was waiting, and it showed {:?}",
            exchanged.shown
        )
    })
}

async fn fails(lab: Lab) -> Verdict {
    for (answers, count) in [(0, 1), (3, 3), (3, 500)] {
        let act = Act {
            answers,
            ends_with: Code::ResourceExhausted,
            ..Act::default()
        };
        let talk = Talk {
            count,
            size: 1024,
            ends: false,
            ..Talk::default()
        };
        let exchanged = exchange(&lab, act, talk).await?;
        let place = format!("ResourceExhausted after {answers} replies to {count} messages");
        code(&exchanged, Code::ResourceExhausted, &place)?;
    }
    let act = Act {
        ends_with: Code::Aborted,
        ..Act::default()
    };
    let exchanged = exchange(&lab, act, Talk::default()).await?;
    code(
        &exchanged,
        Code::Aborted,
        "Aborted after the last of all replies",
    )
}

async fn early_end(lab: Lab) -> Verdict {
    for (answers, count, reads_all) in [
        (0, 1, false),
        (7, 10, false),
        (9, 10, false),
        (5, 1000, false),
        (0, 1, true),
        (9, 10, true),
    ] {
        let act = Act {
            answers,
            reads_all,
            ..Act::default()
        };
        let talk = Talk {
            count,
            size: 1024,
            pause: Duration::from_millis(1),
            ..Talk::default()
        };
        let exchanged = exchange(&lab, act, talk).await?;
        let read = if reads_all { ", read to the end" } else { "" };
        let place = format!("{}{read}, {answers} replies and the end", messages(count));
        code(&exchanged, Code::DataLoss, &place)?;
    }
    Ok(())
}

async fn many(lab: Lab) -> Verdict {
    // Small ones, so that the check is quick; the scene `many` exchanges 100,000.
    let count = 3_000;
    let talk = Talk {
        count,
        ..Talk::default()
    };
    let exchanged = exchange(&lab, Act::default(), talk).await?;
    all(&exchanged, count, "3,000 small messages")
}

fn messages(count: usize) -> String {
    match count {
        1 => "1 message".to_owned(),
        _ => format!("{count} messages"),
    }
}

fn code(exchanged: &Exchanged, code: Code, place: &str) -> Verdict {
    let holds = exchanged
        .result
        .as_ref()
        .is_err_and(|status| status.code() == code);
    ensure(holds, || match &exchanged.result {
        Ok(got) => format!("{place}: it returned Ok({got})"),
        Err(status) => format!(
            "{place}: it returned {:?} {:?}",
            status.code(),
            status.message()
        ),
    })
}
