//! Grades the exercise: subscriptions that are dropped at every point, and groups that end in every way.

#![allow(
    clippy::drop_non_drop,
    reason = "the starter's subscription has nothing to drop yet"
)]

#[path = "check/group.rs"]
mod group;
#[path = "check/peers.rs"]
mod peers;

use std::time::Duration;

use tokio::time::{sleep, timeout};
use tonic::{Code, Status};
use workbook::grade::{Check, Finding, Verdict, ensure};
use workbook::lab::Lab;

use super::exercise::Subscription;
use peers::{Act, Count, Then, serve, source};

/// Nothing below takes longer than this, in virtual time.
const LONG: Duration = Duration::from_secs(600);

/// What counts as the same instant: some turns of the runtime, and no timer of a second.
const AN_INSTANT: Duration = Duration::from_millis(5);

const SECOND: Duration = Duration::from_secs(1);

/// All that is expected of the exercise.
pub fn check() -> Check {
    Check::new()
        .expects(
            "sends what the source gives, and gives every reply and the end",
            "The source is a stream of requests as it is.",
            exchanges,
        )
        .expects(
            "gives the status of a call that fails",
            "`message()` has three outcomes.",
            fails,
        )
        .expects(
            "is cancelled in the same instant, when it is dropped",
            "A call has two streams. Who owns the other one, and how does the server hear that it is \
             not finished but given up?",
            dropped,
        )
        .expects(
            "is cancelled when it is dropped before it is open",
            "From which line on is there something that cancels?",
            dropped_early,
        )
        .expects(
            "fifty are opened and dropped, and nothing is left",
            "What is left of one is multiplied.",
            fifty,
        )
        .expects(
            "leaves a call alone that has ended by itself",
            "A cancel after the end disturbs nobody, if it is not a send.",
            ended,
        )
        .expects(
            "a group of members that end well ends well, and runs them at the same time",
            "They are futures: who polls them?",
            group::all_well,
        )
        .expects(
            "the first failure ends the others at once",
            "Whoever waits for all of them waits for the slowest.",
            group::first_failure,
        )
        .expects(
            "returns every failure of the same instant, and a panic as Internal",
            "When the first has failed, some may be done already. And a task that panics is a \
             `JoinError`.",
            group::every_failure,
        )
        .expects(
            "dropping the group ends all its members",
            "Who owns the tasks, when nobody waits for them any more?",
            group::dropped,
        )
}

async fn opened(
    lab: &Lab,
    act: Act,
    count: usize,
    then: Then,
    alive: &Count,
    calls: &Count,
) -> Result<Subscription, Finding> {
    let channel = serve(lab, act, calls).await?;
    let opened = timeout(
        LONG,
        Subscription::open(channel, source(count, then, alive)),
    )
    .await;
    opened
        .map_err(|_| Finding::seen("open had not returned after 10 minutes"))?
        .map_err(|status| {
            Finding::seen(format!(
                "open failed with {:?} {:?}",
                status.code(),
                status.message()
            ))
        })
}

async fn next(subscription: &mut Subscription) -> Result<Result<Option<String>, Status>, Finding> {
    let next = timeout(LONG, subscription.next()).await;
    let next = next.map_err(|_| Finding::seen("next had not returned after 10 minutes"))?;
    Ok(next.map(|reply| reply.map(|reply| reply.content)))
}

async fn exchanges(lab: Lab) -> Verdict {
    for count in [0, 1, 50] {
        let (alive, calls) = (Count::default(), Count::default());
        let mut subscription =
            opened(&lab, Act::default(), count, Then::End, &alive, &calls).await?;
        for number in 0..count {
            let reply = next(&mut subscription).await?;
            ensure(
                matches!(&reply, Ok(Some(text)) if *text == number.to_string()),
                || format!("instead of the reply {number} of {count} came {reply:?}"),
            )?;
        }
        let end = next(&mut subscription).await?;
        ensure(matches!(end, Ok(None)), || {
            format!("after {count} replies came {end:?} instead of the end")
        })?;
    }
    Ok(())
}

