//! The client of Get: calls until the file is here.

use std::sync::Arc;

use tonic::transport::Channel;
use tonic::{Code, Status};
use workbook::proto::files::get_response::Step;
use workbook::proto::files::transfer_service_client::TransferServiceClient;
use workbook::proto::files::{End, GetRequest};

use super::retry::Retries;
use super::source::Progress;
use super::store::Store;
use super::upload::Upload;

// ANCHOR: get
/// Fetches a file into a store, under the name `to`. It goes on behind what an earlier call, or an
/// earlier process, has left there.
pub async fn get(
    mut client: TransferServiceClient<Channel>,
    name: &str,
    (store, to): (&Arc<Store>, &str),
    progress: &dyn Progress,
) -> Result<End, Status> {
    let mut retries = Retries::default();
    loop {
        let mut upload = Upload::open(store, to).await?;
        match attempt(&mut client, name, &mut upload, progress).await {
            Ok(end) => {
                // Checks size and digest of the whole, those of the earlier calls included.
                match upload.finish(&end).await {
                    Ok(stored) => {
                        progress.stored(stored.size);
                        return Ok(stored);
                    }
                    Err(failed) => retries.wait(failed, 0, progress).await?,
                }
            }
            // The server's file is shorter than what is here: it is another file.
            Err(failed) if failed.code() == Code::OutOfRange => {
                upload.discard().await?;
                drop(upload);
                retries
                    .wait(Status::data_loss(failed.message()), 0, progress)
                    .await?;
            }
            Err(failed) => {
                let held = upload.held();
                drop(upload);
                retries.wait(failed, held, progress).await?;
            }
        }
    }
}

async fn attempt(
    client: &mut TransferServiceClient<Channel>,
    name: &str,
    upload: &mut Upload,
    progress: &dyn Progress,
) -> Result<End, Status> {
    progress.held(upload.held());
    let request = GetRequest {
        name: name.to_owned(),
        offset: upload.held(),
        length: 0,
    };
    let mut pieces = client.get(request).await?.into_inner();
    while let Some(response) = pieces.message().await? {
        match response.step {
            Some(Step::Piece(piece)) => {
                upload.append(piece).await.map_err(here)?;
                progress.held(upload.held());
            }
            Some(Step::End(end)) => return Ok(end),
            Some(Step::Size(bytes)) => progress.size(bytes),
            None => {}
        }
    }
    Err(Status::data_loss("the stream ended without its end"))
}
// ANCHOR_END: get

/// A failure of this side's disk is not one that a retry of the call changes.
fn here(failed: Status) -> Status {
    match failed.code() {
        Code::Internal => Status::failed_precondition(failed.message()),
        Code::OutOfRange => Status::data_loss(failed.message()),
        _ => failed,
    }
}
