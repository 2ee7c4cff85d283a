//! Wrong: the task that reads learns from a send that the call is over, and what is held is not sent.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;
use tokio::time::sleep;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Channel;
use tonic::{Code, Status};
use workbook::proto::files::put_request::Step;
use workbook::proto::files::put_response::Answer;
use workbook::proto::files::transfer_service_client::TransferServiceClient;
use workbook::proto::files::{End, Piece, PutRequest};

use super::source::{Progress, Source};

/// A good size for a message; two of them wait at most.
const PIECE: usize = 256 * 1024;
const WAITING: usize = 1;

const PAUSE: Duration = Duration::from_secs(1);
const FRUITLESS: u32 = 5;

/// Uploads the file, under this name.
pub async fn upload(
    mut client: TransferServiceClient<Channel>,
    name: &str,
    source: Arc<dyn Source>,
    progress: &dyn Progress,
) -> Result<(), Status> {
    let (mut most, mut fruitless) = (0, 0);
    loop {
        let before = most;
        let call = attempt(&mut client, name, &source, progress, &mut most).await;
        let Err(failed) = call else { return Ok(()) };
        fruitless = if most > before { 0 } else { fruitless + 1 };
        if fruitless == FRUITLESS || !is_worth_a_call(failed.code()) {
            return Err(failed);
        }
        sleep(PAUSE).await;
    }
}

fn is_worth_a_call(code: Code) -> bool {
    matches!(
        code,
        Code::Unknown
            | Code::Unavailable
            | Code::Cancelled
            | Code::Internal
            | Code::DeadlineExceeded
            | Code::DataLoss
    )
}

/// One call. `most` becomes the most that the server has ever held.
async fn attempt(
    client: &mut TransferServiceClient<Channel>,
    name: &str,
    source: &Arc<dyn Source>,
    progress: &dyn Progress,
    most: &mut u64,
) -> Result<(), Status> {
    let (pieces, requests) = mpsc::channel(WAITING);
    send(&pieces, Step::Name(name.to_owned())).await;
    let call = client.put(ReceiverStream::new(requests)).await?;
    let mut answers = call.into_inner();
    let mut next = async || -> Result<Answer, Status> {
        let answer = answers.message().await?.and_then(|answer| answer.answer);
        let answer = answer.ok_or_else(|| Status::data_loss("the file was not stored"))?;
        match &answer {
            Answer::Held(held) => {
                *most = (*most).max(*held);
                progress.held(*held);
            }
            Answer::Stored(stored) => progress.stored(stored.size),
        }
        Ok(answer)
    };
    let Answer::Held(held) = next().await? else {
        return Ok(());
    };
    let answered = async {
        while let Answer::Held(_) = next().await? {}
        Ok(())
    };
    let sends = async {
        let source = Arc::clone(source);
        let _half_open = pieces.clone();
        let producer = tokio::spawn(async move { send_from(held, &*source, &pieces).await });
        producer
            .await
            .map_err(|_| Status::internal("the producer panicked"))??;
        // The call is over when the server says so.
        std::future::pending().await
    };
    tokio::select! {
        biased;
        end = answered => end,
        failed = sends => failed,
    }
}

/// Sends what is behind `held`, and then the end.
async fn send_from(
    held: u64,
    source: &dyn Source,
    pieces: &mpsc::Sender<PutRequest>,
) -> Result<(), Status> {
    let version = source.version().map_err(unreadable)?;
    let (mut digest, mut offset) = (Sha256::new(), 0);
    loop {
        // What the server holds is read for the digest alone.
        let is_held = offset < held;
        let most = match usize::try_from(held - offset.min(held)) {
            Ok(left) if is_held => left.min(PIECE),
            _ => PIECE,
        };
        let data = source.read(offset, most).map_err(unreadable)?;
        if data.is_empty() {
            break;
        }
        digest.update(&data);
        if is_held {
            tokio::task::yield_now().await;
        }
        let begin = offset;
        offset += u64::try_from(data.len()).unwrap_or_default();
        if !is_held
            && !send(
                pieces,
                Step::Piece(Piece {
                    offset: begin,
                    data,
                }),
            )
            .await
        {
            return Ok(());
        }
    }
    if source.version().map_err(unreadable)? != version {
        return Err(Status::failed_precondition(
            "the file was changed meanwhile",
        ));
    }
    let sha256 = digest.finalize().to_vec();
    let size = offset;
    send(pieces, Step::End(End { size, sha256 })).await;
    Ok(())
}

/// Says whether the call still takes messages. If not, its answers say why.
async fn send(pieces: &mpsc::Sender<PutRequest>, step: Step) -> bool {
    pieces.send(PutRequest { step: Some(step) }).await.is_ok()
}

fn unreadable(error: io::Error) -> Status {
    Status::failed_precondition(format!("the file cannot be read: {error}"))
}
