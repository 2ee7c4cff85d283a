//! Exercise 25: read gRPC-Web from bytes that are cut anywhere.
//!
//! A page gets the answer's headers, then chunks of its body, then the end of the body. `Reader` turns them
//! into messages, and one status at the end.
//!
//! - A message is given in the `push` that brings its last byte, wherever the chunks are cut.
//! - The status is in the trailer frame, with its details and metadata, or in the headers of a call that is refused at once. Where it is in
//!   neither, the call has ended with Unknown.
//! - A content-type that begins with `application/grpc-web-text` means base64, and the server may pad it
//!   after any frame.
//! - A body that ends within a frame, or within a group of base64, has no status either: Unknown.
//! - A trailer frame has lines `name: value`, each with a CRLF behind it. The space may be missing, and
//!   `grpc-message` is percent-encoded.
//! - A frame longer than `frame::LONGEST` (4 MiB) ends the call with ResourceExhausted, as soon as its length is known.
//!   A flag other than 0 and 0x80, and a body that is not base64, end it with Internal.
//! - After an `Event::End` nothing comes.
//!
//! Check it:     cargo run --bin lesson25 -- check

use tonic::codegen::http::HeaderMap;

use super::event::Event;

/// Reads one answer.
pub struct Reader {}

impl Reader {
    /// Begins with the answer's headers.
    pub fn new(headers: &HeaderMap) -> Self {
        todo!("look at the headers: {headers:?}")
    }

    /// Takes a chunk of the body, and returns what it completes.
    pub fn push(&mut self, chunk: &[u8]) -> Vec<Event> {
        todo!("read {} bytes", chunk.len())
    }

    /// The body has ended. Returns the call's end, unless `push` has returned it.
    pub fn end(self) -> Option<Event> {
        todo!("say how the call ended")
    }
}
