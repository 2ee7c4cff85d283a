//! Exercise 04: a chat client.
//!
//! Send every line of `lines` to the room "lobby" (`room_id`), and meanwhile show every message that
//! arrives, including the echoes of your own.
//! - The server may send at any time: before your first line, between two lines, after the last.
//! - When the lines end, half-close, and go on showing until the server ends as well.
//! - When the server ends the call, return, even if there are lines left or none come. Nothing may go
//!   on waiting for them.
//! - Return Ok when the server ended the call with OK, and its status otherwise.
//!
//! Check it:     cargo run --bin lesson04 -- check

use futures::Stream;
use tonic::Status;
use tonic::transport::Channel;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

/// Chats as `user_id` in the room "lobby", until both sides have ended.
pub async fn chat<L, S>(
    client: ChatServiceClient<Channel>,
    user_id: &str,
    lines: L,
    show: S,
) -> Result<(), Status>
where
    L: Stream<Item = String> + Send + Unpin + 'static,
    S: FnMut(ChatMessage) + Send,
{
    let _ = (client, lines, show);
    todo!("send the lines as {user_id:?}, and show what arrives meanwhile")
}
