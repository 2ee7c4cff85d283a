//! An upload of the exercise, to its end.

use std::io;

use tokio::time::timeout;
use tonic::Status;
use tonic::transport::Channel;
use workbook::grade::Finding;
use workbook::lab::Lab;
use workbook::proto::files::file_service_client::FileServiceClient;

use super::super::exercise::{Uploaded, upload};
use super::LONG;
use super::peers::{Reader, Uploads};

pub async fn run(lab: &Lab, uploads: &Uploads, file: Reader) -> Result<Uploaded, Finding> {
    let client = connected(lab, uploads).await?;
    upload(client, "file.bin", file)
        .await
        .map_err(|error: io::Error| {
            Finding::seen(format!(
                "the upload returned an error of the reader, which had none: {error}"
            ))
        })
}

pub async fn connected(
    lab: &Lab,
    uploads: &Uploads,
) -> Result<FileServiceClient<Channel>, Finding> {
    uploads.serve(lab);
    let channel = lab.channel().await;
    let channel = channel.map_err(|error| Finding::seen(format!("no connection: {error}")))?;
    Ok(FileServiceClient::new(channel))
}

pub async fn within_long<T>(work: impl Future<Output = Result<T, Finding>>) -> Result<T, Finding> {
    timeout(LONG, work).await.unwrap_or_else(|_| {
        let seen = format!("the upload had not returned after {} s", LONG.as_secs());
        Err(Finding::seen(seen).hint(
            "The call and the feeding must run at the same time. And the server answers at the end \
             of your requests: what ends them, and who still holds it?",
        ))
    })
}

pub fn said(status: &Status) -> String {
    format!("{:?} {:?}", status.code(), status.message())
}
