//! What goes wrong at a server: it appends what comes, and does not check the whole.

use std::sync::Arc;

use futures::stream::{self, Stream};
use tonic::{Status, Streaming};
use tracing::info;
use workbook::proto::files::put_request::Step;
use workbook::proto::files::put_response::Answer;
use workbook::proto::files::{End, PutRequest, PutResponse};

use super::disk::Disk;
use super::store::Store;

/// The partial file. The scenes of this server transfer one file.
const PART: &str = ".note.bin.part";

// ANCHOR: receive_blindly
/// Wrong: looks neither at the place of a piece nor at the size and the digest of the end.
pub fn receive_blindly(
    store: Arc<Store>,
    requests: Streaming<PutRequest>,
) -> impl Stream<Item = Result<PutResponse, Status>> {
    stream::try_unfold(
        (store, requests, false),
        |(store, mut requests, ended)| async move {
            if ended {
                return Ok(None);
            }
            while let Some(request) = requests.message().await? {
                let length = |disk: &dyn Disk| Ok(disk.length(PART)?.unwrap_or_default());
                let held = store.on_disk(length).await?;
                let (answer, ended) = match request.step {
                    Some(Step::Piece(piece)) => {
                        let append = move |disk: &dyn Disk| disk.append(PART, held, &piece.data);
                        store.on_disk(append).await?;
                        continue;
                    }
                    Some(Step::Name(_)) => (Answer::Held(held), false),
                    Some(Step::End(End { sha256, .. })) => {
                        let commit = store.settings.commit;
                        store
                            .on_disk(move |disk| commit(disk, PART, "note.bin"))
                            .await?;
                        info!(stored = held, "has stored {held} bytes");
                        (Answer::Stored(End { size: held, sha256 }), true)
                    }
                    None => return Err(Status::invalid_argument("there is no step")),
                };
                let answer = Some(answer);
                return Ok(Some((PutResponse { answer }, (store, requests, ended))));
            }
            Err(Status::aborted("the upload ended without its end"))
        },
    )
}
// ANCHOR_END: receive_blindly
