//! Right as well: the requests are a stream that reads the file when tonic asks for the next one.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::stream::{self, Stream, StreamExt as _};
use sha2::{Digest as _, Sha256};
use tokio::sync::oneshot;
use tokio::time::sleep;
use tonic::transport::Channel;
use tonic::{Code, Status};
use workbook::proto::files::put_request::Step;
use workbook::proto::files::put_response::Answer;
use workbook::proto::files::transfer_service_client::TransferServiceClient;
use workbook::proto::files::{End, Piece, PutRequest};

use super::source::{Progress, Source};

const PIECE: usize = 1024 * 1024;

/// Why the stream of requests has ended early.
type Reason = Arc<Mutex<Option<Status>>>;

/// Uploads the file, under this name.
pub async fn upload(
    mut client: TransferServiceClient<Channel>,
    name: &str,
    source: Arc<dyn Source>,
    progress: &dyn Progress,
) -> Result<(), Status> {
    let (mut most, mut fruitless) = (0, 0);
    loop {
        fruitless += 1;
        let reason = Reason::default();
        let failed = 'call: {
            let (begin, begins) = oneshot::channel();
            let name = PutRequest {
                step: Some(Step::Name(name.to_owned())),
            };
            let rest = rest(Arc::clone(&source), begins, Arc::clone(&reason));
            let requests = stream::once(async { name }).chain(rest);
            let mut answers = match client.put(requests).await {
                Ok(call) => call.into_inner(),
                Err(status) => break 'call status,
            };
            let mut begin = Some(begin);
            loop {
                match answers.message().await {
                    Ok(Some(answer)) => match answer.answer {
                        Some(Answer::Held(held)) => {
                            progress.held(held);
                            if held > most {
                                (most, fruitless) = (held, 0);
                            }
                            if let Some(begin) = begin.take() {
                                let _ = begin.send(held);
                            }
                        }
                        Some(Answer::Stored(stored)) => {
                            progress.stored(stored.size);
                            return Ok(());
                        }
                        None => break 'call Status::data_loss("no answer"),
                    },
                    Ok(None) => break 'call Status::data_loss("the file was not stored"),
                    Err(status) => break 'call status,
                }
            }
        };
        let reason = reason.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(reason) = reason {
            return Err(reason);
        }
        let is_final = !matches!(
            failed.code(),
            Code::Unknown
                | Code::Unavailable
                | Code::Cancelled
                | Code::Internal
                | Code::DeadlineExceeded
                | Code::DataLoss
        );
        if is_final || fruitless == 5 {
            return Err(failed);
        }
        sleep(Duration::from_secs(1)).await;
    }
}

/// The pieces behind what the server holds, and the end.
fn rest(
    source: Arc<dyn Source>,
    begins: oneshot::Receiver<u64>,
    reason: Reason,
) -> impl Stream<Item = PutRequest> {
    stream::once(begins)
        .filter_map(async |held| held.ok())
        .flat_map(move |held| {
            let start = (
                Arc::clone(&source),
                held,
                0,
                Sha256::new(),
                source.version().ok(),
                false,
            );
            let reason = Arc::clone(&reason);
            stream::unfold(
                start,
                move |(source, held, mut offset, mut digest, version, ended)| {
                    let reason = Arc::clone(&reason);
                    async move {
                        let ends_with = |status: Status| {
                            *reason.lock().unwrap_or_else(PoisonError::into_inner) = Some(status);
                            None
                        };
                        if ended {
                            return None;
                        }
                        loop {
                            let left =
                                usize::try_from(held.saturating_sub(offset)).unwrap_or(PIECE);
                            let is_held = left > 0;
                            let most = if is_held { left.min(PIECE) } else { PIECE };
                            let data = match source.read(offset, most) {
                                Ok(data) => data,
                                Err(error) => {
                                    return ends_with(Status::failed_precondition(
                                        error.to_string(),
                                    ));
                                }
                            };
                            digest.update(&data);
                            let begin = offset;
                            offset += u64::try_from(data.len()).unwrap_or_default();
                            let ended = data.is_empty();
                            if is_held && !ended {
                                continue;
                            }
                            if ended && source.version().ok() != version {
                                return ends_with(Status::failed_precondition(
                                    "the file was changed",
                                ));
                            }
                            let step = if ended {
                                let sha256 = digest.clone().finalize().to_vec();
                                Step::End(End {
                                    size: offset,
                                    sha256,
                                })
                            } else {
                                Step::Piece(Piece {
                                    offset: begin,
                                    data,
                                })
                            };
                            let request = PutRequest { step: Some(step) };
                            return Some((request, (source, held, offset, digest, version, ended)));
                        }
                    }
                },
            )
        })
}
