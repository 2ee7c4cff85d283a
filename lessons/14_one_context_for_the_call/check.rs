//! Grades the exercise: subscriptions that are dropped at every point, and groups that end in every way.

#![allow(
    clippy::drop_non_drop,
    reason = "the starter's subscription has nothing to drop yet"
)]

#[path = "check/group.rs"]
mod group;
#[path = "check/peers.rs"]
mod peers;

use tokio::time::{sleep, timeout};
use tonic::{Code, Status};
use workbook::grade::{Check, Finding, Verdict, ensure};
use workbook::lab::Lab;

use super::exercise::Subscription;
use peers::{AN_INSTANT, Act, Count, SECOND, Then, WAIT_LIMIT, serve, source};

pub fn check() -> Check {
    Check::new()
        .expects("sends what the source yields, and returns every reply and the end")
.hint("The source already is a stream of requests.")
.plays(exchanges)
        .expects("returns the status of a call that fails")
.hint("`message()` has three outcomes.")
.plays(fails)
        .expects("is cancelled as soon as it is dropped")
.hint("A call has two streams. What owns the other one, and how does the server learn that the \
             call is cancelled and not finished?")
.plays(dropped)
        .expects("is cancelled when the future of `open` is dropped")
.hint("From which line of your code on does a drop cancel the call?")
.plays(dropped_early)
        .expects("leaves nothing behind when fifty are opened and dropped")
.hint("Whatever one call leaves behind is multiplied by the number of calls.")
.plays(fifty)
        .expects("does not reset a call that has already ended")
.hint("Cancelling a call that has ended has no effect. Does your `drop` do anything else?")
.plays(ended)
        .expects("a group whose members all end well ends well, and runs them at the same time")
.hint("Members are futures, which only run while they are polled. What polls them?")
.plays(group::all_well)
        .expects("the first failure ends the others at once")
.hint("A group that waits for all members waits for the slowest one.")
.plays(group::first_failure)
        .expects("returns every failure of the same instant, and a panic as Internal")
.hint("When the first member fails, others may already have ended. And a task that panics gives \
             a `JoinError`.")
.plays(group::every_failure)
        .expects("dropping the group ends all its members")
.hint("What owns the tasks when the future that waits for them is dropped?")
.plays(group::dropped)
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
        WAIT_LIMIT,
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
    let next = timeout(WAIT_LIMIT, subscription.next()).await;
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
                || format!("instead of reply {number} of {count}, next returned {reply:?}"),
            )?;
        }
        let end = next(&mut subscription).await?;
        ensure(matches!(end, Ok(None)), || {
            format!("after {count} replies, next returned {end:?} instead of the end")
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
        || format!("the call failed with Aborted, and next returned {failed:?}"),
    )
}

async fn dropped(lab: Lab) -> Verdict {
    let quiet = Act::default();
    let talks = Act {
        talks: true,
        ..Act::default()
    };
    for (what, act, count, then) in [
        ("nothing was sent yet", quiet.clone(), 0, Then::Silence),
        (
            "three messages were sent, and the source is silent",
            quiet.clone(),
            3,
            Then::Silence,
        ),
        ("the source sends without an end", quiet, 0, Then::More),
        ("the server sends without a pause", talks, 1, Then::Silence),
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

/// Expects that nothing of the last call is left in this instant, and that the server was told that it
/// is cancelled.
async fn is_cancelled(lab: &Lab, what: &str, alive: &Count, calls: &Count) -> Verdict {
    sleep(AN_INSTANT).await;
    let (sources, calls) = (alive.now(), calls.now());
    ensure(calls == 0, || {
        format!("{what}, and it was dropped: the handler is still alive")
    })?;
    ensure(sources == 0, || {
        format!("{what}, and it was dropped: the source was not dropped")
    })?;
    let last = lab.calls().pop();
    ensure(
        last.as_ref()
            .is_some_and(|call| call.reset.is_some() && !call.request.ended),
        || {
            let seen = last.map_or_else(|| "no call".to_owned(), |call| call.to_string());
            format!("{what}, and it was dropped: the wire shows no cancel: {seen}")
        },
    )
}

async fn dropped_early(lab: Lab) -> Verdict {
    for then in [Then::Silence, Then::More] {
        let (alive, calls) = (Count::default(), Count::default());
        let act = Act {
            opens_after: WAIT_LIMIT,
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
            WAIT_LIMIT,
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
