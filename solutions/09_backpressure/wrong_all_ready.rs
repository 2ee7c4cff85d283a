//! Wrong: a small window, and a stream that is always ready, of which tonic encodes 32 KiB in one go.

use futures::StreamExt as _;
use futures::stream::{self, BoxStream};
use tonic::Status;
use tonic::transport::{Endpoint, Server};
use workbook::proto::files::FileChunk;

/// What the client accepts before it reads: 16 chunks of 1 KiB, a little less with their prefixes.
const WINDOW: u32 = 16 * 1024;

/// The client's end of the connection.
pub fn client(endpoint: Endpoint) -> Endpoint {
    endpoint.initial_stream_window_size(WINDOW)
}

/// The server's end.
pub fn server(server: Server) -> Server {
    server
}

/// The response stream.
pub fn chunks<I>(source: I) -> BoxStream<'static, Result<FileChunk, Status>>
where
    I: Iterator<Item = FileChunk> + Send + 'static,
{
    stream::iter(source.map(Ok)).boxed()
}
