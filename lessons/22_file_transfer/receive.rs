//! The server's half of a Put.

use std::sync::Arc;

use futures::stream::{self, Stream};
use tonic::{Status, Streaming};
use tracing::info;
use workbook::proto::files::put_request::Step;
use workbook::proto::files::put_response::Answer;
use workbook::proto::files::{End, PutRequest, PutResponse};

use super::store::Store;
use super::upload::Upload;

/// Where a call is.
enum Call {
    Begins(Arc<Store>),
    Receives(Upload),
    Ended,
}

// ANCHOR: receive
/// The answers of a Put. There is no task behind them: what the client sends is read when hyper polls
/// for the next answer, so a call that tonic drops leaves nothing but its partial file.
///
/// A client that reads no answers stops its own upload once its window is full of them, and keeps its
/// claim until another upload of that name begins, or the connection ends.
pub fn receive(
    store: Arc<Store>,
    requests: Streaming<PutRequest>,
) -> impl Stream<Item = Result<PutResponse, Status>> {
    let begins = (Call::Begins(store), requests);
    stream::try_unfold(begins, |(call, mut requests)| async move {
        let (answer, next) = match call {
            Call::Begins(store) => begin(&store, &mut requests).await?,
            Call::Receives(upload) => go_on(upload, &mut requests).await?,
            Call::Ended => return Ok(None),
        };
        let answer = PutResponse {
            answer: Some(answer),
        };
        Ok(Some((answer, (next, requests))))
    })
}

async fn begin(
    store: &Arc<Store>,
    requests: &mut Streaming<PutRequest>,
) -> Result<(Answer, Call), Status> {
    let first = requests.message().await?.and_then(|first| first.step);
    let Some(Step::Name(name)) = first else {
        return Err(Status::invalid_argument("the first message must be a name"));
    };
    let upload = Upload::open(store, &name).await?;
    let held = upload.held();
    info!(held, "holds {held} bytes");
    Ok((Answer::Held(held), Call::Receives(upload)))
}

async fn go_on(
    mut upload: Upload,
    requests: &mut Streaming<PutRequest>,
) -> Result<(Answer, Call), Status> {
    loop {
        let request = tokio::select! {
            biased;
            () = upload.superseded() => {
                let held = upload.held();
                info!(superseded_at = held, "a newer upload: stops at {held} bytes");
                return Err(Status::aborted("another upload of this file has begun"));
            }
            request = requests.message() => request?,
        };
        let Some(request) = request else {
            let held = upload.held();
            info!(unfinished = held, "no end: keeps {held} bytes");
            return Err(Status::aborted("the upload ended without its end"));
        };
        match request.step {
            Some(Step::Piece(piece)) => {
                if let Some(held) = upload.append(piece).await? {
                    return Ok((Answer::Held(held), Call::Receives(upload)));
                }
            }
            Some(Step::End(end)) => {
                let stored: End = upload.finish(&end).await?;
                let size = stored.size;
                info!(stored = size, "has stored {size} bytes");
                return Ok((Answer::Stored(stored), Call::Ended));
            }
            Some(Step::Name(_)) | None => {
                return Err(Status::invalid_argument("a piece or the end is expected"));
            }
        }
    }
}
// ANCHOR_END: receive
