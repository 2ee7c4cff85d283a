//! A file, chunk by chunk, and how its upload can fail.

use std::error::Error;
use std::fmt;
use std::io;
use std::mem;

use tokio::io::{AsyncRead, AsyncReadExt as _};
use tonic::Status;
use workbook::proto::files::FileChunk;

/// How many bytes of the file a chunk holds; the last one may hold less. So few only that a short file
/// has several of them.
pub const CHUNK: usize = 10;

/// A file that is read chunk by chunk.
pub struct Chunks {
    file_name: String,
    reader: Box<dyn AsyncRead + Send + Unpin>,
    /// What has been read of the next chunk.
    data: Vec<u8>,
    /// The number of the next chunk.
    number: i32,
}

impl Chunks {
    /// The chunks of all that `reader` gives.
    pub fn new(file_name: &str, reader: impl AsyncRead + Send + Unpin + 'static) -> Self {
        Self {
            file_name: file_name.to_owned(),
            reader: Box::new(reader),
            data: Vec::with_capacity(CHUNK),
            number: 0,
        }
    }

    /// Reads the next chunk; `None` at the end of the file. When this future is dropped, nothing that
    /// was read is lost: the next call continues with it.
    ///
    /// # Errors
    /// The error of the reader.
    pub async fn next(&mut self) -> io::Result<Option<FileChunk>> {
        // A read may return less than there is room for, also before the end of the file.
        while self.data.len() < CHUNK {
            let room = CHUNK - self.data.len();
            let mut rest = (&mut self.reader).take(room as u64);
            if rest.read_buf(&mut self.data).await? == 0 {
                break;
            }
        }
        if self.data.is_empty() {
            return Ok(None);
        }
        let chunk = FileChunk {
            file_name: self.file_name.clone(),
            data: mem::replace(&mut self.data, Vec::with_capacity(CHUNK)),
            chunk_number: self.number,
            ..FileChunk::default()
        };
        self.number = self.number.saturating_add(1);
        Ok(Some(chunk))
    }
}

/// Why an upload failed. `?` makes one of an `io::Error`, and of a `Status`.
#[derive(Debug)]
pub enum UploadError {
    /// The file could not be read.
    Read(io::Error),
    /// The call ended with this status.
    Call(Status),
}

impl From<io::Error> for UploadError {
    fn from(error: io::Error) -> Self {
        Self::Read(error)
    }
}

impl From<Status> for UploadError {
    fn from(status: Status) -> Self {
        Self::Call(status)
    }
}

impl fmt::Display for UploadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(error) => write!(f, "the file cannot be read: {error}"),
            Self::Call(status) => write!(f, "the upload failed: {status}"),
        }
    }
}

impl Error for UploadError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Read(error) => Some(error),
            Self::Call(status) => Some(status),
        }
    }
}
