//! When `run` returns.

use std::time::Duration;

use workbook::grade::{Check, after, baseline};

use super::held::Held;
use super::process::Process;
use super::{DEADLINE, SECOND, Subject};

pub fn check(check: Check, subject: Subject) -> Check {
    check
        .expects("returns within a second of the end of the last call")
        .hint("What tells your code that nothing is left to wait for?")
        .each(
            [
                ("nothing is open", Held::Nothing, Duration::ZERO),
                ("a connection is idle", Held::Idle, Duration::ZERO),
                ("a stream is open", Held::Stream, Duration::ZERO),
                ("a connection has broken", Held::Broken, Duration::ZERO),
                ("a greeting takes 2 s", Held::Greeting("2"), SECOND * 2),
            ]
            .map(|(name, held, due)| (name, (held, due))),
            async move |lab, (held, due)| {
                let before = baseline(&lab);
                let mut server = Process::start(&lab, subject)?;
                let held = held.by(&lab).await?;
                server.signalled();
                after(server.returned().await?, "`run` returned").at_most(due + SECOND)?;
                drop(held);
                before.nothing_is_left(&lab).await
            },
        )
        .expects("returns within 5 s of the signal, whatever its clients do")
        .hint("Who decides that a call ends, if the client never does?")
        .each(
            [
                ("a client does not read", Held::Unread),
                ("a client has vanished", Held::Vanished),
                ("a client hears everything, and is not heard", Held::Unheard),
                ("a connection has never sent a byte", Held::Silent),
                ("a greeting takes an hour", Held::Greeting("3600")),
                ("an upload goes on for an hour", Held::Upload("3600")),
            ],
            async move |lab, held| {
                let mut server = Process::start(&lab, subject)?;
                let held = held.by(&lab).await?;
                lab.sleep(SECOND * 7).await;
                server.signalled();
                let took = server.returned().await?;
                drop(held);
                after(took, "`run` returned").at_most(DEADLINE)
            },
        )
}
