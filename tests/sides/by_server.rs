//! The ends that a server makes. The client reads a response stream.

use std::time::Duration;

use tokio::time::{sleep, timeout};
use workbook::lab::Lab;
use workbook::proto::stream::StreamRequest;

use super::service::{End, client};
use super::{Notes, failed, row, said};

const SECOND: Duration = Duration::from_secs(1);

pub fn rows() -> String {
    [
        row("the response stream ends", |lab, notes| {
            list(lab, notes, End::Well)
        }),
        row("an item of it is `Err(status)`", |lab, notes| {
            list(lab, notes, End::WithAnError)
        }),
        row("the handler returns `Err(status)`", |lab, notes| {
            list(lab, notes, End::Refused)
        }),
        row("the handler panics", |lab, notes| {
            list(lab, notes, End::HandlerPanics)
        }),
        row("the stream panics", |lab, notes| {
            list(lab, notes, End::StreamPanics)
        }),
        row("the task that produces the items panics", |lab, notes| {
            list(lab, notes, End::TaskPanics)
        }),
        row("a message is over the client's limit", |lab, notes| {
            list(lab, notes, End::TooLong)
        }),
        row("the connection breaks", breaks),
        row("the server vanishes; the client has a keepalive", vanishes),
    ]
    .concat()
}

async fn list(lab: Lab, notes: Notes, end: End) -> String {
    read(&lab, &notes, end, |_| {}).await
}

async fn breaks(lab: Lab, notes: Notes) -> String {
    read(&lab, &notes, End::Never, Lab::cut).await
}

async fn vanishes(lab: Lab, notes: Notes) -> String {
    read(&lab, &notes, End::Never, Lab::partition).await
}

/// Reads to what is no message, and once more. What it sees: the end, and how often the same.
async fn read(lab: &Lab, notes: &Notes, end: End, fault: fn(&Lab)) -> String {
    let mut client = client(lab, notes, end).await;
    let seen = match client.list(StreamRequest::default()).await {
        Err(status) => format!("the call is {}", failed(&status)),
        Ok(replies) => {
            let mut replies = replies.into_inner();
            let mut got = 0;
            let last = loop {
                if got == 3 {
                    fault(lab);
                }
                let read = timeout(SECOND * 60, replies.message())
                    .await
                    .expect("it ends");
                match read {
                    Ok(Some(_)) => got += 1,
                    other => break other,
                }
            };
            let again = timeout(SECOND * 60, replies.message())
                .await
                .expect("it ends");
            format!(
                "messages: {got}, then {}; asked again: {}",
                said(&last),
                said(&again)
            )
        }
    };
    sleep(SECOND * 60).await;
    seen
}