async fn fails(lab: Lab) -> Verdict {
    let (alive, calls) = (Count::default(), Count::default());
    let act = Act {
        fails_after: Some(2),
        ..Act::default()
    };
    let mut subscription = opened(&lab, act, 5, Then::Silence, &alive, &calls).await?;
    for _ in 0..2 {
        let _ = next(&mut subscription).await?;
    }
    let failed = next(&mut subscription).await?;
    ensure(
        failed
            .as_ref()
            .is_err_and(|status| status.code() == Code::Aborted),
        || format!("the call failed with Aborted, and next gave {failed:?}"),
    )
}

async fn dropped(lab: Lab) -> Verdict {
    let quiet = Act::default();
    let talks = Act {
        talks: true,
        ..Act::default()
    };
    for (what, act, count, then) in [
        ("nothing was said yet", quiet.clone(), 0, Then::Silence),
        (
            "three messages were sent, and the source is silent",
            quiet.clone(),
            3,
            Then::Silence,
        ),
        ("the source goes on and on", quiet, 0, Then::More),
        ("the server talks all the time", talks, 1, Then::Silence),
    ] {
        let (alive, calls) = (Count::default(), Count::default());
        let mut subscription = opened(&lab, act, count, then, &alive, &calls).await?;
        if count > 0 {
            let _ = next(&mut subscription).await?;
        }
        sleep(SECOND).await;
        drop(subscription);
        is_cancelled(&lab, what, &alive, &calls).await?;
    }
    Ok(())
}

/// In this instant nothing may be left of the last call, and the server must know that it was given up.
async fn is_cancelled(lab: &Lab, what: &str, alive: &Count, calls: &Count) -> Verdict {
    sleep(AN_INSTANT).await;
    let (sources, calls) = (alive.now(), calls.now());
    ensure(calls == 0, || {
        format!("{what}, and it was dropped: the server's call lives on")
    })?;
    ensure(sources == 0, || {
        format!("{what}, and it was dropped: the source was not")
    })?;
    let last = lab.calls().pop();
    ensure(
        last.as_ref()
            .is_some_and(|call| call.reset.is_some() && !call.request.ended),
        || {
            let seen = last.map_or_else(|| "no call".to_owned(), |call| call.to_string());
            format!("{what}, and it was dropped: on the wire it is no cancel: {seen}")
        },
    )
}

async fn dropped_early(lab: Lab) -> Verdict {
    for then in [Then::Silence, Then::More] {
        let (alive, calls) = (Count::default(), Count::default());
        let act = Act {
            opens_after: LONG,
            ..Act::default()
        };
        let channel = serve(&lab, act, &calls).await?;
        let open = timeout(SECOND, Subscription::open(channel, source(1, then, &alive))).await;
        ensure(open.is_err(), || {
            "open returned, and the server had not answered yet".to_owned()
        })?;
        is_cancelled(&lab, "the server had not answered", &alive, &calls).await?;
    }
    Ok(())
}

async fn fifty(lab: Lab) -> Verdict {
    let (alive, calls) = (Count::default(), Count::default());
    let channel = serve(&lab, Act::default(), &calls).await?;
    sleep(AN_INSTANT).await;
    let before = lab.meter().census();
    for _ in 0..50 {
        let opened = timeout(
            LONG,
            Subscription::open(channel.clone(), source(1, Then::Silence, &alive)),
        )
        .await;
        drop(opened);
    }
    sleep(AN_INSTANT).await;
    let tasks = lab.meter().census().since(before).tasks;
    let (sources, open, calls) = (alive.now(), lab.open_calls().len(), calls.now());
    ensure(tasks + sources + open + calls == 0, || {
        format!(
            "50 were opened and dropped: tasks left {tasks}, sources {sources}, calls on the wire {open}, at the server {calls}"
        )
    })
}

async fn ended(lab: Lab) -> Verdict {
    let (alive, calls) = (Count::default(), Count::default());
    let mut subscription = opened(&lab, Act::default(), 2, Then::End, &alive, &calls).await?;
    while let Ok(Some(_)) = next(&mut subscription).await? {}
    drop(subscription);
    sleep(AN_INSTANT).await;
    let last = lab.calls().pop();
    let was_reset = last.is_some_and(|call| call.reset.is_some());
    ensure(!was_reset, || {
        "both sides had ended, and the call was reset".to_owned()
    })
}
