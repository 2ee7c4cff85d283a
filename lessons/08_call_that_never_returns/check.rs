//! Grades the exercise: with servers that read before they answer, and with an endless source.

#[path = "check/followed.rs"]
mod followed;
#[path = "check/peers.rs"]
mod peers;

use std::time::Duration;

use tokio::time::{Instant, timeout};
use tonic::{Code, Status};
use workbook::grade::{Check, Finding, Verdict, ensure};
use workbook::lab::Lab;

use super::exercise::follow;
use followed::{PATIENCE, RETURNS_WITHIN, played, played_from, served, silent};
use peers::{Act, Counts};

/// How far the source may be ahead of the server: the bound in the exercise's text.
const MOST_AHEAD: usize = 128;

pub fn check() -> Check {
    Check::new()
        .expects("is answered by a server that wants a message first").hint("What is the server waiting for, and what are you waiting for before you send it?").plays(async |lab: Lab| served(&lab, Act::default()).await.map(drop))
        .expects("is answered by a server that wants 1,000 messages first")
.hint("However much you queue before the call, this server wants more.")
.plays(wants_many)
        .expects("shows every reply, in order, and returns when the server ends the call")
.hint("Replies come until `None`. The source never ends, so what ends the sending?")
.plays(shows)
        .expects("makes one call, and waits for its answer")
.hint("A second call starts again from nothing: the server has not read any message of it.")
.plays(one_call)
        .expects("never takes more than 128 messages ahead of the server")
.hint("Every queue needs a bound, and the messages in tonic's buffer and in the window count, \
             too. Which code should wait when they are full?")
.plays(bounded)
        .expects("gives up a call that is not answered within its patience")
.hint("How long may the answer take? And what happens to the call when your code stops \
             awaiting it?")
.plays(gives_up)
        .expects("does not give up a call that has been answered")
.hint("The patience limits the wait for the answer, not the conversation after it.")
.plays(lasts)
        .expects("returns the server's status, before and after the answer")
.hint("The call can fail, and so can the stream of its replies.")
.plays(fails)
        .expects("drops the source when the call is over")
.hint("A task that sends does not end by itself when the call ends.")
.plays(lets_go)
}

async fn wants_many(lab: Lab) -> Verdict {
    for wants in [5, 100, 1000] {
        served(
            &lab,
            Act {
                wants,
                ..Act::default()
            },
        )
        .await?;
    }
    Ok(())
}

async fn shows(lab: Lab) -> Verdict {
    for echoes in [0, 1, 200] {
        let followed = served(
            &lab,
            Act {
                wants: 2,
                echoes,
                ..Act::default()
            },
        )
        .await?;
        let expected: Vec<String> = (2..echoes + 2).map(|number| number.to_string()).collect();
        ensure(followed.shown == expected, || {
            let (count, first) = (followed.shown.len(), followed.shown.first());
            format!(
                "{echoes} replies came, from the third message on; shown: {count}, first {first:?}"
            )
        })?;
    }
    Ok(())
}

async fn one_call(lab: Lab) -> Verdict {
    let opens_after = PATIENCE - Duration::from_secs(1);
    let act = Act {
        opens_after,
        ..Act::default()
    };
    let followed = played(&lab, act).await?;
    let calls = lab.calls().len();
    ensure(calls == 1, || {
        format!("a server that answers after 29 s saw {calls} calls")
    })?;
    followed
        .ended_well("a server that answers after 29 s")
        .map(drop)
}

async fn bounded(lab: Lab) -> Verdict {
    let second = Duration::from_secs(1);
    let late = Act {
        opens_after: second * 20,
        ..Act::default()
    };
    let slow = Act {
        pace: second,
        echoes: 100,
        ..Act::default()
    };
    for (what, act) in [
        ("answers after 20 s", late),
        ("reads a message a second", slow),
    ] {
        let followed = played(&lab, act).await?;
        let ahead = followed.counts.most_ahead();
        ensure(ahead <= MOST_AHEAD, || {
            format!("a server that {what} was {ahead} messages behind the source")
        })?;
    }
    Ok(())
}

async fn gives_up(lab: Lab) -> Verdict {
    let never = Act {
        wants: usize::MAX,
        ..Act::default()
    };
    let opens_late = Act {
        opens_after: PATIENCE * 2,
        ..Act::default()
    };
    for (what, act) in [("never answers", never), ("answers after 60 s", opens_late)] {
        let start = Instant::now();
        // The first would read for ever, as fast as the source gives. A silent server stands in for it.
        let followed = if act.wants == usize::MAX {
            silent(&lab).await?
        } else {
            played(&lab, act).await?
        };
        followed.failed(&format!("a server that {what}"), Code::DeadlineExceeded)?;
        let took = start.elapsed();
        ensure(
            took >= PATIENCE && took < PATIENCE + Duration::from_secs(1),
            || {
                format!(
                    "with a patience of 30 s it gave up after {} s",
                    took.as_secs()
                )
            },
        )?;
        let open = lab.open_calls();
        ensure(open.is_empty(), || {
            format!("it returned, and the call is still open: {}", open)
        })?;
    }
    Ok(())
}

async fn lasts(lab: Lab) -> Verdict {
    // In the second, every pause is longer than the patience.
    for (pace, echoes) in [(10, 12), (40, 3)] {
        let act = Act {
            pace: Duration::from_secs(pace),
            echoes,
            ..Act::default()
        };
        let what =
            format!("a conversation of two minutes, answered at once, a reply every {pace} s");
        let followed = played(&lab, act).await?.ended_well(&what)?;
        ensure(followed.shown.len() == echoes, || {
            format!(
                "{what}: of {echoes} replies {} were shown",
                followed.shown.len()
            )
        })?;
    }
    Ok(())
}

async fn fails(lab: Lab) -> Verdict {
    for code in [Code::PermissionDenied, Code::Cancelled] {
        for (echoes, refuses) in [(0, true), (0, false), (3, false)] {
            let act = Act {
                echoes,
                fails: Some(Status::new(code, "you are not on the list")),
                refuses,
                ..Act::default()
            };
            let what = if refuses {
                format!("{code:?} instead of an answer")
            } else {
                format!("{code:?} after {echoes} replies")
            };
            played(&lab, act).await?.failed(&what, code)?;
        }
    }
    lab.cut();
    let server = lab
        .serve(tonic::transport::Server::builder().add_routes(tonic::service::Routes::default()));
    let channel = lab
        .channel()
        .await
        .map_err(|error| Finding::seen(format!("no connection: {error}")))?;
    let counts = Counts::default();
    let result = timeout(
        RETURNS_WITHIN,
        follow(channel, counts.source(), PATIENCE, drop),
    )
    .await;
    drop(server);
    let code = result
        .ok()
        .and_then(Result::err)
        .map(|status| status.code());
    ensure(code == Some(Code::Unimplemented), || {
        format!("a server that refuses the call with Unimplemented: it returned {code:?}")
    })
}

async fn lets_go(lab: Lab) -> Verdict {
    let fails = Act {
        fails: Some(Status::unavailable("closing time")),
        ..Act::default()
    };
    // As many as the server reads before it ends, and not one more.
    let silent = Counts::of_source(4);
    for (what, act, counts) in [
        ("", Act::default(), Counts::default()),
        ("", fails, Counts::default()),
        (", which had fallen silent", Act::default(), silent),
    ] {
        let followed = played_from(&lab, act, counts).await?;
        // `counts` holds one reference.
        ensure(!followed.counts.source_is_held(1), || {
            format!("the call was over, and something still held the source{what}")
        })?;
    }
    Ok(())
}
