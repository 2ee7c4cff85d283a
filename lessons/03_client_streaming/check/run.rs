//! One upload of the exercise, run to its end.

use std::io;
use std::time::Duration;

use tokio::time::timeout;
use tonic::Status;
use tonic::transport::Channel;
use workbook::grade::Finding;
use workbook::lab::Lab;
use workbook::proto::files::file_service_client::FileServiceClient;

use super::super::exercise::{Uploaded, upload};
use super::peers::{Reader, Uploads};

/// No correct upload of these small files takes longer than this, in virtual time.
pub const UPLOADED_WITHIN: Duration = Duration::from_secs(60);

pub async fn run(lab: &Lab, uploads: &Uploads, file: Reader) -> Result<Uploaded, Finding> {
    let client = connected(lab, uploads).await?;
    upload(client, "file.bin", file)
        .await
        .map_err(|error: io::Error| {
            Finding::seen(format!(
                "the upload returned an error of the reader, which had not failed: {error}"
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

pub async fn in_time<T>(work: impl Future<Output = Result<T, Finding>>) -> Result<T, Finding> {
    timeout(UPLOADED_WITHIN, work).await.unwrap_or_else(|_| {
        let seconds = UPLOADED_WITHIN.as_secs();
        let seen = format!("the upload had not returned after {seconds} s");
        Err(Finding::seen(seen).hint(
            "The call must run while you send. And the server answers when your requests have \
             ended: what ends them, and what in your code keeps them open?",
        ))
    })
}

pub fn said(status: &Status) -> String {
    format!("{:?} {:?}", status.code(), status.message())
}
