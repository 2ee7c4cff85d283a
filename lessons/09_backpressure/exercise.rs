//! Exercise 09: at most 30 messages between the one who makes them and the one who reads them.
//!
//! A server sends a file of 1 KiB chunks to a client that reads when it likes. Write all three parts:
//! - `client` and `server` configure the two ends of the connection, if you find that they need it.
//! - `chunks` streams what `source` gives, every chunk and in order.
//!
//! Never make more than 30 chunks that the client has not read. A client that reads fast gets the file
//! fast. When the client has left, make no more.
//!
//! Check it:     cargo run --bin lesson09 -- check
//! Try it:       cargo run --bin lesson09 -- serve --mine

use futures::stream::BoxStream;
use tonic::Status;
use tonic::transport::{Endpoint, Server};
use workbook::proto::files::FileChunk;

/// The client's end of the connection.
pub fn client(endpoint: Endpoint) -> Endpoint {
    endpoint
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
    let _ = source;
    todo!("stream what the source gives, and keep it from running ahead")
}
