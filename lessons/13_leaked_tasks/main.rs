//! Lesson 13, leaked tasks: twenty clients come and go, and what is left of them.

mod broken;
mod chat;
mod check;
mod client;
mod exercise;
mod fixed;
mod room;

use std::process::ExitCode;
use std::sync::Arc;

use tonic::transport::Server;
use tonic::transport::server::Router;
use workbook::proto::chat::chat_service_server::{ChatServiceServer, SERVICE_NAME};
use workbook::{Lesson, Live, Scene};

use chat::{Chat, Listen};
use room::Room;

const METER: &str = "the leak meter counts the tasks of the lab";

fn main() -> ExitCode {
    Lesson::new(
        "13_leaked_tasks",
        "leaked tasks",
        &[SERVICE_NAME],
        closed,
        check::check,
    )
    .mine(mine)
    .grpcurl(&[r#"-max-time 1 -d '{"user_id":"ada"}' ADDR chat.v1.ChatService/Chat"#])
    .scene(
        Scene::new(
            "broken",
            "a task that waits for the room alone",
            broken,
            client::twenty,
        )
        .elide_after(2)
        .live(Live::LabOnly(METER)),
    )
    .scene(
        Scene::new(
            "half",
            "two tasks, and one of them ends",
            half,
            client::twenty,
        )
        .elide_after(2)
        .live(Live::LabOnly(METER)),
    )
    .scene(
        Scene::new(
            "closed",
            "the task waits for the client's leaving, too",
            closed,
            client::twenty,
        )
        .elide_after(2)
        .live(Live::LabOnly(METER))
        .for_any_server(),
    )
    .scene(
        Scene::new(
            "handle",
            "the stream holds the task, and ends it",
            handle,
            client::twenty,
        )
        .elide_after(2)
        .live(Live::LabOnly(METER)),
    )
    .scene(
        Scene::new(
            "token",
            "the stream holds a token, and the task listens to it",
            token,
            client::twenty,
        )
        .elide_after(2)
        .live(Live::LabOnly(METER)),
    )
    .run()
}

fn broken() -> Router {
    serve(Listen::ToTheRoomAlone)
}

fn half() -> Router {
    serve(Listen::InTwoTasks)
}

fn closed() -> Router {
    serve(Listen::UntilClosed)
}

fn handle() -> Router {
    serve(Listen::WhileHeld)
}

fn token() -> Router {
    serve(Listen::UntilCancelled)
}

fn serve(listen: Listen) -> Router {
    let room = Arc::new(Room::default());
    Server::builder().add_service(ChatServiceServer::new(Chat { room, listen }))
}

fn mine() -> Router {
    let room = Arc::new(Room::default());
    Server::builder().add_service(ChatServiceServer::new(exercise::Chat { room }))
}
