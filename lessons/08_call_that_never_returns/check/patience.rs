//! How long the exercise waits for an answer, and for what it does not limit its wait.

use std::time::Duration;

use tonic::Code;
use workbook::grade::{Check, Peer, after, ended};

use super::peers::Call;
use super::source::Gives;
use super::{HOUR, PATIENCE, SECOND, Subject};

/// Adds when a call is given up.
pub fn check(check: Check, follow: Subject) -> Check {
    check
        .expects("gives up a call that is not answered within its patience")
        .hint(
            "How long may the answer take? And what happens to the call when your code stops \
             awaiting it?",
        )
        .silence(HOUR * 24)
        .each(
            [
                (
                    "no patience",
                    (
                        Duration::ZERO,
                        Peer::new().answers_after(SECOND).ends_after(1),
                        Gives::ALL,
                    ),
                ),
                (
                    "a patience of 0.5 s",
                    (SECOND / 2, Peer::new().answers_after(HOUR), Gives::ALL),
                ),
                (
                    "a patience of 30 s",
                    (
                        PATIENCE,
                        Peer::new().answers_after(PATIENCE * 2),
                        Gives::ALL,
                    ),
                ),
                (
                    "a patience of ten hours",
                    (HOUR * 10, Peer::new().answers_after(HOUR * 20), Gives::ALL),
                ),
                (
                    "a server that reads a message every 10 s, and never answers",
                    (
                        PATIENCE,
                        Peer::new().wants(usize::MAX),
                        Gives {
                            most: 100,
                            pace: SECOND * 10,
                        },
                    ),
                ),
            ],
            async move |lab, (patience, server, gives)| {
                let call = Call::to(&lab, follow, server).await?;
                let followed = call.run_with(patience, gives).await?;
                ended(&followed.result).with(Code::DeadlineExceeded)?;
                after(followed.took, "it gave up").is(patience)?;
                call.is_over().await
            },
        )
        .expects("does not give up a call that has been answered")
        .hint("The patience limits the wait for the answer, not the conversation after it.")
        .silence(HOUR * 24)
        .each(
            [
                ("a reply every 10 s", (SECOND * 10, Gives::ALL)),
                ("a reply every 40 s", (SECOND * 40, Gives::ALL)),
                ("a reply every ten hours", (HOUR * 10, Gives::ALL)),
                (
                    "a message of the source every ten hours",
                    (Duration::ZERO, Gives::every(HOUR * 10)),
                ),
            ],
            async move |lab, (pace, gives)| {
                let server = Peer::new().reads_every(pace).ends_after(3);
                let call = Call::to(&lab, follow, server).await?;
                call.run_with(PATIENCE, gives).await?.showed_echoes(3)?;
                call.has_no_deadline()
            },
        )
}
