//! What is expected of `read_all`, of which streams come from a plain server.

use std::time::Duration;

use tonic::Code;
use workbook::grade::{Check, Script, ended, ensure};

use super::peers::Numbers;
use super::producer::torn;
use super::{DAY, SECOND, Subject};

pub fn check(check: Check, subject: Subject) -> Check {
    check
        .expects("read_all returns every value of a complete stream")
        .hint("`None` is not an error. It is how a complete stream ends, and nothing else is.")
        .silence(DAY * 30)
        .each(
            [
                ("no value", (0, Duration::ZERO)),
                ("3 values", (3, Duration::ZERO)),
                ("5000 values", (5000, Duration::ZERO)),
                ("a value every three days", (3, DAY * 3)),
            ],
            async move |lab, (values, pause)| {
                let script = Script::new().every(pause, 1..=values).wait(pause);
                let replies = Numbers::open(&lab, subject).await?.plain(script).await?;
                let read = (subject.read_all)(replies).await;
                ended(&read).well()?;
                let read = read.unwrap_or_default();
                ensure((1..=values).eq(read.iter().copied()), || {
                    format!("values read: {} instead of {values}", read.len())
                })
            },
        )
        .expects("read_all returns the status of a stream that failed")
        .hint("`while let Ok(Some(_))` leaves the loop for two different reasons.")
        .each(
            (1..=16).map(|code| {
                (
                    format!("{:?} after two values", Code::from(code)),
                    Code::from(code),
                )
            }),
            async move |lab, code| {
                let script = Script::new().send_all(1..=2).fail(torn(code));
                let replies = Numbers::open(&lab, subject).await?.plain(script).await?;
                ended(&(subject.read_all)(replies).await).as_sent(&torn(code))
            },
        )
        .expects("read_all does not take a broken connection for the end")
        .hint("A connection that breaks is an error of the stream, too.")
        .plays(async move |lab| {
            let script = Script::new().send_all(1..=2).hold();
            let replies = Numbers::open(&lab, subject).await?.plain(script).await?;
            let breaks = async {
                lab.sleep(SECOND).await;
                lab.cut();
            };
            let (read, ()) = tokio::join!((subject.read_all)(replies), breaks);
            ensure(read.is_err(), || {
                format!("the connection broke, and what had come was read as {read:?}")
            })
        })
}
