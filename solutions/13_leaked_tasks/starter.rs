//! Exercise 13: a member of a room, who listens and speaks, and of whom nothing is left.
//!
//! Write `chat`. `self.room.enter()` gives the two halves of a member: pass on to the room what the
//! client says (`Mouth::say`), as it is, and to the client what is said in the room (`Ears::next`), at
//! the same time. Who half-closes has nothing more to say, and goes on listening. Who does not read may
//! speak all the same. Queue at most 16 messages for a member: the room holds 16 more, and drops the
//! rest. The call ends
//! - with OK, when the room closes;
//! - with the error of the client's stream, when that fails;
//! - without an answer, when the client leaves, breaks off or vanishes.
//!
//! However it ends: in the same instant both halves are dropped, and no task goes on. (A task that has
//! only the status still to deliver may wait for the client.) The room may be silent for hours.
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
    /// Where everybody is: see `room.rs`.
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
        todo!("listen and speak at the same time, and end both however the call ends")
    }
}
