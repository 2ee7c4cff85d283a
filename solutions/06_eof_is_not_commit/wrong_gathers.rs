//! Wrong: gathers chunks before it writes them.

use std::sync::Arc;

use futures::stream::BoxStream;
use sha2::{Digest as _, Sha256};
use tonic::{Request, Response, Status, Streaming};
use workbook::proto::files::file_service_server::FileService;
use workbook::proto::files::{DownloadFileRequest, FileChunk, Finish, UploadResponse};

use super::store::{Partial, Store};

/// So many bytes are worth a write.
const WRITTEN_AT: usize = 64 * 1024;

/// The service.
pub struct Files {
    /// Where the files go.
    pub store: Arc<Store>,
}

/// What has arrived of a file. Removed on every way out but the commit.
struct Incoming {
    partial: Partial,
    name: String,
    digest: Sha256,
    chunks: i64,
    bytes: i64,
    /// What has arrived and is not written yet.
    unwritten: Vec<u8>,
}

impl Drop for Incoming {
    fn drop(&mut self) {
        self.partial.discard();
    }
}

impl Incoming {
    fn begin(store: &Store, name: &str) -> Result<Self, Status> {
        Ok(Self {
            partial: store.create(name)?,
            name: name.to_owned(),
            digest: Sha256::new(),
            chunks: 0,
            bytes: 0,
            unwritten: Vec::new(),
        })
    }

    fn append(&mut self, data: &[u8]) -> Result<(), Status> {
        self.count(data);
        self.unwritten.extend_from_slice(data);
        if self.unwritten.len() >= WRITTEN_AT {
            self.write()?;
        }
        Ok(())
    }

    fn write(&mut self) -> Result<(), Status> {
        self.partial.append(&self.unwritten)?;
        self.unwritten.clear();
        Ok(())
    }

    fn count(&mut self, data: &[u8]) {
        self.digest.update(data);
        self.chunks += 1;
        self.bytes += i64::try_from(data.len()).unwrap_or(i64::MAX);
    }

    fn verify(&self, finish: &Finish) -> Result<(), Status> {
        if i64::from(finish.chunks) != self.chunks {
            return Err(Status::data_loss(
                "finish.chunks is not the number of chunks",
            ));
        }
        if finish.sha256[..] != self.digest.clone().finalize()[..] {
            return Err(Status::data_loss(
                "finish.sha256 is not the digest of the data",
            ));
        }
        Ok(())
    }

    fn commit(mut self) -> Result<UploadResponse, Status> {
        self.write()?;
        self.partial.commit()?;
        Ok(self.receipt())
    }

    fn receipt(&self) -> UploadResponse {
        UploadResponse {
            file_id: self.name.clone(),
            total_size: self.bytes,
            message: format!("chunks stored: {}", self.chunks),
        }
    }
}

async fn receive(
    store: &Store,
    mut chunks: Streaming<FileChunk>,
) -> Result<UploadResponse, Status> {
    let mut upload: Option<Incoming> = None;
    while let Some(chunk) = chunks.message().await? {
        if let Some(finish) = &chunk.finish {
            if !chunk.data.is_empty() {
                return Err(Status::invalid_argument("finish must come without data"));
            }
            let no_chunk = || Status::invalid_argument("there was no chunk");
            let upload = upload.ok_or_else(no_chunk)?;
            upload.verify(finish)?;
            return upload.commit();
        }
        if upload.is_none() {
            upload = Some(Incoming::begin(store, &chunk.file_name)?);
        }
        if let Some(upload) = &mut upload {
            upload.append(&chunk.data)?;
        }
    }
    Err(Status::aborted("the upload ended without its last message"))
}

#[tonic::async_trait]
impl FileService for Files {
    async fn upload_file(
        &self,
        request: Request<Streaming<FileChunk>>,
    ) -> Result<Response<UploadResponse>, Status> {
        let received = receive(&self.store, request.into_inner()).await;
        received.map(Response::new)
    }

    // The rest of the service is not part of this exercise.

    type DownloadFileStream = BoxStream<'static, Result<FileChunk, Status>>;

    async fn download_file(
        &self,
        _: Request<DownloadFileRequest>,
    ) -> Result<Response<Self::DownloadFileStream>, Status> {
        Err(Status::unimplemented("not part of this exercise"))
    }
}
