//! What goes wrong at clients and at a disk.

use std::io;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Channel;
use tonic::{Status, Streaming};
use tracing::info;
use workbook::proto::files::put_request::Step;
use workbook::proto::files::put_response::Answer;
use workbook::proto::files::transfer_service_client::TransferServiceClient;
use workbook::proto::files::{End, Piece, PutRequest, PutResponse};

use super::disk::Disk;
use super::retry::Retries;
use super::source::{Progress, Source};

/// As in the sound client: one message waits.
const WAITING: usize = 1;

/// Where a client begins: it has handed `sent` bytes to tonic so far, and the server holds `held`.
pub type Begins = fn(sent: u64, held: u64) -> u64;

// ANCHOR: begins
/// Wrong: what was handed to tonic has not arrived for that reason.
pub fn at_own_count(sent: u64, _held: u64) -> u64 {
    sent
}

/// Wrong: the server has some of it already.
pub fn at_start(_sent: u64, _held: u64) -> u64 {
    0
}

/// Right; but the digest below is of what one call sends.
pub fn at_held(_sent: u64, held: u64) -> u64 {
    held
}
// ANCHOR_END: begins

/// Calls until the file is stored, or too often.
pub async fn put(
    mut client: TransferServiceClient<Channel>,
    source: &Arc<dyn Source>,
    piece: usize,
    begins: Begins,
    progress: &dyn Progress,
) -> Result<End, Status> {
    let (mut retries, mut sent) = (Retries::default(), 0);
    loop {
        match attempt(&mut client, source, piece, (begins, &mut sent), progress).await {
            Ok(stored) => return Ok(stored),
            Err(failed) => retries.wait(failed, sent, progress).await?,
        }
    }
}

// ANCHOR: attempt
async fn attempt(
    client: &mut TransferServiceClient<Channel>,
    source: &Arc<dyn Source>,
    piece: usize,
    (begins, sent): (Begins, &mut u64),
    progress: &dyn Progress,
) -> Result<End, Status> {
    let (pieces, requests) = mpsc::channel(WAITING);
    send(&pieces, Step::Name("note.bin".to_owned())).await;
    let mut answers = client
        .put(ReceiverStream::new(requests))
        .await?
        .into_inner();
    let Answer::Held(held) = next(&mut answers).await? else {
        return Err(Status::internal("the server has stored what was not sent"));
    };
    let mut offset = begins(*sent, held);
    info!(
        from = offset,
        held, "the server holds {held} bytes: sends from {offset}"
    );
    let sends = async {
        // Wrong: the file begins before this call does.
        let mut digest = Sha256::new();
        loop {
            let data = source.read(offset, piece).map_err(unreadable)?;
            if data.is_empty() {
                break;
            }
            digest.update(&data);
            let begin = offset;
            offset += u64::try_from(data.len()).unwrap_or_default();
            send(
                &pieces,
                Step::Piece(Piece {
                    offset: begin,
                    data,
                }),
            )
            .await;
            // Wrong: it has been handed over, no more.
            *sent = offset;
        }
        let sha256 = digest.finalize().to_vec();
        send(
            &pieces,
            Step::End(End {
                size: offset,
                sha256,
            }),
        )
        .await;
        // Wrong: the file is not stored before the server says so.
        progress.stored(offset);
        std::future::pending().await
    };
    let answered = async {
        loop {
            if let Answer::Stored(stored) = next(&mut answers).await? {
                return Ok(stored);
            }
        }
    };
    tokio::select! {
        biased;
        answer = answered => answer,
        failed = sends => failed,
    }
}
// ANCHOR_END: attempt

async fn send(pieces: &mpsc::Sender<PutRequest>, step: Step) {
    // A send fails when the call is over. The answer to the call says why.
    let _ = pieces.send(PutRequest { step: Some(step) }).await;
}

async fn next(answers: &mut Streaming<PutResponse>) -> Result<Answer, Status> {
    let answer = answers.message().await?.and_then(|answer| answer.answer);
    answer.ok_or_else(|| Status::data_loss("the server ended the call without storing the file"))
}

fn unreadable(error: io::Error) -> Status {
    Status::failed_precondition(format!("the file cannot be read: {error}"))
}

// ANCHOR: commits
/// Wrong: the name can be on the disk before the bytes are.
pub fn rename_only(disk: &dyn Disk, part: &str, name: &str) -> io::Result<()> {
    disk.rename(part, name)
}

/// Half a fix: the bytes are on the disk, and the name may not be.
pub fn sync_bytes_only(disk: &dyn Disk, part: &str, name: &str) -> io::Result<()> {
    disk.sync(part)?;
    disk.rename(part, name)
}
// ANCHOR_END: commits
