//! `ChatService.Chat`: a member comes in, and listens in one of five ways.

use std::sync::Arc;

use futures::stream::BoxStream;
use tonic::{Request, Response, Status, Streaming};
use tracing::info;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_server::ChatService;

use super::room::Room;
use super::{broken, fixed};

/// One item of the response stream.
pub type Item = Result<ChatMessage, Status>;
/// The response stream.
pub type Messages = BoxStream<'static, Item>;

/// Until when the member's task listens.
#[derive(Debug, Clone, Copy)]
pub enum Listen {
    ToTheRoomAlone,
    InTwoTasks,
    UntilClosed,
    WhileHeld,
    UntilCancelled,
}

pub struct Chat {
    pub room: Arc<Room>,
    pub listen: Listen,
}

#[tonic::async_trait]
impl ChatService for Chat {
    type ChatStream = Messages;

    async fn chat(
        &self,
        request: Request<Streaming<ChatMessage>>,
    ) -> Result<Response<Messages>, Status> {
        let said = request.into_inner();
        let (ears, mouth) = self.room.enter();
        info!("somebody comes in");
        Ok(Response::new(match self.listen {
            Listen::ToTheRoomAlone => broken::to_the_room_alone(ears),
            Listen::InTwoTasks => broken::in_two_tasks(ears, mouth, said),
            Listen::UntilClosed => fixed::until_closed(ears),
            Listen::WhileHeld => fixed::while_held(ears),
            Listen::UntilCancelled => fixed::until_cancelled(ears),
        }))
    }
}

/// What a task does last, if it gets that far.
pub fn goodbye() {
    info!("the listener says goodbye");
}
