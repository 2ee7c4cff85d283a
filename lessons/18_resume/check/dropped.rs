//! What is left when the future of `follow` is dropped.

use tonic::Code;
use workbook::grade::{Check, baseline, ended};

use super::kept::Kept;
use super::plan::{Plan, Then, answered, unanswered};
use super::stage::Stage;
use super::{EVENTS, SECOND, Subject};

/// The check, with what is expected of a future that is dropped.
pub fn check(check: Check, follow: Subject) -> Check {
    check
        .expects("notes an event as soon as it has been handed over")
        .hint("What does your code wait for between the end of `hand_over` and `note`?")
        .plays(async move |lab| {
            let plan = Plan::of(EVENTS, [answered(3, Then::Silent)]);
            let stage = Stage::open(&lab, follow, plan).await?;
            let inbox = Kept::default();
            stage.follows_for(&inbox, SECOND * 2).await?;
            inbox.has_all_to(3)
        })
        .expects("loses no event when its future is dropped while it hands one over")
        .hint("What does the inbox believe after `note`, and is it true at that moment?")
        .plays(async move |lab| {
            let stage = Stage::open(&lab, follow, Plan::of(EVENTS, []).every(SECOND)).await?;
            let inbox = Kept::that_takes(SECOND / 10);
            // The third event comes after three seconds, and takes a tenth of one.
            stage.follows_for(&inbox, SECOND * 3 + SECOND / 20).await?;
            inbox.was_noted_in_time()?;
            inbox.has_all_to(2)?;
            ended(&stage.follows(&inbox).await?).well()?;
            inbox.has_all_to(EVENTS)
        })
        .expects("leaves nothing behind when its future is dropped")
        .hint("Is there a task that nothing ends?")
        .each(
            [
                ("between two events", answered(3, Then::Silent)),
                ("unanswered", unanswered(Then::Silent)),
                ("while it waits", unanswered(Then::Fails(Code::Unavailable))),
            ],
            async move |lab, act| {
                let stage = Stage::open(&lab, follow, Plan::of(EVENTS, [act; 20])).await?;
                drop(stage.bystander().await?);
                lab.sleep(SECOND).await;
                let before = baseline(&lab);
                let inbox = Kept::default();
                stage.follows_for(&inbox, SECOND * 2).await?;
                before.nothing_is_left(&lab).await
            },
        )
}
