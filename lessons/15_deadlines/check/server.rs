//! What the server is told, when it may stop, and that its own status is returned.

use workbook::grade::{Check, Script, baseline, ended, ensure, within};

use super::answers::{Answers, numbers};
use super::listed::own_statuses;
use super::peers::Lister;
use super::{HOUR, IDLE, LIMITS, SECOND, Subject, TOTAL};

/// The check, with what is expected of a call as its server sees it.
pub fn check(check: Check, list: Subject) -> Check {
    let quiet = || Script::new().hold();
    check
        .expects("tells the server how much time it has")
        .hint("`Request::set_timeout` does two things. This is the one that you want.")
        .each(
            [("3.5 s", TOTAL), ("100 hours", HOUR * 100)],
            async move |lab, total| Lister::new(&lab, list, (total, IDLE)).await?.lists(numbers(SECOND, 1)).await?.was_told(total),
        )
        .expects("lets the server stop as soon as the time is up")
        .hint("What is dropped when your function returns, and what goes on?")
        .each(
            [
                ("a message a second", Answers::from(numbers(SECOND, 100)), TOTAL),
                ("silence", Answers::from(quiet()), IDLE),
                ("no answer", Answers::after(HOUR, quiet()), IDLE),
            ]
            .map(|(name, answers, due)| (name, (answers, due))),
            async move |lab, (answers, due)| {
                let lister = Lister::new(&lab, list, LIMITS).await?;
                // The first call also starts the connection's own tasks.
                lister.lists(numbers(SECOND, 1)).await?;
                let before = baseline(&lab);
                lister.lists(answers).await?.was_too_late(due)?;
                before.nothing_is_left(&lab).await?;
                lister.has_stopped()
            },
        )
        .expects("lets the server stop as soon as its future is dropped")
        .hint("Whatever your function spawns has to end with it.")
        .each(
            [
                ("before the answer", Answers::after(HOUR, quiet())),
                ("between two messages", Answers::from(numbers(SECOND, 100))),
            ],
            async move |lab, answers| {
                let lister = Lister::new(&lab, list, (HOUR, HOUR)).await?;
                lister.lists(numbers(SECOND, 1)).await?;
                let before = baseline(&lab);
                let given_up = within(SECOND * 5 / 2, "it had not returned", lister.lists(answers)).await;
                ensure(given_up.is_err(), || "it returned, although neither limit was exceeded")?;
                before.nothing_is_left(&lab).await?;
                lister.has_stopped()
            },
        )
        .expects("returns the server's own status unchanged if it comes in time")
        .hint("Not every Cancelled is a timeout. How does your code tell its own timeout from the server's \
               status?")
        .each(own_statuses(), async move |lab, status| {
            for answers in [
                Answers::refuses(SECOND, status.clone()),
                Answers::from(numbers(SECOND, 1).fail(status.clone())),
            ] {
                let listed = Lister::new(&lab, list, LIMITS).await?.lists(answers).await?;
                ended(&listed.result).as_sent(&status)?;
            }
            Ok(())
        })
        .expects("returns the status of a connection that breaks, in the same instant")
        .hint("An error of `message` is how the call ended, too.")
        .plays(async move |lab| {
            let lister = Lister::new(&lab, list, LIMITS).await?;
            let cut = async {
                lab.sleep(SECOND / 2).await;
                lab.cut();
            };
            let (listed, ()) = futures::join!(lister.lists(quiet()), cut);
            listed?.broke_after(SECOND / 2)
        })
}
