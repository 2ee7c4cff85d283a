//! The peers of the exercise: a service around counted files, and clients that read.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::stream::BoxStream;
use tonic::transport::{Channel, Server};
use tonic::{Request, Response, Status, Streaming};
use workbook::grade::{Finding, Verdict, ensure, within};
use workbook::lab::Lab;
use workbook::proto::files::file_service_client::FileServiceClient;
use workbook::proto::files::file_service_server::{FileService, FileServiceServer};
use workbook::proto::files::{DownloadFileRequest, FileChunk, UploadResponse};

use super::Subject;
use super::file::CountedFile;

/// No read below takes longer than this, in virtual time.
const READ_LIMIT: Duration = Duration::from_secs(60);

/// How a client disconnects.
#[derive(Debug, Clone, Copy)]
pub enum Disconnect {
    /// It drops its response stream.
    Drop,
    /// Its connection breaks.
    Break,
}

/// A server with the exercise's streams, to which clients connect as the exercise configures them.
pub struct Site {
    lab: Lab,
    subject: Subject,
    files: Arc<Mutex<Vec<CountedFile>>>,
}

impl Site {
    pub fn open(lab: &Lab, subject: Subject) -> Self {
        let files = Arc::default();
        let service = Service {
            files: Arc::clone(&files),
            subject,
        };
        let mut server = (subject.server)(Server::builder());
        lab.serve(server.add_service(FileServiceServer::new(service)));
        Self {
            lab: lab.clone(),
            subject,
            files,
        }
    }

    /// A connection of its own.
    pub async fn connect(&self) -> Result<Channel, Finding> {
        Ok(self.lab.channel_with(self.subject.client).await?)
    }

    /// Downloads this file over that connection.
    pub async fn download_over(
        &self,
        channel: &Channel,
        file: &CountedFile,
    ) -> Result<Reader, Finding> {
        let file_id = {
            let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
            files.push(file.clone());
            (files.len() - 1).to_string()
        };
        let request = DownloadFileRequest { file_id };
        let response = FileServiceClient::new(channel.clone())
            .download_file(request)
            .await?;
        Ok(Reader {
            lab: self.lab.clone(),
            chunks: response.into_inner(),
            file: file.clone(),
        })
    }
}

/// A server of its own, and a client of it that downloads this file.
pub async fn downloads(
    lab: &Lab,
    subject: Subject,
    file: CountedFile,
) -> Result<(CountedFile, Reader), Finding> {
    let site = Site::open(lab, subject);
    let reader = site.download_over(&site.connect().await?, &file).await?;
    Ok((file, reader))
}

/// A client with its response stream.
pub struct Reader {
    lab: Lab,
    chunks: Streaming<FileChunk>,
    file: CountedFile,
}

impl Reader {
    /// Reads until it has read so many chunks, and expects each as it was made.
    pub async fn reads_up_to(&mut self, count: usize) -> Verdict {
        for place in self.file.read()..count {
            let chunk = self.next(place).await??.ok_or_else(|| {
                Finding::seen(format!(
                    "the stream ended instead of bringing chunk {place}"
                ))
            })?;
            let due = self.file.chunk(place);
            ensure(chunk == due, || {
                format!("{} came instead of {}", shown(&chunk), shown(&due))
            })?;
        }
        Ok(())
    }

    /// Expects the stream to end with OK.
    pub async fn ends(&mut self) -> Verdict {
        let place = self.file.read();
        let more = self.next(place).await??;
        ensure(more.is_none(), || "another chunk came after the last")
    }

    /// How the stream ends.
    pub async fn reads_to_the_end(&mut self) -> Result<(), Status> {
        while self.chunks.message().await?.is_some() {}
        Ok(())
    }

    pub fn disconnects(self, how: Disconnect) {
        match how {
            Disconnect::Drop => {}
            Disconnect::Break => self.lab.cut(),
        }
    }

    async fn next(&mut self, place: usize) -> Result<Result<Option<FileChunk>, Status>, Finding> {
        // Counted before it is read: the server may make the next one meanwhile.
        self.file.reads();
        let what = format!("chunk {place}, or the end, had not come");
        within(READ_LIMIT, &what, self.chunks.message()).await
    }
}

fn shown(chunk: &FileChunk) -> String {
    let end = if chunk.finish.is_some() {
        " and the end"
    } else {
        ""
    };
    let (name, number, bytes) = (&chunk.file_name, chunk.chunk_number, chunk.data.len());
    format!("chunk number {number} of {name:?} with {bytes} bytes{end}")
}

struct Service {
    files: Arc<Mutex<Vec<CountedFile>>>,
    subject: Subject,
}

#[tonic::async_trait]
impl FileService for Service {
    type DownloadFileStream = BoxStream<'static, Result<FileChunk, Status>>;

    async fn download_file(
        &self,
        request: Request<DownloadFileRequest>,
    ) -> Result<Response<Self::DownloadFileStream>, Status> {
        let no_such_file = |_| Status::not_found("no such file");
        let place: usize = request.into_inner().file_id.parse().map_err(no_such_file)?;
        let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let source = files[place].source();
        Ok(Response::new((self.subject.chunks)(source)))
    }

    async fn upload_file(
        &self,
        _: Request<Streaming<FileChunk>>,
    ) -> Result<Response<UploadResponse>, Status> {
        Err(Status::unimplemented("not part of this exercise"))
    }
}
