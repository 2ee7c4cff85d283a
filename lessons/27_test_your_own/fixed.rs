//! Tests that see what a call leaves behind, and who waits for whom.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tracing::info;
use workbook::lab::{Lab, SILENCE};
use workbook::run::Census;

use super::asks::{A_MOMENT, Client, ask};
use super::promise::TestResult;

// ANCHOR: meter
/// Compares what was alive before a call with what is alive after it, tasks included.
pub async fn leaves_nothing(lab: &Lab, client: &mut Client) -> TestResult {
    // The connection's own tasks stay, and the last of them starts a moment after the connection.
    client
        .list(ask("one", 1))
        .await?
        .into_inner()
        .message()
        .await?;
    lab.sleep(A_MOMENT).await;
    let before = lab.meter().census();

    let mut points = client.list(ask("endless", 0)).await?.into_inner();
    points.message().await?.ok_or("no point came")?;
    drop(points);

    lab.sleep(A_MOMENT).await;
    let left = lab.meter().census().since(before);
    info!(left = left.tasks, "alive now and not before: {left}");
    if left != Census::default() {
        Err("something of the call is left")?;
    }
    Ok(())
}
// ANCHOR_END: meter

// ANCHOR: stall
/// Waits for an answer before it sends on. If none can come any more, the error says what each side waits for.
pub async fn answers_each_point(lab: &Lab, client: &mut Client) -> TestResult {
    let (sender, points) = mpsc::channel(1);
    let answers = client.route(ReceiverStream::new(points)).await?;
    let mut answers = answers.into_inner();
    for value in 1..=3 {
        sender.send(ask("one", value)).await?;
        let answer = lab.until_silent(SILENCE, answers.message()).await??;
        answer.ok_or("the answers have ended")?;
    }
    Ok(())
}
// ANCHOR_END: stall

/// How a client goes away.
#[derive(Debug, Clone, Copy)]
pub enum Gone {
    Drops,
    IsCut,
    Vanishes,
}

/// How long after a client has vanished a server may still have its call.
pub const A_MINUTE: Duration = Duration::from_secs(60);

// ANCHOR: gone
/// Whatever a client has read, and however it goes away, nothing of its call is left.
pub async fn leaves_nothing_of(
    lab: &Lab,
    mut client: Client,
    gone: Gone,
    read_before: usize,
) -> TestResult {
    let before = lab.meter().census();
    let mut points = client.list(ask("endless", 0)).await?.into_inner();
    for _ in 0..read_before {
        points.message().await?.ok_or("no point came")?;
    }
    match gone {
        Gone::Drops => drop(points),
        Gone::IsCut => lab.cut(),
        Gone::Vanishes => {
            lab.partition();
            lab.sleep(A_MINUTE).await;
            // For the clients after this one. What was lost stays lost, and this connection dead.
            lab.repair();
        }
    }
    lab.sleep(A_MOMENT).await;
    // Tasks are not compared: those of the connection, at both of its ends, may have ended with it.
    match lab.meter().census().since(before).streams {
        0 => Ok(()),
        _ => Err(format!(
            "{gone:?} after {read_before} points: its response stream is left"
        ))?,
    }
}
// ANCHOR_END: gone
