//! Exercise 13: a member of a room, who listens and speaks, and of whom nothing is left.
//!
//! Write `chat`. `self.room.enter()` gives the two halves of a member: pass on to the room what the
//! client says (`Mouth::say`), and to the client what is said in the room (`Ears::next`), at the same
//! time. The call ends
//! - with OK, when the client half-closes, or when the room closes;
//! - with the error of the client's stream, when that fails;
//! - without an answer, when the client leaves, breaks off or vanishes.
//!
//! However it ends: in the same instant both halves are dropped, and no task of the call is left. The
//! room may be silent for hours, and a client may not read what it hears.
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
