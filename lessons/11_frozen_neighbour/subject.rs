//! The exercise, as its check uses it.

use tonic::{Status, Streaming};
use workbook::proto::files::FileChunk;

use super::check::{Client, Subject};
use super::exercise;

pub const SUBJECT: Subject = |network| {
    Box::pin(async {
        let client = exercise::Client::new(network).await?;
        Ok(Box::new(client) as Box<dyn Client>)
    })
};

#[tonic::async_trait(?Send)]
impl Client for exercise::Client {
    async fn download(&self, file_id: &str) -> Result<Streaming<FileChunk>, Status> {
        self.download(file_id).await
    }

    async fn greet(&self, name: &str) -> Result<String, Status> {
        self.greet(name).await
    }
}
