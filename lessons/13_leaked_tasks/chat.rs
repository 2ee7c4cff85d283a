//! `ChatService.Chat`: a member joins, and a task forwards the room's messages, in one of five ways.

use std::sync::Arc;

use tonic::{Request, Response, Status, Streaming};
use tracing::info;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_server::ChatService;

use super::messages::Messages;
use super::room::Room;
use super::{broken, fixed};

/// What ends the task that forwards messages to the client.
#[derive(Debug, Clone, Copy)]
pub enum Forward {
    UntilASendFails,
    InTwoTasks,
    UntilClosed,
    WhileHeld,
    UntilCancelled,
}

pub struct Chat {
    pub room: Arc<Room>,
    pub forward: Forward,
}

#[tonic::async_trait]
impl ChatService for Chat {
    type ChatStream = Messages;

    async fn chat(
        &self,
        request: Request<Streaming<ChatMessage>>,
    ) -> Result<Response<Messages>, Status> {
        let incoming = request.into_inner();
        let (subscriber, publisher) = self.room.join();
        info!(step = "joins", "a member joins");
        Ok(Response::new(match self.forward {
            Forward::UntilASendFails => broken::until_a_send_fails(subscriber),
            Forward::InTwoTasks => broken::in_two_tasks(subscriber, publisher, incoming),
            Forward::UntilClosed => fixed::until_closed(subscriber),
            Forward::WhileHeld => fixed::while_held(subscriber),
            Forward::UntilCancelled => fixed::until_cancelled(subscriber),
        }))
    }
}
