//! Grades the exercise: its stream with a plain client, and its reader with a plain server.

#[path = "check/peers.rs"]
mod peers;

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};
use tonic::{Code, Status};
use workbook::grade::{Check, Finding, Verdict, ensure};
use workbook::lab::Lab;

use super::exercise::read_all;
use peers::{Act, Script, list, read};

/// No stream below takes longer than this, in virtual time.
const STREAM_ENDS_WITHIN: Duration = Duration::from_secs(60);

/// How long the producer of one test sends nothing.
const SILENCE: Duration = Duration::from_secs(3600);

pub fn check() -> Check {
    Check::new()
        .expects("streams what the producer sends, then ends with OK")
        .hint("An mpsc channel turns what a task sends into a stream. What ends that stream?")
        .plays(streams_and_ends)
        .expects("each item leaves when it is made")
        .hint("The first item must not wait for the second.")
        .plays(streams_at_once)
        .expects("a panic of the producer reaches the client as Internal")
        .hint(
            "A sender is dropped in the same way when its task returns and when it panics. What \
             tells you how a task ended?",
        )
        .plays(panic_is_internal)
        .expects("what was sent before the panic arrives before the status")
        .hint("The status follows the items. It does not replace them.")
        .plays(items_before_the_panic)
        .expects("a status that the producer sends passes through unchanged")
        .hint("A producer may end its stream with a status of its own. That is not a panic.")
        .plays(status_passes)
        .expects("the producer ends when the client cancels the call")
        .hint("What happens to a task when its JoinHandle is dropped? Which handle would end it?")
        .plays(ends_with_the_client)
        .expects("read_all returns every value of a complete stream")
        .hint("`None` is not an error. It is how a complete stream ends.")
        .plays(reads_complete)
        .expects("read_all returns the status of a stream that failed")
        .hint("`while let Ok(Some(_))` leaves the loop for two different reasons.")
        .plays(reads_failure)
}

async fn streams_and_ends(lab: Lab) -> Verdict {
    for count in [0, 1, 3, 100] {
        let script = Script::new((1..=count).map(Act::Send));
        let got = within(read(list(&lab, &script).await?)).await?;
        got.end
            .map_err(|status| Finding::seen(format!("{count} items, then {}", said(&status))))?;
        let expected: Vec<i32> = (1..=count).collect();
        ensure(got.values == expected, || {
            format!("of {count} items came {:?}", got.values)
        })?;
    }
    Ok(())
}

async fn streams_at_once(lab: Lab) -> Verdict {
    let script = Script::new([
        Act::Send(1),
        Act::Wait(Duration::from_secs(30)),
        Act::Send(2),
    ]);
    let start = Instant::now();
    let mut replies = list(&lab, &script).await?;
    // Other expectations grade what arrives.
    let _ = within(async { Ok(replies.message().await) }).await?;
    let took = start.elapsed();
    ensure(took < Duration::from_secs(1), || {
        format!(
            "the first item was made at 0 s, and came after {} s",
            took.as_secs()
        )
    })
}

async fn panic_is_internal(lab: Lab) -> Verdict {
    for acts in [
        vec![Act::Panic],
        vec![Act::Send(1), Act::Send(2), Act::Panic],
    ] {
        let got = within(read(list(&lab, &Script::new(acts)).await?)).await?;
        let sent = got.values.len();
        match got.end {
            Err(status) if status.code() == Code::Internal => {}
            Err(status) => return Err(Finding::seen(format!("the client got {}", said(&status)))),
            Ok(()) => {
                return Err(Finding::seen(format!(
                    "the client got {sent} items, then the end, with status OK"
                )));
            }
        }
    }
    Ok(())
}

async fn items_before_the_panic(lab: Lab) -> Verdict {
    let acts = (1..=20).map(Act::Send).chain([Act::Panic]);
    let got = within(read(list(&lab, &Script::new(acts)).await?)).await?;
    ensure(got.values.len() == 20, || {
        format!("{} of 20 items came", got.values.len())
    })
}

async fn status_passes(lab: Lab) -> Verdict {
    let script = Script::new([Act::Send(1), Act::Fail(Code::ResourceExhausted)]);
    let got = within(read(list(&lab, &script).await?)).await?;
    match got.end {
        Err(status) if status.code() == Code::ResourceExhausted => Ok(()),
        Err(status) => Err(Finding::seen(format!(
            "ResourceExhausted became {}",
            said(&status)
        ))),
        Ok(()) => Err(Finding::seen(
            "ResourceExhausted became an end with status OK",
        )),
    }
}

async fn ends_with_the_client(lab: Lab) -> Verdict {
    // One producer goes on sending. The other sends nothing more, so no `send` of its own can fail.
    let ticker = (1..1000).flat_map(|n| [Act::Send(n), Act::Wait(Duration::from_secs(1))]);
    let silent = [Act::Send(1), Act::Wait(SILENCE)];
    for script in [Script::new(ticker), Script::new(silent)] {
        let mut replies = list(&lab, &script).await?;
        let _ = within(async { Ok(replies.message().await) }).await?;
        drop(replies);
        sleep(Duration::from_secs(5)).await;
        ensure(!script.is_running(), || {
            "the producer was still running 5 s after the client had cancelled".to_owned()
        })?;
    }
    Ok(())
}

async fn reads_complete(lab: Lab) -> Verdict {
    for count in [0, 3] {
        let replies = peers::plain(&lab, (1..=count).map(Ok).collect()).await?;
        let expected: Vec<i32> = (1..=count).collect();
        match within(async { Ok(read_all(replies).await) }).await? {
            Ok(values) => ensure(values == expected, || {
                format!("{expected:?} was read as {values:?}")
            })?,
            Err(status) => {
                let what = said(&status);
                return Err(Finding::seen(format!(
                    "a complete stream of {count} items was read as {what}"
                )));
            }
        }
    }
    Ok(())
}

async fn reads_failure(lab: Lab) -> Verdict {
    for code in [Code::DataLoss, Code::Unavailable, Code::NotFound] {
        let failure = Status::new(code, "the rest cannot be read");
        let replies = peers::plain(&lab, vec![Ok(1), Ok(2), Err(failure)]).await?;
        match within(async { Ok(read_all(replies).await) }).await? {
            Err(status) if status.code() == code => {}
            Err(status) => {
                return Err(Finding::seen(format!(
                    "{code:?} was read as {}",
                    said(&status)
                )));
            }
            Ok(values) => {
                return Err(Finding::seen(format!(
                    "two items and {code:?} were read as Ok({values:?})"
                )));
            }
        }
    }
    Ok(())
}

async fn within<T>(work: impl Future<Output = Result<T, Finding>>) -> Result<T, Finding> {
    timeout(STREAM_ENDS_WITHIN, work).await.unwrap_or_else(|_| {
        let seconds = STREAM_ENDS_WITHIN.as_secs();
        let seen = format!("the stream had not ended after {seconds} s");
        Err(Finding::seen(seen).hint(
            "A `ReceiverStream` ends when the last sender is dropped. What in your code holds one?",
        ))
    })
}

fn said(status: &Status) -> String {
    format!("{:?} {:?}", status.code(), status.message())
}
