//! What a reader of gRPC-Web makes of bytes.

use tokio_util::bytes::Bytes;
use tonic::Status;

/// What a page is told.
#[derive(Debug, Clone)]
pub enum Event {
    /// The bytes of a message.
    Message(Bytes),
    /// How the call ended. Nothing comes after it.
    End(Status),
}
