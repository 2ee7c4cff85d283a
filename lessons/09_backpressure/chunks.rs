//! What the producers, the service and the plot share: the chunks of a file.

use std::time::Duration;

use futures::stream::BoxStream;
use tonic::Status;
use workbook::proto::files::FileChunk;

/// How many bytes of the file are in a chunk. On the wire it is a few more.
pub const CHUNK: usize = 1024;

/// One item of the response stream.
pub type Item = Result<FileChunk, Status>;
/// The response stream.
pub type Chunks = BoxStream<'static, Item>;

/// Far longer than scheduling takes, so a producer that waits this long waits because the reader has
/// stopped reading.
pub const READER_STALLED_AFTER: Duration = Duration::from_millis(100);

/// The chunk at this place of a file.
pub fn chunk(chunk_number: i32) -> FileChunk {
    FileChunk {
        data: vec![0; CHUNK],
        chunk_number,
        ..FileChunk::default()
    }
}
