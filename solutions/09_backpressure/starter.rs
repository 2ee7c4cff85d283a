//! Exercise 09: at most 30 messages in flight between the producer and the reader.
//!
//! A server sends a file of 1 KiB chunks to a client that may read slowly or stop. Write all three parts:
//! - `client` and `server` configure the two ends of the connection, if you find that they need it.
//! - `chunks` streams what `source` produces, every chunk and in order.
//!
//! Never make more than 30 chunks that the client has not read. A client that reads fast gets the file
//! fast, and one that stops gets the rest whenever it reads on. After the client has disconnected, make
//! no more, and drop `source` at once. If `source` panics, the call ends with an error: a file that is cut
//! off must not look complete (lesson 05).
//!
//! Use no thread of your own and no `spawn_blocking`: the check's clock is virtual, and does not wait for
//! threads.
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
    todo!("stream the chunks, and keep the producer from running ahead of the reader")
}
