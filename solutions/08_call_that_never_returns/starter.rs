//! Exercise 08: a client that sends before its call is answered.
//!
//! Write `follow`. It sends what `source` gives, without end, and passes each reply to `show`, until
//! the server ends the call. Then it returns: Ok for an end, or the call's status.
//! - The server may want messages before it answers the call. You do not know how many.
//! - It may read slowly. Never take more than 128 messages of 1 KiB from `source` ahead of the server.
//!   That leaves room for the connection's window, 16 KiB here, and for what tonic encodes in one go.
//! - If the call is not answered within `patience`, give it up with DeadlineExceeded. The limit is for
//!   the answer only: once answered, the call may last.
//!
//! Check it:     cargo run --bin lesson08 -- check

use std::time::Duration;

use futures::Stream;
use tonic::Status;
use tonic::transport::Channel;
use workbook::proto::chat::ChatMessage;

/// Sends and shows messages until the server ends the call.
pub async fn follow<S>(
    channel: Channel,
    source: S,
    patience: Duration,
    show: impl FnMut(ChatMessage),
) -> Result<(), Status>
where
    S: Stream<Item = ChatMessage> + Send + Unpin + 'static,
{
    let _ = (channel, source, patience, show);
    todo!("call, send, and read the replies")
}
