//! The two calls of this lesson, over the channel that the caller chooses.

use tonic::transport::Channel;
use tonic::{Status, Streaming};
use workbook::proto::files::file_service_client::FileServiceClient;
use workbook::proto::files::{DownloadFileRequest, FileChunk};
use workbook::proto::greeter::SayHiRequest;
use workbook::proto::greeter::greeter_service_client::GreeterServiceClient;

pub async fn download(channel: &Channel, file_id: &str) -> Result<Streaming<FileChunk>, Status> {
    let mut files = FileServiceClient::new(channel.clone());
    let file_id = file_id.to_owned();
    let response = files.download_file(DownloadFileRequest { file_id }).await?;
    Ok(response.into_inner())
}

pub async fn greet(channel: &Channel, name: &str) -> Result<String, Status> {
    let mut greeter = GreeterServiceClient::new(channel.clone());
    let name = name.to_owned();
    let response = greeter.say_hi(SayHiRequest { name }).await?;
    Ok(response.into_inner().message)
}
