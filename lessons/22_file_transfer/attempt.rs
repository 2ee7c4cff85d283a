//! The client's half of a Put: one call.

use std::io;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Channel;
use tonic::{Status, Streaming};
use workbook::proto::files::put_request::Step;
use workbook::proto::files::put_response::Answer;
use workbook::proto::files::transfer_service_client::TransferServiceClient;
use workbook::proto::files::{End, Piece, PutRequest, PutResponse};

use super::source::{Progress, Source};

/// One piece is read while another waits for room in the window. More would only be memory.
const WAITING: usize = 1;

type Sender = mpsc::Sender<PutRequest>;

// ANCHOR: attempt
/// Sends what the server does not hold. Returns when the server has stored the file.
pub async fn attempt(
    client: &mut TransferServiceClient<Channel>,
    name: &str,
    source: &Arc<dyn Source>,
    piece: usize,
    progress: &dyn Progress,
) -> Result<End, Status> {
    let (pieces, requests) = mpsc::channel(WAITING);
    send(&pieces, Step::Name(name.to_owned())).await;
    let mut answers = client
        .put(ReceiverStream::new(requests))
        .await?
        .into_inner();
    let Answer::Held(held) = next(&mut answers).await? else {
        return Err(Status::internal("the server has stored what was not sent"));
    };
    progress.held(held);
    let sends = async {
        send_from(held, source, piece, &pieces).await?;
        // Only the server's answer ends the call well.
        std::future::pending().await
    };
    let answered = async {
        loop {
            match next(&mut answers).await? {
                Answer::Held(held) => progress.held(held),
                Answer::Stored(stored) => return Ok::<_, Status>(stored),
            }
        }
    };
    let stored = tokio::select! {
        biased;
        stored = answered => stored?,
        failed = sends => return failed,
    };
    progress.stored(stored.size);
    Ok(stored)
}
// ANCHOR_END: attempt

// ANCHOR: send_from
async fn send_from(
    held: u64,
    source: &Arc<dyn Source>,
    piece: usize,
    pieces: &Sender,
) -> Result<(), Status> {
    let version = source.version().map_err(unreadable)?;
    let mut digest = Sha256::new();
    let mut offset = 0;
    loop {
        // What the server holds is read, for the digest, and not sent.
        let is_held = offset < held;
        let to_held = usize::try_from(held.saturating_sub(offset)).unwrap_or(usize::MAX);
        let most = if is_held { piece.min(to_held) } else { piece };
        let data = source.read(offset, most).map_err(unreadable)?;
        if data.is_empty() {
            break;
        }
        digest.update(&data);
        let next = offset + u64::try_from(data.len()).unwrap_or_default();
        if is_held {
            tokio::task::yield_now().await;
        } else if !send(pieces, Step::Piece(Piece { offset, data })).await {
            return Ok(());
        }
        offset = next;
    }
    if source.version().map_err(unreadable)? != version {
        return Err(changed());
    }
    let sha256 = digest.finalize().to_vec();
    send(
        pieces,
        Step::End(End {
            size: offset,
            sha256,
        }),
    )
    .await;
    Ok(())
}
// ANCHOR_END: send_from

/// Says whether the call still takes messages. If it does not, it has ended, and its answer says why.
async fn send(pieces: &Sender, step: Step) -> bool {
    pieces.send(PutRequest { step: Some(step) }).await.is_ok()
}

async fn next(answers: &mut Streaming<PutResponse>) -> Result<Answer, Status> {
    let answer = answers.message().await?.and_then(|answer| answer.answer);
    answer.ok_or_else(|| Status::data_loss("the server ended the call without storing the file"))
}

fn unreadable(error: io::Error) -> Status {
    Status::failed_precondition(format!("the file cannot be read: {error}"))
}

fn changed() -> Status {
    Status::failed_precondition("the file was changed while it was sent")
}
