//! Exercise 13: a member of a room, publishing and subscribed, that leaves nothing behind.
//!
//! Write `chat`. `self.room.join()` returns the two halves of a membership. At the same time, publish in
//! the room every message of the client, unchanged (`Publisher::publish`), and send the client every
//! message of the room (`Subscriber::next`). A client that half-closes publishes no more, and still
//! receives. A client that does not read can still publish. Queue at most 16 messages for a member: the
//! room holds 16 more. The call ends
//! - with OK, when the room closes (`Publisher::closed`), after what is still queued;
//! - with the room's own error, when the member has fallen further behind than that;
//! - with the error of the client's stream, when that fails;
//! - without a status, when the client cancels, its connection breaks, or it vanishes.
//!
//! However it ends, both halves are dropped in the same instant, and no task goes on. That includes a
//! client that does not read, unless it falls behind: while its window is empty, only a task may be left
//! that has queued messages (`Subscriber::leave`) or the status to deliver. The room may be silent for hours.
//!
//! Check it:     cargo run --bin lesson13 -- check
//! Try it:       cargo run --bin lesson13 -- serve --mine

use std::sync::Arc;

use futures::stream::BoxStream;
use tonic::{Request, Response, Status, Streaming};
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_server::ChatService;

use super::room::Room;

/// The service.
pub struct Chat {
    /// The room of all members: see `room.rs`.
    pub room: Arc<Room>,
}

#[tonic::async_trait]
impl ChatService for Chat {
    type ChatStream = BoxStream<'static, Result<ChatMessage, Status>>;

    async fn chat(
        &self,
        request: Request<Streaming<ChatMessage>>,
    ) -> Result<Response<Self::ChatStream>, Status> {
        let _ = (&self.room, request.into_inner());
        todo!("publish and forward at the same time, and end both however the call ends")
    }
}
